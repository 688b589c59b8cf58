import {
  formatBase32Hex,
  formatBase64,
  formatHex,
  parseBase32Hex,
  parseBase64,
  parseHex,
} from './base-encodings.ts'
import type { Field, TokenReader } from './field.ts'

/** Octets up to the end of the rdata as hexadecimal digits, which text may split by blanks; at least one octet. */
export const hexRest = <const Name extends string>(name: Name) =>
  restField(name, 'hex-invalid', 'pairs of hexadecimal digits', parseHex, formatHex)

/** Octets up to the end of the rdata in base64, which text may split by blanks; at least one octet. */
export const base64Rest = <const Name extends string>(name: Name) =>
  restField(name, 'base64-invalid', 'base64 with its padding', parseBase64, formatBase64)

/** A length octet and octets in hexadecimal, `-` for none (the salt of RFC 5155 3.3). */
export const hexOrDash = <const Name extends string>(name: Name) =>
  countedField(
    name,
    'hex-invalid',
    'pairs of hexadecimal digits, or "-"',
    (text) => (text === '-' ? new Uint8Array(0) : text === '' ? null : parseHex(text)),
    (octets, at, end) => (at === end ? '-' : formatHex(octets, at, end)),
    0,
  )

/** A length octet and octets in base32hex without padding (the next hashed owner name of RFC 5155 3.3). */
export const base32HexWord = <const Name extends string>(name: Name) =>
  countedField(name, 'base32hex-invalid', 'base32hex without padding', parseBase32Hex, formatBase32Hex, 1)

type Parse = (text: string) => Uint8Array | null
type Format = (octets: Uint8Array, at: number, end: number) => string

function restField<Name extends string>(
  name: Name,
  id: string,
  want: string,
  parse: Parse,
  format: Format,
): Field<Name, Uint8Array> {
  return {
    name,
    parse(reader, writer) {
      const first = reader.nextWord(name)
      if (first === null) return
      const octets = parse(first.text + remainingText(reader, name))
      if (octets !== null && octets.length > 0) writer.bytes(octets)
      else reader.refuse(id, `The ${name} must be ${want}.`, first)
    },
    measure: (_octets, at, end) => (at < end ? end - at : -1),
    format,
    value: (octets, at, end) => octets.subarray(at, end),
  }
}

function remainingText(reader: TokenReader, fieldName: string): string {
  let text = ''
  while (!reader.isDone) text += reader.nextWord(fieldName)?.text ?? ''
  return text
}

function countedField<Name extends string>(
  name: Name,
  id: string,
  want: string,
  parse: Parse,
  format: Format,
  minSize: number,
): Field<Name, Uint8Array> {
  return {
    name,
    parse(reader, writer) {
      const token = reader.nextWord(name)
      if (token === null) return
      const octets = parse(token.text)
      if (octets === null || octets.length < minSize || octets.length > 255) {
        reader.refuse(id, `The ${name} "${token.text}" must be ${want}.`, token)
      } else {
        writer.u8(octets.length)
        writer.bytes(octets)
      }
    },
    measure(octets, at, end) {
      if (at >= end || octets[at]! < minSize) return -1
      const size = 1 + octets[at]!
      return at + size <= end ? size : -1
    },
    format: (octets, at, end) => format(octets, at + 1, end),
    value: (octets, at, end) => octets.subarray(at + 1, end),
  }
}
