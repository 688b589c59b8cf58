import { type AddressRange, readRange } from '@waymark/control/lines/address-range'
import { combineLines, isPlace, lineChain } from '@waymark/control/lines/line-chain'
import { encodeRanges } from '@waymark/edge/line/ranges'
import { operatorOfSystem } from './operators.ts'
import { lineOfProvinceCode } from './places.ts'

/** Addresses and the line that they are on. */
export interface LineRow extends AddressRange {
  readonly line: string
  /** The source knows the network's operator and not where it is: abroad, where operators have networks too, it says nothing. */
  readonly isOperatorOnly?: boolean
}

type Run = Omit<LineRow, 'isIpv6'>

/**
 * Reads rows `first,last,line` or `prefix,line`; empty lines and those that begin with `#` are passed over. In place of the line can
 * stand the code of a province (`CN-BJ`) or an AS number (`AS4134`); rows with AS numbers of other operators are passed over too.
 * Throws an Error that names file and row for anything else.
 */
export function readLineRows(text: string, file: string): LineRow[] {
  const rows: LineRow[] = []
  for (const [index, row] of text.split('\n').entries()) {
    const cells = row.trim().split(',')
    if (cells[0] === '' || cells[0]!.startsWith('#')) continue
    const cell = cells.at(-1)!.trim()
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
    const system = /^AS(\d+)$/.exec(cell)?.[1]
    if (system !== undefined) {
      const line = operatorOfSystem(Number(system))
      if (line !== undefined) rows.push({ ...range, line, isOperatorOnly: true })
      continue
    }
    const line = cell.startsWith('CN-') ? lineOfProvinceCode(cell.slice(3)) : cell
    if (line === undefined || !isPlace(line))
      throw new Error(`${file}:${index + 1}: ${cell} is no built-in line other than default_view`)
    rows.push({ ...range, line })
  }
  return rows
}

/**
 * The file of line data made of layers, where later ones know better. Rows of one layer should not overlap: the later begins then.
 * `madeAt` in milliseconds since 1970 UTC.
 */
export function compileLineData(layers: readonly (readonly LineRow[])[], madeAt = 0): Uint8Array {
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
  return encodeRanges({ chains: [...chains.keys()].map(lineChain), ipv4, ipv6, madeAt })
}

function disjoint(rows: readonly LineRow[]): Run[] {
  const sorted = rows.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))
  const runs: Run[] = []
  for (const { first, last, line, isOperatorOnly = false } of sorted) {
    const before = runs.at(-1)
    if (before !== undefined && before.last >= first) {
      runs.pop()
      if (before.first < first) runs.push({ ...before, last: first - 1n })
      runs.push({ first, last, line, isOperatorOnly })
      if (before.last > last) runs.push({ ...before, first: last + 1n })
    } else {
      runs.push({ first, last, line, isOperatorOnly })
    }
  }
  return runs
}

const combine = (below: string, top: Run): string =>
  top.isOperatorOnly === true && lineChain(below).at(-1) !== 'CN' ? below : combineLines(below, top.line)

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
        out.push({ first, last: top.last, line: top.line })
        break
      }
      if (rest.first > first) {
        out.push({ first, last: rest.first - 1n, line: top.line })
        first = rest.first
      }
      const last = rest.last < top.last ? rest.last : top.last
      out.push({ first, last, line: combine(rest.line, top) })
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
