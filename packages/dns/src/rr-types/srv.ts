import { foldedName } from './name-fields.ts'
import { u16 } from './number-fields.ts'
import { rrType } from './rr-type.ts'
import { TYPE_SRV } from './type-codes.ts'

/** RFC 2782; the target is not compressed. */
export const SRV = rrType(
  'SRV',
  TYPE_SRV,
  [u16('priority'), u16('weight'), u16('port'), foldedName('target')],
  { additional: 'target' },
)
