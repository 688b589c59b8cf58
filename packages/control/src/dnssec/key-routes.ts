import { FLAGS_KSK } from '@waymark/dns/dnssec/dnskey'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { type Route, route } from '../http/route.ts'
import { formatTime, formatTimeOrNull } from '../http/time.ts'
import type { ZoneKeyRow } from '../store/zone-key-calls.ts'
import { algorithmName, dsRecord, tagOf, wireApex } from './bodies.ts'
import { dsOf } from './key-material.ts'
import { confirmDs, type KeyRole, rollKey } from './key-rolls.ts'
import { type SignedZone, showDnssec } from './zone-signing.ts'

const KeyBody = z.strictObject({
  id: z.string(),
  role: z.enum(['ksk', 'zsk']),
  key_tag: z.int(),
  flags: z.int(),
  algorithm: z.int(),
  algorithm_name: z.string(),
  public_key: z.string(),
  state: z.enum(['PUBLISHED', 'ACTIVE', 'RETIRED', 'REMOVED']),
  /** What the parent is to have; null: not this key, or no longer. */
  ds_record: z.string().nullable(),
  published_at: z.string(),
  active_at: z.string(),
  retired_at: z.string().nullable(),
  removed_at: z.string().nullable(),
})
const KeysBody = z.strictObject({
  zone_id: z.string(),
  zone_name: z.string(),
  status: z.enum(['ENABLE', 'DISABLE']),
  /** One a KSK that stays; two while the KSK is rolled. */
  ds_records: z.array(z.string()),
  keys: z.array(KeyBody),
})
const RollRequest = z.object({ role: z.enum(['ksk', 'zsk']) })

const ONE = '/waymark/v1/zones/{zone_id}/dnssec'

/** The keys of a zone, one by one, and how they are rolled. */
export const dnssecKeyRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'showZoneKeys',
    method: 'GET',
    path: ONE,
    summary: 'Show the keys of a public zone and the DS records for its parent',
    permission: 'dns:zone:getDnssecConfig',
    responses: { 200: KeysBody },
    async handler({ tenant, params }, context) {
      const signed = await showDnssec(context, tenant, params.zone_id!)
      return { status: 200, json: keysBody(signed, context.now()) }
    },
  }),
  route<Context>({
    operation: 'rollZoneKey',
    method: 'POST',
    path: `${ONE}/roll`,
    summary: 'Give a signed zone a new key in place of one it has',
    permission: 'dns:zone:enableDnssecConfig',
    input: 'json',
    bodySchema: RollRequest,
    responses: { 202: KeysBody },
    async handler({ tenant, params, body }, context) {
      const signed = await rollKey(context, tenant, params.zone_id!, readRole(body))
      return { status: 202, json: keysBody(signed, context.now()) }
    },
  }),
  route<Context>({
    operation: 'confirmZoneDs',
    method: 'POST',
    path: `${ONE}/confirm-ds`,
    summary: 'Say that the parent has the DS of the new KSK: the old one leaves',
    permission: 'dns:zone:enableDnssecConfig',
    responses: { 202: KeysBody },
    async handler({ tenant, params }, context) {
      const signed = await confirmDs(context, tenant, params.zone_id!)
      return { status: 202, json: keysBody(signed, context.now()) }
    },
  }),
]

function readRole(body: unknown): KeyRole {
  const parsed = RollRequest.safeParse(body)
  if (!parsed.success) throw apiError('FIELD_INVALID', { field: 'role', reason: 'must be ksk or zsk' })
  return parsed.data.role
}

function keysBody({ zone, keys }: SignedZone, now: number): z.infer<typeof KeysBody> {
  const bodies = keys.map((key) => keyBody(zone.apex, key, now))
  return {
    zone_id: zone.id,
    zone_name: zone.name,
    status: keys.length === 0 ? 'DISABLE' : 'ENABLE',
    ds_records: bodies.flatMap((body) => body.ds_record ?? []),
    keys: bodies,
  }
}

const keyBody = (apex: string, key: ZoneKeyRow, now: number): z.infer<typeof KeyBody> => ({
  id: key.id,
  role: key.flags === FLAGS_KSK ? 'ksk' : 'zsk',
  key_tag: tagOf(key),
  flags: key.flags,
  algorithm: key.algorithm,
  algorithm_name: algorithmName(key.algorithm),
  public_key: Buffer.from(key.publicKey).toString('base64'),
  state: stateOf(key, now),
  ds_record:
    key.flags === FLAGS_KSK && key.retiredAt === null ? dsRecord(apex, dsOf(wireApex(apex), key)) : null,
  published_at: formatTime(key.publishedAt),
  active_at: formatTime(key.activeAt),
  retired_at: formatTimeOrNull(key.retiredAt),
  removed_at: formatTimeOrNull(key.removedAt),
})

function stateOf({ activeAt, retiredAt, removedAt }: ZoneKeyRow, now: number) {
  if (removedAt !== null && removedAt <= now) return 'REMOVED'
  if (retiredAt !== null && retiredAt <= now) return 'RETIRED'
  return activeAt <= now ? 'ACTIVE' : 'PUBLISHED'
}
