import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import { fromZoneRow, toZoneRow } from '../rows.ts'
import type { Session } from '../session.ts'
import { type Reads, RowMissing, type Tenant, type Tx, type ZoneFilter } from '../store.ts'
import type { Tables } from '../tables.ts'
import { equalOrContains, field, hasTags, matchesTagSearch, withFinalDot } from './filters.ts'
import { endPage, findPlace, type SortColumns } from './page.ts'
import { inScope } from './zone-scope.ts'

type ZoneExpressions = ExpressionBuilder<Tables & { z: Tables['zone'] }, 'z'>

/** Public zones belong to the account, private ones to the project. `z` is the zone. */
export const visibleTo = (tenant: Tenant) => (e: ZoneExpressions) =>
  e.and([
    e('z.domain_id', '=', tenant.domainId),
    ...inScope(e, 'z.id', tenant.zones),
    e.or([e('z.zone_type', '=', 'public'), e('z.project_id', '=', tenant.projectId)]),
  ])

const SORT: SortColumns = {
  name: sql.ref('z.name'),
  created_at: sql.ref('z.created_at'),
  updated_at: sql`coalesce(${sql.ref('z.updated_at')}, 0)`,
}

export function zoneReads(session: Session) {
  const { db, words } = session
  const visible = (tenant: Tenant) => db.selectFrom('zone as z').where(visibleTo(tenant))

  function matches(filter: ZoneFilter, e: ZoneExpressions): Expression<SqlBool>[] {
    const all: Expression<SqlBool>[] = [e('z.zone_type', '=', filter.zoneType)]
    if (filter.id !== undefined) all.push(e('z.id', '=', filter.id.toLowerCase()))
    if (filter.status !== undefined) all.push(e('z.status', '=', filter.status))
    if (filter.enterpriseProjectId !== undefined) {
      all.push(e('z.enterprise_project_id', '=', filter.enterpriseProjectId))
    }
    if (filter.name !== undefined) {
      const name = withFinalDot(filter.name)
      all.push(e.or([equalOrContains(e.ref('z.name'), name), equalOrContains(e.ref('z.apex'), name)]))
    }
    if (filter.routerId !== undefined) {
      const router = sql`select 1 from ${words.objectsOf(e.ref('z.routers'))} where ${field('routerId')} = ${filter.routerId}`
      all.push(sql<SqlBool>`exists (${router})`)
    }
    all.push(...hasTags(words, e.ref('z.tags'), filter.tags))
    all.push(...matchesTagSearch(words, e.ref('z.tags'), filter.tagSearch))
    return all
  }

  return {
    async findZone(tenant, zoneId) {
      const row = await visible(tenant).selectAll('z').where('z.id', '=', zoneId).executeTakeFirst()
      return row && fromZoneRow(row)
    },

    async listZones(tenant, filter, page) {
      const matching = visible(tenant).where((e) => e.and(matches(filter, e)))
      const { total } = await matching
        .select((e) => e.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const place = await findPlace(page, SORT, sql.ref('z.id'), (id, column) =>
        visible(tenant)
          .select(sql`${column}`.as('value'))
          .where('z.id', '=', id)
          .where('z.zone_type', '=', filter.zoneType)
          .executeTakeFirst(),
      )
      const rows = await place.cut(matching.selectAll('z'), page.limit + 1, place.offset).execute()
      return { ...endPage(rows.map(fromZoneRow), page.limit), total }
    },

    async zonesByApex(apex, zoneType) {
      const rows = await db
        .selectFrom('zone')
        .selectAll()
        .where('apex', '=', apex)
        .where('zone_type', '=', zoneType)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(fromZoneRow)
    },

    async countZones(tenant, zoneType) {
      const { total } = await db
        .selectFrom('zone')
        .where('domain_id', '=', tenant.domainId)
        .where('zone_type', '=', zoneType)
        .select((e) => e.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      return total
    },

    async zonesById(tenant, zoneIds) {
      const rows = await visible(tenant)
        .selectAll('z')
        .where((e) => words.isAnyOf(e.ref('z.id'), zoneIds))
        .execute()
      return rows.map(fromZoneRow)
    },
  } satisfies Partial<Reads>
}

export function zoneWrites(session: Session) {
  const { db, words } = session
  return {
    async lockZone(tenant, zoneId) {
      const row = await db
        .selectFrom('zone as z')
        .selectAll('z')
        .where(visibleTo(tenant))
        .where('z.id', '=', zoneId)
        .modifyEnd(words.forUpdate)
        .executeTakeFirst()
      return row && fromZoneRow(row)
    },

    async insertZone(zone) {
      await db
        .insertInto('zone')
        .values({ ...toZoneRow(zone), record_count: 0 })
        .execute()
    },

    async updateZone(zone) {
      const { numUpdatedRows } = await db
        .updateTable('zone')
        .set(toZoneRow(zone))
        .where('id', '=', zone.id)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new RowMissing(`No zone ${zone.id}.`)
    },

    async removeZone(zoneId) {
      await db
        .deleteFrom('record_set')
        .where('zone_no', '=', (e) => e.selectFrom('zone').select('no').where('id', '=', zoneId))
        .execute()
      await db.deleteFrom('transfer_access').where('zone_id', '=', zoneId).execute()
      await db.deleteFrom('zone').where('id', '=', zoneId).execute()
    },
  } satisfies Partial<Tx>
}
