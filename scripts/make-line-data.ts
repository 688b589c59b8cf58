/**
 * Compiles the line data that edges look addresses up in (docs/line-data.md).
 *
 *     make-line-data.ts [--countries FILE]… [--operators FILE]… [FILE]… --output lines.bin
 *
 * `--countries`: rows `first,last,ISO 3166-1 code`. `--operators`: rows `first,last,AS number,AS name`. The others: rows
 * `first,last,line` or `prefix,line`, which know better than the former; the last one knows best.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readRange } from '@waymark/control/lines/address-range'
import { lineOfCountry } from '@waymark/control/lines/line-chain'
import { compileLineData, type LineRow, readLineRows } from '@waymark/server/line-data/line-layers'

/** Operators by the names that their AS numbers are registered under. On the mainland only: abroad the country says more. */
const OPERATORS: readonly (readonly [line: string, name: RegExp])[] = [
  ['Dianxin', /^(?:china ?net\b|china ?telecom|idc, china telecommunications)/i],
  ['Liantong', /^(?:china unicom|china169|unicom |cncgroup )/i],
  ['Yidong', /^china mobile/i],
  [
    'Jiaoyuwang',
    /^(?:china education and research network|cernet2? |china next generation internet cernet)/i,
  ],
  ['Tietong', /^china tietong/i],
  ['Pengboshi', /^(?:dr\.? ?peng|beijing shenzhou greatwall communication|.*great ?wall broadband)/i],
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    countries: { type: 'string', multiple: true, default: [] },
    operators: { type: 'string', multiple: true, default: [] },
    output: { type: 'string' },
  },
})
if (values.output === undefined) {
  console.error('usage: make-line-data.ts [--countries FILE]… [--operators FILE]… [FILE]… --output lines.bin')
  process.exit(2)
}

/** Cells of rows whose last one may be quoted. */
function* rowsOf(file: string, cells: number): Generator<string[]> {
  for (const row of readFileSync(file, 'utf8').split('\n')) {
    if (row === '') continue
    const parts = row.split(',')
    yield [
      ...parts.slice(0, cells - 1),
      parts
        .slice(cells - 1)
        .join(',')
        .trim()
        .replace(/^"|"$/g, ''),
    ]
  }
}

const countries: LineRow[] = values.countries.flatMap((file) =>
  [...rowsOf(file, 3)].flatMap(([first, last, code]) => {
    const range = readRange(first!, last)
    const line = lineOfCountry(code!)
    return range === undefined || line === undefined ? [] : [{ ...range, line }]
  }),
)
const operators: LineRow[] = values.operators.flatMap((file) =>
  [...rowsOf(file, 4)].flatMap(([first, last, , name]) => {
    const line = OPERATORS.find(([, pattern]) => pattern.test(name!))?.[0]
    const range = line === undefined ? undefined : readRange(first!, last)
    return range === undefined ? [] : [{ ...range, line: line! }]
  }),
)
const isMainland = inside(countries.filter(({ line }) => line === 'CN'))
const own = positionals.map((file) => readLineRows(readFileSync(file, 'utf8'), file))
const octets = compileLineData([countries, operators.flatMap(isMainland), ...own])
writeFileSync(values.output, octets)
console.log(
  `${values.output}: ${octets.length} octets from ${countries.length} rows of countries, ${operators.length} of operators, ${own.flat().length} others`,
)

/** Cuts a row to the parts that lie in `places`. */
function inside(places: readonly LineRow[]): (row: LineRow) => LineRow[] {
  const sorted = [false, true].map((isIpv6) =>
    places
      .filter((place) => place.isIpv6 === isIpv6)
      .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0)),
  )
  return (row) => {
    const list = sorted[Number(row.isIpv6)]!
    let low = 0
    let high = list.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (list[middle]!.last < row.first) low = middle + 1
      else high = middle
    }
    const parts: LineRow[] = []
    for (let i = low; i < list.length && list[i]!.first <= row.last; i++) {
      const { first, last } = list[i]!
      parts.push({
        ...row,
        first: first > row.first ? first : row.first,
        last: last < row.last ? last : row.last,
      })
    }
    return parts
  }
}
