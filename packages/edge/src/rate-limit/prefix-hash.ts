import { IPV4, readSource, type Source } from '../line/source-address.ts'

/** Hashes of client prefixes, secret by their seed. One object a thread. */
export class PrefixHash {
  readonly #seed: number
  readonly #ipv4Mask: number
  readonly #ipv6Mask: number
  readonly #address = new Uint8Array(16)

  /** Lengths of the prefixes: up to 32 bits of IPv4, 32 to 64 of IPv6. */
  constructor(seed: number, ipv4Bits: number, ipv6Bits: number) {
    this.#seed = seed
    this.#ipv4Mask = -1 << (32 - ipv4Bits)
    this.#ipv6Mask = -1 << (64 - ipv6Bits)
  }

  /** 32 bits for the prefix that `source`, or an address in text, belongs to. */
  of(source: string | Source): number {
    const address = this.#address
    const isIpv4 = readSource(source, address) === IPV4
    const high = isIpv4 ? word(address, 12) & this.#ipv4Mask : word(address, 0)
    const low = isIpv4 ? 0 : word(address, 4) & this.#ipv6Mask
    return mix(mix(high ^ this.#seed) ^ low)
  }
}

/** Spreads every bit over all of them. */
export function mix(value: number): number {
  let x = value
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return x ^ (x >>> 16)
}

const word = (octets: Uint8Array, at: number): number =>
  (octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!
