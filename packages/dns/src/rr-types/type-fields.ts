import type { Field } from './field.ts'
import { typeCode, typeName } from './type-codes.ts'

/** One type by its name (RFC 4034 3.2). */
export function typeWord<const Name extends string>(name: Name): Field<Name, number> {
  const value = (octets: Uint8Array, at: number) => (octets[at]! << 8) | octets[at + 1]!
  return {
    name,
    parse(reader, writer) {
      const token = reader.nextWord(name)
      if (token === null) return
      const code = typeCode(token.text)
      if (code !== undefined) writer.u16(code)
      else reader.refuse('type-unknown', `"${token.text}" is not a record type.`, token)
    },
    measure: (_octets, at, end) => (at + 2 <= end ? 2 : -1),
    format: (octets, at) => typeName(value(octets, at)),
    value,
  }
}

/** The types that exist at a name, up to the end of the rdata: windows of 256 types (RFC 4034 4.1.2). May be empty. */
export function typeBitmap<const Name extends string>(name: Name): Field<Name, readonly number[]> {
  return {
    name,
    parse(reader, writer) {
      const codes = new Set<number>()
      while (!reader.isDone) {
        const token = reader.nextWord(name)
        if (token === null) continue
        const code = typeCode(token.text)
        if (code !== undefined) codes.add(code)
        else reader.refuse('type-unknown', `"${token.text}" is not a record type.`, token)
      }
      writer.bytes(encodeBitmap([...codes].sort((a, b) => a - b)))
    },
    measure(octets, at, end) {
      let next = at
      let lastWindow = -1
      while (next < end) {
        const window = octets[next]!
        const size = octets[next + 1]!
        // Windows rise, and none ends in a zero octet, so there is one encoding only.
        if (next + 2 > end || window <= lastWindow || size === 0 || size > 32) return -1
        next += 2 + size
        if (next > end || octets[next - 1] === 0) return -1
        lastWindow = window
      }
      return end - at
    },
    format: (octets, at, end) => decodeBitmap(octets, at, end).map(typeName).join(' '),
    value: decodeBitmap,
  }
}

function encodeBitmap(codes: readonly number[]): Uint8Array {
  const windows = new Map<number, Uint8Array>()
  for (const code of codes) {
    const window = windows.get(code >> 8) ?? new Uint8Array(32)
    window[(code & 255) >> 3]! |= 0x80 >> (code & 7)
    windows.set(code >> 8, window)
  }
  const out: number[] = []
  for (const [window, bits] of windows) {
    const size = bits.findLastIndex((octet) => octet !== 0) + 1
    out.push(window, size, ...bits.subarray(0, size))
  }
  return Uint8Array.from(out)
}

function decodeBitmap(octets: Uint8Array, at: number, end: number): number[] {
  const codes: number[] = []
  let next = at
  while (next < end) {
    const base = octets[next]! << 8
    const size = octets[next + 1]!
    for (let bit = 0; bit < size * 8; bit++) {
      if ((octets[next + 2 + (bit >> 3)]! & (0x80 >> (bit & 7))) !== 0) codes.push(base + bit)
    }
    next += 2 + size
  }
  return codes
}
