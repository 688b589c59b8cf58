/**
 * Compiles the line data that edges look addresses up in (docs/line-data.md).
 *
 *     make-line-data.ts [--countries FILE]… [--operators FILE]… [--provinces FILE]… [FILE]… [--date DATE] --output lines.bin
 *
 * `--countries`: rows `first,last,ISO 3166-1 code`. `--operators`: rows `first,last,AS number,AS name`. `--provinces`: a file of any
 * kind that `waymark line-data` reads, of which only the parts of the Chinese mainland count, where the countries have it. The others
 * are such files too and know better than the former; the last one knows best. `--date`: when the data were made.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readRange } from '@waymark/control/lines/address-range'
import { lineChain, lineOfCountry } from '@waymark/control/lines/line-chain'
import { compileLineData, type LineRow } from '@waymark/server/line-data/line-layers'
import { operatorOfName, operatorOfSystem } from '@waymark/server/line-data/operators'
import { readSource } from '@waymark/server/line-data/read-source'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    countries: { type: 'string', multiple: true, default: [] },
    operators: { type: 'string', multiple: true, default: [] },
    provinces: { type: 'string', multiple: true, default: [] },
    date: { type: 'string' },
    output: { type: 'string' },
  },
})
if (values.output === undefined) {
  console.error(
    'usage: make-line-data.ts [--countries FILE]… [--operators FILE]… [--provinces FILE]… [FILE]… --output lines.bin',
  )
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
  [...rowsOf(file, 4)].flatMap(([first, last, system, name]) => {
    const line = operatorOfSystem(Number(system)) ?? operatorOfName(name!)
    const range = line === undefined ? undefined : readRange(first!, last)
    return range === undefined ? [] : [{ ...range, line: line! }]
  }),
)
const isMainland = inside(countries.filter(({ line }) => line === 'CN'))
const provinces = values.provinces
  .flatMap(readSource)
  .filter(({ line }) => line !== 'CN' && lineChain(line).at(-1) === 'CN')
const own = positionals.map(readSource)
const madeAt = values.date === undefined ? Date.now() : Date.parse(values.date)
const layers = [countries, operators.flatMap(isMainland), provinces.flatMap(isMainland), ...own]
const octets = compileLineData(layers, madeAt)
writeFileSync(values.output, octets)
console.log(
  `${values.output}: ${octets.length} octets from ${countries.length} rows of countries, ${operators.length} of operators, ${provinces.length} of provinces, ${own.flat().length} others`,
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
