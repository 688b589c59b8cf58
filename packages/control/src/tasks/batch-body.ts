import { ApiError, apiError, type ErrorKey, type ErrorParams, type Failure, failure } from '../errors.ts'

/** An item of a batch body whose types, lengths and ranges are right; anything further is judged when its turn comes. */
export interface BatchItem {
  readonly name: string
  readonly type: string
  readonly line: string
  readonly ttl: number
  readonly weight: number | undefined
  readonly records: readonly string[]
  readonly status: string
  readonly description: string | null
}

const LARGEST_TTL = 2_147_483_647
const LARGEST_WEIGHT = 1_000
const LINE_ID = /^[0-9a-zA-Z_-]{1,64}$/

/**
 * Reads `{"recordsets": [...]}` of the batch-create task. Throws on what is refused at once, before there is a task: the shape
 * of the body, the number of items, JSON types, lengths and ranges (API: BatchCreateRecordSetsTaskItem). A field of the wrong
 * type gets the code of its field, as in a single creation; the place of the fault follows the documented text. null in an
 * optional field is the same as leaving it out.
 */
export function readBatchBody(body: unknown, largestCount: number): BatchItem[] {
  const sent = isObject(body) ? body.recordsets : undefined
  if (!Array.isArray(sent) || sent.length === 0) throw invalid('recordsets', 'REQUEST_INVALID')
  if (sent.length > largestCount) throw apiError('BATCH_CREATE_LIMIT', { limit: largestCount })
  return sent.map(readItem)
}

function readItem(sent: unknown, index: number): BatchItem {
  const place = `recordsets[${index}]`
  if (!isObject(sent)) throw invalid(place, 'REQUEST_INVALID')
  return {
    type: readType(sent.type, `${place}.type`),
    name: readText(sent.name, `${place}.name`, 0, 254, 'NAME_INVALID') ?? '',
    description: readText(sent.description, `${place}.description`, 0, 255, 'DESCRIPTION_INVALID') ?? null,
    ttl: readTtl(sent.ttl, `${place}.ttl`),
    line: readLine(sent.line, `${place}.line`),
    status: readText(sent.status, `${place}.status`, 1, 10, 'STATUS_INVALID') ?? 'ENABLE',
    weight: readWeight(sent.weight, `${place}.weight`),
    records: readRecords(sent.records, `${place}.records`),
  }
}

function readType(sent: unknown, place: string): string {
  const type = readText(sent, place, 1, 20, 'TYPE_INVALID')
  if (type === undefined) throw invalid(place, 'TYPE_INVALID')
  return type
}

function readText(
  sent: unknown,
  place: string,
  shortest: number,
  longest: number,
  key: 'NAME_INVALID' | 'DESCRIPTION_INVALID' | 'STATUS_INVALID' | 'TYPE_INVALID',
): string | undefined {
  if (sent === undefined || sent === null) return undefined
  if (typeof sent !== 'string' || sent.length < shortest || sent.length > longest) throw invalid(place, key)
  return sent
}

function readTtl(sent: unknown, place: string): number {
  if (sent === undefined || sent === null) return 300
  if (typeof sent !== 'number' || !Number.isInteger(sent)) throw invalid(place, 'TTL_INVALID')
  if (sent < 1 || sent > LARGEST_TTL) throw invalid(place, 'TTL_OUT_OF_RANGE')
  return sent
}

function readLine(sent: unknown, place: string): string {
  if (sent === undefined || sent === null) return 'default_view'
  if (typeof sent !== 'string' || !LINE_ID.test(sent)) throw invalid(place, 'LINE_ID_INVALID')
  return sent
}

function readWeight(sent: unknown, place: string): number | undefined {
  if (sent === undefined || sent === null) return undefined
  if (typeof sent !== 'number' || !Number.isInteger(sent) || sent < 0 || sent > LARGEST_WEIGHT)
    throw invalid(place, 'WEIGHT_OUT_OF_RANGE', { min: 0, max: LARGEST_WEIGHT })
  return sent
}

function readRecords(sent: unknown, place: string): string[] {
  if (sent === undefined || sent === null || (Array.isArray(sent) && sent.length === 0))
    throw badRecords(`${place} is null or empty.`)
  if (!Array.isArray(sent)) throw badRecords(`${place} must be an array of strings.`)
  if (sent.length > 100) throw badRecords(`${place} has more than 100 values.`)
  for (const [n, value] of sent.entries()) {
    if (typeof value !== 'string' || value.length < 1 || value.length > 4096)
      throw badRecords(`${place}[${n}] must be a string of 1 to 4096 characters.`)
  }
  return sent
}

const badRecords = (detail: string): ApiError => apiError('VALUE_INVALID', { detail })

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The catalogue's text, then the place of the fault in brackets. */
function invalid<K extends ErrorKey>(place: string, key: K, params?: ErrorParams<K>): ApiError {
  const why = (failure as (key: ErrorKey, params?: object) => Failure)(key, params)
  return new ApiError({ ...why, message: `${why.message} (${place})` })
}
