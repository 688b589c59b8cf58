import { ok, type Problem, type Result } from '../result.ts'
import { scanValue, type Token } from '../zone-file/tokens.ts'
import { RdataWriter, TokenReader } from './field.ts'
import { formatGeneric, isGeneric, parseGeneric } from './generic.ts'
import type { RrType } from './rr-type.ts'

/** A type of which only the number is known: octets in, octets out, `\#` form only (RFC 3597). */
export function unknownType(name: string, code: number): RrType {
  function parseTokens(tokens: readonly Token[], _origin?: Uint8Array, start = 0): Result<Uint8Array> {
    const reader = new TokenReader(tokens, undefined, start)
    const writer = new RdataWriter()
    if (isGeneric(tokens[start])) parseGeneric(reader, writer)
    else reader.refuse('type-unknown', `Data of ${name} must be written as \\# length hex.`, tokens[start])
    if (reader.problems.length > 0) return { ok: false, problems: reader.problems }
    return ok(writer.octets.slice(0, writer.length))
  }
  return {
    name,
    code,
    fields: [],
    parseTokens,
    parse(text) {
      const problems: Problem[] = []
      const tokens = scanValue(text, problems)
      return problems.length > 0 ? { ok: false, problems } : parseTokens(tokens)
    },
    format: formatGeneric,
    check: () => [],
    canonical: (rdata) => rdata,
    comparable: (rdata) => rdata,
    compressibleNameOffsets: () => [],
    nameOffsets: () => [],
    additionalName: () => null,
  }
}
