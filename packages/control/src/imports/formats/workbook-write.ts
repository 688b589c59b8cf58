import { Zip, ZipDeflate } from 'fflate'
import { createPacer } from './pacer.ts'

/** A number is written as a number cell, a text as a text cell. */
export type CellValue = string | number

export interface SheetColumn {
  readonly header: string
  /** Width in characters. */
  readonly width: number
  /** Values offered as a list in every cell below the header (at most 255 characters together, so few and short ones). */
  readonly choices?: readonly string[]
}

export interface Sheet {
  readonly name: string
  readonly columns: readonly SheetColumn[]
  readonly rows: Iterable<readonly CellValue[]> | AsyncIterable<readonly CellValue[]>
}

const NAMESPACE = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const CONTENT_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const XML_START = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** Last row of a sheet: how far choices and text format reach. */
const LAST_ROW = 1_048_576
const STYLE_HEADER = 1
const STYLE_TEXT = 2
/** XML is handed to the compressor in pieces of about this many characters. */
const PIECE_LENGTH = 64 * 1024

/** The same content always gives the same octets: entries carry this date, and nothing says who wrote them when. */
const ENTRY_DATE = new Date(2026, 0, 1)

/**
 * Writes a workbook (ECMA-376, transitional) piece by piece: bold header row that stays in view, texts inline, wrapped and
 * formatted as text, so that a spreadsheet leaves `1-2` and `=x` alone. Holds one piece of a sheet in memory at a time.
 */
export async function* writeWorkbook(sheets: readonly Sheet[]): AsyncGenerator<Uint8Array, void> {
  const pacer = createPacer()
  let out: Uint8Array[] = []
  const zip = new Zip((error, piece) => {
    if (error !== null) throw error
    if (piece.length > 0) out.push(piece)
  })
  const encoder = new TextEncoder()
  const addPart = (name: string): ZipDeflate => {
    const part = new ZipDeflate(name, { level: 4 })
    part.mtime = ENTRY_DATE
    zip.add(part)
    return part
  }
  for (const [name, xml] of fixedParts(sheets)) addPart(name).push(encoder.encode(XML_START + xml), true)
  for (const [n, sheet] of sheets.entries()) {
    const part = addPart(`xl/worksheets/sheet${n + 1}.xml`)
    for await (const xml of sheetXml(sheet)) {
      part.push(encoder.encode(xml))
      yield* out
      out = []
      const pause = pacer.pause()
      if (pause !== undefined) await pause
    }
    part.push(new Uint8Array(0), true)
  }
  zip.end()
  yield* out
}

function fixedParts(sheets: readonly Sheet[]): [name: string, xml: string][] {
  const numbers = sheets.map((_, n) => n + 1)
  const relationship = (id: string, kind: string, target: string): string =>
    `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`
  const override = (part: string, kind: string): string =>
    `<Override PartName="${part}" ContentType="${CONTENT_TYPE}.${kind}+xml"/>`
  return [
    [
      '[Content_Types].xml',
      `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ` +
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
        '<Default Extension="xml" ContentType="application/xml"/>' +
        override('/xl/workbook.xml', 'sheet.main') +
        override('/xl/styles.xml', 'styles') +
        numbers.map((n) => override(`/xl/worksheets/sheet${n}.xml`, 'worksheet')).join('') +
        '</Types>',
    ],
    [
      '_rels/.rels',
      `<Relationships xmlns="${PACKAGE}/relationships">${relationship('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `<workbook xmlns="${NAMESPACE}" xmlns:r="${OFFICE}"><sheets>` +
        sheets
          .map(({ name }, n) => `<sheet name="${escapeXml(name)}" sheetId="${n + 1}" r:id="rId${n + 1}"/>`)
          .join('') +
        '</sheets></workbook>',
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${PACKAGE}/relationships">` +
        numbers.map((n) => relationship(`rId${n}`, 'worksheet', `worksheets/sheet${n}.xml`)).join('') +
        relationship(`rId${sheets.length + 1}`, 'styles', 'styles.xml') +
        '</Relationships>',
    ],
    ['xl/styles.xml', STYLES],
  ]
}

/** Cell formats: 0 plain, 1 header (bold on grey), 2 text (number format 49 = `@`), wrapped and at the top. */
const STYLES =
  `<styleSheet xmlns="${NAMESPACE}">` +
  '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>' +
  '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
  '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>' +
  '<fill><patternFill patternType="solid"><fgColor rgb="FFE7E6E6"/><bgColor indexed="64"/></patternFill></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
  '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
  '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>' +
  '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">' +
  '<alignment vertical="top" wrapText="1"/></xf></cellXfs>' +
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'

async function* sheetXml({ columns, rows }: Sheet): AsyncGenerator<string, void> {
  let xml =
    `${XML_START}<worksheet xmlns="${NAMESPACE}"><sheetViews><sheetView workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>' +
    columns
      .map(
        ({ width }, n) =>
          `<col min="${n + 1}" max="${n + 1}" width="${width}" style="${STYLE_TEXT}" customWidth="1"/>`,
      )
      .join('') +
    `</cols><sheetData>${rowXml(
      1,
      columns.map(({ header }) => header),
      STYLE_HEADER,
    )}`
  let row = 1
  for await (const cells of rows) {
    row += 1
    xml += rowXml(row, cells, STYLE_TEXT)
    if (xml.length >= PIECE_LENGTH) {
      yield xml
      xml = ''
    }
  }
  yield `${xml}</sheetData>${choicesXml(columns)}</worksheet>`
}

function rowXml(row: number, cells: readonly CellValue[], style: number): string {
  let xml = `<row r="${row}">`
  for (const [n, cell] of cells.entries()) {
    if (cell === '') continue
    const reference = `${columnLetter(n)}${row}`
    xml +=
      typeof cell === 'number'
        ? `<c r="${reference}"><v>${cell}</v></c>`
        : `<c r="${reference}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`
  }
  return `${xml}</row>`
}

function choicesXml(columns: readonly SheetColumn[]): string {
  const lists = columns.flatMap(({ choices }, n) => {
    if (choices === undefined) return []
    const letter = columnLetter(n)
    return [
      `<dataValidation type="list" allowBlank="1" sqref="${letter}2:${letter}${LAST_ROW}">` +
        `<formula1>"${escapeXml(choices.join(','))}"</formula1></dataValidation>`,
    ]
  })
  return lists.length === 0
    ? ''
    : `<dataValidations count="${lists.length}">${lists.join('')}</dataValidations>`
}

/** We never write more than 26 columns. */
const columnLetter = (column: number): string => String.fromCharCode(0x41 + column)

const XML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** Text for XML; characters that XML cannot hold, and texts that look like their escape, go as `_xHHHH_` (ECMA-376 22.9.2.19). */
function escapeXml(text: string): string {
  if (!/[&<>"\p{Cc}\ufffe\uffff]|_x/u.test(text)) return text
  return text
    .replace(/_(?=x[0-9a-fA-F]{4}_)/g, '_x005F_')
    .replace(/(?![\t\n])[\p{Cc}\ufffe\uffff]/gu, (character) => {
      return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`
    })
    .replace(/[&<>"]/g, (character) => XML_ESCAPES[character]!)
}
