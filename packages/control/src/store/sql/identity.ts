import {
  fromAccessKeyRow,
  fromAccountRow,
  fromProjectRow,
  fromTokenRow,
  fromUserRow,
  toAccessKeyRow,
  toAccountRow,
  toProjectRow,
  toTokenRow,
  toUserRow,
} from '../rows.ts'
import type { Session } from '../session.ts'
import { type Reads, RowMissing, type Tx } from '../store.ts'

/** Accounts, projects, users, keys, tokens and the settings of the installation. */
export function identityReads({ db }: Session) {
  return {
    async findAccount(domainId) {
      const row = await db.selectFrom('account').selectAll().where('id', '=', domainId).executeTakeFirst()
      return row && fromAccountRow(row)
    },
    async findAccountByName(name) {
      const row = await db.selectFrom('account').selectAll().where('name', '=', name).executeTakeFirst()
      return row && fromAccountRow(row)
    },
    async listAccounts() {
      const rows = await db.selectFrom('account').selectAll().orderBy('name').execute()
      return rows.map(fromAccountRow)
    },
    async findProject(projectId) {
      const row = await db.selectFrom('project').selectAll().where('id', '=', projectId).executeTakeFirst()
      return row && fromProjectRow(row)
    },
    async listProjects(domainId, filter = {}) {
      let query = db.selectFrom('project').selectAll().where('domain_id', '=', domainId)
      if (filter.name !== undefined) query = query.where('name', '=', filter.name)
      return (await query.orderBy('name').execute()).map(fromProjectRow)
    },
    async findUser(userId) {
      const row = await db.selectFrom('api_user').selectAll().where('id', '=', userId).executeTakeFirst()
      return row && fromUserRow(row)
    },
    async findUserByName(domainId, name) {
      const row = await db
        .selectFrom('api_user')
        .selectAll()
        .where('domain_id', '=', domainId)
        .where('name', '=', name)
        .executeTakeFirst()
      return row && fromUserRow(row)
    },
    async listUsers(domainId) {
      const rows = await db
        .selectFrom('api_user')
        .selectAll()
        .where('domain_id', '=', domainId)
        .orderBy('name')
        .execute()
      return rows.map(fromUserRow)
    },
    async findAccessKey(accessKey) {
      const row = await db
        .selectFrom('access_key')
        .selectAll()
        .where('access_key', '=', accessKey)
        .executeTakeFirst()
      return row && fromAccessKeyRow(row)
    },
    async findToken(hash) {
      const row = await db.selectFrom('token').selectAll().where('hash', '=', hash).executeTakeFirst()
      return row && fromTokenRow(row)
    },
    async findSetting(name) {
      const row = await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst()
      return row?.value
    },
  } satisfies Partial<Reads>
}

export function identityWrites({ db }: Session) {
  return {
    async insertAccount(account) {
      await db.insertInto('account').values(toAccountRow(account)).execute()
    },
    async insertProject(project) {
      await db.insertInto('project').values(toProjectRow(project)).execute()
    },
    async insertUser(user) {
      await db.insertInto('api_user').values(toUserRow(user)).execute()
    },
    async updateUser(user) {
      const { numUpdatedRows } = await db
        .updateTable('api_user')
        .set(toUserRow(user))
        .where('id', '=', user.id)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new RowMissing(`No user ${user.id}.`)
    },
    async insertAccessKey(key) {
      await db.insertInto('access_key').values(toAccessKeyRow(key)).execute()
    },
    async insertToken(token) {
      await db.insertInto('token').values(toTokenRow(token)).execute()
    },
    async removeToken(hash) {
      await db.deleteFrom('token').where('hash', '=', hash).execute()
    },
    async removeExpiredTokens(now) {
      await db.deleteFrom('token').where('expires_at', '<=', now).execute()
    },
    async insertSetting(name, value) {
      await db
        .insertInto('setting')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute()
    },
    async putSetting(name, value) {
      await db
        .insertInto('setting')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute()
    },
  } satisfies Partial<Tx>
}
