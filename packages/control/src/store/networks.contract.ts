import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Network, Ptr, PublicAddress, Subnet } from './network-calls.ts'
import { zone } from './samples.ts'
import {
  MarkerNotFound,
  type Page,
  RowExists,
  RowMissing,
  type Store,
  type Tenant,
  type Tx,
} from './store.ts'

const id = (n: number): string => n.toString(16).padStart(32, '0')
const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
const page = (special: Partial<Page> = {}): Page => ({
  limit: 100,
  offset: 0,
  sortKey: 'id',
  sortDir: 'asc',
  ...special,
})
const byTime = (special: Partial<Page> = {}) => page({ sortKey: 'created_at', ...special })
const ids = (rows: readonly { readonly id: string }[]) => rows.map((row) => row.id)

/** What every engine must do with networks, public addresses and PTR records. */
export function networksContract(openEmpty: () => Promise<Store>): void {
  let store: Store
  let account = 0
  let tenant: Tenant
  let last = 0

  beforeAll(async () => {
    store = await openEmpty()
    await store.migrate()
  })
  afterAll(() => store.close())
  beforeEach(() => {
    account++
    tenant = { domainId: id(0xd000 + account), projectId: id(0xe000 + account) }
  })

  const write = <T>(work: (tx: Tx) => Promise<T>) => store.transaction(work)
  const network = (special: Partial<Network> = {}): Network => ({
    ...tenant,
    id: uuid(++last),
    region: 'region-a',
    name: 'office',
    description: '',
    cidr: '10.0.0.0/8',
    clientCidrs: [],
    listenerAddresses: [],
    createdAt: 1000,
    updatedAt: null,
    ...special,
  })
  const subnet = (networkId: string, special: Partial<Subnet> = {}): Subnet => ({
    id: uuid(++last),
    networkId,
    name: 'desks',
    description: '',
    cidr: '10.1.0.0/24',
    gateway: '10.1.0.1',
    createdAt: 1000,
    ...special,
  })
  const address = (special: Partial<PublicAddress> = {}): PublicAddress => ({
    ...tenant,
    id: uuid(++last),
    region: 'region-a',
    address: `2001:db8::${(++last).toString(16)}`,
    name: '',
    createdAt: 1000,
    ...special,
  })
  const ptr = (of: PublicAddress, special: Partial<Ptr> = {}): Ptr => ({
    ...tenant,
    id: id(++last),
    region: of.region,
    addressId: of.id,
    address: of.address,
    names: ['mail.shop.example.', 'out.shop.example.'],
    ttl: 300,
    description: 'Postausgang',
    status: 'ACTIVE',
    enterpriseProjectId: '0',
    tags: [{ key: 'env', value: 'prod' }],
    serial: 1,
    published: Uint8Array.of(1, 2, 3),
    createdAt: 1000,
    updatedAt: null,
    ...special,
  })
  const add = async (...networks: Network[]) => {
    for (const each of networks) await write((tx) => tx.insertNetwork(each))
  }

  describe('networks', () => {
    test('come back as they were put in, with their client prefixes in order', async () => {
      const office = network({ clientCidrs: ['10.9.0.0/16', '10.2.0.0/16'], updatedAt: 7 })
      await add(office)
      expect(await store.hasNetworks()).toBe(true)
      expect(await store.findNetwork(tenant, office.id)).toEqual(office)
      const changed = { ...office, name: 'lab', clientCidrs: ['10.2.0.0/16', '10.3.0.0/16'] }
      await write((tx) => tx.updateNetwork(changed))
      expect(await store.findNetwork(tenant, office.id)).toEqual(changed)
      expect(await store.findNetworkOfClients('10.9.0.0/16')).toBeUndefined()
      expect(await store.findNetworkOfClients('10.3.0.0/16')).toEqual({
        ...{ id: office.id, name: 'lab', domainId: tenant.domainId },
      })
      await write((tx) => tx.removeNetwork(office.id))
      expect(await store.findNetwork(tenant, office.id)).toBeUndefined()
    })

    test('are seen by the account, whatever the project, and by nobody else', async () => {
      const office = network()
      await add(office)
      expect(await store.findNetwork({ ...tenant, projectId: id(1) }, office.id)).toEqual(office)
      expect(await store.findNetwork({ ...tenant, domainId: id(1) }, office.id)).toBeUndefined()
    })

    test('never share a client prefix, whoever they belong to', async () => {
      await add(network({ clientCidrs: ['172.16.0.0/12'] }))
      const other = network({ domainId: id(2), clientCidrs: ['172.16.0.0/12'] })
      await expect(add(other)).rejects.toThrow(RowExists)
    })

    test('are listed by id, filtered, in pages', async () => {
      const all = [
        network({ name: 'Office' }),
        network({ name: 'lab', region: 'region-b' }),
        network({ name: 'backoffice', projectId: id(3) }),
      ]
      await add(...all)
      const list = async (filter: Parameters<Store['listNetworks']>[1], at = page()) =>
        ids((await store.listNetworks(tenant, filter, at)).rows)
      expect(await list({})).toEqual(ids(all))
      expect(await list({ name: 'OFFICE' })).toEqual([all[0]!.id, all[2]!.id])
      expect(await list({ region: 'region-b' })).toEqual([all[1]!.id])
      expect(await list({ projectId: id(3) })).toEqual([all[2]!.id])
      expect(await list({ id: all[1]!.id })).toEqual([all[1]!.id])
      const first = await store.listNetworks(tenant, {}, page({ limit: 2 }))
      expect([first.total, first.hasMore]).toEqual([3, true])
      expect(await list({}, page({ marker: all[1]!.id }))).toEqual([all[2]!.id])
      await expect(list({}, page({ marker: uuid(0) }))).rejects.toThrow(MarkerNotFound)
    })

    test('tell what refers to them', async () => {
      const office = network()
      await add(office)
      expect(await store.networkUse(office.id)).toEqual({ zones: 0, endpoints: 0, rules: 0, queryLogs: 0 })
      const routers = [{ routerId: office.id, routerRegion: 'region-a', status: 'ACTIVE' }]
      const home = zone({ id: id(++last), apex: 'corp.internal.', zoneType: 'private', routers, ...tenant })
      await write((tx) => tx.insertZone(home))
      expect((await store.networkUse(office.id)).zones).toBe(1)
    })

    test('take their subnets along', async () => {
      const office = network()
      const desks = subnet(office.id)
      await add(office)
      await write((tx) => tx.insertSubnet(desks))
      await write((tx) => tx.updateSubnet({ ...desks, name: 'chairs' }))
      expect(await store.findSubnet(tenant, desks.id)).toEqual({ ...desks, name: 'chairs' })
      expect(await store.findSubnet({ ...tenant, domainId: id(1) }, desks.id)).toBeUndefined()
      const other = subnet(office.id)
      await write((tx) => tx.insertSubnet(other))
      const filter = { networkId: office.id, projectId: tenant.projectId }
      expect(ids((await store.listSubnets(tenant, filter, page())).rows)).toEqual([desks.id, other.id])
      await write((tx) => tx.removeSubnet(other.id))
      await write((tx) => tx.removeNetwork(office.id))
      expect(await store.findSubnet(tenant, desks.id)).toBeUndefined()
      await expect(write((tx) => tx.insertSubnet(desks))).rejects.toThrow(RowMissing)
    })
  })

  describe('public addresses', () => {
    test('come back as they were put in and exist once', async () => {
      const one = address({ name: 'mail' })
      await write((tx) => tx.insertAddress(one))
      expect(await store.findAddress(tenant, one.id)).toEqual(one)
      expect(await store.findAddress({ ...tenant, domainId: id(1) }, one.id)).toBeUndefined()
      expect(await store.findAddressOwner(one.address)).toEqual({ id: one.id, domainId: tenant.domainId })
      await write((tx) => tx.updateAddress({ ...one, name: 'out' }))
      expect((await store.listAddresses(tenant, { address: one.address }, page())).rows).toEqual([
        { ...one, name: 'out' },
      ])
      const again = address({ address: one.address })
      await expect(write((tx) => tx.insertAddress(again))).rejects.toThrow(RowExists)
      await write((tx) => tx.removeAddress(one.id))
      expect((await store.listAddresses(tenant, {}, page())).total).toBe(0)
    })

    test('stay as long as they have a PTR record', async () => {
      const one = address()
      await write((tx) => tx.insertAddress(one))
      await write((tx) => tx.insertPtr(ptr(one)))
      await expect(write((tx) => tx.removeAddress(one.id))).rejects.toThrow(RowMissing)
    })
  })

  describe('PTR records', () => {
    test('come back as they were put in, one for each address', async () => {
      const one = address()
      await write((tx) => tx.insertAddress(one))
      const record = ptr(one)
      await write((tx) => tx.insertPtr(record))
      expect(await store.findPtr(tenant, record.id)).toEqual(record)
      expect(await store.findPtrOfAddress(tenant, one.id)).toEqual(record)
      expect(await store.findPtr({ ...tenant, projectId: id(1) }, record.id)).toBeUndefined()
      expect(await store.hasPtr(one.address)).toBe(true)
      await write(async (tx) => {
        expect(await tx.lockPtr(tenant, { id: record.id })).toEqual(record)
        expect(await tx.lockPtr(tenant, { addressId: one.id })).toEqual(record)
        expect(await tx.lockPtr(tenant, { id: one.id })).toBeUndefined()
      })
      await expect(write((tx) => tx.insertPtr(ptr(one)))).rejects.toThrow(RowExists)
      const changed = { ...record, names: ['a.example.'], serial: 2, tags: [], updatedAt: 9 }
      await write((tx) => tx.updatePtr(changed))
      expect(await store.findPtr(tenant, record.id)).toEqual(changed)
      expect(await store.countPtrs(tenant)).toBe(1)
      await write((tx) => tx.removePtr(record.id))
      expect(await store.countPtrs(tenant)).toBe(0)
      await expect(write((tx) => tx.updatePtr(record))).rejects.toThrow(RowMissing)
    })

    test('are listed by time, filtered by state, enterprise project and tags', async () => {
      const records: Ptr[] = []
      for (const special of [
        { createdAt: 3, status: 'FREEZE' as const },
        { createdAt: 1, enterpriseProjectId: uuid(9) },
        { createdAt: 2, tags: [] },
      ]) {
        const one = address()
        records.push(ptr(one, special))
        await write(async (tx) => {
          await tx.insertAddress(one)
          await tx.insertPtr(records.at(-1)!)
        })
      }
      const [frozen, other, untagged] = ids(records)
      const list = async (filter: Parameters<Store['listPtrs']>[1], at = byTime()) =>
        ids((await store.listPtrs(tenant, filter, at)).rows)
      expect(await list({})).toEqual([other!, untagged!, frozen!])
      expect(await list({}, byTime({ sortDir: 'desc', marker: frozen! }))).toEqual([untagged!, other!])
      expect(await list({ status: 'FREEZE' })).toEqual([frozen!])
      expect(await list({ enterpriseProjectId: uuid(9) })).toEqual([other!])
      const tags = [{ key: 'env', value: 'ro', mode: 'contains' as const }]
      expect(await list({ tags })).toEqual([other!, frozen!])
      expect(await list({ tagSearch: { notAny: [{ key: 'env' }] } })).toEqual([untagged!])
      expect(await list({ address: records[2]!.address.slice(3) })).toEqual([untagged!])
      expect(await store.listPtrTagsInUse(tenant)).toEqual([{ key: 'env', values: ['prod'] }])
    })

    test('that are answered are in a snapshot as they were published', async () => {
      const [one, two] = [address(), address()]
      const answered = ptr(one, { serial: 5 })
      const frozen = ptr(two, { status: 'FREEZE' })
      await write(async (tx) => {
        for (const each of [one, two]) await tx.insertAddress(each)
        for (const each of [answered, frozen]) await tx.insertPtr(each)
      })
      const all = await store.readSnapshot((snapshot) => snapshot.ptrs())
      expect(all).toContainEqual({ zoneId: answered.id, serial: 5, payload: answered.published })
      expect(all.some(({ zoneId }) => zoneId === frozen.id)).toBe(false)
    })
  })
}
