import { toJson } from '../rows.ts'
import type { SecondaryReads, SecondaryWrites, TransferState, ZonePrimary } from '../secondary-calls.ts'
import type { ZoneTransferTable } from '../secondary-tables.ts'
import type { Session } from '../session.ts'
import { RowMissing } from '../store.ts'

/** The transfers of zones that are kept as a secondary. */
export function secondaryReads({ db }: Session) {
  return {
    async findTransfer(zoneId) {
      const row = await db
        .selectFrom('zone_transfer')
        .selectAll()
        .where('zone_id', '=', zoneId)
        .executeTakeFirst()
      return row && fromRow(row)
    },

    async dueTransfers(now, limit) {
      const rows = await db
        .selectFrom('zone_transfer as t')
        .innerJoin('zone as z', 'z.id', 't.zone_id')
        .select(['z.id', 'z.domain_id', 'z.project_id', 't.next_at'])
        .where('t.next_at', '<=', now)
        .where('z.status', 'in', ['ACTIVE', 'ERROR'])
        .orderBy('t.next_at')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        zoneId: row.id,
        nextAt: row.next_at,
        domainId: row.domain_id,
        projectId: row.project_id,
      }))
    },

    async zonesFollowingBy(key) {
      const rows = await db
        .selectFrom('zone_transfer as t')
        .innerJoin('zone as z', 'z.id', 't.zone_id')
        .select(['z.apex', 'z.primaries'])
        .orderBy('z.apex')
        .execute()
      const names = (primaries: string): boolean =>
        (JSON.parse(primaries) as ZonePrimary[]).some((primary) => primary.key === key)
      return rows.filter(({ primaries }) => names(primaries)).map(({ apex }) => apex)
    },
  } satisfies SecondaryReads
}

export function secondaryWrites({ db }: Session) {
  const remove = (zoneId: string) => db.deleteFrom('zone_transfer').where('zone_id', '=', zoneId).execute()
  return {
    async putTransfer(state) {
      const zone = await db.selectFrom('zone').select('id').where('id', '=', state.zoneId).executeTakeFirst()
      if (zone === undefined) throw new RowMissing(`No zone ${state.zoneId}.`)
      await remove(state.zoneId)
      await db.insertInto('zone_transfer').values(toRow(state)).execute()
    },

    async removeTransfer(zoneId) {
      await remove(zoneId)
    },

    async claimTransfer(zoneId, nextAt, until) {
      const { numUpdatedRows } = await db
        .updateTable('zone_transfer')
        .set({ next_at: until })
        .where('zone_id', '=', zoneId)
        .where('next_at', '=', nextAt)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },

    async setStatusInZone(zoneId, status) {
      await db
        .updateTable('record_set')
        .set({ status })
        .where('zone_no', '=', (e) => e.selectFrom('zone').select('no').where('id', '=', zoneId))
        .execute()
    },
  } satisfies SecondaryWrites
}

const toRow = (state: TransferState): ZoneTransferTable => ({
  zone_id: state.zoneId,
  next_at: state.nextAt,
  checked_at: state.checkedAt,
  transferred_at: state.transferredAt,
  expires_at: state.expiresAt,
  failures: state.failures,
  tries: toJson(state.tries),
  left_out: toJson(state.leftOut),
})

const fromRow = (row: ZoneTransferTable): TransferState => ({
  zoneId: row.zone_id,
  nextAt: row.next_at,
  checkedAt: row.checked_at,
  transferredAt: row.transferred_at,
  expiresAt: row.expires_at,
  failures: row.failures,
  tries: JSON.parse(row.tries),
  leftOut: JSON.parse(row.left_out),
})
