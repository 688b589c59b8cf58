import { type Failure, failure } from '../../errors.ts'
import { DEFAULT_LINE, isLineId } from '../../lines/lines.ts'
import { resolveBatchName } from '../../record-sets/names.ts'
import type { FileItem, FileZone, ShownItem } from './file-item.ts'
import { JsonCursor, JsonFault, lineEndsBetween } from './json-text.ts'
import type { Pacer } from './pacer.ts'

/**
 * Reads `{"recordsets": [...]}` or a bare array, items as in the batch-create operation (a name without final dot is a
 * prefix). Broken JSON is a `JsonFault`; an item with a field of the wrong type fails alone.
 */
export async function readJson(text: string, zone: FileZone, pacer: Pacer): Promise<FileItem[]> {
  const items: FileItem[] = []
  const cursor = new JsonCursor(text)
  let line = 1
  let counted = 0

  async function readItems(): Promise<void> {
    if (cursor.character !== '[') throw cursor.unexpected('the array of record sets')
    for (const _ of cursor.elements(']')) {
      const start = cursor.at
      line += lineEndsBetween(text, counted, start)
      counted = start
      cursor.skipValue()
      items.push(readItem(JSON.parse(text.slice(start, cursor.at)), items.length, line, zone))
      const pause = pacer.pause()
      if (pause !== undefined) await pause
    }
  }

  cursor.skipBlanks()
  if (cursor.character === '{') {
    let hasItems = false
    for (const _ of cursor.elements('}')) {
      if (cursor.key() !== 'recordsets') cursor.skipValue()
      else {
        await readItems()
        hasItems = true
      }
    }
    if (!hasItems) throw new JsonFault('The object has no member "recordsets"', 0)
  } else await readItems()
  cursor.skipBlanks()
  if (cursor.character !== undefined) throw cursor.unexpected('the end')
  return items
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readItem(sent: unknown, index: number, row: number, zone: FileZone): FileItem {
  const item = isObject(sent) ? sent : {}
  const fault = isObject(sent) ? firstFault(item) : failure('REQUEST_INVALID')
  const text = (value: unknown): string => (value === undefined || value === null ? '' : asText(value))
  const common = {
    name: resolveBatchName(text(item.name), zone),
    type: text(item.type),
    line: text(item.line) || DEFAULT_LINE,
    records: Array.isArray(item.records)
      ? item.records.map(asText)
      : item.records
        ? [asText(item.records)]
        : [],
    status: text(item.status) || 'ENABLE',
    description: text(item.description) || null,
  }
  if (fault !== undefined) {
    const shown: ShownItem = {
      ...common,
      ttl: text(item.ttl) || 300,
      weight: text(item.weight) || null,
    }
    return { index, row, shown, failure: fault }
  }
  const ttl = (item.ttl as number | null | undefined) ?? 300
  return { index, row, draft: { ...common, ttl, weight: item.weight as number | null | undefined } }
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const isTextOrAbsent = (value: unknown): boolean =>
  value === undefined || value === null || typeof value === 'string'

/** Fields of a wrong type, in the order in which the rules check fields; everything else is for the rules to judge. */
function firstFault(item: Record<string, unknown>): Failure | undefined {
  const { name, type, line, ttl, weight, records, status, description } = item
  if (typeof type !== 'string') return failure('TYPE_INVALID')
  if (!isTextOrAbsent(name)) return failure('NAME_INVALID')
  if (!isTextOrAbsent(description)) return failure('DESCRIPTION_INVALID')
  if (ttl !== undefined && ttl !== null && !Number.isInteger(ttl)) return failure('TTL_INVALID')
  if (!isTextOrAbsent(line)) return failure('LINE_ID_INVALID')
  if (typeof line === 'string' && line !== '' && !isLineId(line)) return failure('LINE_ID_INVALID')
  if (!isTextOrAbsent(status)) return failure('STATUS_INVALID')
  if (weight !== undefined && weight !== null && !Number.isInteger(weight)) {
    return failure('WEIGHT_OUT_OF_RANGE', { min: 0, max: 1000 })
  }
  if (records === undefined || records === null) {
    return failure('VALUE_INVALID', { detail: 'records is null or empty.' })
  }
  if (!Array.isArray(records) || !records.every((value) => typeof value === 'string')) {
    return failure('VALUE_INVALID', { detail: 'records is no list of texts.' })
  }
  return undefined
}
