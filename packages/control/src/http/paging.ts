import { apiError } from '../errors.ts'
import { type Listed, MarkerNotFound, type Page, type TagFilter, type TextFilter } from '../store/store.ts'
import type { Call } from './route.ts'

const MAX_LIMIT = 500
const MAX_OFFSET = 2147483647
const MAX_TAG_PAIRS = 20

/** How a list can be sorted, and how it is when the caller does not say. */
export interface Sorting {
  readonly keys: readonly string[]
  readonly defaultKey: string
  readonly defaultDir: 'asc' | 'desc'
  /** Direction of a `sort_key` that comes without `sort_dir`. */
  readonly dirOfKey: 'asc' | 'desc'
}

type Query = Call['query']

/** Reads `limit`, `offset`, `marker`, `sort_key` and `sort_dir`. Codes: DNS.0006, 0017, 0007, 0032, 0033. */
export function readPage(query: Query, sorting: Sorting): Page {
  const limit = readCount(query.limit, MAX_LIMIT, MAX_LIMIT)
  if (limit === undefined) throw apiError('LIMIT_INVALID')
  const offset = readCount(query.offset, 0, MAX_OFFSET)
  if (offset === undefined) throw apiError('OFFSET_INVALID')
  const { marker, sort_key: key, sort_dir: dir } = query
  if (marker !== undefined && !/^[0-9a-zA-Z-]{1,32}$/.test(marker)) throw apiError('MARKER_INVALID')
  if (key !== undefined && !sorting.keys.includes(key)) throw apiError('SORT_KEY_INVALID')
  if (dir !== undefined && dir !== 'asc' && dir !== 'desc') throw apiError('SORT_DIR_INVALID')
  return {
    limit,
    offset,
    marker,
    sortKey: key ?? sorting.defaultKey,
    sortDir: dir ?? (key === undefined ? sorting.defaultDir : sorting.dirOfKey),
  }
}

/** The number of a query value, `absent` without one; undefined when it is no whole number up to `max`. */
export function readCount(text: string | undefined, absent: number, max: number): number | undefined {
  if (text === undefined) return absent
  if (!/^\d{1,10}$/.test(text)) return undefined
  return Number(text) <= max ? Number(text) : undefined
}

export type SearchMode = 'like' | 'equal' | undefined

export function readSearchMode(query: Query): SearchMode {
  const mode = query.search_mode
  if (mode === undefined || mode === 'like' || mode === 'equal') return mode
  throw apiError('REQUEST_INVALID')
}

/** A filter that compares as `mode` says, else as the field does by default. */
export const textFilter = (
  value: string | undefined,
  mode: SearchMode,
  byDefault: TextFilter['mode'],
): TextFilter | undefined => (value === undefined ? undefined : { value, mode: mode ?? byDefault })

/**
 * Reads `k1,v1|k2,v2`: all must match. `*v` means "contains v", `k,` an empty value, `k` alone any value. Code: DNS.1003.
 */
export function readTagFilters(text: string | undefined): readonly TagFilter[] | undefined {
  if (text === undefined) return undefined
  const pairs = text.split('|')
  if (pairs.length > MAX_TAG_PAIRS) throw apiError('TAG_INVALID')
  return pairs.map((pair): TagFilter => {
    const [key, value, extra] = pair.split(',')
    if (key === undefined || key === '' || extra !== undefined) throw apiError('TAG_INVALID')
    if (value === undefined) return { key, mode: 'equal' }
    return value.startsWith('*')
      ? { key, value: value.slice(1), mode: 'contains' }
      : { key, value, mode: 'equal' }
  })
}

/** Runs a list, with error DNS.0007 for a marker that names no row of the caller's. */
export async function listed<T>(rows: Promise<Listed<T>>): Promise<Listed<T>> {
  try {
    return await rows
  } catch (error) {
    if (error instanceof MarkerNotFound) throw apiError('MARKER_INVALID')
    throw error
  }
}

export interface PageLinks {
  readonly self: string
  /** Only when another page exists: clients go on for as long as it is there. */
  readonly next?: string
}

/** `self` is the request as received; `next` keeps its query but for `offset`, and continues after the last row. */
export function pageLinks(call: Call, { rows, hasMore }: Listed<{ readonly id: string }>): PageLinks {
  const self = call.baseUrl + call.target
  const last = rows.at(-1)
  if (!hasMore || last === undefined) return { self }
  const [path, query = ''] = call.target.split('?', 2) as [string, string?]
  const kept = query.split('&').filter((pair) => pair !== '' && !/^(offset|marker)(=|$)/.test(pair))
  return { self, next: `${call.baseUrl}${path}?${[...kept, `marker=${last.id}`].join('&')}` }
}
