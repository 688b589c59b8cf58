import { findColumns } from './columns.ts'
import type { TableRow } from './file-item.ts'
import type { Pacer } from './pacer.ts'

/**
 * Reads comma-separated values (RFC 4180) as spreadsheets really write them: with a byte order mark, in UTF-8, UTF-16 or
 * GB18030, separated by comma, semicolon or tab, lines ended by CRLF, LF or CR. A damaged row becomes a row with a
 * fault, and reading goes on with the next line: one stray quote never swallows the rest of the file.
 */

/** Decodes the octets of a text file. The mark decides; without one it is UTF-8, or GB18030 when it cannot be UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

/**
 * Decodes a zone file. One that is not in UTF-8 has every octet above ASCII as an escape (RFC 1035 5.1), so that its records keep
 * the octets they have.
 */
export function decodeZoneText(bytes: Uint8Array): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return decodeText(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    return text.replace(/[\x80-\xff]/g, (octet) => `\\${octet.charCodeAt(0)}`)
  }
}

const SEPARATORS = [',', ';', '\t'] as const

/** Rows with content, the header first; undefined when the first row is no header with any separator. */
export async function readCsv(bytes: Uint8Array, pacer: Pacer): Promise<TableRow[] | undefined> {
  const text = decodeText(bytes)
  for (const separator of SEPARATORS) {
    const header = new CsvText(text, separator).next()
    if (header === undefined || header.fault !== undefined || findColumns(header) === undefined) continue
    return readRows(new CsvText(text, separator), header.cells.length, pacer)
  }
  return undefined
}

async function readRows(csv: CsvText, width: number, pacer: Pacer): Promise<TableRow[]> {
  const rows: TableRow[] = []
  for (let row = csv.next(); row !== undefined; row = csv.next()) {
    rows.push(withWidthChecked(row, width))
    const pause = pacer.pause()
    if (pause !== undefined) await pause
  }
  return rows
}

/** Cells beyond the header belong to no column: most often a separator inside a cell that should have been quoted. */
function withWidthChecked(row: TableRow, width: number): TableRow {
  if (row.fault !== undefined || row.cells.slice(width).every((cell) => cell.trim() === '')) return row
  return { ...row, fault: `Line ${row.row} has ${row.cells.length} cells, the header has ${width}.` }
}

const QUOTE = '"'

class CsvText {
  readonly #text: string
  readonly #separator: string
  #at = 0
  #line = 1
  /** Characters that may be read a second time after a damaged row, so that reading stays linear in the file's size. */
  #rereadLeft: number

  constructor(text: string, separator: string) {
    this.#text = text
    this.#separator = separator
    this.#rereadLeft = 4 * text.length
  }

  /** The next row that is not blank. */
  next(): TableRow | undefined {
    while (this.#at < this.#text.length) {
      const row = this.#row()
      if (row.fault !== undefined || row.cells.some((cell) => cell.trim() !== '')) return row
    }
    return undefined
  }

  #row(): TableRow {
    const start = this.#at
    const row = this.#line
    const cells: string[] = []
    for (;;) {
      const cell = this.#cell()
      if (typeof cell !== 'string') return this.#damaged(start, row, cell.fault)
      cells.push(cell)
      if (this.#text[this.#at] === this.#separator) {
        this.#at += 1
        continue
      }
      this.#lineEnd()
      return { row, cells }
    }
  }

  /** A cell; afterwards `#at` stands on a separator, a line end or the end. */
  #cell(): string | { fault: string } {
    if (this.#text[this.#at] !== QUOTE) return this.#plainCell()
    const startLine = this.#line
    let value = ''
    let from = this.#at + 1
    for (;;) {
      const quote = this.#text.indexOf(QUOTE, from)
      if (quote === -1) {
        this.#at = this.#text.length
        return { fault: `Line ${startLine}: a quoted cell has no closing quote.` }
      }
      const part = this.#text.slice(from, quote)
      value += part
      this.#line += lineEnds(part)
      if (this.#text[quote + 1] === QUOTE) {
        value += QUOTE
        from = quote + 2
        continue
      }
      this.#at = quote + 1
      const next = this.#text[this.#at]
      if (next === undefined || next === this.#separator || next === '\n' || next === '\r') {
        return value.replace(/\r\n?/g, '\n')
      }
      return {
        fault: `Line ${startLine}: there is text after the quote that closes a cell on line ${this.#line}.`,
      }
    }
  }

  #plainCell(): string {
    const from = this.#at
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at]
      if (character === this.#separator || character === '\n' || character === '\r') break
    }
    return this.#text.slice(from, this.#at)
  }

  #lineEnd(): void {
    if (this.#at >= this.#text.length) return
    this.#at += this.#text.startsWith('\r\n', this.#at) ? 2 : 1
    this.#line += 1
  }

  /** Goes back to the line where the row began, shows it as it stands and goes on with the line after it. */
  #damaged(start: number, row: number, fault: string): TableRow {
    this.#rereadLeft -= this.#at - start
    if (this.#rereadLeft < 0) {
      this.#at = this.#text.length
      return {
        row,
        cells: [],
        fault: `Quotes are so mixed up from line ${row} on that the rest is not read.`,
      }
    }
    this.#at = start
    this.#line = row
    while (this.#at < this.#text.length && this.#text[this.#at] !== '\n' && this.#text[this.#at] !== '\r')
      this.#at++
    const cells = this.#text.slice(start, this.#at).split(this.#separator)
    this.#lineEnd()
    return { row, cells, fault }
  }
}

const lineEnds = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0
