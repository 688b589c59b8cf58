import { dnskeyRdata, FLAGS_KSK, keyTag } from '@waymark/dns/dnssec/dnskey'
import { parseName, type WireName } from '@waymark/dns/name'
import { ALGORITHMS } from '@waymark/dns/rr-types/algorithms'
import { z } from 'zod'
import { formatTime } from '../http/time.ts'
import type { ZoneKeyRow } from '../store/zone-key-calls.ts'
import { dsOf } from './key-material.ts'
import type { SignedZone } from './zone-signing.ts'

/** What the parent is told to keep the DS for; the API's samples have the same. */
const DS_TTL = 300
const DS_HEAD_SIZE = 4

export const DisabledBody = z.strictObject({ status: z.literal('DISABLE') })

export const DnssecBody = z.strictObject({
  zone_name: z.string(),
  key_tag: z.int(),
  flag: z.literal(FLAGS_KSK),
  digest_algorithm: z.literal('SHA256'),
  digest_type: z.literal(2),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  signature: z.enum(['ECDSAP256SHA256', 'ED25519']),
  signature_type: z.int(),
  ksk_public_key: z.string(),
  ds_record: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  status: z.literal('ENABLE'),
})

/** A zone's DNSSEC configuration as the API shows it: the KSK that the parent is to have the DS of. */
export function dnssecBody({
  zone,
  keys,
}: SignedZone): z.infer<typeof DnssecBody> | z.infer<typeof DisabledBody> {
  const ksk = keys.findLast((key) => key.flags === FLAGS_KSK && key.retiredAt === null)
  if (ksk === undefined) return { status: 'DISABLE' }
  const ds = dsOf(wireApex(zone.apex), ksk)
  return {
    zone_name: zone.name,
    key_tag: tagOf(ksk),
    flag: FLAGS_KSK,
    digest_algorithm: 'SHA256',
    digest_type: 2,
    digest: Buffer.from(ds.subarray(DS_HEAD_SIZE)).toString('hex'),
    signature: algorithmName(ksk.algorithm),
    signature_type: ksk.algorithm,
    ksk_public_key: Buffer.from(ksk.publicKey).toString('base64'),
    ds_record: dsRecord(zone.apex, ds),
    created_at: formatTime(ksk.createdAt),
    updated_at: formatTime(Math.max(...keys.map((key) => key.createdAt))),
    status: 'ENABLE',
  }
}

export const tagOf = (key: ZoneKeyRow): number => keyTag(dnskeyRdata(key))

export const algorithmName = (algorithm: number): 'ED25519' | 'ECDSAP256SHA256' =>
  algorithm === ALGORITHMS.ED25519 ? 'ED25519' : 'ECDSAP256SHA256'

/** A DS record in the form that registrars take. */
export function dsRecord(apex: string, ds: Uint8Array): string {
  const digest = Buffer.from(ds.subarray(DS_HEAD_SIZE)).toString('hex')
  return `${apex} ${DS_TTL} IN DS ${(ds[0]! << 8) | ds[1]!} ${ds[2]} ${ds[3]} ${digest}`
}

export function wireApex(apex: string): WireName {
  const parsed = parseName(apex)
  if (!parsed.ok) throw new Error(`stored apex is no name: ${apex}`)
  return parsed.value
}
