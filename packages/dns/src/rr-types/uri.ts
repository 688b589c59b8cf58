import { u16 } from './number-fields.ts'
import { rrType } from './rr-type.ts'
import { quotedRest } from './text-fields.ts'
import { TYPE_URI } from './type-codes.ts'

/** RFC 7553 4 */
export const URI = rrType('URI', TYPE_URI, [u16('priority'), u16('weight'), quotedRest('target')], {
  check: ({ target }) =>
    target.length > 0
      ? null
      : { id: 'uri-empty', detail: 'The target of a URI record may not be empty (RFC 7553 4.4).' },
})
