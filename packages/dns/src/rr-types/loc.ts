import type { Token } from '../zone-file/tokens.ts'
import type { Field, RdataWriter, TokenReader } from './field.ts'
import { rrType } from './rr-type.ts'
import { TYPE_LOC } from './type-codes.ts'

/** RFC 1876: `52 22 23.000 N 4 53 32.000 E -2.00m 1m 10000m 10m`. Minutes, seconds and the last three may be left out. */
export const LOC = rrType('LOC', TYPE_LOC, [location('location')])

const SIZE = 16
const EQUATOR = 0x80000000
const SEA_LEVEL_CM = 10_000_000
const MAX_SIZE_CM = 9_000_000_000
const MILLISECONDS_PER_DEGREE = 3_600_000

// RFC 1876 3: what stands for parts left out, in centimetres.
const DEFAULTS = [100, 1_000_000, 1_000] as const
const PARTS = ['size', 'horizontal precision', 'vertical precision'] as const

function location<const Name extends string>(name: Name): Field<Name, Uint8Array> {
  return {
    name,
    parse(reader, writer) {
      const latitude = parseAngle(reader, 'latitude', 90, 'N', 'S')
      const longitude = latitude === null ? null : parseAngle(reader, 'longitude', 180, 'E', 'W')
      const altitude =
        longitude === null ? null : parseMetres(reader, 'altitude', -SEA_LEVEL_CM, 4_284_967_295)
      if (latitude === null || longitude === null || altitude === null) {
        skipRest(reader)
        return
      }
      writer.u8(0)
      writeSizes(reader, writer)
      writer.u32(EQUATOR + latitude)
      writer.u32(EQUATOR + longitude)
      writer.u32(altitude + SEA_LEVEL_CM)
    },
    measure(octets, at, end) {
      if (at + SIZE > end || octets[at] !== 0) return -1
      const sizesAreSound = octets
        .subarray(at + 1, at + 4)
        .every((octet) => octet >> 4 <= 9 && (octet & 15) <= 9)
      const isOnGlobe =
        Math.abs(u32At(octets, at + 4) - EQUATOR) <= 90 * MILLISECONDS_PER_DEGREE &&
        Math.abs(u32At(octets, at + 8) - EQUATOR) <= 180 * MILLISECONDS_PER_DEGREE
      return sizesAreSound && isOnGlobe ? SIZE : -1
    },
    format(octets, at) {
      const latitude = formatAngle(u32At(octets, at + 4) - EQUATOR, 'N', 'S')
      const longitude = formatAngle(u32At(octets, at + 8) - EQUATOR, 'E', 'W')
      const altitude = formatMetres(u32At(octets, at + 12) - SEA_LEVEL_CM)
      const sizes = [1, 2, 3].map((i) => formatMetres((octets[at + i]! >> 4) * 10 ** (octets[at + i]! & 15)))
      return `${latitude} ${longitude} ${altitude} ${sizes.join(' ')}`
    },
    value: (octets, at, end) => octets.subarray(at, end),
  }
}

/** Degrees, optional minutes and seconds, and the hemisphere, in thousandths of a second; null after a problem. */
function parseAngle(
  reader: TokenReader,
  what: string,
  maxDegrees: number,
  plus: string,
  minus: string,
): number | null {
  const units = [MILLISECONDS_PER_DEGREE, 60_000, 1000]
  let angle = 0
  for (let i = 0; i <= units.length; i++) {
    const token = reader.nextWord(what)
    if (token === null) return null
    const word = token.text.toUpperCase()
    if (i > 0 && (word === plus || word === minus)) {
      if (angle <= maxDegrees * MILLISECONDS_PER_DEGREE) return word === plus ? angle : -angle
      return refuseAngle(reader, what, maxDegrees, token)
    }
    const pattern = i === 2 ? /^\d{1,2}(\.\d{1,3})?$/ : /^\d{1,3}$/
    if (i === units.length || !pattern.test(word) || (i > 0 && Number(word) >= 60)) {
      return refuseAngle(reader, what, maxDegrees, token)
    }
    angle += Math.round(Number(word) * units[i]!)
  }
  return null
}

function refuseAngle(reader: TokenReader, what: string, maxDegrees: number, token: Token): null {
  const letters = maxDegrees === 90 ? 'N or S' : 'E or W'
  const detail = `The ${what} must be degrees up to ${maxDegrees}, minutes, seconds and ${letters}, as in 52 22 23.000.`
  reader.refuse('location-angle', detail, token)
  return null
}

/** Metres with at most two decimals and an optional `m`, in centimetres; null after a problem. */
function parseMetres(reader: TokenReader, what: string, min: number, max: number): number | null {
  const token = reader.nextWord(what)
  if (token === null) return null
  const parts = /^(-?)(\d{1,8})(?:\.(\d{1,2}))?m?$/i.exec(token.text)
  const size = parts === null ? Number.NaN : Number(parts[2]) * 100 + Number((parts[3] ?? '').padEnd(2, '0'))
  const centimetres = parts?.[1] === '-' ? 0 - size : size
  if (centimetres >= min && centimetres <= max) return centimetres
  reader.refuse(
    'location-metres',
    `The ${what} "${token.text}" must be ${min / 100} to ${max / 100} metres.`,
    token,
  )
  return null
}

function writeSizes(reader: TokenReader, writer: RdataWriter): void {
  PARTS.forEach((what, i) => {
    const centimetres = reader.isDone ? DEFAULTS[i]! : (parseMetres(reader, what, 0, MAX_SIZE_CM) ?? 0)
    // RFC 1876 2: one digit and a power of ten, so further digits are lost.
    const exponent = Math.max(0, String(centimetres).length - 1)
    writer.u8((Math.floor(centimetres / 10 ** exponent) << 4) | exponent)
  })
}

/** What follows a fault has no place that could be told. */
function skipRest(reader: TokenReader): void {
  while (!reader.isDone) reader.next('location')
}

function formatAngle(angle: number, plus: string, minus: string): string {
  const size = Math.abs(angle)
  const degrees = Math.floor(size / MILLISECONDS_PER_DEGREE)
  const minutes = Math.floor(size / 60_000) % 60
  return `${degrees} ${minutes} ${((size % 60_000) / 1000).toFixed(3)} ${angle < 0 ? minus : plus}`
}

function formatMetres(centimetres: number): string {
  return centimetres % 100 === 0 ? `${centimetres / 100}m` : `${(centimetres / 100).toFixed(2)}m`
}

function u32At(octets: Uint8Array, at: number): number {
  return ((octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!) >>> 0
}
