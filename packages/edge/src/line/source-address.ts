import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '@waymark/dns/address'

export const IPV4 = 4
export const IPV6 = 6
export const UNKNOWN = 0

/** Address families of Linux, as they stand in a struct sockaddr. */
const AF_INET = 2
const AF_INET6 = 10

/**
 * The address of whoever asks: text, as sockets of the runtime give it, or a struct sockaddr, as the system does. Text is made of the
 * latter only when somebody wants to read it.
 */
export class Source {
  #text: string | undefined = ''
  readonly #octets = new Uint8Array(16)
  #kind = UNKNOWN

  get text(): string {
    if (this.#text === undefined)
      this.#text = this.#kind === IPV4 ? formatIpv4(this.#octets, 12) : formatIpv6(this.#octets)
    return this.#text
  }

  set text(text: string) {
    this.#text = text
  }

  /** Takes the address from a struct sockaddr of Linux at `at`. */
  setSocketAddress(octets: Uint8Array, at: number): void {
    const address = this.#octets
    const family = octets[at]! | (octets[at + 1]! << 8)
    if (family === AF_INET) {
      address.fill(0, 0, 12)
      for (let i = 0; i < 4; i++) address[12 + i] = octets[at + 4 + i]!
      this.#kind = IPV4
    } else if (family === AF_INET6) {
      for (let i = 0; i < 16; i++) address[i] = octets[at + 8 + i]!
      this.#kind = kindOfIpv6(address)
    } else {
      this.#kind = UNKNOWN
    }
    this.#text = this.#kind === UNKNOWN ? '' : undefined
  }

  /** {@link readSource} of the text. */
  read(address: Uint8Array): number {
    if (this.#text !== undefined) return readSource(this.#text, address)
    address.set(this.#octets)
    return this.#kind
  }
}

/** Port in a struct sockaddr at `at`. */
export const portOf = (octets: Uint8Array, at: number): number => (octets[at + 2]! << 8) | octets[at + 3]!

/**
 * Reads the address of whoever asks, as a socket gives it, into 16 octets, IPv4 into the last four. Returns {@link IPV4}, {@link IPV6}
 * or, where the text is none, {@link UNKNOWN}.
 */
export function readSource(source: string | Source, address: Uint8Array): number {
  if (typeof source !== 'string') return source.read(address)
  address.fill(0)
  if (parseIpv4(source, address, 12)) return IPV4
  // A link-local address comes with its interface.
  const zone = source.indexOf('%')
  return parseIpv6(zone < 0 ? source : source.slice(0, zone), address) ? kindOfIpv6(address) : UNKNOWN
}

/** A socket for both families shows IPv4 as `::ffff:a.b.c.d` (RFC 4291 2.5.5.2). */
export function kindOfIpv6(address: Uint8Array): number {
  for (let i = 0; i < 10; i++) if (address[i] !== 0) return IPV6
  return address[10] === 255 && address[11] === 255 ? IPV4 : IPV6
}
