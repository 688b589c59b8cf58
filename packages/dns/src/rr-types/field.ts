import type { WireName } from '../name.ts'
import type { Problem } from '../result.ts'
import type { Token } from '../zone-file/tokens.ts'

/**
 * One part of an rdata. A type is a list of fields in wire order; text, wire and canonical form all follow from it.
 * `at` and `end` bound what is left of the rdata (`measure`) or the field itself (`format`, `value`).
 */
export interface Field<Name extends string = string, Value = unknown> {
  readonly name: Name
  /** Set for domain names: how they may be written on the wire. */
  readonly nameKind?: NameKind
  /** Set for words (a length octet and letters) in which case has no meaning. */
  readonly isCaseless?: boolean
  /** Takes tokens and appends octets; faults go to the reader. */
  parse(reader: TokenReader, writer: RdataWriter): void
  /** Octets the field takes at `at`; -1 where it is malformed or runs over `end`. */
  measure(octets: Uint8Array, at: number, end: number): number
  /** Presentation form; null where no text would give back these octets, so that generic form must. */
  format(octets: Uint8Array, at: number, end: number): string | null
  /** What a type's `check` sees. */
  value(octets: Uint8Array, at: number, end: number): Value
}

export interface NameKind {
  /** May be compressed in messages: the types of RFC 1035 only (RFC 3597 4). */
  readonly isCompressible: boolean
  /** Lower-cased in canonical form (RFC 4034 6.2, RFC 6840 5.1). */
  readonly isFolded: boolean
}

/** The largest rdata: its length is a u16 (RFC 1035 3.2.1). */
export const MAX_RDATA_SIZE = 65535

/** Where fields put their octets. One is shared by all parsing, which is synchronous. */
export class RdataWriter {
  readonly octets = new Uint8Array(MAX_RDATA_SIZE)
  /** May pass the size of `octets`; what lies beyond was dropped and the rdata is too long. */
  length = 0

  u8(value: number): void {
    this.octets[this.length++] = value
  }

  u16(value: number): void {
    this.u8(value >>> 8)
    this.u8(value)
  }

  u32(value: number): void {
    this.u16(value >>> 16)
    this.u16(value)
  }

  bytes(value: Uint8Array): void {
    if (this.length + value.length <= MAX_RDATA_SIZE) this.octets.set(value, this.length)
    this.length += value.length
  }
}

/** The tokens of one rdata on their way through the fields, and the faults found. */
export class TokenReader {
  readonly origin: WireName | undefined
  readonly problems: Problem[] = []
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[], origin: WireName | undefined, start = 0) {
    this.#tokens = tokens
    this.origin = origin
    this.#at = start
  }

  get isDone(): boolean {
    return this.#at >= this.#tokens.length
  }

  /** The next token without taking it. */
  get peek(): Token | undefined {
    return this.#tokens[this.#at]
  }

  /** Takes the next token; the first one that is missing is a problem `rdata-missing-field`. */
  next(fieldName: string): Token | null {
    const token = this.#tokens[this.#at]
    if (token !== undefined) {
      this.#at++
      return token
    }
    if (this.#at++ === this.#tokens.length) {
      this.refuse('rdata-missing-field', `The value ends before its ${fieldName}.`)
    }
    return null
  }

  /** Takes the next token where quotes would be wrong: numbers, names, mnemonics. */
  nextWord(fieldName: string): Token | null {
    const token = this.next(fieldName)
    if (token === null || !token.isQuoted) return token
    this.refuse('rdata-quoted-word', `The ${fieldName} may not be in quotes.`, token)
    return null
  }

  /** Notes a fault at a token, or behind the last one. */
  refuse(id: string, detail: string, token?: Token): void {
    const place = token ?? this.#tokens.at(-1)
    const width =
      token === undefined && place !== undefined ? place.text.length + (place.isQuoted ? 2 : 0) : 0
    this.problems.push({ id, detail, line: place?.line ?? 1, column: (place?.column ?? 1) + width })
  }
}
