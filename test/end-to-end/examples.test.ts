/** The files of examples/ are what their script makes, and importing each gives the verdicts that they were written for. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Service, startService } from '../support/service.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const example = (name: string): Uint8Array => new Uint8Array(readFileSync(`${ROOT}examples/${name}`))

let service: Service

beforeAll(async () => {
  service = await startService()
}, 120_000)

afterAll(() => service?.stop())

/** A zone `shop.example.` of its own for one import. */
async function inNewZone(work: (zoneId: string) => Promise<void>): Promise<void> {
  const zone = await service.call('POST', '/v2/zones', { name: 'shop.example.' })
  expect(zone.status).toBe(202)
  try {
    await work(zone.json.id)
  } finally {
    await service.call('DELETE', `/v2/zones/${zone.json.id}`)
  }
}

const untilDone = async (path: string) => (await service.settled(path)).json

interface ErrorItem {
  readonly name: string
  readonly type: string
  readonly error_code: string
}

const verdicts = (task: { error_items: ErrorItem[] }): string[] =>
  task.error_items.map(({ name, type, error_code }) => `${name} ${type} ${error_code}`)

/** What is wrong with the last five record sets of the tables and of the JSON file. */
const FAULTS = [
  'www.shop.example. A DNS.0312',
  'blog.shop.example. A DNS.0308',
  'go.shop.example. A DNS.0806',
  'm.shop.example. A DNS.0312',
  'verify.shop.example. TXT DNS.0308',
]

test('the example files are as their script writes them', async () => {
  const child = Bun.spawn([process.execPath, `${ROOT}scripts/make-examples.ts`, '--check'], {
    stderr: 'inherit',
  })
  expect(await child.exited).toBe(0)
})

for (const name of ['shop.zh-cn.xlsx', 'shop.en-us.xlsx', 'shop.csv', 'shop.json']) {
  test(`${name} imports with the five faults that it has on purpose`, async () => {
    await inNewZone(async (zoneId) => {
      const path = `/waymark/v1/zones/${zoneId}/imports?name=${name}`
      const { status, json } = await service.call('POST', path, example(name))
      expect(status).toBe(202)
      const task = await untilDone(`/waymark/v1/tasks/${json.task_id}`)
      expect(task).toMatchObject({ total_count: 28, success_count: 23, error_count: 5 })
      expect(verdicts(task)).toEqual(FAULTS)
    })
  })
}

test('shop.json is a body for batch-create-task with the same verdicts', async () => {
  await inNewZone(async (zoneId) => {
    const path = `/v2.1/zones/${zoneId}/recordsets/batch-create-task`
    expect(
      (await service.call('POST', path, JSON.parse(new TextDecoder().decode(example('shop.json'))))).status,
    ).toBe(202)
    const task = await untilDone(path)
    expect(task).toMatchObject({ total_count: 28, success_count: 23, error_count: 5 })
    expect(verdicts(task)).toEqual(FAULTS)
  })
})

test('shop.zone imports with its five faults, and says that SOA and NS of the apex were left out', async () => {
  await inNewZone(async (zoneId) => {
    const path = `/waymark/v1/zones/${zoneId}/imports?name=shop.zone`
    const { json } = await service.call('POST', path, example('shop.zone'))
    const task = await untilDone(`/waymark/v1/tasks/${json.task_id}`)
    expect(task).toMatchObject({ total_count: 22, success_count: 17, error_count: 5 })
    expect(task.error_items.map((each: ErrorItem) => each.error_code)).toEqual([
      'DNS.0308',
      'DNS.0312',
      'DNS.0308',
      'DNS.0307',
      'DNS.0304',
    ])
    expect(task.notes.length).toBe(3)
  })
})

test('the failed items of an import come back as a file whose import fails in the same way', async () => {
  await inNewZone(async (zoneId) => {
    const imports = `/waymark/v1/zones/${zoneId}/imports`
    const first = await service.call('POST', `${imports}?format=csv`, example('shop.csv'))
    await untilDone(`/waymark/v1/tasks/${first.json.task_id}`)
    for (const format of ['csv', 'json']) {
      const failed = await service.call(
        'GET',
        `/waymark/v1/tasks/${first.json.task_id}/failed?format=${format}`,
      )
      expect(failed.status).toBe(200)
      const body = typeof failed.json === 'string' ? failed.json : JSON.stringify(failed.json)
      const again = await service.call('POST', `${imports}?format=${format}`, new TextEncoder().encode(body))
      expect(verdicts(await untilDone(`/waymark/v1/tasks/${again.json.task_id}`))).toEqual(FAULTS)
    }
  })
})
