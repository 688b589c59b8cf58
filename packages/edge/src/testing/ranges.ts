import { encodeRanges, type LineRanges, RangeTable } from '../line/ranges.ts'

/** The ranges as threads get them. */
export function rangeTable(ranges: LineRanges): RangeTable {
  const octets = encodeRanges(ranges)
  const buffer = new SharedArrayBuffer(octets.length)
  new Uint8Array(buffer).set(octets)
  return new RangeTable(buffer)
}

/** Every IPv4 address is on these lines. */
export const everybodyOn = (...chain: string[]): RangeTable =>
  rangeTable({ chains: [chain], ipv4: [{ first: 0, chain: 0 }], ipv6: [] })
