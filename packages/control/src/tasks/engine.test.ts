import { afterEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyDrafts } from '../record-sets/apply.ts'
import type { RecordSetDraft } from '../record-sets/draft.ts'
import type { Store, Task, Tx, Zone, ZoneTaskKind } from '../store/store.ts'
import { openTestBed, TENANT, type TestBed, type TestBedOptions } from './testing.ts'

let bed: TestBed
let dataDir: string | undefined
afterEach(async () => {
  await bed.close()
  if (dataDir !== undefined) rmSync(dataDir, { recursive: true })
  dataDir = undefined
})

const open = async (options?: TestBedOptions): Promise<TestBed> => {
  bed = await openTestBed(options)
  return bed
}

const address = (zone: Zone, label: string, value = '192.0.2.1'): RecordSetDraft => ({
  name: `${label}.${zone.name}`,
  type: 'A',
  line: 'default_view',
  ttl: 300,
  weight: undefined,
  records: [value],
  status: 'ENABLE',
  description: null,
})
const addresses = (zone: Zone, count: number, prefix = 'h'): RecordSetDraft[] =>
  Array.from({ length: count }, (_, n) => address(zone, `${prefix}${n}`))

const submit = (zone: Zone, items: readonly unknown[], kind: ZoneTaskKind = 'import_file'): Promise<Task> =>
  bed.engine.submit(TENANT, {
    kind,
    zoneId: zone.id,
    items: kind === 'create_record_sets' ? items : items.map((draft, n) => ({ row: n + 1, draft })),
    params: {},
    createdBy: 'tester',
  })

/** A store whose transactions are preceded by `before` and followed by `after`, once they have committed. */
const hooked = (store: Store, before: (tx: Tx) => Tx, after: () => void = () => {}): Store => ({
  ...store,
  async transaction(work) {
    const result = await store.transaction((tx) => work(before(tx)))
    after()
    return result
  },
})

describe('the engine', () => {
  test('works off many chunks in order, later items seeing earlier ones of other chunks', async () => {
    await open({ engine: { chunkItems: 10 } })
    bed.engine.start()
    const zone = await bed.createZone('shop.example.')
    const items = addresses(zone, 95)
    items[57] = address(zone, 'h3')
    items[94] = address(zone, 'h94', 'bad')
    const task = await bed.finished((await submit(zone, items)).id)
    expect(task).toMatchObject({
      totalCount: 95,
      successCount: 93,
      errorCount: 2,
      cursor: 95,
      chunkCount: 10,
    })
    const errors = await bed.store.listTaskErrors(task.id, { limit: 10, offset: 0 })
    expect(errors.map(({ index, code }) => [index, code])).toEqual([
      [57, 'DNS.0312'],
      [94, 'DNS.0308'],
    ])
    const created = (await bed.recordSets(zone)).sort((a, b) => (a.id < b.id ? -1 : 1)).map((set) => set.name)
    expect(created).toEqual(items.filter((_, n) => n !== 57 && n !== 94).map((item) => item.name))
    expect(await bed.store.readTaskChunk(task.id, 0)).toBeUndefined()
  })

  test('appends one feed entry a chunk and keeps the last position in the task', async () => {
    await open({ engine: { chunkItems: 10 } })
    bed.engine.start()
    const zone = await bed.createZone('shop.example.')
    const task = await bed.finished((await submit(zone, addresses(zone, 30))).id)
    const entries = await bed.store.readFeed(0, 10)
    expect(entries.map(({ seq, serial }) => [seq, serial])).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
    ])
    expect(task.feedSeq).toBe(3)
  })

  test('keeps what each item did, so that the task can be undone', async () => {
    await open({ engine: { chunkItems: 2 } })
    bed.engine.start()
    const zone = await bed.createZone('shop.example.')
    const items = [address(zone, 'a'), address(zone, 'a'), address(zone, 'b'), address(zone, 'c')]
    const task = await bed.finished((await submit(zone, items)).id)
    const effects = await bed.store.listTaskEffects(task.id)
    const ids = new Map((await bed.recordSets(zone)).map((set) => [set.name, set.id]))
    const after = { updatedAt: null }
    expect(effects).toEqual([
      { index: 0, recordSetId: ids.get('a.shop.example.')!, before: null, after },
      { index: 2, recordSetId: ids.get('b.shop.example.')!, before: null, after },
      { index: 3, recordSetId: ids.get('c.shop.example.')!, before: null, after },
    ])
  })

  test('gives the verdicts of a dry run', async () => {
    await open({ engine: { chunkItems: 3 } })
    bed.engine.start()
    const zone = await bed.createZone('shop.example.')
    const drafts = [
      address(zone, 'a'),
      address(zone, 'a'),
      { ...address(zone, 'a'), type: 'CNAME', records: ['b.example.'] },
      address(zone, 'b', '192.0.2.256'),
      { ...address(zone, 'c'), line: 'Mars' },
      { ...address(zone, 'd'), weight: 2000 },
      address(zone, 'e'),
    ]
    const dry = await bed.store.transaction(async (tx) => {
      const locked = (await tx.lockZone(TENANT, zone.id))!
      return applyDrafts(tx, bed.context, locked, drafts, { door: 'batch', commit: false })
    })
    expect((await bed.recordSets(zone)).length).toBe(0)
    const task = await bed.finished((await submit(zone, drafts)).id)
    const errors = await bed.store.listTaskErrors(task.id, { limit: 10, offset: 0 })
    expect(errors.map(({ index, code, message }) => ({ index, code, message }))).toEqual(
      dry.verdicts.flatMap((verdict, index) =>
        verdict.ok ? [] : [{ index, code: verdict.failure.code, message: verdict.failure.message }],
      ),
    )
    expect(errors.length).toBe(5)
  })

  test('finishes a task without items at once', async () => {
    await open()
    bed.engine.start()
    const zone = await bed.createZone('shop.example.')
    expect(await submit(zone, [])).toMatchObject({ status: 'DONE', totalCount: 0 })
  })

  test('works on tasks of different zones side by side and on those of one zone in turn', async () => {
    const cursors: string[] = []
    await open({
      engine: { chunkItems: 10 },
      wrapStore: (store) =>
        hooked(store, (tx) => ({
          ...tx,
          updateTask: (task) => {
            cursors.push(`${task.createdBy} ${task.cursor}`)
            return tx.updateTask(task)
          },
        })),
    })
    const shop = await bed.createZone('shop.example.')
    const news = await bed.createZone('news.example.')
    const submitAs = (name: string, zone: Zone) =>
      bed.engine.submit(TENANT, {
        kind: 'import_file',
        zoneId: zone.id,
        items: addresses(zone, 30, name).map((draft, n) => ({ row: n, draft })),
        params: {},
        createdBy: name,
      })
    bed.engine.start()
    const tasks = await Promise.all([submitAs('s1', shop), submitAs('s2', shop), submitAs('n1', news)])
    for (const task of tasks) expect((await bed.finished(task.id)).successCount).toBe(30)
    const ofShop = cursors.filter((entry) => entry.startsWith('s'))
    expect(ofShop).toEqual(['s1 10', 's1 20', 's1 30', 's2 10', 's2 20', 's2 30'])
    expect(cursors.indexOf('n1 10')).toBeLessThan(cursors.indexOf('s1 30'))
  })

  test('lets other work run between chunks', async () => {
    await open({ engine: { chunkItems: 5 } })
    bed.engine.start()
    const zone = await bed.createZone('shop.example.')
    const { id } = await submit(zone, addresses(zone, 200))
    const seen = new Set<number>()
    for (;;) {
      const task = (await bed.store.findTask(TENANT, id))!
      seen.add(task.cursor)
      expect(task.successCount + task.errorCount).toBe(task.cursor)
      if (task.status === 'DONE') break
      await Bun.sleep(0)
    }
    expect(seen.size).toBeGreaterThan(3)
  })
})

describe('a task of one chunk', () => {
  test('is DONE when it is accepted, and its items are never written', async () => {
    let chunks = 0
    await open({
      wrapStore: (store) =>
        hooked(store, (tx) => ({
          ...tx,
          insertTask: (task, rows) => {
            chunks += rows.length
            return tx.insertTask(task, rows)
          },
        })),
    })
    bed.engine.start()
    const zone = await bed.createZone('shop.example.')
    const task = await submit(zone, [...addresses(zone, 3), address(zone, 'h1')])
    expect(task).toMatchObject({ status: 'DONE', successCount: 3, errorCount: 1, cursor: 4, feedSeq: 1 })
    expect(await bed.store.findTask(TENANT, task.id)).toEqual(JSON.parse(JSON.stringify(task)))
    expect((await bed.store.listTaskEffects(task.id)).map((effect) => effect.index)).toEqual([0, 1, 2])
    expect(chunks).toBe(0)
  })

  test('waits for an older task of its zone', async () => {
    await open({ engine: { chunkItems: 10 } })
    bed.engine.start()
    const zone = await bed.createZone('shop.example.')
    const first = await submit(zone, addresses(zone, 50))
    const second = await submit(zone, [address(zone, 'h49')])
    expect(second.status).toBe('PENDING')
    expect((await bed.finished(second.id)).errorCount).toBe(1)
    expect((await bed.finished(first.id)).errorCount).toBe(0)
  })

  test('that committed without anybody hearing of it is not made twice', async () => {
    let isLost = true
    await open({
      wrapStore: (store) =>
        hooked(
          store,
          (tx) => tx,
          () => {
            const wasLost = isLost
            isLost = false
            if (wasLost) throw new Error('connection lost after commit')
          },
        ),
    })
    const zone = await bed.createZone('shop.example.')
    isLost = false
    bed.engine.start()
    await Bun.sleep(5) // the first look for tasks is over
    isLost = true
    const task = await submit(zone, addresses(zone, 3), 'create_record_sets')
    expect(task).toMatchObject({ status: 'DONE', successCount: 3 })
    expect((await bed.store.listTasks(TENANT, {}, { limit: 10, offset: 0 })).total).toBe(1)
  })
})

describe('a task that is removed', () => {
  test('stops after the chunk in hand; what it created stays', async () => {
    await open({ engine: { chunkItems: 10 } })
    bed.engine.start()
    const zone = await bed.createZone('shop.example.')
    const { id } = await submit(zone, addresses(zone, 5_000))
    while ((await bed.store.findTask(TENANT, id))!.cursor === 0) await Bun.sleep(0)
    await bed.store.transaction((tx) => tx.removeTask(id))
    const created = (await bed.recordSets(zone)).length
    expect(created).toBeGreaterThan(0)
    expect(created).toBeLessThan(5_000)
    await bed.engine.stop()
    expect((await bed.recordSets(zone)).length).toBe(created)
  })

  test('with its zone leaves nothing behind and hinders no other task', async () => {
    await open({ engine: { chunkItems: 10 } })
    bed.engine.start()
    const zone = await bed.createZone('shop.example.')
    const { id } = await submit(zone, addresses(zone, 5_000))
    await bed.store.transaction((tx) => tx.removeZone(zone.id))
    expect(await bed.store.findTask(TENANT, id)).toBeUndefined()
    const other = await bed.createZone('news.example.')
    const task = await bed.finished((await submit(other, addresses(other, 5))).id)
    expect(task.successCount).toBe(5)
  })
})

describe('a task that was interrupted', () => {
  test('goes on at its cursor in the next process, without waiting for the lease of the dead one', async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'waymark-engine-'))
    await open({ location: { dataDir }, engine: { chunkItems: 10 } })
    bed.engine.start()
    const zone = await bed.createZone('shop.example.')
    const { id } = await submit(zone, addresses(zone, 500))
    while ((await bed.store.findTask(TENANT, id))!.cursor === 0) await Bun.sleep(0)
    await bed.close()
    await open({ location: { dataDir }, engine: { leaseMs: 3_600_000 } })
    const before = (await bed.store.findTask(TENANT, id))!
    expect(before.status).toBe('PENDING')
    // As a killed process leaves it: leased for some time to come, here for longer than this test may last.
    await bed.store.transaction((tx) => tx.leaseTask('dead', Date.now(), Date.now() + 3_500_000))
    bed.engine.start()
    const task = await bed.finished(id)
    expect(task).toMatchObject({ successCount: 500, errorCount: 0, cursor: 500 })
    expect((await bed.recordSets(zone)).length).toBe(500)
  })

  test('is found by polling when its lease has ended', async () => {
    await open({ engine: { pollMs: 5 } })
    const zone = await bed.createZone('shop.example.')
    const { id, status } = await submit(zone, addresses(zone, 5))
    expect(status).toBe('PENDING')
    bed.engine.start()
    expect((await bed.finished(id)).successCount).toBe(5)
  })

  test('is left alone once another worker has its lease', async () => {
    let steal: ((tx: Tx) => Promise<unknown>) | undefined
    await open({
      engine: { chunkItems: 10 },
      wrapStore: (store) =>
        hooked(store, (tx) => ({
          ...tx,
          renewLease: async (...args) => {
            const theft = steal
            steal = undefined
            await theft?.(tx)
            return tx.renewLease(...args)
          },
        })),
    })
    const zone = await bed.createZone('shop.example.')
    const { id } = await submit(zone, addresses(zone, 50))
    const far = Number.MAX_SAFE_INTEGER
    steal = (tx) => tx.leaseTaskById(id, 'other', far, far)
    bed.engine.start()
    while (steal !== undefined) await Bun.sleep(1)
    await bed.engine.stop()
    expect(await bed.store.findTask(TENANT, id)).toMatchObject({ status: 'PENDING', cursor: 0 })
    expect((await bed.recordSets(zone)).length).toBe(0)
  })
})

describe('a chunk that fails unexpectedly', () => {
  /** Makes the insertion of record sets throw whenever `isBad` says so of its rows. */
  const breaking = (isBad: (names: string[]) => boolean): TestBedOptions => ({
    engine: { chunkItems: 10 },
    wrapStore: (store) =>
      hooked(store, (tx) => ({
        ...tx,
        insertRecordSets: async (zoneId, rows) => {
          if (isBad(rows.map((row) => row.name))) throw new Error('broken for the test')
          await tx.insertRecordSets(zoneId, rows)
        },
      })),
  })

  test('is tried again until it works', async () => {
    let failures = 2
    await open(breaking(() => failures-- > 0))
    bed.engine.start()
    const zone = await bed.createZone('shop.example.')
    const task = await bed.finished((await submit(zone, addresses(zone, 25))).id)
    expect(task).toMatchObject({ successCount: 25, errorCount: 0 })
  })

  test('is worked off item by item, so that only the culprit gets an internal error', async () => {
    await open(breaking((names) => names.includes('h13.shop.example.')))
    bed.engine.start()
    const zone = await bed.createZone('shop.example.')
    const task = await bed.finished((await submit(zone, addresses(zone, 25))).id)
    expect(task).toMatchObject({ successCount: 24, errorCount: 1, cursor: 25 })
    const errors = await bed.store.listTaskErrors(task.id, { limit: 10, offset: 0 })
    expect(errors).toMatchObject([{ index: 13, code: 'DNS.0001', message: 'Internal error.' }])
    expect((await bed.recordSets(zone)).length).toBe(24)
  })

  test('is not applied twice when it had committed and only the answer was lost', async () => {
    let isLost = false
    let lostOnce = false
    await open({
      engine: { chunkItems: 10 },
      wrapStore: (store) =>
        hooked(
          store,
          (tx) => ({
            ...tx,
            updateTask: (task) => {
              isLost = task.cursor === 20 && !lostOnce
              return tx.updateTask(task)
            },
          }),
          () => {
            if (!isLost) return
            isLost = false
            lostOnce = true
            throw new Error('connection lost after commit')
          },
        ),
    })
    bed.engine.start()
    const zone = await bed.createZone('shop.example.')
    const task = await bed.finished((await submit(zone, addresses(zone, 30))).id)
    expect(lostOnce).toBe(true)
    expect(task).toMatchObject({ successCount: 30, errorCount: 0 })
    expect((await bed.store.listTaskEffects(task.id)).length).toBe(30)
  })
})

describe('the bulk slots of a zone', () => {
  test('exclude each other while one of them is PENDING', async () => {
    await open() // not started: tasks stay PENDING
    const zone = await bed.createZone('shop.example.')
    const exists = 'DNS.0021 A batch task already exists in this zone. Delete it before creating another one.'
    const batch = await submit(zone, addresses(zone, 2), 'create_record_sets')
    await expect(submit(zone, addresses(zone, 2), 'import_workbook')).rejects.toThrow(exists)
    await bed.store.transaction((tx) => tx.removeTask(batch.id))
    await submit(zone, addresses(zone, 2), 'import_workbook')
    await expect(submit(zone, addresses(zone, 2), 'create_record_sets')).rejects.toThrow(exists)
    await expect(submit(zone, addresses(zone, 2), 'import_workbook')).rejects.toThrow(exists)
  })

  test('are both free for a finished task of the other kind, and an import replaces a finished import', async () => {
    await open()
    bed.engine.start()
    const zone = await bed.createZone('shop.example.')
    await bed.finished((await submit(zone, addresses(zone, 2), 'create_record_sets')).id)
    const first = await submit(zone, addresses(zone, 2), 'import_workbook')
    await bed.finished(first.id)
    const second = await submit(zone, addresses(zone, 2), 'import_workbook')
    await bed.finished(second.id)
    expect(await bed.store.findTask(TENANT, first.id)).toBeUndefined()
  })
})
