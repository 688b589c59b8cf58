import { writeSuccessor, writeTypeBitmap } from '@waymark/dns/dnssec/denial'
import {
  CLASS_IN,
  TYPE_CDNSKEY,
  TYPE_CDS,
  TYPE_CNAME,
  TYPE_DNSKEY,
  TYPE_DS,
  TYPE_NS,
  TYPE_NSEC,
  TYPE_NXNAME,
  TYPE_RRSIG,
} from '@waymark/dns/rr-types/type-codes'
import type { Query } from '../answer/query.ts'
import { writeOwner } from '../answer/write.ts'
import {
  GROUP_NEXT,
  GROUP_TYPE,
  NODE_GROUPS,
  NODE_HAS_NS,
  NODE_STATE,
  ZONE_APEX,
} from '../zone-table/layout.ts'
import type { TableView } from '../zone-table/view.ts'
import { putU32, secondHash, signAndKeep, writeSignature } from './sign-rrset.ts'
import { MAX_TYPES } from './signer.ts'

/** Apart from the numbers that name rrsets of the table, which are above zero. */
const DENIAL = -1
/** Excludes no type: no record has it. */
const NO_TYPE = 0

/**
 * Writes the signed NSEC that says that the name looked up does not have the type (RFC 9824 3): the types that its node, or the
 * wildcard's, has on any line, or with node 0 that the name does not exist. Returns the number of records, -1 without room.
 */
export function denyType(q: Query, view: TableView, node: number, ownerAt: number, ttl: number): number {
  const count = node === 0 ? nonexistent(q) : typesOf(q, view, node, q.type)
  return writeNsec(q, view, 0, ownerAt, ttl, count)
}

/** Writes the signed NSEC record of the name looked up, as an answer to a question for it; node 0 where the name does not exist. */
export function writeOwnNsec(q: Query, view: TableView, node: number, ttl: number): number {
  return writeNsec(q, view, 0, q.nameAt, ttl, node === 0 ? nonexistent(q) : typesOf(q, view, node, NO_TYPE))
}

/** Writes the signed NSEC that says that the zone cut of the query has no DS (RFC 4035 3.1.4.1). */
export function denyDs(q: Query, view: TableView, ownerAt: number, ttl: number): number {
  const { codes } = q.signer
  codes[0] = TYPE_NS
  codes[1] = TYPE_RRSIG
  codes[2] = TYPE_NSEC
  return writeNsec(q, view, q.cutLabel, ownerAt, ttl, 3)
}

function nonexistent(q: Query): number {
  const { codes } = q.signer
  codes[0] = TYPE_RRSIG
  codes[1] = TYPE_NSEC
  codes[2] = TYPE_NXNAME
  return 3
}

/**
 * Collects the types of a node on all lines. The type denied is left out, and with it CNAME: visitors of another line may have it,
 * but a validator would refuse a denial that names it.
 */
function typesOf(q: Query, view: TableView, node: number, denied: number): number {
  const { words } = view
  const { signer } = q
  const isApex = node === words[q.zone + ZONE_APEX]
  // RFC 4035 2.3: at a cut the parent has NS and DS, and no say in the rest.
  const isCut = !isApex && (words[node + NODE_STATE]! & NODE_HAS_NS) !== 0
  let count = add(signer.codes, 0, TYPE_RRSIG)
  count = add(signer.codes, count, TYPE_NSEC)
  if (isApex) {
    const zone = signer.zoneSigner(view, q.zone)
    if (denied !== TYPE_DNSKEY) count = add(signer.codes, count, TYPE_DNSKEY)
    for (const type of KEY_COPIES)
      if (type !== denied && zone?.keySet(type, signer.now) !== undefined)
        count = add(signer.codes, count, type)
  }
  for (let group = words[node + NODE_GROUPS]!; group !== 0; group = words[group + GROUP_NEXT]!) {
    const type = words[group + GROUP_TYPE]! >>> 16
    if (type === denied || (type === TYPE_CNAME && denied !== NO_TYPE)) continue
    if (!isCut || type === TYPE_NS || type === TYPE_DS) count = add(signer.codes, count, type)
  }
  return count
}

const KEY_COPIES = [TYPE_CDS, TYPE_CDNSKEY] as const

/** Puts a code in its place among the rising ones, once; returns how many there are then. */
function add(codes: Int32Array, count: number, code: number): number {
  if (count === MAX_TYPES) return count
  let at = count
  while (at > 0 && codes[at - 1]! > code) at--
  if (at > 0 && codes[at - 1] === code) return count
  for (let i = count; i > at; i--) codes[i] = codes[i - 1]!
  codes[at] = code
  return count + 1
}

/** Writes an NSEC record of the name from label `label` on, with the first `count` types collected, and its signature. */
function writeNsec(
  q: Query,
  view: TableView,
  label: number,
  ownerAt: number,
  ttl: number,
  count: number,
): number {
  const { out, name, signer } = q
  const mark = q.at
  const zone = signer.zoneSigner(view, q.zone)
  if (zone === null) return 0
  const start = name.starts[label]!
  writeOwner(q, ownerAt)
  const at = q.at
  out[at] = 0
  out[at + 1] = TYPE_NSEC
  out[at + 2] = 0
  out[at + 3] = CLASS_IN
  putU32(out, at + 4, ttl)
  const rdataAt = at + 10
  const typesAt = writeSuccessor(name.octets, start, name.length - start, out, rdataAt)
  const end = writeTypeBitmap(signer.codes, count, out, typesAt)
  out[at + 8] = (end - rdataAt) >> 8
  out[at + 9] = end - rdataAt
  q.at = end
  if (end <= q.limit) {
    let hash = ttl
    for (let i = typesAt; i < end; i++) hash = Math.imul(hash ^ out[i]!, 0x01000193)
    const c = name.hashes[label]!
    const d = secondHash(name, label)
    const cache = signer.denials
    let place = cache.find(zone.id, DENIAL, hash, c, d, signer.now)
    if (place < 0) {
      const rdatas = [out.slice(rdataAt, end)]
      place = signAndKeep(q, zone, cache, name, label, TYPE_NSEC, ttl, rdatas, DENIAL, hash, c, d)
    } else signer.counts.found++
    if (writeSignature(q, zone, cache, place, ownerAt, TYPE_NSEC, ttl, ttl)) return 2
  }
  q.at = mark
  return -1
}
