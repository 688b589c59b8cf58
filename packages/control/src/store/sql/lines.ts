import { sql } from 'kysely'
import { fromCustomLineRow, fromLineGroupRow, toCustomLineRow, toLineGroupRow } from '../rows.ts'
import type { Session } from '../session.ts'
import { type Reads, RowMissing, type Tx } from '../store.ts'

/** Names the partial index of the record sets on other lines: a constant, or no planner would know that it applies. */
const NOT_DEFAULT = sql<boolean>`r.line <> 'default_view'`

export function lineReads({ db }: Session) {
  return {
    async listCustomLines(tenant) {
      const rows = await db
        .selectFrom('custom_line')
        .selectAll()
        .where('domain_id', '=', tenant.domainId)
        .orderBy('created_at', 'desc')
        .orderBy('line_id', 'desc')
        .execute()
      return rows.map(fromCustomLineRow)
    },

    async customLineIds(tenant) {
      const rows = await db
        .selectFrom('custom_line')
        .select('line_id')
        .where('domain_id', '=', tenant.domainId)
        .execute()
      return rows.map((row) => row.line_id)
    },

    async listLineGroups(tenant) {
      const rows = await db
        .selectFrom('line_group')
        .selectAll()
        .where('domain_id', '=', tenant.domainId)
        .orderBy('created_at', 'desc')
        .orderBy('line_id', 'desc')
        .execute()
      return rows.map(fromLineGroupRow)
    },

    async isLineInUse(tenant, lineId) {
      const row = await db
        .selectFrom('zone as z')
        .innerJoin('record_set as r', 'r.zone_no', 'z.no')
        .select('r.id')
        .where('z.domain_id', '=', tenant.domainId)
        .where('r.line', '=', lineId)
        .where(NOT_DEFAULT)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },

    async listZoneLines(zoneId) {
      const inZone = db
        .selectFrom('record_set as r')
        .where('r.zone_no', '=', (e) => e.selectFrom('zone').select('no').where('id', '=', zoneId))
      const oldestDefault = await inZone
        .select(['r.line', 'r.created_at'])
        .where('r.line', '=', 'default_view')
        .orderBy('r.created_at')
        .limit(1)
        .execute()
      const others = await inZone
        .select((e) => ['r.line', e.fn.min<number>('r.created_at').as('created_at')])
        .where(NOT_DEFAULT)
        .groupBy('r.line')
        .orderBy('created_at')
        .orderBy('r.line')
        .execute()
      return [...oldestDefault, ...others].map((row) => ({ line: row.line, createdAt: row.created_at }))
    },
  } satisfies Partial<Reads>
}

export function lineWrites({ db, words }: Session) {
  return {
    async lockLines(tenant) {
      await db
        .selectFrom('account')
        .select('id')
        .where('id', '=', tenant.domainId)
        .modifyEnd(words.forUpdate)
        .execute()
    },

    async insertCustomLine(line) {
      await db.insertInto('custom_line').values(toCustomLineRow(line)).execute()
    },

    async updateCustomLine(line) {
      const { numUpdatedRows } = await db
        .updateTable('custom_line')
        .set(toCustomLineRow(line))
        .where('line_id', '=', line.lineId)
        .where('domain_id', '=', line.domainId)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new RowMissing(`No line ${line.lineId}.`)
    },

    async removeCustomLine(tenant, lineId) {
      await db
        .deleteFrom('custom_line')
        .where('line_id', '=', lineId)
        .where('domain_id', '=', tenant.domainId)
        .execute()
    },

    async insertLineGroup(group) {
      await db.insertInto('line_group').values(toLineGroupRow(group)).execute()
    },

    async updateLineGroup(group) {
      const { numUpdatedRows } = await db
        .updateTable('line_group')
        .set(toLineGroupRow(group))
        .where('line_id', '=', group.lineId)
        .where('domain_id', '=', group.domainId)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new RowMissing(`No line group ${group.lineId}.`)
    },

    async removeLineGroup(tenant, lineId) {
      await db
        .deleteFrom('line_group')
        .where('line_id', '=', lineId)
        .where('domain_id', '=', tenant.domainId)
        .execute()
    },
  } satisfies Partial<Tx>
}
