import { lineFullName } from '../../lines/lines.ts'
import { isInZone, readName } from '../../record-sets/names.ts'
import type { RecordSet } from '../../store/store.ts'
import type { ColumnId } from './columns.ts'
import type { FileZone, Language } from './file-item.ts'
import type { CellValue } from './workbook-write.ts'

/** What a writer needs of a record set; an item that failed, and never became one, has it too. */
export interface WritableItem {
  readonly name: string
  readonly type: string
  readonly line: string
  readonly ttl: number | string
  readonly weight: number | string | null
  readonly records: readonly string[]
  /** ENABLE or DISABLE, the words of a request. */
  readonly status: string
  readonly description: string | null
}

export const writableOf = (row: RecordSet): WritableItem => ({
  name: row.name,
  type: row.type,
  line: row.line,
  ttl: row.ttl,
  weight: row.weight,
  records: row.records,
  status: row.status === 'ACTIVE' ? 'ENABLE' : 'DISABLE',
  description: row.description,
})

/** The cells of an item, such that reading them gives the item again. */
export function cellsOf(
  item: WritableItem,
  columns: readonly ColumnId[],
  zone: FileZone,
  language: Language,
): CellValue[] {
  return columns.map((column) => {
    switch (column) {
      case 'name':
        return sheetName(item.name, zone)
      case 'line':
        return lineFullName(item.line, language)
      case 'value':
        return item.records.join('\n')
      case 'weight':
        return item.weight ?? ''
      case 'description':
        return item.description ?? ''
      default:
        return item[column]
    }
  })
}

/** People leave out the final dot. A name outside the zone keeps it, or it would be read as a prefix. */
function sheetName(name: string, zone: FileZone): string {
  const owner = readName(name)?.owner
  return owner !== undefined && isInZone(owner, zone.apex) ? name.replace(/\.$/, '') : name
}

/** Fields of a batch item; what has its default anyway is left out. */
export function jsonItemOf(item: WritableItem): Record<string, unknown> {
  const { name, type, line, ttl, weight, records, status, description } = item
  return {
    name,
    type,
    line,
    ttl,
    ...(weight === null ? {} : { weight }),
    records,
    ...(status === 'ENABLE' ? {} : { status }),
    ...(description === null ? {} : { description }),
  }
}
