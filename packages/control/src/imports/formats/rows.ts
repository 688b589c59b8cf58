import { type Failure, failure } from '../../errors.ts'
import { DEFAULT_LINE, lineByDisplayName } from '../../lines/lines.ts'
import { isOwnLineId } from '../../lines/own-lines.ts'
import type { RecordSetDraft } from '../../record-sets/draft.ts'
import { resolveFileName } from '../../record-sets/names.ts'
import { mergeMx } from '../../tasks/merge-mx.ts'
import type { ColumnId, ColumnPlaces } from './columns.ts'
import type { FileItem, FileZone, ShownItem, TableRow } from './file-item.ts'
import type { Pacer } from './pacer.ts'

const DEFAULT_TTL = 300

/** Turns the data rows of a table into items; MX rows of one name and line become one item. */
export async function rowsToItems(
  rows: readonly TableRow[],
  places: ColumnPlaces,
  zone: FileZone,
  pacer: Pacer,
): Promise<FileItem[]> {
  const items: FileItem[] = []
  for (const row of rows) {
    items.push(rowToItem(row, items.length, places, zone))
    const pause = pacer.pause()
    if (pause !== undefined) await pause
  }
  return joinMx(items)
}

/** Joins MX items of one name and line, and numbers the items anew. */
export function joinMx(items: readonly FileItem[]): FileItem[] {
  const merged = mergeMx(
    items,
    (item) => ('draft' in item ? item.draft : undefined),
    (item, draft): FileItem => ({ index: item.index, row: item.row, draft }),
  )
  return merged.length === items.length ? merged : merged.map((item, index) => ({ ...item, index }))
}

function rowToItem(row: TableRow, index: number, places: ColumnPlaces, zone: FileZone): FileItem {
  const cell = (column: ColumnId): string => {
    const place = places.get(column)
    return place === undefined ? '' : (row.cells[place] ?? '').trim()
  }
  const text = {
    name: resolveFileName(cell('name'), zone),
    type: cell('type'),
    records: cell('value')
      .split('\n')
      .map((value) => value.trim())
      .filter((value) => value !== ''),
    status: cell('status').toUpperCase() || 'ENABLE',
    description: cell('description') || null,
  }
  const line = readLine(cell('line'), zone)
  const ttl = readWholeNumber(cell('ttl'), DEFAULT_TTL)
  const weight = readWholeNumber(cell('weight'), undefined)
  const fault = row.fault === undefined ? firstFault(text.type, ttl, line, weight) : damaged(row.fault)
  if (fault !== undefined) {
    const shown: ShownItem = {
      ...text,
      line: line ?? cell('line'),
      ttl: Number.isNaN(ttl) ? cell('ttl') : ttl,
      weight: weight === undefined ? null : Number.isNaN(weight) ? cell('weight') : weight,
    }
    return { index, row: row.row, shown, failure: fault }
  }
  const draft: RecordSetDraft = { ...text, line: line!, ttl, weight }
  return { index, row: row.row, draft }
}

/**
 * Own lines go by their id, which the rules look up. In a private zone an unknown name passes: the rule about lines of private
 * zones has the better answer.
 */
function readLine(text: string, zone: FileZone): string | undefined {
  if (text === '') return DEFAULT_LINE
  const passes = isOwnLineId(text) || zone.zoneType === 'private'
  return lineByDisplayName(text) ?? (passes ? text : undefined)
}

/** NaN when the text is no whole number. A text cell may say `300.0`, as spreadsheets do. */
function readWholeNumber<Blank>(text: string, blank: Blank): number | Blank {
  if (text === '') return blank
  return /^[+-]?\d+(?:\.0*)?$/.test(text) ? Number(text) : Number.NaN
}

/** What no draft can hold, in the order in which the rules check fields. */
function firstFault(
  type: string,
  ttl: number,
  line: string | undefined,
  weight: number | undefined,
): Failure | undefined {
  if (type === '') return failure('TYPE_INVALID')
  if (Number.isNaN(ttl)) return failure('TTL_INVALID')
  if (line === undefined) return failure('LINE_UNKNOWN')
  if (Number.isNaN(weight)) return failure('WEIGHT_OUT_OF_RANGE', { min: 0, max: 1000 })
  return undefined
}

const damaged = (detail: string): Failure => failure('VALUE_INVALID', { detail })
