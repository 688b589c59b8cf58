import { afterEach, describe, expect, test } from 'bun:test'
import type { ControlSettings } from '../context.ts'
import { type NameServer, startNameServer } from '../dns-client/testing.ts'
import { ApiError } from '../errors.ts'
import { expectFitsContract } from '../http/contract-check.ts'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { lookUpDelegation } from './delegation.ts'
import { nameServerRoutes } from './name-server-routes.ts'
import { createZone } from './zones.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of answers are looked into
type Json = any

let bed: TestBed | undefined
let resolver: NameServer | undefined
afterEach(async () => {
  await bed?.close()
  resolver?.stop()
  resolver = undefined
})

async function get(path: string): Promise<Json> {
  try {
    return ((await bed!.call(nameServerRoutes, 'GET', path)) as { json: Json }).json
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { status: error.failure.status, code: error.failure.code }
  }
}
async function open(settings: Partial<ControlSettings>): Promise<void> {
  bed = await openTestBed({ settings })
}

describe('where a name is delegated to', () => {
  const OURS = { nameServers: ['ns1.lab.example.', 'ns2.lab.example.'] }
  const at = (name: string) => get(`/v2/public-zones/dns-servers/${name}`)

  test('is looked up through the resolver of the settings', async () => {
    resolver = await startNameServer()
    resolver.set('shop.example.', 'NS', 'NS2.lab.example.', 'ns1.lab.example.')
    resolver.set('mixed.example.', 'NS', 'ns1.lab.example.', 'ns.elsewhere.example.')
    resolver.set('away.example.', 'NS', 'ns.elsewhere.example.')
    resolver.set('xn--bcher-kva.example.', 'NS', 'ns1.lab.example.')
    await open({ ...OURS, resolvers: [resolver.address] })
    expect(await at('Shop.example')).toEqual({
      domain_name: 'shop.example.',
      dns_servers: ['ns1.lab.example.', 'ns2.lab.example.'],
      expected_dns_servers: OURS.nameServers,
      include_hw_dns: true,
      all_hw_dns: true,
    })
    expect(await at('mixed.example.')).toMatchObject({ include_hw_dns: true, all_hw_dns: false })
    expect(await at('away.example')).toMatchObject({
      dns_servers: ['ns.elsewhere.example.'],
      ...{ include_hw_dns: false, all_hw_dns: false },
    })
    expect(await at('unregistered.example')).toMatchObject({
      dns_servers: [],
      ...{ include_hw_dns: false, all_hw_dns: false },
    })
    expect(await at('XN--bcher-kva.example')).toMatchObject({
      domain_name: 'xn--bcher-kva.example.',
      dns_servers: ['ns1.lab.example.'],
    })
  })

  test('is unknown without a resolver, or when it does not answer', async () => {
    await open(OURS)
    expect(await at('shop.example')).toMatchObject({
      dns_servers: [],
      expected_dns_servers: OURS.nameServers,
    })
    const gone = await startNameServer()
    gone.stop()
    const silent = await lookUpDelegation({ ...OURS, resolvers: [gone.address] }, 'shop.example', 50)
    expect(silent.nameServers).toEqual([])
  })

  test('is asked of names only', async () => {
    await open(OURS)
    expect(await at('a..b')).toEqual({ status: 400, code: 'DNS.0202' })
  })
})

describe('the name servers', () => {
  const SETTINGS = {
    nameServers: ['ns1.lab.example.', 'ns2.lab.example.'],
    privateNameServers: ['10.0.0.53', 'fd00::53'],
    regions: ['region-a', 'region-b'],
  }
  const PUBLIC = [
    { hostname: 'ns1.lab.example.', priority: 1 },
    { hostname: 'ns2.lab.example.', priority: 2 },
  ]
  const PRIVATE = [
    { address: '10.0.0.53', priority: 1 },
    { address: 'fd00::53', priority: 2 },
  ]

  test('are those of the public side and of each region', async () => {
    await open(SETTINGS)
    const all = await get('/v2/nameservers')
    expectFitsContract('ListNameServers', 200, all)
    const ofAll = { type: 'public', region: null, ns_records: PUBLIC }
    const inner = (region: string) => ({ type: 'private', region, ns_records: PRIVATE })
    expect(all).toEqual({ nameservers: [ofAll, inner('region-a'), inner('region-b')] })
    expect(await get('/v2/nameservers?type=public')).toEqual({ nameservers: [ofAll] })
    expect(await get('/v2/nameservers?region=region-b')).toEqual({ nameservers: [inner('region-b')] })
    expect(await get('/v2/nameservers?type=private&region=elsewhere')).toEqual({ nameservers: [] })
    expect(await get('/v2/nameservers?type=both')).toEqual({ status: 400, code: 'DNS.0002' })
  })

  test('of a zone are those of its kind', async () => {
    await open(SETTINGS)
    const router = { router_id: '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d11' }
    const shop = await createZone(bed!.context, TENANT, { name: 'shop.example' })
    const corp = await createZone(bed!.context, TENANT, { name: 'corp.', zone_type: 'private', router })
    const ofShop = await get(`/v2/zones/${shop.id}/nameservers`)
    expectFitsContract('ShowPublicZoneNameServer', 200, ofShop)
    expect(ofShop).toEqual({ nameservers: PUBLIC })
    const ofCorp = await get(`/v2/zones/${corp.id}/nameservers`)
    expectFitsContract('ShowPrivateZoneNameServer', 200, ofCorp)
    expect(ofCorp).toEqual({ nameservers: PRIVATE })
    expect(await get(`/v2/zones/${'0'.repeat(32)}/nameservers`)).toEqual({ status: 404, code: 'DNS.0302' })
  })

  test('of private networks are shown only when they are set', async () => {
    await open({ ...SETTINGS, privateNameServers: [] })
    expect(await get('/v2/nameservers?type=private')).toEqual({ nameservers: [] })
  })
})
