import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { ApiError } from '../errors.ts'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { privateZoneRoutes } from '../zones/private-zone-routes.ts'
import { zoneRoutes } from '../zones/routes.ts'
import { registryRoutes } from './routes.ts'
import { AddressBody, AddressList, NetworkBody, NetworkList, SubnetBody } from './schemas.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of answers are looked into
type Json = any

let bed: TestBed
beforeEach(async () => {
  bed = await openTestBed()
  await bed.store.transaction(async (tx) => {
    await tx.insertAccount({ id: TENANT.domainId, name: 'lab', enabled: true })
    for (const [id, name] of [
      [TENANT.projectId, 'region-a'],
      ['b'.repeat(32), 'region-b'],
    ] as const) {
      await tx.insertProject({ id, domainId: TENANT.domainId, name, enabled: true })
    }
  })
})
afterEach(() => bed.close())

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; json: Json }> {
  try {
    const routes = [...registryRoutes, ...zoneRoutes, ...privateZoneRoutes]
    return (await bed.call(routes, method, path, { body })) as { status: number; json: Json }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { status, code, message } = error.failure
    return { status, json: { code, message } }
  }
}
const NETWORKS = '/waymark/v1/networks'
const ADDRESSES = '/waymark/v1/addresses'
const ID = '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d11'
const OTHER_ID = '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d12'
const messageOf = async (answer: Promise<{ status: number; json: Json }>) => {
  const { status, json } = await answer
  return `${status} ${json.code} ${json.message}`
}

describe('networks', () => {
  test('go through their whole life', async () => {
    const made = await call('POST', NETWORKS, {
      id: ID.toUpperCase(),
      name: 'office',
      cidr: '10.0.0.0/8',
      client_cidrs: ['10.1.0.0/16', '2001:DB8::/32'],
      subnets: [{ name: 'desks', cidr: '10.1.2.0/24' }],
    })
    expect(made.status).toBe(201)
    expect(NetworkBody.parse(made.json)).toMatchObject({
      ...{ id: ID, name: 'office', region: 'region-a', project_id: TENANT.projectId },
      ...{ client_cidrs: ['10.1.0.0/16', '2001:db8::/32'], updated_at: null },
      subnets: [{ name: 'desks', cidr: '10.1.2.0/24', gateway: '10.1.2.1' }],
    })
    const subnet = await call('POST', `${NETWORKS}/${ID}/subnets`, {
      ...{ cidr: '10.1.3.0/24', gateway: '10.1.3.254' },
    })
    expect(SubnetBody.parse(subnet.json).gateway).toBe('10.1.3.254')
    const changed = await call('PATCH', `${NETWORKS}/${ID}`, { name: 'lab', client_cidrs: [] })
    expect(changed.json).toMatchObject({ name: 'lab', client_cidrs: [], cidr: '10.0.0.0/8' })
    const shown = (await call('GET', `${NETWORKS}/${ID}`)).json
    expect(shown.subnets.map((each: Json) => each.cidr)).toEqual(
      expect.arrayContaining(['10.1.2.0/24', '10.1.3.0/24']),
    )
    const list = NetworkList.parse((await call('GET', `${NETWORKS}?name=LA`)).json)
    expect([list.metadata.total_count, list.networks[0]!.id]).toEqual([1, ID])
    expect((await call('DELETE', `${NETWORKS}/${ID}/subnets/${subnet.json.id}`)).status).toBe(204)
    expect((await call('DELETE', `${NETWORKS}/${ID}`)).status).toBe(204)
    expect(await messageOf(call('GET', `${NETWORKS}/${ID}`))).toBe(
      `404 WAYMARK.0202 There is no network ${ID}.`,
    )
  })

  test('have listener addresses, each in one network', async () => {
    const listener_addresses = ['192.0.2.53', '2001:DB8:0::35']
    const made = await call('POST', NETWORKS, { id: ID, name: 'office', listener_addresses })
    expect(made.json.listener_addresses).toEqual(['192.0.2.53', '2001:db8::35'])
    expect(
      await messageOf(call('POST', NETWORKS, { name: 'x', listener_addresses: ['192.0.2.53'] })),
    ).toContain(`whoever asks at 192.0.2.53 belongs to network office (${ID})`)
    for (const wrong of [['0.0.0.0'], ['::'], ['192.0.2.0/24'], ['192.0.2.1', '192.0.2.1'], '192.0.2.1']) {
      expect((await call('POST', NETWORKS, { name: 'x', listener_addresses: wrong })).status).toBe(400)
    }
    const changed = await call('PATCH', `${NETWORKS}/${ID}`, { listener_addresses: [] })
    expect(changed.json.listener_addresses).toEqual([])
  })

  test('tell edges who belongs to them, whenever that changes', async () => {
    const newest = async () => (await bed.store.feedBounds()).newest
    const before = await newest()
    await call('POST', NETWORKS, { id: ID, name: 'office' })
    expect(await newest()).toBe(before)
    await call('PATCH', `${NETWORKS}/${ID}`, { client_cidrs: ['10.1.0.0/16'] })
    await call('PATCH', `${NETWORKS}/${ID}`, { name: 'lab' })
    expect(await newest()).toBe(before + 1)
    await call('DELETE', `${NETWORKS}/${ID}`)
    const [told, gone] = await bed.store.readFeed(before, 9)
    const key = Buffer.from(`${TENANT.domainId}:${ID}`)
    const head = [...Buffer.from([14, key.length]), ...key]
    expect([...told!.payload]).toEqual([...head, 0, 1, 16, 4, 10, 1, 0, 0, 0, 0])
    expect([...gone!.payload]).toEqual([...head, 0, 0, 0, 0])
  })

  test('of another region are in the project of that region', async () => {
    const { json } = await call('POST', NETWORKS, { name: 'far', region: 'region-b' })
    expect([json.region, json.project_id]).toEqual(['region-b', 'b'.repeat(32)])
    expect(await messageOf(call('POST', NETWORKS, { name: 'x', region: 'mars' }))).toBe(
      '400 WAYMARK.0201 Invalid network: there is no region "mars"; the account has region-a, region-b.',
    )
  })

  test.each([
    [{}, 'name is missing'],
    [{ name: 'x', id: 'mine' }, 'id must be a UUID, 8-4-4-4-12 hexadecimal digits'],
    [
      { name: 'x', cidr: '10.1.0.0/8' },
      'cidr: "10.1.0.0/8" has bits set behind the prefix; 10.0.0.0/8 would be right',
    ],
    [{ name: 'x', client_cidrs: '10.0.0.0/8' }, 'client_cidrs must be a list of prefixes'],
    [{ name: 'x', client_cidrs: ['10.0.0.0/8', '10.0.0.0/8'] }, 'client_cidrs has 10.0.0.0/8 twice'],
    [
      { name: 'x', cidr: '10.0.0.0/16', subnets: [{ cidr: '10.1.0.0/24' }] },
      'subnet 10.1.0.0/24 lies outside of 10.0.0.0/16, the range of the network',
    ],
    [
      { name: 'x', subnets: [{ cidr: '10.1.0.0/16' }, { cidr: '10.1.9.0/24' }] },
      'subnet 10.1.9.0/24 overlaps 10.1.0.0/16 of the same network',
    ],
    [
      { name: 'x', subnets: [{ cidr: '10.1.0.0/31' }] },
      'a subnet is an IPv4 prefix of at most 30 bits, not 10.1.0.0/31',
    ],
    [
      { name: 'x', subnets: [{ cidr: '10.1.0.0/24', gateway: '10.1.0.255' }] },
      'gateway "10.1.0.255" is no address of a host in 10.1.0.0/24',
    ],
    [{ name: 'x'.repeat(65) }, 'name must be a text of at most 64 characters'],
    [{ name: 'half \ud800' }, 'name must be a text of at most 64 characters'],
  ])('%j is refused with the reason', async (body, detail) => {
    expect(await messageOf(call('POST', NETWORKS, body))).toBe(`400 WAYMARK.0201 Invalid network: ${detail}.`)
    expect((await call('GET', NETWORKS)).json.metadata.total_count).toBe(0)
  })

  test('cannot have the clients or the id of another', async () => {
    await call('POST', NETWORKS, { id: ID, name: 'office', client_cidrs: ['10.0.0.0/8'] })
    const clash = { name: 'lab', client_cidrs: ['10.0.0.0/8'] }
    expect(await messageOf(call('POST', NETWORKS, clash))).toBe(
      `409 WAYMARK.0203 Network conflict: the clients of 10.0.0.0/8 belong to network office (${ID}).`,
    )
    expect((await call('POST', NETWORKS, { name: 'lab', id: ID })).status).toBe(409)
    // A part of them is fine: the longest prefix decides.
    const part = await call('POST', NETWORKS, { name: 'lab', client_cidrs: ['10.1.0.0/16'] })
    expect(part.status).toBe(201)
  })

  test('cannot be removed while a private zone refers to them', async () => {
    await call('POST', NETWORKS, { id: ID, name: 'office' })
    const zone = { name: 'corp.internal', zone_type: 'private', router: { router_id: ID } }
    const made = await call('POST', '/v2/zones', zone)
    expect(await messageOf(call('DELETE', `${NETWORKS}/${ID}`))).toBe(
      `409 WAYMARK.0204 Network ${ID} is in use: 1 private zones.`,
    )
    await call('DELETE', `/v2/zones/${made.json.id}`)
    expect((await call('DELETE', `${NETWORKS}/${ID}`)).status).toBe(204)
  })

  test('once there is one, private zones are for known ones only', async () => {
    const zone = (name: string, routerId: string) =>
      call('POST', '/v2/zones', { name, zone_type: 'private', router: { router_id: routerId } })
    expect((await zone('before.internal', OTHER_ID)).status).toBe(202)
    await call('POST', NETWORKS, { id: ID, name: 'office', region: 'region-b' })
    expect((await zone('unknown.internal', OTHER_ID)).json.code).toBe('DNS.0711')
    const known = await zone('known.internal', ID)
    expect(known.json.router).toMatchObject({ router_id: ID, router_region: 'region-b' })
  })
})

describe('public addresses', () => {
  test('go through their whole life', async () => {
    const made = await call('POST', ADDRESSES, { id: ID, address: '203.0.113.25', name: 'mail' })
    expect(made.status).toBe(201)
    expect(AddressBody.parse(made.json)).toMatchObject({
      ...{ id: ID, address: '203.0.113.25', name: 'mail', region: 'region-a' },
      ...{ project_id: TENANT.projectId, domain_id: TENANT.domainId },
    })
    const six = await call('POST', ADDRESSES, { address: '2001:DB8:0::1', region: 'region-b' })
    expect(six.json).toMatchObject({ address: '2001:db8::1', project_id: 'b'.repeat(32) })
    expect((await call('PATCH', `${ADDRESSES}/${ID}`, { name: 'out' })).json.name).toBe('out')
    const list = AddressList.parse((await call('GET', `${ADDRESSES}?region=region-a`)).json)
    expect([list.metadata.total_count, list.addresses[0]!.name]).toEqual([1, 'out'])
    expect((await call('GET', `${ADDRESSES}?limit=1`)).json.addresses).toHaveLength(1)
    expect((await call('GET', `${ADDRESSES}?marker=nothing`)).json.code).toBe('DNS.0007')
    expect((await call('DELETE', `${ADDRESSES}/${ID}`)).status).toBe(204)
    expect(await messageOf(call('GET', `${ADDRESSES}/${ID}`))).toBe(
      `404 WAYMARK.0212 There is no address ${ID}.`,
    )
  })

  test('are refused with the reason', async () => {
    await call('POST', ADDRESSES, { id: ID, address: '203.0.113.25' })
    expect(await messageOf(call('POST', ADDRESSES, {}))).toContain('address is missing')
    expect(await messageOf(call('POST', ADDRESSES, { address: '203.0.113' }))).toContain(
      '"203.0.113" is no IPv4 or IPv6 address',
    )
    expect(await messageOf(call('POST', ADDRESSES, { address: '203.0.113.25' }))).toBe(
      `409 WAYMARK.0213 Address conflict: 203.0.113.25 is registered as ${ID}.`,
    )
    expect((await call('POST', ADDRESSES, { id: ID, address: '203.0.113.26' })).status).toBe(409)
  })
})
