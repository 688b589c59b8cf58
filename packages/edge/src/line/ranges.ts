/**
 * Which built-in lines an address is on, compiled into a file:
 *
 *     "WMLINES1" | u32 lines | u32 octets of their names | u32 chains | u32 IPv4 ranges | u32 IPv6 ranges
 *     names      line ids with a newline behind each, padded to a word
 *     chains     chains × 8 × u16 line, the narrowest first, 0xffff behind the last; chain 0 is empty
 *     IPv4       ranges × u32 first address, then ranges × u16 chain, padded to a word
 *     IPv6       ranges × u32 first 32 bits of the first address, ranges × u32 the next 32, ranges × u16 chain, padded to a word
 *     u32 seconds since 1970 when it was made; older files end before
 *
 * Numbers are little-endian, as all machines that Bun runs on have them. A range reaches to the next one. IPv6 is told apart
 * by its first 64 bits only: what lies behind is a matter of one network.
 */
const MAGIC = new TextEncoder().encode('WMLINES1')
const HEAD = MAGIC.length + 5 * 4
const CHAIN_LINES = 8
const NO_LINE = 0xffff

/** A range of addresses that begins at `first` and the chain of line ids that it is on, the narrowest first. */
export interface LineRanges {
  readonly chains: readonly (readonly string[])[]
  /** Ascending; `chain` is a place in `chains`, -1 where nothing is known. */
  readonly ipv4: readonly { readonly first: number; readonly chain: number }[]
  /** `first`: the first 64 bits. */
  readonly ipv6: readonly { readonly first: bigint; readonly chain: number }[]
  /** When it was made, milliseconds since 1970 UTC. */
  readonly madeAt?: number
}

const padded = (size: number): number => (size + 3) & ~3

/** The file of these ranges. */
export function encodeRanges({ chains, ipv4, ipv6, madeAt = 0 }: LineRanges): Uint8Array {
  const lines = [...new Set(chains.flat())]
  const names = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''))
  const size =
    HEAD +
    padded(names.length) +
    (chains.length + 1) * CHAIN_LINES * 2 +
    ipv4.length * 4 +
    padded(ipv4.length * 2) +
    ipv6.length * 8 +
    padded(ipv6.length * 2) +
    4
  const octets = new Uint8Array(size)
  const view = new DataView(octets.buffer)
  octets.set(MAGIC)
  const counts = [lines.length, names.length, chains.length + 1, ipv4.length, ipv6.length]
  for (const [i, count] of counts.entries()) view.setUint32(MAGIC.length + i * 4, count, true)
  let at = HEAD
  octets.set(names, at)
  at += padded(names.length)
  const numbers = new Map(lines.map((line, number) => [line, number]))
  for (const chain of [[], ...chains]) {
    for (let i = 0; i < CHAIN_LINES; i++, at += 2) {
      const line = chain[i]
      view.setUint16(at, line === undefined ? NO_LINE : numbers.get(line)!, true)
    }
  }
  for (const { first } of ipv4) {
    view.setUint32(at, first, true)
    at += 4
  }
  for (const [i, { chain }] of ipv4.entries()) view.setUint16(at + i * 2, chain + 1, true)
  at += padded(ipv4.length * 2)
  for (const shift of [32n, 0n]) {
    for (const { first } of ipv6) {
      view.setUint32(at, Number((first >> shift) & 0xffffffffn), true)
      at += 4
    }
  }
  for (const [i, { chain }] of ipv6.entries()) view.setUint16(at + i * 2, chain + 1, true)
  view.setUint32(size - 4, Math.floor(madeAt / 1000), true)
  return octets
}

/** Read access to the octets of such a file. Throws an Error when they are none. */
export class RangeTable {
  /** Ids of the lines that chains consist of. */
  readonly lines: readonly string[]
  /** When the file was made, milliseconds since 1970 UTC; 0 where it does not say. */
  readonly madeAt: number
  readonly #chains: Uint16Array
  readonly #ipv4: Uint32Array
  /** Number of the IPv4 ranges that begin before each /16, so that few are left to search. */
  readonly #ipv4Before: Uint32Array
  readonly #ipv4Chains: Uint16Array
  readonly #ipv6High: Uint32Array
  readonly #ipv6Low: Uint32Array
  readonly #ipv6Chains: Uint16Array

  constructor(buffer: SharedArrayBuffer) {
    const octets = new Uint8Array(buffer)
    if (octets.length < HEAD || MAGIC.some((octet, i) => octets[i] !== octet)) {
      throw new Error('This is no file of line data.')
    }
    const head = new DataView(buffer, MAGIC.length)
    const [lines, names, chains, ipv4, ipv6] = [0, 4, 8, 12, 16].map((at) => head.getUint32(at, true)) as [
      number,
      number,
      number,
      number,
      number,
    ]
    let at = HEAD
    const part = (size: number): number => {
      const start = at
      at += padded(size)
      if (at > octets.length) throw new Error('The file of line data is cut short.')
      return start
    }
    const namesAt = part(names)
    this.#chains = new Uint16Array(buffer, part(chains * CHAIN_LINES * 2), chains * CHAIN_LINES)
    this.#ipv4 = new Uint32Array(buffer, part(ipv4 * 4), ipv4)
    this.#ipv4Before = countBefore(this.#ipv4)
    this.#ipv4Chains = new Uint16Array(buffer, part(ipv4 * 2), ipv4)
    this.#ipv6High = new Uint32Array(buffer, part(ipv6 * 4), ipv6)
    this.#ipv6Low = new Uint32Array(buffer, part(ipv6 * 4), ipv6)
    this.#ipv6Chains = new Uint16Array(buffer, part(ipv6 * 2), ipv6)
    this.madeAt = at + 4 <= octets.length ? new DataView(buffer).getUint32(at, true) * 1000 : 0
    this.lines = new TextDecoder()
      .decode(octets.slice(namesAt, namesAt + names))
      .split('\n')
      .slice(0, -1)
    if (this.lines.length !== lines) throw new Error('The names in the file of line data are damaged.')
  }

  /** The chain of an IPv4 address, 0 for none. */
  chainOfIpv4(address: number): number {
    const firsts = this.#ipv4
    const prefix = address >>> 16
    let low = this.#ipv4Before[prefix]!
    let high = this.#ipv4Before[prefix + 1]!
    while (low < high) {
      const middle = (low + high) >>> 1
      if (firsts[middle]! <= address) low = middle + 1
      else high = middle
    }
    return low === 0 ? 0 : this.#ipv4Chains[low - 1]!
  }

  /** The chain of an IPv6 address with these first 64 bits, 0 for none. */
  chainOfIpv6(first32: number, next32: number): number {
    const highs = this.#ipv6High
    const lows = this.#ipv6Low
    let low = 0
    let high = highs.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const word = highs[middle]!
      if (word < first32 || (word === first32 && lows[middle]! <= next32)) low = middle + 1
      else high = middle
    }
    return low === 0 ? 0 : this.#ipv6Chains[low - 1]!
  }

  /** All IPv4 ranges in order: where each begins, and its chain. */
  *ipv4Ranges(): Generator<{ first: number; chain: number }> {
    for (const [i, first] of this.#ipv4.entries()) yield { first, chain: this.#ipv4Chains[i]! }
  }

  /** The same for IPv6, by the two halves of the first 64 bits. */
  *ipv6Ranges(): Generator<{ high: number; low: number; chain: number }> {
    for (const [i, high] of this.#ipv6High.entries()) {
      yield { high, low: this.#ipv6Low[i]!, chain: this.#ipv6Chains[i]! }
    }
  }

  /** Line `i` of a chain, a place in {@link lines}; -1 behind the last. */
  lineAt(chain: number, i: number): number {
    const line = i < CHAIN_LINES ? this.#chains[chain * CHAIN_LINES + i]! : NO_LINE
    return line === NO_LINE ? -1 : line
  }
}

function countBefore(firsts: Uint32Array): Uint32Array {
  const counts = new Uint32Array((1 << 16) + 1)
  for (const first of firsts) counts[(first >>> 16) + 1]!++
  for (let prefix = 1; prefix < counts.length; prefix++) counts[prefix]! += counts[prefix - 1]!
  return counts
}
