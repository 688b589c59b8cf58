import type { Failure } from '../../errors.ts'
import type { Language } from '../../lines/lines.ts'
import type { RecordSetDraft } from '../../record-sets/draft.ts'
import type { Zone } from '../../store/store.ts'

export const FILE_FORMATS = ['xlsx', 'csv', 'json', 'zone'] as const
export type FileFormat = (typeof FILE_FORMATS)[number]

export type { Language }

/** What reading and writing a file needs to know of its zone. */
export type FileZone = Pick<Zone, 'name' | 'apex' | 'zoneType'>

/** What an error report shows of a row that became no draft: the cells as they stood, defaults where they were blank. */
export interface ShownItem {
  readonly name: string
  readonly type: string
  readonly line: string
  readonly ttl: number | string
  readonly weight: number | string | null
  readonly records: readonly string[]
  readonly status: string
  readonly description: string | null
}

/**
 * One record set of a file, ready for the rules, or the reason why it cannot even be given to them. `index` counts items
 * from 0, `row` is the row or line of the file (from 1) where the item begins.
 */
export type FileItem =
  | { readonly index: number; readonly row: number; readonly draft: RecordSetDraft }
  | { readonly index: number; readonly row: number; readonly shown: ShownItem; readonly failure: Failure }

/** Something the reader did that its user should know, for example that the SOA of a zone file was left out. */
export interface ReadNote {
  readonly row: number
  readonly text: string
}

/** The items of a file, or why the file as a whole cannot be read; `detail` says it in a sentence of its own. */
export type ReadResult =
  | { readonly ok: true; readonly items: readonly FileItem[]; readonly notes: readonly ReadNote[] }
  | { readonly ok: false; readonly failure: Failure; readonly detail: string }

/** What becomes of items beyond the limit: left out silently (API: Excel import) or the whole file is refused. */
export type OverLimit = 'ignore' | 'refuse'

/** A row of a table, header or data. Cells are trimmed of nothing; a missing cell is an empty text. */
export interface TableRow {
  readonly row: number
  readonly cells: readonly string[]
  /** Set when the row itself is damaged (CSV quoting); its cells are then for showing only. */
  readonly fault?: string
}
