import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '@waymark/dns/address'

/** An address: 4 or 16 octets. */
export type IpAddress = Uint8Array

/** A range of addresses by their leading bits, the others zero. */
export interface Prefix {
  readonly network: IpAddress
  readonly bits: number
}

/** The address in `text`, IPv4 or IPv6; undefined when it is none. */
export function readIp(text: unknown): IpAddress | undefined {
  if (typeof text !== 'string') return undefined
  const isV6 = text.includes(':')
  const octets = new Uint8Array(isV6 ? 16 : 4)
  return (isV6 ? parseIpv6(text, octets) : parseIpv4(text, octets)) ? octets : undefined
}

export const readIpv4 = (text: unknown): IpAddress | undefined => {
  const ip = readIp(text)
  return ip?.length === 4 ? ip : undefined
}

/** The one spelling of an address (IPv6: RFC 5952). */
export const formatIp = (ip: IpAddress): string => (ip.length === 4 ? formatIpv4(ip) : formatIpv6(ip))

/** Reads `address/bits`, or says what is wrong with it. Bits behind the prefix must be zero, so that each has one spelling. */
export function readPrefix(text: unknown): Prefix | string {
  if (typeof text !== 'string') return 'a prefix is a text such as 10.0.0.0/8'
  const [address, length, more] = text.split('/')
  const network = readIp(address)
  if (network === undefined || length === undefined || more !== undefined || !/^\d{1,3}$/.test(length)) {
    return `"${text}" is no prefix such as 10.0.0.0/8 or 2001:db8::/32`
  }
  const bits = Number(length)
  if (bits > network.length * 8) return `"${text}" has more than ${network.length * 8} bits`
  const masked = masking(network, bits)
  if (formatIp(masked) !== formatIp(network)) {
    return `"${text}" has bits set behind the prefix; ${formatIp(masked)}/${bits} would be right`
  }
  return { network, bits }
}

export const formatPrefix = ({ network, bits }: Prefix): string => `${formatIp(network)}/${bits}`

export const contains = ({ network, bits }: Prefix, ip: IpAddress): boolean =>
  ip.length === network.length && formatIp(masking(ip, bits)) === formatIp(network)

/** Whether the inner prefix lies in the outer one, or is it. */
export const encloses = (outer: Prefix, inner: Prefix): boolean =>
  inner.bits >= outer.bits && contains(outer, inner.network)

/** The last address: of an IPv4 subnet its broadcast address. */
export function lastOf({ network, bits }: Prefix): IpAddress {
  return network.map((octet, at) => octet | (0xff >> Math.min(8, Math.max(0, bits - at * 8))))
}

/** Keeps the leading bits. */
function masking(ip: IpAddress, bits: number): IpAddress {
  return ip.map((octet, at) => octet & ~(0xff >> Math.min(8, Math.max(0, bits - at * 8))))
}
