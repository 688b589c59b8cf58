import { u8 } from './number-fields.ts'
import { rrType } from './rr-type.ts'
import { lowerCaseWord, quotedRest } from './text-fields.ts'
import { TYPE_CAA } from './type-codes.ts'

/** RFC 8659 4 */
export const CAA = rrType('CAA', TYPE_CAA, [u8('flags'), lowerCaseWord('tag'), quotedRest('value')])
