/**
 * A forward reader for the XML of workbooks: elements, attributes, text and CDATA, prefixes dropped. It takes text in
 * chunks of any size, keeps no tree, and refuses what workbooks never contain and attackers like: document type
 * declarations (hence any entity beyond the five of XML) and tokens without end. docs/decisions/0020 tells why it is ours.
 */

/** The text is not XML, or XML that we refuse. */
export class XmlFault extends Error {}

export interface XmlHandler {
  /** `attributes` is the raw text between name and end of the tag; take values out of it with `attribute`. */
  open(name: string, attributes: string): void
  text(text: string): void
  close(name: string): void
}

/** Longest single tag or run of text. A cell holds at most 32,767 characters, which grow at most tenfold as entities. */
const MAX_TOKEN = 1024 * 1024

const LESS_THAN = 0x3c
const SLASH = 0x2f
const EXCLAMATION = 0x21
const QUESTION = 0x3f
const QUOTE = 0x22
const APOSTROPHE = 0x27
const GREATER_THAN = 0x3e

export class XmlScanner {
  readonly #handler: XmlHandler
  /** Beginning of a token whose end has not arrived yet. */
  #rest = ''
  #depth = 0
  #rooted = false

  constructor(handler: XmlHandler) {
    this.#handler = handler
  }

  write(chunk: string): void {
    const input = this.#rest === '' ? chunk : this.#rest + chunk
    let at = 0
    for (;;) {
      const end = this.#token(input, at)
      if (end === -1) break
      at = end
    }
    this.#rest = input.slice(at)
    if (this.#rest.length > MAX_TOKEN) throw new XmlFault('A tag or text has no end.')
  }

  /** Call after the last chunk: the document must be complete. */
  end(): void {
    if (this.#depth !== 0 || !this.#rooted || this.#rest.trim() !== '')
      throw new XmlFault('The text is cut off.')
  }

  /** Handles the token at `at` and returns the place after it, -1 when it is not complete. */
  #token(input: string, at: number): number {
    if (at >= input.length) return -1
    if (input.charCodeAt(at) !== LESS_THAN) {
      const end = input.indexOf('<', at)
      if (end === -1) return -1
      if (this.#depth > 0) this.#handler.text(decodeEntities(input.slice(at, end)))
      return end
    }
    const second = input.charCodeAt(at + 1)
    if (second === EXCLAMATION) return this.#declaration(input, at)
    if (second === QUESTION) return after(input, '?>', at + 2)
    const end = tagEnd(input, at + 1)
    if (end === -1) return -1
    if (second === SLASH) this.#closeTag(input.slice(at + 2, end))
    else this.#openTag(input, at + 1, end)
    return end + 1
  }

  #declaration(input: string, at: number): number {
    if (input.startsWith('<!--', at)) return after(input, '-->', at + 4)
    if (input.startsWith('<![CDATA[', at)) {
      const end = after(input, ']]>', at + 9)
      if (end !== -1 && this.#depth > 0) this.#handler.text(input.slice(at + 9, end - 3))
      return end
    }
    if (input.length - at < 9) return -1
    throw new XmlFault('Document type declarations are not accepted.')
  }

  #openTag(input: string, start: number, end: number): void {
    const selfClosing = input.charCodeAt(end - 1) === SLASH
    const last = selfClosing ? end - 1 : end
    let nameEnd = start
    let nameStart = start
    for (; nameEnd < last; nameEnd++) {
      const code = input.charCodeAt(nameEnd)
      if (code <= 0x20) break
      if (code === 0x3a) nameStart = nameEnd + 1
    }
    if (nameEnd === nameStart) throw new XmlFault('A tag has no name.')
    if (this.#depth === 0 && this.#rooted) throw new XmlFault('There is more than one root element.')
    this.#rooted = true
    const name = input.slice(nameStart, nameEnd)
    this.#handler.open(name, nameEnd === last ? '' : input.slice(nameEnd, last))
    if (selfClosing) this.#handler.close(name)
    else this.#depth += 1
  }

  #closeTag(raw: string): void {
    if (this.#depth === 0) throw new XmlFault('An element is closed that was not open.')
    this.#depth -= 1
    this.#handler.close(raw.slice(raw.indexOf(':') + 1).trimEnd())
  }
}

const after = (input: string, mark: string, from: number): number => {
  const at = input.indexOf(mark, from)
  return at === -1 ? -1 : at + mark.length
}

/** Place of the `>` that ends the tag; one inside a quoted value does not. */
function tagEnd(input: string, from: number): number {
  let quote = 0
  for (let at = from; at < input.length; at++) {
    const code = input.charCodeAt(at)
    if (quote !== 0) {
      if (code === quote) quote = 0
    } else if (code === GREATER_THAN) return at
    else if (code === QUOTE || code === APOSTROPHE) quote = code
    else if (code === LESS_THAN) throw new XmlFault('A tag begins inside a tag.')
  }
  return -1
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&([^;&]{0,12});?/g, (whole, name: string) => {
    const known = ENTITIES[name]
    if (known !== undefined && whole.endsWith(';')) return known
    const digits = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name)
    const code = digits === null ? Number.NaN : digits[1] ? Number.parseInt(digits[1], 16) : Number(digits[2])
    if (!(code > 0 && code <= 0x10ffff)) throw new XmlFault(`The entity ${whole} is not known.`)
    return String.fromCodePoint(code)
  })
}

interface AttributePattern {
  /** How nearly every writer puts it: ` name="`. */
  readonly usual: string
  readonly any: RegExp
}

const patterns = new Map<string, AttributePattern>()

function patternOf(name: string): AttributePattern {
  let pattern = patterns.get(name)
  if (pattern === undefined) {
    const any = new RegExp(`\\s(?:[\\w.-]+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
    pattern = { usual: ` ${name}="`, any }
    patterns.set(name, pattern)
  }
  return pattern
}

/** Prefixes, apostrophes and blanks other than one before the name: what the quick search cannot judge. */
const UNUSUAL = /['\n\r\t:]|\s=|=\s/

/** The value of an attribute by its name without prefix, from the raw text that `open` gave. */
export function attribute(attributes: string, name: string): string | undefined {
  const { usual, any } = patternOf(name)
  const start = attributes.indexOf(usual)
  if (start !== -1) {
    const from = start + usual.length
    return decodeEntities(attributes.slice(from, attributes.indexOf('"', from)))
  }
  if (!UNUSUAL.test(attributes)) return undefined
  const match = any.exec(attributes)
  return match === null ? undefined : decodeEntities(match[1] ?? match[2] ?? '')
}
