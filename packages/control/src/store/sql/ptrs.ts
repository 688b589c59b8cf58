import { sql } from 'kysely'
import type { NetworkReads, NetworkWrites, Ptr } from '../network-calls.ts'
import type { PtrTable } from '../network-tables.ts'
import { toJson } from '../rows.ts'
import type { Session } from '../session.ts'
import { RowMissing, type Tenant } from '../store.ts'
import { equalOrContains, field, hasTags, isTagged, matchesTagSearch } from './filters.ts'
import { byKey } from './look-ups.ts'
import { endPage, findPlace } from './page.ts'

const toPtrRow = (ptr: Ptr): PtrTable => ({
  id: ptr.id,
  domain_id: ptr.domainId,
  project_id: ptr.projectId,
  region: ptr.region,
  address_id: ptr.addressId,
  address: ptr.address,
  names: toJson(ptr.names),
  ttl: ptr.ttl,
  description: ptr.description,
  status: ptr.status,
  enterprise_project_id: ptr.enterpriseProjectId,
  tags: toJson(ptr.tags),
  serial: ptr.serial,
  published: ptr.published,
  created_at: ptr.createdAt,
  updated_at: ptr.updatedAt,
})

const fromPtrRow = (row: PtrTable): Ptr => ({
  id: row.id,
  domainId: row.domain_id,
  projectId: row.project_id,
  region: row.region,
  addressId: row.address_id,
  address: row.address,
  names: JSON.parse(row.names),
  ttl: row.ttl,
  description: row.description,
  status: row.status as Ptr['status'],
  enterpriseProjectId: row.enterprise_project_id,
  tags: JSON.parse(row.tags),
  serial: row.serial,
  published: row.published,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

const ptrsIn = ({ db }: Session, tenant: Tenant) =>
  db
    .selectFrom('ptr as p')
    .where('p.domain_id', '=', tenant.domainId)
    .where('p.project_id', '=', tenant.projectId)

export function ptrReads(session: Session) {
  const { db, words } = session
  const ptrsOf = (tenant: Tenant) => ptrsIn(session, tenant)
  return {
    async findPtr(tenant, ptrId) {
      const row = await ptrsOf(tenant).selectAll('p').where('p.id', '=', ptrId).executeTakeFirst()
      return row && fromPtrRow(row)
    },

    async findPtrOfAddress(tenant, addressId) {
      const row = await ptrsOf(tenant).selectAll('p').where('p.address_id', '=', addressId).executeTakeFirst()
      return row && fromPtrRow(row)
    },

    async hasPtr(address) {
      const row = await db.selectFrom('ptr').select('id').where('address', '=', address).executeTakeFirst()
      return row !== undefined
    },

    async listPtrs(tenant, filter, page) {
      let matching = ptrsOf(tenant).where((e) =>
        e.and([
          ...hasTags(words, e.ref('p.tags'), filter.tags),
          ...matchesTagSearch(words, e.ref('p.tags'), filter.tagSearch),
        ]),
      )
      if (filter.address !== undefined) {
        const part = { value: filter.address, mode: 'like' } as const
        matching = matching.where((e) => equalOrContains(e.ref('p.address'), part))
      }
      if (filter.status !== undefined) matching = matching.where('p.status', '=', filter.status)
      if (filter.enterpriseProjectId !== undefined) {
        matching = matching.where('p.enterprise_project_id', '=', filter.enterpriseProjectId)
      }
      const { total } = await matching
        .select((e) => e.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const columns = { created_at: sql.ref('p.created_at') }
      const place = await findPlace(page, columns, sql.ref('p.id'), (id, column) =>
        ptrsOf(tenant).select(sql`${column}`.as('value')).where('p.id', '=', id).executeTakeFirst(),
      )
      const rows = await place.cut(matching.selectAll('p'), page.limit + 1, place.offset).execute()
      return { ...endPage(rows.map(fromPtrRow), page.limit), total }
    },

    async countPtrs(tenant) {
      const { total } = await db
        .selectFrom('ptr')
        .select((e) => e.fn.countAll<number>().as('total'))
        .where('domain_id', '=', tenant.domainId)
        .executeTakeFirstOrThrow()
      return total
    },

    async listPtrTagsInUse(tenant) {
      const tags = sql.ref<string>('p.tags')
      const tagged = ptrsOf(tenant).where(isTagged(tags)).select(tags.as('tags')).distinct()
      const { rows } = await sql<{ key: string; value: string }>`
        select distinct ${field('key')} as key, ${field('value')} as value
        from ${tagged.as('tagged')} cross join ${words.objectsOf(sql.ref('tagged.tags'))}`.execute(db)
      return byKey(rows)
    },
  } satisfies Partial<NetworkReads>
}

export function ptrWrites(session: Session) {
  const { db, words } = session
  return {
    async lockPtr(tenant, by) {
      const row = await ptrsIn(session, tenant)
        .selectAll('p')
        .where((e) => ('id' in by ? e('p.id', '=', by.id) : e('p.address_id', '=', by.addressId)))
        .modifyEnd(words.forUpdate)
        .executeTakeFirst()
      return row && fromPtrRow(row)
    },

    async insertPtr(ptr) {
      await db.insertInto('ptr').values(toPtrRow(ptr)).execute()
    },

    async updatePtr(ptr) {
      const { numUpdatedRows } = await db
        .updateTable('ptr')
        .set(toPtrRow(ptr))
        .where('id', '=', ptr.id)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new RowMissing(`No PTR record ${ptr.id}.`)
    },

    async removePtr(ptrId) {
      await db.deleteFrom('ptr').where('id', '=', ptrId).execute()
    },
  } satisfies Partial<NetworkWrites>
}

/** What every PTR record that is answered publishes, for a snapshot. */
export async function publishedPtrs({
  db,
}: Session): Promise<{ zoneId: string; serial: number; payload: Uint8Array }[]> {
  return db
    .selectFrom('ptr')
    .select(['id as zoneId', 'serial', 'published as payload'])
    .where('status', '=', 'ACTIVE')
    .orderBy('id')
    .execute()
}
