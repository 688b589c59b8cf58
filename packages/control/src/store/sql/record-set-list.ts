import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import { fromRecordSetRow } from '../rows.ts'
import type { Session } from '../session.ts'
import type { ListedRecordSet, Reads, RecordSetFilter, Tenant } from '../store.ts'
import type { Tables } from '../tables.ts'
import { equalOrContains, hasTags, matchesTagSearch, withFinalDot } from './filters.ts'
import { endPage, findPlace, type SortColumns } from './page.ts'
import { visibleTo } from './zones.ts'

type Joined = Tables & { r: Tables['record_set']; z: Tables['zone'] }
/** The owners that a filter by whole name comes down to; undefined without such a filter. */
type Owners = readonly string[] | undefined
type Expressions = ExpressionBuilder<Joined, 'r' | 'z'>

const SORT: SortColumns = {
  // The compared form of the name: the same order as the shown one wherever the name is ASCII, and it has the index.
  name: sql.ref('r.owner'),
  type: sql.ref('r.type'),
  line: sql.ref('r.line'),
  view_name: sql.ref('r.line'),
  created_at: sql.ref('r.created_at'),
  updated_at: sql`coalesce(${sql.ref('r.updated_at')}, 0)`,
}

/** The same order as an expression: a planner that could sort by an index would read the whole zone to find few rows. */
const SORT_OF_FEW: SortColumns = {
  ...SORT,
  name: sql`coalesce(${SORT.name}, '')`,
  created_at: sql`coalesce(${SORT.created_at}, 0)`,
}

/** A paused zone shows its record sets as paused, but for those that came with it; each keeps the state it comes back with. */
export const SHOWN_STATUS = sql<string>`case when ${sql.ref('z.status')} = 'DISABLE' and ${sql.ref('r.is_default')} = 0 then 'DISABLE' else ${sql.ref('r.status')} end`

/**
 * A list over at most so many zones is merged from the first rows of each, read in the order of an index. Over more, all
 * rows are sorted.
 */
const MERGED_ZONES = 16

/** The filters that look into record sets; those on the zone are apart, because they leave counting to the zones. */
const LOOKS_INSIDE = ['id', 'name', 'lines', 'type', 'status', 'records', 'tags', 'tagSearch'] as const

export function recordSetLists(session: Session) {
  const { db, words } = session

  function inZones(tenant: Tenant, filter: RecordSetFilter) {
    const zones = db.selectFrom('zone as z').where(visibleTo(tenant))
    const ofKind = filter.zoneType === undefined ? zones : zones.where('z.zone_type', '=', filter.zoneType)
    return filter.zoneId === undefined ? ofKind : ofKind.where('z.id', '=', filter.zoneId)
  }

  function matches(filter: RecordSetFilter, owners: Owners, e: Expressions): Expression<SqlBool>[] {
    const all: Expression<SqlBool>[] = []
    if (filter.id?.mode === 'equal') all.push(e('r.id', '=', filter.id.value.toLowerCase()))
    if (filter.id?.mode === 'like') all.push(equalOrContains(e.ref('r.id'), filter.id))
    if (owners !== undefined) all.push(words.isAnyOf(e.ref('r.owner'), owners))
    if (filter.name?.mode === 'like') {
      const name = { ...filter.name, value: filter.name.value.toLowerCase() }
      const shown = e.ref('r.shown_name').$notNull()
      all.push(e.or([equalOrContains(e.ref('r.owner'), name), equalOrContains(shown, name)]))
    }
    if (filter.lines !== undefined)
      all.push(e.or(filter.lines.map((line) => equalOrContains(e.ref('r.line'), line))))
    if (filter.type !== undefined) all.push(e('r.type', '=', filter.type))
    if (filter.status !== undefined) all.push(sql<SqlBool>`${SHOWN_STATUS} = ${filter.status}`)
    if (filter.records !== undefined) {
      const value = equalOrContains(sql<string>`value`, filter.records)
      all.push(sql<SqlBool>`exists (select 1 from ${words.textsOf(e.ref('r.records'))} where ${value})`)
    }
    all.push(...hasTags(words, e.ref('r.tags'), filter.tags))
    all.push(...matchesTagSearch(words, e.ref('r.tags'), filter.tagSearch))
    return all
  }

  /** Owners that go by exactly this name: itself, and those shown so. */
  async function ownersNamed(tenant: Tenant, filter: RecordSetFilter): Promise<Owners> {
    if (filter.name?.mode !== 'equal') return undefined
    const name = withFinalDot(filter.name).value
    const shownSo = await inZones(tenant, filter)
      .innerJoin('record_set as r', 'r.zone_no', 'z.no')
      .select('r.owner')
      .where('r.shown_name', '=', name)
      .execute()
    return [...new Set([name, ...shownSo.map((row) => row.owner)])]
  }

  async function count(tenant: Tenant, filter: RecordSetFilter, owners: Owners): Promise<number> {
    const zones = inZones(tenant, filter)
    if (LOOKS_INSIDE.every((key) => filter[key] === undefined)) {
      const { total } = await zones
        .select((e) => e.fn.coalesce(e.fn.sum<number>('z.record_count'), sql<number>`0`).as('total'))
        .executeTakeFirstOrThrow()
      return total
    }
    const { total } = await zones
      .innerJoin('record_set as r', 'r.zone_no', 'z.no')
      .where((e) => e.and(matches(filter, owners, e)))
      .select((e) => e.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    return total
  }

  /** Numbers of the zones that the list is over; undefined when they are many. */
  async function fewZones(tenant: Tenant, filter: RecordSetFilter): Promise<number[] | undefined> {
    const zones = await inZones(tenant, filter)
      .select('z.no')
      .limit(MERGED_ZONES + 1)
      .execute()
    return zones.length > MERGED_ZONES ? undefined : zones.map((zone) => zone.no)
  }

  return {
    async listRecordSets(tenant, filter, page) {
      if (filter.healthCheckId !== undefined) return { rows: [], total: 0, hasMore: false }
      const owners = await ownersNamed(tenant, filter)
      const isNarrow = owners !== undefined || filter.id?.mode === 'equal'
      const sets = inZones(tenant, filter).innerJoin('record_set as r', 'r.zone_no', 'z.no')
      const place = await findPlace(page, isNarrow ? SORT_OF_FEW : SORT, sql.ref('r.id'), (id, column) =>
        sets.select(sql`${column}`.as('value')).where('r.id', '=', id).executeTakeFirst(),
      )
      const matching = sets
        .where((e) => e.and(matches(filter, owners, e)))
        .selectAll('r')
        .select(['z.id as zone_id', 'z.name as zone_name', 'z.project_id as project_id'])
        .select(SHOWN_STATUS.as('shown_status'))

      const zones = await fewZones(tenant, filter)
      const ofZone = (no: number) => matching.where('z.no', '=', no).where('r.zone_no', '=', no)
      const parts = zones === undefined || zones.length === 0 ? [matching] : zones.map(ofZone)
      const wanted = page.limit + 1
      const merged = () =>
        parts
          .map((part) => db.selectFrom(place.cut(part, place.offset + wanted).as('r')).selectAll('r'))
          .reduce((all, part) => all.unionAll(part))
      const query =
        parts.length === 1
          ? place.cut(parts[0]!, wanted, place.offset)
          : place.cut(db.selectFrom(merged().as('r')).selectAll('r'), wanted, place.offset)
      const listed = (await query.execute()).map(
        (row): ListedRecordSet => ({
          ...fromRecordSetRow(row, row.zone_id),
          zoneName: row.zone_name,
          projectId: row.project_id,
          shownStatus: row.shown_status,
        }),
      )
      return { ...endPage(listed, page.limit), total: await count(tenant, filter, owners) }
    },
  } satisfies Partial<Reads>
}
