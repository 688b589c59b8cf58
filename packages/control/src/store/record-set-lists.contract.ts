import { beforeEach, describe, expect, test } from 'bun:test'
import { type ContractBed, id, ids, page } from './contract-bed.ts'
import { recordSet } from './samples.ts'
import { MarkerNotFound, type Page, type RecordSet, type RecordSetFilter } from './store.ts'

/** How every engine lists record sets. */
export function recordSetListsContract(bed: ContractBed): void {
  const { fill, newId, newZone, write } = bed

  describe('lists of record sets', () => {
    let sets: RecordSet[]
    const list = async (filter: RecordSetFilter, at: Partial<Page> = {}) => {
      const { rows, total, hasMore } = await bed.store.listRecordSets(bed.tenant, filter, page(at))
      return { nos: rows.map((row) => sets.findIndex((set) => set.id === row.id) + 1), total, hasMore }
    }
    const inHome = (filter: RecordSetFilter, at: Partial<Page> = {}) =>
      list({ zoneId: bed.home.id, ...filter }, at)
    const nos = async (filter: RecordSetFilter, at: Partial<Page> = {}) => (await inHome(filter, at)).nos

    beforeEach(async () => {
      sets = await fill(
        { owner: '@', type: 'NS', isDefault: true, createdAt: 1, records: ['ns1.lab.example.'] },
        { owner: 'www', createdAt: 2, updatedAt: 9, records: ['192.0.2.1', '192.0.2.22'] },
        { owner: 'www', line: 'CN', createdAt: 2, status: 'DISABLE' },
        {
          owner: 'xn--bcher-kva',
          name: `bücher.${bed.home.apex}`,
          type: 'TXT',
          createdAt: 1,
          records: ['"100% Sure_thing"'],
          tags: [{ key: 'env', value: 'prod' }],
        },
      )
    })

    test('show the zone and its project with each row', async () => {
      const { rows } = await bed.store.listRecordSets(bed.tenant, { zoneId: bed.home.id }, page())
      expect(rows[0]).toEqual({
        ...sets[0]!,
        zoneName: bed.home.name,
        projectId: bed.home.projectId,
        shownStatus: 'ACTIVE',
      })
    })

    test('sort by each key both ways, ties by id', async () => {
      expect(await nos({}, { sortKey: 'created_at' })).toEqual([1, 4, 2, 3])
      expect(await nos({}, { sortKey: 'created_at', sortDir: 'desc' })).toEqual([3, 2, 4, 1])
      expect(await nos({}, { sortKey: 'name' })).toEqual([1, 2, 3, 4])
      expect(await nos({}, { sortKey: 'name', sortDir: 'desc' })).toEqual([4, 3, 2, 1])
      expect(await nos({}, { sortKey: 'type' })).toEqual([2, 3, 1, 4])
      expect(await nos({}, { sortKey: 'updated_at', sortDir: 'desc' })).toEqual([2, 4, 3, 1])
      expect(await nos({}, { sortKey: 'view_name' })).toEqual([3, 1, 2, 4])
    })

    test('filter by name, shown or compared', async () => {
      const like = (value: string) => nos({ name: { value, mode: 'like' } })
      const equal = (value: string) => nos({ name: { value, mode: 'equal' } })
      expect(await like('WW')).toEqual([2, 3])
      expect(await like('üCH')).toEqual([4])
      expect(await like('XN--')).toEqual([4])
      expect(await like('w_w')).toEqual([])
      expect(await equal(`WWW.${bed.home.apex}`)).toEqual([2, 3])
      expect(await equal(`www.${bed.home.apex.slice(0, -1)}`)).toEqual([2, 3])
      expect(await equal(`bücher.${bed.home.apex}`)).toEqual([4])
      expect(await equal(`xn--bcher-kva.${bed.home.apex}`)).toEqual([4])
      expect(await equal('www')).toEqual([])
    })

    test('filter by values, one of which must match', async () => {
      const like = (value: string) => nos({ records: { value, mode: 'like' } })
      const equal = (value: string) => nos({ records: { value, mode: 'equal' } })
      expect(await like('0.2.2')).toEqual([2])
      expect(await like('192.0.2.1')).toEqual([2, 3])
      expect(await like('100% sure_')).toEqual([4])
      expect(await like('0_sure')).toEqual([])
      expect(await like('","')).toEqual([])
      expect(await equal('192.0.2.22')).toEqual([2])
      expect(await equal('192.0.2')).toEqual([])
      expect(await equal('NS1.lab.example.')).toEqual([1])
    })

    test('filter by the other fields', async () => {
      expect(await nos({ id: { value: sets[1]!.id.toUpperCase(), mode: 'equal' } })).toEqual([2])
      expect((await nos({ id: { value: sets[1]!.id.slice(-6), mode: 'like' } }))[0]).toBe(2)
      expect(await nos({ id: { value: sets[1]!.id.slice(-6), mode: 'equal' } })).toEqual([])
      expect(await nos({ lines: [{ value: 'cn', mode: 'equal' }] })).toEqual([3])
      const lines = ['cn', 'default_view', 'none'].map((value) => ({ value, mode: 'equal' }) as const)
      expect(await nos({ lines })).toEqual([1, 4, 2, 3])
      expect(await nos({ lines: [] })).toEqual([])
      expect(await nos({ lines: [{ value: 'AULT_v', mode: 'like' }] })).toEqual([1, 4, 2])
      expect(await nos({ type: 'TXT' })).toEqual([4])
      expect(await nos({ type: 'A', status: 'DISABLE' })).toEqual([3])
      expect(await nos({ tags: [{ key: 'env', value: 'ro', mode: 'contains' }] })).toEqual([4])
      expect(await inHome({ healthCheckId: '' })).toEqual({ nos: [], total: 0, hasMore: false })
    })

    test('a paused zone shows its sets as paused, but not those it came with', async () => {
      await write((tx) => tx.updateZone({ ...bed.home, status: 'DISABLE' }))
      expect(await nos({ status: 'DISABLE' })).toEqual([4, 2, 3])
      expect(await nos({ status: 'ACTIVE' })).toEqual([1])
      const { rows } = await bed.store.listRecordSets(
        bed.tenant,
        { zoneId: bed.home.id, type: 'TXT' },
        page(),
      )
      expect(rows[0]).toMatchObject({ status: 'ACTIVE', shownStatus: 'DISABLE' })
    })

    test('page by offset and by marker, in every order', async () => {
      expect(await inHome({}, { limit: 3 })).toEqual({ nos: [1, 4, 2], total: 4, hasMore: true })
      expect(await inHome({}, { limit: 3, offset: 3 })).toEqual({ nos: [3], total: 4, hasMore: false })
      expect(await inHome({}, { limit: 0 })).toEqual({ nos: [], total: 4, hasMore: false })
      for (const sortKey of ['name', 'type', 'created_at', 'updated_at', 'view_name']) {
        for (const sortDir of ['asc', 'desc'] as const) {
          const whole = await nos({}, { sortKey, sortDir })
          const pages: number[] = []
          let marker: string | undefined
          do {
            const [no] = await nos({}, { sortKey, sortDir, limit: 1, marker })
            if (no === undefined) break
            pages.push(no)
            marker = sets[no - 1]!.id
          } while (pages.length < 9)
          expect(pages).toEqual(whole)
        }
      }
    })

    test('refuse a marker that the tenant cannot see or that lies in another zone', async () => {
      const other = newZone()
      const elsewhere = recordSet(other, { id: newId(), owner: other.apex })
      await write(async (tx) => {
        await tx.insertZone(other)
        await tx.insertRecordSets(other.id, [elsewhere])
      })
      expect(inHome({}, { marker: elsewhere.id })).rejects.toThrow(MarkerNotFound)
      expect(inHome({}, { marker: id(0xabcdef) })).rejects.toThrow(MarkerNotFound)
      expect(
        bed.store.listRecordSets({ ...bed.tenant, domainId: id(0xffff) }, {}, page({ marker: sets[0]!.id })),
      ).rejects.toThrow(MarkerNotFound)
    })

    for (const count of [3, 30]) {
      test(`over ${count} zones are one list of what the tenant sees`, async () => {
        const zones = Array.from({ length: count }, () => newZone())
        const hidden = newZone({ zoneType: 'private', projectId: id(0xffff) })
        const inner = newZone({ zoneType: 'private' })
        const more: RecordSet[] = []
        await write(async (tx) => {
          for (const one of [...zones, hidden, inner]) {
            await tx.insertZone(one)
            const set = recordSet(one, { id: newId(), owner: `www.${one.apex}`, createdAt: 5 })
            await tx.insertRecordSets(one.id, [set])
            if (zones.includes(one)) more.push(set)
          }
        })
        const first = [sets[0]!, sets[3]!, sets[1]!, sets[2]!]
        const expected = [...first, ...more].map((set) => set.id)
        const { rows, total } = await bed.store.listRecordSets(bed.tenant, { zoneType: 'public' }, page())
        expect(ids(rows)).toEqual(expected.map((text) => Number.parseInt(text, 16)))
        expect(total).toBe(count + 4)

        const all = await bed.store.listRecordSets(bed.tenant, {}, page({ sortDir: 'desc', limit: 2 }))
        expect(all.total).toBe(count + 5)
        expect(all.rows[0]!.zoneId).toBe(inner.id)
        expect(all.hasMore).toBe(true)
        const next = await bed.store.listRecordSets(
          bed.tenant,
          {},
          page({ sortDir: 'desc', limit: 2, marker: all.rows[1]!.id }),
        )
        const byOffset = await bed.store.listRecordSets(
          bed.tenant,
          {},
          page({ sortDir: 'desc', limit: 2, offset: 2 }),
        )
        expect(next.rows).toEqual(byOffset.rows)
        expect(next.rows.length).toBe(2)

        const filtered = await bed.store.listRecordSets(
          bed.tenant,
          { zoneType: 'public', name: { value: 'www', mode: 'like' }, type: 'A' },
          page({ limit: 3, sortKey: 'name' }),
        )
        expect([filtered.rows.length, filtered.total, filtered.hasMore]).toEqual([3, count + 2, true])
      })
    }

    test('of nobody are empty', async () => {
      const stranger = { domainId: id(0xffff), projectId: id(0xffff) }
      expect(await bed.store.listRecordSets(stranger, {}, page())).toEqual({
        rows: [],
        total: 0,
        hasMore: false,
      })
      expect(await list({ zoneId: id(0xabcdef) })).toEqual({ nos: [], total: 0, hasMore: false })
      expect(await list({ zoneId: bed.home.id, zoneType: 'private' })).toEqual({
        nos: [],
        total: 0,
        hasMore: false,
      })
    })
  })
}
