import { afterEach, beforeEach, expect, test } from 'bun:test'
import { ApiError } from '../errors.ts'
import { expectFitsContract } from '../http/contract-check.ts'
import { createAddress } from '../networks/addresses.ts'
import { tagRoutes } from '../tags/routes.ts'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { createPtr } from './ptrs.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of answers are looked into
type Json = any

let bed: TestBed
let ids: readonly [own: string, ofAddress: string]
const AT = `/v2/${TENANT.projectId}/DNS-ptr_record`

beforeEach(async () => {
  bed = await openTestBed()
  await bed.store.transaction(async (tx) => {
    await tx.insertAccount({ id: TENANT.domainId, name: 'lab', enabled: true })
    const project = { id: TENANT.projectId, domainId: TENANT.domainId, name: 'region-a', enabled: true }
    await tx.insertProject(project)
  })
  const address = await createAddress(bed.context, TENANT, { address: '203.0.113.25' })
  const ref = { region: 'region-a', addressId: address.id }
  const input = { names: ['a.example.'], ttl: undefined, description: undefined, tags: [] }
  const ptr = await createPtr(bed.context, TENANT, ref, { ...input, enterpriseProjectId: undefined })
  ids = [ptr.id, `region-a:${address.id}`]
})
afterEach(() => bed.close())

async function call(method: string, path: string, body?: object): Promise<{ status: number; json?: Json }> {
  try {
    return (await bed.call(tagRoutes, method, AT + path, { body })) as { status: number; json?: Json }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { status: error.failure.status, json: error.failure }
  }
}

test('tags of a record are the same by either of its ids', async () => {
  const [own, ofAddress] = ids
  const tags = [
    { key: 'env', value: 'prod' },
    { key: 'team', value: '' },
  ]
  expect((await call('POST', `/${ofAddress}/tags/action`, { action: 'create', tags })).status).toBe(204)
  for (const id of ids) {
    const { json } = await call('GET', `/${id}/tags`)
    expectFitsContract('ShowResourceTag', 200, json)
    expect(json).toEqual({ tags })
  }
  expect((await call('DELETE', `/${own}/tags/team`)).status).toBe(204)
  expect((await call('GET', '/tags')).json).toEqual({ tags: [{ key: 'env', values: ['prod'] }] })
  const search = { action: 'filter', tags: [{ key: 'env', values: ['prod'] }] }
  expect((await call('POST', '/resource_instances/action', search)).json).toMatchObject({
    resources: [{ resource_id: own, resource_name: '203.0.113.25' }],
    total_count: 1,
  })
  const none = { action: 'count', matches: [{ key: 'resource_name', value: '203.0.113.26' }] }
  expect((await call('POST', '/resource_instances/action', none)).json).toEqual({ total_count: 0 })
})

test('a record that is not there has no tags', async () => {
  for (const [id, code] of [
    ['0'.repeat(32), 'DNS.0507'],
    [ids[1].replace('region-a', 'region-b'), 'DNS.0507'],
    ['region-a:x', 'DNS.0504'],
  ]) {
    expect((await call('GET', `/${id}/tags`)).json.code).toBe(code)
    const body = { tag: { key: 'k', value: 'v' } }
    expect((await call('POST', `/${id}/tags`, body)).json.code).toBe(code)
  }
})
