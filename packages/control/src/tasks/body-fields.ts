import { ApiError, apiError, type ErrorKey, type ErrorParams, type Failure, failure } from '../errors.ts'

// The fields that the bodies of tasks share. A field of the wrong type gets the code of its field, as in a single creation; the
// place of the fault follows the documented text. null in an optional field is the same as leaving it out.

const LARGEST_TTL = 2_147_483_647
const LARGEST_WEIGHT = 1_000
const LINE_ID = /^[0-9a-zA-Z_-]{1,64}$/

/** Code: DNS.0307, also when there is none. */
export function readType(sent: unknown, place: string): string {
  const type = readText(sent, place, 1, 20, 'TYPE_INVALID')
  if (type === undefined) throw invalid(place, 'TYPE_INVALID')
  return type
}

/** A text of `shortest` to `longest` characters; undefined when none was sent. The code is that of `key`. */
export function readText(
  sent: unknown,
  place: string,
  shortest: number,
  longest: number,
  key: 'NAME_INVALID' | 'DESCRIPTION_INVALID' | 'STATUS_INVALID' | 'TYPE_INVALID',
): string | undefined {
  if (sent === undefined || sent === null) return undefined
  if (typeof sent !== 'string' || sent.length < shortest || isLonger(sent, longest)) throw invalid(place, key)
  return sent
}

/** Counted in characters, as the rules do, of which some take two units. */
const isLonger = (text: string, longest: number): boolean =>
  text.length > longest && [...text].length > longest

/** 300 when none was sent. Codes: DNS.0303, 0319. */
export function readTtl(sent: unknown, place: string): number {
  if (sent === undefined || sent === null) return 300
  if (typeof sent !== 'number' || !Number.isInteger(sent)) throw invalid(place, 'TTL_INVALID')
  if (sent < 1 || sent > LARGEST_TTL) throw invalid(place, 'TTL_OUT_OF_RANGE')
  return sent
}

/** The default line when none was sent. Code: DNS.1601. */
export function readLine(sent: unknown, place: string): string {
  if (sent === undefined || sent === null) return 'default_view'
  if (typeof sent !== 'string' || !LINE_ID.test(sent)) throw invalid(place, 'LINE_ID_INVALID')
  return sent
}

/** Code: DNS.0323. */
export function readWeight(sent: unknown, place: string): number | undefined {
  if (sent === undefined || sent === null) return undefined
  if (typeof sent !== 'number' || !Number.isInteger(sent) || sent < 0 || sent > LARGEST_WEIGHT)
    throw invalid(place, 'WEIGHT_OUT_OF_RANGE', { min: 0, max: LARGEST_WEIGHT })
  return sent
}

/** One to `most` values of 1 to 4096 characters. Code: DNS.0308. */
export function readRecords(sent: unknown, place: string, most: number): string[] {
  if (sent === undefined || sent === null || (Array.isArray(sent) && sent.length === 0))
    throw badRecords(`${place} is null or empty.`)
  if (!Array.isArray(sent)) throw badRecords(`${place} must be an array of strings.`)
  if (sent.length > most) throw badRecords(`${place} has more than ${most} values.`)
  for (const [n, value] of sent.entries()) {
    if (typeof value !== 'string' || value.length < 1 || value.length > 4096)
      throw badRecords(`${place}[${n}] must be a string of 1 to 4096 characters.`)
  }
  return sent
}

const badRecords = (detail: string): ApiError => apiError('VALUE_INVALID', { detail })

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The catalogue's text, then the place of the fault in brackets. */
export function invalid<K extends ErrorKey>(place: string, key: K, params?: ErrorParams<K>): ApiError {
  const why = (failure as (key: ErrorKey, params?: object) => Failure)(key, params)
  return new ApiError({ ...why, message: `${why.message} (${place})` })
}
