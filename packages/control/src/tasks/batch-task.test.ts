import { afterEach, describe, expect, test } from 'bun:test'
import { ApiError } from '../errors.ts'
import { expectFitsContract } from '../http/contract-check.ts'
import type { Reply } from '../http/route.ts'
import type { Zone, ZoneType } from '../store/store.ts'
import { batchTaskRoutes } from './routes.ts'
import { BatchTask } from './schemas.ts'
import { openTestBed, type TestBed, type TestBedOptions } from './testing.ts'

let bed: TestBed
afterEach(() => bed.close())

const open = async (options?: TestBedOptions): Promise<void> => {
  bed = await openTestBed(options)
  bed.engine.start()
}

const pathOf = (zone: Zone): string => `/v2.1/zones/${zone.id}/recordsets/batch-create-task`

const post = (zone: Zone, body: unknown, headers?: Record<string, string>): Promise<Reply> =>
  bed.call(batchTaskRoutes, 'POST', pathOf(zone), { body, headers })

async function submit(zone: Zone, recordsets: unknown[], headers?: Record<string, string>): Promise<string> {
  const reply = await post(zone, { recordsets }, headers)
  if (!('json' in reply)) throw new Error('no body')
  return (reply.json as { task_id: string }).task_id
}

async function show(zone: Zone, query = ''): Promise<ReturnType<typeof BatchTask.parse>> {
  const reply = await bed.call(batchTaskRoutes, 'GET', pathOf(zone) + query)
  if (!('json' in reply)) throw new Error('no body')
  expectFitsContract('ShowBatchCreateRecordSetsTask', reply.status, reply.json)
  return BatchTask.parse(reply.json)
}

/** Status, code and message of the refusal. */
async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    if (error instanceof ApiError) return `${error.failure.status} ${error.message}`
    throw error
  }
  throw new Error('was accepted')
}

const address = (name: string, value = '192.0.2.1') => ({ name, type: 'A', records: [value] })
const zoneOf = (type: ZoneType = 'public'): Promise<Zone> =>
  bed.createZone(type === 'public' ? 'shop.example.' : 'corp.internal.', type)

describe('a batch-create task', () => {
  test('reports a failed item in the documented form and keeps the others', async () => {
    await open()
    const zone = await zoneOf()
    const id = await submit(zone, [
      { name: 'www', type: 'A', records: ['192.0.2.10', '192.0.2.11'], ttl: 600, weight: 1 },
      { name: 'shop.example.', type: 'MX', records: ['5 mx1.shop.example.'] },
      { name: '', type: 'MX', records: ['10 mx2.shop.example.'] },
      { name: 'old', type: 'REDIRECT_URL', records: ['https://www.shop.example/new'] },
      { name: 'www', type: 'CNAME', records: ['cdn.example.net.'] },
    ])
    const task = await bed.finished(id)
    const { created_at, updated_at, ...shown } = await show(zone)
    expect(shown).toEqual({
      task_id: id,
      status: 'DONE',
      total_count: 4,
      success_count: 3,
      error_count: 1,
      error_items: [
        {
          name: 'www.shop.example.',
          type: 'CNAME',
          line: 'default_view',
          ttl: 300,
          weight: 1,
          records: ['cdn.example.net.'],
          status: 'ERROR',
          error_code: 'DNS.0312',
          error_message:
            "This record set name already exists.Conflicts with Record Set 'www.shop.example.' type 'A' in line 'default_view'.",
        },
      ],
    })
    expect(created_at).toBe(new Date(task.createdAt).toISOString().slice(0, -1))
    expect(updated_at >= created_at).toBe(true)
    const mail = (await bed.recordSets(zone)).find((set) => set.type === 'MX')
    expect(mail?.records).toEqual(['5 mx1.shop.example.', '10 mx2.shop.example.'])
    expect(mail?.weight).toBeNull()
  })

  test('fails the second of two equal items with the documented text', async () => {
    await open()
    const zone = await zoneOf()
    const item = { name: 'www', type: 'A', records: ['192.0.2.10', '192.0.2.11'] }
    await bed.finished(await submit(zone, [item, item]))
    const { error_items } = await show(zone)
    expect(error_items).toEqual([
      {
        name: 'www.shop.example.',
        type: 'A',
        line: 'default_view',
        ttl: 300,
        weight: 1,
        records: ['192.0.2.10', '192.0.2.11'],
        status: 'ERROR',
        error_code: 'DNS.0312',
        error_message:
          'Duplicate record set exists. (name: www.shop.example., type: A, records: 192.0.2.10, 192.0.2.11).',
      },
    ])
    expect(Object.keys(error_items[0]!)).toEqual([
      'name',
      'type',
      'line',
      'ttl',
      'weight',
      'records',
      'status',
      'error_code',
      'error_message',
    ])
  })

  test('shows no weight for MX items and for items of private zones that sent none', async () => {
    await open()
    const zone = await zoneOf('private')
    await bed.finished(
      await submit(zone, [address('a', 'no address'), { ...address('b', 'nor this'), weight: 7 }]),
    )
    expect((await show(zone)).error_items.map((item) => item.weight)).toEqual([null, 7])
    const open2 = await bed.createZone('news.example.')
    await bed.finished(await submit(open2, [{ name: '', type: 'MX', weight: 3, records: ['mx'] }]))
    expect((await show(open2)).error_items.map((item) => item.weight)).toEqual([null])
  })

  test('shows the text as sent where it makes no name', async () => {
    await open()
    const zone = await zoneOf()
    await bed.finished(await submit(zone, [address('www.other.example.'), address('a b')]))
    const { error_items } = await show(zone)
    expect(error_items.map(({ name, error_code }) => [name, error_code])).toEqual([
      ['www.other.example.', 'DNS.0304'],
      ['a b', 'DNS.0304'],
    ])
  })

  test('counts the characters of a description as a single creation does', async () => {
    await open()
    const zone = await zoneOf()
    await bed.finished(await submit(zone, [{ ...address('a'), description: '😀'.repeat(255) }]))
    expect(await show(zone)).toMatchObject({ success_count: 1, error_count: 0 })
  })

  test('takes names without final dot as prefixes, also when they look complete', async () => {
    await open()
    const zone = await zoneOf()
    const names = ['www', 'a.b', 'm.shop.example.', 'www.shop.example', '', '*', undefined]
    const items = names.map((name, n) => ({ ...address('', `192.0.2.${n}`), name, weight: 1 }))
    expect((await bed.finished(await submit(zone, items))).errorCount).toBe(0)
    const created = (await bed.recordSets(zone)).map((set) => set.name)
    expect(created.sort()).toEqual(
      [
        'www.shop.example.',
        'a.b.shop.example.',
        'm.shop.example.',
        'www.shop.example.shop.example.',
        'shop.example.',
        '*.shop.example.',
        'shop.example.',
      ].sort(),
    )
  })

  test('pages its error items and leaves the counters whole', async () => {
    await open()
    const zone = await zoneOf()
    const items = Array.from({ length: 30 }, (_, n) => address(`h${n}`, n % 3 === 0 ? `192.0.2.${n}` : 'bad'))
    await bed.finished(await submit(zone, items))
    const page = await show(zone, '?error_item_limit=4&error_item_offset=2')
    expect(page.error_items.map((item) => item.name)).toEqual(
      ['h4', 'h5', 'h7', 'h8'].map((h) => `${h}.shop.example.`),
    )
    expect([page.total_count, page.success_count, page.error_count]).toEqual([30, 10, 20])
    expect((await show(zone, '?error_item_limit=0')).error_items).toEqual([])
    expect((await show(zone, '?error_item_offset=20')).error_items).toEqual([])
    expect((await show(zone)).error_items.length).toBe(20)
  })

  test.each([
    ['error_item_limit=2001', '400 DNS.0006 The limit parameter is invalid.'],
    ['error_item_limit=-1', '400 DNS.0006 The limit parameter is invalid.'],
    ['error_item_limit=ten', '400 DNS.0006 The limit parameter is invalid.'],
    ['error_item_offset=2001', '400 DNS.0017 The offset parameter is invalid.'],
    ['error_item_offset=1.5', '400 DNS.0017 The offset parameter is invalid.'],
  ])('refuses the query %s', async (query, answer) => {
    await open()
    const zone = await zoneOf()
    await bed.finished(await submit(zone, [address('www')]))
    expect(await refusal(show(zone, `?${query}`))).toBe(answer)
  })

  test('blocks its zone while it exists, also when it is done', async () => {
    await open()
    const zone = await zoneOf()
    const id = await submit(zone, [address('www')])
    await bed.finished(id)
    expect(await refusal(post(zone, { recordsets: [address('m')] }))).toBe(
      '409 DNS.0021 A batch task already exists in this zone. Delete it before creating another one.',
    )
    expect((await show(zone)).task_id).toBe(id)
    expect(await bed.call(batchTaskRoutes, 'DELETE', pathOf(zone))).toEqual({ status: 204 })
    expect((await bed.finished(await submit(zone, [address('m')]))).successCount).toBe(1)
  })

  test('is replaced when done, where the setting says so', async () => {
    await open({ settings: { replaceFinishedTask: true } })
    const zone = await zoneOf()
    const first = await submit(zone, [address('www')])
    await bed.finished(first)
    const second = await submit(zone, [address('m')])
    expect((await show(zone)).task_id).toBe(second)
    expect(await bed.store.findTask(zone, first)).toBeUndefined()
  })

  test('is gone after its deletion, what it created stays', async () => {
    await open()
    const zone = await zoneOf()
    const gone = '404 DNS.1304 Invalid task ID.'
    expect(await refusal(show(zone))).toBe(gone)
    await bed.finished(await submit(zone, [address('www')]))
    await bed.call(batchTaskRoutes, 'DELETE', pathOf(zone))
    expect(await refusal(show(zone))).toBe(gone)
    expect(await refusal(bed.call(batchTaskRoutes, 'DELETE', pathOf(zone)))).toBe(gone)
    expect((await bed.recordSets(zone)).length).toBe(1)
  })

  test('gives the same task for the same idempotency key, and refuses the key for another body', async () => {
    await open()
    const zone = await zoneOf()
    const key = { 'Idempotency-Key': 'order-17' }
    const id = await submit(zone, [address('www')], key)
    expect(await submit(zone, [address('www')], key)).toBe(id)
    await bed.finished(id)
    expect(await submit(zone, [address('www')], key)).toBe(id)
    expect(await refusal(post(zone, { recordsets: [address('m')] }, key))).toBe(
      '400 DNS.0002 Invalid request. The Idempotency-Key stands for another request.',
    )
    expect((await bed.recordSets(zone)).length).toBe(1)
  })
})

describe('a batch body', () => {
  const items = (count: number) => Array.from({ length: count }, (_, n) => address(`h${n}`))
  const records = (values: unknown) => ({
    recordsets: [address('ok'), { ...address('www'), records: values }],
  })
  const field = (fields: object) => ({ recordsets: [address('ok'), { ...address('www'), ...fields }] })

  test.each([
    ['nothing', undefined, 'DNS.0002 Invalid request. (recordsets)'],
    ['an array', [], 'DNS.0002 Invalid request. (recordsets)'],
    ['no items', { recordsets: [] }, 'DNS.0002 Invalid request. (recordsets)'],
    [
      'too many items',
      { recordsets: items(2001) },
      'DNS.0326 The batch number has been out of MAX count. The maximum is 2000.',
    ],
    ['an item that is no object', { recordsets: ['www'] }, 'DNS.0002 Invalid request. (recordsets[0])'],
    ['a number as name', field({ name: 5 }), 'DNS.0304 Invalid record set name. (recordsets[1].name)'],
    [
      'a long name',
      field({ name: 'a'.repeat(255) }),
      'DNS.0304 Invalid record set name. (recordsets[1].name)',
    ],
    ['no type', field({ type: null }), 'DNS.0307 Invalid record set type. (recordsets[1].type)'],
    [
      'a long type',
      field({ type: 'A'.repeat(21) }),
      'DNS.0307 Invalid record set type. (recordsets[1].type)',
    ],
    ['a text as TTL', field({ ttl: '300' }), 'DNS.0303 Invalid record set TTL value. (recordsets[1].ttl)'],
    [
      'a TTL of 0',
      field({ ttl: 0 }),
      'DNS.0319 The TTL parameter has been out of range. (recordsets[1].ttl)',
    ],
    [
      'a TTL of 2^31',
      field({ ttl: 2 ** 31 }),
      'DNS.0319 The TTL parameter has been out of range. (recordsets[1].ttl)',
    ],
    [
      'a weight of 1001',
      field({ weight: 1001 }),
      'DNS.0323 The weight must range from 0 to 1000. (recordsets[1].weight)',
    ],
    [
      'a text as weight',
      field({ weight: '1' }),
      'DNS.0323 The weight must range from 0 to 1000. (recordsets[1].weight)',
    ],
    ['a malformed line', field({ line: 'a b' }), 'DNS.1601 Invalid line ID. (recordsets[1].line)'],
    ['a long status', field({ status: 'A'.repeat(11) }), 'DNS.0315 Invalid status. (recordsets[1].status)'],
    [
      'a long description',
      field({ description: 'd'.repeat(256) }),
      'DNS.0305 Invalid record set description. The description can contain a maximum of 255 characters. (recordsets[1].description)',
    ],
    ['no values', records([]), 'DNS.0308 Invalid record set value. recordsets[1].records is null or empty.'],
    [
      '101 values',
      records(Array(101).fill('192.0.2.1')),
      'DNS.0308 Invalid record set value. recordsets[1].records has more than 100 values.',
    ],
    [
      'a text as values',
      records('192.0.2.1'),
      'DNS.0308 Invalid record set value. recordsets[1].records must be an array of strings.',
    ],
    [
      'a number as value',
      records([1]),
      'DNS.0308 Invalid record set value. recordsets[1].records[0] must be a string of 1 to 4096 characters.',
    ],
    [
      'an empty value',
      records(['']),
      'DNS.0308 Invalid record set value. recordsets[1].records[0] must be a string of 1 to 4096 characters.',
    ],
  ])('with %s is refused at once and makes no task', async (_, body, answer) => {
    await open()
    const zone = await zoneOf()
    expect(await refusal(post(zone, body))).toBe(`400 ${answer}`)
    expect(await refusal(show(zone))).toBe('404 DNS.1304 Invalid task ID.')
  })

  test('may have null in optional fields', async () => {
    await open()
    const zone = await zoneOf()
    const item = {
      ...address('www'),
      line: null,
      ttl: null,
      weight: null,
      status: null,
      description: null,
      tags: 1,
    }
    expect((await bed.finished(await submit(zone, [item]))).successCount).toBe(1)
    expect((await bed.recordSets(zone))[0]).toMatchObject({
      ttl: 300,
      line: 'default_view',
      weight: 1,
      status: 'ACTIVE',
    })
  })

  test('leaves to the items what only the zone can tell', async () => {
    await open()
    const zone = await zoneOf()
    await bed.finished(
      await submit(zone, [
        { ...address('a'), line: 'Mars' },
        { ...address('b'), status: 'ON' },
        { name: 'c', type: 'PTR', records: ['x.example.'] },
        { name: 'd', type: 'CNAME', records: ['d.shop.example.'] },
        { ...address('e'), status: 'DISABLE' },
      ]),
    )
    const { error_items, success_count } = await show(zone)
    expect(error_items.map((item) => item.error_code)).toEqual([
      'DNS.0806',
      'DNS.0315',
      'DNS.0307',
      'DNS.0308',
    ])
    expect(success_count).toBe(1)
  })

  test('for an unknown zone gets 404', async () => {
    await open()
    const zone = { ...(await zoneOf()), id: '0'.repeat(32) }
    const unknown = '404 DNS.0302 This zone does not exist.'
    expect(await refusal(post(zone, { recordsets: [address('www')] }))).toBe(unknown)
    expect(await refusal(show(zone))).toBe(unknown)
  })
})
