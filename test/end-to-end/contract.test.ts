/**
 * Every operation in scope is called on a running service and every answer, good or bad, is held against the operations
 * catalogue: the status is documented, the body has the documented types and no documented field is missing.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { expectFitsContract } from '../../packages/control/src/http/contract-check.ts'
import { type Answer, type Service, startService } from '../support/service.ts'

let service: Service
let zoneId: string
let privateZoneId: string
const UNKNOWN = '0123456789abcdef0123456789abcdef'

beforeAll(async () => {
  service = await startService()
  zoneId = await created('CreatePublicZone', {
    name: 'contract.example',
    email: 'ops@contract.example',
    ttl: 600,
    description: 'shapes',
    tags: [{ key: 'env', value: 'test' }],
  })
  privateZoneId = await created('CreatePrivateZone', {
    name: 'corp.internal.',
    zone_type: 'private',
    router: { router_id: '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d11', router_region: 'region-1' },
  })
}, 120_000)

afterAll(() => service?.stop())

async function created(operation: string, body: object): Promise<string> {
  const answer = await service.call('POST', '/v2/zones', body)
  fits(operation, answer, 202)
  return answer.json.id
}

function fits(operation: string, answer: Answer, status: number): void {
  if (answer.status !== status)
    throw new Error(`${operation}: ${answer.status} ${JSON.stringify(answer.json)}`)
  expect(answer.headers.get('X-Request-Id')).toMatch(/^[0-9a-f]{32}$/)
  if (status === 204) {
    expect(answer.json).toBeUndefined()
    return
  }
  expect(answer.headers.get('Content-Type')).toStartWith('application/json')
  expectFitsContract(operation, status, answer.json)
}

function fails(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.json?.code }).toEqual({ status, code })
  expect(Object.keys(answer.json)).toEqual(['code', 'message'])
  expect(answer.json.message.length).toBeGreaterThan(1)
}

test('API version documents need no credentials', async () => {
  for (const [operation, path] of [
    ['ListApiVersions', '/'],
    ['ShowApiInfo', '/v2'],
  ] as const) {
    const response = await fetch(service.url + path)
    expect(response.status).toBe(200)
    expectFitsContract(operation, 200, await response.json())
  }
})

test('public and private zones: show, list, update, delete', async () => {
  for (const [kind, id] of [
    ['Public', zoneId],
    ['Private', privateZoneId],
  ] as const) {
    fits(`Show${kind}Zone`, await service.call('GET', `/v2/zones/${id}`), 200)
    fits(`List${kind}Zones`, await service.call('GET', `/v2/zones?type=${kind.toLowerCase()}&limit=1`), 200)
    fits(
      `Update${kind}Zone`,
      await service.call('PATCH', `/v2/zones/${id}`, { description: 'changed', ttl: 900 }),
      202,
    )
  }
  const made = await service.call('POST', '/v2/zones', { name: 'short-lived.example' })
  fits('DeletePublicZone', await service.call('DELETE', `/v2/zones/${made.json.id}`), 202)
  fails(await service.call('GET', `/v2/zones/${made.json.id}`), 404, 'DNS.0302')
})

for (const [version, names] of Object.entries({
  v2: [
    'CreateRecordSet',
    'ShowRecordSet',
    'UpdateRecordSet',
    'ListRecordSetsByZone',
    'ListRecordSets',
    'DeleteRecordSet',
  ],
  'v2.1': [
    'CreateRecordSetWithLine',
    'ShowRecordSetWithLine',
    'UpdateRecordSets',
    'ShowRecordSetByZone',
    'ListRecordSetsWithLine',
    'DeleteRecordSets',
  ],
})) {
  const [create, show, update, listOne, listAll, remove] = names as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  test(`record sets, ${version}: create, show, update, list, delete`, async () => {
    const base = `/${version}/zones/${zoneId}/recordsets`
    const name = `${version.replace('.', '-')}.contract.example.`
    const answer = await service.call('POST', base, {
      name,
      type: 'A',
      records: ['192.0.2.1', '192.0.2.2'],
      ttl: 60,
    })
    fits(create, answer, 202)
    expect(answer.json.status).toBe('PENDING_CREATE')
    const path = `${base}/${answer.json.id}`
    const shown = await service.call('GET', path)
    fits(show, shown, 200)
    expect(shown.json.status).toBe('ACTIVE')
    fits(update, await service.call('PUT', path, { name, type: 'A', records: ['192.0.2.3'], ttl: 120 }), 202)
    fits(listOne, await service.call('GET', `${base}?limit=2&name=${name}`), 200)
    fits(listAll, await service.call('GET', `/${version}/recordsets?type=A`), 200)
    fits(remove, await service.call('DELETE', path), 202)
    fails(await service.call('GET', path), 404, 'DNS.0313')
    fails(
      await service.call('POST', base, { name: 'elsewhere.test.', type: 'A', records: ['192.0.2.1'] }),
      400,
      'DNS.0304',
    )
    fails(await service.call('GET', `/${version}/zones/${UNKNOWN}/recordsets`), 404, 'DNS.0302')
    fails(await service.call('GET', `/${version}/zones/short/recordsets`), 400, 'DNS.0301')
    fails(await service.call('GET', `${base}/short`), 400, 'DNS.0309')
  })
}

test('batch-create-task: a duplicate ends as one error item with exactly the documented nine fields', async () => {
  const path = `/v2.1/zones/${zoneId}/recordsets/batch-create-task`
  await service.call('POST', `/v2.1/zones/${zoneId}/recordsets`, {
    name: 'www.contract.example.',
    type: 'A',
    records: ['192.168.10.1', '192.168.10.2'],
  })
  const accepted = await service.call('POST', path, {
    recordsets: [
      { name: 'www', type: 'A', records: ['192.168.10.1', '192.168.10.2'] },
      {
        name: 'new',
        type: 'A',
        records: ['192.168.10.3'],
        line: 'default_view',
        ttl: 300,
        weight: 1,
        status: 'ENABLE',
      },
    ],
  })
  fits('BatchCreateRecordSetsTask', accepted, 202)
  const done = await service.settled(path)
  fits('ShowBatchCreateRecordSetsTask', done, 200)
  expect(done.json).toEqual({
    task_id: accepted.json.task_id,
    status: 'DONE',
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/),
    updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/),
    total_count: 2,
    success_count: 1,
    error_count: 1,
    error_items: [
      {
        name: 'www.contract.example.',
        type: 'A',
        line: 'default_view',
        ttl: 300,
        weight: 1,
        records: ['192.168.10.1', '192.168.10.2'],
        status: 'ERROR',
        error_code: 'DNS.0312',
        error_message:
          'Duplicate record set exists. (name: www.contract.example., type: A, records: 192.168.10.1, 192.168.10.2).',
      },
    ],
  })
  const paged = async (query: string) => (await service.call('GET', `${path}?${query}`)).json
  expect((await paged('error_item_limit=0')).error_items).toEqual([])
  expect((await paged('error_item_offset=1')).error_items).toEqual([])
  expect((await paged('error_item_limit=1&error_item_offset=0')).error_items).toHaveLength(1)
  expect((await paged('error_item_limit=0')).error_count).toBe(1)
  fails(await service.call('GET', `${path}?error_item_limit=2001`), 400, 'DNS.0006')
  fails(await service.call('GET', `${path}?error_item_limit=x`), 400, 'DNS.0006')
  fails(await service.call('GET', `${path}?error_item_offset=-1`), 400, 'DNS.0017')
  fails(
    await service.call('POST', path, { recordsets: [{ type: 'A', records: ['192.0.2.1'] }] }),
    409,
    'DNS.0021',
  )
  fits('DeleteBatchCreateRecordSetsTask', await service.call('DELETE', path), 204)
  fails(await service.call('GET', path), 404, 'DNS.1304')
  fails(await service.call('DELETE', path), 404, 'DNS.1304')
})

test('batch-create-task refuses what is no batch at all', async () => {
  const path = `/v2.1/zones/${zoneId}/recordsets/batch-create-task`
  const item = { type: 'A', records: ['192.0.2.1'] }
  fails(await service.call('POST', path, { recordsets: Array(2001).fill(item) }), 400, 'DNS.0326')
  fails(await service.call('POST', path, { recordsets: [] }), 400, 'DNS.0002')
  fails(await service.call('POST', path, { recordsets: 'x' }), 400, 'DNS.0002')
  fails(await service.call('POST', path, {}), 400, 'DNS.0002')
  fails(await service.call('POST', path, new TextEncoder().encode('{"recordsets": [')), 400, 'DNS.0002')
  fails(await service.call('GET', path), 404, 'DNS.1304')
})

test('an unknown route, a missing token and a broken token answer in the gateway shape', async () => {
  const nowhere = await service.call('GET', '/v2/nowhere')
  expect(nowhere.status).toBe(404)
  expect(nowhere.json).toEqual({
    error_code: 'APIGW.0101',
    error_msg: expect.any(String),
    request_id: nowhere.headers.get('X-Request-Id'),
  })
  for (const headers of [{ 'X-Auth-Token': '' }, { 'X-Auth-Token': 'nonsense' }]) {
    const denied = await service.call('GET', '/v2/zones', undefined, headers)
    expect(denied.status).toBe(401)
    expect(denied.json.error_code).toBe('APIGW.0301')
  }
})
