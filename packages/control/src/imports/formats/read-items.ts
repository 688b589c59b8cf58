import { type ErrorKey, type Failure, failure } from '../../errors.ts'
import { findColumns } from './columns.ts'
import { decodeText, decodeZoneText, readCsv } from './csv-read.ts'
import type {
  FileFormat,
  FileItem,
  FileZone,
  OverLimit,
  ReadNote,
  ReadResult,
  TableRow,
} from './file-item.ts'
import { readJson } from './json-read.ts'
import { JsonFault, placeOf } from './json-text.ts'
import { createPacer, type Pacer } from './pacer.ts'
import { joinMx, rowsToItems } from './rows.ts'
import { readWorkbook } from './workbook-read.ts'
import { readZoneFile } from './zone-file-read.ts'

export interface ReadOptions {
  /** Data rows (sheets) or items that are taken. */
  readonly maxItems: number
  readonly overLimit: OverLimit
}

/**
 * Reads a file of record sets into items, of which each is a draft for the rules or a failure of its own. The result is a
 * failure only where the file as a whole says nothing: no workbook, no header, broken JSON, nothing in it, or more than
 * `maxItems` where that is not ignored. Long files are read in slices, other work goes on meanwhile.
 */
export async function readItems(
  format: FileFormat,
  bytes: Uint8Array,
  zone: FileZone,
  options: ReadOptions,
): Promise<ReadResult> {
  if (bytes.length === 0) return refuse('FILE_EMPTY', 'The file is empty.')
  const pacer = createPacer()
  switch (format) {
    case 'xlsx':
      return readSheetItems(bytes, zone, options, pacer)
    case 'csv':
      return readCsvItems(bytes, zone, options, pacer)
    case 'json':
      return readJsonItems(bytes, zone, options, pacer)
    case 'zone': {
      const { items, notes } = await readZoneFile(decodeZoneText(bytes), zone, pacer)
      return limited(items, notes, options)
    }
  }
}

async function readSheetItems(
  bytes: Uint8Array,
  zone: FileZone,
  options: ReadOptions,
  pacer: Pacer,
): Promise<ReadResult> {
  // One row more than wanted tells whether there are too many.
  const sheet = await readWorkbook(bytes, options.maxItems + 1)
  return sheet.ok ? readTable(sheet.rows, zone, options, pacer) : sheet
}

async function readCsvItems(
  bytes: Uint8Array,
  zone: FileZone,
  options: ReadOptions,
  pacer: Pacer,
): Promise<ReadResult> {
  const rows = await readCsv(bytes, pacer)
  return rows === undefined ? refuse('FILE_UNPARSABLE', NO_HEADER) : readTable(rows, zone, options, pacer)
}

const NO_HEADER = 'The first row must name at least the columns for name, type and value.'

async function readTable(
  [header, ...rows]: readonly TableRow[],
  zone: FileZone,
  { maxItems, overLimit }: ReadOptions,
  pacer: Pacer,
): Promise<ReadResult> {
  const places = header === undefined ? undefined : findColumns(header)
  if (places === undefined) return refuse('FILE_UNPARSABLE', NO_HEADER)
  const dataRows = rows.filter(({ cells, fault }) => fault !== undefined || hasValue(cells, places))
  if (dataRows.length === 0) return refuse('FILE_EMPTY', 'There is no row below the header.')
  if (dataRows.length > maxItems && overLimit === 'refuse') return tooMany(maxItems)
  const items = await rowsToItems(dataRows.slice(0, maxItems), places, zone, pacer)
  return { ok: true, items, notes: [] }
}

/** A row with text in unknown columns only is a remark, not a record set. */
function hasValue(cells: readonly string[], places: ReadonlyMap<string, number>): boolean {
  for (const place of places.values()) if ((cells[place] ?? '').trim() !== '') return true
  return false
}

async function readJsonItems(
  bytes: Uint8Array,
  zone: FileZone,
  options: ReadOptions,
  pacer: Pacer,
): Promise<ReadResult> {
  const text = decodeText(bytes)
  try {
    return limited(joinMx(await readJson(text, zone, pacer)), [], options)
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault
    const { line, column } = placeOf(text, fault.at)
    const detail = `Line ${line}, column ${column}: ${fault.message}.`
    const known = failure('REQUEST_INVALID')
    return { ok: false, failure: { ...known, message: `${known.message} ${detail}` }, detail }
  }
}

function limited(
  items: readonly FileItem[],
  notes: readonly ReadNote[],
  { maxItems, overLimit }: ReadOptions,
): ReadResult {
  if (items.length === 0) return refuse('FILE_EMPTY', 'There is no record set in the file.')
  if (items.length > maxItems && overLimit === 'refuse') return tooMany(maxItems)
  return { ok: true, items: items.slice(0, maxItems), notes }
}

const refuse = (key: Extract<ErrorKey, 'FILE_EMPTY' | 'FILE_UNPARSABLE'>, detail: string): ReadResult => ({
  ok: false,
  failure: failure(key),
  detail,
})

function tooMany(limit: number): ReadResult {
  const tooMany: Failure = failure('BATCH_CREATE_LIMIT', { limit })
  return { ok: false, failure: tooMany, detail: `The file has more than ${limit} record sets.` }
}
