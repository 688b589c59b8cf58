import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { OP_ZONE_REMOVED } from '@waymark/dns/feed-codec'
import { ApiError } from '../errors.ts'
import { expectFitsContract } from '../http/contract-check.ts'
import type { ZoneStatus } from '../store/store.ts'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { zoneBatchRoutes } from './batch-routes.ts'
import { createZone } from './zones.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of answers are looked into
type Json = any

const UNKNOWN = '0123456789abcdef0123456789abcdef'
const VPC = { router_id: '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d11', router_region: 'region-a' }

let bed: TestBed
let one: string
let two: string
let inner: string
beforeEach(async () => {
  bed = await openTestBed()
  one = (await createZone(bed.context, TENANT, { name: 'one.example' })).id
  two = (await createZone(bed.context, TENANT, { name: 'two.example' })).id
  const network = { name: 'corp.internal', zone_type: 'private', router: VPC }
  inner = (await createZone(bed.context, TENANT, network)).id
})
afterEach(() => bed.close())

async function call(method: string, path: string, body?: object): Promise<{ status: number; json: Json }> {
  try {
    return (await bed.call(zoneBatchRoutes, method, path, { body })) as { status: number; json: Json }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { status, code, message } = error.failure
    return { status, json: { code, message } }
  }
}
const codeOf = async (answer: Promise<{ json: Json }>) => (await answer).json.code
const find = (id: string) => bed.store.findZone(TENANT, id)
const newest = async () => (await bed.store.feedBounds()).newest
async function freeze(id: string, status: ZoneStatus): Promise<void> {
  const zone = (await find(id))!
  await bed.store.transaction((tx) => tx.updateZone({ ...zone, status }))
}

describe('deleting zones', () => {
  const remove = (body: object) => call('DELETE', '/v2.1/zones', body)

  test('removes all of them, each once, and tells the edges', async () => {
    const before = await newest()
    const answer = await remove({ zone_type: 'public', zone_ids: [two, one, two] })
    expect(answer.status).toBe(202)
    expectFitsContract('BatchDeleteZones', 202, answer.json)
    expect(answer.json.zones.map((zone: Json) => [zone.id, zone.status])).toEqual([
      [two, 'PENDING_DELETE'],
      [one, 'PENDING_DELETE'],
    ])
    expect(answer.json.zones[0]).not.toContainKeys(['routers', 'tags', 'enterprise_project_id'])
    expect(answer.json.metadata).toEqual({ total_count: 2 })
    expect(answer.json.links).toEqual({ self: 'http://localhost/v2.1/zones' })
    expect([await find(one), await find(two)]).toEqual([undefined, undefined])
    const entries = await bed.store.readFeed(before, 10)
    expect(entries.map((entry) => entry.payload[0])).toEqual([OP_ZONE_REMOVED, OP_ZONE_REMOVED])
  })

  test('removes none when one is unknown, of the other kind or held by the police', async () => {
    const before = await newest()
    expect(await codeOf(remove({ zone_type: 'public', zone_ids: [one, UNKNOWN] }))).toBe('DNS.0302')
    expect(await codeOf(remove({ zone_type: 'public', zone_ids: [one, inner] }))).toBe('DNS.0302')
    await freeze(two, 'POLICE')
    expect(await codeOf(remove({ zone_type: 'public', zone_ids: [one, two] }))).toBe('DNS.2006')
    expect(await find(one)).toBeDefined()
    expect(await newest()).toBe(before)
    expect((await remove({ zone_type: 'private', zone_ids: [inner] })).status).toBe(202)
  })

  test('is refused where the call itself is wrong', async () => {
    expect(await codeOf(remove({ zone_type: 'public', zone_ids: Array(51).fill(one) }))).toBe('DNS.0327')
    expect(await codeOf(remove({ zone_type: 'public', zone_ids: [] }))).toBe('DNS.0002')
    expect(await codeOf(remove({ zone_type: 'public' }))).toBe('DNS.0002')
    expect(await codeOf(remove({ zone_ids: [one] }))).toBe('DNS.0204')
  })
})

describe('the status of zones', () => {
  const put = (body: object) => call('PUT', '/v2.1/zones/statuses', body)

  test('changes for both kinds, and only what changed comes back', async () => {
    await freeze(two, 'FREEZE')
    const before = await newest()
    const answer = await put({ status: 'DISABLE', zone_ids: [inner, two, UNKNOWN, one, one] })
    expect(answer.status).toBe(202)
    expectFitsContract('BatchSetZonesStatus', 202, answer.json)
    expect(answer.json.zones.map((zone: Json) => [zone.id, zone.status])).toEqual([
      [inner, 'DISABLE'],
      [one, 'DISABLE'],
    ])
    expect(answer.json.metadata).toEqual({ total_count: 2 })
    expect((await find(one))!.status).toBe('DISABLE')
    expect(await newest()).toBe(before + 2)

    const again = await put({ status: 'DISABLE', zone_ids: [inner, one] })
    expect(again.json.zones).toEqual([])
    expect(await newest()).toBe(before + 2)
    const resumed = await put({ status: 'ENABLE', zone_ids: [one] })
    expect(resumed.json.zones[0].status).toBe('ACTIVE')
  })

  test('is refused where the call itself is wrong', async () => {
    expect(await codeOf(put({ status: 'DISABLE', zone_ids: Array(51).fill(one) }))).toBe('DNS.0329')
    expect(await codeOf(put({ status: 'DISABLE', zone_ids: [] }))).toBe('DNS.0002')
    expect(await codeOf(put({ status: 'off', zone_ids: [one] }))).toBe('DNS.0315')
  })
})
