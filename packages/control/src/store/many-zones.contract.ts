import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { recordSet, task, zone } from './samples.ts'
import { RowExists, RowMissing, type Store, type Tenant, type Tx, type Zone } from './store.ts'

/** What every engine must do with many zones at once. `openEmpty` opens a store without a schema; each call another one. */
export function manyZonesContract(openEmpty: () => Promise<Store>): void {
  let store: Store
  /** Each test works in an account of its own. */
  let tenant: Tenant
  let lastId = 0
  const newId = () => (++lastId).toString(16).padStart(32, '0')
  const write = <T>(work: (tx: Tx) => Promise<T>) => store.transaction(work)
  const newZone = (special: Partial<Zone> = {}): Zone => {
    const id = newId()
    return zone({ id, apex: `z${id}.example.`, ...tenant, ...special })
  }
  const ids = (rows: readonly { readonly id: string }[]) => rows.map((row) => row.id).sort()

  beforeAll(async () => {
    store = await openEmpty()
    await store.migrate()
  })
  afterAll(() => store.close())
  beforeEach(() => {
    tenant = { domainId: newId(), projectId: newId() }
  })

  describe('many zones', () => {
    test('go in at once and are found by their apexes, of any account, public ones only', async () => {
      const mine = newZone({ tags: [{ key: 'k', value: 'ü' }], recordCount: 9, updatedAt: 7 })
      const foreign = newZone({ domainId: newId() })
      const inner = newZone({ zoneType: 'private', proxyPattern: 'AUTHORITY' })
      await write((tx) => tx.insertZones([mine, foreign, inner]))
      expect(await store.findZone(tenant, mine.id)).toEqual({ ...mine, recordCount: 0 })
      expect(await store.findZone(tenant, inner.id)).toEqual(inner)
      const apexes = [mine.apex, foreign.apex, inner.apex, 'nowhere.example.']
      expect(ids(await store.publicZonesAt(apexes))).toEqual(ids([mine, foreign]))
      expect(await store.publicZonesAt([])).toEqual([])
      expect(write((tx) => tx.insertZones([newZone(), newZone({ apex: mine.apex })]))).rejects.toThrow(
        RowExists,
      )
      expect(await store.countZones(tenant, 'public')).toBe(1)
    })

    test('are locked by their apexes if they are public and the tenant’s', async () => {
      const zones = [newZone(), newZone(), newZone({ domainId: newId() }), newZone({ zoneType: 'private' })]
      await write((tx) => tx.insertZones(zones))
      const locked = await write((tx) =>
        tx.lockPublicZones(
          tenant,
          zones.map(({ apex }) => apex),
        ),
      )
      expect(ids(locked)).toEqual(ids(zones.slice(0, 2)))
      expect(await write((tx) => tx.lockPublicZones(tenant, ['nowhere.example.']))).toEqual([])
    })

    test('that several lock in different orders keep nobody waiting for ever, and no change gets lost', async () => {
      const zones = Array.from({ length: 8 }, () => newZone())
      await write((tx) => tx.insertZones(zones))
      const apexes = zones.map(({ apex }) => apex)
      const raise = (order: readonly string[]) =>
        write(async (tx) => {
          const locked = await tx.lockPublicZones(tenant, order)
          await Bun.sleep(1)
          await tx.updateZoneVersions(
            locked.map((each) => ({ ...each, serial: each.serial + 1, revision: each.revision + 2 })),
          )
        })
      await Promise.all([
        raise(apexes),
        raise(apexes.toReversed()),
        raise(apexes),
        raise(apexes.toReversed()),
      ])
      for (const each of zones)
        expect(await store.findZone(tenant, each.id)).toEqual({ ...each, serial: 5, revision: 9 })
      expect(write((tx) => tx.updateZoneVersions([newZone()]))).rejects.toThrow(RowMissing)
    })

    test('get record sets, change and lose them, each keeping its count', async () => {
      const [a, b, c] = [newZone(), newZone(), newZone()] as const
      const sets = [a, b, a].map((home, n) =>
        recordSet(home, { id: newId(), owner: `h${n}.x.${home.apex}`, name: `Ü${n}.x.${home.apex}` }),
      )
      await write(async (tx) => {
        await tx.insertZones([a, b, c])
        await tx.insertRecordSetsInZones(sets)
        await tx.insertRecordSetsInZones([])
      })
      const counts = async () => {
        const found = await store.publicZonesAt([a.apex, b.apex, c.apex])
        return [a, b, c].map((home) => found.find(({ id }) => id === home.id)!.recordCount)
      }
      expect(await counts()).toEqual([2, 1, 0])
      for (const set of sets) expect(await store.findRecordSet(tenant, set.zoneId, set.id)).toEqual(set)

      const moved = sets.slice(1).map((set) => ({ ...set, owner: `y.${set.owner}`, ttl: 7, rdatas: null }))
      await write((tx) => tx.updateRecordSetsInZones(moved))
      expect(await counts()).toEqual([2, 1, 0])
      for (const set of moved) expect(await store.findRecordSet(tenant, set.zoneId, set.id)).toEqual(set)
      expect(await store.hasOwnersBelow(b.id, `h1.x.${b.apex}`)).toBe(true)

      await write((tx) => tx.removeRecordSetsInZones([sets[0]!, moved[0]!]))
      expect(await counts()).toEqual([1, 0, 0])
      expect(await store.recordSetsInOrder(b.id, undefined, 9)).toEqual([])
    })

    test('refuse record sets that are gone, and those of zones that are', async () => {
      const home = newZone()
      await write((tx) => tx.insertZone(home))
      const set = recordSet(home, { id: newId(), owner: home.apex })
      const stray = recordSet(newZone(), { id: newId(), owner: 'www.example.' })
      for (const change of [
        (tx: Tx) => tx.insertRecordSetsInZones([set, stray]),
        (tx: Tx) => tx.updateRecordSetsInZones([set]),
        (tx: Tx) => tx.removeRecordSetsInZones([set]),
      ])
        expect(write(change)).rejects.toThrow(RowMissing)
      expect((await store.findZone(tenant, home.id))!.recordCount).toBe(0)
    })

    test('are asked for owners in one go', async () => {
      const [a, b] = [newZone(), newZone()] as const
      const at = (home: Zone, label: string) =>
        recordSet(home, { id: newId(), owner: `${label}.${home.apex}`, line: label })
      const sets = [at(a, 'www'), at(a, 'www'), at(a, 'm'), at(b, 'www'), at(b, 'm')]
      await write(async (tx) => {
        await tx.insertZones([a, b])
        await tx.insertRecordSetsInZones(sets)
      })
      const found = await store.recordSetsInZones([
        { zoneId: a.id, owners: [`www.${a.apex}`, `www.${b.apex}`, `none.${a.apex}`] },
        { zoneId: b.id, owners: [`m.${b.apex}`] },
        { zoneId: newId(), owners: [`m.${b.apex}`] },
      ])
      const byId = (x: { id: string }, y: { id: string }) => (x.id < y.id ? -1 : 1)
      expect(found.sort(byId)).toEqual([sets[0]!, sets[1]!, sets[4]!])
      expect(await store.recordSetsInZones([])).toEqual([])
    })

    test('append their entries to the log together, numbered in order', async () => {
      const before = (await store.feedBounds()).newest
      const entry = (n: number) => ({ zoneId: newId(), serial: n, payload: Uint8Array.of(n, 255 - n) })
      const entries = [entry(1), entry(2), entry(3)]
      let heard = 0
      const stop = store.onFeed(() => heard++)
      expect(await write((tx) => tx.appendFeedEntries([]))).toBe(0)
      expect(heard).toBe(0)
      expect(await write((tx) => tx.appendFeedEntries(entries))).toBe(before + 3)
      expect(heard).toBeGreaterThan(0)
      stop()
      expect(await store.readFeed(before, 9)).toEqual(
        entries.map((each, n) => ({ ...each, seq: before + n + 1 })),
      )
    })
  })

  describe('operation tasks', () => {
    const page = { limit: 9, offset: 0 }
    const operation = (special: Partial<Parameters<typeof task>[0]> = {}) =>
      task({ ...tenant, kind: 'create_zones', zoneId: null, ...special, id: special.id ?? newId() })

    test('have no zone and are seen by every project of their account', async () => {
      const home = newZone()
      const work = operation({ itemCount: 7, status: 'DONE' })
      const inZone = task({ ...tenant, id: newId(), zoneId: home.id, createdAt: 1, status: 'DONE' })
      await write(async (tx) => {
        await tx.insertZone(home)
        await tx.insertTask(work, [])
        await tx.insertTask(inZone, [])
      })
      const colleague = { ...tenant, projectId: newId() }
      expect(await store.findTask(colleague, work.id)).toEqual(work)
      expect(await store.findTask({ ...tenant, domainId: newId() }, work.id)).toBeUndefined()
      expect(await store.listTasks(tenant, { zoneId: null }, page)).toEqual({
        rows: [work],
        total: 1,
        hasMore: false,
      })
      expect((await store.listTasks(tenant, {}, page)).rows).toEqual([work, inZone])
    })

    test('of one account are leased in order of submission, beside those of zones and other accounts', async () => {
      const home = newZone({ createdAt: 1 })
      // Older than whatever other tests have left.
      const tasks = [
        operation({ createdAt: 1 }),
        operation({ createdAt: 2 }),
        operation({ createdAt: 3, domainId: newId() }),
        task({ ...tenant, id: newId(), zoneId: home.id, createdAt: 4 }),
      ]
      await write(async (tx) => {
        await tx.insertZone(home)
        for (const each of tasks) await tx.insertTask(each, [])
      })
      const lease = () => write((tx) => tx.leaseTask('me', 10, 100))
      const [first, second, other, inZone] = tasks.map((each) => each.id)
      expect((await lease())?.id).toBe(first)
      expect((await lease())?.id).toBe(other)
      expect((await lease())?.id).toBe(inZone)
      expect(await write((tx) => tx.leaseTaskById(second!, 'me', 10, 100))).toBeUndefined()
      await write((tx) => tx.updateTask({ ...tasks[0]!, status: 'DONE' }))
      expect((await lease())?.id).toBe(second)
    })
  })
}
