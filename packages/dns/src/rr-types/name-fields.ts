import { formatName, nameLength, parseName, type WireName } from '../name.ts'
import type { Field, NameKind } from './field.ts'

/** A name of an RFC 1035 type: compressed in messages, folded in canonical form. */
export const compressibleName = <const Name extends string>(name: Name) =>
  nameField(name, { isCompressible: true, isFolded: true })

/** A name of a later type that RFC 4034 6.2 lists: never compressed, folded in canonical form. */
export const foldedName = <const Name extends string>(name: Name) =>
  nameField(name, { isCompressible: false, isFolded: true })

/** A name of a type newer than RFC 4034: never compressed, compared octet by octet in canonical form. */
export const plainName = <const Name extends string>(name: Name) =>
  nameField(name, { isCompressible: false, isFolded: false })

function nameField<Name extends string>(name: Name, nameKind: NameKind): Field<Name, WireName> {
  return {
    name,
    nameKind,
    parse(reader, writer) {
      const token = reader.nextWord(name)
      if (token === null) return
      const parsed = parseName(token.text, reader.origin)
      if (parsed.ok) writer.bytes(parsed.value)
      else for (const { id, detail } of parsed.problems) reader.refuse(id, `The ${name} ${detail}`, token)
    },
    measure: nameLength,
    format: formatName,
    value: (octets, at, end) => octets.subarray(at, end),
  }
}
