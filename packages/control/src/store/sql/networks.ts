import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type {
  Bandwidth,
  Network,
  NetworkReads,
  NetworkWrites,
  PublicAddress,
  Subnet,
} from '../network-calls.ts'
import type { NetworkTable, PublicAddressTable, SubnetTable } from '../network-tables.ts'
import type { Session } from '../session.ts'
import { RowMissing, type Tenant } from '../store.ts'
import type { Tables } from '../tables.ts'
import { equalOrContains, field } from './filters.ts'
import { endPage, findPlace } from './page.ts'

const toNetworkRow = (network: Network): NetworkTable => ({
  id: network.id,
  domain_id: network.domainId,
  project_id: network.projectId,
  region: network.region,
  name: network.name,
  description: network.description,
  cidr: network.cidr,
  created_at: network.createdAt,
  updated_at: network.updatedAt,
})

const fromNetworkRow = (
  row: NetworkTable,
  clientCidrs: readonly string[],
  listenerAddresses: readonly string[],
): Network => ({
  id: row.id,
  domainId: row.domain_id,
  projectId: row.project_id,
  region: row.region,
  name: row.name,
  description: row.description,
  cidr: row.cidr,
  clientCidrs,
  listenerAddresses,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

const toSubnetRow = (subnet: Subnet): SubnetTable => ({
  id: subnet.id,
  network_id: subnet.networkId,
  name: subnet.name,
  description: subnet.description,
  cidr: subnet.cidr,
  gateway: subnet.gateway,
  created_at: subnet.createdAt,
})

const fromSubnetRow = (row: SubnetTable): Subnet => ({
  id: row.id,
  networkId: row.network_id,
  name: row.name,
  description: row.description,
  cidr: row.cidr,
  gateway: row.gateway,
  createdAt: row.created_at,
})

const toAddressRow = (address: PublicAddress): PublicAddressTable => ({
  id: address.id,
  domain_id: address.domainId,
  project_id: address.projectId,
  region: address.region,
  address: address.address,
  name: address.name,
  bandwidth: address.bandwidth === undefined ? null : JSON.stringify(address.bandwidth),
  created_at: address.createdAt,
})

const fromAddressRow = (row: PublicAddressTable): PublicAddress => ({
  id: row.id,
  domainId: row.domain_id,
  projectId: row.project_id,
  region: row.region,
  address: row.address,
  name: row.name,
  ...(row.bandwidth === null ? {} : { bandwidth: JSON.parse(row.bandwidth) as Bandwidth }),
  createdAt: row.created_at,
})

/** Rows of networks with their clients and listeners. */
async function withClients({ db, words }: Session, rows: readonly NetworkTable[]): Promise<Network[]> {
  const ids = rows.map((row) => row.id)
  const clients = await db
    .selectFrom('network_client')
    .selectAll()
    .where((e) => words.isAnyOf(e.ref('network_id'), ids))
    .orderBy('position')
    .execute()
  const listeners = await db
    .selectFrom('network_listener')
    .selectAll()
    .where((e) => words.isAnyOf(e.ref('network_id'), ids))
    .orderBy('position')
    .execute()
  const clientsOf = Map.groupBy(clients, (client) => client.network_id)
  const listenersOf = Map.groupBy(listeners, (listener) => listener.network_id)
  return rows.map((row) =>
    fromNetworkRow(
      row,
      clientsOf.get(row.id)?.map(({ cidr }) => cidr) ?? [],
      listenersOf.get(row.id)?.map(({ address }) => address) ?? [],
    ),
  )
}

/** All networks, of all accounts, for a snapshot of the feed. */
export async function allNetworks(session: Session): Promise<Network[]> {
  return withClients(session, await session.db.selectFrom('network').selectAll().orderBy('id').execute())
}

export function networkReads(session: Session) {
  const { db, words } = session
  const networksOf = (tenant: Tenant) =>
    db.selectFrom('network as n').where('n.domain_id', '=', tenant.domainId)
  const subnetsOf = (tenant: Tenant) =>
    db
      .selectFrom('subnet as s')
      .innerJoin('network as n', 'n.id', 's.network_id')
      .where('n.domain_id', '=', tenant.domainId)
  const addressesOf = (tenant: Tenant) =>
    db.selectFrom('public_address as a').where('a.domain_id', '=', tenant.domainId)

  return {
    async hasNetworks() {
      return (await db.selectFrom('network').select('id').limit(1).executeTakeFirst()) !== undefined
    },

    async findNetwork(tenant, networkId) {
      const row = await networksOf(tenant).selectAll('n').where('n.id', '=', networkId).executeTakeFirst()
      return row && (await withClients(session, [row]))[0]
    },

    async listNetworks(tenant, filter, page) {
      const matching = networksOf(tenant).where((e) => e.and(networkMatches(filter, e)))
      const { total } = await matching
        .select((e) => e.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const place = await findPlace(page, { id: sql.ref('n.id') }, sql.ref('n.id'), (id, column) =>
        networksOf(tenant).select(sql`${column}`.as('value')).where('n.id', '=', id).executeTakeFirst(),
      )
      const rows = await place.cut(matching.selectAll('n'), page.limit + 1, place.offset).execute()
      const { rows: shown, hasMore } = endPage(rows, page.limit)
      return { rows: await withClients(session, shown), hasMore, total }
    },

    findNetworkOfClients: (clientCidr) =>
      db
        .selectFrom('network_client as c')
        .innerJoin('network as n', 'n.id', 'c.network_id')
        .select(['n.id as id', 'n.name as name', 'n.domain_id as domainId'])
        .where('c.cidr', '=', clientCidr)
        .executeTakeFirst(),

    findNetworkOfListener: (address) =>
      db
        .selectFrom('network_listener as l')
        .innerJoin('network as n', 'n.id', 'l.network_id')
        .select(['n.id as id', 'n.name as name', 'n.domain_id as domainId'])
        .where('l.address', '=', address)
        .executeTakeFirst(),

    async networkUse(networkId) {
      const count = async (rows: { executeTakeFirstOrThrow(): Promise<{ total: number }> }) =>
        (await rows.executeTakeFirstOrThrow()).total
      return {
        zones: await count(
          db
            .selectFrom('zone as z')
            .select((e) => e.fn.countAll<number>().as('total'))
            .where('z.zone_type', '=', 'private')
            .where((e) => {
              const router = sql`select 1 from ${words.objectsOf(e.ref('z.routers'))} where ${field('routerId')} = ${networkId}`
              return sql<SqlBool>`exists (${router})`
            }),
        ),
        endpoints: await count(
          db
            .selectFrom('endpoint')
            .select((e) => e.fn.countAll<number>().as('total'))
            .where('network_id', '=', networkId),
        ),
        rules: await count(
          db
            .selectFrom('resolver_rule_router')
            .select((e) => e.fn.countAll<number>().as('total'))
            .where('router_id', '=', networkId),
        ),
        queryLogs: await count(
          db
            .selectFrom('query_log_network')
            .select((e) => e.fn.countAll<number>().as('total'))
            .where('network_id', '=', networkId),
        ),
      }
    },

    async findSubnet(tenant, subnetId) {
      const row = await subnetsOf(tenant).selectAll('s').where('s.id', '=', subnetId).executeTakeFirst()
      return row && fromSubnetRow(row)
    },

    async listSubnets(tenant, { projectId, networkId }, page) {
      let matching = subnetsOf(tenant)
      if (projectId !== undefined) matching = matching.where('n.project_id', '=', projectId)
      if (networkId !== undefined) matching = matching.where('s.network_id', '=', networkId)
      const { total } = await matching
        .select((e) => e.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const place = await findPlace(page, { id: sql.ref('s.id') }, sql.ref('s.id'), (id, column) =>
        subnetsOf(tenant).select(sql`${column}`.as('value')).where('s.id', '=', id).executeTakeFirst(),
      )
      const rows = await place.cut(matching.selectAll('s'), page.limit + 1, place.offset).execute()
      return { ...endPage(rows.map(fromSubnetRow), page.limit), total }
    },

    async findAddress(tenant, addressId) {
      const row = await addressesOf(tenant).selectAll('a').where('a.id', '=', addressId).executeTakeFirst()
      return row && fromAddressRow(row)
    },

    async listAddresses(tenant, { projectId, region, address }, page) {
      let matching = addressesOf(tenant)
      if (projectId !== undefined) matching = matching.where('a.project_id', '=', projectId)
      if (region !== undefined) matching = matching.where('a.region', '=', region)
      if (address !== undefined) matching = matching.where('a.address', '=', address)
      const { total } = await matching
        .select((e) => e.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const place = await findPlace(page, { id: sql.ref('a.id') }, sql.ref('a.id'), (id, column) =>
        addressesOf(tenant).select(sql`${column}`.as('value')).where('a.id', '=', id).executeTakeFirst(),
      )
      const rows = await place.cut(matching.selectAll('a'), page.limit + 1, place.offset).execute()
      return { ...endPage(rows.map(fromAddressRow), page.limit), total }
    },

    findAddressOwner: (address) =>
      db
        .selectFrom('public_address')
        .select(['id', 'domain_id as domainId'])
        .where('address', '=', address)
        .executeTakeFirst(),
  } satisfies Partial<NetworkReads>
}

function networkMatches(
  filter: { projectId?: string; region?: string; id?: string; name?: string },
  e: ExpressionBuilder<Tables & { n: NetworkTable }, 'n'>,
): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = []
  if (filter.projectId !== undefined) all.push(e('n.project_id', '=', filter.projectId))
  if (filter.region !== undefined) all.push(e('n.region', '=', filter.region))
  if (filter.id !== undefined) all.push(e('n.id', '=', filter.id))
  if (filter.name !== undefined)
    all.push(equalOrContains(e.ref('n.name'), { value: filter.name, mode: 'like' }))
  return all
}

export function networkWrites({ db }: Session) {
  async function insertClients({ id, clientCidrs, listenerAddresses }: Network): Promise<void> {
    const clients = clientCidrs.map((cidr, position) => ({ cidr, network_id: id, position }))
    if (clients.length > 0) await db.insertInto('network_client').values(clients).execute()
    const listeners = listenerAddresses.map((address, position) => ({ address, network_id: id, position }))
    if (listeners.length > 0) await db.insertInto('network_listener').values(listeners).execute()
  }
  return {
    async insertNetwork(network) {
      await db.insertInto('network').values(toNetworkRow(network)).execute()
      await insertClients(network)
    },

    async updateNetwork(network) {
      const { numUpdatedRows } = await db
        .updateTable('network')
        .set(toNetworkRow(network))
        .where('id', '=', network.id)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new RowMissing(`No network ${network.id}.`)
      await db.deleteFrom('network_client').where('network_id', '=', network.id).execute()
      await db.deleteFrom('network_listener').where('network_id', '=', network.id).execute()
      await insertClients(network)
    },

    async removeNetwork(networkId) {
      await db.deleteFrom('network').where('id', '=', networkId).execute()
    },

    async insertSubnet(subnet) {
      await db.insertInto('subnet').values(toSubnetRow(subnet)).execute()
    },

    async updateSubnet(subnet) {
      const { numUpdatedRows } = await db
        .updateTable('subnet')
        .set(toSubnetRow(subnet))
        .where('id', '=', subnet.id)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new RowMissing(`No subnet ${subnet.id}.`)
    },

    async removeSubnet(subnetId) {
      await db.deleteFrom('subnet').where('id', '=', subnetId).execute()
    },

    async insertAddress(address) {
      await db.insertInto('public_address').values(toAddressRow(address)).execute()
    },

    async updateAddress(address) {
      const { numUpdatedRows } = await db
        .updateTable('public_address')
        .set(toAddressRow(address))
        .where('id', '=', address.id)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new RowMissing(`No public address ${address.id}.`)
    },

    async removeAddress(addressId) {
      await db.deleteFrom('public_address').where('id', '=', addressId).execute()
    },
  } satisfies Partial<NetworkWrites>
}
