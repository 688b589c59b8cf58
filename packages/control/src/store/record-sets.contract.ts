import { describe, expect, test } from 'bun:test'
import { type ContractBed, id } from './contract-bed.ts'
import { recordSet } from './samples.ts'
import { type RecordSet, RowExists, RowMissing, type Zone } from './store.ts'

/** What every engine must do with record sets. */
export function recordSetsContract(bed: ContractBed): void {
  const { fill, newId, newZone, write } = bed

  describe('record sets', () => {
    test('come back as they went in', async () => {
      const full: Partial<RecordSet> & { owner: string } = {
        owner: 'xn--bcher-kva',
        name: `bücher.${bed.home.apex}`,
        type: 'TXT',
        line: 'Dianxin_Shanxi',
        weight: 0,
        records: ['"a\\"b"', '"\u{1f600} % _"', ''],
        rdatas: Uint8Array.from({ length: 256 }, (_, octet) => octet),
        status: 'DISABLE',
        isDefault: true,
        description: '',
        aliasTarget: { resourceType: 'x', resourceDomainName: 'y.example.' },
        tags: [{ key: 'k', value: 'v' }],
        updatedAt: 2 ** 41,
      }
      const [plain, rich] = await fill({ owner: '*' }, full)
      expect(await bed.store.findRecordSet(bed.tenant, bed.home.id, plain!.id)).toEqual(plain)
      expect(await bed.store.findRecordSet(bed.tenant, bed.home.id, rich!.id)).toEqual(rich)
      const bare = {
        ...rich!,
        rdatas: null,
        weight: null,
        description: null,
        aliasTarget: null,
        tags: [],
        ttl: 1,
      }
      await write((tx) => tx.updateRecordSet(bare))
      expect(await bed.store.findRecordSet(bed.tenant, bed.home.id, rich!.id)).toEqual(bare)
    })

    test('are found in their own zone by those who see it', async () => {
      const [set] = await fill({ owner: 'a' })
      const other = newZone()
      await write((tx) => tx.insertZone(other))
      expect(await bed.store.findRecordSet(bed.tenant, other.id, set!.id)).toBeUndefined()
      expect(
        await bed.store.findRecordSet({ ...bed.tenant, domainId: id(0xffff) }, bed.home.id, set!.id),
      ).toBeUndefined()
    })

    test('are counted by their zone, and by the account but for the SOA and NS', async () => {
      const sets = await fill({ owner: '@' }, { owner: '@', type: 'NS' }, { owner: 'a' }, { owner: 'b' })
      const count = async () => [
        (await bed.store.findZone(bed.tenant, bed.home.id))!.recordCount,
        await bed.store.countRecordSets(bed.tenant),
      ]
      expect(await count()).toEqual([4, 2])
      await write((tx) => tx.removeRecordSets(bed.home.id, [sets[2]!.id, id(0xabcdef)]))
      expect(await count()).toEqual([3, 1])
      await write((tx) => tx.updateZone({ ...bed.home, recordCount: 77 }))
      expect(await count()).toEqual([3, 1])
    })

    test('of a zone that is gone, or twice the same id, are refused', async () => {
      const [set] = await fill({ owner: 'a' })
      const stray = recordSet({ id: newId() }, { id: newId(), owner: 'x.example.' })
      expect(write((tx) => tx.insertRecordSets(stray.zoneId, [stray]))).rejects.toThrow(RowMissing)
      expect(write((tx) => tx.insertRecordSets(bed.home.id, [set!]))).rejects.toThrow(RowExists)
      expect(write((tx) => tx.updateRecordSet({ ...set!, id: newId() }))).rejects.toThrow(RowMissing)
    })

    test('go in by the thousand', async () => {
      const sets = await fill(
        ...Array.from({ length: 5000 }, (_, i) => ({ owner: `h${i}`, weight: i % 7 || null })),
      )
      const owners = sets.map((set) => set.owner)
      const back = await bed.store.recordSetsAt(bed.home.id, [...owners, 'nowhere.example.'])
      expect(back.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(sets)
    })

    test('are looked up by owner, all lines and types', async () => {
      const sets = await fill(
        { owner: 'a' },
        { owner: 'a', line: 'CN' },
        { owner: 'a', type: 'TXT' },
        { owner: 'b' },
      )
      expect((await bed.store.recordSetsAt(bed.home.id, [sets[0]!.owner])).length).toBe(3)
      expect(await bed.store.recordSetsAt(bed.home.id, [])).toEqual([])
      expect(await bed.store.recordSetsAt(id(0xabcdef), [sets[0]!.owner])).toEqual([])
    })

    test('names below a name are known', async () => {
      const sets = await fill(
        { owner: 'a.b' },
        { owner: 'x\\.y.c' },
        { owner: 'bb' },
        { owner: 'very.deep.down' },
      )
      const below = (owner: string) =>
        bed.store.hasOwnersBelow(bed.home.id, owner === '@' ? bed.home.apex : `${owner}.${bed.home.apex}`)
      expect(await below('@')).toBe(true)
      expect(await below('b')).toBe(true)
      expect(await below('a.b')).toBe(false)
      expect(await below('bb')).toBe(false)
      expect(await below('c')).toBe(true)
      expect(await below('y.c')).toBe(false) // the dot before y belongs to a label
      expect(await below('down')).toBe(true)
      expect(await below('deep.down')).toBe(true)
      expect(await below('eep.down')).toBe(false)
      await write((tx) => tx.removeRecordSets(bed.home.id, [sets[0]!.id]))
      expect(await below('b')).toBe(false)
      await write((tx) => tx.updateRecordSet({ ...sets[2]!, owner: `z.b.${bed.home.apex}` }))
      expect(await below('b')).toBe(true)
      expect(await bed.store.hasOwnersBelow(id(0xabcdef), bed.home.apex)).toBe(false)
    })

    test('are read by id from all zones that are visible, as lists show them', async () => {
      const other = newZone({ zoneType: 'private', status: 'DISABLE' })
      const there = recordSet(other, { id: newId(), owner: `a.${other.apex}` })
      await write(async (tx) => {
        await tx.insertZone(other)
        await tx.insertRecordSets(other.id, [there])
      })
      const [here] = await fill({ owner: 'a' })
      const shown = (set: RecordSet, from: Zone, shownStatus: string) => ({
        ...set,
        ...{ zoneName: from.name, projectId: from.projectId, shownStatus },
      })
      const found = await bed.store.recordSetsById(bed.tenant, [here!.id, there.id, id(0xabcdef)])
      expect(found.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
        shown(there, other, 'DISABLE'),
        shown(here!, bed.home, 'ACTIVE'),
      ])
      const asked = [here!.id, there.id]
      expect(await bed.store.recordSetsById({ ...bed.tenant, projectId: id(0xffff) }, asked)).toEqual([
        shown(here!, bed.home, 'ACTIVE'),
      ])
      expect(await bed.store.recordSetsById({ ...bed.tenant, domainId: id(0xffff) }, asked)).toEqual([])
    })

    test('one stands for all lines and weights of its owner and type', async () => {
      const sets = await fill(
        { owner: 'b', type: 'MX' },
        { owner: 'a', type: 'MX', line: 'CN' },
        { owner: 'a', type: 'MX' },
        { owner: 'a', type: 'A' },
        { owner: 'a', type: 'TXT' },
      )
      const list = async (limit: number, offset: number) => {
        const { rows, ...rest } = await bed.store.listOwnersOfTypes(bed.home.id, ['MX', 'A'], {
          limit,
          offset,
        })
        return { ...rest, at: rows.map((row) => sets.findIndex((set) => set.id === row.id)) }
      }
      expect(await list(10, 0)).toEqual({ at: [3, 1, 0], total: 3, hasMore: false })
      expect(await list(1, 1)).toEqual({ at: [1], total: 3, hasMore: true })
      expect(await list(0, 0)).toEqual({ at: [], total: 3, hasMore: false })
    })

    test('that forward to a URL are counted over the account', async () => {
      await fill({ owner: 'a', type: 'REDIRECT_URL' }, { owner: 'b', type: 'FORWARD_URL' }, { owner: 'c' })
      expect(await bed.store.countUrlRecordSets({ ...bed.tenant, projectId: id(0xffff) })).toBe(2)
      expect(await bed.store.countUrlRecordSets({ ...bed.tenant, domainId: id(0xffff) })).toBe(0)
    })

    test('are read in order, page after page', async () => {
      const owners = ['b', 'a', 'a.b', 'B'.toLowerCase(), '*', 'b', 'b']
      const kinds = [{ type: 'A' }, { type: 'AAAA' }, { type: 'A', line: 'CN' }, { type: 'A' }]
      const sets = await fill(...owners.map((owner, i) => ({ owner, ...kinds[i % kinds.length] })))
      const key = (set: RecordSet) => [set.owner, set.type, set.line, set.id].join(' ')
      const expected = sets.map(key).sort()
      const seen: string[] = []
      let after: RecordSet | undefined
      while (true) {
        const rows = await bed.store.recordSetsInOrder(bed.home.id, after, 2)
        if (rows.length === 0) break
        seen.push(...rows.map(key))
        after = rows.at(-1)
      }
      expect(seen).toEqual(expected)
    })

    test('with a character that no text column holds are refused', () => {
      expect(fill({ owner: 'a', records: ['"\0"'] })).rejects.toThrow('U+0000')
    })
  })
}
