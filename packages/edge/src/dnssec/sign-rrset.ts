import { CLASS_IN, TYPE_RRSIG } from '@waymark/dns/rr-types/type-codes'
import type { Query } from '../answer/query.ts'
import { writeOwner } from '../answer/write.ts'
import { VARIANT_RDATAS, VARIANT_TTL, VARIANT_WEIGHT } from '../zone-table/layout.ts'
import type { NameBuffer } from '../zone-table/name-buffer.ts'
import type { TableView } from '../zone-table/view.ts'
import type { SignatureCache } from './signature-cache.ts'
import { SIGNATURE_SIZE } from './signature-cache.ts'
import type { SigningKey } from './signing-key.ts'
import type { ZoneSigner } from './zone-signer.ts'

/** Octets of a SOA behind its names; the first of them are the serial. */
const SOA_NUMBERS = 20
/** Type, class, TTL, length; then the RRSIG up to the signer's name. */
const FIXED_SIZE = 10 + 18

/**
 * Writes the RRSIG of an rrset of the table that was just written with its owner name at `ownerAt`. `serial` replaces that of a SOA,
 * -1 leaves it. Returns the number of records, -1 when there is no room: what was written stays for the caller to take back.
 */
export function signRrset(
  q: Query,
  view: TableView,
  type: number,
  variant: number,
  ownerAt: number,
  ttl: number,
  serial: number,
): number {
  const { signer } = q
  const zone = signer.zoneSigner(view, q.zone)
  if (zone === null) return 0
  // A variant has one owner, but for wildcards, which the name looked up tells apart.
  const isQueried = ownerAt === q.nameAt
  const hash = isQueried ? q.name.hashes[0]! : 0
  const check = isQueried ? secondHash(q.name, 0) : 0
  const cache = signer.stored
  let place = cache.find(zone.id, variant, serial | 0, hash, check, signer.now)
  const originalTtl = view.words[variant + VARIANT_TTL]! >>> 0
  if (place < 0) {
    const { owner } = signer
    owner.readPacket(q.out, ownerAt)
    const rdatas = rdatasOf(view, variant, serial)
    place = signAndKeep(q, zone, cache, owner, 0, type, originalTtl, rdatas, variant, serial | 0, hash, check)
  } else signer.counts.found++
  return writeSignature(q, zone, cache, place, ownerAt, type, ttl, originalTtl) ? 1 : -1
}

/** Signs an rrset and keeps the signature under the four numbers. Its owner is the name from label `label` on. */
export function signAndKeep(
  q: Query,
  zone: ZoneSigner,
  cache: SignatureCache,
  name: NameBuffer,
  label: number,
  type: number,
  originalTtl: number,
  rdatas: readonly Uint8Array[],
  a: number,
  b: number,
  c: number,
  d: number,
): number {
  const start = name.starts[label]!
  const owner = name.octets.slice(start, name.length)
  const { octets, refreshAt, inception, expiration } = zone.sign(
    owner,
    type,
    originalTtl,
    rdatas,
    q.signer.now,
  )
  const isWildcard = owner[0] === 1 && owner[1] === 42
  const labels = name.labels - label - (isWildcard ? 1 : 0)
  return cache.put(zone.id, a, b, c, d, octets, refreshAt, inception, expiration, labels)
}

/** Writes an RRSIG from the cache. False when there is no room. */
export function writeSignature(
  q: Query,
  zone: ZoneSigner,
  cache: SignatureCache,
  place: number,
  ownerAt: number,
  type: number,
  ttl: number,
  originalTtl: number,
): boolean {
  return writeRrsig(
    q,
    zone,
    zone.dataKey,
    ownerAt,
    type,
    ttl,
    originalTtl,
    cache.labelsOf(place),
    cache.inceptionOf(place),
    cache.expirationOf(place),
    cache.octets,
    place * SIGNATURE_SIZE,
  )
}

/** Writes one RRSIG record (RFC 4034 3.1). False when there is no room. */
export function writeRrsig(
  q: Query,
  zone: ZoneSigner,
  key: SigningKey,
  ownerAt: number,
  type: number,
  ttl: number,
  originalTtl: number,
  labels: number,
  inception: number,
  expiration: number,
  signature: Uint8Array,
  signatureAt: number,
): boolean {
  const { out } = q
  const { apex } = zone
  writeOwner(q, ownerAt)
  const at = q.at
  const end = at + FIXED_SIZE + apex.length + SIGNATURE_SIZE
  if (end > q.limit) return false
  const size = end - at - 10
  out[at] = 0
  out[at + 1] = TYPE_RRSIG
  out[at + 2] = 0
  out[at + 3] = CLASS_IN
  putU32(out, at + 4, ttl)
  out[at + 8] = size >> 8
  out[at + 9] = size
  out[at + 10] = type >> 8
  out[at + 11] = type
  out[at + 12] = key.algorithm
  out[at + 13] = labels
  putU32(out, at + 14, originalTtl)
  putU32(out, at + 18, expiration)
  putU32(out, at + 22, inception)
  out[at + 26] = key.tag >> 8
  out[at + 27] = key.tag
  let to = at + FIXED_SIZE
  // RFC 4034 3.1.7: the signer's name is not compressed.
  for (let i = 0; i < apex.length; i++) out[to++] = apex[i]!
  for (let i = 0; i < SIGNATURE_SIZE; i++) out[to++] = signature[signatureAt + i]!
  q.at = end
  return true
}

export function putU32(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 24
  out[at + 1] = value >>> 16
  out[at + 2] = value >>> 8
  out[at + 3] = value
}

/** Together with the hash of the name, from label `label` on, it tells names apart: 64 bits, of which nobody outside knows one half. */
export function secondHash(name: NameBuffer, label: number): number {
  let h = name.hashes[label]! ^ 0x5bd1e995
  for (let i = name.starts[label]!; i < name.length; i++)
    h = Math.imul(h ^ name.octets[i]!, 0x5bd1e995) ^ (h >>> 13)
  return h
}

/** The rdatas of a variant, copied, with the serial in place of that of a SOA. */
function rdatasOf(view: TableView, variant: number, serial: number): Uint8Array[] {
  const { octets, words } = view
  const rdatas: Uint8Array[] = []
  let at = (variant + VARIANT_RDATAS) * 4
  for (let left = words[variant + VARIANT_WEIGHT]! & 0xffff; left > 0; left--) {
    const size = (octets[at]! << 8) | octets[at + 1]!
    at += 2
    rdatas.push(octets.slice(at, at + size))
    at += size
  }
  if (serial >= 0) putU32(rdatas[0]!, rdatas[0]!.length - SOA_NUMBERS, serial)
  return rdatas
}
