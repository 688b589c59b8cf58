import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { OP_LINES } from '@waymark/dns/feed-codec'
import { ApiError } from '../errors.ts'
import { expectFitsContract } from '../http/contract-check.ts'
import { recordSetRoutes } from '../record-sets/routes.ts'
import type { Zone } from '../store/store.ts'
import { openTestBed, type TestBed } from '../tasks/testing.ts'
import { LINES } from './lines.ts'
import { lineRoutes } from './routes.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of answers are looked into
type Json = any

let bed: TestBed
beforeEach(async () => {
  bed = await openTestBed({ settings: { customLineQuota: 4, lineGroupQuota: 3, lineSegments: 5 } })
})
afterEach(() => bed.close())

async function call(method: string, path: string, body?: object): Promise<{ status: number; json: Json }> {
  try {
    const routes = [...lineRoutes, ...recordSetRoutes]
    return (await bed.call(routes, method, path, { body })) as { status: number; json: Json }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { status, code, message } = error.failure
    return { status, json: { code, message } }
  }
}
const refusal = async (method: string, path: string, body?: object): Promise<string> => {
  const { status, json } = await call(method, path, body)
  return `${status} ${json.code}`
}
const segment = (n: number) => `10.0.${n}.0-10.0.${n}.255`
let made = 0
beforeEach(() => {
  made = 0
})
async function customLine(body: object = {}): Promise<string> {
  const n = made++
  const { status, json } = await call('POST', '/v2.1/customlines', {
    name: `line-${n}`,
    ip_segments: [segment(n)],
    ...body,
  })
  if (status !== 202) throw new Error(JSON.stringify(json))
  return json.line_id
}
async function lineGroup(lines: readonly string[], name = `group-${made++}`): Promise<string> {
  const { status, json } = await call('POST', '/v2.1/linegroups', { name, lines })
  if (status !== 202) throw new Error(JSON.stringify(json))
  return json.line_id
}
async function addSet(zone: Zone, line: string, fields: object = {}): Promise<string> {
  const body = { name: `www.${zone.name}`, type: 'A', records: ['192.0.2.1'], line, ...fields }
  const { status, json } = await call('POST', `/v2.1/zones/${zone.id}/recordsets`, body)
  return status === 202 ? 'ok' : `${status} ${json.code}`
}
/** Octets of the last feed entry when it is one of lines. */
async function lastLines(): Promise<Uint8Array | undefined> {
  const { newest } = await bed.store.feedBounds()
  const entry = newest === 0 ? undefined : (await bed.store.readFeed(newest - 1, 1))[0]
  return entry?.payload[0] === OP_LINES ? entry.payload : undefined
}
const NOWHERE = `custom_${'0'.repeat(32)}`
const NO_GROUP = `lgroup_${'0'.repeat(32)}`

describe('built-in lines', () => {
  const list = async (query: string) => (await call('GET', `/v2.1/system-lines${query}`)).json

  test('are listed whole, Chinese unless English is asked for', async () => {
    const chinese = await list('')
    expectFitsContract('ListSystemLines', 200, chinese)
    expect(Object.keys(chinese)).toEqual(['lines', 'metadata'])
    expect(chinese.metadata).toEqual({ total_count: 518 })
    expect(chinese.lines.map((line: Json) => line.id)).toEqual(LINES.map(({ id }) => id))
    expect(chinese.lines[0]).toEqual({ id: 'default_view', father_id: 'DEFAULT', name: '全网默认' })
    const english = await list('?locale=en-us')
    expect(english.lines.find(({ id }: Json) => id === 'Dianxin_Beijing')).toEqual({
      ...{ id: 'Dianxin_Beijing', father_id: 'Dianxin_Huabei', name: 'Beijing' },
    })
    expect((await list('?locale=pt-br')).lines).toEqual(english.lines)
  })

  test('come in pages', async () => {
    expect((await list('?limit=2&offset=1')).lines).toEqual((await list('')).lines.slice(1, 3))
    expect((await list('?limit=0')).lines).toEqual([])
    expect(await list('?offset=518')).toEqual({ lines: [], metadata: { total_count: 518 } })
  })

  test.each([
    ['locale=de-de', '400 DNS.0002'],
    ['limit=1001', '400 DNS.0006'],
    ['offset=-1', '400 DNS.0017'],
  ])('refuse %s', async (query, code) => {
    expect(await refusal('GET', `/v2.1/system-lines?${query}`)).toBe(code)
  })

  test.each(['default_view', 'Dianxin_Beijing'])('cannot be changed: %s', async (id) => {
    expect(await refusal('DELETE', `/v2.1/customlines/${id}`)).toBe('409 DNS.0807')
    expect(await refusal('PUT', `/v2.1/linegroups/${id}`, {})).toBe('409 DNS.0807')
  })
})

describe('a custom line', () => {
  test('goes through its whole life', async () => {
    const body = {
      name: '分公司.a-b_1',
      ip_segments: ['203.0.113.0-203.0.113.127', '198.51.100.7-198.51.100.7'],
    }
    const created = await call('POST', '/v2.1/customlines', { ...body, description: 'offices' })
    expectFitsContract('CreateCustomLine', 202, created.json)
    expect(created.status).toBe(202)
    const { line_id: id } = created.json
    expect(id).toMatch(/^custom_[0-9a-f]{32}$/)
    expect(created.json).toMatchObject({
      ...{ name: body.name, ip_segments: body.ip_segments.toReversed() },
      ...{ status: 'PENDING_CREATE', description: 'offices', updated_at: null },
    })
    expect(await lastLines()).toBeDefined()

    const list = await call('GET', `/v2.1/customlines?line_id=${id}`)
    expectFitsContract('ListCustomLine', 200, list.json)
    expect(list.json).toEqual({
      lines: [{ ...created.json, status: 'ACTIVE' }],
      metadata: { total_count: 1 },
    })

    const entries = (await bed.store.feedBounds()).newest
    const renamed = await call('PUT', `/v2.1/customlines/${id}`, { name: 'office', description: '' })
    expectFitsContract('UpdateCustomLine', 202, renamed.json)
    expect(renamed.json).toMatchObject({ name: 'office', description: '', status: 'PENDING_UPDATE' })
    expect(renamed.json.ip_segments).toEqual(created.json.ip_segments)
    expect((await bed.store.feedBounds()).newest).toBe(entries)
    const moved = await call('PUT', `/v2.1/customlines/${id}`, { ip_segments: ['203.0.113.5-203.0.113.5'] })
    expect(moved.json).toMatchObject({ name: 'office', ip_segments: ['203.0.113.5-203.0.113.5'] })
    expect((await bed.store.feedBounds()).newest).toBe(entries + 1)

    const gone = await call('DELETE', `/v2.1/customlines/${id}`)
    expectFitsContract('DeleteCustomLine', 202, gone.json)
    expect(gone.json).toMatchObject({ line_id: id, status: 'PENDING_DELETE' })
    expect((await call('GET', `/v2.1/customlines?line_id=${id}`)).json.lines).toEqual([])
    expect(await refusal('DELETE', `/v2.1/customlines/${id}`)).toBe('404 DNS.1604')
  })

  test.each([
    [{ name: '' }, '400 DNS.1602'],
    [{ name: 'a b' }, '400 DNS.1602'],
    [{ name: 'x'.repeat(81) }, '400 DNS.1602'],
    [{ name: undefined }, '400 DNS.1602'],
    [{ ip_segments: undefined }, '400 DNS.1605'],
    [{ ip_segments: [] }, '400 DNS.1605'],
    [{ ip_segments: ['10.0.0.0/24'] }, '400 DNS.1605'],
    [{ ip_segments: ['10.0.0.1'] }, '400 DNS.1605'],
    [{ ip_segments: ['10.0.0.2-10.0.0.1'] }, '400 DNS.1605'],
    [{ ip_segments: ['10.0.0.1 - 10.0.0.2'] }, '400 DNS.1605'],
    [{ ip_segments: ['10.0.0.1-10.0.0.256'] }, '400 DNS.1605'],
    [{ ip_segments: ['2001:db8::-2001:db8::1'] }, '400 DNS.1605'],
    [{ ip_segments: [7] }, '400 DNS.1605'],
    [{ ip_segments: ['10.0.0.0-10.0.0.9', '10.0.0.9-10.0.0.9'] }, '400 DNS.1605'],
    [{ ip_segments: [0, 1, 2, 3, 4, 5].map(segment) }, '400 DNS.1608'],
    [{ ip_segments: ['10.0.0.255-10.0.1.0'] }, '400 DNS.1606'],
    [{ name: 'line-0' }, '400 DNS.1603'],
    [{ description: 'x'.repeat(256) }, '400 DNS.0002'],
  ])('is refused with %p', async (fields, code) => {
    await customLine()
    const body = { name: 'new', ip_segments: [segment(9)], ...fields }
    expect(await refusal('POST', '/v2.1/customlines', body)).toBe(code)
  })

  test('may begin where another ends', async () => {
    await customLine()
    expect(
      await customLine({ ip_segments: ['10.0.1.0-10.0.1.0', '9.255.255.255-9.255.255.255'] }),
    ).toBeString()
  })

  test('may keep its own name and segments, but not take those of others', async () => {
    const [first] = [await customLine(), await customLine()]
    const path = `/v2.1/customlines/${first}`
    expect((await call('PUT', path, { name: 'line-0', ip_segments: [segment(0)] })).status).toBe(202)
    expect(await refusal('PUT', path, { name: 'line-1' })).toBe('400 DNS.1603')
    expect(await refusal('PUT', path, { ip_segments: [segment(1)] })).toBe('400 DNS.1606')
    expect(await refusal('PUT', `/v2.1/customlines/${NOWHERE}`, {})).toBe('404 DNS.1604')
    expect(await refusal('PUT', '/v2.1/customlines/a-b', {})).toBe('400 DNS.1601')
  })

  test('is one of no more than the quota', async () => {
    for (let i = 0; i < 4; i++) await customLine()
    const body = { name: 'more', ip_segments: [segment(9)] }
    expect(await refusal('POST', '/v2.1/customlines', body)).toBe('403 DNS.0408')
  })

  test('stays while a record set or a group uses it', async () => {
    const zone = await bed.createZone('shop.example.')
    const id = await customLine()
    const path = `/v2.1/customlines/${id}`
    expect(await addSet(zone, id)).toBe('ok')
    expect(await refusal('DELETE', path)).toBe('400 DNS.0608')
    const [set] = await bed.recordSets(zone)
    await call('DELETE', `/v2.1/zones/${zone.id}/recordsets/${set!.id}`)
    const group = await lineGroup([id, 'CN'])
    expect(await refusal('DELETE', path)).toBe('400 DNS.0608')
    await call('DELETE', `/v2.1/linegroups/${group}`)
    expect((await call('DELETE', path)).status).toBe(202)
  })

  test('of another account is unknown to record sets', async () => {
    const zone = await bed.createZone('shop.example.')
    const foreign = { domainId: 'c'.repeat(32), lineId: `custom_${'1'.repeat(32)}` }
    await bed.store.transaction((tx) =>
      tx.insertCustomLine({
        ...{ ...foreign, name: 'x', ipSegments: [segment(0)], status: 'ACTIVE', description: '' },
        ...{ createdAt: 1, updatedAt: null },
      }),
    )
    expect(await addSet(zone, foreign.lineId)).toBe('400 DNS.0806')
    expect(await addSet(zone, NOWHERE)).toBe('400 DNS.0806')
    expect(await addSet(zone, NO_GROUP)).toBe('400 DNS.0806')
    expect(await refusal('DELETE', `/v2.1/customlines/${foreign.lineId}`)).toBe('404 DNS.1604')
  })

  test('serves no private zone', async () => {
    const zone = await bed.createZone('corp.internal.', 'private')
    expect(await addSet(zone, await customLine())).toBe('400 DNS.0325')
  })
})

describe('the list of custom lines', () => {
  const names = async (query: string) =>
    (await call('GET', `/v2.1/customlines${query}`)).json.lines.map(({ name }: Json) => name)

  test('filters and shows the newest first', async () => {
    for (let i = 0; i < 3; i++) await customLine()
    expect(await names('')).toEqual(['line-2', 'line-1', 'line-0'])
    expect(await names('?name=e-1')).toEqual(['line-1'])
    expect(await names('?ip=10.0.2.17')).toEqual(['line-2'])
    expect(await names('?ip=10.0.3.0')).toEqual([])
    expect(await names('?line_id=custom_')).toHaveLength(3)
    expect(await names('?status=PENDING_UPDATE')).toEqual([])
    expect(await names('?limit=1&offset=1')).toEqual(['line-1'])
  })

  test('shows ids and names alone where that is asked for', async () => {
    const id = await customLine()
    const brief = (await call('GET', '/v2.1/customlines?show_detail=false&limit=3000')).json
    expectFitsContract('ListCustomLine', 200, brief)
    expect(brief.lines).toEqual([{ line_id: id, name: 'line-0' }])
  })

  test.each([
    ['line_id=a-b', '400 DNS.1601'],
    ['name=a%20b', '400 DNS.1602'],
    ['ip=10.0.0', '400 DNS.1605'],
    ['status=GONE', '400 DNS.0315'],
    ['show_detail=yes', '400 DNS.0038'],
    ['limit=101', '400 DNS.0006'],
    ['limit=3001&show_detail=false', '400 DNS.0006'],
    ['offset=x', '400 DNS.0017'],
  ])('refuses %s', async (query, code) => {
    expect(await refusal('GET', `/v2.1/customlines?${query}`)).toBe(code)
  })
})

describe('a line group', () => {
  test('goes through its whole life', async () => {
    const own = await customLine()
    const created = await call('POST', '/v2.1/linegroups', {
      ...{ name: 'emea', lines: ['EU', 'AF', own], description: 'd' },
    })
    expectFitsContract('CreateLineGroup', 202, created.json)
    expect(created.json).toMatchObject({
      ...{ name: 'emea', lines: ['EU', 'AF', own], status: 'PENDING_CREATE', updated_at: null },
    })
    const path = `/v2.1/linegroups/${created.json.line_id}`
    const shown = await call('GET', path)
    expectFitsContract('ShowLineGroup', 200, shown.json)
    expect(shown.json).toEqual({ ...created.json, status: 'ACTIVE' })
    const list = await call('GET', '/v2.1/linegroups?name=me&limit=500')
    expectFitsContract('ListLineGroups', 200, list.json)
    expect(list.json).toEqual({ linegroups: [shown.json], metadata: { total_count: 1 } })
    expect((await call('GET', '/v2.1/linegroups?name=x')).json.linegroups).toEqual([])

    const changed = await call('PUT', path, { name: 'emea2', lines: ['EU', 'AF'] })
    expectFitsContract('UpdateLineGroups', 202, changed.json)
    expect(changed.json).toMatchObject({ name: 'emea2', lines: ['EU', 'AF'], description: 'd' })
    expect(changed.json.status).toBe('PENDING_UPDATE')
    const gone = await call('DELETE', path)
    expectFitsContract('DeleteLineGroup', 202, gone.json)
    expect(gone.json.status).toBe('PENDING_DELETE')
    expect(await refusal('GET', path)).toBe('404 DNS.1707')
    expect(await refusal('DELETE', path)).toBe('404 DNS.1707')
    expect(await refusal('PUT', path, { name: 'x', lines: ['EU', 'AF'] })).toBe('404 DNS.1707')
  })

  test.each([
    [{ name: '' }, '400 DNS.1602'],
    [{ name: 'x'.repeat(65) }, '400 DNS.1602'],
    [{ lines: undefined }, '400 DNS.1702'],
    [{ lines: ['EU'] }, '400 DNS.1702'],
    [{ lines: LINES.slice(0, 501).map(({ id }) => id) }, '400 DNS.1702'],
    [{ lines: ['EU', 'Atlantis'] }, '400 DNS.1702'],
    [{ lines: ['EU', NOWHERE] }, '400 DNS.1702'],
    [{ lines: ['EU', 7] }, '400 DNS.1702'],
    [{ lines: ['EU', 'EU'] }, '400 DNS.1706'],
    [{ name: 'group-0' }, '400 DNS.1704'],
    [{ name: 'line-1' }, '400 DNS.1704'],
    [{ name: 'Europe' }, '400 DNS.1704'],
    [{ name: '欧洲' }, '400 DNS.1704'],
  ])('is refused with %p', async (fields, code) => {
    await lineGroup(['EU', 'AF'])
    await customLine()
    const body = { name: 'new', lines: ['NA', 'LA'], ...fields }
    expect(await refusal('POST', '/v2.1/linegroups', body)).toBe(code)
  })

  test('holds no groups', async () => {
    const group = await lineGroup(['EU', 'AF'])
    const body = { name: 'new', lines: ['NA', group] }
    expect(await refusal('POST', '/v2.1/linegroups', body)).toBe('400 DNS.1702')
  })

  test('is one of no more than the quota', async () => {
    for (const lines of [
      ['EU', 'AF'],
      ['NA', 'LA'],
      ['OA', 'AP'],
    ])
      await lineGroup(lines)
    const body = { name: 'more', lines: ['CN', 'Abroad'] }
    expect(await refusal('POST', '/v2.1/linegroups', body)).toBe('403 DNS.0409')
  })

  test('stays while a record set uses it', async () => {
    const zone = await bed.createZone('shop.example.')
    const group = await lineGroup(['EU', 'AF'])
    expect(await addSet(zone, group)).toBe('ok')
    expect(await refusal('DELETE', `/v2.1/linegroups/${group}`)).toBe('400 DNS.0608')
  })

  test('has no sets of a name and type where another with the same member has them', async () => {
    const zone = await bed.createZone('shop.example.')
    const [europe, germany, asia] = [
      await lineGroup(['EU', 'DE']),
      await lineGroup(['DE', 'AT']),
      await lineGroup(['JP', 'KR']),
    ]
    expect(await addSet(zone, europe!)).toBe('ok')
    expect(await addSet(zone, germany!)).toBe('400 DNS.0312')
    expect(await addSet(zone, asia!)).toBe('ok')
    expect(await addSet(zone, 'DE')).toBe('ok')
    expect(await addSet(zone, germany!, { type: 'TXT', records: ['"x"'] })).toBe('ok')
    expect(await addSet(zone, germany!, { name: `other.${zone.name}` })).toBe('ok')
  })
})

test('a list of record sets names own lines as the account does', async () => {
  const zone = await bed.createZone('shop.example.')
  const own = await customLine({ name: 'office' })
  const group = await lineGroup(['EU', own], 'offices')
  for (const line of [own, group, 'CN']) expect(await addSet(zone, line)).toBe('ok')
  const { recordsets } = (await call('GET', '/v2.1/recordsets')).json
  expect(recordsets.map((set: Json) => [set.line, set.line_name]).sort()).toEqual(
    [
      ['CN', 'Chinese mainland'],
      [own, 'office'],
      [group, 'offices'],
    ].sort(),
  )
})

describe('the lines of a zone', () => {
  test('are those that its record sets are on, with the names that the account gave', async () => {
    const zone = await bed.createZone('shop.example.')
    const own = await customLine({ name: 'office' })
    for (const line of ['default_view', own, 'CN']) expect(await addSet(zone, line)).toBe('ok')
    const path = `/v2.1/zones/${zone.id}/lines`
    const all = (await call('GET', path)).json
    expectFitsContract('ListPublicZoneLines', 200, all)
    expect(all.links).toEqual({ self: `http://localhost${path}` })
    expect(all.lines.map((line: Json) => [line.line, line.line_name]).sort()).toEqual([
      ['CN', null],
      [own, 'office'],
      ['default_view', null],
    ])
    const first = (await call('GET', `${path}?limit=1`)).json
    expect(first.lines).toEqual(all.lines.slice(0, 1))
    expect(first.links.next).toBe(`http://localhost${path}?limit=1&offset=1`)
    expect(await refusal('GET', `${path}?limit=501`)).toBe('400 DNS.0006')
  })

  test('are asked for in vain where there is no such zone, or a private one', async () => {
    const zone = await bed.createZone('corp.internal.', 'private')
    expect(await refusal('GET', `/v2.1/zones/${zone.id}/lines`)).toBe('400 DNS.0008')
    expect(await refusal('GET', `/v2.1/zones/${'0'.repeat(32)}/lines`)).toBe('404 DNS.0302')
  })
})
