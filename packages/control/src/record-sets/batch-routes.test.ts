import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { OctetWriter } from '@waymark/dns/feed-codec'
import { ApiError } from '../errors.ts'
import { groupPayload } from '../feed/publish.ts'
import { expectFitsContract } from '../http/contract-check.ts'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { createZone, setZoneStatus } from '../zones/zones.ts'
import { recordSetBatchRoutes } from './batch-routes.ts'
import { healthCheckRoutes } from './health-check-routes.ts'
import { recordSetRoutes } from './routes.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of answers are looked into
type Json = any

const UNKNOWN = '0123456789abcdef0123456789abcdef'
const ROUTES = [...recordSetBatchRoutes, ...recordSetRoutes, ...healthCheckRoutes]
const VPC = { router_id: '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d11', router_region: 'region-a' }

let bed: TestBed
let zoneId: string
let privateId: string
beforeEach(async () => {
  bed = await openTestBed()
  zoneId = (await createZone(bed.context, TENANT, { name: 'shop.example' })).id
  const inner = { name: 'corp.internal', zone_type: 'private', router: VPC }
  privateId = (await createZone(bed.context, TENANT, inner)).id
})
afterEach(() => bed.close())

async function call(method: string, path: string, body?: object): Promise<{ status: number; json: Json }> {
  try {
    return (await bed.call(ROUTES, method, path, { body })) as { status: number; json: Json }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { status, code, message } = error.failure
    return { status, json: { code, message } }
  }
}
const codeOf = async (answer: Promise<{ json: Json }>) => (await answer).json.code

const IN_ZONE = () => `/v2.1/zones/${zoneId}/recordsets`
async function create(body: object, inZone = zoneId): Promise<Json> {
  const { status, json } = await call('POST', `/v2.1/zones/${inZone}/recordsets`, body)
  if (status !== 202) throw new Error(JSON.stringify(json))
  return json
}
const a = (name: string, special: object = {}) => ({
  name: `${name}.shop.example.`,
  type: 'A',
  records: ['192.0.2.1'],
  ...special,
})
const show = async (set: { id: string }) => (await call('GET', `${IN_ZONE()}/${set.id}`)).json
const soaId = async () => (await call('GET', `${IN_ZONE()}?type=SOA`)).json.recordsets[0].id
/** What every change raises: serial and revision of the zone, and the position of the feed. */
const state = async (id = zoneId) => {
  const { serial, revision } = (await bed.store.findZone(TENANT, id))!
  return { serial, revision, seq: (await bed.store.feedBounds()).newest }
}
const raised = ({ serial, revision, seq }: Awaited<ReturnType<typeof state>>) => ({
  serial: serial + 1,
  revision: revision + 1,
  seq: seq + 1,
})
const publishedNames = () =>
  bed.store.readSnapshot(async (snapshot) =>
    (await Array.fromAsync(snapshot.publishedRecordSets(zoneId)))
      .flat()
      .map((set) => set.owner.split('.')[0]),
  )

describe('what the edges are told', () => {
  /** The groups of these names as they now stand, in the octets of the feed; members may come in either order. */
  async function groupsOf(...labels: string[]): Promise<Uint8Array[]> {
    const outs = [new OctetWriter(512), new OctetWriter(512)] as const
    for (const label of labels) {
      const owner = `${label}.shop.example.`
      const sets = await bed.store.recordSetsAt(zoneId, [owner])
      const key = { owner, type: 'A', line: 'default_view' }
      groupPayload(outs[0], key, sets)
      groupPayload(outs[1], key, sets.toReversed())
    }
    return outs.map((out) => out.finish())
  }
  const lastPayload = async () => (await bed.store.readFeed((await state()).seq - 1, 1))[0]!.payload

  test('of a batch are its groups, each once and as the whole batch leaves it', async () => {
    const [first, second, third] = [
      await create(a('a')),
      await create(a('a', { records: ['192.0.2.2'] })),
      await create(a('b')),
    ]
    const ids = (...sets: Json[]) => sets.map((set) => set.id)
    const paused = ids(first, second, third)
    await call('PUT', '/v2.1/recordsets/statuses', { status: 'DISABLE', recordset_ids: paused })
    expect(await groupsOf('a', 'b')).toContainEqual(await lastPayload())
    await call('PUT', `/v2.1/recordsets/${second.id}/statuses/set`, { status: 'ENABLE' })
    expect(await groupsOf('a')).toContainEqual(await lastPayload())
    await call('PUT', '/v2.1/recordsets/statuses', { status: 'ENABLE', recordset_ids: ids(first, third) })
    expect(await groupsOf('a', 'b')).toContainEqual(await lastPayload())
    const change = { records: ['192.0.2.9'], ttl: 60, weight: 3 }
    const recordsets = ids(third, second).map((id) => ({ id, ...change }))
    await call('PUT', IN_ZONE(), { recordsets })
    expect(await groupsOf('b', 'a')).toContainEqual(await lastPayload())
    await call('DELETE', IN_ZONE(), { recordset_ids: ids(second) })
    expect(await groupsOf('a')).toContainEqual(await lastPayload())
    await call('DELETE', '/v2.1/recordsets', { zone_type: 'public', recordset_ids: ids(third, first) })
    expect(await groupsOf('b', 'a')).toContainEqual(await lastPayload())
  })
})

describe('the status of one set', () => {
  const put = (id: string, body?: object) => call('PUT', `/v2.1/recordsets/${id}/statuses/set`, body)

  test('is set at once, and a paused set is not published', async () => {
    const made = await create(a('www'))
    const before = await state()
    const paused = await put(made.id, { status: 'DISABLE' })
    expect(paused.status).toBe(202)
    expectFitsContract('SetRecordSetsStatus', 202, paused.json)
    expect(paused.json).toMatchObject({
      id: made.id,
      status: 'DISABLE',
      bundle: 'free',
      line: 'default_view',
    })
    expect(paused.json.updated_at).not.toBeNull()
    expect(await state()).toEqual(raised(before))
    expect(await publishedNames()).not.toContain('www')
    expect((await show(made)).status).toBe('DISABLE')
    expect((await put(made.id, { status: 'ENABLE' })).json.status).toBe('ACTIVE')
    expect(await publishedNames()).toContain('www')
  })

  test('that it has already changes nothing', async () => {
    const made = await create(a('www'))
    const before = await state()
    const same = await put(made.id, { status: 'ENABLE' })
    expect([same.status, same.json.status, same.json.updated_at]).toEqual([202, 'ACTIVE', null])
    expect(await state()).toEqual(before)
  })

  test('is refused for unknown sets, default sets, other words and in a paused zone', async () => {
    const made = await create(a('www'))
    expect(await codeOf(put(UNKNOWN, { status: 'ENABLE' }))).toBe('DNS.0313')
    expect(await codeOf(put(made.id))).toBe('DNS.0002')
    expect(await codeOf(put(await soaId(), { status: 'nonsense' }))).toBe('DNS.0324')
    expect(await codeOf(put(made.id, { status: 'ACTIVE' }))).toBe('DNS.0315')
    await setZoneStatus(bed.context, TENANT, zoneId, 'DISABLE')
    expect(await codeOf(put(made.id, { status: 'ENABLE' }))).toBe('DNS.0213')
    expect((await put(made.id, { status: 'DISABLE' })).status).toBe(202)
    await setZoneStatus(bed.context, TENANT, zoneId, 'ENABLE')
    expect((await show(made)).status).toBe('DISABLE')
  })

  test('of a frozen set stays', async () => {
    const made = await create(a('www'))
    const row = (await bed.store.findRecordSet(TENANT, zoneId, made.id))!
    await bed.store.transaction((tx) => tx.updateRecordSet({ ...row, status: 'FREEZE' }))
    expect(await codeOf(put(made.id, { status: 'ENABLE' }))).toBe('DNS.0314')
    const batch = await call('PUT', '/v2.1/recordsets/statuses', {
      status: 'ENABLE',
      recordset_ids: [made.id],
    })
    expect(batch.json.recordsets).toEqual([])
  })
})

describe('the status of many sets', () => {
  const put = (body: object) => call('PUT', '/v2.1/recordsets/statuses', body)

  test('changes in zones of either kind, with one feed entry a zone, and only what changed comes back', async () => {
    const first = await create(a('a'))
    const second = await create(a('b'))
    const paused = await create(a('c', { status: 'DISABLE' }))
    const inner = await create({ name: 'db.corp.internal.', type: 'A', records: ['10.0.0.1'] }, privateId)
    const before = await state()
    const answer = await put({
      status: 'DISABLE',
      recordset_ids: [inner.id, UNKNOWN, second.id, 'x', await soaId(), paused.id, first.id, first.id],
    })
    expect(answer.status).toBe(202)
    expectFitsContract('BatchSetRecordSetsStatus', 202, answer.json)
    expect(answer.json.recordsets.map((set: Json) => set.id)).toEqual([inner.id, second.id, first.id])
    expect(answer.json.recordsets.every((set: Json) => set.status === 'DISABLE')).toBe(true)
    expect(answer.json.recordsets[0]).not.toContainKey('bundle')
    expect(answer.json.metadata).toEqual({ total_count: 3 })
    expect(answer.json.links).toEqual({ self: 'http://localhost/v2.1/recordsets/statuses' })
    expect(await state()).toEqual({ ...raised(before), seq: before.seq + 2 })
    expect(await publishedNames()).not.toContain('a')
  })

  test('in a paused zone is not resumed, and nothing is written when nothing changes', async () => {
    const made = await create(a('a', { status: 'DISABLE' }))
    await setZoneStatus(bed.context, TENANT, zoneId, 'DISABLE')
    const before = await state()
    expect((await put({ status: 'ENABLE', recordset_ids: [made.id] })).json.recordsets).toEqual([])
    expect(await state()).toEqual(before)
  })

  test('is refused where the call itself is wrong', async () => {
    const { id } = await create(a('a'))
    expect(await codeOf(put({ status: 'DISABLE', recordset_ids: Array(51).fill(id) }))).toBe('DNS.0329')
    expect(await codeOf(put({ status: 'DISABLE', recordset_ids: [] }))).toBe('DNS.0002')
    expect(await codeOf(put({ status: 'DISABLE', recordset_ids: [5] }))).toBe('DNS.0002')
    expect(await codeOf(put({ status: 'DISABLE' }))).toBe('DNS.0002')
    expect(await codeOf(put({ status: 'off', recordset_ids: [id] }))).toBe('DNS.0315')
  })
})

describe('deleting by ids', () => {
  const remove = (body: object) => call('DELETE', '/v2.1/recordsets', body)

  test('removes what there is of the named kind and passes over the rest', async () => {
    const first = await create(a('a'))
    const second = await create(a('a', { records: ['192.0.2.2'] }))
    const inner = await create({ name: 'db.corp.internal.', type: 'A', records: ['10.0.0.1'] }, privateId)
    const before = await state()
    const answer = await remove({
      zone_type: 'public',
      recordset_ids: [second.id, inner.id, UNKNOWN, await soaId(), first.id],
    })
    expect(answer.status).toBe(202)
    expectFitsContract('BatchDeleteRecordSets', 202, answer.json)
    expect(answer.json.recordsets.map((set: Json) => [set.id, set.status])).toEqual([
      [second.id, 'PENDING_DELETE'],
      [first.id, 'PENDING_DELETE'],
    ])
    expect(answer.json.recordsets[0].records).toEqual(['192.0.2.2'])
    expect(answer.json.metadata).toEqual({ total_count: 2 })
    expect(await state()).toEqual(raised(before))
    expect(await codeOf(call('GET', `${IN_ZONE()}/${first.id}`))).toBe('DNS.0313')
    expect((await bed.store.findZone(TENANT, zoneId))!.recordCount).toBe(2)
    expect((await bed.store.findZone(TENANT, privateId))!.recordCount).toBe(3)
  })

  test('is refused where the call itself is wrong', async () => {
    const { id } = await create(a('a'))
    const kind = { zone_type: 'public' }
    expect(await codeOf(remove({ ...kind, recordset_ids: Array(101).fill(id) }))).toBe('DNS.0327')
    expect(await codeOf(remove({ ...kind, recordset_ids: [] }))).toBe('DNS.0002')
    expect(await codeOf(remove({ recordset_ids: [id] }))).toBe('DNS.0204')
    expect(await codeOf(remove({ zone_type: 'both', recordset_ids: [id] }))).toBe('DNS.0204')
    expect((await show({ id })).id).toBe(id)
  })
})

describe('deleting in one zone', () => {
  const remove = (body: object, id = zoneId) => call('DELETE', `/v2.1/zones/${id}/recordsets`, body)

  test('counts an id that is not there as removed', async () => {
    const made = await create(a('a'))
    const inner = await create({ name: 'db.corp.internal.', type: 'A', records: ['10.0.0.1'] }, privateId)
    const before = await state()
    const answer = await remove({ recordset_ids: [UNKNOWN, inner.id, made.id, made.id] })
    expect(answer.status).toBe(202)
    expectFitsContract('BatchDeleteRecordSetWithLine', 202, answer.json)
    expect(answer.json.recordsets).toHaveLength(1)
    expect(answer.json.recordsets[0]).toMatchObject({
      id: made.id,
      status: 'PENDING_DELETE',
      bundle: 'free',
    })
    expect(await state()).toEqual(raised(before))
    expect((await bed.store.findZone(TENANT, privateId))!.recordCount).toBe(3)
    const again = await remove({ recordset_ids: [made.id] })
    expect([again.status, again.json.recordsets]).toEqual([202, []])
    expect(await state()).toEqual(raised(before))
  })

  test('removes nothing when one of them came with the zone', async () => {
    const made = await create(a('a'))
    const before = await state()
    expect(await codeOf(remove({ recordset_ids: [made.id, await soaId()] }))).toBe('DNS.0317')
    expect(await state()).toEqual(before)
    expect((await show(made)).id).toBe(made.id)
  })

  test('is refused where the call itself is wrong', async () => {
    expect(await codeOf(remove({ recordset_ids: [UNKNOWN] }, UNKNOWN))).toBe('DNS.0302')
    expect(await codeOf(remove({ recordset_ids: Array(101).fill(UNKNOWN) }))).toBe('DNS.0327')
    expect(await codeOf(remove({}))).toBe('DNS.0002')
    const frozen = await create(a('frozen'))
    const row = (await bed.store.findRecordSet(TENANT, zoneId, frozen.id))!
    await bed.store.transaction((tx) => tx.updateRecordSet({ ...row, status: 'POLICE' }))
    expect(await codeOf(remove({ recordset_ids: [frozen.id] }))).toBe('DNS.0314')
    const zone = (await bed.store.findZone(TENANT, zoneId))!
    await bed.store.transaction((tx) => tx.updateZone({ ...zone, status: 'FREEZE' }))
    expect(await codeOf(remove({ recordset_ids: [UNKNOWN] }))).toBe('DNS.2006')
  })
})

describe('changing several sets of a zone', () => {
  const update = (recordsets: unknown, id = zoneId) =>
    call('PUT', `/v2.1/zones/${id}/recordsets`, { recordsets } as object)

  test('gives absent TTL and weight their defaults and keeps the description', async () => {
    const first = await create(a('a', { ttl: 60, weight: 7, description: 'first' }))
    const second = await create(a('b', { ttl: 60, line: 'Abroad' }))
    const before = await state()
    const answer = await update([
      { id: second.id, records: ['192.0.2.9', '192.0.2.8'], ttl: 120, weight: 30, description: 'new' },
      { id: first.id, records: ['192.0.2.7'] },
    ])
    expect(answer.status).toBe(202)
    expectFitsContract('BatchUpdateRecordSetWithLine', 202, answer.json)
    expect(answer.json.links).toEqual({ self: `http://localhost${IN_ZONE()}` })
    expect(answer.json.metadata).toEqual({ total_count: 2 })
    const shared = { status: 'PENDING_UPDATE', bundle: 'free', type: 'A', updated_at: expect.any(String) }
    expect(answer.json.recordsets).toMatchObject([
      { ...shared, id: second.id, ttl: 120, weight: 30, line: 'Abroad', description: 'new' },
      { ...shared, id: first.id, ttl: 300, weight: null, records: ['192.0.2.7'], description: 'first' },
    ])
    expect(await state()).toEqual(raised(before))
    expect((await show(second)).records).toEqual(['192.0.2.9', '192.0.2.8'])
  })

  test('with what they have already raises neither serial nor revision', async () => {
    const made = await create(a('a'))
    const before = await state()
    const answer = await update([{ id: made.id, records: made.records, ttl: made.ttl, weight: made.weight }])
    expect(answer.json.recordsets[0]).toMatchObject({ status: 'PENDING_UPDATE' })
    expect(await state()).toEqual(before)
  })

  test('writes nothing when one item is refused, and the first refused one decides', async () => {
    const made = await create(a('a'))
    const other = await create(a('b'))
    const before = await state()
    const good = { id: made.id, records: ['192.0.2.50'] }
    const refusals: [unknown[], string][] = [
      [[good, { id: other.id, records: ['x'] }, { id: UNKNOWN, records: ['192.0.2.1'] }], 'DNS.0308'],
      [[good, { id: UNKNOWN, records: ['192.0.2.1'] }], 'DNS.0313'],
      [[good, { id: other.id }], 'DNS.0308'],
      [[good, { id: other.id, records: ['192.0.2.1'], ttl: 0 }], 'DNS.0319'],
      [[good, { id: other.id, records: ['192.0.2.1'], weight: 1001 }], 'DNS.0323'],
      [[good, { id: other.id, records: ['192.0.2.1'], description: 0 }], 'DNS.0305'],
      [[good, { id: await soaId(), records: ['x'] }], 'DNS.0318'],
      [[good, good], 'DNS.0002'],
      [[good, { records: ['192.0.2.1'] }], 'DNS.0002'],
      [[good, null], 'DNS.0002'],
      [[], 'DNS.0002'],
      [Array(51).fill(good), 'DNS.0329'],
    ]
    for (const [items, code] of refusals) {
      const found = await codeOf(update(items))
      expect({ items, code: found }).toEqual({ items, code })
    }
    expect(await state()).toEqual(before)
    expect((await show(made)).records).toEqual(['192.0.2.1'])
  })

  test('judges weights and values by what all of them become together', async () => {
    const first = await create(a('a', { weight: 1 }))
    const second = await create(a('a', { weight: 2, records: ['192.0.2.2'] }))
    const one = (set: Json, special: object) => ({ id: set.id, records: set.records, weight: 5, ...special })
    // Without its weight each would have to stand alone.
    expect(await codeOf(update([one(first, { weight: null })]))).toBe('DNS.0328')
    expect(await codeOf(update([one(first, {}), one(second, { records: first.records })]))).toBe('DNS.0335')
    const swapped = [one(first, { records: second.records }), one(second, { records: first.records })]
    expect((await update(swapped)).status).toBe(202)
    expect((await show(first)).records).toEqual(['192.0.2.2'])
    await call('DELETE', `${IN_ZONE()}/${second.id}`)
    expect((await update([one(first, { weight: null })])).json.recordsets[0].weight).toBeNull()
  })

  test('reaches the NS of the zone, but no private zone', async () => {
    const ns = (await call('GET', `${IN_ZONE()}?type=NS`)).json.recordsets[0]
    const changed = await update([{ id: ns.id, records: ['ns9.example.net.'], ttl: 3600 }])
    expect(changed.json.recordsets[0]).toMatchObject({ records: ['ns9.example.net.'], default: true })
    const inner = await create({ name: 'db.corp.internal.', type: 'A', records: ['10.0.0.1'] }, privateId)
    expect(await codeOf(update([{ id: inner.id, records: ['10.0.0.2'] }], privateId))).toBe('DNS.0204')
    expect(await codeOf(update([{ id: inner.id, records: ['10.0.0.2'] }]))).toBe('DNS.0313')
    expect(await codeOf(update([{ id: inner.id, records: ['10.0.0.2'] }], UNKNOWN))).toBe('DNS.0302')
  })
})

describe('one name on many lines', () => {
  const post = (body: object, id = zoneId) => call('POST', `/v2.1/zones/${id}/recordsets/batch/lines`, body)
  const onLines = (...lines: unknown[]) => ({
    name: 'www.shop.example',
    type: 'A',
    description: 'by line',
    lines,
  })
  const line = (id: string, special: object = {}) => ({ line: id, records: ['192.0.2.1'], ...special })

  test('makes a set for each line, in their order', async () => {
    const before = await state()
    const answer = await post(
      onLines(
        line('default_view'),
        line('Abroad', { ttl: 60, weight: 5 }),
        line('Abroad', { records: ['192.0.2.2'] }),
      ),
    )
    expect(answer.status).toBe(202)
    expectFitsContract('CreateRecordSetWithBatchLines', 202, answer.json)
    const shared = {
      ...{ name: 'www.shop.example.', status: 'PENDING_CREATE', bundle: 'free', description: 'by line' },
      updated_at: null,
    }
    expect(answer.json.recordsets).toMatchObject([
      { ...shared, line: 'default_view', ttl: 300, weight: 1 },
      { ...shared, line: 'Abroad', ttl: 60, weight: 5 },
      { ...shared, line: 'Abroad', ttl: 300, weight: 1 },
    ])
    expect(answer.json.metadata).toEqual({ total_count: 3 })
    expect(answer.json.links).toEqual({ self: `http://localhost${IN_ZONE()}/batch/lines` })
    expect(await state()).toEqual(raised(before))
  })

  test('makes none when one is refused', async () => {
    const before = await state()
    const good = line('default_view')
    const refusals: [object, string][] = [
      [onLines(good, line('Nowhere')), 'DNS.0806'],
      [onLines(good, line('')), 'DNS.1601'],
      [onLines(good, { records: ['192.0.2.1'] }), 'DNS.1601'],
      [onLines(good, line('Abroad', { records: [] })), 'DNS.0308'],
      [onLines(good, good), 'DNS.0335'],
      [onLines(good, line('default_view', { weight: null, records: ['192.0.2.2'] })), 'DNS.0328'],
      [{ ...onLines(good), name: 'elsewhere.example.' }, 'DNS.0304'],
      [{ ...onLines(good), type: 'SOA' }, 'DNS.0307'],
      [{ ...onLines(good), description: 'x'.repeat(256) }, 'DNS.0305'],
      [onLines(good, 5), 'DNS.0002'],
      [onLines(), 'DNS.0002'],
      [{ name: 'www.shop.example.', type: 'A' }, 'DNS.0002'],
      [onLines(...Array(51).fill(good)), 'DNS.0326'],
    ]
    for (const [body, code] of refusals)
      expect({ body, code: await codeOf(post(body)) }).toEqual({ body, code })
    expect(await codeOf(post(onLines(good), privateId))).toBe('DNS.0204')
    expect(await codeOf(post(onLines(good), UNKNOWN))).toBe('DNS.0302')
    expect(await state()).toEqual(before)
  })

  test('is held by the quota as a whole', async () => {
    await bed.close()
    bed = await openTestBed({ settings: { recordSetQuota: 1 } })
    zoneId = (await createZone(bed.context, TENANT, { name: 'shop.example' })).id
    expect(await codeOf(post(onLines(line('default_view'), line('Abroad'))))).toBe('DNS.0403')
    expect((await post(onLines(line('default_view')))).status).toBe(202)
  })
})

describe('names that can be diagnosed', () => {
  const names = (answer: { json: Json }) =>
    answer.json.recordsets.map((set: Json) => `${set.type} ${set.name.replace('shop.example.', '')}`)

  test('are one for each name and type, whatever the line, weight or state', async () => {
    await create(a('www'))
    await create(a('www', { line: 'Abroad', status: 'DISABLE' }))
    await create({ name: 'www.shop.example.', type: 'AAAA', records: ['2001:db8::1'] })
    await create({ name: 'cdn.shop.example.', type: 'CNAME', records: ['x.example.net.'] })
    await create({ name: 'shop.example.', type: 'MX', records: ['5 mail.shop.example.'] })
    await create({ name: 'shop.example.', type: 'MX', records: ['9 b.example.'] })
    const path = `/v2.1/zones/${zoneId}`
    const web = await call('GET', `${path}/website-recordsets`)
    expect(web.status).toBe(200)
    // The contract has the shape of the other list only, which is the same.
    expectFitsContract('ShowEmailRecordSet', 200, web.json)
    expect(names(web)).toEqual(['CNAME cdn.', 'A www.', 'AAAA www.'])
    expect(web.json.recordsets[0]).toContainKeys(['create_at', 'update_at'])
    expect(web.json.recordsets[0]).not.toContainKey('line')
    const mail = await call('GET', `${path}/email-recordsets`)
    expectFitsContract('ShowEmailRecordSet', 200, mail.json)
    expect(names(mail)).toEqual(['MX '])

    const page = await call('GET', `${path}/website-recordsets?limit=1&offset=1`)
    expect(names(page)).toEqual(['A www.'])
    expect(page.json.metadata).toEqual({ total_count: 3 })
    expect(page.json.links).toEqual({
      self: `http://localhost${path}/website-recordsets?limit=1&offset=1`,
    })
  })

  test('are of public zones', async () => {
    for (const kind of ['email', 'website']) {
      const at = (id: string, query = '') =>
        codeOf(call('GET', `/v2.1/zones/${id}/${kind}-recordsets${query}`))
      expect(await at(privateId)).toBe('DNS.0008')
      expect(await at(UNKNOWN)).toBe('DNS.0302')
      expect(await at(zoneId, '?limit=501')).toBe('DNS.0006')
      expect(await at(zoneId, '?offset=-1')).toBe('DNS.0017')
    }
  })
})

test('health checks are not supported, and no record set has one', async () => {
  const { id } = await create(a('www'))
  const body = { health_check_id: UNKNOWN }
  const path = (setId: string, verb: string) => `/v2.1/recordsets/${setId}/${verb}`
  const associate = await call('POST', path(id, 'associatehealthcheck'), body)
  expect([associate.status, associate.json.code]).toEqual([400, 'DNS.1101'])
  const disassociate = await call('DELETE', path(id, 'disassociatehealthcheck'), body)
  expect([disassociate.status, disassociate.json.code]).toEqual([404, 'DNS.1105'])
  expect(await codeOf(call('POST', path(UNKNOWN, 'associatehealthcheck'), body))).toBe('DNS.0313')
  expect(await codeOf(call('DELETE', path(UNKNOWN, 'disassociatehealthcheck'), body))).toBe('DNS.0313')
})
