import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { ApiError } from '../errors.ts'
import { expectFitsContract } from '../http/contract-check.ts'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { createZone, setZoneStatus } from '../zones/zones.ts'
import { recordSetRoutes } from './routes.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of answers are looked into
type Json = any

let bed: TestBed
let zoneId: string
beforeEach(async () => {
  bed = await openTestBed()
  zoneId = (await createZone(bed.context, TENANT, { name: 'shop.example' })).id
})
afterEach(() => bed.close())

async function call(method: string, path: string, body?: object): Promise<{ status: number; json: Json }> {
  try {
    return (await bed.call(recordSetRoutes, method, path, { body })) as { status: number; json: Json }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { status, code, message } = error.failure
    return { status, json: { code, message } }
  }
}

const zonePath = (version = 'v2.1') => `/${version}/zones/${zoneId}/recordsets`
const create = async (body: object, version = 'v2.1'): Promise<Json> => {
  const { status, json } = await call('POST', zonePath(version), body)
  if (status !== 202) throw new Error(JSON.stringify(json))
  return json
}
const codeOf = async (answer: Promise<{ json: Json }>) => (await answer).json.code
const A = { name: 'www.shop.example.', type: 'A', records: ['192.0.2.10'] }

const OPERATIONS = {
  v2: [
    'CreateRecordSet',
    'ShowRecordSet',
    'UpdateRecordSet',
    'DeleteRecordSet',
    'ListRecordSetsByZone',
    'ListRecordSets',
  ],
  'v2.1': [
    'CreateRecordSetWithLine',
    'ShowRecordSetWithLine',
    'UpdateRecordSets',
    'DeleteRecordSets',
    'ShowRecordSetByZone',
    'ListRecordSetsWithLine',
  ],
} as const

const SHARED = [
  'id',
  'name',
  'description',
  'zone_id',
  'zone_name',
  'type',
  'ttl',
  'records',
  'status',
  'default',
  'project_id',
  'links',
]
const KEYS = {
  v2: [...SHARED, 'create_at', 'update_at'],
  'v2.1': [...SHARED, 'created_at', 'updated_at', 'line', 'weight', 'health_check_id', 'alias_target'],
} as const

test.each(['v2', 'v2.1'] as const)(
  'a record set of %s goes through its whole life in its shape',
  async (version) => {
    const [createName, showName, updateName, deleteName, listName, listAllName] = OPERATIONS[version]
    const keys = (...extra: string[]) => [...KEYS[version], ...extra].sort()
    const updatedAt = version === 'v2' ? 'update_at' : 'updated_at'

    const made = await create({ ...A, tags: [{ key: 'env', value: 'prod' }] }, version)
    expectFitsContract(createName, 202, made)
    expect(Object.keys(made).sort()).toEqual(keys())
    expect(made).toMatchObject({
      ...A,
      status: 'PENDING_CREATE',
      ttl: 300,
      default: false,
      description: null,
    })
    expect(made[updatedAt]).toBeNull()
    expect(made[updatedAt.replace('update', 'create')]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/)
    const path = `${zonePath(version)}/${made.id}`
    expect(made.links).toEqual({ self: `http://localhost${path}` })

    const shown = await call('GET', path)
    expectFitsContract(showName, 200, shown.json)
    expect(Object.keys(shown.json).sort()).toEqual(keys('bundle'))
    expect(shown.json).toMatchObject({ status: 'ACTIVE', bundle: 'free' })

    const list = await call('GET', zonePath(version))
    expectFitsContract(listName, 200, list.json)
    expect(list.json.metadata.total_count).toBe(3)
    const types = list.json.recordsets.map((set: Json) => set.type)
    expect(types).toEqual(version === 'v2' ? ['SOA', 'NS', 'A'] : ['A', 'NS', 'SOA'])
    expect(Object.keys(list.json.recordsets[0]).sort()).toEqual(keys())

    const all = await call('GET', `/${version}/recordsets?name=www`)
    expectFitsContract(listAllName, 200, all.json)
    const extra = version === 'v2' ? ['tags'] : ['tags', 'line_name']
    expect(Object.keys(all.json.recordsets[0]).sort()).toEqual(keys(...extra))
    expect(all.json.recordsets[0].tags).toEqual([{ key: 'env', value: 'prod' }])

    const changed = await call('PUT', path, { name: A.name, type: 'A', ttl: 60 })
    expectFitsContract(updateName, 202, changed.json)
    expect(Object.keys(changed.json).sort()).toEqual(keys())
    expect(changed.json).toMatchObject({ status: 'PENDING_UPDATE', ttl: 60, records: A.records })
    expect(changed.json[updatedAt]).not.toBeNull()

    const gone = await call('DELETE', path)
    expectFitsContract(deleteName, 202, gone.json)
    expect(Object.keys(gone.json).sort()).toEqual(keys())
    expect(gone.json).toMatchObject({ status: 'PENDING_DELETE', records: A.records })
    expect(await call('GET', path)).toEqual({
      status: 404,
      json: { code: 'DNS.0313', message: 'This record set does not exist.' },
    })
    expect((await call('DELETE', path)).status).toBe(404)
  },
)

describe('create', () => {
  test('on a line, with weight and paused', async () => {
    const made = await create({
      ...A,
      line: 'Abroad',
      weight: 20,
      status: 'DISABLE',
      ttl: 120,
      description: 'x',
    })
    expect(made).toMatchObject({ line: 'Abroad', weight: 20, status: 'DISABLE', ttl: 120, description: 'x' })
    expect((await call('GET', `${zonePath()}/${made.id}`)).json.status).toBe('DISABLE')
  })

  test('with an alias in place of values', async () => {
    const target = { resource_type: 'waf', resource_domain_name: 'x.waf.example.net' }
    const made = await create({ ...A, records: undefined, alias_target: target })
    expect(made).toMatchObject({ records: [], alias_target: target, weight: null })
  })

  test('v2 has neither line nor weight', async () => {
    const made = await create({ ...A, line: 'Abroad', weight: 7 }, 'v2')
    const shown = await call('GET', `${zonePath()}/${made.id}`)
    expect(shown.json).toMatchObject({ line: 'default_view', weight: 1 })
  })

  test('null is as good as absent', async () => {
    const made = await create({ ...A, ttl: null, description: null, line: null, status: null, tags: null })
    expect(made).toMatchObject({ ttl: 300, line: 'default_view', status: 'PENDING_CREATE' })
  })

  test.each([
    ['line', 0, 'DNS.1601'],
    ['line', false, 'DNS.1601'],
    ['status', 0, 'DNS.0315'],
    ['status', false, 'DNS.0315'],
  ])('%s %p is a value of a wrong kind, not an absent one', async (field, value, code) => {
    expect(await codeOf(call('POST', zonePath(), { ...A, [field]: value }))).toBe(code)
  })

  test('a zone that is not there comes before faults of the body, its kind before the zone', async () => {
    const nowhere = `/v2/zones/${'0'.repeat(32)}/recordsets`
    expect(await codeOf(call('POST', nowhere, { type: 'NOPE' }))).toBe('DNS.0302')
    expect(await codeOf(call('POST', nowhere, []))).toBe('DNS.0002')
    expect(await codeOf(call('POST', nowhere))).toBe('DNS.0002')
  })
})

describe('update', () => {
  const put = (id: string, body: object, version = 'v2.1') => call('PUT', `${zonePath(version)}/${id}`, body)

  test('what is absent or empty stays', async () => {
    const made = await create({
      ...A,
      weight: 5,
      ttl: 60,
      description: 'x',
      tags: [{ key: 'a', value: 'b' }],
    })
    const { json } = await put(made.id, {
      name: A.name,
      type: 'A',
      records: [],
      description: '',
      weight: null,
    })
    expect(json).toMatchObject({ records: A.records, weight: 5, ttl: 60, description: 'x' })
    expect((await put(made.id, { ttl: 61 }, 'v2')).json).toMatchObject({ name: A.name, ttl: 61 })
  })

  test('0 and false are values of a wrong kind, not absent ones', async () => {
    const { id } = await create(A)
    for (const value of [0, false]) {
      expect(await codeOf(put(id, { name: value }, 'v2'))).toBe('DNS.0304')
      expect(await codeOf(put(id, { type: value }, 'v2'))).toBe('DNS.0307')
      expect(await codeOf(put(id, { ...A, line: value }))).toBe('DNS.0043')
    }
    expect(await codeOf(put(id, { description: [] }, 'v2'))).toBe('DNS.0305')
  })

  test('v2.1 demands name and type', async () => {
    const { id } = await create(A)
    expect(await codeOf(put(id, { type: 'A' }))).toBe('DNS.0304')
    expect(await codeOf(put(id, { name: A.name }))).toBe('DNS.0307')
  })

  test('renames and retypes, with new values for a new type', async () => {
    const { id } = await create(A)
    expect((await put(id, { name: 'b.shop.example.' }, 'v2')).json.name).toBe('b.shop.example.')
    expect(await codeOf(put(id, { type: 'AAAA' }, 'v2'))).toBe('DNS.0308')
    expect((await put(id, { type: 'AAAA', records: ['2001:db8::1'] }, 'v2')).json.type).toBe('AAAA')
    expect((await create(A)).name).toBe(A.name)
  })

  test('is held to the same conflicts as a creation', async () => {
    await create(A)
    const { id } = await create({ ...A, name: 'b.shop.example.', records: ['192.0.2.11'] })
    const toCname = { name: A.name, type: 'CNAME', records: ['x.example.net.'] }
    expect(await codeOf(put(id, toCname))).toBe('DNS.0312')
    expect(await codeOf(put(id, A))).toBe('DNS.0335')
    expect(await codeOf(put(id, { name: A.name }, 'v2'))).toBe('DNS.0312')
    expect((await put(id, { name: A.name, type: 'A' })).status).toBe(202)
    // A member of a weighted group can be changed through v2 all the same.
    expect((await put(id, { ttl: 5 }, 'v2')).status).toBe(202)
    expect(await codeOf(put(id, { ttl: 5, records: A.records }, 'v2'))).toBe('DNS.0335')
  })

  test('of a paused set answers PENDING_DISABLE', async () => {
    const { id } = await create({ ...A, status: 'DISABLE' })
    expect((await put(id, { ttl: 5 }, 'v2')).json.status).toBe('PENDING_DISABLE')
  })

  test('cannot move a set to another line', async () => {
    const { id } = await create({ ...A, line: 'Abroad' })
    expect(await codeOf(put(id, { ...A, line: 'CN' }))).toBe('DNS.0043')
    expect((await put(id, { ...A, line: 'Abroad' })).status).toBe(202)
  })

  test('keeps more values than an update admits, and shortens them', async () => {
    const values = Array.from({ length: 60 }, (_, at) => `192.0.2.${at}`)
    const { id } = await create(A)
    await bed.store.transaction(async (tx) => {
      const row = (await tx.findRecordSet(TENANT, zoneId, id))!
      await tx.updateRecordSet({ ...row, records: values })
    })
    expect((await put(id, { ttl: 5 }, 'v2')).json.records).toHaveLength(60)
    expect((await put(id, { records: values.slice(0, 55) }, 'v2')).json.records).toHaveLength(55)
    expect(await codeOf(put(id, { records: values.slice(0, 56) }, 'v2'))).toBe('DNS.0308')
  })
})

describe('the sets that came with the zone', () => {
  const find = async (type: string) =>
    (await call('GET', `${zonePath()}?type=${type}`)).json.recordsets[0] as Json

  test('SOA cannot be changed or deleted', async () => {
    const path = `${zonePath('v2')}/${(await find('SOA')).id}`
    expect(await codeOf(call('PUT', path, { ttl: 5 }))).toBe('DNS.0318')
    expect(await codeOf(call('DELETE', path))).toBe('DNS.0317')
  })

  test('NS keeps name and type, its values and TTL may change', async () => {
    const path = `${zonePath('v2')}/${(await find('NS')).id}`
    expect(await codeOf(call('PUT', path, { name: 'x.shop.example.' }))).toBe('DNS.0318')
    expect(await codeOf(call('PUT', path, { type: 'A' }))).toBe('DNS.0318')
    expect(await codeOf(call('DELETE', path))).toBe('DNS.0317')
    const { json } = await call('PUT', path, { name: 'SHOP.example', ttl: 60, records: ['ns9.example.net'] })
    expect(json).toMatchObject({ ttl: 60, records: ['ns9.example.net'], default: true })
  })
})

describe('a paused zone', () => {
  test('shows its record sets as paused and gives each its state back', async () => {
    const running = await create(A)
    const paused = await create({ ...A, name: 'p.shop.example.', status: 'DISABLE' })
    const status = async (id: string) => (await call('GET', `${zonePath()}/${id}`)).json.status
    const listedAs = async (word: string) =>
      (await call('GET', `${zonePath()}?status=${word}`)).json.recordsets.map((set: Json) => set.type).sort()

    await setZoneStatus(bed.context, TENANT, zoneId, 'DISABLE')
    expect([await status(running.id), await status(paused.id)]).toEqual(['DISABLE', 'DISABLE'])
    expect(await listedAs('ACTIVE')).toEqual(['NS', 'SOA'])
    expect(await listedAs('DISABLE')).toEqual(['A', 'A'])
    expect((await create({ ...A, name: 'n.shop.example.' })).status).toBe('DISABLE')

    await setZoneStatus(bed.context, TENANT, zoneId, 'ENABLE')
    expect([await status(running.id), await status(paused.id)]).toEqual(['ACTIVE', 'DISABLE'])
  })
})

describe('lists', () => {
  beforeEach(async () => {
    for (const label of ['a', 'b', 'c', 'd', 'e']) await create({ ...A, name: `${label}.shop.example.` })
  })
  const names = (json: Json) => json.recordsets.map((set: Json) => set.name.split('.')[0])

  test('page by marker along links.next, with the filters kept and the offset dropped', async () => {
    let target = `${zonePath()}?limit=2&type=A&offset=1`
    const first = (await call('GET', target)).json
    expect(names(first)).toEqual(['d', 'c'])
    expect(first.links.self).toBe(`http://localhost${target}`)
    expect(first.metadata.total_count).toBe(5)
    const last = first.recordsets[1].id
    expect(first.links.next).toBe(`http://localhost${zonePath()}?limit=2&type=A&marker=${last}`)
    target = first.links.next.slice('http://localhost'.length)
    const second = (await call('GET', target)).json
    expect(names(second)).toEqual(['b', 'a'])
    expect(second.links).not.toHaveProperty('next')
  })

  test('with limit 0 count and show nothing', async () => {
    const { json } = await call('GET', `${zonePath()}?limit=0`)
    expect(json).toMatchObject({ recordsets: [], metadata: { total_count: 7 } })
    expect(json.links).not.toHaveProperty('next')
  })

  test.each([
    ['sort_key=name&type=A', ['e', 'd', 'c', 'b', 'a']],
    ['sort_key=name&sort_dir=asc&type=A', ['a', 'b', 'c', 'd', 'e']],
    ['name=B.SHOP', ['b']],
    ['name=b.shop.example&search_mode=equal', ['b']],
    ['name=shop.example.&search_mode=equal', ['shop', 'shop']],
    ['type=SOA', ['shop']],
    ['line_id=Abroad', []],
    ['line_id=Abroad,default_view&type=A&limit=1', ['e']],
    ['line_id=default&search_mode=like&type=A&limit=1', ['e']],
  ])('?%s', async (query, expected) => {
    expect(names((await call('GET', `${zonePath()}?${query}`)).json)).toEqual(expected)
  })

  test.each([
    ['limit=501', 'DNS.0006'],
    ['limit=-1', 'DNS.0006'],
    ['limit=x', 'DNS.0006'],
    ['offset=-1', 'DNS.0017'],
    ['offset=2147483648', 'DNS.0017'],
    ['marker=a_b', 'DNS.0007'],
    [`marker=${'0'.repeat(32)}`, 'DNS.0007'],
    ['sort_key=ttl', 'DNS.0032'],
    ['sort_dir=up', 'DNS.0033'],
    ['status=ENABLE', 'DNS.0315'],
    ['search_mode=fuzzy', 'DNS.0002'],
    ['tags=,x', 'DNS.1003'],
    [`line_id=${'CN,'.repeat(51)}`, 'DNS.0045'],
    ['tags=a,b,c', 'DNS.1003'],
  ])('?%s → %s', async (query, code) => {
    expect(await codeOf(call('GET', `${zonePath()}?${query}`))).toBe(code)
  })

  test('of v2 sort by name and type only', async () => {
    expect(await codeOf(call('GET', `${zonePath('v2')}?sort_key=created_at`))).toBe('DNS.0032')
    expect(names((await call('GET', `${zonePath('v2')}?sort_key=name&limit=1`)).json)).toEqual(['a'])
  })

  test('of all zones look at one kind, one zone or the values', async () => {
    const all = async (query: string) => (await call('GET', `/v2.1/recordsets?${query}`)).json
    expect((await all('zone_type=private')).metadata.total_count).toBe(0)
    expect((await all(`zone_id=${zoneId}`)).metadata.total_count).toBe(7)
    expect((await all('records=198.51')).metadata.total_count).toBe(0)
    expect((await all('records=192.0.2')).metadata.total_count).toBe(5)
    expect((await all('records=192.0.2&search_mode=equal')).metadata.total_count).toBe(0)
    expect((await all('health_check_id=x')).metadata.total_count).toBe(0)
    expect((await all('type=A&limit=1')).recordsets[0].line_name).toBe('Default')
    expect(await codeOf(call('GET', '/v2.1/recordsets?zone_type=inner'))).toBe('DNS.0204')
  })

  test('filter by tags', async () => {
    await create({
      ...A,
      name: 't.shop.example.',
      tags: [
        { key: 'env', value: 'prod-eu' },
        { key: 'x', value: '' },
      ],
    })
    const count = async (tags: string) =>
      (await call('GET', `${zonePath()}?tags=${tags}`)).json.metadata.total_count
    expect(await count('env,prod-eu')).toBe(1)
    expect(await count('env,prod')).toBe(0)
    expect(await count('env,*rod')).toBe(1)
    expect(await count('env')).toBe(1)
    expect(await count('x,')).toBe(1)
    expect(await count('env,*rod|x,')).toBe(1)
    expect(await count('env,*rod|y')).toBe(0)
  })
})
