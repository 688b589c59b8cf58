import type { LineMembers, LineSegments } from '@waymark/dns/feed-codec'

/**
 * Custom lines and line groups of one account as a search structure in shared memory, written once and replaced as a whole:
 *
 *     segments n | pairs m | n × first | n × last | n × line | m × member | m × group
 *
 * Addresses are IPv4 numbers, ascending and disjoint; lines, members and groups are line numbers of the table. The pairs are
 * ordered by member, then by group.
 */
const SEGMENTS = 0
const PAIRS = 1
const HEAD = 2

/** Writes lines and groups. `numberOf` gives the number of a line's name. */
export function writeOwnLines(
  lines: readonly LineSegments[],
  groups: readonly LineMembers[],
  numberOf: (line: string) => number,
): SharedArrayBuffer {
  const segments = lines
    .flatMap(({ id, segments }) => segments.map(([first, last]) => ({ first, last, line: numberOf(id) })))
    .sort((a, b) => a.first - b.first)
  const pairs = groups
    .flatMap(({ id, members }) => members.map((line) => ({ member: numberOf(line), group: numberOf(id) })))
    .sort((a, b) => a.member - b.member || a.group - b.group)
  const [n, m] = [segments.length, pairs.length]
  const buffer = new SharedArrayBuffer((HEAD + 3 * n + 2 * m) * 4)
  const words = new Uint32Array(buffer)
  words[SEGMENTS] = n
  words[PAIRS] = m
  for (const [i, { first, last, line }] of segments.entries()) {
    words[HEAD + i] = first
    words[HEAD + n + i] = last
    words[HEAD + 2 * n + i] = line
  }
  for (const [i, { member, group }] of pairs.entries()) {
    words[HEAD + 3 * n + i] = member
    words[HEAD + 3 * n + m + i] = group
  }
  return buffer
}

/** Reads what {@link writeOwnLines} wrote. */
export class OwnLines {
  readonly #words: Uint32Array
  readonly #segments: number
  readonly #pairs: number

  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Uint32Array(buffer)
    this.#segments = this.#words[SEGMENTS]!
    this.#pairs = this.#words[PAIRS]!
  }

  /** The custom line that an IPv4 address is on, 0 for none. */
  lineOf(address: number): number {
    const words = this.#words
    const n = this.#segments
    let low = 0
    let high = n
    while (low < high) {
      const middle = (low + high) >> 1
      if (words[HEAD + middle]! <= address) low = middle + 1
      else high = middle
    }
    if (low === 0 || words[HEAD + n + low - 1]! < address) return 0
    return words[HEAD + 2 * n + low - 1]!
  }

  /** Puts the groups that `line` is a member of into `out` from `at` on, and returns the place behind them. */
  groupsOf(line: number, out: Int32Array, at: number): number {
    const words = this.#words
    const start = HEAD + 3 * this.#segments
    let low = 0
    let high = this.#pairs
    while (low < high) {
      const middle = (low + high) >> 1
      if (words[start + middle]! < line) low = middle + 1
      else high = middle
    }
    let end = at
    for (; low < this.#pairs && words[start + low] === line && end < out.length; low++) {
      out[end++] = words[start + this.#pairs + low]!
    }
    return end
  }
}
