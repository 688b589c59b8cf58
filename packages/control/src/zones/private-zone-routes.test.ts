import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { OP_ZONE } from '@waymark/dns/feed-codec'
import { dnssecRoutes } from '../dnssec/routes.ts'
import { ApiError } from '../errors.ts'
import { expectFitsContract } from '../http/contract-check.ts'
import type { Zone, ZoneStatus } from '../store/store.ts'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { privateZoneRoutes } from './private-zone-routes.ts'
import { createZone } from './zones.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of answers are looked into
type Json = any

const UNKNOWN = '0123456789abcdef0123456789abcdef'
const VPC = { router_id: '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d11', router_region: 'region-a' }
const OTHER = { router_id: '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d12', router_region: 'region-b' }
const INNER = { name: 'corp.internal', zone_type: 'private', router: VPC }

let bed: TestBed
let zone: Zone
beforeEach(async () => {
  bed = await openTestBed()
  zone = await createZone(bed.context, TENANT, INNER)
})
afterEach(() => bed.close())

async function call(method: string, path: string, body?: object): Promise<{ status: number; json: Json }> {
  try {
    const routes = [...privateZoneRoutes, ...dnssecRoutes]
    return (await bed.call(routes, method, path, { body })) as { status: number; json: Json }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { status, code, message } = error.failure
    return { status, json: { code, message } }
  }
}
const post = (verb: string, body?: object, id = zone.id) => call('POST', `/v2/zones/${id}/${verb}`, body)
const codeOf = async (answer: Promise<{ json: Json }>) => (await answer).json.code
const find = async () => (await bed.store.findZone(TENANT, zone.id))!
const newest = async () => (await bed.store.feedBounds()).newest
const putStatus = async (status: ZoneStatus) => {
  const now = await find()
  await bed.store.transaction((tx) => tx.updateZone({ ...now, status }))
}

describe('private networks of a zone', () => {
  test('are added and taken away, and the edges are told', async () => {
    const added = await post('associaterouter', { router: { ...OTHER, status: 'ignored' } })
    expect(added.status).toBe(202)
    expectFitsContract('AssociateRouter', 202, added.json)
    expect(added.json).toEqual({ ...OTHER, status: 'PENDING_CREATE' })
    const both = await find()
    expect(both.routers.map((router) => [router.routerId, router.status])).toEqual([
      [VPC.router_id, 'ACTIVE'],
      [OTHER.router_id, 'ACTIVE'],
    ])
    expect([both.serial, both.revision]).toEqual([zone.serial, zone.revision + 1])
    const [entry] = await bed.store.readFeed((await newest()) - 1, 1)
    expect(entry!.payload[0]).toBe(OP_ZONE)
    expect(new TextDecoder().decode(entry!.payload)).toContain(OTHER.router_id)

    const removed = await post('disassociaterouter', { router: { router_id: VPC.router_id } })
    expect(removed.status).toBe(202)
    expectFitsContract('DisassociateRouter', 202, removed.json)
    expect(removed.json).toEqual({ ...VPC, status: 'PENDING_DELETE' })
    expect((await find()).routers.map((router) => router.routerId)).toEqual([OTHER.router_id])
  })

  test('get the region of the project, and their ids are compared without regard to case', async () => {
    const upper = { router: { router_id: OTHER.router_id.toUpperCase() } }
    const added = await post('associaterouter', upper)
    expect(added.json).toMatchObject({ router_id: OTHER.router_id, router_region: expect.any(String) })
    expect(await codeOf(post('associaterouter', { router: OTHER }))).toBe('DNS.0212')
    expect((await post('disassociaterouter', upper)).status).toBe(202)
  })

  test('are registered ones as soon as any is, and then have the region of their registration', async () => {
    const { router_id: id } = OTHER
    await bed.store.transaction((tx) =>
      tx.insertNetwork({
        ...{ ...TENANT, id, region: 'region-z', name: 'office', description: '', cidr: '' },
        ...{ clientCidrs: [], listenerAddresses: [], createdAt: 0, updatedAt: null },
      }),
    )
    const added = await post('associaterouter', { router: OTHER })
    expect(added.json.router_region).toBe('region-z')
    const strange = { router_id: id.replace('7', '8') }
    const unknown = await post('associaterouter', { router: strange })
    expect([unknown.status, unknown.json.code]).toEqual([404, 'DNS.0711'])
    const another = { ...INNER, name: 'lab', router: strange }
    await expect(createZone(bed.context, TENANT, another)).rejects.toMatchObject({
      failure: { code: 'DNS.0711' },
    })
    // What is associated can still be taken away.
    expect((await post('disassociaterouter', { router: VPC })).status).toBe(202)
  })

  test('are in a region that is a text', async () => {
    for (const router_region of [5, {}, ['region-a']])
      expect(await codeOf(post('associaterouter', { router: { ...OTHER, router_region } }))).toBe('DNS.0701')
    expect((await post('associaterouter', { router: { ...OTHER, router_region: null } })).status).toBe(202)
  })

  test('see one zone of a name', async () => {
    await createZone(bed.context, TENANT, { ...INNER, router: OTHER })
    const before = await newest()
    const refused = await post('associaterouter', { router: OTHER })
    expect([refused.status, refused.json.code]).toEqual([409, 'DNS.0212'])
    expect((await post('associaterouter', { router: VPC })).status).toBe(409)
    expect(await newest()).toBe(before)
  })

  test('are at least one', async () => {
    const last = await post('disassociaterouter', { router: VPC })
    expect([last.status, last.json.code]).toEqual([403, 'DNS.0706'])
    const stranger = await post('disassociaterouter', { router: OTHER })
    expect([stranger.status, stranger.json.code]).toEqual([400, 'DNS.0707'])
  })

  for (const verb of ['associaterouter', 'disassociaterouter']) {
    test(`${verb} is refused for wrong ids, kinds and states`, async () => {
      const open = await createZone(bed.context, TENANT, { name: 'shop.example' })
      expect(await codeOf(post(verb, { router: VPC }, open.id))).toBe('DNS.0008')
      expect(await codeOf(post(verb, { router: VPC }, UNKNOWN))).toBe('DNS.0302')
      expect(await codeOf(post(verb))).toBe('DNS.0002')
      for (const router of [undefined, {}, { router_id: 'x' }, VPC.router_id]) {
        expect(await codeOf(post(verb, { router }))).toBe('DNS.0701')
      }
      const states = { DISABLE: 'DNS.0213', ERROR: 'DNS.0209', FREEZE: 'DNS.2006' } as const
      for (const [status, code] of Object.entries(states)) {
        await putStatus(status as ZoneStatus)
        expect(await codeOf(post(verb, { router: OTHER }))).toBe(code)
      }
    })
  }
})

describe('the proxy pattern', () => {
  const put = (body?: object, id = zone.id) => post('actions/set-proxy-pattern', body, id)

  test('is set, and setting it again changes nothing', async () => {
    const answer = await put({ proxy_pattern: 'RECURSIVE' })
    expect(answer).toEqual({ status: 202, json: {} })
    const after = await find()
    expect([after.proxyPattern, after.revision]).toEqual(['RECURSIVE', zone.revision + 1])
    await put({ proxy_pattern: 'RECURSIVE' })
    expect(await find()).toEqual(after)
  })

  test('is one of two words, and of private zones that are not frozen', async () => {
    expect(await codeOf(put({ proxy_pattern: 'BOTH' }))).toBe('DNS.0002')
    expect(await codeOf(put({}))).toBe('DNS.0002')
    expect(await codeOf(put())).toBe('DNS.0002')
    const open = await createZone(bed.context, TENANT, { name: 'shop.example' })
    expect(await codeOf(put({ proxy_pattern: 'AUTHORITY' }, open.id))).toBe('DNS.0008')
    expect(await codeOf(put({ proxy_pattern: 'AUTHORITY' }, UNKNOWN))).toBe('DNS.0302')
    await putStatus('POLICE')
    expect(await codeOf(put({ proxy_pattern: 'RECURSIVE' }))).toBe('DNS.2006')
  })
})

test('no zone is signed, and private ones cannot be', async () => {
  const open = await createZone(bed.context, TENANT, { name: 'shop.example' })
  const shown = await call('GET', `/v2/zones/${open.id}/dnssec`)
  expectFitsContract('ShowDnssecConfig', 200, shown.json)
  expect(shown).toEqual({ status: 200, json: { status: 'DISABLE' } })
  expect(await codeOf(call('GET', `/v2/zones/${zone.id}/dnssec`))).toBe('DNS.0008')
  expect(await codeOf(call('GET', `/v2/zones/${UNKNOWN}/dnssec`))).toBe('DNS.0302')
})
