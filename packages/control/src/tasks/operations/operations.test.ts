import { afterEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectFitsContract } from '../../http/contract-check.ts'
import { operationRoutes } from './routes.ts'
import { OperationList } from './schemas.ts'
import { type Operations, openOperations, TENANT } from './testing.ts'

let bed: Operations
let dataDir: string | undefined
afterEach(async () => {
  await bed.close()
  if (dataDir !== undefined) rmSync(dataDir, { recursive: true })
  dataDir = undefined
})

const names = (count: number, prefix = 'z') =>
  Array.from({ length: count }, (_, n) => `${prefix}${n}.example`)

async function list(query = ''): Promise<ReturnType<typeof OperationList.parse>> {
  const reply = await bed.call(operationRoutes, 'GET', `/v2.1/batch-operation-tasks${query}`)
  if (!('json' in reply)) throw new Error('no body')
  expectFitsContract('ListBatchOperationTasks', reply.status, reply.json)
  return OperationList.parse(reply.json)
}

describe('the queries', () => {
  test('show tasks as documented, newest first, and only those over many zones', async () => {
    bed = await openOperations()
    await bed.run('batch-create-zone', { zone_names: ['shop.example', 'com'] })
    const zone = await bed.zoneAt('shop.example.')
    await bed.engine.submit(TENANT, {
      kind: 'create_record_sets',
      zoneId: zone.id,
      items: [],
      params: {},
      createdBy: 'tester',
    })
    const set = { type: 'A', records: ['192.0.2.1'] }
    await bed.run('batch-create-recordset', { recordsets: [{ zone_name: 'shop.example', ...set }] })
    await bed.run('batch-create-combined-recordset', {
      zone_names: ['shop.example'],
      recordset_name_prefixes: ['www'],
      ...set,
    })
    await bed.run('batch-update-recordset', {
      zone_names: ['shop.example'],
      filter: { relation: 'OR', conditions: [{ condition: 'host_name', value: 'www' }] },
      update_info: { key: 'rr_value', values: ['192.0.2.9'] },
    })
    await bed.run('batch-delete-recordset', {
      zone_names: ['shop.example'],
      recordset_name_prefixes: ['www'],
    })
    await bed.insertReceiver()
    await bed.run('batch-transfer', { zone_names: ['shop.example'], target_user: 'b'.repeat(32) })

    const { tasks, metadata } = await list()
    expect(tasks.map((task) => task.type)).toEqual([
      'transfer',
      'delete',
      'batch_update_rs',
      'create',
      'import_recordset',
      'batch_create_zone',
    ])
    expect(metadata).toEqual({ total_count: 6 })
    const oldest = tasks.at(-1)!
    const { createdAt } = (await bed.store.findTask(TENANT, oldest.id))!
    expect(oldest).toEqual({
      id: oldest.id,
      type: 'batch_create_zone',
      status: 'DONE',
      created_at: new Date(createdAt).toISOString().slice(0, -1),
      success_count: 1,
      error_count: 1,
    })
    expect(await bed.show(oldest.id.toUpperCase())).toEqual({
      ...oldest,
      error_items: [{ item: 'com.', error_message: 'Invalid zone name.' }],
    })
    expect((await list('?limit=2&offset=1&marker=whatever')).tasks).toEqual(tasks.slice(1, 3))
    expect(await list('?limit=0')).toEqual({ tasks: [], metadata })
  })

  test('page the error items, at most and by default 500', async () => {
    bed = await openOperations()
    const id = await bed.submit('batch-delete-recordset', {
      zone_names: names(600),
      recordset_name_prefixes: [''],
    })
    await bed.finished(id)
    const whole = await bed.show(id)
    expect(whole).toMatchObject({ success_count: 0, error_count: 600 })
    expect(whole.error_items.map((error) => error.item)).toEqual(names(500).map((name) => `${name}.`))
    const rest = await bed.show(id, '?error_item_limit=3&error_item_offset=598')
    expect(rest.error_items.map((error) => error.item)).toEqual(['z598.example.', 'z599.example.'])
    expect((await bed.show(id, '?error_item_offset=2147483647')).error_items).toEqual([])
  })

  test.each([
    ['?limit=501', 'DNS.0006'],
    ['?limit=-1', 'DNS.0006'],
    ['?offset=x', 'DNS.0017'],
    ['/xyz', 'DNS.1304'],
    [`/${'0'.repeat(33)}`, 'DNS.1304'],
    [`/${'0'.repeat(32)}`, 'DNS.1304'],
    [`/${'0'.repeat(32)}?error_item_limit=501`, 'DNS.0006'],
    [`/${'0'.repeat(32)}?error_item_offset=2147483648`, 'DNS.0017'],
  ])('refuse %s with %s', async (query, code) => {
    bed = await openOperations()
    expect(bed.call(operationRoutes, 'GET', `/v2.1/batch-operation-tasks${query}`)).rejects.toThrow(code)
  })

  test('tell a malformed id from an unknown one, and know no task of a zone', async () => {
    bed = await openOperations()
    const zone = await bed.createZone('shop.example.')
    const inZone = await bed.engine.submit(TENANT, {
      kind: 'import_file',
      zoneId: zone.id,
      items: [],
      params: {},
      createdBy: 'tester',
    })
    const statusOf = (id: string) =>
      bed.show(id).catch((error: { failure: { status: number } }) => error.failure.status)
    expect(await statusOf('zz')).toBe(400)
    expect(await statusOf('0'.repeat(32))).toBe(404)
    expect(await statusOf(inZone.id)).toBe(404)
  })
})

describe('tasks of one account', () => {
  test('are worked off in the order in which they were submitted', async () => {
    bed = await openOperations({ isIdle: true, engine: { chunkItems: 5 } })
    const created = await bed.submit('batch-create-zone', { zone_names: names(30) })
    const filled = await bed.submit('batch-create-combined-recordset', {
      zone_names: names(30),
      recordset_name_prefixes: ['www'],
      type: 'A',
      records: ['192.0.2.1'],
    })
    const emptied = await bed.submit('batch-delete-recordset', {
      zone_names: names(30),
      recordset_name_prefixes: ['www'],
    })
    bed.engine.start()
    for (const id of [created, filled, emptied])
      expect(await bed.finished(id)).toMatchObject({ successCount: 30, errorCount: 0 })
    expect(await bed.setsOf('z29.example.')).toEqual([])
  })

  test('wait for an older one even where they would fit one transaction', async () => {
    bed = await openOperations({ engine: { chunkItems: 2 } })
    const first = await bed.submit('batch-create-zone', { zone_names: names(40) })
    const second = await bed.submit('batch-create-zone', { zone_names: ['z39.example'] })
    await bed.finished(second)
    expect((await bed.store.findTask(TENANT, first))!.status).toBe('DONE')
    expect((await bed.show(second)).error_items[0]!.error_message).toBe('This zone already exists.')
  })

  test('leave tasks of other kinds their turn on the same zones', async () => {
    bed = await openOperations({ engine: { chunkItems: 2 } })
    await bed.run('batch-create-zone', { zone_names: names(20) })
    const id = await bed.submit('batch-create-combined-recordset', {
      zone_names: names(20),
      recordset_name_prefixes: ['a', 'b'],
      type: 'A',
      records: ['192.0.2.1'],
    })
    const zone = await bed.zoneAt('z19.example.')
    const draft = {
      name: 'c.z19.example.',
      type: 'A',
      line: 'default_view',
      ttl: 300,
      weight: undefined,
      records: ['192.0.2.2'],
      status: 'ENABLE',
      description: null,
    }
    const inZone = await bed.engine.submit(TENANT, {
      kind: 'create_record_sets',
      zoneId: zone.id,
      items: [draft],
      params: {},
      createdBy: 'tester',
    })
    expect(inZone.status).toBe('DONE')
    await bed.finished(id)
    expect((await bed.setsOf('z19.example.')).length).toBe(3)
  })

  test('are made once for one idempotency key', async () => {
    bed = await openOperations()
    const body = { zone_names: ['shop.example'] }
    const key = { 'Idempotency-Key': 'order-17' }
    const id = await bed.submit('batch-create-zone', body, key)
    expect(await bed.submit('batch-create-zone', body, key)).toBe(id)
    expect(bed.submit('batch-create-zone', { zone_names: ['other.example'] }, key)).rejects.toThrow(
      'DNS.0002',
    )
  })

  test('are made once for two requests with one key at the same moment', async () => {
    let isHidden = false
    bed = await openOperations({
      engine: { chunkItems: 2 },
      wrapStore: (store) => ({
        ...store,
        transaction: (work) =>
          store.transaction((tx) =>
            work({
              ...tx,
              // As a task is that another node has not committed yet.
              findTaskByIdempotencyKey: async (...args) => {
                const wasHidden = isHidden
                isHidden = false
                return wasHidden ? undefined : tx.findTaskByIdempotencyKey(...args)
              },
            }),
          ),
      }),
    })
    for (const count of [1, 9]) {
      const key = { 'Idempotency-Key': `order-${count}` }
      const body = { zone_names: names(count, `x${count}-`) }
      const id = await bed.submit('batch-create-zone', body, key)
      isHidden = true
      expect(await bed.submit('batch-create-zone', body, key)).toBe(id)
      await bed.finished(id)
    }
    expect(await bed.store.countZones(TENANT, 'public')).toBe(10)
  })
})

describe('a task that was interrupted', () => {
  /** Runs `path` until some chunks are committed, then goes on in another process, as after SIGKILL. */
  async function interrupt(prepare: () => Promise<unknown>, path: string, body: object): Promise<string> {
    dataDir = mkdtempSync(join(tmpdir(), 'waymark-operations-'))
    const location = { dataDir }
    bed = await openOperations({ location, engine: { chunkItems: 5 } })
    await prepare()
    const id = await bed.submit(path, body)
    while ((await bed.store.findTask(TENANT, id))!.cursor === 0) await Bun.sleep(0)
    await bed.close()
    bed = await openOperations({ location, isIdle: true })
    const before = (await bed.store.findTask(TENANT, id))!
    expect(before.status).toBe('PENDING')
    expect(before.cursor).toBeGreaterThan(0)
    await bed.store.transaction((tx) => tx.leaseTask('dead', Date.now(), Date.now() + 9_000))
    bed.engine.start()
    await bed.finished(id)
    return id
  }
  const zone_names = names(200)
  const set = { type: 'A', records: ['192.0.2.1'] }
  const createZones = () => bed.run('batch-create-zone', { zone_names })
  const hosts = (count: number) => Array.from({ length: count }, (_, n) => `h${n}`)

  test('creates no zone twice', async () => {
    const id = await interrupt(async () => {}, 'batch-create-zone', { zone_names })
    expect(await bed.show(id)).toMatchObject({ success_count: 200, error_count: 0 })
    expect(await bed.store.countZones(TENANT, 'public')).toBe(200)
  })

  test('creates every record set of a combination once', async () => {
    const id = await interrupt(createZones, 'batch-create-combined-recordset', {
      ...{ zone_names: [...zone_names, 'gone.example'], recordset_name_prefixes: hosts(3) },
      ...set,
    })
    expect(await bed.show(id)).toMatchObject({ success_count: 600, error_count: 1 })
    expect(await bed.store.countRecordSets(TENANT)).toBe(600)
    expect((await bed.store.listTaskEffects(id)).length).toBe(600)
  })

  test('copies and moves every record set once', async () => {
    const prepare = async () => {
      await createZones()
      await bed.run('batch-create-combined-recordset', {
        zone_names,
        recordset_name_prefixes: ['www'],
        ...set,
      })
    }
    const id = await interrupt(prepare, 'batch-update-recordset', {
      zone_names,
      filter: { relation: 'OR', conditions: [{ condition: 'host_name', value: 'www' }] },
      update_info: { key: 'host_name', values: ['a', 'b'] },
    })
    expect(await bed.show(id)).toMatchObject({ success_count: 400, error_count: 0 })
    expect(await bed.setsOf('z0.example.')).toEqual([
      'a.z0.example. A 192.0.2.1',
      'b.z0.example. A 192.0.2.1',
    ])
    expect(await bed.store.countRecordSets(TENANT)).toBe(400)
  })
})

describe('a chunk that fails unexpectedly', () => {
  test('is worked off item by item, so that only the culprit gets an internal error', async () => {
    bed = await openOperations({
      wrapStore: (store) => ({
        ...store,
        transaction: (work) =>
          store.transaction((tx) =>
            work({
              ...tx,
              insertZones: async (zones) => {
                if (zones.some((zone) => zone.apex === 'z7.example.')) throw new Error('broken for the test')
                await tx.insertZones(zones)
              },
            }),
          ),
      }),
    })
    const id = await bed.submit('batch-create-zone', { zone_names: names(20) })
    expect(await bed.finished(id)).toMatchObject({ successCount: 19, errorCount: 1 })
    expect((await bed.show(id)).error_items).toEqual([
      { item: 'z7.example.', error_message: 'Internal error.' },
    ])
  })
})
