import type { AccessReads, AccessWrites, AuditChange, AuditEntry, Grant } from '../access-calls.ts'
import type { AuditEntryTable, UserGrantTable } from '../access-tables.ts'
import { fromAccessKeyRow, toAccessKeyRow, toAccountRow, toJson, toProjectRow } from '../rows.ts'
import type { Session } from '../session.ts'
import { RowMissing } from '../store.ts'

/** Permissions, the management of users and keys, and the audit log. */
export function accessReads({ db }: Session) {
  return {
    async findGrant(userId) {
      const row = await db
        .selectFrom('user_grant')
        .selectAll()
        .where('user_id', '=', userId)
        .executeTakeFirst()
      return row && fromGrantRow(row)
    },

    async listGrants(domainId) {
      const rows = await db
        .selectFrom('user_grant as g')
        .innerJoin('api_user as u', 'u.id', 'g.user_id')
        .selectAll('g')
        .where('u.domain_id', '=', domainId)
        .execute()
      return rows.map(fromGrantRow)
    },

    async listAccessKeys(domainId, userId) {
      let query = db
        .selectFrom('access_key as k')
        .innerJoin('api_user as u', 'u.id', 'k.user_id')
        .selectAll('k')
        .where('u.domain_id', '=', domainId)
      if (userId !== undefined) query = query.where('k.user_id', '=', userId)
      return (await query.orderBy('k.created_at').orderBy('k.access_key').execute()).map(fromAccessKeyRow)
    },

    async listAudit(domainId, filter, page) {
      let query = db.selectFrom('audit_entry').selectAll().where('domain_id', '=', domainId)
      if (filter.userName !== undefined) query = query.where('user_name', '=', filter.userName)
      if (filter.operation !== undefined) query = query.where('operation', '=', filter.operation)
      if (filter.requestId !== undefined) query = query.where('request_id', '=', filter.requestId)
      if (filter.zoneId !== undefined) query = query.where('zone_id', '=', filter.zoneId)
      if (filter.from !== undefined) query = query.where('at', '>=', filter.from)
      if (filter.until !== undefined) query = query.where('at', '<=', filter.until)
      if (page.marker !== undefined) query = query.where('id', '<', page.marker)
      return (await query.orderBy('id', 'desc').limit(page.limit).execute()).map(fromAuditRow)
    },
  } satisfies AccessReads
}

export function accessWrites({ db }: Session) {
  return {
    async updateAccount(account) {
      const { numUpdatedRows } = await db
        .updateTable('account')
        .set(toAccountRow(account))
        .where('id', '=', account.id)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new RowMissing(`No account ${account.id}.`)
    },

    async updateProject(project) {
      const { numUpdatedRows } = await db
        .updateTable('project')
        .set(toProjectRow(project))
        .where('id', '=', project.id)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new RowMissing(`No project ${project.id}.`)
    },

    async removeUser(userId) {
      await db.deleteFrom('api_user').where('id', '=', userId).execute()
    },

    async removeTokensOf(userId) {
      await db.deleteFrom('token').where('user_id', '=', userId).execute()
    },

    async putGrant(grant) {
      const { user_id, ...rest } = toGrantRow(grant)
      await db
        .insertInto('user_grant')
        .values({ user_id, ...rest })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet(rest))
        .execute()
    },

    async updateAccessKey(key) {
      const { numUpdatedRows } = await db
        .updateTable('access_key')
        .set(toAccessKeyRow(key))
        .where('access_key', '=', key.accessKey)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new RowMissing(`No access key ${key.accessKey}.`)
    },

    async removeAccessKey(accessKey) {
      await db.deleteFrom('access_key').where('access_key', '=', accessKey).execute()
    },

    async insertAuditEntry(entry) {
      await db.insertInto('audit_entry').values(toAuditRow(entry)).execute()
    },

    async trimAudit(time, limit) {
      const { numDeletedRows } = await db
        .deleteFrom('audit_entry')
        .where('id', 'in', (e) =>
          e.selectFrom('audit_entry').select('id').where('at', '<', time).orderBy('at').limit(limit),
        )
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  } satisfies AccessWrites
}

const toGrantRow = (grant: Grant): UserGrantTable => ({
  user_id: grant.userId,
  role: grant.role,
  zone_ids: toJson(grant.zoneIds),
  policies: toJson(grant.policies),
})

const fromGrantRow = (row: UserGrantTable): Grant => ({
  userId: row.user_id,
  role: row.role as Grant['role'],
  zoneIds: JSON.parse(row.zone_ids),
  policies: JSON.parse(row.policies),
})

const toAuditRow = (entry: AuditEntry): AuditEntryTable => ({
  id: entry.id,
  at: entry.at,
  domain_id: entry.domainId,
  project_id: entry.projectId,
  user_id: entry.userId,
  user_name: entry.userName,
  address: entry.address,
  request_id: entry.requestId,
  operation: entry.operation,
  request: entry.request.replaceAll('\0', '\uFFFD').toWellFormed(),
  zone_id: entry.zoneId,
  changes: toJson(entry.changes),
  change_count: entry.changeCount,
})

const fromAuditRow = (row: AuditEntryTable): AuditEntry => ({
  id: row.id,
  at: row.at,
  domainId: row.domain_id,
  projectId: row.project_id,
  userId: row.user_id,
  userName: row.user_name,
  address: row.address,
  requestId: row.request_id,
  operation: row.operation,
  request: row.request,
  zoneId: row.zone_id,
  changes: JSON.parse(row.changes) as AuditChange[],
  changeCount: row.change_count,
})
