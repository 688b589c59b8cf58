import type { Problem } from '../result.ts'
import { ALGORITHMS } from './algorithms.ts'
import { base32HexWord, base64Rest, hexOrDash, hexRest } from './binary-fields.ts'
import { foldedName, plainName } from './name-fields.ts'
import { u8, u16, u32 } from './number-fields.ts'
import { rrType } from './rr-type.ts'
import { moment } from './time-field.ts'
import {
  TYPE_CDNSKEY,
  TYPE_CDS,
  TYPE_DNSKEY,
  TYPE_DS,
  TYPE_NSEC,
  TYPE_NSEC3,
  TYPE_NSEC3PARAM,
  TYPE_RRSIG,
} from './type-codes.ts'
import { typeBitmap, typeWord } from './type-fields.ts'

const dsFields = [
  u16('keyTag'),
  u8('algorithm', ALGORITHMS),
  u8('digestType', { 'SHA-1': 1, SHA1: 1, 'SHA-256': 2, SHA256: 2, GOST: 3, 'SHA-384': 4, SHA384: 4 }),
  hexRest('digest'),
] as const

const keyFields = [
  u16('flags'),
  u8('protocol'),
  u8('algorithm', ALGORITHMS),
  base64Rest('publicKey'),
] as const

// RFC 4034 5.1.4, RFC 4509 2.1, RFC 5933 4, RFC 6605 2
const DIGEST_SIZES: Readonly<Record<number, number>> = { 1: 20, 2: 32, 3: 32, 4: 48 }

function checkDigest({ digestType, digest }: { digestType: number; digest: Uint8Array }): Problem | null {
  const size = DIGEST_SIZES[digestType]
  if (size === undefined || size === digest.length) return null
  return {
    id: 'digest-length',
    detail: `A digest of type ${digestType} has ${size} octets, not ${digest.length}.`,
  }
}

function checkKey({ protocol }: { protocol: number }): Problem | null {
  if (protocol === 3) return null
  return {
    id: 'key-protocol',
    detail: `The protocol of a key is always 3 (RFC 4034 2.1.2), not ${protocol}.`,
  }
}

/** RFC 4034 5.1 */
export const DS = rrType('DS', TYPE_DS, dsFields, { check: checkDigest })

/** RFC 7344 3.1; algorithm 0 asks the parent to remove its DS (RFC 8078 4). */
export const CDS = rrType('CDS', TYPE_CDS, dsFields, { check: checkDigest })

/** RFC 4034 2.1 */
export const DNSKEY = rrType('DNSKEY', TYPE_DNSKEY, keyFields, { check: checkKey })

/** RFC 7344 3.2 */
export const CDNSKEY = rrType('CDNSKEY', TYPE_CDNSKEY, keyFields, { check: checkKey })

/** RFC 4034 3.1; the signer's name is folded in canonical form (RFC 6840 5.1). */
export const RRSIG = rrType('RRSIG', TYPE_RRSIG, [
  typeWord('typeCovered'),
  u8('algorithm', ALGORITHMS),
  u8('labels'),
  u32('originalTtl'),
  moment('expiration'),
  moment('inception'),
  u16('keyTag'),
  foldedName('signer'),
  base64Rest('signature'),
])

/** RFC 4034 4.1; the next name keeps its case in canonical form (RFC 6840 5.1). */
export const NSEC = rrType('NSEC', TYPE_NSEC, [plainName('next'), typeBitmap('types')])

/** RFC 5155 3.2 */
export const NSEC3 = rrType('NSEC3', TYPE_NSEC3, [
  u8('hashAlgorithm'),
  u8('flags'),
  u16('iterations'),
  hexOrDash('salt'),
  base32HexWord('next'),
  typeBitmap('types'),
])

/** RFC 5155 4.2 */
export const NSEC3PARAM = rrType('NSEC3PARAM', TYPE_NSEC3PARAM, [
  u8('hashAlgorithm'),
  u8('flags'),
  u16('iterations'),
  hexOrDash('salt'),
])
