import { rrType } from './rr-type.ts'
import { characterString, characterStrings } from './text-fields.ts'
import { TYPE_HINFO, TYPE_SPF, TYPE_TXT } from './type-codes.ts'

/** RFC 1035 3.3.14 */
export const TXT = rrType('TXT', TYPE_TXT, [characterStrings('text')], { fast })

/** RFC 7208 3.1: obsolete, same data as TXT. */
export const SPF = rrType('SPF', TYPE_SPF, [characterStrings('text')], { fast })

/** RFC 1035 3.3.2 */
export const HINFO = rrType('HINFO', TYPE_HINFO, [characterString('cpu'), characterString('os')])

/** One quoted string of plain ASCII, which nearly all are. */
function fast(text: string): Uint8Array | null {
  const length = text.length - 2
  if (length < 0 || length > 255 || text.charCodeAt(0) !== 0x22 || text.charCodeAt(length + 1) !== 0x22)
    return null
  const rdata = new Uint8Array(1 + length)
  rdata[0] = length
  for (let at = 1; at <= length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return null
    rdata[at] = code
  }
  return rdata
}
