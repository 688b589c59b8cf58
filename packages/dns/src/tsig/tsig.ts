import { decodeName } from '../message/compressed-name.ts'
import { HEADER_SIZE } from '../message/header.ts'
import { lowerName, nameLength, type WireName } from '../name.ts'
import { CLASS_ANY, TYPE_TSIG } from '../rr-types/type-codes.ts'

/** Signed messages (RFC 8945): finding the TSIG record, and the octets that are authenticated. The HMAC itself is the caller's. */

/** RFC 8945 3, in the extended error field. */
export const TSIG_BADSIG = 16
export const TSIG_BADKEY = 17
export const TSIG_BADTIME = 18
export const TSIG_BADTRUNC = 22

/** RFC 8945 10: the recommended value, in seconds. */
export const TSIG_FUDGE = 300

const wireLabel = (text: string): WireName =>
  Uint8Array.from([text.length, ...[...text].map((character) => character.charCodeAt(0)), 0])

/** What keys may be used with, and how many octets its MAC has. The numbers are those of transfer/policy.ts. */
export const TSIG_ALGORITHMS = {
  'hmac-sha256': { number: 1, name: wireLabel('hmac-sha256'), macSize: 32 },
  'hmac-sha384': { number: 2, name: wireLabel('hmac-sha384'), macSize: 48 },
  'hmac-sha512': { number: 3, name: wireLabel('hmac-sha512'), macSize: 64 },
} as const

export type TsigAlgorithm = keyof typeof TSIG_ALGORITHMS

/** A secret that two servers share. */
export interface TsigKey {
  /** Lower case. */
  readonly name: WireName
  readonly algorithm: TsigAlgorithm
  readonly secret: Uint8Array
}

/** The fields of a TSIG record. Times are seconds since 1970. */
export interface Tsig {
  /** Where the record begins in its message. */
  readonly at: number
  /** Lower case. */
  readonly keyName: WireName
  /** Lower case; one of {@link TSIG_ALGORITHMS}, or unknown to us. */
  readonly algorithm: WireName
  readonly timeSigned: number
  readonly fudge: number
  readonly mac: Uint8Array
  readonly originalId: number
  readonly error: number
  readonly otherData: Uint8Array
}

/**
 * The TSIG record of a message; undefined when it has none. Null when there is one that breaks the rules (RFC 8945 5.1: the
 * last record of the additional section, and the only one) or when the message ends inside a record.
 */
export function findTsig(message: Uint8Array): Tsig | undefined | null {
  if (message.length < HEADER_SIZE) return null
  let at = HEADER_SIZE
  for (let left = u16(message, 4); left > 0; left--) {
    const name = decodeName(message, at)
    if (name === null) return null
    at = name.next + 4
  }
  const others = u16(message, 6) + u16(message, 8)
  const records = others + u16(message, 10)
  for (let i = 0; i < records; i++) {
    const start = at
    const owner = decodeName(message, at)
    if (owner === null || owner.next + 10 > message.length) return null
    at = owner.next + 10
    const type = u16(message, owner.next)
    const end = at + u16(message, owner.next + 8)
    if (end > message.length) return null
    if (type === TYPE_TSIG) {
      if (i !== records - 1 || i < others || end !== message.length) return null
      // Nobody compresses the name of a key, and answers count on its length.
      if (nameLength(message, start) !== owner.next - start) return null
      return u16(message, owner.next + 2) === CLASS_ANY ? readTsig(message, start, owner.name, at, end) : null
    }
    at = end
  }
  return undefined
}

function readTsig(
  message: Uint8Array,
  start: number,
  owner: WireName,
  rdataAt: number,
  end: number,
): Tsig | null {
  const nameSize = nameLength(message, rdataAt, end)
  let at = rdataAt + nameSize
  if (nameSize <= 0 || at + 16 > end) return null
  const algorithm = lowerName(message.slice(rdataAt, at))
  const timeSigned = u16(message, at) * 2 ** 32 + u16(message, at + 2) * 2 ** 16 + u16(message, at + 4)
  const fudge = u16(message, at + 6)
  const macSize = u16(message, at + 8)
  at += 10
  if (at + macSize + 6 > end) return null
  const mac = message.slice(at, at + macSize)
  at += macSize
  const originalId = u16(message, at)
  const error = u16(message, at + 2)
  const otherSize = u16(message, at + 4)
  at += 6
  if (at + otherSize !== end) return null
  const otherData = message.slice(at, end)
  return {
    at: start,
    keyName: lowerName(owner),
    ...{ algorithm, timeSigned, fudge, mac, originalId, error, otherData },
  }
}

/** The octets of the message as its sender had them when it was signed: no TSIG record, and the original ID. */
export function unsignedMessage(message: Uint8Array, tsig: Tsig): Uint8Array {
  const plain = message.slice(0, tsig.at)
  plain[0] = tsig.originalId >> 8
  plain[1] = tsig.originalId
  const additionals = u16(message, 10) - 1
  plain[10] = additionals >> 8
  plain[11] = additionals
  return plain
}

export type TsigValues = Pick<Tsig, 'keyName' | 'algorithm' | 'timeSigned' | 'fudge' | 'error' | 'otherData'>

/**
 * What goes into the HMAC behind the message (RFC 8945 4.3.3): all variables, or the two of time where the message follows
 * another one of the same answer (5.3.1).
 */
export function tsigVariables(values: TsigValues, isTimeOnly: boolean): Uint8Array {
  const { keyName, algorithm, timeSigned, fudge, error, otherData } = values
  const time = [...u48(timeSigned), fudge >> 8, fudge & 255]
  if (isTimeOnly) return Uint8Array.from(time)
  const head = [...keyName, 0, CLASS_ANY, 0, 0, 0, 0, ...algorithm]
  return Uint8Array.from([
    ...head,
    ...time,
    ...[error >> 8, error & 255, otherData.length >> 8, otherData.length & 255],
    ...otherData,
  ])
}

/** What goes into the HMAC before the message: the MAC that it answers or follows (RFC 8945 4.3.1). */
export const macPrefix = (mac: Uint8Array): Uint8Array =>
  Uint8Array.from([mac.length >> 8, mac.length & 255, ...mac])

/** The TSIG record as it stands behind a message; the caller counts it in the header. */
export function tsigRecord(values: TsigValues, mac: Uint8Array, originalId: number): Uint8Array {
  const { keyName, algorithm, timeSigned, fudge, error, otherData } = values
  const rdata = [
    ...algorithm,
    ...u48(timeSigned),
    ...[fudge >> 8, fudge & 255, mac.length >> 8, mac.length & 255],
    ...mac,
    ...[originalId >> 8, originalId & 255, error >> 8, error & 255],
    ...[otherData.length >> 8, otherData.length & 255],
    ...otherData,
  ]
  const head = [...keyName, 0, TYPE_TSIG, 0, CLASS_ANY, 0, 0, 0, 0, rdata.length >> 8, rdata.length & 255]
  return Uint8Array.from([...head, ...rdata])
}

/** Six octets: RFC 8945 4.2, the time signed and the time of an error. */
export function u48(value: number): number[] {
  const high = Math.floor(value / 2 ** 32)
  return [high >> 8, high & 255, (value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
}

const u16 = (octets: Uint8Array, at: number): number => (octets[at]! << 8) | octets[at + 1]!
