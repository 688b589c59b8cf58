import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { type ControlOptions, type RunningControl, startControl } from './control.ts'
import { expectFitsContract } from './http/contract-check.ts'
import { signedFetch, TEST_SETTINGS } from './http/test-platform.ts'
import { createSecretBox, loadMasterKey } from './tenants/secrets.ts'

let dataDir: string
let control: RunningControl | undefined
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'waymark-control-'))
})
afterEach(async () => {
  await control?.stop()
  control = undefined
  rmSync(dataDir, { recursive: true, force: true })
})

async function start(options: Partial<ControlOptions> = {}): Promise<RunningControl> {
  control = await startControl({
    settings: TEST_SETTINGS,
    dataDir,
    http: { hostname: '127.0.0.1', port: 0 },
    log: pino({ level: 'silent' }),
    version: '1.2.3',
    ...options,
  })
  return control
}
async function stop(): Promise<void> {
  await control?.stop()
  control = undefined
}

/** A signed call with the credentials that the first start has left in the data folder. */
async function call(method: string, path: string, body?: object) {
  const credentials = JSON.parse(readFileSync(join(dataDir, 'credentials.json'), 'utf8'))
  const text = body === undefined ? undefined : JSON.stringify(body)
  const response = await signedFetch(credentials, control!.url + path, { method, body: text })
  const answer = await response.text()
  return { status: response.status, json: answer === '' ? undefined : JSON.parse(answer) }
}

async function untilDone(path: string) {
  for (let i = 0; i < 10_000; i++) {
    const answer = await call('GET', path)
    if (answer.json.status === 'DONE') return answer.json
    await Bun.sleep(5)
  }
  throw new Error(`${path} is not DONE`)
}

test('a zone, a record set and a batch task go in signed and come out of the lists', async () => {
  await start()
  const zone = await call('POST', '/v2/zones', { name: 'example.org' })
  expect(zone.status).toBe(202)
  expectFitsContract('CreatePublicZone', 202, zone.json)
  const sets = `/v2.1/zones/${zone.json.id}/recordsets`
  const set = await call('POST', sets, {
    name: 'www.example.org',
    type: 'A',
    ttl: 60,
    records: ['192.0.2.1'],
  })
  expect(set.status).toBe(202)
  expectFitsContract('CreateRecordSetWithLine', 202, set.json)

  const task = await call('POST', `${sets}/batch-create-task`, {
    recordsets: [
      { name: 'a', type: 'A', records: ['192.0.2.2'] },
      { name: 'www', type: 'A', records: ['192.0.2.1'] },
    ],
  })
  expect(task.status).toBe(202)
  const done = await untilDone(`${sets}/batch-create-task`)
  expectFitsContract('ShowBatchCreateRecordSetsTask', 200, done)

  const listed = await call('GET', `${sets}?type=A&sort_key=name`)
  expectFitsContract('ShowRecordSetByZone', 200, listed.json)
  expect(listed.json.recordsets.map(({ name }: { name: string }) => name).toSorted()).toEqual([
    'a.example.org.',
    'www.example.org.',
  ])
})

test('what was accepted is there after a restart, under the same keys', async () => {
  const first = await start()
  expect(first.firstCredentials).toBeDefined()
  await call('POST', '/v2/zones', { name: 'example.org' })
  await stop()
  const second = await start()
  expect(second.firstCredentials).toBeUndefined()
  expect(second.feedSecret).toBe(first.feedSecret)
  expect((await call('GET', '/v2/zones')).json.zones[0].name).toBe('example.org.')
})

test('credentials chosen beforehand are in force', async () => {
  const bootstrap = { accessKey: 'CHOSEN', secretKey: 'chosen-secret', password: 'chosen-password' }
  const { url } = await start({ bootstrap })
  const signer = { access_key: 'CHOSEN', secret_key: 'chosen-secret' }
  const who = await signedFetch(signer, `${url}/waymark/v1/whoami`)
  expect(await who.json()).toMatchObject({
    user: { name: 'admin' },
    account: { name: 'waymark' },
    project: { name: 'region-a' },
    via: 'signature',
    version: '1.2.3',
  })
})

test('a port that is taken is reported as such, and the store is closed again', async () => {
  const { url } = await start()
  const other = mkdtempSync(join(tmpdir(), 'waymark-control-'))
  const taken = { hostname: '127.0.0.1', port: Number(new URL(url).port) }
  await expect(startControl({ ...options(other), http: taken })).rejects.toMatchObject({
    code: 'EADDRINUSE',
    syscall: 'listen',
  })
  rmSync(other, { recursive: true })
})

const options = (folder: string): ControlOptions => ({
  settings: TEST_SETTINGS,
  dataDir: folder,
  http: { hostname: '127.0.0.1', port: 0 },
  log: pino({ level: 'silent' }),
  version: '1.2.3',
})

describe('the whole table of routes', () => {
  interface Operation {
    readonly operationId: string
    readonly security: readonly object[]
  }
  const document = async (): Promise<Record<string, Record<string, Operation>>> => {
    const response = await fetch(`${control!.url}/openapi.json`)
    expect(response.headers.get('content-type')).toBe('application/json')
    return ((await response.json()) as { paths: Record<string, Record<string, Operation>> }).paths
  }

  test('is described in OpenAPI with an operation name of its own each', async () => {
    await start()
    const names = Object.values(await document()).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    )
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(30)
  })

  test('refuses callers without credentials, except where none are needed', async () => {
    await start()
    const open: string[] = []
    for (const [path, methods] of Object.entries(await document()))
      for (const [method, { operationId, security }] of Object.entries(methods)) {
        if (security.length === 0) {
          open.push(operationId)
          continue
        }
        const target = control!.url + path.replaceAll(/\{\w+\}/g, '0'.repeat(32))
        const response = await fetch(target, { method: method.toUpperCase() })
        expect([operationId, response.status]).toEqual([operationId, 401])
      }
    expect(open.toSorted()).toEqual([
      'createToken',
      'healthz',
      'listApiVersions',
      'listSystemLines',
      'metrics',
      'openapi',
      'readyz',
      'showApiInfo',
      'showIdentityVersion',
    ])
  })
})

test('zones of one account do not exist for another', async () => {
  const { context, url } = await start()
  const zone = await call('POST', '/v2/zones', { name: 'example.org' })
  const secrets = createSecretBox(await loadMasterKey(context.store, dataDir, undefined))
  const [domainId, userId, now] = [context.newId(), context.newId(), context.now()]
  await context.store.transaction(async (tx) => {
    await tx.insertAccount({ id: domainId, name: 'other', enabled: true })
    await tx.insertProject({ id: context.newId(), domainId, name: 'region-a', enabled: true })
    await tx.insertUser({ id: userId, domainId, name: 'u', passwordHash: '', enabled: true, createdAt: now })
    await tx.putGrant({ userId, role: 'administrator', zoneIds: [], policies: [] })
    const sealedSecret = secrets.seal('other-secret', 'OTHERKEY')
    await tx.insertAccessKey({ accessKey: 'OTHERKEY', userId, sealedSecret, enabled: true, createdAt: now })
  })
  const response = await fetch(`${url}/openapi.json`)
  const { paths } = (await response.json()) as { paths: Record<string, Record<string, unknown>> }
  // What secondaries may have is for the operator's account alone to see.
  const inZone = Object.entries(paths).filter(
    ([path]) => path.includes('{zone_id}') && !path.startsWith('/waymark/v1/transfers'),
  )
  expect(inZone.length).toBeGreaterThan(5)
  for (const [path, methods] of inZone)
    for (const method of Object.keys(methods)) {
      const target = path.replace('{zone_id}', zone.json.id).replaceAll(/\{\w+\}/g, '0'.repeat(32))
      const foreign = await signedFetch(
        { access_key: 'OTHERKEY', secret_key: 'other-secret' },
        url + target,
        {
          method: method.toUpperCase(),
        },
      )
      expect(`${method} ${path} ${foreign.status}`).toMatch(/ (400|404)$/)
    }
  expect((await call('GET', '/v2/zones')).json.zones).toHaveLength(1)
})

/** What an edge says of itself; `store` as it learned from the feed. */
async function reporter(url: string, feedSecret: string) {
  const authorization = `Bearer ${feedSecret}`
  const feed = await fetch(`${url}/waymark/v1/feed?store=x&after=0`, { headers: { authorization } })
  return (seq: number) =>
    fetch(`${url}/waymark/v1/feed/position`, {
      method: 'POST',
      headers: { authorization },
      body: JSON.stringify({
        edge: 'edge-1',
        seq,
        store: feed.headers.get('x-waymark-store'),
        dns: ['127.0.0.1:53'],
        zones: 1,
        recordSets: 2,
        startedAt: 0,
      }),
    })
}

test('the process is healthy at once, and ready when an edge answers what was accepted before', async () => {
  await start()
  await call('POST', '/v2/zones', { name: 'example.org' })
  await stop()
  const { url, feedSecret } = await start()
  const report = await reporter(url, feedSecret)
  const ready = async () => {
    const response = await fetch(`${url}/readyz`)
    return [response.status, await response.json()]
  }
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect(await ready()).toEqual([503, { ready: false, store: true, edges: 0 }])
  expect((await report(0)).status).toBe(204)
  expect(await ready()).toEqual([503, { ready: false, store: true, edges: 1 }])
  await report(1)
  expect(await ready()).toEqual([200, { ready: true, store: true, edges: 1 }])
  const edges = await call('GET', '/waymark/v1/edges')
  expect(edges.json).toMatchObject({ newest: 1, edges: [{ id: 'edge-1', seq: 1, dns: ['127.0.0.1:53'] }] })
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('waymark_edge_position{edge="edge-1"} 1')
})

test('a change is answered when the edges serve it, or after a while', async () => {
  const { url, feedSecret } = await start({ settings: { ...TEST_SETTINGS, answerWaitMs: 60_000 } })
  const report = await reporter(url, feedSecret)
  expect((await call('POST', '/v2/zones', { name: 'alone.example' })).status).toBe(202) // there is no edge to wait for
  await report(1)
  let isAnswered = false
  const change = call('POST', '/v2/zones', { name: 'waited-for.example' }).then(({ status }) => {
    isAnswered = true
    return status
  })
  await Bun.sleep(100)
  expect(isAnswered).toBe(false)
  await report(2)
  expect(await change).toBe(202)
  await stop()

  const impatient = await start({ settings: { ...TEST_SETTINGS, answerWaitMs: 50 } })
  await (await reporter(impatient.url, impatient.feedSecret))(2)
  expect((await call('POST', '/v2/zones', { name: 'late.example' })).status).toBe(202)
})

test('the feed is closed to callers without its secret', async () => {
  const { url } = await start()
  expect((await fetch(`${url}/waymark/v1/feed/snapshot`)).status).toBe(401)
})

test('metrics count requests by operation and show the feed and unfinished tasks', async () => {
  const { url } = await start()
  await call('POST', '/v2/zones', { name: 'example.org' })
  await call('GET', '/v2/nothing')
  const text = await (await fetch(`${url}/metrics`)).text()
  expect(text).toContain('waymark_http_requests_total{operation="none",status="404"} 1')
  expect(text).toContain('status="202"} 1')
  expect(text).toMatch(/^waymark_feed_position [1-9]/m)
  expect(text).toContain('waymark_tasks_pending 0')
  expect(text).toContain('waymark_http_request_seconds_bucket')
})
