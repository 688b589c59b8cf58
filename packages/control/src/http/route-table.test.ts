import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { EdgePositions } from '../feed/edge-positions.ts'
import { apiRoutes } from './route-table.ts'
import { signedFetch, startTestPlatform, type TestPlatform } from './test-platform.ts'

let platform: TestPlatform
beforeAll(async () => {
  const edges = { isAnswered: () => true } as unknown as EdgePositions
  platform = await startTestPlatform(() => apiRoutes(edges))
})
afterAll(() => platform.stop())

async function call(method: string, path: string, body?: object) {
  const text = body && JSON.stringify(body)
  const response = await signedFetch(platform.credentials, platform.url + path, { method, body: text })
  const answer = await response.text()
  return { status: response.status, json: answer === '' ? undefined : JSON.parse(answer) }
}

test('a DELETE carries its body, and a literal segment wins over an id', async () => {
  const zone = (await call('POST', '/v2/zones', { name: 'shop.example' })).json
  const inZone = `/v2.1/zones/${zone.id}/recordsets`
  const lines = { name: 'www.shop.example.', type: 'A', lines: [{ line: 'Abroad', records: ['192.0.2.1'] }] }
  const made = await call('POST', `${inZone}/batch/lines`, lines)
  expect(made.status).toBe(202)
  const ids = made.json.recordsets.map(({ id }: { id: string }) => id)
  const paused = await call('PUT', '/v2.1/recordsets/statuses', { status: 'DISABLE', recordset_ids: ids })
  expect(paused.json.metadata).toEqual({ total_count: 1 })
  const one = await call('PUT', `/v2.1/recordsets/${ids[0]}/statuses/set`, { status: 'ENABLE' })
  expect(one.json.status).toBe('ACTIVE')
  const gone = await call('DELETE', inZone, { recordset_ids: ids })
  expect(gone.json.metadata).toEqual({ total_count: 1 })
  const zones = { zone_type: 'public', zone_ids: [zone.id] }
  expect((await call('DELETE', '/v2.1/zones', zones)).status).toBe(202)
  expect((await call('GET', `/v2/zones/${zone.id}`)).status).toBe(404)
})

test('a tag is removed by any key that a path can carry, in the project in force only', async () => {
  const zone = (await call('POST', '/v2/zones', { name: 'tagged.example' })).json
  const path = `/v2/${zone.project_id}/DNS-public_zone/${zone.id}/tags`
  const tag = { key: '环境 @+.:=_-', value: 'a/b' }
  expect((await call('POST', path, { tag })).status).toBe(204)
  expect((await call('GET', path)).json).toEqual({ tags: [tag] })
  expect((await call('DELETE', `${path}/${encodeURIComponent(tag.key)}`)).status).toBe(204)
  expect((await call('GET', path)).json).toEqual({ tags: [] })
  const refusals = ['f'.repeat(32), 'elsewhere'].map((id) => call('GET', path.replace(zone.project_id, id)))
  expect((await Promise.all(refusals)).map(({ status, json }) => [status, json.code])).toEqual([
    [403, 'DNS.0013'],
    [400, 'DNS.0310'],
  ])
})

test('the account of the caller has quotas', async () => {
  const { domain_id } = platform.credentials
  expect((await call('GET', `/v2/quotamg/dns/quotas?domain_id=${domain_id}`)).json.quotas).toHaveLength(10)
})
