import { parseIpv4, parseIpv6 } from '@waymark/dns/address'

/** A run of addresses, both ends inclusive, IPv6 by its first 64 bits. */
export interface AddressRange {
  readonly isIpv6: boolean
  readonly first: bigint
  readonly last: bigint
}

const octets = new Uint8Array(16)

/** Reads `first,last` or a prefix (`192.0.2.0/24`). undefined when it is neither. An IPv6 run inside of one /64 becomes that. */
export function readRange(first: string, last?: string): AddressRange | undefined {
  const [address, size] = first.split('/', 2) as [string, string?]
  const from = readAddress(address)
  if (from === undefined) return undefined
  if (last === undefined) {
    const bits = from.isIpv6 ? 128 : 32
    if (size === undefined || !/^\d{1,3}$/.test(size) || Number(size) > bits) return undefined
    const kept = from.isIpv6 ? 64 : 32
    const free = BigInt(Math.max(0, kept - Number(size)))
    const start = (from.value >> free) << free
    return { isIpv6: from.isIpv6, first: start, last: start + (1n << free) - 1n }
  }
  const to = readAddress(last)
  if (size !== undefined || to === undefined || to.isIpv6 !== from.isIpv6 || to.value < from.value) {
    return undefined
  }
  return { isIpv6: from.isIpv6, first: from.value, last: to.value }
}

function readAddress(text: string): { isIpv6: boolean; value: bigint } | undefined {
  if (parseIpv4(text, octets)) return { isIpv6: false, value: numberOf(4) }
  return parseIpv6(text, octets) ? { isIpv6: true, value: numberOf(8) } : undefined
}

function numberOf(count: number): bigint {
  let value = 0n
  for (let i = 0; i < count; i++) value = (value << 8n) | BigInt(octets[i]!)
  return value
}
