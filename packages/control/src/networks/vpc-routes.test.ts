import { afterEach, beforeEach, expect, test } from 'bun:test'
import { ApiError } from '../errors.ts'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { registryRoutes } from './routes.ts'
import { vpcRoutes } from './vpc-routes.ts'
import {
  BandwidthBody,
  PublicIpBody,
  PublicIpList,
  VpcBody,
  VpcList,
  VpcSubnetBody,
  VpcSubnetList,
} from './vpc-schemas.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of answers are looked into
type Json = any

let bed: TestBed
const open = async (addressPool: readonly string[]): Promise<void> => {
  bed = await openTestBed({ settings: { addressPool } })
  await bed.store.transaction(async (tx) => {
    await tx.insertAccount({ id: TENANT.domainId, name: 'lab', enabled: true })
    const project = { id: TENANT.projectId, domainId: TENANT.domainId, name: 'region-a', enabled: true }
    await tx.insertProject(project)
  })
}
beforeEach(() => open([]))
afterEach(() => bed.close())

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; json: Json }> {
  try {
    const routes = [...vpcRoutes, ...registryRoutes]
    return (await bed.call(routes, method, path, { body })) as { status: number; json: Json }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { status, code, message } = error.failure
    return { status, json: { code, message } }
  }
}
const BASE = `/v1/${TENANT.projectId}`

test('Terraform makes, reads, changes and removes a VPC with a subnet', async () => {
  const made = await call('POST', `${BASE}/vpcs`, { vpc: { name: 'office', cidr: '10.0.0.0/8' } })
  const { vpc } = VpcBody.parse(made.json)
  expect(vpc).toMatchObject({ name: 'office', cidr: '10.0.0.0/8', status: 'OK' })
  for (const path of [`${BASE}/vpcs/${vpc.id}`, `/v3/${TENANT.projectId}/vpc/vpcs/${vpc.id}`]) {
    expect((await call('GET', path)).json).toEqual({ vpc })
  }
  expect(VpcList.parse((await call('GET', `${BASE}/vpcs?limit=10`)).json).vpcs).toEqual([vpc])
  const sent = { name: 'desks', cidr: '10.1.0.0/24', gateway_ip: '10.1.0.1', vpc_id: vpc.id }
  const { subnet } = VpcSubnetBody.parse((await call('POST', `${BASE}/subnets`, { subnet: sent })).json)
  expect(subnet).toMatchObject({ ...sent, status: 'ACTIVE', neutron_subnet_id: subnet.id })
  expect((await call('GET', `${BASE}/subnets/${subnet.id}`)).json).toEqual({ subnet })
  for (const name of ['vpc_id', 'vpcId']) {
    const list = (await call('GET', `${BASE}/subnets?limit=100&${name}=${vpc.id}`)).json
    expect(VpcSubnetList.parse(list).subnets).toEqual([subnet])
  }
  const change = { vpc: { name: 'lab', cidr: '10.0.0.0/8' } }
  expect((await call('PUT', `${BASE}/vpcs/${vpc.id}`, change)).json.vpc.name).toBe('lab')
  expect((await call('DELETE', `${BASE}/vpcs/${vpc.id}`)).status).toBe(409)
  expect((await call('DELETE', `${BASE}/vpcs/${vpc.id}/subnets/${subnet.id}`)).status).toBe(204)
  expect((await call('GET', `${BASE}/subnets/${subnet.id}`)).status).toBe(404)
  expect((await call('DELETE', `${BASE}/vpcs/${vpc.id}`)).status).toBe(204)
  expect((await call('GET', `${BASE}/vpcs/${vpc.id}`)).status).toBe(404)
})

test('the clients of a new VPC are those of its range, if they are free', async () => {
  const clients: string[][] = []
  for (const name of ['one', 'two']) {
    const { json } = await call('POST', `${BASE}/vpcs`, { vpc: { name, cidr: '192.168.0.0/16' } })
    clients.push((await call('GET', `/waymark/v1/networks/${json.vpc.id}`)).json.client_cidrs)
  }
  expect(clients).toEqual([['192.168.0.0/16'], []])
  expect((await call('POST', `${BASE}/vpcs`, { vpc: { name: 'x', cidr: 'all' } })).status).toBe(400)
})

test('a public address is registered by name, shown, listed and removed', async () => {
  expect((await call('POST', `${BASE}/publicips`, { publicip: { type: '5_bgp' } })).json.message).toBe(
    'Invalid address: none is free in the setting address-pool, so ip_address must name it.',
  )
  const sent = { publicip: { ip_address: '203.0.113.25', alias: 'mail' } }
  const { publicip } = PublicIpBody.parse((await call('POST', `${BASE}/publicips`, sent)).json)
  expect(publicip).toMatchObject({ public_ip_address: '203.0.113.25', alias: 'mail', ip_version: 4 })
  const path = `${BASE}/publicips/${publicip.id}`
  expect((await call('GET', path)).json).toEqual({ publicip })
  expect(PublicIpList.parse((await call('GET', `${BASE}/publicips`)).json).publicips).toEqual([publicip])
  expect((await call('DELETE', path)).status).toBe(204)
  expect((await call('GET', path)).status).toBe(404)
})

test('an address that is not named is the lowest free one of the pool, and its bandwidth is kept', async () => {
  await bed.close()
  await open(['192.0.2.254/31', '198.51.100.7/32', '2001:db8::/127'])
  const body = { publicip: { type: '5_bgp' }, bandwidth: { name: 'line', size: 5, share_type: 'PER' } }
  const given: unknown[] = []
  for (let n = 0; n < 3; n++) {
    const { json } = await call('POST', `${BASE}/publicips`, body)
    given.push(json.publicip.public_ip_address)
    const { bandwidth } = BandwidthBody.parse(
      (await call('GET', `${BASE}/bandwidths/${json.publicip.bandwidth_id}`)).json,
    )
    expect(bandwidth).toMatchObject({ name: 'line', size: 5, share_type: 'PER', charge_mode: 'bandwidth' })
  }
  expect(given).toEqual(['192.0.2.254', '192.0.2.255', '198.51.100.7'])
  expect((await call('POST', `${BASE}/publicips`, body)).status).toBe(400)
  const v6 = { publicip: { type: '5_bgp', ip_version: 6 } }
  expect((await call('POST', `${BASE}/publicips`, v6)).json.publicip.public_ipv6_address).toBe('2001:db8::')
})
