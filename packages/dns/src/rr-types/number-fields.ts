import { parseTtl } from '../zone-file/ttl.ts'
import type { Field } from './field.ts'

/** An unsigned number of one octet. `mnemonics` are words accepted for numbers; numbers are written. */
export const u8 = <const Name extends string>(name: Name, mnemonics?: Mnemonics) =>
  numberField(name, 1, mnemonics)

/** An unsigned number of two octets, high octet first. */
export const u16 = <const Name extends string>(name: Name, mnemonics?: Mnemonics) =>
  numberField(name, 2, mnemonics)

/** An unsigned number of four octets, high octet first. */
export const u32 = <const Name extends string>(name: Name) => numberField(name, 4)

type Mnemonics = Readonly<Record<string, number>>

function numberField<Name extends string>(
  name: Name,
  size: 1 | 2 | 4,
  mnemonics?: Mnemonics,
): Field<Name, number> {
  const max = 2 ** (8 * size) - 1
  const value = (octets: Uint8Array, at: number) => readNumber(octets, at, size)
  return {
    name,
    parse(reader, writer) {
      const token = reader.nextWord(name)
      if (token === null) return
      let number = parseNumber(token.text, max)
      if (number < 0 && mnemonics !== undefined) number = mnemonics[token.text.toUpperCase()] ?? -1
      if (number < 0) {
        reader.refuse(
          'number-invalid',
          `The ${name} "${token.text}" must be a number from 0 to ${max}.`,
          token,
        )
      } else if (size === 1) writer.u8(number)
      else if (size === 2) writer.u16(number)
      else writer.u32(number)
    },
    measure: (_octets, at, end) => (at + size <= end ? size : -1),
    format: (octets, at) => String(value(octets, at)),
    value,
  }
}

/** A time span of four octets in seconds; text may use the units of a TTL (`1h30m`). */
export function period<const Name extends string>(name: Name): Field<Name, number> {
  return {
    ...numberField(name, 4),
    parse(reader, writer) {
      const token = reader.nextWord(name)
      if (token === null) return
      const seconds = parseTtl(token.text)
      if (seconds >= 0) writer.u32(seconds)
      else
        reader.refuse(
          'period-invalid',
          `The ${name} "${token.text}" must be seconds (0 to 4294967295), or use units as in 1h30m.`,
          token,
        )
    },
  }
}

/** Decimal digits only, 0 to `max`; -1 otherwise. */
export function parseNumber(text: string, max: number): number {
  if (text.length === 0 || text.length > 10) return -1
  let number = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 48 || code > 57) return -1
    number = number * 10 + code - 48
  }
  return number <= max ? number : -1
}

function readNumber(octets: Uint8Array, at: number, size: number): number {
  let number = 0
  for (let i = 0; i < size; i++) number = number * 256 + octets[at + i]!
  return number
}
