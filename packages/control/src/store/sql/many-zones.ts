import { type ExpressionBuilder, sql } from 'kysely'
import { fromRecordSetRow, fromZoneRow, toRecordSetRow, toZoneRow } from '../rows.ts'
import type { Session } from '../session.ts'
import { type Reads, type RecordSet, RowMissing, type Tx } from '../store.ts'
import type { Tables } from '../tables.ts'
import { treeKey } from './owner-tree.ts'

/** Calls over many zones at once, so that a task over thousands of zones costs a handful of statements a chunk. */
export function manyZoneReads({ db, words }: Session) {
  return {
    async publicZonesAt(apexes) {
      if (apexes.length === 0) return []
      const rows = await db
        .selectFrom('zone')
        .selectAll()
        .where((e) => words.isAnyOf(e.ref('zone.apex'), apexes))
        // A constant, so that the unique index of public names applies.
        .where(sql<boolean>`zone_type = 'public'`)
        .execute()
      return rows.map(fromZoneRow)
    },

    async recordSetsInZones(wanted) {
      const pairs = wanted.flatMap(({ zoneId, owners }) => owners.map((owner) => [zoneId, owner] as const))
      if (pairs.length === 0) return []
      const rows = await db.selectFrom(words.recordSetsAtPairs(pairs).as('r')).selectAll('r').execute()
      return rows.map((row) => fromRecordSetRow(row, row.zone_id))
    },
  } satisfies Partial<Reads>
}

export function manyZoneWrites(session: Session) {
  const { db, words } = session
  const { publicZonesAt } = manyZoneReads(session)

  /** Adds to the count of each zone what `rows` hold of it, `sign` times, and gives number and apex of the zones by id. */
  async function addToCounts(rows: readonly RecordSet[], sign: 1 | -1) {
    const counts = new Map<string, number>()
    for (const { zoneId } of rows) counts.set(zoneId, (counts.get(zoneId) ?? 0) + sign)
    const changes = words.tableOf(
      { id: 'text', change: 'integer' },
      [...counts].map(([id, change]) => ({ id, change })),
    )
    const zones = await db
      .updateTable('zone')
      .from(changes.as('counted'))
      .whereRef('zone.id', '=', 'counted.id')
      .set((e) => ({ record_count: e('zone.record_count', '+', e.ref('counted.change')) }))
      .returning(['zone.id', 'zone.no', 'zone.apex'])
      .execute()
    if (zones.length < counts.size) throw new RowMissing('A zone of the record sets is gone.')
    return new Map(zones.map((zone) => [zone.id, zone]))
  }

  function insert(rows: readonly RecordSet[], zones: ReadonlyMap<string, { no: number; apex: string }>) {
    const inZone = (row: RecordSet) => {
      const { no, apex } = zones.get(row.zoneId)!
      return toRecordSetRow(row, no, treeKey(row.owner, apex))
    }
    return session.insertRows('record_set', rows.map(inZone))
  }

  async function remove(rows: readonly RecordSet[]): Promise<void> {
    const ids = rows.map((row) => row.id)
    const { numDeletedRows } = await db
      .deleteFrom('record_set')
      .where((e: ExpressionBuilder<Tables, 'record_set'>) => words.isAnyOf(e.ref('record_set.id'), ids))
      .executeTakeFirstOrThrow()
    if (Number(numDeletedRows) < rows.length) throw new RowMissing('One of the record sets is gone.')
  }

  return {
    async lockPublicZones(tenant, apexes) {
      const ids = (await publicZonesAt(apexes)).map((zone) => zone.id)
      if (ids.length === 0) return []
      const rows = await db
        .selectFrom('zone')
        .selectAll()
        .where((e) => words.isAnyOf(e.ref('zone.id'), ids))
        .orderBy('id')
        .modifyEnd(words.forUpdate)
        .execute()
      // Whose they are is asked behind the lock: it may have changed on the way to it.
      return rows.map(fromZoneRow).filter((zone) => zone.domainId === tenant.domainId)
    },

    async insertZones(zones) {
      await session.insertRows(
        'zone',
        zones.map((zone) => ({ ...toZoneRow(zone), record_count: 0 })),
      )
    },

    async updateZoneVersions(zones) {
      if (zones.length === 0) return
      const versions = words.tableOf({ id: 'text', serial: 'integer', revision: 'integer' }, zones)
      const { numUpdatedRows } = await db
        .updateTable('zone')
        .from(versions.as('version'))
        .whereRef('zone.id', '=', 'version.id')
        .set((e) => ({ serial: e.ref('version.serial'), revision: e.ref('version.revision') }))
        .executeTakeFirstOrThrow()
      if (Number(numUpdatedRows) < zones.length) throw new RowMissing('One of the zones is gone.')
    },

    async insertRecordSetsInZones(rows) {
      if (rows.length > 0) await insert(rows, await addToCounts(rows, 1))
    },

    async updateRecordSetsInZones(rows) {
      if (rows.length === 0) return
      const zoneIds = [...new Set(rows.map((row) => row.zoneId))]
      const zones = await db
        .selectFrom('zone')
        .select(['id', 'no', 'apex'])
        .where((e) => words.isAnyOf(e.ref('zone.id'), zoneIds))
        .execute()
      if (zones.length < zoneIds.length) throw new RowMissing('A zone of the record sets is gone.')
      // Every field may have changed: writing the rows anew takes two statements for all of them.
      await remove(rows)
      await insert(rows, new Map(zones.map((zone) => [zone.id, zone])))
    },

    async removeRecordSetsInZones(rows) {
      if (rows.length === 0) return
      await remove(rows)
      await addToCounts(rows, -1)
    },
  } satisfies Partial<Tx>
}
