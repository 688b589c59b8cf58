import { afterEach, describe, expect, test } from 'bun:test'
import { decodeMessage } from '@waymark/dns/message/decode'
import { encodeMessage } from '@waymark/dns/message/encode'
import { RCODE_NXDOMAIN } from '@waymark/dns/message/header'
import { parseName, type WireName } from '@waymark/dns/name'
import { CLASS_IN, TYPE_NS } from '@waymark/dns/rr-types/type-codes'
import type { ControlSettings } from '../context.ts'
import { ApiError } from '../errors.ts'
import { expectFitsContract } from '../http/contract-check.ts'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { lookUpDelegation } from './delegation.ts'
import { nameServerRoutes } from './name-server-routes.ts'
import { createZone } from './zones.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of answers are looked into
type Json = any

let bed: TestBed | undefined
let resolver: Awaited<ReturnType<typeof startResolver>> | undefined
afterEach(async () => {
  await bed?.close()
  resolver?.close()
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

const wire = (text: string): WireName => {
  const name = parseName(text)
  if (!name.ok) throw new Error(text)
  return name.value
}

/** A resolver on a socket of its own that knows these delegations. */
async function startResolver(delegations: Readonly<Record<string, readonly string[]>>) {
  const socket = await Bun.udpSocket({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      data(self, octets, port, address) {
        const query = decodeMessage(octets)
        if (!query.ok) return
        const question = query.value.questions[0]!
        const is = (text: string) => wire(text).join() === question.name.join()
        const name = Object.keys(delegations).find(is)
        const servers = name === undefined ? [] : delegations[name]!
        const reply = encodeMessage({
          ...query.value,
          header: {
            ...query.value.header,
            ...{ isResponse: true, isRecursionAvailable: true },
            rcode: name === undefined ? RCODE_NXDOMAIN : 0,
          },
          answers: servers.map((server) => ({
            ...{ owner: question.name, type: TYPE_NS, class: CLASS_IN, ttl: 60 },
            rdata: wire(server),
          })),
        })
        if (reply.ok) self.send(reply.value, port, address)
      },
    },
  })
  return { address: `127.0.0.1:${socket.port}`, close: () => socket.close() }
}

describe('where a name is delegated to', () => {
  const OURS = { nameServers: ['ns1.lab.example.', 'ns2.lab.example.'] }
  const at = (name: string) => get(`/v2/public-zones/dns-servers/${name}`)

  test('is looked up through the resolver of the settings', async () => {
    resolver = await startResolver({
      'shop.example.': ['NS2.lab.example.', 'ns1.lab.example.'],
      'mixed.example.': ['ns1.lab.example.', 'ns.elsewhere.example.'],
      'away.example.': ['ns.elsewhere.example.'],
      'xn--bcher-kva.example.': ['ns1.lab.example.'],
    })
    await open({ ...OURS, delegationResolver: resolver.address })
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
    const gone = await startResolver({})
    gone.close()
    const silent = await lookUpDelegation({ ...OURS, delegationResolver: gone.address }, 'shop.example', 50)
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
