import { type Failure, failure } from '../../errors.ts'
import type { TableRow } from './file-item.ts'
import { createPacer, type Pacer } from './pacer.ts'
import { SharedStringReader, type SheetRow, SheetRowReader } from './sheet-rows.ts'
import { attribute, XmlFault, type XmlHandler, XmlScanner } from './xml.ts'
import { openZip, ZIP_LIMITS, type ZipArchive, ZipFault, type ZipLimits } from './zip.ts'

export type WorkbookResult =
  | { readonly ok: true; readonly rows: readonly TableRow[] }
  | { readonly ok: false; readonly failure: Failure; readonly detail: string }

/**
 * Rows with content of the first worksheet of a workbook (.xlsx, transitional or strict), in order of their row numbers:
 * the header and at most `maxRows` more. Reading stops there, so what follows costs nothing. A hostile file is refused
 * once it exceeds `limits`; nothing in it is followed (links, formulas, entities).
 */
export async function readWorkbook(
  bytes: Uint8Array,
  maxRows: number,
  limits: ZipLimits = ZIP_LIMITS,
): Promise<WorkbookResult> {
  if (bytes.length === 0) return { ok: false, failure: failure('FILE_EMPTY'), detail: 'The file is empty.' }
  try {
    if (startsWith(bytes, OLE_MAGIC)) {
      throw new ZipFault(
        'The file is an old .xls workbook or an encrypted one; save it as .xlsx without a password.',
      )
    }
    const archive = openZip(bytes, limits)
    const pacer = createPacer()
    const { sheet, sharedStrings } = await findParts(archive, pacer)
    const rows = await readSheet(archive, sheet, maxRows + 1, pacer)
    const texts = await readSharedStrings(archive, sharedStrings, rows, pacer)
    const table = await toTable(rows, texts, pacer)
    if (table.length === 0) {
      return { ok: false, failure: failure('FILE_EMPTY'), detail: 'The first sheet is empty.' }
    }
    return { ok: true, rows: table }
  } catch (fault) {
    if (!(fault instanceof ZipFault || fault instanceof XmlFault)) throw fault
    return { ok: false, failure: failure('FILE_UNPARSABLE'), detail: fault.message }
  }
}

/** First octets of a compound file: what .xls and password-protected .xlsx are. */
const OLE_MAGIC = [0xd0, 0xcf, 0x11, 0xe0]
const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((octet, i) => bytes[i] === octet)

/** Reads an XML part through `handler` until its end, or until `isEnough` says so. */
async function readPart(
  archive: ZipArchive,
  name: string,
  handler: XmlHandler,
  pacer: Pacer,
  isEnough: () => boolean = () => false,
): Promise<void> {
  const scanner = new XmlScanner(handler)
  let decoder: TextDecoder | undefined
  for (const piece of archive.read(name)) {
    decoder ??= new TextDecoder(encodingOf(piece), { fatal: true })
    scanner.write(decode(decoder, piece))
    if (isEnough()) return
    const pause = pacer.pause()
    if (pause !== undefined) await pause
  }
  if (decoder !== undefined) scanner.write(decode(decoder))
  scanner.end()
}

function decode(decoder: TextDecoder, piece?: Uint8Array): string {
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true })
  } catch (cause) {
    throw new XmlFault('A part of the workbook is no valid text.', { cause })
  }
}

/** ECMA-376 part 2, 6.2.3: parts are UTF-8 or UTF-16. */
function encodingOf(start: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}

interface Relationship {
  readonly id: string
  /** Last word of the type: `worksheet`, `sharedStrings`. Transitional and strict files differ in what is before it. */
  readonly kind: string
  /** Name of the part, without leading slash. */
  readonly target: string
}

/** The relationships of a part, those that leave the file excluded; [] when it has none. */
async function readRelationships(archive: ZipArchive, part: string, pacer: Pacer): Promise<Relationship[]> {
  const slash = part.lastIndexOf('/') + 1
  const folder = part.slice(0, slash)
  const name = `${folder}_rels/${part.slice(slash)}.rels`
  const found: Relationship[] = []
  if (!archive.has(name)) return found
  const handler: XmlHandler = {
    open(element, attributes) {
      const target = attribute(attributes, 'Target')
      if (element !== 'Relationship' || target === undefined) return
      if (attribute(attributes, 'TargetMode') === 'External') return
      const type = attribute(attributes, 'Type') ?? ''
      found.push({
        id: attribute(attributes, 'Id') ?? '',
        kind: type.slice(type.lastIndexOf('/') + 1),
        target: resolveTarget(folder, target),
      })
    },
    text() {},
    close() {},
  }
  await readPart(archive, name, handler, pacer)
  return found
}

function resolveTarget(folder: string, target: string): string {
  const steps = target.startsWith('/') ? [] : folder.split('/').filter((step) => step !== '')
  for (const step of target.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '' && step !== '.') steps.push(step)
  }
  return steps.join('/')
}

async function findParts(
  archive: ZipArchive,
  pacer: Pacer,
): Promise<{ sheet: string; sharedStrings: string | undefined }> {
  const root = await readRelationships(archive, '', pacer)
  const workbook = root.find(({ kind }) => kind === 'officeDocument')?.target ?? 'xl/workbook.xml'
  if (!archive.has(workbook)) throw new ZipFault('The file is no workbook.')
  const relationships = await readRelationships(archive, workbook, pacer)
  const sheetIds: string[] = []
  const handler: XmlHandler = {
    open(element, attributes) {
      const id = attribute(attributes, 'id')
      if (element === 'sheet' && id !== undefined) sheetIds.push(id)
    },
    text() {},
    close() {},
  }
  await readPart(archive, workbook, handler, pacer)
  const sheets = sheetIds.map((id) => relationships.find((relationship) => relationship.id === id))
  const sheet = sheets.find((relationship) => relationship?.kind === 'worksheet')
  if (sheet === undefined || !archive.has(sheet.target)) throw new ZipFault('The workbook has no worksheet.')
  return {
    sheet: sheet.target,
    sharedStrings: relationships.find(({ kind }) => kind === 'sharedStrings')?.target,
  }
}

async function readSheet(
  archive: ZipArchive,
  part: string,
  maxRows: number,
  pacer: Pacer,
): Promise<SheetRow[]> {
  const reader = new SheetRowReader()
  await readPart(archive, part, reader, pacer, () => reader.rows.length >= maxRows)
  const isOrdered = reader.rows.every((row, i) => i === 0 || reader.rows[i - 1]!.row <= row.row)
  const rows = isOrdered ? reader.rows : reader.rows.sort((a, b) => a.row - b.row)
  return rows.slice(0, maxRows)
}

async function readSharedStrings(
  archive: ZipArchive,
  part: string | undefined,
  rows: readonly SheetRow[],
  pacer: Pacer,
): Promise<ReadonlyMap<number, string>> {
  const wanted = new Set<number>()
  for (const { cells } of rows) for (const cell of cells) if (typeof cell === 'number') wanted.add(cell)
  if (wanted.size === 0) return new Map()
  if (part === undefined || !archive.has(part)) throw new ZipFault('The texts of the workbook are missing.')
  const reader = new SharedStringReader(wanted)
  await readPart(archive, part, reader, pacer, () => reader.isComplete)
  if (!reader.isComplete) throw new ZipFault('A cell refers to a text that the workbook does not have.')
  return reader.texts
}

/** Rows with text; what only looked like content, blanks, falls away. */
async function toTable(
  rows: readonly SheetRow[],
  texts: ReadonlyMap<number, string>,
  pacer: Pacer,
): Promise<TableRow[]> {
  const table: TableRow[] = []
  for (const { row, cells } of rows) {
    const asTexts = toTexts(cells, texts)
    if (asTexts.some((cell) => cell.trim() !== '')) table.push({ row, cells: asTexts })
    const pause = pacer.pause()
    if (pause !== undefined) await pause
  }
  return table
}

/** Line ends inside cells become line feeds, whatever wrote them. */
const toTexts = (cells: SheetRow['cells'], texts: ReadonlyMap<number, string>): string[] =>
  Array.from(cells, (cell) => {
    const text = typeof cell === 'number' ? (texts.get(cell) ?? '') : (cell ?? '')
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  })
