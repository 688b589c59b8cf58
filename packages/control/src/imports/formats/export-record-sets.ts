import type { Reads, RecordSet, Zone } from '../../store/store.ts'
import { columnsOf, headerOf } from './columns.ts'
import { CSV_START, csvRow } from './csv-write.ts'
import type { FileFormat, Language } from './file-item.ts'
import { cellsOf, jsonItemOf, type WritableItem, writableOf } from './item-writer.ts'
import { createPacer } from './pacer.ts'
import { recordsSheetName, sheetColumns } from './template.ts'
import { writeWorkbook } from './workbook-write.ts'
import { writeZoneFile } from './zone-file-write.ts'

const PAGE_SIZE = 1000

/** What an export reads of the store. */
type Source = Pick<Reads, 'recordSetsInOrder' | 'recordSetsAt'>

/** All record sets of a zone in order of owner, type and line. */
export async function* recordSetsOf(reads: Source, zoneId: string): AsyncGenerator<RecordSet, void> {
  let last: RecordSet | undefined
  for (;;) {
    const page = await reads.recordSetsInOrder(zoneId, last, PAGE_SIZE)
    yield* page
    last = page.at(-1)
    if (page.length < PAGE_SIZE) return
  }
}

/**
 * Writes a zone as a file, piece by piece. Sheets, CSV and JSON hold every record set but the SOA and NS made with the zone,
 * which no import may create; importing the file elsewhere gives the same record sets. A zone file holds the view of the
 * default line and is for other name servers (`writeZoneFile`).
 */
export async function* exportRecordSets(
  format: FileFormat,
  zone: Zone,
  reads: Source,
  language: Language,
): AsyncGenerator<Uint8Array, void> {
  if (format === 'zone') {
    const atApex = await reads.recordSetsAt(zone.id, [zone.apex])
    yield* encoded(writeZoneFile(zone, atApex, recordSetsOf(reads, zone.id)))
  } else yield* writeItems(format, importable(recordSetsOf(reads, zone.id)), zone, language)
}

async function* importable(rows: AsyncIterable<RecordSet>): AsyncGenerator<WritableItem, void> {
  for await (const row of rows) if (!row.isDefault) yield writableOf(row)
}

type Items = AsyncIterable<WritableItem>

function writeItems(
  format: Exclude<FileFormat, 'zone'>,
  items: Items,
  zone: Zone,
  language: Language,
): AsyncGenerator<Uint8Array, void> {
  const ids = columnsOf(zone.zoneType)
  switch (format) {
    case 'xlsx':
      return writeWorkbook([
        {
          name: recordsSheetName(language),
          columns: sheetColumns(ids, zone.zoneType, language),
          rows: mapped(items, (item) => cellsOf(item, ids, zone, language)),
        },
      ])
    case 'csv': {
      const header = csvRow(ids.map((id) => headerOf(id, language)))
      const row = (item: WritableItem): string => csvRow(cellsOf(item, ids, zone, language).map(String))
      return encoded(framed(CSV_START + header, mapped(items, row), ''))
    }
    case 'json':
      return encoded(jsonText(mapped(items, jsonItemOf)))
  }
}

/** A batch body (API: batch-create-task) with one item a line, so that two exports compare line by line. */
export async function* jsonText(items: AsyncIterable<object>): AsyncGenerator<string, void> {
  let start = '{"recordsets":[\n'
  for await (const item of items) {
    yield start + JSON.stringify(item)
    start = ',\n'
  }
  yield start.startsWith(',') ? '\n]}\n' : '{"recordsets":[]}\n'
}

export async function* mapped<From, To>(
  values: AsyncIterable<From> | Iterable<From>,
  map: (value: From) => To,
): AsyncGenerator<To, void> {
  for await (const value of values) yield map(value)
}

export async function* framed(
  start: string,
  parts: AsyncIterable<string>,
  end: string,
): AsyncGenerator<string, void> {
  yield start
  yield* parts
  yield end
}

/** UTF-8 in pieces of a sensible size, without holding up other work. */
export async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array, void> {
  const encoder = new TextEncoder()
  const pacer = createPacer()
  let pending = ''
  for await (const text of texts) {
    pending += text
    if (pending.length < 64 * 1024) continue
    yield encoder.encode(pending)
    pending = ''
    const pause = pacer.pause()
    if (pause !== undefined) await pause
  }
  if (pending !== '') yield encoder.encode(pending)
}
