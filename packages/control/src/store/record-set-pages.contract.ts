import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { recordSet, zone } from './samples.ts'
import type { Page, RecordSet, RecordSetFilter, Store, Tenant, Zone } from './store.ts'

const SETS = 23

/** How every engine pages through lists of record sets. `openEmpty` opens a store without a schema. */
export function recordSetPagesContract(openEmpty: () => Promise<Store>): void {
  let store: Store
  /** Each test works in an account of its own. */
  let tenant: Tenant
  let home: Zone
  let sets: RecordSet[]
  let lastId = 0
  const newId = () => (++lastId).toString(16).padStart(32, '0')
  const addZone = async (count: number): Promise<{ zone: Zone; sets: RecordSet[] }> => {
    const id = newId()
    const added = zone({ id, apex: `z${id}.example.`, ...tenant })
    const rows = Array.from({ length: count }, (_, i) =>
      recordSet(added, {
        id: newId(),
        owner: `h${i}.${added.apex}`,
        type: i % 3 === 0 ? 'TXT' : 'A',
        createdAt: 1000 + (i >> 1),
      }),
    )
    await store.transaction(async (tx) => {
      await tx.insertZone(added)
      await tx.insertRecordSets(added.id, rows)
    })
    return { zone: added, sets: rows }
  }
  const list = (filter: RecordSetFilter, page: Partial<Page>) =>
    store.listRecordSets(tenant, filter, {
      limit: 5,
      offset: 0,
      sortKey: 'created_at',
      sortDir: 'desc',
      ...page,
    })
  const ids = (rows: readonly { readonly id: string }[]) => rows.map((row) => row.id)

  beforeAll(async () => {
    store = await openEmpty()
    await store.migrate()
  })
  afterAll(() => store.close())
  beforeEach(async () => {
    tenant = { domainId: newId(), projectId: newId() }
    const added = await addZone(SETS)
    home = added.zone
    sets = added.sets
  })

  describe('pages of record sets', () => {
    for (const sortDir of ['asc', 'desc'] as const) {
      for (const filter of [{}, { type: 'A' }]) {
        const named = `${sortDir}${filter.type === undefined ? '' : ', of a type'}`
        test(`are the same rows from whichever end they are read: ${named}`, async () => {
          const inZone = { zoneId: home.id, ...filter }
          const { rows: all, total } = await list(inZone, { sortDir, limit: 500 })
          expect(all).toHaveLength(total)
          for (let offset = 0; offset <= total + 2; offset++) {
            const page = await list(inZone, { sortDir, offset })
            expect(ids(page.rows)).toEqual(ids(all.slice(offset, offset + 5)))
            expect([page.total, page.hasMore]).toEqual([total, offset + 5 < total])
          }
        })
      }
    }

    test('of several zones too', async () => {
      const { zone: other } = await addZone(9)
      const both = { zoneType: 'public' as const }
      const { rows: all, total } = await list(both, { limit: 500 })
      expect(total).toBe(SETS + 9)
      expect(new Set(all.map((row) => row.zoneName))).toEqual(new Set([home.name, other.name]))
      for (const offset of [0, 15, 16, 17, 27, 31, 32])
        expect(ids((await list(both, { offset })).rows)).toEqual(ids(all.slice(offset, offset + 5)))
    })

    test('of more zones than are merged too', async () => {
      for (let i = 0; i < 17; i++) await addZone(2)
      const all = await list({ zoneType: 'public', type: 'A' }, { limit: 500 })
      expect(all.total).toBe(sets.filter((set) => set.type === 'A').length + 17)
      const last = await list({ zoneType: 'public', type: 'A' }, { offset: all.total - 3 })
      expect(ids(last.rows)).toEqual(ids(all.rows.slice(-3)))
    })

    test('without rows, for a limit of none, still count', async () => {
      expect(await list({ zoneId: home.id }, { limit: 0 })).toEqual({ rows: [], total: SETS, hasMore: false })
    })

    test('count what is there now', async () => {
      const ofType = { zoneId: home.id, type: 'TXT' }
      const before = (await list(ofType, {})).total
      await store.transaction((tx) =>
        tx.removeRecordSets(home.id, ids(sets.filter((set) => set.type === 'TXT').slice(0, 3))),
      )
      expect((await list(ofType, {})).total).toBe(before - 3)
    })
  })
}
