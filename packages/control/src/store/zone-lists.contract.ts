import { beforeEach, describe, expect, test } from 'bun:test'
import { type ContractBed, id, page } from './contract-bed.ts'
import { MarkerNotFound, type Page, type Zone, type ZoneFilter } from './store.ts'

/** How every engine lists zones. */
export function zoneListsContract(bed: ContractBed): void {
  const { newZone, write } = bed

  describe('lists of zones', () => {
    let zones: Zone[]
    const list = async (filter: Partial<ZoneFilter>, at: Partial<Page> = {}) => {
      const { rows, total, hasMore } = await bed.store.listZones(
        bed.tenant,
        { zoneType: 'private', ...filter },
        page(at),
      )
      return { names: rows.map((row) => row.name), total, hasMore }
    }
    const names = async (filter: Partial<ZoneFilter>, at: Partial<Page> = {}) =>
      (await list(filter, at)).names

    beforeEach(async () => {
      const common = { zoneType: 'private' as const }
      zones = [
        newZone({
          ...common,
          name: 'b_c.test.',
          apex: 'b_c.test.',
          createdAt: 3,
          updatedAt: 30,
          status: 'DISABLE',
        }),
        newZone({
          ...common,
          name: 'bxc.test.',
          apex: 'bxc.test.',
          createdAt: 2,
          tags: [{ key: 'env', value: 'Prod-1' }],
        }),
        newZone({
          ...common,
          name: 'ünder.test.',
          apex: 'xn--nder-0ra.test.',
          createdAt: 2,
          updatedAt: 10,
          enterpriseProjectId: 'eps',
          tags: [
            { key: 'env', value: '' },
            { key: 'team', value: 'dns' },
          ],
          routers: [
            { routerId: 'vpc-1', routerRegion: 'r', status: 'ACTIVE' },
            { routerId: 'vpc-2', routerRegion: 'r', status: 'ACTIVE' },
          ],
        }),
      ]
      await write(async (tx) => {
        for (const one of zones) await tx.insertZone(one)
      })
    })

    test('show one kind of zone', async () => {
      expect(await list({ zoneType: 'public' })).toEqual({ names: [bed.home.name], total: 1, hasMore: false })
      expect((await list({})).total).toBe(3)
    })

    test('sort by each key both ways, ties by id', async () => {
      const [first, second, third] = zones.map((one) => one.name) as [string, string, string]
      expect(await names({}, { sortKey: 'created_at' })).toEqual([second, third, first])
      expect(await names({}, { sortKey: 'created_at', sortDir: 'desc' })).toEqual([first, third, second])
      expect(await names({}, { sortKey: 'name' })).toEqual([first, second, third])
      expect(await names({}, { sortKey: 'updated_at' })).toEqual([second, third, first])
    })

    test('filter by name, with wildcards standing for themselves', async () => {
      expect(await names({ name: { value: 'B_C', mode: 'like' } })).toEqual(['b_c.test.'])
      expect(await names({ name: { value: '%', mode: 'like' } })).toEqual([])
      expect(await names({ name: { value: '\\', mode: 'like' } })).toEqual([])
      expect(await names({ name: { value: 'ÜNDER', mode: 'like' } })).toEqual(['ünder.test.'])
      expect(await names({ name: { value: 'xn--nder-0ra.test', mode: 'equal' } })).toEqual(['ünder.test.'])
      expect(await names({ name: { value: 'Bxc.Test.', mode: 'equal' } })).toEqual(['bxc.test.'])
      expect(await names({ name: { value: 'xc.test', mode: 'equal' } })).toEqual([])
    })

    test('filter by the other fields', async () => {
      expect(await names({ id: zones[1]!.id })).toEqual(['bxc.test.'])
      expect(await names({ id: bed.home.id })).toEqual([])
      expect(await names({ status: 'DISABLE' })).toEqual(['b_c.test.'])
      expect(await names({ enterpriseProjectId: 'eps' })).toEqual(['ünder.test.'])
      expect(await names({ routerId: 'vpc-2' })).toEqual(['ünder.test.'])
      expect(await names({ routerId: 'vpc' })).toEqual([])
    })

    test('filter by tags that must all match', async () => {
      const env = { key: 'env', mode: 'equal' as const }
      expect((await names({ tags: [env] })).length).toBe(2)
      expect(await names({ tags: [{ ...env, value: '' }] })).toEqual(['ünder.test.'])
      expect(await names({ tags: [{ ...env, value: 'prod-1' }] })).toEqual([])
      expect(await names({ tags: [{ key: 'env', value: 'rod', mode: 'contains' }] })).toEqual(['bxc.test.'])
      expect(await names({ tags: [{ key: 'env', value: '%', mode: 'contains' }] })).toEqual([])
      expect(await names({ tags: [env, { key: 'team', value: 'dns', mode: 'equal' }] })).toEqual([
        'ünder.test.',
      ])
    })

    test('page by offset and by marker', async () => {
      expect(await list({}, { limit: 2 })).toEqual({
        names: ['bxc.test.', 'ünder.test.'],
        total: 3,
        hasMore: true,
      })
      expect(await list({}, { limit: 2, offset: 2 })).toEqual({
        names: ['b_c.test.'],
        total: 3,
        hasMore: false,
      })
      const marker = zones[1]!.id
      expect((await list({}, { limit: 1, marker, offset: 7 })).names).toEqual(['ünder.test.'])
      expect(await list({}, { limit: 0 })).toEqual({ names: [], total: 3, hasMore: false })
    })

    test('refuse a marker that is no such row', () => {
      for (const marker of [id(0xabcdef), bed.home.id, 'nonsense']) {
        expect(list({}, { marker })).rejects.toThrow(MarkerNotFound)
      }
    })
  })
}
