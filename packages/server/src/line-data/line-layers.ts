import { type AddressRange, readRange } from '@waymark/control/lines/address-range'
import { combineLines, isPlace, lineChain } from '@waymark/control/lines/line-chain'
import { encodeRanges } from '@waymark/edge/line/ranges'

/** Addresses and the line that they are on. */
export interface LineRow extends AddressRange {
  readonly line: string
}

interface Run {
  readonly first: bigint
  readonly last: bigint
  readonly line: string
}

/**
 * Reads rows `first,last,line` or `prefix,line`; empty lines and those that begin with `#` are passed over. Throws an Error that
 * names file and row for anything else.
 */
export function readLineRows(text: string, file: string): LineRow[] {
  const rows: LineRow[] = []
  for (const [index, row] of text.split('\n').entries()) {
    const cells = row.trim().split(',')
    if (cells[0] === '' || cells[0]!.startsWith('#')) continue
    const line = cells.at(-1)!.trim()
    const range =
      cells.length === 3
        ? readRange(cells[0]!.trim(), cells[1]!.trim())
        : cells.length === 2
          ? readRange(cells[0]!.trim())
          : undefined
    if (range === undefined) {
      throw new Error(
        `${file}:${index + 1}: expected "first,last,line" or "prefix,line", not "${row.trim()}"`,
      )
    }
    if (!isPlace(line))
      throw new Error(`${file}:${index + 1}: ${line} is no built-in line other than default_view`)
    rows.push({ ...range, line })
  }
  return rows
}

/** The file of line data made of layers, where later ones know better. Rows of one layer should not overlap: the later begins then. */
export function compileLineData(layers: readonly (readonly LineRow[])[]): Uint8Array {
  const chains = new Map<string, number>()
  const chainOf = (line: string): number => {
    const known = chains.get(line)
    if (known !== undefined) return known
    chains.set(line, chains.size)
    return chains.size - 1
  }
  const family = (isIpv6: boolean): { first: bigint; chain: number }[] => {
    let runs: Run[] = []
    for (const layer of layers) {
      const rows = layer.filter((row) => row.isIpv6 === isIpv6)
      runs = overlay(runs, disjoint(rows))
    }
    return starts(runs, chainOf).filter(({ first }) => first < 1n << (isIpv6 ? 64n : 32n))
  }
  const ipv4 = family(false).map(({ first, chain }) => ({ first: Number(first), chain }))
  const ipv6 = family(true)
  return encodeRanges({ chains: [...chains.keys()].map(lineChain), ipv4, ipv6 })
}

function disjoint(rows: readonly LineRow[]): Run[] {
  const sorted = rows.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))
  const runs: Run[] = []
  for (const { first, last, line } of sorted) {
    const before = runs.at(-1)
    if (before !== undefined && before.last >= first) {
      runs.pop()
      if (before.first < first) runs.push({ ...before, last: first - 1n })
      runs.push({ first, last, line })
      if (before.last > last) runs.push({ ...before, first: last + 1n })
    } else {
      runs.push({ first, last, line })
    }
  }
  return runs
}

/** Both lists are ascending and disjoint, and so is the result. */
function overlay(below: readonly Run[], above: readonly Run[]): Run[] {
  const out: Run[] = []
  let at = 0
  let rest: Run | undefined = below[at]
  const next = (): void => {
    rest = below[++at]
  }
  for (const top of above) {
    while (rest !== undefined && rest.last < top.first) {
      out.push(rest)
      next()
    }
    if (rest !== undefined && rest.first < top.first) {
      out.push({ ...rest, last: top.first - 1n })
      rest = { ...rest, first: top.first }
    }
    let first = top.first
    while (first <= top.last) {
      if (rest === undefined || rest.first > top.last) {
        out.push({ first, last: top.last, line: combineLines(undefined, top.line) })
        break
      }
      if (rest.first > first) {
        out.push({ first, last: rest.first - 1n, line: top.line })
        first = rest.first
      }
      const last = rest.last < top.last ? rest.last : top.last
      out.push({ first, last, line: combineLines(rest.line, top.line) })
      first = last + 1n
      if (rest.last > last) {
        rest = { ...rest, first }
      } else {
        next()
      }
    }
  }
  for (; rest !== undefined; next()) out.push(rest)
  return out
}

/** Where something begins to hold that is not what held before; -1 where nothing is known. */
function starts(runs: readonly Run[], chainOf: (line: string) => number): { first: bigint; chain: number }[] {
  const out: { first: bigint; chain: number }[] = []
  const begin = (first: bigint, chain: number): void => {
    if ((out.at(-1)?.chain ?? -1) !== chain) out.push({ first, chain })
  }
  let end = 0n
  for (const { first, last, line } of runs) {
    if (first > end) begin(end, -1)
    begin(first, chainOf(line))
    end = last + 1n
  }
  begin(end, -1)
  return out
}
