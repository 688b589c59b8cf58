import { foldedName } from './name-fields.ts'
import { isSubstitution } from './naptr-substitution.ts'
import { u16 } from './number-fields.ts'
import { rrType } from './rr-type.ts'
import { characterString } from './text-fields.ts'
import { TYPE_NAPTR } from './type-codes.ts'

/** RFC 3403 4.1 */
export const NAPTR = rrType(
  'NAPTR',
  TYPE_NAPTR,
  [
    u16('order'),
    u16('preference'),
    characterString('flags'),
    characterString('services'),
    characterString('regexp'),
    foldedName('replacement'),
  ],
  {
    additional: 'replacement',
    check({ flags, regexp }) {
      if (!flags.every(isAlphanumeric)) {
        return { id: 'naptr-flags', detail: 'NAPTR flags are letters and digits (RFC 3403 4.1).' }
      }
      if (isSubstitution(regexp)) return null
      return {
        id: 'naptr-regexp',
        detail: 'The NAPTR expression must be empty or as in !pattern!replacement!i (RFC 3402 3.2).',
      }
    },
  },
)

function isAlphanumeric(octet: number): boolean {
  return (octet >= 48 && octet <= 57) || ((octet | 32) >= 97 && (octet | 32) <= 122)
}
