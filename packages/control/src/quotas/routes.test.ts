import { afterEach, expect, test } from 'bun:test'
import { ApiError } from '../errors.ts'
import { expectFitsContract } from '../http/contract-check.ts'
import { createRecordSet } from '../record-sets/record-sets.ts'
import { recordSet } from '../store/samples.ts'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { createZone } from '../zones/zones.ts'
import { quotaRoutes } from './routes.ts'

let bed: TestBed
afterEach(() => bed.close())

const PATH = '/v2/quotamg/dns/quotas'
const VPC = { router_id: '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d11', router_region: 'region-a' }

async function show(query: string): Promise<{ key: string; limit: number; used: number }[]> {
  const { json } = (await bed.call(quotaRoutes, 'GET', PATH + query)) as {
    json: { quotas: { quota_key: string; quota_limit: number; used: number; unit: string }[] }
  }
  expectFitsContract('ShowDomainQuota', 200, json)
  for (const { unit } of json.quotas) expect(unit).toBe('count')
  return json.quotas.map(({ quota_key: key, quota_limit: limit, used }) => ({ key, limit, used }))
}

test('all ten quotas are shown with what the account uses, over all its projects', async () => {
  bed = await openTestBed({ settings: { zoneQuota: 50, recordSetQuota: 500, customLineQuota: 7 } })
  const other = { ...TENANT, projectId: 'f'.repeat(32) }
  const zone = await createZone(bed.context, TENANT, { name: 'shop.example' })
  for (const tenant of [TENANT, other]) {
    await createZone(bed.context, tenant, {
      name: `${tenant.projectId}.`,
      zone_type: 'private',
      router: VPC,
    })
  }
  const body = { name: 'www.shop.example.', type: 'A', records: ['192.0.2.1'] }
  await createRecordSet(bed.context, TENANT, zone.id, body, 'v2.1')
  const url = recordSet(zone, { id: bed.context.newId(), owner: 'go.shop.example.', type: 'REDIRECT_URL' })
  await bed.store.transaction((tx) => tx.insertRecordSets(zone.id, [url]))

  const unlimited = 2147483647
  expect(await show(`?domain_id=${TENANT.domainId}`)).toEqual([
    { key: 'zone', limit: 50, used: 1 },
    { key: 'private_zone', limit: 50, used: 2 },
    { key: 'record_set', limit: 500, used: 2 },
    { key: 'url_record', limit: unlimited, used: 1 },
    { key: 'ptr_record', limit: unlimited, used: 0 },
    { key: 'custom_line', limit: 7, used: 0 },
    { key: 'line_group', limit: expect.any(Number), used: 0 },
    { key: 'inbound_endpoint', limit: unlimited, used: 0 },
    { key: 'outbound_endpoint', limit: unlimited, used: 0 },
    { key: 'resolver_rule', limit: unlimited, used: 0 },
  ])
})

test('the account has to be named, and to be the own one', async () => {
  bed = await openTestBed()
  const failureOf = async (query: string) => {
    try {
      await show(query)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return [error.failure.status, error.failure.code]
    }
  }
  expect(await failureOf('')).toEqual([400, 'DNS.0311'])
  expect(await failureOf('?domain_id=a-b')).toEqual([400, 'DNS.0311'])
  expect(await failureOf(`?domain_id=${'a'.repeat(33)}`)).toEqual([400, 'DNS.0311'])
  expect(await failureOf(`?domain_id=${'a'.repeat(32)}`)).toEqual([401, 'DNS.0005'])
})
