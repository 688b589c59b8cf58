import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import type { TagCondition, Tenant } from '../store/store.ts'
import { readMembers } from '../zones/zone-input.ts'
import { type TaggedResource, taggedKind } from './tagged-kinds.ts'

const MAX_LIMIT = 1000
const MAX_OFFSET = 2147483647
/** Keys of one condition, and values of one key. */
const MAX_KEYS = 10
const MAX_VALUES = 10
const MAX_NAME = 255

export interface Found {
  /** undefined: only the number was asked for. */
  readonly rows: readonly TaggedResource[] | undefined
  readonly total: number
}

/**
 * Finds the resources of a kind by tags and name, newest first, or counts them. Codes: DNS.1002, 0002, 0006, 0017, 1003.
 */
export async function searchByTags(
  context: Context,
  tenant: Tenant,
  resourceType: string,
  body: unknown,
): Promise<Found> {
  const kind = taggedKind(resourceType)
  const sent = readMembers(body)
  const { action } = sent
  if (action !== 'filter' && action !== 'count') throw apiError('REQUEST_INVALID')
  const isCount = action === 'count'
  // A count has no page: any number will do there.
  const limit = isCount
    ? readNumber(sent.limit, 0, 0, Number.MAX_VALUE)
    : readNumber(sent.limit, MAX_LIMIT, 1, MAX_LIMIT)
  if (limit === undefined) throw apiError('LIMIT_INVALID')
  const offset = readNumber(sent.offset, 0, 0, isCount ? Number.MAX_VALUE : MAX_OFFSET)
  if (offset === undefined) throw apiError('OFFSET_INVALID')
  const tagSearch = {
    all: readConditions(sent.tags),
    any: readConditions(sent.tags_any),
    notAll: readConditions(sent.not_tags),
    notAny: readConditions(sent.not_tags_any),
  }
  const namePart = readNamePart(sent.matches)
  // An empty name is compared as a whole, and nothing has one.
  const { rows, total } =
    namePart === ''
      ? { rows: [], total: 0 }
      : await kind.search(context.store, tenant, {
          ...{ tagSearch, namePart },
          ...(isCount ? { limit: 0, offset: 0 } : { limit, offset }),
        })
  return { rows: isCount ? undefined : rows, total }
}

/** A number, which clients also send as a text; undefined when it is none or out of range. */
function readNumber(sent: unknown, absent: number, min: number, max: number): number | undefined {
  if (sent === undefined || sent === null || sent === '') return absent
  const number = typeof sent === 'string' && /^\d{1,10}$/.test(sent) ? Number(sent) : sent
  if (typeof number !== 'number' || !Number.isInteger(number)) return undefined
  return number >= min && number <= max ? number : undefined
}

function readConditions(sent: unknown): TagCondition[] {
  if (sent === undefined || sent === null) return []
  if (!Array.isArray(sent) || sent.length > MAX_KEYS) throw apiError('TAG_INVALID')
  const keys = new Set<string>()
  return sent.map((condition: { key?: unknown; values?: unknown } | null) => {
    const { key, values } = condition ?? {}
    if (typeof key !== 'string' || key === '' || keys.has(key)) throw apiError('TAG_INVALID')
    keys.add(key)
    return { key, values: readValues(values) }
  })
}

function readValues(sent: unknown): TagCondition['values'] {
  if (sent === undefined || sent === null) return []
  if (!Array.isArray(sent) || sent.length > MAX_VALUES || new Set(sent).size < sent.length) {
    throw apiError('TAG_INVALID')
  }
  return sent.map((value) => {
    if (typeof value !== 'string') throw apiError('TAG_INVALID')
    return value.startsWith('*')
      ? { value: value.slice(1), mode: 'contains' as const }
      : { value, mode: 'equal' as const }
  })
}

/** The part of the name to look for; undefined when no name is asked for. The name is the only thing that can be matched. */
function readNamePart(sent: unknown): string | undefined {
  if (sent === undefined || sent === null) return undefined
  if (!Array.isArray(sent) || sent.length > 1) throw apiError('REQUEST_INVALID')
  if (sent.length === 0) return undefined
  const { key, value } = readMembers(sent[0])
  const part = value ?? ''
  if (key !== 'resource_name' || typeof part !== 'string') throw apiError('REQUEST_INVALID')
  if (part.length > MAX_NAME || part.includes('%')) throw apiError('REQUEST_INVALID')
  return part
}
