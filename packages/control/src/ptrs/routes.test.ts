import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { OP_ZONE, OP_ZONE_REMOVED } from '@waymark/dns/feed-codec'
import { ApiError } from '../errors.ts'
import { expectFitsContract } from '../http/contract-check.ts'
import { registryRoutes } from '../networks/routes.ts'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { zoneRoutes } from '../zones/routes.ts'
import { ptrRoutes } from './routes.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of answers are looked into
type Json = any
interface Answer {
  readonly status: number
  readonly json: Json
}

const EIP = '6f3d0c1e-58b7-4a53-8d2e-9b1f4f0a7c21'
const OTHER = '6f3d0c1e-58b7-4a53-8d2e-9b1f4f0a7c22'
const FREE = '6f3d0c1e-58b7-4a53-8d2e-9b1f4f0a7c23'
const LIST = '/v2/reverse/floatingips'
const ONE = `${LIST}/region-a:${EIP}`

let bed: TestBed
beforeEach(() => start({}))
afterEach(() => bed.close())

async function start(settings: Parameters<typeof openTestBed>[0]): Promise<void> {
  bed = await openTestBed(settings)
  await bed.store.transaction(async (tx) => {
    await tx.insertAccount({ id: TENANT.domainId, name: 'lab', enabled: true })
    for (const [id, name] of [
      [TENANT.projectId, 'region-a'],
      ['b'.repeat(32), 'region-b'],
    ] as const) {
      await tx.insertProject({ id, domainId: TENANT.domainId, name, enabled: true })
    }
  })
  for (const [id, address, region] of [
    [EIP, '203.0.113.25', 'region-a'],
    [OTHER, '203.0.113.26', 'region-a'],
    [FREE, '2001:db8::1', 'region-b'],
  ]) {
    await call('POST', '/waymark/v1/addresses', { id, address, region })
  }
}

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  try {
    const routes = [...ptrRoutes, ...registryRoutes, ...zoneRoutes]
    return (await bed.call(routes, method, path, { body })) as Answer
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { status, code, message } = error.failure
    return { status, json: { code, message } }
  }
}
const codeOf = async (answer: Promise<Answer>) => {
  const { status, json } = await answer
  return `${status} ${json?.code}`
}
const lastEntry = async () => {
  const { newest } = await bed.store.feedBounds()
  return (await bed.store.readFeed(newest - 1, 1))[0]!
}
const isEmpty = (answer: Answer) => 'bytes' in answer && (answer.bytes as Uint8Array).length === 0

describe('API v2', () => {
  test('a record goes through its whole life', async () => {
    const made = await call('PATCH', ONE, {
      ...{ ptrdname: 'Mail.shop.example', ttl: 600, description: 'mail out' },
      tags: [{ key: 'env', value: 'prod' }],
    })
    expect(made.status).toBe(202)
    expectFitsContract('CreateEipRecordSet', 202, made.json)
    expect(made.json).toEqual({
      ...{ id: `region-a:${EIP}`, ptrdname: 'mail.shop.example.', description: 'mail out', ttl: 600 },
      ...{ address: '203.0.113.25', status: 'PENDING_CREATE', action: 'CREATE' },
      links: { self: `http://localhost${ONE}` },
      enterprise_project_id: '0',
    })
    const shown = (await call('GET', ONE)).json
    expectFitsContract('ShowPtrRecordSet', 200, shown)
    expect(shown).toMatchObject({ status: 'ACTIVE', action: 'NONE', ttl: 600 })
    expect('enterprise_project_id' in shown).toBe(false)

    const changed = await call('PATCH', ONE, { ptrdname: 'out.shop.example.', ttl: 60 })
    expectFitsContract('UpdatePtrRecord', 202, changed.json)
    expect(changed.json).toMatchObject({
      ...{ ptrdname: 'out.shop.example.', ttl: 60, description: 'mail out' },
      ...{ status: 'PENDING_UPDATE', action: 'UPDATE' },
    })
    const list = (await call('GET', LIST)).json
    expectFitsContract('ListPtrRecords', 200, list)
    expect(list).toMatchObject({ metadata: { total_count: 1 }, links: { self: `http://localhost${LIST}` } })
    expect(list.floatingips[0].tags).toEqual([{ key: 'env', value: 'prod' }])

    const restored = await call('PATCH', ONE, { ptrdname: null })
    expect([restored.status, isEmpty(restored)]).toEqual([202, true])
    expect(await codeOf(call('GET', ONE))).toBe('404 DNS.0507')
  })

  test.each([[{ ptrdname: null }], [{ ptrname: 'null' }], [{}], [undefined], [{ ptrdname: {} }]])(
    '%j restores the default',
    async (body) => {
      expect(await codeOf(call('PATCH', ONE, body))).toBe('404 DNS.0507')
      await call('PATCH', ONE, { ptrdname: 'a.example' })
      expect((await call('PATCH', ONE, body)).status).toBe(202)
      expect(await codeOf(call('GET', ONE))).toBe('404 DNS.0507')
    },
  )

  test.each([
    [ONE, { ptrdname: '' }, '400 DNS.0505'],
    [ONE, { ptrdname: 7 }, '400 DNS.0505'],
    [ONE, { ptrdname: 'a..example' }, '400 DNS.0505'],
    [ONE, { ptrdname: '*.example' }, '400 DNS.0505'],
    [ONE, { ptrdname: `${'a'.repeat(64)}.example` }, '400 DNS.0505'],
    [ONE, { ptrdname: 'a.example', ttl: 0 }, '400 DNS.0506'],
    [ONE, { ptrdname: 'a.example', ttl: '300' }, '400 DNS.0506'],
    [ONE, { ptrdname: 'a.example', description: 'x'.repeat(256) }, '400 DNS.0508'],
    [ONE, { ptrdname: 'a.example', tags: [{ key: 'a,b', value: '' }] }, '400 DNS.1003'],
    [ONE, { ptrdname: 'a.example', enterprise_project_id: 'x' }, '400 DNS.1905'],
    [`${LIST}/region-a`, { ptrdname: 'a.example' }, '400 DNS.0501'],
    [`${LIST}/region_a:${EIP}`, { ptrdname: 'a.example' }, '400 DNS.0601'],
    [`${LIST}/region-a:${EIP.slice(1)}`, { ptrdname: 'a.example' }, '400 DNS.0504'],
    [`${LIST}/region-b:${EIP}`, { ptrdname: 'a.example' }, '404 DNS.0502'],
    [`${LIST}/region-b:${FREE}`, { ptrdname: 'a.example' }, '404 DNS.0502'],
  ])('PATCH %s %j is answered %3$s', async (path, body, code) => {
    expect(await codeOf(call('PATCH', path, body))).toBe(code)
    expect((await call('GET', LIST)).json.metadata.total_count).toBe(0)
  })

  test('lists are paged by the ids they show, and filtered', async () => {
    for (const [n, id] of [EIP, OTHER].entries()) {
      const tags = [{ key: 'n', value: `${n}` }]
      await call('PATCH', `${LIST}/region-a:${id}`, { ptrdname: `h${n}.example`, tags })
    }
    const ids = async (query: string): Promise<string[]> => {
      const { floatingips } = (await call('GET', LIST + query)).json
      return floatingips.map((row: Json) => row.id)
    }
    const first = (await call('GET', `${LIST}?limit=1`)).json
    expect(first.floatingips[0].id).toBe(`region-a:${OTHER}`)
    const next = new URL(first.links.next)
    expect(await ids(next.search)).toEqual([`region-a:${EIP}`])
    expect(await ids('?tags=n,1')).toEqual([`region-a:${OTHER}`])
    expect(await ids('?status=FREEZE')).toEqual([])
    expect(await ids('?enterprise_project_id=all_granted_eps')).toHaveLength(2)
    expect(await codeOf(call('GET', `${LIST}?marker=region-b:${FREE}`))).toBe('400 DNS.0007')
    expect(await codeOf(call('GET', `${LIST}?status=BROKEN`))).toBe('400 DNS.0315')
    expect(await codeOf(call('GET', `${LIST}?limit=501`))).toBe('400 DNS.0006')
  })

  test('a batch restores all or none', async () => {
    await call('PATCH', ONE, { ptrdname: 'a.example' })
    await call('PATCH', `${LIST}/region-a:${OTHER}`, { ptrdname: 'b.example' })
    const remove = (ids: unknown) => call('DELETE', '/v2.1/reverse/floatingips', { floatingip_ids: ids })
    expect(await codeOf(remove([`region-a:${EIP}`, `region-b:${FREE}`]))).toBe('404 DNS.0507')
    expect(await codeOf(remove([`region-b:${EIP}`]))).toBe('404 DNS.0507')
    expect(await codeOf(remove([]))).toBe('400 DNS.0002')
    expect(await codeOf(remove(['x']))).toBe('400 DNS.0501')
    expect(await codeOf(remove(Array.from({ length: 51 }, () => `region-a:${EIP}`)))).toBe('400 DNS.0326')
    expect((await call('GET', LIST)).json.metadata.total_count).toBe(2)
    const done = await remove([`region-a:${EIP}`, `region-a:${OTHER}`])
    expect([done.status, isEmpty(done)]).toEqual([202, true])
    expect((await call('GET', LIST)).json.metadata.total_count).toBe(0)
  })
})

describe('API v2.1', () => {
  const publicip = { region: 'region-a', id: EIP }
  const NAMES = ['mail.shop.example', 'out.shop.example.']

  test('a record goes through its whole life', async () => {
    const made = await call('POST', '/v2.1/ptrs', { publicip, ptrdnames: NAMES })
    expect(made.status).toBe(202)
    expectFitsContract('CreatePtr', 202, made.json)
    expect(made.json).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      publicip: { ...publicip, address: '203.0.113.25' },
      ptrdnames: ['mail.shop.example.', 'out.shop.example.'],
      ...{ description: '', ttl: 300, status: 'PENDING_CREATE', enterprise_project_id: '0' },
      links: { self: `http://localhost/v2.1/ptrs/${made.json.id}` },
    })
    const path = `/v2.1/ptrs/${made.json.id}`
    const shown = (await call('GET', path)).json
    expectFitsContract('ShowPtr', 200, shown)
    expect(shown.status).toBe('ACTIVE')
    const changed = await call('PUT', path, { ptrdnames: ['a.example'], description: 'x' })
    expectFitsContract('UpdatePtr', 202, changed.json)
    expect(changed.json).toMatchObject({
      ...{ ptrdnames: ['a.example.'], description: 'x', ttl: 300, status: 'PENDING_UPDATE' },
    })
    const list = (await call('GET', '/v2.1/ptrs?resource_type=publicip')).json
    expectFitsContract('ListPtrs', 200, list)
    expect(list.floatingips[0]).toMatchObject({ id: made.json.id, tags: [] })
    const gone = await call('DELETE', path)
    expect([gone.status, isEmpty(gone)]).toEqual([202, true])
    expect(await codeOf(call('GET', path))).toBe('404 DNS.0507')
    expect(await codeOf(call('DELETE', path))).toBe('404 DNS.0507')
    expect(await codeOf(call('PUT', path, { ptrdnames: ['a.example'] }))).toBe('404 DNS.0507')
  })

  test.each([
    [{ ptrdnames: NAMES }, '400 DNS.0002'],
    [{ publicip: { region: '', id: EIP }, ptrdnames: NAMES }, '400 DNS.0601'],
    [{ publicip: { region: 'region-a', id: 'x' }, ptrdnames: NAMES }, '400 DNS.0504'],
    [{ publicip: { region: 'region-a', id: FREE }, ptrdnames: NAMES }, '404 DNS.0502'],
    [{ publicip }, '400 DNS.0002'],
    [{ publicip, ptrdnames: [] }, '400 DNS.0505'],
    [{ publicip, ptrdnames: Array.from({ length: 11 }, (_, n) => `h${n}.example`) }, '400 DNS.0505'],
    [{ publicip, ptrdnames: ['a.example', 'A.example.'] }, '400 DNS.0505'],
    [{ publicip, ptrdnames: NAMES, ttl: 2147483648 }, '400 DNS.0506'],
  ])('POST %j is answered %s', async (body, code) => {
    expect(await codeOf(call('POST', '/v2.1/ptrs', body))).toBe(code)
  })

  test('other kinds of resources are refused', async () => {
    expect(await codeOf(call('GET', '/v2.1/ptrs?resource_type=server'))).toBe('400 DNS.0002')
  })
})

describe('both generations', () => {
  const publicip = { region: 'region-a', id: EIP }

  test('see the same records', async () => {
    const { json } = await call('POST', '/v2.1/ptrs', { publicip, ptrdnames: ['a.example', 'b.example'] })
    expect((await call('GET', ONE)).json.ptrdname).toBe('a.example.')
    expect(await codeOf(call('POST', '/v2.1/ptrs', { publicip, ptrdnames: ['c.example'] }))).toBe(
      '400 DNS.0016',
    )
    await call('PATCH', ONE, { ptrdname: 'c.example' })
    expect((await call('GET', `/v2.1/ptrs/${json.id}`)).json.ptrdnames).toEqual(['c.example.'])
    const other = await call('PATCH', `${LIST}/region-a:${OTHER}`, { ptrdname: 'd.example' })
    expect(other.status).toBe(202)
    const list = (await call('GET', '/v2.1/ptrs?limit=1')).json
    expect(list.floatingips[0]).toMatchObject({ publicip: { id: OTHER }, ptrdnames: ['d.example.'] })
  })

  test('a quota ends what can be made', async () => {
    await bed.close()
    await start({ settings: { ptrQuota: 1 } })
    await call('PATCH', ONE, { ptrdname: 'a.example' })
    const other = `${LIST}/region-a:${OTHER}`
    expect(await codeOf(call('PATCH', other, { ptrdname: 'b.example' }))).toBe('403 DNS.0405')
    expect((await call('PATCH', ONE, { ptrdname: 'c.example' })).status).toBe(202)
  })

  test('a frozen record can neither be changed nor removed', async () => {
    await call('PATCH', ONE, { ptrdname: 'a.example' })
    const ptr = (await bed.store.findPtrOfAddress(TENANT, EIP))!
    await bed.store.transaction((tx) => tx.updatePtr({ ...ptr, status: 'FREEZE' }))
    expect(await codeOf(call('PATCH', ONE, { ptrdname: 'b.example' }))).toBe('409 DNS.0503')
    expect(await codeOf(call('PATCH', ONE, { ptrdname: null }))).toBe('409 DNS.0503')
    expect(await codeOf(call('DELETE', `/v2.1/ptrs/${ptr.id}`))).toBe('409 DNS.0503')
  })
})

describe('what is published', () => {
  test('is a zone of the reverse name, which goes with the record', async () => {
    await call('PATCH', ONE, { ptrdname: 'a.example' })
    const made = await lastEntry()
    expect(made.payload[0]).toBe(OP_ZONE)
    expect(new TextDecoder().decode(made.payload)).toContain('\x0225\x03113\x010\x03203\x07in-addr\x04arpa')
    await call('PATCH', ONE, { ptrdname: 'b.example' })
    const changed = await lastEntry()
    expect([changed.zoneId, changed.serial]).toEqual([made.zoneId, 2])
    const kept = await bed.store.readSnapshot((snapshot) => snapshot.ptrs())
    expect(kept).toEqual([{ zoneId: made.zoneId, serial: 2, payload: changed.payload }])
    await call('PATCH', ONE, { ptrdname: null })
    expect([...(await lastEntry()).payload]).toEqual([OP_ZONE_REMOVED])
  })

  test('goes when the address goes', async () => {
    await call('PATCH', ONE, { ptrdname: 'a.example' })
    expect((await call('DELETE', `/waymark/v1/addresses/${EIP}`)).status).toBe(204)
    expect([...(await lastEntry()).payload]).toEqual([OP_ZONE_REMOVED])
    expect(await codeOf(call('GET', ONE))).toBe('404 DNS.0502')
  })

  test('never stands beside a zone of the same name', async () => {
    const zone = { name: '25.113.0.203.in-addr.arpa' }
    await call('PATCH', ONE, { ptrdname: 'a.example' })
    expect(await codeOf(call('POST', '/v2/zones', zone))).toBe('400 DNS.0210')
    await call('PATCH', ONE, { ptrdname: null })
    expect((await call('POST', '/v2/zones', zone)).status).toBe(202)
    expect(await codeOf(call('PATCH', ONE, { ptrdname: 'a.example' }))).toBe('400 DNS.0016')
  })
})
