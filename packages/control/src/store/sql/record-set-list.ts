import { type Expression, type ExpressionBuilder, type Selectable, type SqlBool, sql } from 'kysely'
import { KeptValues } from '../../kept-values.ts'
import { fromRecordSetRow } from '../rows.ts'
import type { Session } from '../session.ts'
import type { ListedRecordSet, Reads, RecordSetFilter, Tenant } from '../store.ts'
import type { RecordSetTable, Tables, ZoneTable } from '../tables.ts'
import { equalOrContains, hasTags, matchesTagSearch, withFinalDot } from './filters.ts'
import { endPage, findPlace, type SortColumns } from './page.ts'
import { visibleTo } from './zones.ts'

type Joined = Tables & { r: Tables['record_set']; z: Tables['zone'] }
/** The owners that a filter by whole name comes down to; undefined without such a filter. */
type Owners = readonly string[] | undefined
type Expressions = ExpressionBuilder<Joined, 'r'>

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
const shownIn = (zoneStatus: Expression<string>) =>
  sql<string>`case when ${zoneStatus} = 'DISABLE' and ${sql.ref('r.is_default')} = 0 then 'DISABLE' else ${sql.ref('r.status')} end`

/** The state of `r` as shown, in a query that joins its zone as `z`. */
export const SHOWN_STATUS = shownIn(sql.ref('z.status'))

/**
 * A list over at most so many zones is merged from the first rows of each, read in the order of an index. Over more, all
 * rows are sorted.
 */
const MERGED_ZONES = 16

/** The filters that look into record sets; those on the zone are apart, because they leave counting to the zones. */
const LOOKS_INSIDE = ['id', 'name', 'lines', 'type', 'status', 'records', 'tags', 'tagSearch'] as const

/** Tags change without a new revision of the zone. */
const OUTSIDE_REVISION = ['tags', 'tagSearch'] as const

const KEPT_COUNTS = 1000

type ZoneOfList = Pick<
  Selectable<ZoneTable>,
  'no' | 'id' | 'name' | 'project_id' | 'status' | 'record_count' | 'revision'
>

export function recordSetLists(session: Session) {
  const { db, words } = session
  const counts = new KeptValues<number>(KEPT_COUNTS)

  function inZones(tenant: Tenant, filter: RecordSetFilter) {
    const zones = db.selectFrom('zone as z').where(visibleTo(tenant))
    const ofKind = filter.zoneType === undefined ? zones : zones.where('z.zone_type', '=', filter.zoneType)
    return filter.zoneId === undefined ? ofKind : ofKind.where('z.id', '=', filter.zoneId)
  }

  /** The record sets of one zone of the list, which is not joined: a page of it costs no more than its rows. */
  const setsOf = (zone: ZoneOfList, filter: RecordSetFilter, owners: Owners) =>
    db
      .selectFrom('record_set as r')
      .where('r.zone_no', '=', zone.no)
      .where((e) => e.and(matches(filter, owners, shownIn(sql.val(zone.status)), e)))

  const setsOfMany = (tenant: Tenant, filter: RecordSetFilter, owners: Owners) =>
    inZones(tenant, filter)
      .innerJoin('record_set as r', 'r.zone_no', 'z.no')
      .where((e) => e.and(matches(filter, owners, SHOWN_STATUS, e)))

  function matches(
    filter: RecordSetFilter,
    owners: Owners,
    shownStatus: Expression<string>,
    e: Expressions,
  ): Expression<SqlBool>[] {
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
    if (filter.status !== undefined) all.push(sql<SqlBool>`${shownStatus} = ${filter.status}`)
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

  /** Counting looks at all matching rows, so the counts of a zone are kept for as long as it does not change. */
  async function countIn(zone: ZoneOfList, filter: RecordSetFilter, owners: Owners): Promise<number> {
    const { zoneId: _, zoneType: __, ...inside } = filter
    const isKept = OUTSIDE_REVISION.every((key) => filter[key] === undefined)
    const key = JSON.stringify([zone.id, zone.revision, zone.record_count, zone.status, inside])
    const kept = isKept ? counts.get(key) : undefined
    if (kept !== undefined) return kept
    const { total } = await setsOf(zone, filter, owners)
      .select((e) => e.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    if (isKept) counts.set(key, total)
    return total
  }

  async function count(
    tenant: Tenant,
    filter: RecordSetFilter,
    owners: Owners,
    zones: readonly ZoneOfList[] | undefined,
  ): Promise<number> {
    const isWhole = LOOKS_INSIDE.every((key) => filter[key] === undefined)
    if (zones !== undefined) {
      let sum = 0
      for (const zone of zones) sum += isWhole ? zone.record_count : await countIn(zone, filter, owners)
      return sum
    }
    if (isWhole) {
      const { total } = await inZones(tenant, filter)
        .select((e) => e.fn.coalesce(e.fn.sum<number>('z.record_count'), sql<number>`0`).as('total'))
        .executeTakeFirstOrThrow()
      return total
    }
    const { total } = await setsOfMany(tenant, filter, owners)
      .select((e) => e.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    return total
  }

  const COLUMNS = ['no', 'id', 'name', 'project_id', 'status', 'record_count', 'revision'] as const

  /** The zones that the list is over; undefined when they are many. */
  async function fewZones(tenant: Tenant, filter: RecordSetFilter): Promise<ZoneOfList[] | undefined> {
    const zones = await inZones(tenant, filter)
      .select(COLUMNS)
      .limit(MERGED_ZONES + 1)
      .execute()
    return zones.length > MERGED_ZONES ? undefined : zones
  }

  async function withZones(
    rows: readonly RecordSetTable[],
    few: readonly ZoneOfList[] | undefined,
  ): Promise<ListedRecordSet[]> {
    const numbers = new Set(rows.map((row) => row.zone_no))
    const zones =
      few ??
      (rows.length === 0
        ? []
        : await db
            .selectFrom('zone')
            .select(COLUMNS)
            .where('no', 'in', [...numbers])
            .execute())
    const byNumber = new Map(zones.map((zone) => [zone.no, zone]))
    return rows.flatMap((row): ListedRecordSet[] => {
      const zone = byNumber.get(row.zone_no)
      // The zone was deleted between the two queries, and its record sets with it.
      if (zone === undefined) return []
      const set = fromRecordSetRow(row, zone.id)
      const isPaused = zone.status === 'DISABLE' && !set.isDefault
      return [
        {
          ...set,
          zoneName: zone.name,
          projectId: zone.project_id,
          shownStatus: isPaused ? 'DISABLE' : set.status,
        },
      ]
    })
  }

  return {
    async listRecordSets(tenant, filter, page) {
      if (filter.healthCheckId !== undefined) return { rows: [], total: 0, hasMore: false }
      const zones = await fewZones(tenant, filter)
      const owners = await ownersNamed(tenant, filter)
      const isNarrow = owners !== undefined || filter.id?.mode === 'equal'
      const findMarker = (id: string, column: Expression<unknown>) =>
        inZones(tenant, filter)
          .innerJoin('record_set as r', 'r.zone_no', 'z.no')
          .select(sql`${column}`.as('value'))
          .where('r.id', '=', id)
          .executeTakeFirst()
      const columns = isNarrow ? SORT_OF_FEW : SORT
      const total = await count(tenant, filter, owners, zones)
      const {
        cut,
        offset,
        rows: wanted,
        isFromEnd,
      } = await findPlace(page, columns, sql.ref('r.id'), findMarker, total)
      const parts =
        zones === undefined
          ? [setsOfMany(tenant, filter, owners).selectAll('r')]
          : zones.map((zone) => setsOf(zone, filter, owners).selectAll('r'))
      if (parts.length === 0) return { rows: [], total, hasMore: false }
      const merged = () =>
        parts
          .map((part) => db.selectFrom(cut(part, offset + wanted).as('r')).selectAll('r'))
          .reduce((all, part) => all.unionAll(part))
      const query =
        parts.length === 1
          ? cut(parts[0]!, wanted, offset)
          : cut(db.selectFrom(merged().as('r')).selectAll('r'), wanted, offset)
      const rows = await query.execute()
      const listed = await withZones(isFromEnd ? rows.reverse() : rows, zones)
      return { ...endPage(listed, page.limit), total }
    },
  } satisfies Partial<Reads>
}
