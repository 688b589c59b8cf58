import { TYPE_NSEC, TYPE_RRSIG } from '@waymark/dns/rr-types/type-codes'
import { isSame } from '../../zone-table/written-zone.ts'
import { type ListedRecord, recordsOf } from '../record-list.ts'
import { canonicalKey } from './canonical-key.ts'

/** All records of one owner and type. */
export interface Rrset {
  readonly type: number
  readonly ttl: number
  readonly rdatas: readonly Uint8Array[]
}

/** Names of a signed zone that follow one another in canonical order, with their records. Never changed. */
export interface Chunk {
  /** Records as in record-list.ts, those of a name together. In shared memory, so that a transfer copies nothing. */
  readonly octets: Uint8Array
  /** See canonical-key.ts. */
  readonly firstKey: string
  /** Owner of the first name that has an NSEC record; undefined when none has. */
  readonly firstInChain: Uint8Array | undefined
  /** Owner that the last NSEC record leads to. */
  readonly next: Uint8Array
  /** Seconds since 1970: the first of its signatures should be made anew then. */
  readonly refreshAt: number
}

/** A name of a chunk, taken apart. */
export interface SignedName {
  readonly key: string
  /** Lower-case wire without apex and root. */
  readonly owner: Uint8Array
  /** Its part of the chunk. */
  readonly octets: Uint8Array
  /** By type; an NSEC record is among them, signatures are not. */
  readonly sets: Map<number, Rrset>
  /** Rdata of RRSIG records by the type they cover. */
  readonly signatures: Map<number, Uint8Array[]>
}

/** Whether a name has authoritative data of the zone: it is signed, and in the chain of NSEC records. */
export const isInChain = ({ sets }: SignedName): boolean => sets.has(TYPE_NSEC)

/** The names of a chunk, in order. */
export function namesOf({ octets }: Chunk): SignedName[] {
  const names: SignedName[] = []
  let records: ListedRecord[] = []
  for (const record of recordsOf(octets)) {
    const first = records[0]
    if (first !== undefined && !isSame(first.owner, record.owner)) {
      names.push(nameOf(octets, records))
      records = []
    }
    records.push(record)
  }
  if (records.length > 0) names.push(nameOf(octets, records))
  return names
}

function nameOf(octets: Uint8Array, records: readonly ListedRecord[]): SignedName {
  const { owner, at } = records[0]!
  const sets = new Map<number, { type: number; ttl: number; rdatas: Uint8Array[] }>()
  const signatures = new Map<number, Uint8Array[]>()
  for (const { type, ttl, rdata } of records) {
    if (type === TYPE_RRSIG) {
      const covered = (rdata[0]! << 8) | rdata[1]!
      const known = signatures.get(covered)
      if (known === undefined) signatures.set(covered, [rdata])
      else known.push(rdata)
    } else {
      const known = sets.get(type)
      if (known === undefined) sets.set(type, { type, ttl, rdatas: [rdata] })
      else known.rdatas.push(rdata)
    }
  }
  return {
    key: canonicalKey(owner),
    owner,
    octets: octets.subarray(at, records.at(-1)!.end),
    sets,
    signatures,
  }
}

/** The chunk that has the key, or would have it; `chunks` are in order and not empty. */
export function chunkAt(chunks: readonly Chunk[], key: string): number {
  let low = 0
  let high = chunks.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (chunks[middle]!.firstKey <= key) low = middle
    else high = middle - 1
  }
  return low
}
