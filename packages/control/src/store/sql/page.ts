import { type Expression, type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import { MarkerNotFound, type Page } from '../store.ts'

/** Sort keys of a list and the column or expression behind each. */
export type SortColumns = Readonly<Record<string, Expression<unknown>>>

/**
 * Reads one page of `query`, ordered by the sort key and then by id, both in the asked direction. A page behind a marker
 * starts at the marker's place in that order (a range of the index, however far behind), also when the marker's row
 * itself no longer matches the filter.
 */
export async function listPage<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  markerRow: (id: string) => SelectQueryBuilder<DB, TB, object>,
  page: Page,
  columns: SortColumns,
  id: RawBuilder<unknown>,
): Promise<{ rows: O[]; hasMore: boolean }> {
  const column = columns[page.sortKey]
  if (column === undefined) throw new Error(`No sort key ${page.sortKey}.`)
  let ordered = query
  if (page.marker !== undefined) {
    const marker = await markerRow(page.marker).select(sql`${column}`.as('value')).executeTakeFirst()
    if (marker === undefined) throw new MarkerNotFound(page.marker)
    const { value } = marker as { value: unknown }
    const comparison = sql.raw(page.sortDir === 'asc' ? '>' : '<')
    ordered = ordered.where(sql<SqlBool>`(${column}, ${id}) ${comparison} (${value}, ${page.marker})`)
  }
  if (page.limit === 0) return { rows: [], hasMore: false }
  ordered = ordered
    .orderBy(sql`${column}`, page.sortDir)
    .orderBy(id, page.sortDir)
    .limit(page.limit + 1)
  if (page.marker === undefined && page.offset > 0) ordered = ordered.offset(page.offset)
  const rows = await ordered.execute()
  return { rows: rows.slice(0, page.limit), hasMore: rows.length > page.limit }
}
