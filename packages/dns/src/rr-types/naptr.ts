import { foldedName } from './name-fields.ts'
import { u16 } from './number-fields.ts'
import { rrType } from './rr-type.ts'
import { characterString } from './text-fields.ts'
import { TYPE_NAPTR } from './type-codes.ts'

const BACKSLASH = 0x5c

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

/**
 * RFC 3402 3.2: delimiter, pattern, delimiter, replacement, delimiter, flag `i` or nothing. The replacement may refer only
 * to groups that the pattern has; BIND refuses a zone with any other.
 */
function isSubstitution(octets: Uint8Array): boolean {
  if (octets.length === 0) return true
  const delimiter = octets[0]!
  if (
    delimiter === BACKSLASH ||
    delimiter === 0 ||
    (delimiter >= 48 && delimiter <= 57) ||
    delimiter === 0x69
  )
    return false
  let delimiters = 1
  let depth = 0
  let groups = 0
  let highestReference = 0
  let patternSize = 0
  for (let at = 1; at < octets.length; at++) {
    const octet = octets[at]!
    if (octet === delimiter) {
      delimiters++
    } else if (delimiters === 3) {
      if (octet !== 0x69) return false
    } else if (octet === BACKSLASH) {
      if (++at === octets.length) return false
      const escaped = octets[at]!
      if (delimiters === 1) patternSize++
      else if (escaped >= 49 && escaped <= 57) highestReference = Math.max(highestReference, escaped - 48)
      else if (escaped === 48) return false
    } else if (delimiters === 1) {
      patternSize++
      if (octet === 0x28) {
        depth++
        groups++
      } else if (octet === 0x29 && --depth < 0) return false
    }
  }
  return delimiters === 3 && depth === 0 && patternSize > 0 && highestReference <= groups
}
