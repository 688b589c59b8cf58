import { TYPE_CNAME, TYPE_MX, TYPE_NS, TYPE_PTR, TYPE_SOA } from '@waymark/dns/rr-types/type-codes'

/** A message is closed when it is this long: every place in it can be pointed to (RFC 1035 4.1.4), and many fit a buffer. */
const FULL = 0x3fff
/** RFC 1035 4.2.2, and room for OPT and TSIG records. */
const MAX_MESSAGE = 65535 - 512

/**
 * Writes records of one zone into messages. The question stands in each (RFC 5936 2.2.1 allows it), so the apex is always at 12, and
 * owners and names in rdata end in a pointer to it; a record that follows one of the same owner points to that.
 */
export class TransferWriter {
  /** The message under way. */
  out: Uint8Array = new Uint8Array(0)
  at = 0
  records = 0
  readonly #head: Uint8Array
  /** Lower-case wire. */
  readonly #apex: Uint8Array
  readonly #opt: Uint8Array
  #lastOwners: Uint8Array | undefined
  #lastOwner = -1
  #lastOwnerAt = 0

  /** `flags` are the second word of the header; `question` is that of the request: name, type, class; `opt` an OPT record or nothing. */
  constructor(
    id: number,
    flags: number,
    question: Uint8Array,
    apex: Uint8Array,
    opt: Uint8Array = new Uint8Array(0),
  ) {
    const head = new Uint8Array(12 + question.length)
    head.set([id >> 8, id, flags >> 8, flags & 255, 0, 1])
    head.set(question, 12)
    this.#head = head
    this.#apex = apex
    this.#opt = opt
  }

  /** Begins a message at the start of `out`. */
  begin(out: Uint8Array): void {
    this.out = out
    out.set(this.#head)
    this.at = this.#head.length
    this.records = 0
    this.#lastOwner = -1
  }

  /** Ends the message; its size. */
  finish(): number {
    this.out[6] = this.records >> 8
    this.out[7] = this.records
    this.out.set(this.#opt, this.at)
    this.out[11] = this.#opt.length === 0 ? 0 : 1
    this.at += this.#opt.length
    return this.at
  }

  /**
   * Adds a record; false when the message is full: nothing is written then, and the record goes into the next one. The owner, without
   * apex and root, has its length octet before it at `ownerAt` of `owners`. Throws a RangeError for a record that fits no message.
   */
  add(
    owners: Uint8Array,
    ownerAt: number,
    type: number,
    ttl: number,
    rdatas: Uint8Array,
    rdataAt: number,
    size: number,
  ): boolean {
    const ownerSize = owners[ownerAt]!
    const needed = this.at + ownerSize + 12 + size
    if (needed > FULL && this.records > 0) return false
    if (needed > MAX_MESSAGE) throw new RangeError('A record is too long for a transfer.')
    const out = this.out
    let at = this.at
    if (ownerSize === 0) {
      out[at++] = 0xc0
      out[at++] = 12
    } else if (ownerAt === this.#lastOwner && owners === this.#lastOwners) {
      out[at++] = 0xc0 | (this.#lastOwnerAt >> 8)
      out[at++] = this.#lastOwnerAt
    } else {
      // A place behind the reach of pointers can only be that of a single record.
      this.#lastOwner = at <= FULL ? ownerAt : -1
      this.#lastOwnerAt = at
      this.#lastOwners = owners
      for (let i = 1; i <= ownerSize; i++) out[at++] = owners[ownerAt + i]!
      out[at++] = 0xc0
      out[at++] = 12
    }
    out[at] = type >> 8
    out[at + 1] = type
    out[at + 2] = 0
    out[at + 3] = 1
    out[at + 4] = ttl >>> 24
    out[at + 5] = ttl >>> 16
    out[at + 6] = ttl >>> 8
    out[at + 7] = ttl
    const start = at + 10
    const end = this.#rdata(type, start, rdatas, rdataAt, size)
    out[at + 8] = (end - start) >> 8
    out[at + 9] = end - start
    this.at = end
    this.records++
    return true
  }

  /** Adds the SOA record: the last 20 octets of its data are numbers, the serial first. */
  addSoa(apex: Uint8Array, ttl: number, rdata: Uint8Array): boolean {
    return this.add(apex, 0, TYPE_SOA, ttl, rdata, 0, rdata.length)
  }

  /** Names are compressed in the types of RFC 1035 only (RFC 3597 4). */
  #rdata(type: number, start: number, from: Uint8Array, fromAt: number, size: number): number {
    const end = fromAt + size
    let at = start
    let next = fromAt
    if (type === TYPE_MX) {
      this.out[at++] = from[next++]!
      this.out[at++] = from[next++]!
    }
    let names = 0
    if (type === TYPE_NS || type === TYPE_CNAME || type === TYPE_PTR || type === TYPE_MX) names = 1
    else if (type === TYPE_SOA) names = 2
    for (; names > 0; names--) {
      const nameEnd = endOfName(from, next)
      const shared = this.#apexIn(from, next, nameEnd)
      const stop = shared < 0 ? nameEnd : shared
      while (next < stop) this.out[at++] = from[next++]!
      if (shared < 0) continue
      this.out[at++] = 0xc0
      this.out[at++] = 12
      next = nameEnd
    }
    if (end - next > 64) {
      this.out.set(from.subarray(next, end), at)
      return at + end - next
    }
    while (next < end) this.out[at++] = from[next++]!
    return at
  }

  /** Where the apex begins at the end of a name, in the same case; -1 when it does not end so. */
  #apexIn(from: Uint8Array, at: number, end: number): number {
    const apex = this.#apex
    const start = end - apex.length
    if (start < at || apex.length === 1) return -1
    let label = at
    while (label < start) label += from[label]! + 1
    if (label !== start) return -1
    for (let i = 0; i < apex.length; i++) if (from[start + i] !== apex[i]) return -1
    return start
  }
}

function endOfName(octets: Uint8Array, start: number): number {
  let at = start
  while (octets[at] !== 0) at += octets[at]! + 1
  return at + 1
}
