import type { Token } from '../zone-file/tokens.ts'
import { formatHex, parseHex } from './base-encodings.ts'
import type { RdataWriter, TokenReader } from './field.ts'
import { MAX_RDATA_SIZE } from './field.ts'
import { parseNumber } from './number-fields.ts'

/** Whether a token opens the generic form of RFC 3597 5: a bare `\#`. */
export function isGeneric(token: Token | undefined): boolean {
  return token !== undefined && !token.isQuoted && token.text === '\\#'
}

/** Reads `\# length hex…`; the digits may be split by blanks and must make up the length. */
export function parseGeneric(reader: TokenReader, writer: RdataWriter): void {
  reader.next('mark')
  const lengthToken = reader.nextWord('length')
  if (lengthToken === null) return
  const length = parseNumber(lengthToken.text, MAX_RDATA_SIZE)
  if (length < 0) {
    reader.refuse(
      'number-invalid',
      `The length "${lengthToken.text}" must be a number from 0 to 65535.`,
      lengthToken,
    )
    return
  }
  let digits = ''
  while (!reader.isDone) digits += reader.nextWord('data')?.text ?? ''
  const octets = parseHex(digits)
  if (octets === null)
    reader.refuse('hex-invalid', 'Data after \\# must be pairs of hexadecimal digits.', lengthToken)
  else if (octets.length !== length) {
    reader.refuse('generic-length', `There are ${octets.length} octets of data, not ${length}.`, lengthToken)
  } else writer.bytes(octets)
}

/** `\# length hex` (RFC 3597 5). */
export function formatGeneric(rdata: Uint8Array): string {
  return rdata.length === 0 ? '\\# 0' : `\\# ${rdata.length} ${formatHex(rdata)}`
}
