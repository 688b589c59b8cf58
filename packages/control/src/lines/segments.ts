import { formatIpv4, parseIpv4 } from '@waymark/dns/address'

/** A run of IPv4 addresses as numbers, both ends inclusive. */
export interface Segment {
  readonly first: number
  readonly last: number
}

const octets = new Uint8Array(4)

/** The number of a dotted quad; undefined when it is none. */
export function readIpv4(text: string): number | undefined {
  if (!parseIpv4(text, octets)) return undefined
  return ((octets[0]! << 24) | (octets[1]! << 16) | (octets[2]! << 8) | octets[3]!) >>> 0
}

/** Reads `first-last`, no blanks, in ascending order. undefined when it is anything else. */
export function readSegment(text: unknown): Segment | undefined {
  if (typeof text !== 'string') return undefined
  const hyphen = text.indexOf('-')
  const first = readIpv4(text.slice(0, hyphen))
  const last = readIpv4(text.slice(hyphen + 1))
  return hyphen < 0 || first === undefined || last === undefined || first > last ? undefined : { first, last }
}

export function formatSegment({ first, last }: Segment): string {
  return `${formatNumber(first)}-${formatNumber(last)}`
}

function formatNumber(value: number): string {
  for (let i = 0; i < 4; i++) octets[i] = value >>> (24 - 8 * i)
  return formatIpv4(octets)
}

export const ascending = (segments: readonly Segment[]): Segment[] =>
  segments.toSorted((a, b) => a.first - b.first)

/** Whether two of the segments, which are ascending, have an address in common. */
export const overlapInside = (segments: readonly Segment[]): boolean =>
  segments.some((segment, at) => at > 0 && segment.first <= segments[at - 1]!.last)

/** Whether a segment of one list has an address in common with one of the other; both are ascending and disjoint. */
export function overlapBetween(some: readonly Segment[], others: readonly Segment[]): boolean {
  let at = 0
  for (const segment of some) {
    while (at < others.length && others[at]!.last < segment.first) at++
    if (at < others.length && others[at]!.first <= segment.last) return true
  }
  return false
}

export const contains = (segment: Segment, address: number): boolean =>
  segment.first <= address && address <= segment.last
