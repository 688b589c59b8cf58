import { afterEach, describe, expect, test } from 'bun:test'
import { ApiError } from '../errors.ts'
import type { Reply } from '../http/route.ts'
import type { Zone } from '../store/store.ts'
import { openTestBed, type TestBed, type TestBedOptions } from '../tasks/testing.ts'
import { fileRoutes } from './file-routes.ts'
import { AnyTask, FileAccepted, TaskList } from './schemas.ts'

let bed: TestBed
let answeredUpTo = 0
const routes = fileRoutes((feedSeq) => feedSeq <= answeredUpTo)
afterEach(() => bed.close())

async function open(options?: TestBedOptions): Promise<void> {
  bed = await openTestBed(options)
  bed.engine.start()
  answeredUpTo = 0
}

const json = (reply: Reply): unknown => ('json' in reply ? reply.json : undefined)

async function importText(zone: Zone, format: string, text: string, headers?: Record<string, string>) {
  const body = new TextEncoder().encode(text)
  const path = `/waymark/v1/zones/${zone.id}/imports?format=${format}&name=shop.${format}`
  const reply = await bed.call(routes, 'POST', path, { body, headers })
  expect(reply.status).toBe(202)
  return FileAccepted.parse(json(reply))
}

const show = async (id: string, query = '') =>
  AnyTask.parse(json(await bed.call(routes, 'GET', `/waymark/v1/tasks/${id}${query}`)))

async function text(path: string): Promise<string> {
  const reply = await bed.call(routes, 'GET', path)
  if (!('bytes' in reply)) throw new Error('no octets')
  return new Response(reply.bytes as Bun.BodyInit).text()
}

async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason) => reason,
  )
  if (!(error instanceof ApiError)) throw error ?? new Error('was accepted')
  return `${error.failure.status} ${error.message}`
}

describe('a file import', () => {
  test('applies the good lines of a zone file and reports every fault with its line', async () => {
    await open()
    const zone = await bed.createZone('shop.example.')
    const { task_id: id, total_count } = await importText(
      zone,
      'zone',
      [
        '$TTL 300',
        'www 600 IN A 192.0.2.10',
        'bad IN A 192.0.2.999',
        'www 600 IN A 192.0.2.11',
        'alias IN CNAME www',
        'alias IN TXT "beside a CNAME"',
        '',
      ].join('\n'),
    )
    await bed.finished(id)
    const task = await show(id)
    expect(task).toMatchObject({
      id,
      kind: 'import_file',
      status: 'DONE',
      zone_id: zone.id,
      zone_name: 'shop.example.',
      total_count,
      success_count: 2,
      error_count: 2,
      answered: false,
      metadata: { total_count: 2 },
    })
    expect(task.error_items.map(({ row, error_code }) => [row, error_code])).toEqual([
      [3, 'DNS.0308'],
      [6, 'DNS.0312'],
    ])
    expect((await bed.recordSets(zone)).map(({ name, records }) => [name, records])).toEqual([
      ['alias.shop.example.', ['www.shop.example.']],
      ['www.shop.example.', ['192.0.2.10', '192.0.2.11']],
    ])
  })

  test('is answered once every edge has reached its last change', async () => {
    await open()
    const zone = await bed.createZone('shop.example.')
    const { task_id: id } = await importText(zone, 'csv', 'Domain Name,Type,Value\nwww,A,192.0.2.1\n')
    const { feedSeq } = await bed.finished(id)
    expect((await show(id)).answered).toBe(false)
    answeredUpTo = feedSeq
    expect((await show(id)).answered).toBe(true)
  })

  test('takes more items than the batch task, and pages its failed ones', async () => {
    await open()
    const zone = await bed.createZone('shop.example.')
    const rows = Array.from({ length: 5_000 }, (_, n) => `h${n},A,${n % 2 === 0 ? '192.0.2.1' : 'bad'}`)
    const { task_id: id } = await importText(zone, 'csv', ['Domain Name,Type,Value', ...rows].join('\n'))
    await bed.finished(id)
    const page = await show(id, '?error_item_limit=2&error_item_offset=2400')
    expect(page).toMatchObject({ total_count: 5000, success_count: 2500, error_count: 2500 })
    expect(page.error_items.map(({ index, row, name }) => [index, row, name])).toEqual([
      [4801, 4803, 'h4801.shop.example.'],
      [4803, 4805, 'h4803.shop.example.'],
    ])
  })

  test('gives its failed items as a file that can be mended and imported', async () => {
    await open()
    const zone = await bed.createZone('shop.example.')
    const items = [
      { name: 'a', type: 'A', records: ['192.0.2.1'] },
      { name: 'b', type: 'A', records: ['oops'], ttl: 60, status: 'DISABLE', description: 'b' },
    ]
    const { task_id: id } = await importText(zone, 'json', JSON.stringify({ recordsets: items }))
    await bed.finished(id)
    const failed = await text(`/waymark/v1/tasks/${id}/failed?format=json`)
    expect(JSON.parse(failed).recordsets).toMatchObject([
      { ...items[1], name: 'b.shop.example.', error_code: 'DNS.0308' },
    ])
    const again = await importText(zone, 'json', failed.replace('oops', '192.0.2.2'))
    expect((await bed.finished(again.task_id)).successCount).toBe(1)
    expect((await bed.recordSets(zone))[1]).toMatchObject({ ttl: 60, status: 'DISABLE', description: 'b' })
  })

  test('sent again with the same key gives the same task', async () => {
    await open()
    const zone = await bed.createZone('shop.example.')
    const key = { 'Idempotency-Key': 'a' }
    const first = await importText(zone, 'zone', 'www IN A 192.0.2.1\n', key)
    expect(await importText(zone, 'zone', 'www IN A 192.0.2.1\n', key)).toEqual(first)
    expect(await refusal(importText(zone, 'zone', 'www IN A 192.0.2.2\n', key))).toStartWith('400 DNS.0002')
  })

  test('is refused only where the file as a whole cannot be read', async () => {
    await open({ settings: { fileItems: 2 } })
    const zone = await bed.createZone('shop.example.')
    expect(await refusal(importText(zone, 'json', '{"recordsets": [}'))).toStartWith(
      '400 DNS.0002 Invalid request. Line 1, column 17: ',
    )
    expect(await refusal(importText(zone, 'xlsx', 'text'))).toStartWith(
      '400 DNS.1301 Failed to parse this upload file. ',
    )
    expect(await refusal(importText(zone, 'doc', 'text'))).toBe(
      '400 DNS.0002 Invalid request. The format must be one of xlsx, csv, json, zone.',
    )
    const three = 'a IN A 192.0.2.1\nb IN A 192.0.2.1\nc IN A 192.0.2.1\n'
    expect(await refusal(importText(zone, 'zone', three))).toContain('2')
  })
})

describe('tasks of any kind', () => {
  test('are listed newest first, by zone and status, and removed by id', async () => {
    await open()
    const shop = await bed.createZone('shop.example.')
    const news = await bed.createZone('news.example.')
    const ids: string[] = []
    for (const zone of [shop, news, shop]) {
      const { task_id } = await importText(zone, 'zone', `h${ids.length} IN A 192.0.2.1\n`)
      await bed.finished(task_id)
      ids.push(task_id)
    }
    const list = async (query = '') =>
      TaskList.parse(json(await bed.call(routes, 'GET', `/waymark/v1/tasks${query}`)))
    expect((await list()).tasks.map((task) => task.id)).toEqual(ids.toReversed())
    expect((await list(`?zone_id=${news.id}`)).tasks.map((task) => task.id)).toEqual([ids[1]!])
    expect((await list('?status=PENDING')).tasks).toEqual([])
    const second = await list('?limit=1&offset=1')
    expect(second.tasks.map((task) => task.id)).toEqual([ids[1]!])
    expect(second.metadata.total_count).toBe(3)
    expect(await bed.call(routes, 'DELETE', `/waymark/v1/tasks/${ids[1]}`)).toEqual({ status: 204 })
    expect(await refusal(show(ids[1]!))).toBe('404 DNS.1304 Invalid task ID.')
    expect((await bed.recordSets(news)).length).toBe(1)
  })
})

test('an export in every format but the zone file gives the same record sets when imported again', async () => {
  await open()
  const zone = await bed.createZone('shop.example.')
  const items = [
    { name: '', type: 'MX', records: ['5 mx1.shop.example.', '10 mx2.shop.example.'] },
    {
      name: 'www',
      type: 'A',
      records: ['192.0.2.1'],
      line: 'Abroad',
      weight: 7,
      ttl: 60,
      description: '"quoted", etc.',
    },
    { name: 't', type: 'TXT', records: ['"one" "two"'], status: 'DISABLE' },
  ]
  await bed.finished((await importText(zone, 'json', JSON.stringify(items))).task_id)
  const before = (await bed.recordSets(zone)).map((set) => ({ ...set, id: '', zoneId: '', createdAt: 0 }))
  expect(before.length).toBe(3)
  for (const format of ['csv', 'json']) {
    const exported = await text(`/waymark/v1/zones/${zone.id}/export?format=${format}`)
    const other = await bed.createZone(`${format}.example.`)
    const moved = exported.replaceAll('shop.example', `${format}.example`)
    await bed.finished((await importText(other, format, moved)).task_id)
    const after = (await bed.recordSets(other)).map((set) => ({ ...set, id: '', zoneId: '', createdAt: 0 }))
    const renamed = JSON.parse(JSON.stringify(before).replaceAll('shop.example', `${format}.example`))
    expect(after.map(({ rdatas, ...set }) => set)).toEqual(
      renamed.map(({ rdatas, ...set }: { rdatas: unknown }) => set),
    )
  }
})
