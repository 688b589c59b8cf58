import { attribute, type XmlHandler } from './xml.ts'

/** A cell as the sheet has it: its text, or the number of a shared string that is looked up later. */
export type SheetCell = string | number

export interface SheetRow {
  readonly row: number
  /** By column; holes are blank cells. */
  readonly cells: SheetCell[]
}

/** Columns beyond this are not looked at: the eight columns of a record set stand somewhere before. */
const MAX_COLUMNS = 64
/** Characters of a formula that are shown in place of its value. */
const MAX_FORMULA = 200

/**
 * Collects the rows of a worksheet part (ECMA-376 part 1, 18.3) that have content. Of a formula the cached value counts; one
 * that was never calculated shows itself (`=A1&"x"`), because a blank name means the apex and a blank TTL the default.
 * References on rows and cells are optional: without one a row or cell follows the one before.
 */
export class SheetRowReader implements XmlHandler {
  readonly rows: SheetRow[] = []
  #inData = false
  #rowNumber = 0
  #cells: SheetCell[] = []
  #hasContent = false
  #column = -1
  #cellType = ''
  #text = ''
  /** Set inside a cell that has a formula. */
  #formula: string | undefined
  #taking: 'value' | 'formula' | undefined
  /** Depth inside `rPh`: readings of phonetic runs are no content. */
  #phonetic = false

  open(name: string, attributes: string): void {
    switch (name) {
      case 'sheetData':
        this.#inData = true
        break
      case 'row': {
        const reference = Number(attribute(attributes, 'r'))
        this.#rowNumber = Number.isSafeInteger(reference) && reference > 0 ? reference : this.#rowNumber + 1
        this.#cells = []
        this.#hasContent = false
        this.#column = -1
        break
      }
      case 'c':
        this.#column = columnOf(attribute(attributes, 'r')) ?? this.#column + 1
        this.#cellType = attribute(attributes, 't') ?? 'n'
        this.#text = ''
        this.#formula = undefined
        break
      case 'f':
        this.#formula = ''
        this.#taking = 'formula'
        break
      case 'rPh':
        this.#phonetic = true
        break
      case 'v':
      case 't':
        this.#taking = this.#inData && !this.#phonetic ? 'value' : undefined
        break
    }
  }

  text(text: string): void {
    if (this.#taking === 'value') this.#text += text
    else if (this.#taking === 'formula') this.#formula += text
  }

  close(name: string): void {
    switch (name) {
      case 'f':
      case 'v':
      case 't':
        this.#taking = undefined
        break
      case 'rPh':
        this.#phonetic = false
        break
      case 'c':
        this.#endCell()
        break
      case 'row':
        if (this.#inData && this.#hasContent) this.rows.push({ row: this.#rowNumber, cells: this.#cells })
        break
      case 'sheetData':
        this.#inData = false
        break
    }
  }

  #endCell(): void {
    if (this.#column >= MAX_COLUMNS) return
    if (this.#text !== '') this.#cells[this.#column] = cellValue(this.#cellType, this.#text)
    // A result that is an empty text has the type of a text.
    else if (this.#formula !== undefined && this.#cellType !== 'str')
      this.#cells[this.#column] = `=${this.#formula.slice(0, MAX_FORMULA)}`
    else return
    this.#hasContent = true
  }
}

function cellValue(type: string, text: string): SheetCell {
  switch (type) {
    case 's': {
      const index = Number(text)
      return Number.isSafeInteger(index) && index >= 0 ? index : ''
    }
    case 'b':
      return text.trim() === '1' ? 'TRUE' : 'FALSE'
    case 'n':
      return numberText(text)
    case 'inlineStr':
    case 'str':
      return unescapeText(text)
    default:
      // 'e' (an error such as #N/A) and 'd' (an ISO date) show what they say.
      return text
  }
}

/** `300.0` and `3E2` are the same number cell as `300`; the text is what a person sees. */
function numberText(text: string): string {
  const value = Number(text)
  return text.trim() === '' || !Number.isFinite(value) ? text : String(value)
}

/** ECMA-376 part 1, 22.9.2.19: characters that XML cannot hold, and line ends, are written `_xHHHH_`. */
export const unescapeText = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9a-fA-F]{4})_/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : text

/** `B7` → 1; undefined when there is no reference or none that can be read. */
function columnOf(reference: string | undefined): number | undefined {
  if (reference === undefined) return undefined
  let column = 0
  let at = 0
  for (; at < reference.length && at < 4; at++) {
    const letter = (reference.charCodeAt(at) | 0x20) - 0x60
    if (letter < 1 || letter > 26) break
    column = column * 26 + letter
  }
  return at === 0 || column > 16384 ? undefined : column - 1
}

/**
 * Keeps of the shared strings (ECMA-376 part 1, 18.4) only those that some cell refers to, so a table of strings nobody
 * asks for costs no memory. Runs of rich text are joined, phonetic readings left out.
 */
export class SharedStringReader implements XmlHandler {
  readonly texts = new Map<number, string>()
  readonly #wanted: ReadonlySet<number>
  #index = -1
  #text = ''
  #taking = false
  #phonetic = false

  constructor(wanted: ReadonlySet<number>) {
    this.#wanted = wanted
  }

  get isComplete(): boolean {
    return this.texts.size === this.#wanted.size
  }

  open(name: string): void {
    if (name === 'si') {
      this.#index += 1
      this.#text = ''
    } else if (name === 'rPh') this.#phonetic = true
    else if (name === 't') this.#taking = !this.#phonetic && this.#wanted.has(this.#index)
  }

  text(text: string): void {
    if (this.#taking) this.#text += text
  }

  close(name: string): void {
    if (name === 't') this.#taking = false
    else if (name === 'rPh') this.#phonetic = false
    else if (name === 'si' && this.#wanted.has(this.#index))
      this.texts.set(this.#index, unescapeText(this.#text))
  }
}
