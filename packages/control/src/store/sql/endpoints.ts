import { sql } from 'kysely'
import type { EndpointAddressTable, EndpointTable } from '../network-tables.ts'
import type {
  Endpoint,
  EndpointAddress,
  ListedEndpoint,
  ResolverReads,
  ResolverWrites,
} from '../resolver-calls.ts'
import type { Session } from '../session.ts'
import { RowMissing, type Tenant } from '../store.ts'
import { equalOrContains } from './filters.ts'
import { endPage, findPlace } from './page.ts'

const toEndpointRow = (endpoint: Endpoint): EndpointTable => ({
  id: endpoint.id,
  domain_id: endpoint.domainId,
  project_id: endpoint.projectId,
  name: endpoint.name,
  direction: endpoint.direction,
  region: endpoint.region,
  network_id: endpoint.networkId,
  created_at: endpoint.createdAt,
  updated_at: endpoint.updatedAt,
})

const toAddressRow = (endpointId: string, address: EndpointAddress): EndpointAddressTable => ({
  id: address.id,
  endpoint_id: endpointId,
  subnet_id: address.subnetId,
  ip: address.ip,
  created_at: address.createdAt,
  updated_at: address.updatedAt,
})

const fromAddressRow = (row: EndpointAddressTable): EndpointAddress => ({
  id: row.id,
  subnetId: row.subnet_id,
  ip: row.ip,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

const endpointsOf = ({ db }: Session, tenant: Tenant) =>
  db
    .selectFrom('endpoint as p')
    .where('p.domain_id', '=', tenant.domainId)
    .where('p.project_id', '=', tenant.projectId)

/** Adds addresses and number of rules. */
async function completed({ db, words }: Session, rows: readonly EndpointTable[]): Promise<ListedEndpoint[]> {
  const ids = rows.map((row) => row.id)
  const addresses = await db
    .selectFrom('endpoint_address')
    .selectAll()
    .where((e) => words.isAnyOf(e.ref('endpoint_id'), ids))
    .orderBy('id')
    .execute()
  const rules = await db
    .selectFrom('resolver_rule')
    .select(['endpoint_id', (e) => e.fn.countAll<number>().as('total')])
    .where((e) => words.isAnyOf(e.ref('endpoint_id'), ids))
    .groupBy('endpoint_id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    domainId: row.domain_id,
    projectId: row.project_id,
    name: row.name,
    direction: row.direction as Endpoint['direction'],
    region: row.region,
    networkId: row.network_id,
    addresses: addresses.filter((address) => address.endpoint_id === row.id).map(fromAddressRow),
    ruleCount: rules.find((rule) => rule.endpoint_id === row.id)?.total ?? 0,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }))
}

export function endpointReads(session: Session) {
  const { db } = session
  return {
    async findEndpoint(tenant, endpointId) {
      const row = await endpointsOf(session, tenant)
        .selectAll('p')
        .where('p.id', '=', endpointId)
        .executeTakeFirst()
      return row && (await completed(session, [row]))[0]
    },

    findEndpointByName: (tenant, name) =>
      endpointsOf(session, tenant).select('p.id').where('p.name', '=', name).executeTakeFirst(),

    async listEndpoints(tenant, { direction, networkId, name }, page) {
      let matching = endpointsOf(session, tenant).where('p.direction', '=', direction)
      if (networkId !== undefined) matching = matching.where('p.network_id', '=', networkId)
      if (name !== undefined) {
        matching = matching.where((e) => equalOrContains(e.ref('p.name'), { value: name, mode: 'like' }))
      }
      const { total } = await matching
        .select((e) => e.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const columns = { created_at: sql.ref('p.created_at') }
      const place = await findPlace(page, columns, sql.ref('p.id'), (id, column) =>
        endpointsOf(session, tenant)
          .select(sql`${column}`.as('value'))
          .where('p.id', '=', id)
          .executeTakeFirst(),
      )
      const found = await place.cut(matching.selectAll('p'), page.limit + 1, place.offset).execute()
      const { rows, hasMore } = endPage(found, page.limit)
      return { rows: await completed(session, rows), hasMore, total }
    },

    async countEndpoints(tenant, direction) {
      const { total } = await db
        .selectFrom('endpoint')
        .select((e) => e.fn.countAll<number>().as('total'))
        .where('domain_id', '=', tenant.domainId)
        .where('direction', '=', direction)
        .executeTakeFirstOrThrow()
      return total
    },

    async listNetworkEndpoints(tenant, { networkId }, page) {
      let matching = endpointsOf(session, tenant)
      if (networkId !== undefined) matching = matching.where('p.network_id', '=', networkId)
      const { total } = await matching
        .select((e) => e.fn.count<number>('p.network_id').distinct().as('total'))
        .executeTakeFirstOrThrow()
      const isOf = (direction: string) =>
        sql<number>`sum(case when p.direction = ${direction} then 1 else 0 end)`
      const rows = await matching
        .select(['p.network_id as networkId', isOf('inbound').as('inbound'), isOf('outbound').as('outbound')])
        .groupBy('p.network_id')
        .orderBy('p.network_id')
        .limit(page.limit + 1)
        .offset(page.offset)
        .execute()
      return { ...endPage(rows, page.limit), total }
    },

    async endpointAddressesIn(subnetId) {
      const rows = await db
        .selectFrom('endpoint_address')
        .select('ip')
        .where('subnet_id', '=', subnetId)
        .execute()
      return rows.map(({ ip }) => ip)
    },
  } satisfies Partial<ResolverReads>
}

export function endpointWrites(session: Session) {
  const { db, words } = session
  return {
    async lockEndpoint(tenant, endpointId) {
      const row = await endpointsOf(session, tenant)
        .selectAll('p')
        .where('p.id', '=', endpointId)
        .modifyEnd(words.forUpdate)
        .executeTakeFirst()
      return row && (await completed(session, [row]))[0]
    },

    async insertEndpoint(endpoint) {
      await db.insertInto('endpoint').values(toEndpointRow(endpoint)).execute()
      const rows = endpoint.addresses.map((address) => toAddressRow(endpoint.id, address))
      if (rows.length > 0) await db.insertInto('endpoint_address').values(rows).execute()
    },

    async updateEndpoint(endpoint) {
      const { numUpdatedRows } = await db
        .updateTable('endpoint')
        .set({ name: endpoint.name, updated_at: endpoint.updatedAt })
        .where('id', '=', endpoint.id)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new RowMissing(`No endpoint ${endpoint.id}.`)
    },

    async removeEndpoint(endpointId) {
      await db.deleteFrom('endpoint').where('id', '=', endpointId).execute()
    },

    async insertEndpointAddress(endpointId, address) {
      await db.insertInto('endpoint_address').values(toAddressRow(endpointId, address)).execute()
    },

    async removeEndpointAddress(addressId) {
      await db.deleteFrom('endpoint_address').where('id', '=', addressId).execute()
    },
  } satisfies Partial<ResolverWrites>
}
