import { TYPE_NSEC, TYPE_RRSIG } from '@waymark/dns/rr-types/type-codes'
import { refreshAtOf } from '../../dnssec/zone-signer.ts'
import { isSameOwner, recordsOf } from '../record-list.ts'
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

/** A name of a chunk. Most are only passed on, so its records are not taken apart before somebody looks at them. */
export class SignedName {
  readonly key: string
  /** Lower-case wire without apex and root. */
  readonly owner: Uint8Array
  /** Its part of the chunk. */
  readonly octets: Uint8Array
  /** Whether it has authoritative data of the zone: it is signed, and in the chain of NSEC records. */
  readonly isInChain: boolean
  readonly refreshAt: number
  #parts: SignedParts | undefined

  constructor(octets: Uint8Array, isInChain: boolean, refreshAt: number) {
    this.owner = octets.subarray(1, 1 + octets[0]!)
    this.key = canonicalKey(this.owner)
    this.octets = octets
    this.isInChain = isInChain
    this.refreshAt = refreshAt
  }

  /** By type; an NSEC record is among them, signatures are not. */
  get sets(): ReadonlyMap<number, Rrset> {
    this.#parts ??= partsOf(this.octets)
    return this.#parts.sets
  }

  /** Rdata of RRSIG records by the type that they cover. */
  get signatures(): ReadonlyMap<number, readonly Uint8Array[]> {
    this.#parts ??= partsOf(this.octets)
    return this.#parts.signatures
  }
}

interface SignedParts {
  readonly sets: Map<number, Rrset & { rdatas: Uint8Array[] }>
  readonly signatures: Map<number, Uint8Array[]>
}

/** The names of a chunk, in order. */
export function namesOf({ octets }: Chunk): SignedName[] {
  const names: SignedName[] = []
  let start = 0
  let isInChain = false
  let refreshAt = Number.POSITIVE_INFINITY
  for (let at = 0; at < octets.length; ) {
    if (!isSameOwner(octets, start, at)) {
      names.push(new SignedName(octets.subarray(start, at), isInChain, refreshAt))
      start = at
      isInChain = false
      refreshAt = Number.POSITIVE_INFINITY
    }
    const ownerEnd = at + 1 + octets[at]!
    const type = (octets[ownerEnd]! << 8) | octets[ownerEnd + 1]!
    if (type === TYPE_NSEC) isInChain = true
    if (type === TYPE_RRSIG) refreshAt = Math.min(refreshAt, refreshAtOf(octets, ownerEnd + 8))
    at = ownerEnd + 8 + ((octets[ownerEnd + 6]! << 8) | octets[ownerEnd + 7]!)
  }
  if (octets.length > 0) names.push(new SignedName(octets.subarray(start), isInChain, refreshAt))
  return names
}

function partsOf(octets: Uint8Array): SignedParts {
  const parts: SignedParts = { sets: new Map(), signatures: new Map() }
  for (const { type, ttl, rdata } of recordsOf(octets)) {
    if (type === TYPE_RRSIG) {
      const covered = (rdata[0]! << 8) | rdata[1]!
      const known = parts.signatures.get(covered)
      if (known === undefined) parts.signatures.set(covered, [rdata])
      else known.push(rdata)
    } else {
      const known = parts.sets.get(type)
      if (known === undefined) parts.sets.set(type, { type, ttl, rdatas: [rdata] })
      else known.rdatas.push(rdata)
    }
  }
  return parts
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
