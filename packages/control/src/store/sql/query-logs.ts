import type { QueryLogConfigTable } from '../network-tables.ts'
import type { QueryLogConfig, ResolverReads, ResolverWrites } from '../resolver-calls.ts'
import type { Session } from '../session.ts'
import type { Tenant } from '../store.ts'
import { endPage } from './page.ts'

const configsOf = ({ db }: Session, tenant: Tenant) =>
  db
    .selectFrom('query_log_config as c')
    .where('c.domain_id', '=', tenant.domainId)
    .where('c.project_id', '=', tenant.projectId)

async function withNetworks(
  { db, words }: Session,
  rows: readonly QueryLogConfigTable[],
): Promise<QueryLogConfig[]> {
  const ids = rows.map((row) => row.id)
  const networks = await db
    .selectFrom('query_log_network')
    .selectAll()
    .where((e) => words.isAnyOf(e.ref('config_id'), ids))
    .orderBy('position')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    domainId: row.domain_id,
    projectId: row.project_id,
    groupId: row.group_id,
    streamId: row.stream_id,
    networkIds: networks
      .filter((network) => network.config_id === row.id)
      .map(({ network_id: networkId }) => networkId),
    createdAt: row.created_at,
  }))
}

export function queryLogReads(session: Session) {
  const { db } = session
  return {
    async findQueryLogConfig(tenant, configId) {
      const row = await configsOf(session, tenant)
        .selectAll('c')
        .where('c.id', '=', configId)
        .executeTakeFirst()
      return row && (await withNetworks(session, [row]))[0]
    },

    async listQueryLogConfigs(tenant, { networkId }, { limit, after }) {
      let matching = configsOf(session, tenant)
      if (after !== undefined) matching = matching.where('c.id', '>', after)
      if (networkId !== undefined) {
        matching = matching.where((e) =>
          e.exists(
            e
              .selectFrom('query_log_network as n')
              .select('n.config_id')
              .whereRef('n.config_id', '=', 'c.id')
              .where('n.network_id', '=', networkId),
          ),
        )
      }
      const found = await matching
        .selectAll('c')
        .orderBy('c.id')
        .limit(limit + 1)
        .execute()
      const { rows, hasMore } = endPage(found, limit)
      return { rows: await withNetworks(session, rows), hasMore }
    },

    findQueryLogOfNetwork: (tenant, networkId) =>
      db
        .selectFrom('query_log_network')
        .select('config_id as id')
        .where('domain_id', '=', tenant.domainId)
        .where('network_id', '=', networkId)
        .executeTakeFirst(),
  } satisfies Partial<ResolverReads>
}

export function queryLogWrites(session: Session) {
  const { db, words } = session

  async function insertNetwork(config: QueryLogConfig, networkId: string, position: number): Promise<void> {
    await db
      .insertInto('query_log_network')
      .values({ config_id: config.id, network_id: networkId, position, domain_id: config.domainId })
      .execute()
  }

  return {
    async lockQueryLogConfig(tenant, configId) {
      const row = await configsOf(session, tenant)
        .selectAll('c')
        .where('c.id', '=', configId)
        .modifyEnd(words.forUpdate)
        .executeTakeFirst()
      return row && (await withNetworks(session, [row]))[0]
    },

    async insertQueryLogConfig(config) {
      await db
        .insertInto('query_log_config')
        .values({
          id: config.id,
          domain_id: config.domainId,
          project_id: config.projectId,
          group_id: config.groupId,
          stream_id: config.streamId,
          created_at: config.createdAt,
        })
        .execute()
      for (const [position, networkId] of config.networkIds.entries()) {
        await insertNetwork(config, networkId, position)
      }
    },

    async removeQueryLogConfig(configId) {
      await db.deleteFrom('query_log_config').where('id', '=', configId).execute()
    },

    async insertQueryLogNetwork(config, networkId) {
      const { last } = await db
        .selectFrom('query_log_network')
        .select((e) => e.fn.max<number | null>('position').as('last'))
        .where('config_id', '=', config.id)
        .executeTakeFirstOrThrow()
      await insertNetwork(config, networkId, (last ?? -1) + 1)
    },

    async removeQueryLogNetwork(configId, networkId) {
      await db
        .deleteFrom('query_log_network')
        .where('config_id', '=', configId)
        .where('network_id', '=', networkId)
        .execute()
    },
  } satisfies Partial<ResolverWrites>
}
