import { apiError } from '../errors.ts'
import {
  invalid,
  isObject,
  readLine,
  readRecords,
  readText,
  readTtl,
  readType,
  readWeight,
} from './body-fields.ts'

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

/** Values of one item. */
const MOST_RECORDS = 100

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
    records: readRecords(sent.records, `${place}.records`, MOST_RECORDS),
  }
}
