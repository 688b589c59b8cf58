import type { Problem } from '../result.ts'
import { ALGORITHMS } from './algorithms.ts'
import { base64Rest, hexRest } from './binary-fields.ts'
import { u8, u16 } from './number-fields.ts'
import { rrType } from './rr-type.ts'
import { TYPE_CERT, TYPE_OPENPGPKEY, TYPE_SMIMEA, TYPE_SSHFP, TYPE_TLSA } from './type-codes.ts'

// Types that publish keys, certificates or their digests.

/** RFC 4398 2.1 */
const CERTIFICATE_TYPES = {
  PKIX: 1,
  SPKI: 2,
  PGP: 3,
  IPKIX: 4,
  ISPKI: 5,
  IPGP: 6,
  ACPKIX: 7,
  IACPKIX: 8,
  URI: 253,
  OID: 254,
}

/** RFC 4398 2 */
export const CERT = rrType('CERT', TYPE_CERT, [
  u16('certificateType', CERTIFICATE_TYPES),
  u16('keyTag'),
  u8('algorithm', ALGORITHMS),
  base64Rest('certificate'),
])

/** RFC 7929 2.1 */
export const OPENPGPKEY = rrType('OPENPGPKEY', TYPE_OPENPGPKEY, [base64Rest('key')])

/** RFC 4255 3.1; type 1 is SHA-1, type 2 SHA-256 (RFC 6594 4). */
export const SSHFP = rrType(
  'SSHFP',
  TYPE_SSHFP,
  [u8('algorithm'), u8('fingerprintType'), hexRest('fingerprint')],
  {
    check: ({ fingerprintType, fingerprint }) =>
      checkSize(
        'fingerprint-length',
        fingerprintType === 1 ? 20 : fingerprintType === 2 ? 32 : 0,
        fingerprint,
      ),
  },
)

const associationFields = [u8('usage'), u8('selector'), u8('matchingType'), hexRest('data')] as const

/** RFC 6698 2.1.3: matching type 1 is SHA-256, type 2 SHA-512, type 0 the thing itself. */
function checkAssociation({
  matchingType,
  data,
}: {
  matchingType: number
  data: Uint8Array
}): Problem | null {
  return checkSize('association-length', matchingType === 1 ? 32 : matchingType === 2 ? 64 : 0, data)
}

/** RFC 6698 2.1 */
export const TLSA = rrType('TLSA', TYPE_TLSA, associationFields, { check: checkAssociation })

/** RFC 8162 2 */
export const SMIMEA = rrType('SMIMEA', TYPE_SMIMEA, associationFields, { check: checkAssociation })

/** `size` 0: any will do. */
function checkSize(id: string, size: number, octets: Uint8Array): Problem | null {
  if (size === 0 || octets.length === size) return null
  return { id, detail: `A digest of this type has ${size} octets, not ${octets.length}.` }
}
