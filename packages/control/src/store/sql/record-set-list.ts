import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import { fromRecordSetRow } from '../rows.ts'
import type { Session } from '../session.ts'
import type { ListedRecordSet, Reads, RecordSetFilter, Tenant } from '../store.ts'
import type { Tables } from '../tables.ts'
import { equalOrContains, hasTags, withFinalDot } from './filters.ts'
import { listPage, type SortColumns } from './page.ts'
import { visibleTo } from './zones.ts'

type Joined = Tables & { r: Tables['record_set']; z: Tables['zone'] }
type Expressions = ExpressionBuilder<Joined, 'r' | 'z'>

const line = sql.ref('r.line')
const SORT: SortColumns = {
  // The compared form of the name: the same order as the shown one wherever the name is ASCII, and it has the index.
  name: sql.ref('r.owner'),
  type: sql.ref('r.type'),
  line,
  view_name: line,
  created_at: sql.ref('r.created_at'),
  updated_at: sql`coalesce(${sql.ref('r.updated_at')}, 0)`,
}

/** The filters that look into record sets; those on the zone are apart, because they leave counting to the zones. */
const LOOKS_INSIDE = ['id', 'name', 'line', 'type', 'status', 'records', 'tags'] as const

export function recordSetLists(session: Session) {
  const { db, words } = session

  function inZones(tenant: Tenant, filter: RecordSetFilter) {
    const zones = db.selectFrom('zone as z').where(visibleTo(tenant))
    const ofKind = filter.zoneType === undefined ? zones : zones.where('z.zone_type', '=', filter.zoneType)
    return filter.zoneId === undefined ? ofKind : ofKind.where('z.id', '=', filter.zoneId)
  }

  function matches(filter: RecordSetFilter, e: Expressions): Expression<SqlBool>[] {
    const all: Expression<SqlBool>[] = []
    if (filter.id !== undefined) all.push(equalOrContains(e.ref('r.id'), filter.id))
    if (filter.name !== undefined) {
      const name = withFinalDot(filter.name)
      const owner = e.ref('r.owner')
      const shown = e.ref('r.shown_name').$notNull()
      all.push(
        name.mode === 'equal'
          ? e.or([e(owner, '=', name.value), e(shown, '=', name.value)]) // bare columns, so that their indexes serve
          : e.or([equalOrContains(owner, name), equalOrContains(shown, name)]),
      )
    }
    if (filter.line !== undefined) all.push(equalOrContains(e.ref('r.line'), filter.line))
    if (filter.type !== undefined) all.push(e('r.type', '=', filter.type))
    if (filter.status !== undefined) all.push(e('r.status', '=', filter.status))
    if (filter.records !== undefined) {
      const value = equalOrContains(sql<string>`value`, filter.records)
      all.push(sql<SqlBool>`exists (select 1 from ${words.textsOf(e.ref('r.records'))} where ${value})`)
    }
    all.push(...hasTags(words, e.ref('r.tags'), filter.tags))
    return all
  }

  async function count(tenant: Tenant, filter: RecordSetFilter): Promise<number> {
    const zones = inZones(tenant, filter)
    if (LOOKS_INSIDE.every((key) => filter[key] === undefined)) {
      const { total } = await zones
        .select((e) => e.fn.coalesce(e.fn.sum<number>('z.record_count'), sql<number>`0`).as('total'))
        .executeTakeFirstOrThrow()
      return total
    }
    const { total } = await zones
      .innerJoin('record_set as r', 'r.zone_no', 'z.no')
      .where((e) => e.and(matches(filter, e)))
      .select((e) => e.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    return total
  }

  return {
    async listRecordSets(tenant, filter, page) {
      if (filter.healthCheckId !== undefined) return { rows: [], total: 0, hasMore: false }
      const sets = inZones(tenant, filter).innerJoin('record_set as r', 'r.zone_no', 'z.no')
      const matching = sets
        .where((e) => e.and(matches(filter, e)))
        .selectAll('r')
        .select(['z.id as zone_id', 'z.name as zone_name', 'z.project_id as project_id'])
      const { rows, hasMore } = await listPage(
        matching,
        (id) => sets.where('r.id', '=', id),
        page,
        SORT,
        sql.ref('r.id'),
      )
      const listed = rows.map(
        (row): ListedRecordSet => ({
          ...fromRecordSetRow(row, row.zone_id),
          zoneName: row.zone_name,
          projectId: row.project_id,
        }),
      )
      return { rows: listed, total: await count(tenant, filter), hasMore }
    },
  } satisfies Partial<Reads>
}
