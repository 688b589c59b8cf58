// needs: dig curl
/**
 * Record sets that are answered with addresses which are not their values: URL forwarding, from the API by way of DNS to the browser,
 * and aliases, whose targets are other names here or names that only a resolver knows.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NameServer, startNameServer } from '@waymark/control/dns-client/testing'
import { freePort, run } from '../support/process.ts'
import { type Service, startService } from '../support/service.ts'
import { until } from '../support/until.ts'

const ZONE = 'shop.example.'
const redirectPort = freePort()
const dataDir = mkdtempSync(join(tmpdir(), 'waymark-forwarding-'))
let outside: NameServer
let service: Service
let zoneId: string

const start = (...args: string[]) =>
  startService({
    dataDir,
    args: ['--redirect', `127.0.0.1:${redirectPort}`, '--resolver', outside.address, ...args],
  })

beforeAll(async () => {
  outside = await startNameServer()
  service = await start()
  zoneId = await createZone(ZONE)
}, 120_000)
afterAll(async () => {
  await service?.stop()
  outside?.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

async function createZone(name: string): Promise<string> {
  return (await service.call('POST', '/v2/zones', { name })).json.id
}
const short = async (name: string, type: string): Promise<string[]> => {
  const args = ['dig', '@127.0.0.1', '-p', String(service.dnsPort), '+short', name, type]
  return (await run(args)).trim().split('\n').filter(Boolean).sort()
}
const statusOf = async (name: string, type: string): Promise<string | undefined> => {
  const text = await run(['dig', '@127.0.0.1', '-p', String(service.dnsPort), name, type])
  return /status: (\w+)/.exec(text)?.[1]
}
/** Headers and page that a visitor of `host` gets. */
const visit = (host: string, ...options: string[]): Promise<string> =>
  run(['curl', '-s', '-i', '-H', `Host: ${host}`, ...options, `http://127.0.0.1:${redirectPort}/a/b?c=d`])

async function createBatch(recordsets: readonly object[]): Promise<void> {
  const path = `/v2.1/zones/${zoneId}/recordsets/batch-create-task`
  const made = await service.call('POST', path, { recordsets })
  expect(made.status).toBe(202)
  const shown = await service.call('GET', path)
  expect(shown.json).toMatchObject({ status: 'DONE', success_count: recordsets.length, error_count: 0 })
  await service.call('DELETE', path)
}
async function createSet(inZone: string, body: object): Promise<string> {
  const made = await service.call('POST', `/v2.1/zones/${inZone}/recordsets`, body)
  expect(made).toMatchObject({ status: 202 })
  return made.json.id
}
const alias = (name: string, target: string, type = 'A') => ({
  ...{ name, type, ttl: 60 },
  alias_target: { resource_type: 'waf', resource_domain_name: target },
})

test('a name under URL forwarding leads to the listener, which sends visitors on', async () => {
  await createBatch([
    { name: 'old', type: 'REDIRECT_URL', records: ['https://www.shop.example/new?x=1'] },
    { name: 'framed', type: 'FORWARD_URL', records: ['http://www.example.net/a"b&c'] },
    { name: 'old', type: 'TXT', records: ['"beside it"'] },
  ])
  await until(['127.0.0.1'], () => short('old.shop.example', 'A'))
  expect(await statusOf('old.shop.example', 'AAAA')).toBe('NOERROR')
  expect(await short('old.shop.example', 'AAAA')).toEqual([])
  expect(await short('framed.shop.example', 'A')).toEqual(['127.0.0.1'])
  await until(true, async () => (await visit('old.shop.example')).startsWith('HTTP/1.1 302 '))
  expect(await visit('OLD.shop.example.:80')).toContain('\nLocation: https://www.shop.example/new?x=1\r\n')
  const page = await visit('framed.shop.example')
  expect(page).toContain('HTTP/1.1 200 ')
  expect(page).toContain('<title>framed.shop.example</title>')
  expect(page).toContain('src="http://www.example.net/a%22b&amp;c"')
  expect(await visit('www.shop.example')).toStartWith('HTTP/1.1 404 ')
})

test('a changed target counts at once, a paused or removed one no more', async () => {
  const listed = await service.call('GET', `/v2.1/zones/${zoneId}/recordsets?type=REDIRECT_URL`)
  const [set] = listed.json.recordsets
  expect(set).toMatchObject({ status: 'ACTIVE', records: ['https://www.shop.example/new?x=1'] })
  const path = `/v2.1/zones/${zoneId}/recordsets/${set.id}`
  const body = { name: set.name, type: set.type, records: ['https://www.shop.example/newer'] }
  expect(await service.call('PUT', path, body)).toMatchObject({ status: 202 })
  await until(true, async () => (await visit('old.shop.example')).includes('shop.example/newer\r\n'))
  await service.call('PUT', `/v2.1/recordsets/${set.id}/statuses/set`, { status: 'DISABLE' })
  await until([], () => short('old.shop.example', 'A'))
  await until(true, async () => (await visit('old.shop.example')).startsWith('HTTP/1.1 404 '))
  await service.call('PUT', `/v2.1/recordsets/${set.id}/statuses/set`, { status: 'ENABLE' })
  await until(['127.0.0.1'], () => short('old.shop.example', 'A'))
  expect(await service.call('DELETE', path)).toMatchObject({ status: 202 })
  await until([], () => short('old.shop.example', 'A'))
  await until(true, async () => (await visit('old.shop.example')).startsWith('HTTP/1.1 404 '))
})

test('an alias of a name in another zone follows what changes there', async () => {
  const other = await createZone('sites.example.')
  await createSet(zoneId, alias('go.shop.example.', 'a.sites.example'))
  await until('SERVFAIL', () => statusOf('go.shop.example', 'A'))
  const body = { name: 'a.sites.example.', type: 'A', records: ['192.0.2.1', '192.0.2.2'] }
  const id = await createSet(other, body)
  await until(['192.0.2.1', '192.0.2.2'], () => short('go.shop.example', 'A'))
  const path = `/v2.1/zones/${other}/recordsets/${id}`
  await service.call('PUT', path, { ...body, records: ['192.0.2.9'] })
  await until(['192.0.2.9'], () => short('go.shop.example', 'A'))
  await service.call('DELETE', path)
  await until('SERVFAIL', () => statusOf('go.shop.example', 'A'))
})

test('an alias of a name elsewhere is looked up through the resolver', async () => {
  outside.set('cdn.example.net.', 'A', '198.51.100.7')
  await createSet(zoneId, alias('cdn.shop.example.', 'cdn.example.net'))
  await createSet(zoneId, alias('cdn.shop.example.', 'cdn.example.net.', 'AAAA'))
  await until(['198.51.100.7'], () => short('cdn.shop.example', 'A'))
  await until('NOERROR', () => statusOf('cdn.shop.example', 'AAAA'))
})

test('with another address of the listener the names are answered with that', async () => {
  expect(await short('framed.shop.example', 'A')).toEqual(['127.0.0.1'])
  await service.stop()
  service = await start('--redirect-address', '192.0.2.80,2001:db8::80')
  await until(['192.0.2.80'], () => short('framed.shop.example', 'A'))
  await until(['2001:db8::80'], () => short('framed.shop.example', 'AAAA'))
  expect(await visit('framed.shop.example')).toContain('HTTP/1.1 200 ')
  expect(await short('cdn.shop.example', 'A')).toEqual(['198.51.100.7'])
}, 120_000)
