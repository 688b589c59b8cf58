import type { Session } from '../session.ts'
import type { TransferAccessRow, TransferReads, TransferWrites, TsigKeyRow } from '../transfer-calls.ts'
import type { TransferAccessTable, TsigKeyTable } from '../transfer-tables.ts'

/** Keys and access of transfers to other servers. */
export function transferReads({ db }: Session) {
  return {
    async tsigKeys() {
      const rows = await db.selectFrom('tsig_key').selectAll().orderBy('name').execute()
      return rows.map(fromKeyRow)
    },

    async findTransferAccess(zoneId) {
      const row = await db
        .selectFrom('transfer_access')
        .selectAll()
        .where('zone_id', '=', zoneId)
        .executeTakeFirst()
      return row && fromAccessRow(row)
    },

    async transferAccess() {
      const rows = await db.selectFrom('transfer_access').selectAll().orderBy('zone_id').execute()
      return rows.map(fromAccessRow)
    },

    async ownerOfZone(zoneId) {
      return db
        .selectFrom('zone')
        .select(['domain_id as domainId', 'project_id as projectId'])
        .where('id', '=', zoneId)
        .executeTakeFirst()
    },
  } satisfies TransferReads
}

export function transferWrites({ db }: Session) {
  return {
    async insertTsigKey(key) {
      await db
        .insertInto('tsig_key')
        .values({
          name: key.name,
          algorithm: key.algorithm,
          sealed_secret: key.sealedSecret,
          created_at: key.createdAt,
        })
        .execute()
    },

    async removeTsigKey(name) {
      await db.deleteFrom('tsig_key').where('name', '=', name).execute()
    },

    async putTransferAccess({ zoneId, allow, notify, updatedAt }) {
      const values = { allow: JSON.stringify(allow), notify: JSON.stringify(notify), updated_at: updatedAt }
      await db
        .insertInto('transfer_access')
        .values({ zone_id: zoneId, ...values })
        .onConflict((conflict) => conflict.column('zone_id').doUpdateSet(values))
        .execute()
    },

    async removeTransferAccess(zoneId) {
      await db.deleteFrom('transfer_access').where('zone_id', '=', zoneId).execute()
    },
  } satisfies TransferWrites
}

const fromKeyRow = (row: TsigKeyTable): TsigKeyRow => ({
  name: row.name,
  algorithm: row.algorithm as TsigKeyRow['algorithm'],
  sealedSecret: row.sealed_secret,
  createdAt: row.created_at,
})

const fromAccessRow = (row: TransferAccessTable): TransferAccessRow => ({
  zoneId: row.zone_id,
  allow: JSON.parse(row.allow),
  notify: JSON.parse(row.notify),
  updatedAt: row.updated_at,
})
