import { encodeUtf8 } from '../feed-codec.ts'
import { readEscape } from '../name.ts'
import type { Token } from '../zone-file/tokens.ts'
import type { Field, RdataWriter, TokenReader } from './field.ts'

const MAX_STRING_SIZE = 255

/** A character string of RFC 1035 3.3: one octet of length and up to 255 octets. */
export function characterString<const Name extends string>(name: Name): Field<Name, Uint8Array> {
  return {
    name,
    parse(reader, writer) {
      const token = reader.next(name)
      if (token !== null) writeString(name, token, reader, writer)
    },
    measure(octets, at, end) {
      const size = at < end ? 1 + octets[at]! : -1
      return at + size <= end ? size : -1
    },
    format: (octets, at, end) => quote(octets, at + 1, end),
    value: (octets, at, end) => octets.subarray(at + 1, end),
  }
}

/** One or more character strings, up to the end of the rdata. */
export function characterStrings<const Name extends string>(name: Name): Field<Name, Uint8Array> {
  return {
    name,
    parse(reader, writer) {
      do {
        const token = reader.next(name)
        if (token === null) return
        writeString(name, token, reader, writer)
      } while (!reader.isDone)
    },
    measure(octets, at, end) {
      let next = at
      while (next < end) next += 1 + octets[next]!
      return next === end && next > at ? end - at : -1
    },
    format(octets, at, end) {
      const strings: string[] = []
      for (let next = at; next < end; next += 1 + octets[next]!) {
        strings.push(quote(octets, next + 1, next + 1 + octets[next]!))
      }
      return strings.join(' ')
    },
    value: (octets, at, end) => octets.subarray(at, end),
  }
}

/** Octets up to the end of the rdata without a length of their own, written as one quoted string (CAA, URI). */
export function quotedRest<const Name extends string>(name: Name): Field<Name, Uint8Array> {
  return {
    name,
    parse(reader, writer) {
      const token = reader.next(name)
      if (token !== null) writeText(name, token, reader, writer)
    },
    measure: (_octets, at, end) => end - at,
    format: quote,
    value: (octets, at, end) => octets.subarray(at, end),
  }
}

/**
 * A character string written as a bare word of letters and digits: the CAA tag, in which case has no meaning and which is
 * sent in lower case (RFC 8659 4.1). NSD refuses other texts, so a tag that came in upper case is written in generic form.
 */
export function lowerCaseWord<const Name extends string>(name: Name): Field<Name, string> {
  const value = (octets: Uint8Array, at: number, end: number) =>
    String.fromCharCode(...octets.subarray(at + 1, end))
  return {
    name,
    isCaseless: true,
    parse(reader, writer) {
      const token = reader.nextWord(name)
      if (token === null) return
      if (isAlphanumeric(token.text) && token.text.length <= MAX_STRING_SIZE) {
        writer.u8(token.text.length)
        writer.bytes(encodeUtf8(token.text.toLowerCase()))
      } else {
        const detail = `The ${name} "${token.text}" must be 1 to 255 letters and digits.`
        reader.refuse('word-invalid', detail, token)
      }
    },
    measure(octets, at, end) {
      const next = at < end ? at + 1 + octets[at]! : end + 1
      return next <= end && isAlphanumeric(value(octets, at, next)) ? next - at : -1
    },
    format(octets, at, end) {
      const word = value(octets, at, end)
      return word === word.toLowerCase() ? word : null
    },
    value,
  }
}

function isAlphanumeric(text: string): boolean {
  return /^[0-9A-Za-z]+$/.test(text)
}

function writeString(name: string, token: Token, reader: TokenReader, writer: RdataWriter): void {
  const lengthAt = writer.length
  writer.u8(0)
  writeText(name, token, reader, writer)
  const length = writer.length - lengthAt - 1
  if (length > MAX_STRING_SIZE) {
    const detail = `A string of ${length} octets is too long; split it into strings of at most 255.`
    reader.refuse('string-too-long', detail, token)
  } else writer.octets[lengthAt] = length
}

function writeText(name: string, token: Token, reader: TokenReader, writer: RdataWriter): void {
  const start = writer.length
  const faultAt = writeUnescaped(token.text, token.isQuoted, writer)
  if (faultAt >= 0) {
    writer.length = start
    reader.refuse(
      'string-invalid',
      `The ${name} has a broken escape or a stray quote at character ${faultAt + 1}.`,
      token,
    )
  }
}

/** Appends the octets of a text: escapes resolved, other characters as UTF-8. Where it is broken, or -1. */
export function writeUnescaped(text: string, isQuoted: boolean, writer: RdataWriter): number {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x5c) {
      const octet = readEscape(text, at + 1)
      if (octet < 0) return at
      writer.u8(octet)
      const next = text.charCodeAt(at + 1)
      at += next >= 48 && next <= 57 ? 3 : 1
    } else if (code === 0x22 && !isQuoted) {
      return at
    } else if (code < 0x80) {
      writer.u8(code)
    } else {
      const character = String.fromCodePoint(text.codePointAt(at)!)
      writer.bytes(encodeUtf8(character))
      at += character.length - 1
    }
  }
  return -1
}

// Each octet as a quoted string writes it, made once.
const QUOTED = Array.from({ length: 256 }, (_, octet) => {
  if (octet === 0x22 || octet === 0x5c) return `\\${String.fromCharCode(octet)}`
  return octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : `\\${String(octet).padStart(3, '0')}`
})

/** Octets as a quoted string: printable ASCII as it is, the rest as `\DDD`. */
export function quote(octets: Uint8Array, at: number, end: number): string {
  let text = '"'
  for (let i = at; i < end; i++) text += QUOTED[octets[i]!]!
  return `${text}"`
}
