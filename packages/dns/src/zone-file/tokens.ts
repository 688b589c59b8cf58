import type { Problem } from '../result.ts'

/** One word or quoted string of a zone file or an rdata text. */
export interface Token {
  /** As written, escapes kept; without the quotes when `isQuoted`. */
  readonly text: string
  readonly isQuoted: boolean
  readonly line: number
  readonly column: number
}

/** One record or directive: a line, or several joined by parentheses. */
export interface Entry {
  readonly tokens: readonly Token[]
  /** Whether the first token stands at the very start of the line, where the owner name goes. */
  readonly hasOwner: boolean
  readonly line: number
  /** Faults of the tokens themselves; the entry can't be used when there are any. */
  readonly problems: readonly Problem[]
}

const TAB = 0x09
const NEWLINE = 0x0a
const RETURN = 0x0d
const BLANK = 0x20
const QUOTE = 0x22
const OPEN = 0x28
const CLOSE = 0x29
const SEMICOLON = 0x3b
const EQUALS = 0x3d
const BACKSLASH = 0x5c

/** Splits a zone file into entries (RFC 1035 5.1). Reads on after every fault, at the next line. */
export class TokenScanner {
  readonly #text: string
  #at = 0
  #line = 1
  #lineStart = 0
  #tokens: Token[] = []
  #problems: Problem[] = []

  constructor(text: string) {
    this.#text = text
    if (text.charCodeAt(0) === 0xfeff) this.#at = this.#lineStart = 1 // byte order mark of some editors
  }

  /** The next entry that holds a token or a fault; null at the end of the text. */
  next(): Entry | null {
    while (this.#at < this.#text.length) {
      const line = this.#line
      const first = this.#text.charCodeAt(this.#at)
      this.#tokens = []
      this.#problems = []
      this.#readEntry()
      const tokens = this.#tokens
      if (tokens.length === 0 && this.#problems.length === 0) continue
      const hasOwner = first !== BLANK && first !== TAB && first !== OPEN
      return { tokens, hasOwner, line: tokens[0]?.line ?? line, problems: this.#problems }
    }
    return null
  }

  #readEntry(): void {
    const text = this.#text
    let open: { at: number; line: number; lineStart: number } | null = null
    while (this.#at < text.length) {
      const code = text.charCodeAt(this.#at)
      if (code === NEWLINE) {
        this.#newLine()
        if (open === null) return
      } else if (code === BLANK || code === TAB || code === RETURN) {
        this.#at++
      } else if (code === SEMICOLON) {
        this.#skipLine()
      } else if (code === OPEN) {
        // A second "(" means that the first was never closed: nesting has no use and NSD refuses it too.
        if (open !== null) {
          this.#unclosed(open)
          return
        }
        open = { at: this.#at++, line: this.#line, lineStart: this.#lineStart }
      } else if (code === CLOSE) {
        if (open === null) this.#problem('parenthesis-not-open', 'There is no "(" for this ")".', this.#at)
        open = null
        this.#at++
      } else {
        this.#readToken()
      }
    }
    if (open !== null) this.#unclosed(open)
  }

  /** Goes back to the line of the open parenthesis and on with the line after it, so that one slip hides one entry. */
  #unclosed(open: { at: number; line: number; lineStart: number }): void {
    this.#line = open.line
    this.#lineStart = open.lineStart
    this.#problems = this.#problems.filter(({ line }) => line === undefined || line <= open.line)
    this.#problem('parenthesis-not-closed', 'There is no ")" for this "(".', open.at)
    this.#at = open.at
    this.#skipLine()
  }

  #readToken(): void {
    const start = this.#at
    const isQuoted = this.#text.charCodeAt(start) === QUOTE
    const end = isQuoted ? quotedEnd(this.#text, start) : wordEnd(this.#text, start)
    if (end < 0) {
      this.#problem('quote-not-closed', 'A quoted string must end on its line.', start)
      this.#skipLine()
      return
    }
    const text = isQuoted ? this.#text.slice(start + 1, end - 1) : this.#text.slice(start, end)
    this.#tokens.push({ text, isQuoted, line: this.#line, column: start - this.#lineStart + 1 })
    this.#at = end
  }

  #skipLine(): void {
    const end = this.#text.indexOf('\n', this.#at)
    this.#at = end < 0 ? this.#text.length : end
  }

  #newLine(): void {
    this.#line++
    this.#lineStart = ++this.#at
  }

  #problem(id: string, detail: string, at: number): void {
    this.#problems.push({ id, detail, line: this.#line, column: at - this.#lineStart + 1 })
  }
}

/**
 * Splits the text of one rdata, where comments, parentheses and line ends have no place: a `;` that would swallow half of
 * a value is a fault, not a comment.
 */
export function scanValue(text: string, problems: Problem[]): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === BLANK || code === TAB) {
      at++
      continue
    }
    const column = at + 1
    if (code === NEWLINE || code === RETURN || code === SEMICOLON || code === OPEN || code === CLOSE) {
      const detail = 'Line ends, ";", "(" and ")" must be quoted or escaped in a value.'
      problems.push({ id: 'value-bad-character', detail, line: 1, column })
      at++
      continue
    }
    const isQuoted = code === QUOTE
    const end = isQuoted ? quotedEnd(text, at) : wordEnd(text, at)
    if (end < 0) {
      problems.push({ id: 'quote-not-closed', detail: 'A quoted string has no end.', line: 1, column })
      break
    }
    tokens.push({
      text: isQuoted ? text.slice(at + 1, end - 1) : text.slice(at, end),
      isQuoted,
      line: 1,
      column,
    })
    at = end
  }
  return tokens
}

/** Where the quoted string at `start` ends, its quote included; -1 when the line ends first. */
function quotedEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) return at + 1
    if (code === NEWLINE) return -1
    if (code === BACKSLASH) {
      if (text.charCodeAt(at + 1) === NEWLINE) return -1
      at++
    }
  }
  return -1
}

/** Where the word at `start` ends. `key="a b"` is one word (RFC 9460 2.1); -1 when such a quote has no end. */
function wordEnd(text: string, start: number): number {
  let at = start
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code > SEMICOLON) {
      at += code === BACKSLASH && at + 1 < text.length && text.charCodeAt(at + 1) !== NEWLINE ? 2 : 1
    } else if (code === QUOTE) {
      if (text.charCodeAt(at - 1) !== EQUALS) return at
      return quotedEnd(text, at)
    } else if (
      code === BLANK ||
      code === TAB ||
      code === NEWLINE ||
      code === RETURN ||
      code === SEMICOLON ||
      code === OPEN ||
      code === CLOSE
    ) {
      return at
    } else {
      at++
    }
  }
  return at
}
