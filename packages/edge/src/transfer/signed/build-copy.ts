import type { ZoneSigner } from '../../dnssec/zone-signer.ts'
import { isSame } from '../../zone-table/written-zone.ts'
import { joined } from '../journal.ts'
import { type Capture, type CapturedName, CapturedRecords } from './capture.ts'
import { type Chunk, namesOf, type Rrset, type SignedName } from './chunk.ts'
import type { CopyChanges } from './copy-changes.ts'
import { type ComposedName, type Signing, signName } from './sign-name.ts'

/** One state of a zone, signed, as secondaries get it. */
export interface SignedCopy {
  readonly serial: number
  readonly soa: Rrset
  /** The SOA record, as in record-list.ts. */
  readonly soaRecord: Uint8Array
  /** All other records, the apex first. */
  readonly chunks: readonly Chunk[]
  readonly sizeBytes: number
  readonly refreshAt: number
  readonly signer: ZoneSigner
  readonly nsecTtl: number
}

/** What a copy is made of. */
export interface CopySource {
  readonly capture: Capture
  /** Whether the capture has all names of the zone: those that it has not do not exist. */
  readonly isWhole: boolean
  readonly serial: number
  readonly soa: Rrset
  readonly soaRecord: Uint8Array
  readonly signer: ZoneSigner
  /** Seconds since 1970. */
  readonly now: number
}

/** A chunk is closed when it is this long: few enough for a million names, small enough to be made anew for each change. */
const CHUNK_BYTES = 1 << 15
/** The last NSEC record leads back to it (RFC 4034 4.1.1). */
const APEX = { key: '', owner: new Uint8Array() }
const NOTHING = new Uint8Array()

/**
 * Makes the copy that follows `old`, in steps, from the last name of the zone to the first, so that the next name of the chain is always
 * known. Chunks in which nothing changes are taken over. `changes` gets what is different from `old`.
 */
export function* buildCopy(
  source: CopySource,
  old: SignedCopy | undefined,
  changes: CopyChanges,
): Generator<void, SignedCopy> {
  const { capture, isWhole, serial, soa, soaRecord, signer, now } = source
  const nsecTtl = Math.min(soa.ttl, minimumOf(soa))
  const isSameKey = old !== undefined && isSame(old.signer.dataKey.publicKey, signer.dataKey.publicKey)
  const signing: Signing = { signer, now, nsecTtl, isSameKey, oldSoa: old?.soa }
  const isRenewed = isWhole || !isSameKey || old.nsecTtl !== nsecTtl
  const records = new CapturedRecords(capture)
  const made = new ChunkStack()
  let left = capture.names.length
  const before = old?.chunks ?? []
  for (let i = Math.max(before.length, 1) - 1; i >= 0; i--) {
    const chunk = before[i]
    const firstKey = i === 0 ? APEX.key : chunk!.firstKey
    /** The last name that was captured and is not done, if it belongs into this chunk. */
    const captured = (): CapturedName | undefined =>
      left > 0 && capture.names[left - 1]!.key >= firstKey ? capture.names[left - 1] : undefined
    const isUntouched = !isRenewed && captured() === undefined
    if (isUntouched && chunk!.refreshAt > now && isSame(chunk!.next, made.next)) {
      made.keep(chunk!)
      continue
    }
    const names = chunk === undefined ? [] : namesOf(chunk)
    let oldNext = chunk?.next ?? APEX.owner
    for (;;) {
      let was = names.at(-1)
      let is = captured()
      if (was === undefined && is === undefined) break
      if (was !== undefined && is !== undefined && was.key < is.key) was = undefined
      else if (was !== undefined && is !== undefined && was.key > is.key) is = undefined
      if (was !== undefined) names.pop()
      if (is !== undefined) left--
      const isKept =
        is === undefined &&
        !isRenewed &&
        was!.refreshAt > now &&
        (!was!.isInChain || isSame(oldNext, made.next))
      const composed = isKept ? was! : compose(signing, records, was, is, made.next, isWhole, soa)
      if (was?.isInChain) oldNext = was.owner
      changes.add(was?.octets ?? NOTHING, composed?.octets ?? NOTHING)
      if (composed !== undefined) made.add((is ?? was)!, composed)
      yield
    }
  }
  const chunks = made.finish()
  const sizeBytes = chunks.reduce((sum, { octets }) => sum + octets.length, 0)
  const refreshAt = chunks.reduce(
    (first, chunk) => Math.min(first, chunk.refreshAt),
    Number.POSITIVE_INFINITY,
  )
  return { serial, soa, soaRecord, chunks, sizeBytes, refreshAt, signer, nsecTtl }
}

/** A name as it is now, out of what it was and what was captured of it; undefined when there is nothing of it any more. */
function compose(
  signing: Signing,
  records: CapturedRecords,
  was: SignedName | undefined,
  is: CapturedName | undefined,
  next: Uint8Array,
  isWhole: boolean,
  soa: Rrset,
): ComposedName | undefined {
  const { key, owner } = (is ?? was)!
  if (is === undefined && isWhole) return undefined
  const sets = is === undefined ? [...was!.sets.values()] : records.setsOf(is)
  const isApex = key === APEX.key
  if (sets.length === 0 && !isApex) return undefined
  const isOccluded = is === undefined ? !was!.isInChain : is.isOccluded
  return signName(signing, owner, sets, isOccluded, next, was, isApex ? soa : undefined)
}

/** Puts names together to chunks, the last name of the zone first. */
class ChunkStack {
  /** Owner of the name after the one to be added, in the chain. */
  next: Uint8Array = APEX.owner
  #names: { readonly key: string; readonly owner: Uint8Array; readonly name: ComposedName }[] = []
  #sizeBytes = 0
  /** {@link next} of the last of the names that wait. */
  #nextOfLast: Uint8Array = APEX.owner
  readonly #chunks: Chunk[] = []

  add({ key, owner }: { readonly key: string; readonly owner: Uint8Array }, name: ComposedName): void {
    this.#names.push({ key, owner, name })
    this.#sizeBytes += name.octets.length
    // A copy: a part of something larger would keep all of it.
    if (name.isInChain) this.next = owner.slice()
    if (this.#sizeBytes >= CHUNK_BYTES) this.#close()
  }

  keep(chunk: Chunk): void {
    this.#close()
    this.#chunks.push(chunk)
    this.next = chunk.firstInChain ?? this.next
    this.#nextOfLast = this.next
  }

  /** All chunks in order. */
  finish(): Chunk[] {
    this.#close()
    return this.#chunks.reverse()
  }

  #close(): void {
    const names = this.#names.reverse()
    const [first] = names
    if (first === undefined) return
    const octets = new Uint8Array(new SharedArrayBuffer(this.#sizeBytes))
    octets.set(joined(names.map(({ name }) => name.octets)))
    this.#chunks.push({
      octets,
      firstKey: first.key,
      firstInChain: names.find(({ name }) => name.isInChain)?.owner.slice(),
      next: this.#nextOfLast,
      refreshAt: Math.min(...names.map(({ name }) => name.refreshAt)),
    })
    this.#names = []
    this.#sizeBytes = 0
    this.#nextOfLast = this.next
  }
}

/** The last of the five numbers of a SOA record (RFC 2308 4). */
function minimumOf({ rdatas: [rdata] }: Rrset): number {
  const at = rdata!.length - 4
  return ((rdata![at]! << 24) | (rdata![at + 1]! << 16) | (rdata![at + 2]! << 8) | rdata![at + 3]!) >>> 0
}
