import type { ClaimReads, ClaimWrites, ZoneClaim } from '../claim-calls.ts'
import type { ZoneClaimTable } from '../claim-tables.ts'
import type { Session } from '../session.ts'
import { RowMissing } from '../store.ts'

/** Claims to names of other accounts. */
export function claimReads({ db, words }: Session) {
  return {
    async findClaim(tenant, kind, claimId) {
      const row = await db
        .selectFrom('zone_claim')
        .selectAll()
        .where('domain_id', '=', tenant.domainId)
        .where('kind', '=', kind)
        .where('id', '=', claimId)
        .executeTakeFirst()
      return row && fromClaimRow(row)
    },

    async claimsTo(tenant, kind, apexes) {
      const rows = await db
        .selectFrom('zone_claim')
        .selectAll()
        .where('domain_id', '=', tenant.domainId)
        .where('kind', '=', kind)
        .where((e) => words.isAnyOf(e.ref('apex'), apexes))
        .execute()
      return rows.map(fromClaimRow)
    },
  } satisfies ClaimReads
}

export function claimWrites({ db }: Session) {
  return {
    async insertClaim(claim) {
      await db.insertInto('zone_claim').values(toClaimRow(claim)).execute()
    },

    async updateClaim({ id, status, updatedAt }) {
      const { numUpdatedRows } = await db
        .updateTable('zone_claim')
        .set({ status, updated_at: updatedAt })
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new RowMissing(`No claim ${id}.`)
    },

    async removeClaim(claimId) {
      await db.deleteFrom('zone_claim').where('id', '=', claimId).execute()
    },

    async trimClaims(tenant, kind, time) {
      await db
        .deleteFrom('zone_claim')
        .where('domain_id', '=', tenant.domainId)
        .where('kind', '=', kind)
        .where('updated_at', '<', time)
        .execute()
    },
  } satisfies ClaimWrites
}

const toClaimRow = (claim: ZoneClaim): ZoneClaimTable => ({
  id: claim.id,
  kind: claim.kind,
  domain_id: claim.domainId,
  project_id: claim.projectId,
  name: claim.name,
  apex: claim.apex,
  host: claim.host,
  value: claim.value,
  status: claim.status,
  created_at: claim.createdAt,
  updated_at: claim.updatedAt,
})

const fromClaimRow = (row: ZoneClaimTable): ZoneClaim => ({
  id: row.id,
  kind: row.kind as ZoneClaim['kind'],
  domainId: row.domain_id,
  projectId: row.project_id,
  name: row.name,
  apex: row.apex,
  host: row.host,
  value: row.value,
  status: row.status as ZoneClaim['status'],
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})
