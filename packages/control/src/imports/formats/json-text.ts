/** The text is no JSON; `at` is the offset where it stops being so. */
export class JsonFault extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

/** Record sets nest three levels deep. */
const MAX_DEPTH = 64

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const WORDS = ['true', 'false', 'null'] as const

/**
 * Walks over JSON text (RFC 8259) without building values: finds where each value ends and where exactly the text stops
 * being JSON. The runtime's own parser tells neither, and cannot be interrupted in a file of 100,000 items.
 */
export class JsonCursor {
  readonly text: string
  at = 0

  constructor(text: string) {
    this.text = text
  }

  get character(): string | undefined {
    return this.text[this.at]
  }

  skipBlanks(): void {
    for (; this.at < this.text.length; this.at++) {
      const code = this.text.charCodeAt(this.at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break
    }
  }

  /** Goes behind the value that begins here. */
  skipValue(depth = 0): void {
    if (depth > MAX_DEPTH) throw new JsonFault('The values are nested too deep', this.at)
    switch (this.character) {
      case '{':
        for (const _ of this.elements('}')) {
          this.key()
          this.skipValue(depth + 1)
        }
        break
      case '[':
        for (const _ of this.elements(']')) this.skipValue(depth + 1)
        break
      case '"':
        this.#skipString()
        break
      default:
        this.#skipWordOrNumber()
    }
  }

  /**
   * Stops at every element between the bracket here and `close`. Whoever iterates goes behind the element (`skipValue`)
   * before asking for the next; at the end the cursor is behind `close`.
   */
  *elements(close: ']' | '}'): Generator<undefined, void> {
    this.at += 1
    this.skipBlanks()
    if (this.character !== close) {
      for (;;) {
        yield
        this.skipBlanks()
        if (this.character === close) break
        if (this.character !== ',') throw this.unexpected(`a comma or ${close}`)
        this.at += 1
        this.skipBlanks()
      }
    }
    this.at += 1
  }

  /** Reads the key here and goes to its value. */
  key(): string {
    if (this.character !== '"') throw this.unexpected('a quoted key')
    const start = this.at
    this.#skipString()
    const key: string = JSON.parse(this.text.slice(start, this.at))
    this.skipBlanks()
    if (this.text[this.at] !== ':') throw this.unexpected('a colon')
    this.at += 1
    this.skipBlanks()
    return key
  }

  /** The fault that something other than `wanted` stands here. */
  unexpected(wanted: string): JsonFault {
    const code = this.text.codePointAt(this.at)
    const found =
      code === undefined ? 'The text ends' : `There is ${JSON.stringify(String.fromCodePoint(code))}`
    return new JsonFault(`${found} where ${wanted} should be`, this.at)
  }

  #skipWordOrNumber(): void {
    const word = WORDS.find((candidate) => this.text.startsWith(candidate, this.at))
    NUMBER.lastIndex = this.at
    if (word !== undefined) this.at += word.length
    else if (NUMBER.test(this.text)) this.at = NUMBER.lastIndex
    else throw this.unexpected('a value')
  }

  #skipString(): void {
    const start = this.at
    for (this.at += 1; ; ) {
      const code = this.text.charCodeAt(this.at)
      if (code === 0x22) break
      if (Number.isNaN(code)) throw new JsonFault('A text has no closing quote', start)
      if (code < 0x20) throw new JsonFault('A text contains a control character or line end', this.at)
      if (code !== 0x5c) this.at += 1
      else {
        ESCAPE.lastIndex = this.at
        if (!ESCAPE.test(this.text)) throw new JsonFault('A backslash begins no known escape', this.at)
        this.at = ESCAPE.lastIndex
      }
    }
    this.at += 1
  }
}

/** Line and column, both from 1, of an offset. */
export function placeOf(text: string, at: number): { line: number; column: number } {
  return { line: 1 + lineEndsBetween(text, 0, at), column: at - (text.lastIndexOf('\n', at - 1) + 1) + 1 }
}

/** Number of line feeds from `from` up to, not including, `to`. */
export function lineEndsBetween(text: string, from: number, to: number): number {
  // Not with indexOf on the whole text: in a file of one long line every call would search to its end.
  let count = 0
  for (let at = from; at < to; at++) if (text.charCodeAt(at) === 0x0a) count += 1
  return count
}
