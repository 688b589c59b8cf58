import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import { MarkerNotFound, type Page } from '../store.ts'

/** Sort keys of a list and the column or expression behind each. */
export type SortColumns = Readonly<Record<string, Expression<unknown>>>

/** What every query that selects has. */
interface Sortable<Q> {
  where(condition: RawBuilder<SqlBool>): Q
  orderBy(column: Expression<unknown>, direction: 'asc' | 'desc'): Q
  limit(rows: number): Q
  offset(rows: number): Q
}

/** Where a page lies in a list: ordered by the sort key and then by id, both in the asked direction. */
export interface PagePlace {
  /** The first `rows` rows of `query` from the place of the page on, `offset` of them passed over. */
  cut<Q extends Sortable<Q>>(query: Q, rows: number, offset?: number): Q
  /** Rows to pass over. */
  readonly offset: number
  /** Rows to read: one more than the page has, when there is another page. */
  readonly rows: number
  /** The page is read from the end of the list: its rows come in the opposite order. */
  readonly isFromEnd: boolean
}

/**
 * Finds the place of `page`. Behind a marker it is a range of the sort key, so that a page costs the same however far behind
 * it is; the marker's row need not match the filter any more. `markerValue` gives the sort value of a visible row. A page
 * behind the middle of `total` rows, where that is known, is read from the end: the last page costs what the first does.
 */
export async function findPlace(
  page: Page,
  columns: SortColumns,
  id: Expression<unknown>,
  markerValue: (id: string, column: Expression<unknown>) => Promise<{ value: unknown } | undefined>,
  total = Number.POSITIVE_INFINITY,
): Promise<PagePlace> {
  const { marker } = page
  const end = Math.min(total, page.offset + page.limit + 1)
  const isFromEnd = marker === undefined && page.offset > total / 2
  const sortDir = isFromEnd ? (page.sortDir === 'asc' ? 'desc' : 'asc') : page.sortDir
  const column = columns[page.sortKey]
  if (column === undefined) throw new Error(`No sort key ${page.sortKey}.`)
  let behind: RawBuilder<SqlBool> | undefined
  if (marker !== undefined) {
    const row = await markerValue(marker, column)
    if (row === undefined) throw new MarkerNotFound(marker)
    const comparison = sql.raw(sortDir === 'asc' ? '>' : '<')
    behind = sql<SqlBool>`(${column}, ${id}) ${comparison} (${row.value}, ${marker})`
  }
  return {
    offset: marker !== undefined ? 0 : isFromEnd ? total - end : page.offset,
    rows: isFromEnd ? Math.max(0, end - page.offset) : page.limit + 1,
    isFromEnd,
    cut(query, rows, offset = 0) {
      const rest = behind === undefined ? query : query.where(behind)
      const first = rest.orderBy(column, sortDir).orderBy(id, sortDir).limit(rows)
      return offset > 0 ? first.offset(offset) : first
    },
  }
}

/** A page of `limit` rows out of the rows read, which are one more when there is another page. */
export function endPage<R>(rows: readonly R[], limit: number): { rows: R[]; hasMore: boolean } {
  return { rows: rows.slice(0, limit), hasMore: limit > 0 && rows.length > limit }
}
