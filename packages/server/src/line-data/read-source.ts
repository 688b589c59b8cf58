import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { SHIPPED_LINE_DATA } from '@waymark/edge/line/line-data'
import { RangeTable } from '@waymark/edge/line/ranges'
import { compileLineData, type LineRow, readLineRows } from './line-layers.ts'
import { isMmdb, readMmdb } from './mmdb.ts'
import { isXdb, readXdb } from './xdb.ts'

/** In a list of files: what comes with Waymark does not lie below. */
export const WITHOUT_SHIPPED = 'none'

const COMPILED = Buffer.from('WMLINES1')
const GZIP = Buffer.from([0x1f, 0x8b])
/** CSV files and what is taken for one. */
const MAX_TEXT = 1 << 29

/** The rows of a file of any kind that we know, told apart by content. Throws an Error that begins with the file's name. */
export function readSource(path: string): LineRow[] {
  let octets: Buffer
  try {
    octets = readFileSync(path)
    if (octets.subarray(0, 2).equals(GZIP)) octets = gunzipSync(octets)
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`)
  }
  try {
    if (octets.subarray(0, COMPILED.length).equals(COMPILED)) return readCompiled(octets)
    if (isMmdb(octets)) return named(readMmdb(octets))
    if (isXdb(octets)) return named(readXdb(octets))
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`)
  }
  if (octets.length > MAX_TEXT || octets.subarray(0, 4096).includes(0)) {
    throw new Error(`${path}: this is neither MaxMind DB (.mmdb), ip2region (.xdb), lines.bin nor CSV`)
  }
  return readLineRows(octets.toString('utf8').replace(/^\ufeff/, ''), path)
}

function named(rows: LineRow[]): LineRow[] {
  if (rows.length === 0) throw new Error('none of its records names a place or operator that has a line')
  return rows
}

function readCompiled(octets: Buffer): LineRow[] {
  const buffer = new SharedArrayBuffer(octets.length)
  new Uint8Array(buffer).set(octets)
  const table = new RangeTable(buffer)
  const lineOf = (chain: number): string | undefined => table.lines[table.lineAt(chain, 0)]
  const rows: LineRow[] = []
  const take = (isIpv6: boolean, ranges: Iterable<{ first: bigint; chain: number }>, end: bigint): void => {
    let before: { first: bigint; chain: number } | undefined
    for (const range of [...ranges, { first: end, chain: 0 }]) {
      const line = before && lineOf(before.chain)
      if (line !== undefined) rows.push({ isIpv6, first: before!.first, last: range.first - 1n, line })
      before = range
    }
  }
  const ipv4 = [...table.ipv4Ranges()].map(({ first, chain }) => ({ first: BigInt(first), chain }))
  const ipv6 = [...table.ipv6Ranges()].map(({ high, low, chain }) => ({
    first: (BigInt(high) << 32n) | BigInt(low),
    chain,
  }))
  take(false, ipv4, 1n << 32n)
  take(true, ipv6, 1n << 64n)
  return rows
}

export interface CompiledFiles {
  readonly octets: Uint8Array
  /** Rows of each file, after neighbours were joined. */
  readonly rows: readonly { readonly path: string; readonly count: number }[]
}

/**
 * Line data of several files, each of which knows better than those before it, over what comes with Waymark; the word `none` in
 * the first place leaves that out. Throws an Error that names the file.
 */
export function compileFiles(paths: readonly string[], madeAt: number): CompiledFiles {
  const isAlone = paths[0] === WITHOUT_SHIPPED
  const files = isAlone ? paths.slice(1) : paths
  const layers = files.map(readSource)
  const below = isAlone ? [] : [readSource(SHIPPED_LINE_DATA)]
  return {
    octets: compileLineData([...below, ...layers], madeAt),
    rows: files.map((path, i) => ({ path, count: layers[i]!.length })),
  }
}
