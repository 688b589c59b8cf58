import type { Field } from './field.ts'
import { parseNumber } from './number-fields.ts'

/** A moment as u32 seconds since 1970, written YYYYMMDDHHmmSS in UTC; text may also give the seconds (RFC 4034 3.2). */
export function moment<const Name extends string>(name: Name): Field<Name, number> {
  const value = (octets: Uint8Array, at: number) =>
    ((octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!) >>> 0
  return {
    name,
    parse(reader, writer) {
      const token = reader.nextWord(name)
      if (token === null) return
      const seconds = parseMoment(token.text)
      if (seconds >= 0) writer.u32(seconds)
      else reader.refuse('time-invalid', `The ${name} "${token.text}" must be YYYYMMDDHHmmSS in UTC.`, token)
    },
    measure: (_octets, at, end) => (at + 4 <= end ? 4 : -1),
    format: (octets, at) => formatMoment(value(octets, at)),
    value,
  }
}

function parseMoment(text: string): number {
  if (text.length !== 14) return parseNumber(text, 0xffffffff)
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text)
  if (parts === null) return -1
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000
  // A day such as February 30 would roll over into another date.
  return seconds >= 0 && seconds <= 0xffffffff && formatMoment(seconds) === text ? seconds : -1
}

function formatMoment(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace(/\D/g, '')
}
