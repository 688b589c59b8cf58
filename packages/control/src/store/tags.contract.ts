import { describe, expect, test } from 'bun:test'
import { type ContractBed, id, page } from './contract-bed.ts'
import type { TagSearch } from './store.ts'

/** What every engine must do with tags. */
export function tagsContract(bed: ContractBed): void {
  const { fill, newZone, write } = bed

  describe('tags', () => {
    const tags = (...pairs: [string, string][]) => pairs.map(([key, value]) => ({ key, value }))
    const one = (key: string, ...values: string[]) => ({
      key,
      values: values.map((value) =>
        value.startsWith('*')
          ? { value: value.slice(1), mode: 'contains' as const }
          : { value, mode: 'equal' as const },
      ),
    })

    test('in use are listed once, with the values of each key', async () => {
      const inner = newZone({ zoneType: 'private', tags: tags(['inner', '']) })
      const twin = newZone({ tags: tags(['env', 'prod'], ['owner', 'b']) })
      await write(async (tx) => {
        await tx.updateZone({ ...bed.home, tags: tags(['env', 'test'], ['owner', 'b']) })
        await tx.insertZone(twin)
        await tx.insertZone(inner)
      })
      await fill({ owner: 'a', tags: tags(['set', '1']) }, { owner: 'b', tags: tags(['set', '1']) })
      const env = { key: 'env', values: ['prod', 'test'] }
      expect(await bed.store.listTagsInUse(bed.tenant, 'zone', 'public')).toEqual([
        env,
        { key: 'owner', values: ['b'] },
      ])
      expect(await bed.store.listTagsInUse(bed.tenant, 'zone', 'private')).toEqual([
        { key: 'inner', values: [''] },
      ])
      expect(await bed.store.listTagsInUse(bed.tenant, 'record_set', 'public')).toEqual([
        { key: 'set', values: ['1'] },
      ])
      expect(await bed.store.listTagsInUse(bed.tenant, 'record_set', 'private')).toEqual([])
      const otherProject = { ...bed.tenant, projectId: id(0xffff) }
      expect(await bed.store.listTagsInUse(otherProject, 'zone', 'private')).toEqual([])
    })

    test('are searched by what all, any, not all and none of the conditions hold for', async () => {
      const sets = await fill(
        { owner: 'a', tags: tags(['env', 'prod'], ['tier', 'web']) },
        { owner: 'b', tags: tags(['env', 'test']) },
        { owner: 'c', tags: tags(['tier', 'db']) },
        { owner: 'd' },
      )
      const search = async (tagSearch: TagSearch) => {
        const { rows, total } = await bed.store.listRecordSets(
          bed.tenant,
          { zoneId: bed.home.id, tagSearch },
          page(),
        )
        expect(total).toBe(rows.length)
        return rows.map((row) => row.owner.charAt(0)).join('')
      }
      const both = [one('env', 'prod', 'test'), one('tier')]
      expect(sets.length).toBe(4)
      expect(await search({})).toBe('abcd')
      expect(await search({ all: both })).toBe('a')
      expect(await search({ any: both })).toBe('abc')
      expect(await search({ notAll: both })).toBe('bcd')
      expect(await search({ notAny: both })).toBe('d')
      expect(await search({ all: [one('env', '*ro')] })).toBe('a')
      expect(await search({ all: [one('env', 'x', '*es')], notAny: [one('tier')] })).toBe('b')
      expect(await search({ all: [], any: [one('ENV')] })).toBe('')
    })

    test('find zones as well', async () => {
      await write((tx) => tx.updateZone({ ...bed.home, tags: tags(['env', 'prod']) }))
      const search = async (tagSearch: TagSearch) =>
        (await bed.store.listZones(bed.tenant, { zoneType: 'public', tagSearch }, page())).total
      expect(await search({ all: [one('env', 'prod')] })).toBe(1)
      expect(await search({ notAny: [one('env', 'prod')] })).toBe(0)
    })
  })
}
