// needs: dig
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Service, startService } from '../support/service.ts'
import { until } from '../support/until.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
}, 120_000)
afterAll(() => service?.stop())

const zones = Array.from({ length: 40 }, (_, n) => `zone${n}.example`)
/** Some of them, near and far. */
const asked = [zones[0]!, zones[17]!, zones[39]!]

async function dig(name: string, type = 'A'): Promise<string[]> {
  const command = [
    'dig',
    '+short',
    '+tries=2',
    '+time=2',
    '-p',
    `${service.dnsPort}`,
    '@127.0.0.1',
    name,
    type,
  ]
  const text = await new Response(Bun.spawn(command, { stderr: 'ignore' }).stdout).text()
  return text.trim().split('\n').filter(Boolean).sort()
}

/** Runs a task until it is DONE and answered by the edge. */
async function run(path: string, body: object): Promise<{ good: number; failed: string[] }> {
  const submitted = await service.call('POST', `/v2.1/operation-task/${path}`, body)
  expect([submitted.status, submitted.json.message]).toEqual([202, undefined])
  const id = submitted.json.task_id
  await until(true, async () => (await service.call('GET', `/waymark/v1/tasks/${id}`)).json.answered)
  const { json: task } = await service.call('GET', `/v2.1/batch-operation-tasks/${id}`)
  const failed = task.error_items.map((error: { item: string }) => error.item)
  return { good: task.success_count, failed }
}

test('record sets over many zones are answered as they are created, changed, moved and deleted', async () => {
  expect(await run('batch-create-zone', { zone_names: [...zones, 'com'] })).toEqual({
    good: zones.length,
    failed: ['com.'],
  })
  for (const zone of asked) expect((await dig(zone, 'NS')).length).toBeGreaterThan(0)

  const recordsets = zones.map((zone_name, n) => ({
    zone_name,
    name: 'www',
    type: 'A',
    records: [`192.0.2.${n}`],
  }))
  expect(await run('batch-create-recordset', { recordsets })).toEqual({ good: zones.length, failed: [] })
  expect(await dig(`www.${zones[17]}`)).toEqual(['192.0.2.17'])

  const combined = {
    zone_names: [...zones, 'gone.example'],
    recordset_name_prefixes: ['', '*'],
    type: 'TXT',
    records: ['"one"', '"two"'],
  }
  expect(await run('batch-create-combined-recordset', combined)).toEqual({
    good: zones.length * 2,
    failed: ['gone.example.'],
  })
  for (const zone of asked) {
    expect(await dig(zone, 'TXT')).toEqual(['"one"', '"two"'])
    expect(await dig(`any.${zone}`, 'TXT')).toEqual(['"one"', '"two"'])
  }

  const atWww = { relation: 'OR', conditions: [{ condition: 'host_name', value: 'www' }] }
  const values = { key: 'rr_value', values: ['198.51.100.1', '198.51.100.2'] }
  const update = { zone_names: zones, filter: atWww }
  expect(await run('batch-update-recordset', { ...update, update_info: values })).toEqual({
    good: zones.length,
    failed: [],
  })
  for (const zone of asked) expect(await dig(`www.${zone}`)).toEqual(values.values)

  const hosts = { key: 'host_name', values: ['web', 'm'] }
  expect((await run('batch-update-recordset', { ...update, update_info: hosts })).good).toBe(zones.length * 2)
  for (const zone of asked) {
    expect(await dig(`web.${zone}`)).toEqual(values.values)
    expect(await dig(`m.${zone}`)).toEqual(values.values)
    expect(await dig(`www.${zone}`)).toEqual([])
  }

  const deletion = { zone_names: zones, recordset_name_prefixes: ['web', '*', ''] }
  expect(await run('batch-delete-recordset', deletion)).toEqual({ good: zones.length * 3, failed: [] })
  for (const zone of asked) {
    expect(await dig(`web.${zone}`)).toEqual([])
    expect(await dig(`any.${zone}`, 'TXT')).toEqual([])
    expect(await dig(zone, 'TXT')).toEqual([])
    expect(await dig(`m.${zone}`)).toEqual(values.values)
    expect((await dig(zone, 'NS')).length).toBeGreaterThan(0)
  }

  const { json: list } = await service.call('GET', '/v2.1/batch-operation-tasks?limit=2')
  expect(list.metadata.total_count).toBe(6)
  expect(list.tasks.map((task: { type: string }) => task.type)).toEqual(['delete', 'batch_update_rs'])
}, 120_000)
