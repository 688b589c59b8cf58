import { afterEach, beforeEach, expect, test } from 'bun:test'
import { ApiError } from '../errors.ts'
import { expectFitsContract } from '../http/contract-check.ts'
import { createRecordSet } from '../record-sets/record-sets.ts'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { createZone, setZoneStatus } from '../zones/zones.ts'
import { instanceRoutes } from './routes.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of answers are looked into
type Json = any

const UNKNOWN = '0123456789abcdef0123456789abcdef'
const VPC = { router_id: '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d11', router_region: 'region-a' }
const STRANGE_VPC = '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d12'

let bed: TestBed
let shop: string
let other: string
let corp: string
let www: string
beforeEach(async () => {
  bed = await openTestBed()
  shop = (await createZone(bed.context, TENANT, { name: 'shop.example' })).id
  other = (await createZone(bed.context, TENANT, { name: 'other.example' })).id
  corp = (await createZone(bed.context, TENANT, { name: 'corp.', zone_type: 'private', router: VPC })).id
  const body = { name: 'www.shop.example.', type: 'A', records: ['192.0.2.1'] }
  www = (await createRecordSet(bed.context, TENANT, shop, body, 'v2.1')).row.id
})
afterEach(() => bed.close())

async function ask(dim_name: unknown, ids: unknown): Promise<Json> {
  try {
    const body = { dim_name, ids }
    const { json } = (await bed.call(instanceRoutes, 'POST', '/v2.1/batch-query-instances', { body })) as {
      json: Json
    }
    expectFitsContract('ListInstances', 200, json)
    return json.instances
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return error.failure.code
  }
}
const zone = (id: string, name: string, region = 'global') => ({
  ...{ id, name, region, status: 'ACTIVE' },
  enterprise_project_id: '0',
})

test('zones are named in the order asked for, without those that are not there', async () => {
  const rows = [[other], [UNKNOWN], [corp], [], [shop], [other]]
  const others = { dns_public_zone_id: zone(other, 'other.example.') }
  expect(await ask(['dns_public_zone_id'], rows)).toEqual([
    others,
    { dns_public_zone_id: zone(shop, 'shop.example.') },
    others,
  ])
  expect(await ask(['dns_private_zone_id'], rows)).toEqual([
    { dns_private_zone_id: zone(corp, 'corp.', 'region-a') },
  ])
})

test('record sets are named within their zone, with the state that they show', async () => {
  const dimensions = ['dns_public_zone_id', 'dns_public_recordset_id']
  const rows = [[shop, www], [other, www], [shop, UNKNOWN], [shop]]
  const set = { id: www, name: 'www.shop.example.', status: 'ACTIVE', type: 'A' }
  const named = { dns_public_zone_id: zone(shop, 'shop.example.'), dns_public_recordset_id: set }
  expect(await ask(dimensions, rows)).toEqual([named])
  expect(await ask(['dns_zone_id', 'dns_recordset_id'], rows)).toEqual([named])
  await setZoneStatus(bed.context, TENANT, shop, 'DISABLE')
  const [paused] = await ask(dimensions, rows)
  expect(paused.dns_public_recordset_id.status).toBe('DISABLE')
})

test('private networks are named within a zone that they see, by their id until they are registered', async () => {
  const dimensions = ['dns_private_zone_id', 'vpc_id']
  const rows = [
    [corp, VPC.router_id.toUpperCase()],
    [corp, STRANGE_VPC],
  ]
  const named = (name: string) => [
    { dns_private_zone_id: zone(corp, 'corp.', 'region-a'), vpc_id: { id: VPC.router_id, name } },
  ]
  expect(await ask(dimensions, rows)).toEqual(named(VPC.router_id))
  await bed.store.transaction((tx) =>
    tx.insertNetwork({
      ...TENANT,
      id: VPC.router_id,
      region: 'region-a',
      name: 'office',
      description: '',
      cidr: '',
      clientCidrs: [],
      listenerAddresses: [],
      createdAt: 0,
      updatedAt: null,
    }),
  )
  expect(await ask(dimensions, rows)).toEqual(named('office'))
})

test('what is no question is refused', async () => {
  for (const dimensions of [
    [],
    ['vpc_id'],
    ['dns_public_recordset_id'],
    ['dns_public_zone_id', 'vpc_id'],
    ['dns_private_zone_id', 'dns_public_recordset_id'],
    ['dns_public_zone_id', 'dns_public_recordset_id', 'vpc_id'],
    ['toString'],
    [5],
    'dns_public_zone_id',
  ])
    expect(await ask(dimensions, [[shop]])).toBe('DNS.0002')
  for (const ids of [[], Array(1001).fill([shop]), [['x']], [[shop, www, www]], [shop], [[5]], undefined])
    expect(await ask(['dns_public_zone_id'], ids)).toBe('DNS.0002')
})
