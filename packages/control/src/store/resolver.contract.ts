import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Endpoint, QueryLogConfig, ResolverRule } from './resolver-calls.ts'
import { type Page, RowExists, RowMissing, type Store, type Tenant, type Tx } from './store.ts'

const id = (n: number): string => n.toString(16).padStart(32, '0')
const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
const page = (special: Partial<Page> = {}): Page => ({
  limit: 100,
  offset: 0,
  sortKey: 'created_at',
  sortDir: 'asc',
  ...special,
})
const ids = (rows: readonly { readonly id: string }[]) => rows.map((row) => row.id)

/** What every engine must do with endpoints, resolver rules and query log configurations. */
export function resolverContract(openEmpty: () => Promise<Store>): void {
  let store: Store
  let account = 0
  let tenant: Tenant
  let last = 0
  let networkId: string
  let subnetId: string

  beforeAll(async () => {
    store = await openEmpty()
    await store.migrate()
  })
  afterAll(() => store.close())
  beforeEach(async () => {
    account++
    tenant = { domainId: id(0xd000 + account), projectId: id(0xe000 + account) }
    networkId = uuid(0xa000 + account)
    subnetId = uuid(0xb000 + account)
    await write(async (tx) => {
      await tx.insertNetwork({
        ...{ ...tenant, id: networkId, region: 'region-a', name: 'office', description: '', cidr: '' },
        ...{ clientCidrs: [], listenerAddresses: [], createdAt: 1, updatedAt: null },
      })
      await tx.insertSubnet({
        ...{ id: subnetId, networkId, name: 'desks', description: '' },
        ...{ cidr: '10.1.0.0/24', gateway: '10.1.0.1', createdAt: 1 },
      })
    })
  })

  const write = <T>(work: (tx: Tx) => Promise<T>) => store.transaction(work)
  const endpoint = (special: Partial<Endpoint> = {}): Endpoint => {
    const n = ++last
    return {
      ...tenant,
      id: id(n),
      name: `endpoint-${n}`,
      direction: 'outbound',
      region: 'region-a',
      networkId,
      addresses: [
        { id: id(0x1000 + n), subnetId, ip: `10.1.0.${n}`, createdAt: 1, updatedAt: 1 },
        { id: id(0x2000 + n), subnetId, ip: `10.1.0.${100 + n}`, createdAt: 1, updatedAt: 1 },
      ],
      createdAt: n,
      updatedAt: n,
      ...special,
    }
  }
  const rule = (endpointId: string, special: Partial<ResolverRule> = {}): ResolverRule => {
    const n = ++last
    return {
      ...tenant,
      id: id(n),
      name: `rule-${n}`,
      domainName: 'HQ.example',
      owner: 'hq.example.',
      endpointId,
      targets: ['192.0.2.53', '192.0.2.54'],
      routers: [],
      createdAt: n,
      updatedAt: n,
      ...special,
    }
  }
  const config = (special: Partial<QueryLogConfig> = {}): QueryLogConfig => ({
    ...tenant,
    id: id(++last),
    groupId: uuid(1),
    streamId: uuid(2),
    networkIds: [],
    createdAt: 1,
    ...special,
  })
  const router = (n: number) => ({ routerId: uuid(n), routerRegion: 'region-a', status: 'ACTIVE' })

  describe('endpoints', () => {
    test('come back with their addresses and the number of their rules', async () => {
      const made = endpoint()
      await write((tx) => tx.insertEndpoint(made))
      expect(await store.findEndpoint(tenant, made.id)).toEqual({ ...made, ruleCount: 0 })
      expect(await store.findEndpoint({ ...tenant, projectId: id(1) }, made.id)).toBeUndefined()
      await write((tx) => tx.insertRule(rule(made.id)))
      await write(async (tx) => {
        expect(await tx.lockEndpoint(tenant, made.id)).toEqual({ ...made, ruleCount: 1 })
        await tx.updateEndpoint({ ...made, name: 'renamed', updatedAt: 99 })
        await tx.removeEndpointAddress(made.addresses[0]!.id)
        const address = { id: id(++last), subnetId, ip: '10.1.0.250', createdAt: 1, updatedAt: 1 }
        await tx.insertEndpointAddress(made.id, address)
      })
      const found = (await store.findEndpoint(tenant, made.id))!
      expect([found.name, found.updatedAt]).toEqual(['renamed', 99])
      const expected = [made.addresses[1]!.ip, '10.1.0.250'].sort()
      expect((await store.endpointAddressesIn(subnetId)).sort()).toEqual(expected)
      expect(found.addresses.map(({ ip }) => ip).sort()).toEqual(expected)
    })

    test('keep names of a project and addresses of a subnet unique', async () => {
      const made = endpoint()
      await write((tx) => tx.insertEndpoint(made))
      expect(await store.findEndpointByName(tenant, made.name)).toEqual({ id: made.id })
      const sameName = endpoint({ name: made.name })
      await expect(write((tx) => tx.insertEndpoint(sameName))).rejects.toThrow(RowExists)
      const sameAddress = endpoint({ addresses: [{ ...made.addresses[0]!, id: id(++last) }] })
      await expect(write((tx) => tx.insertEndpoint(sameAddress))).rejects.toThrow(RowExists)
      expect(await store.findEndpoint(tenant, sameAddress.id)).toBeUndefined()
    })

    test('cannot go while a rule uses them', async () => {
      const made = endpoint()
      await write((tx) => tx.insertEndpoint(made))
      const user = rule(made.id)
      await write((tx) => tx.insertRule(user))
      await expect(write((tx) => tx.removeEndpoint(made.id))).rejects.toThrow(RowMissing)
      await write((tx) => tx.removeRule(user.id))
      await write((tx) => tx.removeEndpoint(made.id))
      expect(await store.endpointAddressesIn(subnetId)).toEqual([])
    })

    test('are listed and counted', async () => {
      const made = [endpoint({ name: 'To-HQ' }), endpoint({ direction: 'inbound' }), endpoint()]
      for (const each of made) await write((tx) => tx.insertEndpoint(each))
      const list = async (filter: Parameters<Store['listEndpoints']>[1], at = page()) =>
        ids((await store.listEndpoints(tenant, filter, at)).rows)
      expect(await list({ direction: 'outbound' })).toEqual([made[0]!.id, made[2]!.id])
      expect(await list({ direction: 'outbound', name: 'to-hq' })).toEqual([made[0]!.id])
      expect(await list({ direction: 'inbound', networkId })).toEqual([made[1]!.id])
      expect(await list({ direction: 'inbound', networkId: uuid(0) })).toEqual([])
      expect(await list({ direction: 'outbound' }, page({ limit: 1, offset: 1 }))).toEqual([made[2]!.id])
      expect(await store.countEndpoints(tenant, 'outbound')).toBe(2)
      const counts = await store.listNetworkEndpoints(tenant, {}, { limit: 10, offset: 0 })
      expect(counts).toEqual({ rows: [{ networkId, inbound: 1, outbound: 2 }], hasMore: false, total: 1 })
      const none = await store.listNetworkEndpoints(tenant, { networkId: uuid(0) }, { limit: 10, offset: 0 })
      expect(none).toEqual({ rows: [], hasMore: false, total: 0 })
    })
  })

  describe('resolver rules', () => {
    let home: Endpoint
    beforeEach(async () => {
      home = endpoint()
      await write((tx) => tx.insertEndpoint(home))
    })

    test('come back with their networks in the order of association', async () => {
      const made = rule(home.id)
      await write((tx) => tx.insertRule(made))
      for (const n of [7, 3, 5]) await write((tx) => tx.insertRuleRouter(made, router(n)))
      await write((tx) => tx.removeRuleRouter(made.id, uuid(3)))
      await write((tx) => tx.updateRule({ ...made, name: 'n', targets: ['192.0.2.1'], updatedAt: 99 }))
      expect(await store.findRule(tenant, made.id)).toEqual({
        ...{ ...made, name: 'n', targets: ['192.0.2.1'], updatedAt: 99 },
        routers: [router(7), router(5)],
      })
      expect(await store.findRuleOfNetwork(tenant, 'hq.example.', uuid(7))).toEqual({ id: made.id })
      expect(await store.findRuleOfNetwork(tenant, 'hq.example.', uuid(3))).toBeUndefined()
      expect((await store.networkUse(uuid(7))).rules).toBe(1)
    })

    test('of one domain never share a network', async () => {
      const [one, two] = [rule(home.id), rule(home.id)]
      const elsewhere = rule(home.id, { owner: 'other.example.' })
      for (const each of [one, two, elsewhere]) await write((tx) => tx.insertRule(each))
      await write((tx) => tx.insertRuleRouter(one, router(1)))
      await write((tx) => tx.insertRuleRouter(elsewhere, router(1)))
      await expect(write((tx) => tx.insertRuleRouter(two, router(1)))).rejects.toThrow(RowExists)
    })

    test('need an endpoint', async () => {
      await expect(write((tx) => tx.insertRule(rule(id(0xffff))))).rejects.toThrow(RowMissing)
    })

    test('are listed and counted', async () => {
      const made = [rule(home.id, { name: 'Alpha' }), rule(home.id, { domainName: 'lab.test' })]
      for (const each of made) await write((tx) => tx.insertRule(each))
      const list = async (filter: Parameters<Store['listRules']>[1], at = page()) =>
        ids((await store.listRules(tenant, filter, at)).rows)
      expect(await list({ endpointId: home.id })).toEqual(ids(made))
      expect(await list({ name: 'LPH' })).toEqual([made[0]!.id])
      expect(await list({ domainName: 'B.T' })).toEqual([made[1]!.id])
      expect(await list({ id: made[1]!.id })).toEqual([made[1]!.id])
      expect(await list({}, page({ marker: made[0]!.id }))).toEqual([made[1]!.id])
      expect(await store.countRules(tenant)).toBe(2)
    })
  })

  describe('query log configurations', () => {
    test('come back with their networks, each of which is in one only', async () => {
      const made = config({ networkIds: [uuid(4)] })
      await write((tx) => tx.insertQueryLogConfig(made))
      await write((tx) => tx.insertQueryLogNetwork(made, uuid(3)))
      expect(await store.findQueryLogConfig(tenant, made.id)).toEqual({
        ...made,
        networkIds: [uuid(4), uuid(3)],
      })
      expect(await store.findQueryLogOfNetwork(tenant, uuid(3))).toEqual({ id: made.id })
      const second = config({ networkIds: [uuid(3)] })
      await expect(write((tx) => tx.insertQueryLogConfig(second))).rejects.toThrow(RowExists)
      await write((tx) => tx.removeQueryLogNetwork(made.id, uuid(3)))
      await write((tx) => tx.insertQueryLogConfig(second))
      await write((tx) => tx.removeQueryLogConfig(second.id))
      expect(await store.findQueryLogOfNetwork(tenant, uuid(3))).toBeUndefined()
    })

    test('are listed by id behind the last one seen', async () => {
      const made = [1, 2, 3].map((n) => config({ networkIds: [uuid(n)] }))
      for (const each of made) await write((tx) => tx.insertQueryLogConfig(each))
      const first = await store.listQueryLogConfigs(tenant, {}, { limit: 2 })
      expect([ids(first.rows), first.hasMore]).toEqual([ids(made.slice(0, 2)), true])
      const rest = await store.listQueryLogConfigs(tenant, {}, { limit: 2, after: made[1]!.id })
      expect([ids(rest.rows), rest.hasMore]).toEqual([[made[2]!.id], false])
      const one = await store.listQueryLogConfigs(tenant, { networkId: uuid(2) }, { limit: 9 })
      expect(ids(one.rows)).toEqual([made[1]!.id])
    })
  })
}
