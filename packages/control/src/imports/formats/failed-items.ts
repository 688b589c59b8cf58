import { DEFAULT_LINE } from '../../lines/lines.ts'
import type { TaskError } from '../../store/store.ts'
import { columnsOf, headerOf, REASON_HEADER } from './columns.ts'
import { CSV_START, csvRow } from './csv-write.ts'
import { encoded, framed, jsonText, mapped } from './export-record-sets.ts'
import type { FileFormat, FileZone, Language } from './file-item.ts'
import { cellsOf, jsonItemOf, type WritableItem } from './item-writer.ts'
import { recordsSheetName, sheetColumns } from './template.ts'
import { writeWorkbook } from './workbook-write.ts'
import { comment } from './zone-file-write.ts'

type Errors = AsyncIterable<TaskError> | Iterable<TaskError>

/**
 * Writes the failed items of a task as a file to be corrected and imported again: every item with its reason beside it, in
 * a last column, in fields `error_code` and `error_message`, or in a comment above. Readers skip all of these.
 */
export function writeFailedItems(
  format: FileFormat,
  errors: Errors,
  zone: FileZone,
  language: Language,
): AsyncGenerator<Uint8Array, void> {
  const ids = columnsOf(zone.zoneType)
  const cells = (error: TaskError) => [...cellsOf(itemOf(error), ids, zone, language), reasonOf(error)]
  switch (format) {
    case 'xlsx':
      return writeWorkbook([
        {
          name: recordsSheetName(language),
          columns: [
            ...sheetColumns(ids, zone.zoneType, language),
            { header: REASON_HEADER[language], width: 60 },
          ],
          rows: mapped(errors, cells),
        },
      ])
    case 'csv': {
      const header = csvRow([...ids.map((id) => headerOf(id, language)), REASON_HEADER[language]])
      return encoded(
        framed(
          CSV_START + header,
          mapped(errors, (error) => csvRow(cells(error).map(String))),
          '',
        ),
      )
    }
    case 'json': {
      const fields = (error: TaskError) => ({
        ...jsonItemOf(itemOf(error)),
        error_code: error.code,
        error_message: error.message,
      })
      return encoded(jsonText(mapped(errors, fields)))
    }
    case 'zone':
      return encoded(framed(`$ORIGIN ${zone.apex}\n`, mapped(errors, zoneText), ''))
  }
}

const reasonOf = ({ code, message }: TaskError): string => `${code} ${message}`

/** An error item of either family: its values are `records` or `value`, its numbers may be texts. */
function itemOf({ item }: TaskError): WritableItem {
  const values = item.records ?? item.value
  return {
    name: textOf(item.name),
    type: textOf(item.type),
    line: textOf(item.line) || DEFAULT_LINE,
    ttl: numberOf(item.ttl) ?? '',
    weight: numberOf(item.weight),
    records: Array.isArray(values) ? values.map(textOf) : [],
    status: item.status === 'DISABLE' ? 'DISABLE' : 'ENABLE',
    description: typeof item.description === 'string' ? item.description : null,
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : String(value)

/** Digits as a number, any other text as it stands, so that a file shows what was wrong. */
function numberOf(value: unknown): number | string | null {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value === '') return null
  return /^\d{1,15}$/.test(value) ? Number(value) : value
}

/** Records below the reason; what a zone file cannot say (other lines, URL forwarding) stays a comment. */
function zoneText(error: TaskError): string {
  const item = itemOf(error)
  const isComment = item.line !== DEFAULT_LINE || item.type.endsWith('_URL') || item.status === 'DISABLE'
  const start = [item.name, item.ttl, 'IN', item.type].filter((part) => part !== '').join(' ')
  const lines = item.records.map((value) => {
    // A line that could not be read stands as it was: it has neither name nor type.
    const record = (item.type === '' ? value : `${start} ${value}`).replace(/[\r\n]+/g, ' ')
    return isComment ? comment(`${record} (line ${item.line})`) : `${record}\n`
  })
  return comment(reasonOf(error)) + lines.join('')
}
