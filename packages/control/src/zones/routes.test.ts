import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { OP_GROUP, OP_ZONE, OP_ZONE_REMOVED } from '@waymark/dns/feed-codec'
import { ApiError } from '../errors.ts'
import { expectFitsContract } from '../http/contract-check.ts'
import { recordSetRoutes } from '../record-sets/routes.ts'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { nameServerRoutes } from './name-server-routes.ts'
import { zoneRoutes } from './routes.ts'
import { createZone } from './zones.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of answers are looked into
type Json = any

let bed: TestBed
beforeEach(async () => {
  bed = await openTestBed({ settings: { nameServers: ['ns1.lab.example.'] } })
})
afterEach(() => bed.close())

async function call(method: string, path: string, body?: object): Promise<{ status: number; json: Json }> {
  try {
    const routes = [...zoneRoutes, ...nameServerRoutes, ...recordSetRoutes]
    return (await bed.call(routes, method, path, { body })) as { status: number; json: Json }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { status, code, message } = error.failure
    return { status, json: { code, message } }
  }
}

async function create(body: object): Promise<Json> {
  const { status, json } = await call('POST', '/v2/zones', body)
  if (status !== 202) throw new Error(JSON.stringify(json))
  return json
}
const codeOf = async (answer: Promise<{ json: Json }>) => (await answer).json.code
const lastEntry = async () => {
  const { newest } = await bed.store.feedBounds()
  return (await bed.store.readFeed(newest - 1, 1))[0]!
}
/** The flag of a ZONE operation: behind its code, the apex with its length, and the kind. */
const isAnswered = (payload: Uint8Array) => payload[payload[1]! + 3] === 1

const VPC = { router_id: '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d11', router_region: 'region-a' }
const OTHER_VPC = { router_id: '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d12' }
const PUBLIC = { name: 'Shop.example', email: 'ops@shop.example', ttl: 600, description: 'web shop' }
const PRIVATE = { name: 'corp.internal.', zone_type: 'private', router: VPC }
const SHARED = [
  ...['id', 'name', 'description', 'email', 'zone_type', 'ttl', 'serial', 'status', 'record_num', 'pool_id'],
  ...['project_id', 'created_at', 'updated_at', 'links', 'masters'],
  ...['type', 'action', 'version', 'attributes', 'transferred_at'],
]
const keys = (...extra: string[]) => [...SHARED, ...extra].sort()

test('a public zone goes through its whole life', async () => {
  const made = await create({ ...PUBLIC, tags: [{ key: 'env', value: 'prod' }] })
  expectFitsContract('CreatePublicZone', 202, made)
  expect(Object.keys(made).sort()).toEqual(keys('enterprise_project_id'))
  expect(made).toMatchObject({
    ...{ name: 'shop.example.', zone_type: 'public', status: 'PENDING_CREATE', record_num: 0, serial: 1 },
    ...{ email: 'ops@shop.example', ttl: 600, description: 'web shop', updated_at: null, masters: [] },
    enterprise_project_id: '0',
  })
  const path = `/v2/zones/${made.id}`
  expect(made.links).toEqual({ self: `http://localhost${path}` })

  const shown = (await call('GET', path)).json
  expectFitsContract('ShowPublicZone', 200, shown)
  expect(Object.keys(shown).sort()).toEqual(keys('enterprise_project_id'))
  expect(shown).toMatchObject({ status: 'ACTIVE', record_num: 2 })

  const list = (await call('GET', '/v2/zones')).json
  expectFitsContract('ListPublicZones', 200, list)
  expect(Object.keys(list.zones[0]).sort()).toEqual(keys('enterprise_project_id', 'tags'))
  expect(list.metadata).toEqual({ total_count: 1 })

  const changed = await call('PATCH', path, { ttl: 60, description: '' })
  expectFitsContract('UpdatePublicZone', 202, changed.json)
  expect(Object.keys(changed.json).sort()).toEqual(keys())
  expect(changed.json).toMatchObject({
    ...{ status: 'PENDING_UPDATE', ttl: 60, description: '', email: PUBLIC.email },
    serial: 2,
  })
  expect(changed.json.updated_at).not.toBeNull()

  const servers = (await call('GET', `${path}/nameservers`)).json
  expectFitsContract('ShowPublicZoneNameServer', 200, servers)
  expect(servers).toEqual({ nameservers: [{ hostname: 'ns1.lab.example.', priority: 1 }] })

  const gone = await call('DELETE', path)
  expectFitsContract('DeletePublicZone', 202, gone.json)
  expect(gone.json).toMatchObject({ status: 'PENDING_DELETE', record_num: 0 })
  expect(await call('GET', path)).toEqual({
    status: 404,
    json: { code: 'DNS.0302', message: 'This zone does not exist.' },
  })
  expect((await lastEntry()).payload).toEqual(Uint8Array.of(OP_ZONE_REMOVED))
})

test('a private zone shows its network, singular at creation and plural afterwards', async () => {
  const made = await create(PRIVATE)
  expectFitsContract('CreatePrivateZone', 202, made)
  expect(Object.keys(made).sort()).toEqual(keys('enterprise_project_id', 'proxy_pattern', 'router'))
  expect(made).toMatchObject({
    ...{ router: { ...VPC, status: 'PENDING_CREATE' }, proxy_pattern: 'AUTHORITY', description: '' },
    email: 'hostmaster@corp.internal',
  })
  const shown = (await call('GET', `/v2/zones/${made.id}`)).json
  expectFitsContract('ShowPrivateZone', 200, shown)
  expect(shown.routers).toEqual([{ ...VPC, status: 'ACTIVE' }])
  const list = (await call('GET', `/v2/zones?type=private&router_id=${VPC.router_id}`)).json
  expectFitsContract('ListPrivateZones', 200, list)
  expect(list.zones).toHaveLength(1)
  expect((await call('PATCH', `/v2/zones/${made.id}`, {})).json.routers).toHaveLength(1)
  expect((await call('DELETE', `/v2/zones/${made.id}`)).json.routers).toHaveLength(1)
})

describe('a new zone', () => {
  const setsOf = async (id: string) =>
    (await call('GET', `/v2.1/zones/${id}/recordsets?sort_key=created_at&sort_dir=asc`)).json.recordsets

  test('comes with its SOA and NS, and is announced together with them', async () => {
    const { id } = await create({ ...PUBLIC, email: 'first.last@shop.example' })
    expect(await setsOf(id)).toMatchObject([
      {
        ...{ type: 'SOA', name: 'shop.example.', default: true, ttl: 600, weight: 1, status: 'ACTIVE' },
        records: ['ns1.lab.example. first\\.last.shop.example. (1 7200 900 1209600 600)'],
      },
      { type: 'NS', default: true, ttl: 172800, weight: 1, records: ['ns1.lab.example.'] },
    ])
    const { payload, serial, zoneId } = await lastEntry()
    expect([payload[0], serial, zoneId]).toEqual([OP_ZONE, 1, id])
  })

  test('that is private gives its sets no weight and its own TTL', async () => {
    const { id } = await create({ ...PRIVATE, ttl: 60 })
    const sets = await setsOf(id)
    expect(sets.map((set: Json) => [set.type, set.ttl, set.weight])).toEqual([
      ['SOA', 60, null],
      ['NS', 60, null],
    ])
  })

  test('is shown by the name that was sent and compared by its A-labels', async () => {
    expect((await create({ name: '域名.Example' })).name).toBe('域名.example.')
    expect(await codeOf(call('POST', '/v2/zones', { name: 'xn--eqrt2g.example' }))).toBe('DNS.0208')
  })

  test('of the longest name has a SOA all the same', async () => {
    const label = 'a'.repeat(63)
    const name = `${label}.${label}.${label}.${'a'.repeat(53)}.example.`
    expect(name).toHaveLength(254)
    expect((await create({ name })).name).toBe(name)
  })

  test.each([
    [{}, 'DNS.0202'],
    [{ name: 5 }, 'DNS.0202'],
    [{ name: '.' }, 'DNS.0202'],
    [{ name: 'com' }, 'DNS.0202'],
    [{ name: 'com.cn.' }, 'DNS.0202'],
    [{ name: '192.0.2.1' }, 'DNS.0202'],
    [{ name: '_x.shop.example' }, 'DNS.0202'],
    [{ name: '*.shop.example' }, 'DNS.0202'],
    [{ name: 'a..example' }, 'DNS.0202'],
    [{ ...PUBLIC, zone_type: 'inner' }, 'DNS.0204'],
    [{ ...PUBLIC, type: 'SECONDARY' }, 'DNS.0002'],
    [{ ...PUBLIC, type: 'SECONDARY', masters: ['ns1.example.org'] }, 'DNS.0002'],
    [{ ...PUBLIC, description: 'x'.repeat(256) }, 'DNS.0206'],
    [{ ...PUBLIC, description: 'half \ud83d' }, 'DNS.0206'],
    [{ ...PUBLIC, email: 'ops' }, 'DNS.0201'],
    [{ ...PUBLIC, ttl: 0 }, 'DNS.0203'],
    [{ ...PUBLIC, ttl: '300' }, 'DNS.0203'],
    [{ ...PUBLIC, enterprise_project_id: 'x' }, 'DNS.1905'],
    [{ ...PUBLIC, tags: [{ key: '' }] }, 'DNS.1003'],
    [{ ...PRIVATE, router: undefined }, 'DNS.0701'],
    [{ ...PRIVATE, router: { router_id: 'vpc-1' } }, 'DNS.0701'],
    [{ ...PRIVATE, proxy_pattern: 'PROXY' }, 'DNS.0002'],
    [[], 'DNS.0002'],
  ])('%p → %s', async (body, code) => {
    expect(await codeOf(call('POST', '/v2/zones', body))).toBe(code)
  })

  test('may have any name when it is private', async () => {
    for (const name of ['internal', '10.in-addr.arpa.', 'com']) await create({ ...PRIVATE, name })
  })
})

describe('the name of a zone', () => {
  const STRANGER = { domainId: 'f'.repeat(32), projectId: 'f'.repeat(32) }
  const codeForStranger = async (body: object) => {
    try {
      await createZone(bed.context, STRANGER, body)
      return 'ok'
    } catch (error) {
      return (error as ApiError).failure.code
    }
  }

  test('is public once, here and elsewhere', async () => {
    await create(PUBLIC)
    expect(await codeOf(call('POST', '/v2/zones', { name: 'SHOP.example.' }))).toBe('DNS.0208')
    expect(await codeForStranger({ name: 'shop.example' })).toBe('DNS.0211')
  })

  test("is not below a zone of another account, but may be below one of one's own", async () => {
    await create(PUBLIC)
    expect(await codeForStranger({ name: 'a.b.shop.example' })).toBe('DNS.0211')
    expect(await codeForStranger({ name: 'workshop.example' })).toBe('ok')
    await create({ name: 'a.b.shop.example' })
    await create({ name: 'x.a.b.shop.example' })
  })

  test('is private once per network, and says nothing about public names', async () => {
    await create(PUBLIC)
    await create(PRIVATE)
    await create({ ...PRIVATE, name: 'shop.example' })
    expect(await codeOf(call('POST', '/v2/zones', PRIVATE))).toBe('DNS.0208')
    await create({ ...PRIVATE, router: OTHER_VPC })
  })

  test("of another account's zone is no secret, its id is", async () => {
    const { id } = await createZone(bed.context, STRANGER, { name: 'foreign.example' })
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect(await codeOf(call(method, `/v2/zones/${id}`, {}))).toBe('DNS.0302')
  })
})

test('the quota of zones is kept per kind', async () => {
  const context = { ...bed.context, settings: { ...bed.context.settings, zoneQuota: 1 } }
  await createZone(context, TENANT, PUBLIC)
  await createZone(context, TENANT, PRIVATE)
  const third = createZone(context, TENANT, { name: 'third.example' })
  expect(third).rejects.toMatchObject({ failure: { status: 403, code: 'DNS.0404' } })
  await third.catch(() => undefined)
})

describe('a change', () => {
  test('of mailbox or TTL is one of the SOA', async () => {
    const { id } = await create(PUBLIC)
    await call('PATCH', `/v2/zones/${id}`, { email: 'new@shop.example', ttl: 61 })
    const { json } = await call('GET', `/v2/zones/${id}/recordsets?type=SOA`)
    expect(json.recordsets[0]).toMatchObject({
      ...{ ttl: 61, records: ['ns1.lab.example. new.shop.example. (1 7200 900 1209600 61)'] },
    })
    const { payload, serial } = await lastEntry()
    expect([payload[0], serial]).toEqual([OP_GROUP, 2])
  })

  test('of the description alone leaves serial and feed as they are', async () => {
    const { id } = await create(PUBLIC)
    const before = await bed.store.feedBounds()
    expect((await call('PATCH', `/v2/zones/${id}`, { description: 'x' })).json.serial).toBe(1)
    expect(await bed.store.feedBounds()).toEqual(before)
  })

  test('keeps what is absent, null or an empty mailbox', async () => {
    const { id } = await create(PUBLIC)
    const { json } = await call('PATCH', `/v2/zones/${id}`, { email: '', ttl: null })
    expect(json).toMatchObject({ email: PUBLIC.email, ttl: PUBLIC.ttl, description: PUBLIC.description })
  })

  test.each([
    [{ ttl: 2147483648 }, 'DNS.0203'],
    [{ email: 'x' }, 'DNS.0201'],
    [{ description: 'x'.repeat(256) }, 'DNS.0206'],
    [[], 'DNS.0002'],
  ])('%p → %s', async (body, code) => {
    const { id } = await create(PUBLIC)
    expect(await codeOf(call('PATCH', `/v2/zones/${id}`, body))).toBe(code)
  })
})

test('a zone is paused and resumed once', async () => {
  const { id } = await create(PUBLIC)
  const put = (status: unknown) => call('PUT', `/v2/zones/${id}/statuses`, { status })
  expect((await put('ENABLE')).json).toMatchObject({ code: 'DNS.0209' })
  expect((await put('PAUSE')).json).toMatchObject({ code: 'DNS.0315' })
  const paused = await put('DISABLE')
  expectFitsContract('UpdatePublicZoneStatus', 202, paused.json)
  expect(paused.json.status).toBe('DISABLE')
  expect(isAnswered((await lastEntry()).payload)).toBe(false)
  expect((await put('DISABLE')).json).toMatchObject({ code: 'DNS.0213' })
  expect((await put('ENABLE')).json.status).toBe('ACTIVE')
  expect(isAnswered((await lastEntry()).payload)).toBe(true)
})

test('a frozen zone can be deleted and nothing else', async () => {
  const { id } = await create(PUBLIC)
  const zone = (await bed.store.findZone(TENANT, id))!
  await bed.store.transaction((tx) => tx.updateZone({ ...zone, status: 'FREEZE' }))
  expect(await codeOf(call('PATCH', `/v2/zones/${id}`, {}))).toBe('DNS.2006')
  expect(await codeOf(call('PUT', `/v2/zones/${id}/statuses`, { status: 'ENABLE' }))).toBe('DNS.2006')
  expect((await call('DELETE', `/v2/zones/${id}`)).status).toBe(202)
})

describe('the list of zones', () => {
  beforeEach(async () => {
    for (const label of ['a', 'b', 'c'])
      await create({ name: `${label}.example`, tags: [{ key: 'k', value: label }] })
  })
  const names = (json: Json) => json.zones.map((zone: Json) => zone.name[0]).join('')

  test.each([
    ['', 'cba'],
    ['type=PRIMARY', 'cba'],
    ['sort_key=name&sort_dir=asc', 'abc'],
    ['sort_key=name', 'cba'],
    ['name=B.ex', 'b'],
    ['name=b.example&search_mode=equal', 'b'],
    ['name=b&search_mode=equal', ''],
    ['status=ACTIVE', 'cba'],
    ['status=PENDING_TRANSFER', ''],
    ['tags=k,b', 'b'],
    ['enterprise_project_id=0', 'cba'],
    ['enterprise_project_id=all_granted_eps', 'cba'],
    ['type=private', ''],
  ])('?%s', async (query, expected) => {
    expect(names((await call('GET', `/v2/zones?${query}`)).json)).toBe(expected)
  })

  test.each([
    ['type=inner', 'DNS.0204'],
    ['status=GONE', 'DNS.0315'],
    ['sort_key=ttl', 'DNS.0032'],
    ['limit=501', 'DNS.0006'],
    [`marker=${'0'.repeat(32)}`, 'DNS.0007'],
  ])('?%s → %s', async (query, code) => {
    expect(await codeOf(call('GET', `/v2/zones?${query}`))).toBe(code)
  })

  test('pages by marker', async () => {
    const first = (await call('GET', '/v2/zones?limit=2')).json
    expect(names(first)).toBe('cb')
    const second = (await call('GET', first.links.next.slice('http://localhost'.length))).json
    expect(names(second)).toBe('a')
    expect(second.links).not.toHaveProperty('next')
  })
})
