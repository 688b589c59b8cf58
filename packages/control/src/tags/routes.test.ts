import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { ApiError } from '../errors.ts'
import { expectFitsContract } from '../http/contract-check.ts'
import { createRecordSet } from '../record-sets/record-sets.ts'
import type { Tag } from '../store/store.ts'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { createZone } from '../zones/zones.ts'
import { tagRoutes } from './routes.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of answers are looked into
type Json = any

const UNKNOWN = '0123456789abcdef0123456789abcdef'
const VPC = { router_id: '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d11', router_region: 'region-a' }
const AT = `/v2/${TENANT.projectId}`
const TYPES = ['DNS-public_zone', 'DNS-private_zone', 'DNS-public_recordset', 'DNS-private_recordset']
const NOT_FOUND = { zone: 'DNS.0302', recordset: 'DNS.0313' } as const

let bed: TestBed
/** Resource types with one resource of each. */
let ids: Record<string, string>
beforeEach(async () => {
  bed = await openTestBed()
  const shop = await createZone(bed.context, TENANT, { name: 'shop.example' })
  const corp = await createZone(bed.context, TENANT, { name: 'corp.', zone_type: 'private', router: VPC })
  ids = {
    'DNS-public_zone': shop.id,
    'DNS-private_zone': corp.id,
    'DNS-public_recordset': await newSet('www', shop.id, shop.name),
    'DNS-private_recordset': await newSet('db', corp.id, corp.name),
  }
})
afterEach(() => bed.close())

async function newSet(label: string, zoneId: string, zoneName: string, tags: Tag[] = []): Promise<string> {
  const body = { name: `${label}.${zoneName}`, type: 'A', records: ['192.0.2.1'], tags }
  return (await createRecordSet(bed.context, TENANT, zoneId, body, 'v2.1')).row.id
}

async function call(method: string, path: string, body?: object): Promise<{ status: number; json?: Json }> {
  try {
    return (await bed.call(tagRoutes, method, `${AT}/${path}`, { body })) as { status: number; json?: Json }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { status, code, message } = error.failure
    return { status, json: { code, message } }
  }
}
const codeOf = async (answer: Promise<{ json?: Json }>) => (await answer).json?.code
const tagsPath = (type: string, id = ids[type]!) => `${type}/${id}/tags`
const show = async (type: string) => (await call('GET', tagsPath(type))).json.tags
const tag = (key: string, value = '') => ({ key, value })

describe.each(TYPES)('%s', (type) => {
  const isPublic = type.includes('public')
  const notFound = NOT_FOUND[type.endsWith('zone') ? 'zone' : 'recordset']
  const zone = async () =>
    (await bed.store.findZone(TENANT, ids[isPublic ? 'DNS-public_zone' : 'DNS-private_zone']!))!

  test('has tags put, shown, replaced and removed', async () => {
    const path = tagsPath(type)
    const before = await zone()
    expect(await call('POST', path, { tag: tag('env', 'test') })).toEqual({ status: 204 })
    expect(await call('POST', path, { tag: tag('owner') })).toEqual({ status: 204 })
    expect(await call('POST', path, { tag: { key: 'env', value: 'prod', extra: 1 } })).toEqual({
      status: 204,
    })
    const shown = await call('GET', path)
    expectFitsContract('ShowResourceTag', 200, shown.json)
    expect(shown).toEqual({ status: 200, json: { tags: [tag('env', 'prod'), tag('owner')] } })
    const { serial, revision } = await zone()
    expect([serial, revision]).toEqual([before.serial, before.revision + 3])

    expect(await call('DELETE', `${path}/env`)).toEqual({ status: 204 })
    expect(await show(type)).toEqual([tag('owner')])
    const again = await call('DELETE', `${path}/env`)
    expect([again.status, again.json.code]).toEqual([404, 'DNS.1003'])
  })

  test('takes several at once, and what is so already is no change', async () => {
    const path = `${tagsPath(type)}/action`
    const both = { action: 'create', tags: [tag('a', '1'), tag('b', '2')] }
    expect(await call('POST', path, both)).toEqual({ status: 204 })
    expect(await show(type)).toEqual(both.tags)
    const { revision } = await zone()
    await call('POST', path, both)
    await call('POST', path, { action: 'delete', tags: [{ key: 'c' }] })
    expect((await zone()).revision).toBe(revision)
    await call('POST', path, { action: 'delete', tags: [{ key: 'a' }, { key: 'c' }, { key: '%%' }] })
    expect(await show(type)).toEqual([tag('b', '2')])
  })

  test('is found under its own type only', async () => {
    for (const [other, id] of Object.entries(ids)) {
      if (other === type) continue
      expect(await codeOf(call('GET', tagsPath(type, id)))).toBe(notFound)
      expect(await codeOf(call('POST', tagsPath(type, id), { tag: tag('k') }))).toBe(notFound)
    }
    expect(await codeOf(call('GET', tagsPath(type, UNKNOWN)))).toBe(notFound)
    expect(await codeOf(call('DELETE', `${tagsPath(type, UNKNOWN)}/k`))).toBe(notFound)
  })

  test('lists the tags in use and finds what has them', async () => {
    await call('POST', tagsPath(type), { tag: tag('env', 'prod') })
    const inUse = await call('GET', `${type}/tags`)
    expectFitsContract('ListTags', 200, inUse.json)
    expect(inUse.json).toEqual({ tags: [{ key: 'env', values: ['prod'] }] })
    const search = { action: 'filter', tags: [{ key: 'env', values: ['prod'] }] }
    const found = await call('POST', `${type}/resource_instances/action`, search)
    expectFitsContract('ListTag', 200, found.json)
    expect(found.json).toEqual({
      resources: [
        {
          resource_id: ids[type]!,
          resource_name: expect.stringMatching(isPublic ? /shop\.example\.$/ : /corp\.$/),
          resource_detail: null,
          tags: [tag('env', 'prod')],
        },
      ],
      total_count: 1,
    })
  })
})

describe('a change of tags', () => {
  const type = 'DNS-public_recordset'
  const many = (count: number) => Array.from({ length: count }, (_, at) => tag(`k${at}`))

  test('is refused as a whole where a tag breaks its rule or there are too many', async () => {
    const path = tagsPath(type)
    await call('POST', `${path}/action`, { action: 'create', tags: many(19) })
    const refusals: [object | undefined, string][] = [
      [{ action: 'create', tags: [tag('good'), tag(' bad')] }, 'DNS.1003'],
      [{ action: 'create', tags: [tag('same', 'a'), tag('same', 'b')] }, 'DNS.1003'],
      [{ action: 'create', tags: [tag('k0', 'v'), tag('x'), tag('y')] }, 'DNS.1001'],
      [{ action: 'create', tags: [null] }, 'DNS.1003'],
      [{ action: 'delete', tags: [{ value: 'x' }] }, 'DNS.1003'],
      [{ action: 'create', tags: [] }, 'DNS.0002'],
      [{ action: 'create' }, 'DNS.0002'],
      [{ action: 'Create', tags: [tag('x')] }, 'DNS.0002'],
      [undefined, 'DNS.0002'],
    ]
    for (const [body, code] of refusals) {
      expect({ body, code: await codeOf(call('POST', `${path}/action`, body)) }).toEqual({ body, code })
    }
    expect(await codeOf(call('POST', path, {}))).toBe('DNS.1003')
    expect(await codeOf(call('POST', path, { tag: { key: 5 } }))).toBe('DNS.1003')
    expect(await codeOf(call('POST', path))).toBe('DNS.0002')
    expect(await show(type)).toEqual(many(19))
    expect((await call('POST', path, { tag: tag('k19') })).status).toBe(204)
    expect(await codeOf(call('POST', path, { tag: tag('k20') }))).toBe('DNS.1001')
    expect((await call('POST', path, { tag: tag('k0', 'other') })).status).toBe(204)
  })

  test('is for the documented kinds of resource', async () => {
    for (const kind of ['DNS-zone', 'dns-public_zone', 'toString']) {
      expect(await codeOf(call('GET', `${kind}/tags`))).toBe('DNS.1002')
      expect(await codeOf(call('GET', tagsPath(kind, UNKNOWN)))).toBe('DNS.1002')
      expect(await codeOf(call('POST', tagsPath(kind, UNKNOWN), { tag: tag('k') }))).toBe('DNS.1002')
    }
  })
})

describe('a search by tags', () => {
  const type = 'DNS-public_recordset'
  const search = (body: object) => call('POST', `${type}/resource_instances/action`, body)
  const names = async (body: object) => {
    const { json } = await search({ action: 'filter', ...body })
    if (json.code !== undefined) throw new Error(json.code)
    return json.resources.map((found: Json) => found.resource_name.split('.')[0]).join(' ')
  }

  beforeEach(async () => {
    const zoneId = ids['DNS-public_zone']!
    const add = (label: string, ...tags: Tag[]) => newSet(label, zoneId, 'shop.example.', tags)
    await add('a', tag('env', 'prod'), tag('tier', 'web'))
    await add('b', tag('env', 'test'))
    await add('c', tag('tier', 'db'))
  })

  test('combines its conditions, newest first', async () => {
    const env = { key: 'env', values: ['prod', '*es'] }
    const tier = { key: 'tier' }
    expect(await names({ tags: [env] })).toBe('b a')
    expect(await names({ tags: [env, tier] })).toBe('a')
    expect(await names({ tags_any: [env, tier] })).toBe('c b a')
    expect(await names({ tags_any: [env, tier], not_tags: [env, tier] })).toBe('c b')
    // The SOA and NS of the zone are record sets as well.
    expect(await names({ not_tags_any: [env, tier] })).toBe('www shop shop')
    expect(await names({ tags: [{ key: 'env', values: [] }], not_tags_any: [tier] })).toBe('b')
    expect(await names({})).toBe('c b a www shop shop')
  })

  test('looks into the name', async () => {
    const named = (value?: string) => ({ matches: [{ key: 'resource_name', value }] })
    expect(await names(named('WW.shop'))).toBe('www')
    expect(await names(named(''))).toBe('')
    expect(await names(named())).toBe('')
    expect(await names({ matches: [] })).toBe('c b a www shop shop')
  })

  test('pages by numbers or texts, and counts', async () => {
    const page = await search({ action: 'filter', limit: '2', offset: 1, tags: [] })
    expect(page.json.resources).toHaveLength(2)
    expect(page.json.total_count).toBe(6)
    expect((await search({ action: 'filter', limit: 2, offset: '9' })).json).toEqual({
      resources: [],
      total_count: 6,
    })
    const count = await search({ action: 'count', limit: 0, tags: [{ key: 'env' }] })
    expectFitsContract('ListTag', 200, count.json)
    expect(count.json).toEqual({ total_count: 2 })
    expect(await codeOf(search({ action: 'count', limit: {} }))).toBe('DNS.0006')
    expect(await codeOf(search({ action: 'count', offset: true }))).toBe('DNS.0017')
  })

  test('is refused where it is wrong', async () => {
    const keys = (count: number) => Array.from({ length: count }, (_, at) => ({ key: `k${at}` }))
    const refusals: [object, string][] = [
      [{}, 'DNS.0002'],
      [{ action: 'FILTER' }, 'DNS.0002'],
      [{ action: 'filter', limit: 0 }, 'DNS.0006'],
      [{ action: 'filter', limit: 1001 }, 'DNS.0006'],
      [{ action: 'filter', limit: 'x' }, 'DNS.0006'],
      [{ action: 'filter', offset: -1 }, 'DNS.0017'],
      [{ action: 'filter', tags: keys(11) }, 'DNS.1003'],
      [{ action: 'filter', tags: [{ key: 'k' }, { key: 'k' }] }, 'DNS.1003'],
      [{ action: 'filter', tags_any: [{ key: '' }] }, 'DNS.1003'],
      [{ action: 'filter', not_tags: [{ key: 'k', values: ['a', 'a'] }] }, 'DNS.1003'],
      [{ action: 'filter', not_tags_any: [{ key: 'k', values: [5] }] }, 'DNS.1003'],
      [{ action: 'filter', tags: 'k' }, 'DNS.1003'],
      [{ action: 'filter', tags: [null] }, 'DNS.1003'],
      [{ action: 'filter', matches: [{ key: 'name', value: 'x' }] }, 'DNS.0002'],
      [{ action: 'filter', matches: [{ key: 'resource_name', value: '%' }] }, 'DNS.0002'],
      [{ action: 'filter', matches: 'x' }, 'DNS.0002'],
    ]
    for (const [body, code] of refusals)
      expect({ body, code: await codeOf(search(body)) }).toEqual({ body, code })
    expect((await search({ action: 'filter', tags: keys(10) })).status).toBe(200)
    expect(await codeOf(call('POST', 'DNS-line/resource_instances/action', { action: 'count' }))).toBe(
      'DNS.1002',
    )
  })
})
