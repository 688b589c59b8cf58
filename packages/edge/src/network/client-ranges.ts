import type { NetworkClients } from '@waymark/dns/feed-codec'

/**
 * Which network a source address belongs to, as a search structure in shared memory, written once and replaced as a whole:
 *
 *     ranges n | n × (4 words: first address) | n × network
 *
 * Addresses have 128 bits; IPv4 is `::ffff:0:0/96` (RFC 4291 2.5.5.2), where no IPv6 prefix reaches. A range ends where the next one
 * begins, so the longest of nested prefixes is found without looking at the others. Network 0: nobody's.
 */
const HEAD = 1
const WORDS = 4

/** Numbers of networks, and the prefixes of their clients. */
export type NumberedPrefixes = readonly {
  readonly number: number
  readonly prefixes: NetworkClients['prefixes']
}[]

interface Range {
  readonly first: bigint
  readonly last: bigint
  readonly number: number
}

const MAPPED = 0xffffn << 32n
const END = 1n << 128n

export function writeClientRanges(networks: NumberedPrefixes): SharedArrayBuffer {
  const ranges = flatten([
    { first: MAPPED, last: MAPPED | 0xffffffffn, number: 0 },
    ...networks.flatMap(({ number, prefixes }) => prefixes.map((prefix) => toRange(prefix, number))),
  ])
  const buffer = new SharedArrayBuffer((HEAD + ranges.length * (WORDS + 1)) * 4)
  const words = new Uint32Array(buffer)
  words[0] = ranges.length
  for (const [i, { first, number }] of ranges.entries()) {
    for (let word = 0; word < WORDS; word++) {
      words[HEAD + i * WORDS + word] = Number((first >> BigInt(96 - 32 * word)) & 0xffffffffn)
    }
    words[HEAD + ranges.length * WORDS + i] = number
  }
  return buffer
}

function toRange({ bits, address }: NetworkClients['prefixes'][number], number: number): Range {
  const value = BigInt(`0x${Buffer.from(address).toString('hex')}`)
  const isIpv4 = address.length === 4
  const size = (1n << BigInt(address.length * 8 - bits)) - 1n
  const first = isIpv4 ? MAPPED | value : value
  return { first, last: first | size, number }
}

/** Prefixes nest or are disjoint: the outer one goes on where an inner one ends. */
function flatten(prefixes: readonly Range[]): { first: bigint; number: number }[] {
  const sorted = [...prefixes].sort((a, b) => compare(a.first, b.first) || compare(b.last, a.last))
  const out: { first: bigint; number: number }[] = []
  const open: Range[] = [{ first: 0n, last: END - 1n, number: 0 }]
  const begin = (first: bigint, number: number): void => {
    if (out.at(-1)?.first === first) out.pop()
    if (out.at(-1)?.number !== number) out.push({ first, number })
  }
  const closeBefore = (first: bigint): void => {
    while (open.length > 1 && open.at(-1)!.last < first) {
      const closed = open.pop()!
      begin(closed.last + 1n, open.at(-1)!.number)
    }
  }
  for (const prefix of sorted) {
    closeBefore(prefix.first)
    begin(prefix.first, prefix.number)
    open.push(prefix)
  }
  closeBefore(END)
  // What begins behind the last address is no range.
  return out.filter(({ first }) => first < END)
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

/** Reads what {@link writeClientRanges} wrote. */
export class ClientRanges {
  readonly #words: Uint32Array
  readonly #count: number

  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Uint32Array(buffer)
    this.#count = this.#words[0]!
  }

  /** The network of an address of sixteen octets, 0 for none. */
  networkOf(address: Uint8Array): number {
    const a = readWord(address, 0)
    const b = readWord(address, 4)
    const c = readWord(address, 8)
    const d = readWord(address, 12)
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#isAtMost(middle, a, b, c, d)) low = middle + 1
      else high = middle
    }
    return low === 0 ? 0 : this.#words[HEAD + this.#count * WORDS + low - 1]!
  }

  #isAtMost(range: number, a: number, b: number, c: number, d: number): boolean {
    const words = this.#words
    const at = HEAD + range * WORDS
    if (words[at] !== a) return words[at]! < a
    if (words[at + 1] !== b) return words[at + 1]! < b
    if (words[at + 2] !== c) return words[at + 2]! < c
    return words[at + 3]! <= d
  }
}

const readWord = (octets: Uint8Array, at: number): number =>
  ((octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!) >>> 0
