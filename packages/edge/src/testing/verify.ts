import { createPublicKey, verify } from 'node:crypto'
import { dnskeyRdata, keyTag, type PublicKey } from '@waymark/dns/dnssec/dnskey'
import { signedLabels, signingInput } from '@waymark/dns/dnssec/signing-input'
import type { ResourceRecord } from '@waymark/dns/message/message'
import { formatName, isSubdomain, lowerName } from '@waymark/dns/name'
import { ALGORITHMS } from '@waymark/dns/rr-types/algorithms'
import { TYPE_RRSIG, typeName } from '@waymark/dns/rr-types/type-codes'

const SIGNATURE_SIZE = 64

/**
 * Which rrsets of a section have a good signature by one of `keys` at `now` (seconds), as `owner type`; those that have none stand
 * with `unsigned` behind them. Throws for a signature that is wrong, or covers nothing of the section.
 */
export function verifySection(
  records: readonly ResourceRecord[],
  keys: readonly PublicKey[],
  now: number,
): string[] {
  const sets = Map.groupBy(
    records.filter(({ type }) => type !== TYPE_RRSIG),
    ({ owner, type }) => `${formatName(lowerName(owner))} ${typeName(type)}`,
  )
  const signed = new Set<string>()
  for (const rrsig of records.filter(({ type }) => type === TYPE_RRSIG)) {
    const covered = (rrsig.rdata[0]! << 8) | rrsig.rdata[1]!
    const name = `${formatName(lowerName(rrsig.owner))} ${typeName(covered)}`
    const set = sets.get(name)
    if (set === undefined) throw new Error(`A signature over ${name}, which is not there.`)
    verifySet(set, rrsig, keys, now)
    signed.add(name)
  }
  return [...sets.keys()].map((name) => (signed.has(name) ? name : `${name} unsigned`))
}

function verifySet(
  set: readonly ResourceRecord[],
  rrsig: ResourceRecord,
  keys: readonly PublicKey[],
  now: number,
): void {
  const { rdata, ttl } = rrsig
  const view = new DataView(rdata.buffer, rdata.byteOffset, rdata.length)
  const { owner, type } = set[0]!
  const what = `${formatName(owner)} ${typeName(type)}`
  const head = rdata.subarray(0, rdata.length - SIGNATURE_SIZE)
  const originalTtl = view.getUint32(4)
  const [expiration, inception] = [view.getUint32(8), view.getUint32(12)]
  if (inception > now || expiration < now + ttl)
    throw new Error(`${what}: valid from ${inception} to ${expiration}.`)
  if (view.getUint8(3) !== signedLabels(owner)) throw new Error(`${what}: ${view.getUint8(3)} labels.`)
  if (set.some((record) => record.ttl !== ttl) || ttl > originalTtl) throw new Error(`${what}: TTL ${ttl}.`)
  if (!isSubdomain(owner, head.subarray(18))) throw new Error(`${what}: signed by another zone.`)
  const key = keys.find((each) => keyTag(dnskeyRdata(each)) === view.getUint16(16))
  if (key === undefined) throw new Error(`${what}: signed by nobody we know.`)
  const rdatas = set.map((record) => record.rdata)
  const input = signingInput(head, owner, type, originalTtl, rdatas)
  if (!isGood(input, rdata.subarray(head.length), key)) throw new Error(`${what}: the signature is wrong.`)
}

function isGood(input: Uint8Array, signature: Uint8Array, { algorithm, publicKey }: PublicKey): boolean {
  if (algorithm === ALGORITHMS.ED25519) {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: base64url(publicKey) }
    return verify(null, input, createPublicKey({ key: jwk, format: 'jwk' }), signature)
  }
  const [x, y] = [base64url(publicKey.subarray(0, 32)), base64url(publicKey.subarray(32))]
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
  return verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature)
}

const base64url = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url')
