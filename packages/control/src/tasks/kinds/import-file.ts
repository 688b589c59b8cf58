import type { FileItem, ShownItem } from '../../imports/formats/file-item.ts'
import { effectiveWeight, type Kind } from './kind.ts'

/** A row of a file as stored. Its index is its place in the task; `row` is where the file has it. */
export type FileRow = FileItem extends infer Item
  ? Item extends unknown
    ? Omit<Item, 'index'>
    : never
  : never

/** What is kept of a row that failed: `ShownItem` and where the file has it. */
export interface ShownRow extends ShownItem {
  readonly row: number
}

/** Our own import: any number of record sets from a workbook, CSV, JSON or zone file. A row that cannot be read is an item that fails. */
export const importFileKind: Kind<FileRow> = {
  name: 'import_file',
  slot: null,
  replacesFinished: () => true,
  read: (item) => ('draft' in item ? { draft: item.draft } : { failure: item.failure }),
  shown: (item, zone) => {
    if (!('draft' in item)) return { row: item.row, ...item.shown }
    const { name, type, line, ttl, records, status, description } = item.draft
    const weight = effectiveWeight(item.draft, zone)
    return { row: item.row, name, type, line, ttl, weight, records, status, description } satisfies ShownRow
  },
}
