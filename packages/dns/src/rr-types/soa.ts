import { compressibleName } from './name-fields.ts'
import { period, u32 } from './number-fields.ts'
import { rrType } from './rr-type.ts'
import { TYPE_SOA } from './type-codes.ts'

/** RFC 1035 3.3.13; the time spans may be written with units. */
export const SOA = rrType('SOA', TYPE_SOA, [
  compressibleName('mname'),
  compressibleName('rname'),
  u32('serial'),
  period('refresh'),
  period('retry'),
  period('expire'),
  period('minimum'),
])
