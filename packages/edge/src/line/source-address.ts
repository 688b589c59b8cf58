import { parseIpv4, parseIpv6 } from '@waymark/dns/address'

export const IPV4 = 4
export const IPV6 = 6
export const UNKNOWN = 0

/**
 * Reads the address of whoever asks, as a socket gives it, into 16 octets, IPv4 into the last four. Returns {@link IPV4}, {@link IPV6}
 * or, where the text is none, {@link UNKNOWN}.
 */
export function readSource(source: string, address: Uint8Array): number {
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
