import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '../address.ts'
import { encodeUtf8 } from '../feed-codec.ts'

/** EDNS(0): what the OPT record carries (RFC 6891 6.1), and the options that we read or write. */

export const OPTION_NSID = 3
export const OPTION_CLIENT_SUBNET = 8
export const OPTION_COOKIE = 10
export const OPTION_KEEPALIVE = 11
export const OPTION_PADDING = 12
export const OPTION_EXTENDED_ERROR = 15

export interface EdnsOption {
  readonly code: number
  readonly data: Uint8Array
}

export interface Edns {
  /** Largest UDP message that the sender takes; below 512 means 512 (RFC 6891 6.2.3). */
  readonly payloadSize: number
  readonly version: number
  /** The DO bit: DNSSEC records are wanted (RFC 3225). */
  readonly isDnssecOk: boolean
  readonly options: readonly EdnsOption[]
}

/** The options of OPT rdata; null where a length runs over the end. */
export function decodeOptions(rdata: Uint8Array): EdnsOption[] | null {
  const options: EdnsOption[] = []
  let at = 0
  while (at + 4 <= rdata.length) {
    const code = (rdata[at]! << 8) | rdata[at + 1]!
    const end = at + 4 + ((rdata[at + 2]! << 8) | rdata[at + 3]!)
    if (end > rdata.length) return null
    options.push({ code, data: rdata.slice(at + 4, end) })
    at = end
  }
  return at === rdata.length ? options : null
}

export function encodeOptions(options: readonly EdnsOption[]): Uint8Array {
  const out = new Uint8Array(options.reduce((size, { data }) => size + 4 + data.length, 0))
  let at = 0
  for (const { code, data } of options) {
    out.set([code >> 8, code, data.length >> 8, data.length], at)
    out.set(data, at + 4)
    at += 4 + data.length
  }
  return out
}

/** RFC 7871 6: the part of a client's address that an answer may be meant for. */
export interface ClientSubnet {
  /** 1 for IPv4, 2 for IPv6. */
  readonly family: number
  readonly sourcePrefix: number
  readonly scopePrefix: number
  /** 4 or 16 octets, zero beyond the source prefix. */
  readonly address: Uint8Array
}

/** Null where the option breaks RFC 7871 6 (family, lengths, bits set beyond the prefix): the query is malformed then. */
export function decodeClientSubnet(data: Uint8Array): ClientSubnet | null {
  if (data.length < 4) return null
  const family = (data[0]! << 8) | data[1]!
  const sourcePrefix = data[2]!
  const scopePrefix = data[3]!
  const size = family === 1 ? 4 : family === 2 ? 16 : 0
  const sent = data.length - 4
  if (sourcePrefix > size * 8 || scopePrefix > size * 8 || sent !== Math.ceil(sourcePrefix / 8)) return null
  const unused = sent * 8 - sourcePrefix
  if (size === 0 || (unused > 0 && (data[data.length - 1]! & ((1 << unused) - 1)) !== 0)) return null
  const address = new Uint8Array(size)
  address.set(data.subarray(4))
  return { family, sourcePrefix, scopePrefix, address }
}

export function encodeClientSubnet(subnet: ClientSubnet): EdnsOption {
  const sent = Math.ceil(subnet.sourcePrefix / 8)
  const data = new Uint8Array(4 + sent)
  data.set([subnet.family >> 8, subnet.family, subnet.sourcePrefix, subnet.scopePrefix])
  data.set(subnet.address.subarray(0, sent), 4)
  const unused = sent * 8 - subnet.sourcePrefix
  if (sent > 0) data[3 + sent]! &= 0xff << unused
  return { code: OPTION_CLIENT_SUBNET, data }
}

/** `192.0.2.0/24` or `2001:db8::/32` as a subnet with scope 0; null when it is neither. */
export function parseClientSubnet(text: string): ClientSubnet | null {
  const slash = text.lastIndexOf('/')
  const digits = text.slice(slash + 1)
  if (slash < 0 || !/^\d{1,3}$/.test(digits)) return null
  const address = new Uint8Array(16)
  const isIpv4 = parseIpv4(text.slice(0, slash), address)
  if (!isIpv4 && !parseIpv6(text.slice(0, slash), address)) return null
  const size = isIpv4 ? 4 : 16
  const sourcePrefix = Number(digits)
  if (sourcePrefix > size * 8) return null
  return { family: isIpv4 ? 1 : 2, sourcePrefix, scopePrefix: 0, address: address.slice(0, size) }
}

export function formatClientSubnet({ family, address, sourcePrefix, scopePrefix }: ClientSubnet): string {
  return `${family === 1 ? formatIpv4(address) : formatIpv6(address)}/${sourcePrefix}/${scopePrefix}`
}

/** RFC 8914 2: why an answer is as it is. */
export interface ExtendedError {
  readonly infoCode: number
  /** UTF-8, often empty. */
  readonly extraText: Uint8Array
}

export function decodeExtendedError(data: Uint8Array): ExtendedError | null {
  if (data.length < 2) return null
  return { infoCode: (data[0]! << 8) | data[1]!, extraText: data.subarray(2) }
}

export function encodeExtendedError(infoCode: number, extraText = ''): EdnsOption {
  const text = encodeUtf8(extraText)
  const data = new Uint8Array(2 + text.length)
  data.set([infoCode >> 8, infoCode])
  data.set(text, 2)
  return { code: OPTION_EXTENDED_ERROR, data }
}

/** RFC 7873 4: eight octets of the client's, then none or eight to thirty-two of the server's. */
export interface Cookie {
  readonly client: Uint8Array
  readonly server: Uint8Array
}

/** Null where the length is none that RFC 7873 4 allows: the query is malformed then. */
export function decodeCookie(data: Uint8Array): Cookie | null {
  const serverSize = data.length - 8
  if (serverSize !== 0 && (serverSize < 8 || serverSize > 32)) return null
  return { client: data.subarray(0, 8), server: data.subarray(8) }
}
