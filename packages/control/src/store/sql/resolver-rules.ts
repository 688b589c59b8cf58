import { sql } from 'kysely'
import type { ResolverRuleRouterTable, ResolverRuleTable } from '../network-tables.ts'
import type { ResolverReads, ResolverRule, ResolverWrites } from '../resolver-calls.ts'
import { toJson } from '../rows.ts'
import type { Session } from '../session.ts'
import { type Router, RowMissing, type Tenant } from '../store.ts'
import { equalOrContains } from './filters.ts'
import { endPage, findPlace } from './page.ts'

const toRuleRow = (rule: ResolverRule): ResolverRuleTable => ({
  id: rule.id,
  domain_id: rule.domainId,
  project_id: rule.projectId,
  name: rule.name,
  domain_name: rule.domainName,
  owner: rule.owner,
  endpoint_id: rule.endpointId,
  targets: toJson(rule.targets),
  created_at: rule.createdAt,
  updated_at: rule.updatedAt,
})

const toRouterRow = (rule: ResolverRule, router: Router, position: number): ResolverRuleRouterTable => ({
  rule_id: rule.id,
  router_id: router.routerId,
  router_region: router.routerRegion,
  status: router.status,
  position,
  domain_id: rule.domainId,
  owner: rule.owner,
})

const rulesOf = ({ db }: Session, tenant: Tenant) =>
  db
    .selectFrom('resolver_rule as r')
    .where('r.domain_id', '=', tenant.domainId)
    .where('r.project_id', '=', tenant.projectId)

async function withRouters(
  { db, words }: Session,
  rows: readonly ResolverRuleTable[],
): Promise<ResolverRule[]> {
  const ids = rows.map((row) => row.id)
  const routers = await db
    .selectFrom('resolver_rule_router')
    .selectAll()
    .where((e) => words.isAnyOf(e.ref('rule_id'), ids))
    .orderBy('position')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    domainId: row.domain_id,
    projectId: row.project_id,
    name: row.name,
    domainName: row.domain_name,
    owner: row.owner,
    endpointId: row.endpoint_id,
    targets: JSON.parse(row.targets),
    routers: routers
      .filter((router) => router.rule_id === row.id)
      .map((router) => ({
        routerId: router.router_id,
        routerRegion: router.router_region,
        status: router.status,
      })),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }))
}

export function ruleReads(session: Session) {
  const { db } = session
  return {
    async findRule(tenant, ruleId) {
      const row = await rulesOf(session, tenant).selectAll('r').where('r.id', '=', ruleId).executeTakeFirst()
      return row && (await withRouters(session, [row]))[0]
    },

    async listRules(tenant, { id, endpointId, name, domainName }, page) {
      let matching = rulesOf(session, tenant)
      if (id !== undefined) matching = matching.where('r.id', '=', id)
      if (endpointId !== undefined) matching = matching.where('r.endpoint_id', '=', endpointId)
      if (name !== undefined) {
        matching = matching.where((e) => equalOrContains(e.ref('r.name'), { value: name, mode: 'like' }))
      }
      if (domainName !== undefined) {
        matching = matching.where((e) =>
          equalOrContains(e.ref('r.domain_name'), { value: domainName, mode: 'like' }),
        )
      }
      const { total } = await matching
        .select((e) => e.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const columns = { created_at: sql.ref('r.created_at') }
      const place = await findPlace(page, columns, sql.ref('r.id'), (marker, column) =>
        rulesOf(session, tenant)
          .select(sql`${column}`.as('value'))
          .where('r.id', '=', marker)
          .executeTakeFirst(),
      )
      const found = await place.cut(matching.selectAll('r'), page.limit + 1, place.offset).execute()
      const { rows, hasMore } = endPage(found, page.limit)
      return { rows: await withRouters(session, rows), hasMore, total }
    },

    async countRules(tenant) {
      const { total } = await db
        .selectFrom('resolver_rule')
        .select((e) => e.fn.countAll<number>().as('total'))
        .where('domain_id', '=', tenant.domainId)
        .executeTakeFirstOrThrow()
      return total
    },

    findRuleOfNetwork: (tenant, owner, networkId) =>
      db
        .selectFrom('resolver_rule_router')
        .select('rule_id as id')
        .where('domain_id', '=', tenant.domainId)
        .where('router_id', '=', networkId)
        .where('owner', '=', owner)
        .executeTakeFirst(),
  } satisfies Partial<ResolverReads>
}

export function ruleWrites(session: Session) {
  const { db, words } = session
  return {
    async lockRule(tenant, ruleId) {
      const row = await rulesOf(session, tenant)
        .selectAll('r')
        .where('r.id', '=', ruleId)
        .modifyEnd(words.forUpdate)
        .executeTakeFirst()
      return row && (await withRouters(session, [row]))[0]
    },

    async insertRule(rule) {
      await db.insertInto('resolver_rule').values(toRuleRow(rule)).execute()
      const rows = rule.routers.map((router, position) => toRouterRow(rule, router, position))
      if (rows.length > 0) await db.insertInto('resolver_rule_router').values(rows).execute()
    },

    async updateRule(rule) {
      const { numUpdatedRows } = await db
        .updateTable('resolver_rule')
        .set({ name: rule.name, targets: toJson(rule.targets), updated_at: rule.updatedAt })
        .where('id', '=', rule.id)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new RowMissing(`No resolver rule ${rule.id}.`)
    },

    async removeRule(ruleId) {
      await db.deleteFrom('resolver_rule').where('id', '=', ruleId).execute()
    },

    async insertRuleRouter(rule, router) {
      const { last } = await db
        .selectFrom('resolver_rule_router')
        .select((e) => e.fn.max<number | null>('position').as('last'))
        .where('rule_id', '=', rule.id)
        .executeTakeFirstOrThrow()
      await db
        .insertInto('resolver_rule_router')
        .values(toRouterRow(rule, router, (last ?? -1) + 1))
        .execute()
    },

    async removeRuleRouter(ruleId, routerId) {
      await db
        .deleteFrom('resolver_rule_router')
        .where('rule_id', '=', ruleId)
        .where('router_id', '=', routerId)
        .execute()
    },
  } satisfies Partial<ResolverWrites>
}
