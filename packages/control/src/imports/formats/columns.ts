import type { ZoneType } from '../../store/store.ts'
import type { Language, TableRow } from './file-item.ts'

/** The columns of a workbook or CSV of record sets (API: Excel import), in the order in which we write them. */
export const COLUMNS = [
  { id: 'name', 'zh-cn': '域名', 'en-us': 'Domain Name', isRequired: true },
  { id: 'type', 'zh-cn': '记录类型', 'en-us': 'Type', isRequired: true },
  { id: 'line', 'zh-cn': '线路类型', 'en-us': 'Line', isRequired: false },
  { id: 'ttl', 'zh-cn': 'TTL值(秒)', 'en-us': 'TTL (s)', isRequired: false },
  { id: 'value', 'zh-cn': '记录值', 'en-us': 'Value', isRequired: true },
  { id: 'weight', 'zh-cn': '权重', 'en-us': 'Weight', isRequired: false },
  { id: 'status', 'zh-cn': '状态', 'en-us': 'Status', isRequired: false },
  { id: 'description', 'zh-cn': '描述', 'en-us': 'Description', isRequired: false },
] as const satisfies readonly (Record<Language, string> & { id: string; isRequired: boolean })[]

export type ColumnId = (typeof COLUMNS)[number]['id']

/** Header of the column that a file of failed items carries; unknown to the reader, so such a file can be imported again. */
export const REASON_HEADER: Readonly<Record<Language, string>> = { 'zh-cn': '错误', 'en-us': 'Error' }

/** Private zones have neither lines nor weights in their sheets. */
export const columnsOf = (zoneType: ZoneType): ColumnId[] =>
  COLUMNS.map(({ id }) => id).filter((id) => zoneType === 'public' || (id !== 'line' && id !== 'weight'))

/** The columns of the downloadable template: what everybody needs, the optional ones left out. */
export const templateColumnsOf = (zoneType: ZoneType): ColumnId[] =>
  columnsOf(zoneType).filter((id) => id !== 'weight' && id !== 'status' && id !== 'description')

export const headerOf = (column: ColumnId, language: Language): string =>
  COLUMNS.find(({ id }) => id === column)![language]

/** Place of each column in a row. */
export type ColumnPlaces = ReadonlyMap<ColumnId, number>

/** Full-width brackets and letters, case and blanks make no difference between headers. */
const headerKey = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '')

/** Besides the headers of the template, what people write by hand: our column ids and the field names of the JSON API. */
const idsByHeader = new Map<string, ColumnId>([
  ...COLUMNS.flatMap((column): [string, ColumnId][] => [
    [headerKey(column['zh-cn']), column.id],
    [headerKey(column['en-us']), column.id],
    [column.id, column.id],
  ]),
  ['records', 'value'],
  ['values', 'value'],
])

/**
 * Finds the columns by their headers, in either language or by plain names, in any order; unknown ones are skipped, of two equal ones the
 * first counts. undefined when a required column is missing: the row is no header.
 */
export function findColumns(header: TableRow): ColumnPlaces | undefined {
  const places = new Map<ColumnId, number>()
  header.cells.forEach((cell, place) => {
    const id = idsByHeader.get(headerKey(cell))
    if (id !== undefined && !places.has(id)) places.set(id, place)
  })
  return COLUMNS.every(({ id, isRequired }) => !isRequired || places.has(id)) ? places : undefined
}
