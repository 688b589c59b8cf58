import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { recordSet, task, zone } from './samples.ts'
import {
  MarkerNotFound,
  type Page,
  type RecordSet,
  type RecordSetFilter,
  RowExists,
  RowMissing,
  type Store,
  type TagSearch,
  type Tenant,
  type Tx,
  type Zone,
  type ZoneFilter,
} from './store.ts'

const id = (n: number): string => n.toString(16).padStart(32, '0')
const page = (special: Partial<Page> = {}): Page => ({
  limit: 100,
  offset: 0,
  sortKey: 'created_at',
  sortDir: 'asc',
  ...special,
})
const ids = (rows: readonly { readonly id: string }[]) => rows.map((row) => Number.parseInt(row.id, 16))

/** What every engine must do. `openEmpty` opens a store without a schema; each call another one. */
export function storeContract(openEmpty: () => Promise<Store>): void {
  let store: Store
  /** Each test works in an account of its own, so that one store serves them all. */
  let account = 0
  let tenant: Tenant
  let home: Zone

  beforeAll(async () => {
    store = await openEmpty()
    await store.migrate()
  })
  afterAll(() => store.close())

  let lastId = 0
  const newId = () => id(++lastId)
  const write = <T>(work: (tx: Tx) => Promise<T>) => store.transaction(work)
  const newZone = (special: Partial<Zone> = {}): Zone => {
    const zoneId = newId()
    return zone({ id: zoneId, apex: `z${zoneId}.example.`, ...tenant, ...special })
  }
  /** Sets in `home`, one for each argument, with ids 1, 2, 3 … of this test and names `<owner>.<apex>`. */
  const fill = async (...specials: (Partial<RecordSet> & { owner: string })[]): Promise<RecordSet[]> => {
    const sets = specials.map((special) => {
      const owner = special.owner === '@' ? home.apex : `${special.owner}.${home.apex}`
      return recordSet(home, { id: newId(), ...special, owner, name: special.name ?? owner })
    })
    await write((tx) => tx.insertRecordSets(home.id, sets))
    return sets
  }

  beforeEach(async () => {
    account++
    tenant = { domainId: id(0xd000 + account), projectId: id(0xe000 + account) }
    home = newZone({ apex: `home${account}.example.`, name: `home${account}.example.` })
    await write((tx) => tx.insertZone(home))
  })

  describe('migrate', () => {
    test('can be repeated', async () => {
      await store.migrate()
      expect(await store.findZone(tenant, home.id)).toEqual(home)
    })
  })

  describe('transaction', () => {
    test('takes everything back when the work throws, and throws the same', async () => {
      const fault = new Error('no')
      const other = newZone()
      const failed = write(async (tx) => {
        await tx.insertZone(other)
        await tx.insertRecordSets(home.id, [recordSet(home, { id: newId(), owner: home.apex })])
        throw fault
      })
      expect(failed).rejects.toBe(fault)
      await failed.catch(() => {})
      expect(await store.findZone(tenant, other.id)).toBeUndefined()
      expect((await store.findZone(tenant, home.id))!.recordCount).toBe(0)
    })

    test('sees its own writes, others see them after the commit', async () => {
      const other = newZone()
      let goOn = (): void => {}
      const pause = new Promise<void>((resolve) => {
        goOn = resolve
      })
      const writing = write(async (tx) => {
        await tx.insertZone(other)
        expect(await tx.findZone(tenant, other.id)).toEqual(other)
        await pause
      })
      const reading = store.findZone(tenant, other.id)
      await Bun.sleep(5)
      goOn()
      await writing
      // A store of one connection answers the read afterwards, the others before: never with half of a transaction.
      expect([undefined, other]).toContainEqual(await reading)
      expect(await store.findZone(tenant, other.id)).toEqual(other)
    })

    test('two that read and write the same zone under its lock lose nothing', async () => {
      const raise = () =>
        write(async (tx) => {
          const locked = (await tx.lockZone(tenant, home.id))!
          await Bun.sleep(1)
          await tx.updateZone({ ...locked, serial: locked.serial + 1 })
        })
      await Promise.all(Array.from({ length: 8 }, raise))
      expect((await store.findZone(tenant, home.id))!.serial).toBe(home.serial + 8)
    })

    test('that lock two zones in opposite order both succeed', async () => {
      const other = newZone()
      await write((tx) => tx.insertZone(other))
      const lockBoth = (first: Zone, second: Zone) =>
        write(async (tx) => {
          await tx.lockZone(tenant, first.id)
          await Bun.sleep(20)
          const locked = (await tx.lockZone(tenant, second.id))!
          await tx.updateZone({ ...locked, revision: locked.revision + 1 })
        })
      await Promise.all([lockBoth(home, other), lockBoth(other, home)])
      expect((await store.findZone(tenant, home.id))!.revision).toBe(home.revision + 1)
      expect((await store.findZone(tenant, other.id))!.revision).toBe(other.revision + 1)
    })

    test('refuses the store inside, which would wait for ever', async () => {
      expect(write(async () => void (await store.findZone(tenant, home.id)))).rejects.toThrow(
        'Inside a transaction',
      )
      expect(write(() => write(async () => {}))).rejects.toThrow('Inside a transaction')
    })
  })

  describe('zones', () => {
    test('come back as they went in', async () => {
      const full = newZone({
        name: 'bücher.example.',
        apex: `xn--bcher-kva${account}.example.`,
        zoneType: 'private',
        description: 'Ünï "quoted" \\ \n',
        status: 'FREEZE',
        serial: 4_294_967_295,
        revision: 2 ** 40,
        proxyPattern: 'RECURSIVE',
        routers: [{ routerId: 'vpc-1', routerRegion: 'r', status: 'ACTIVE' }],
        tags: [{ key: 'k', value: 'välue' }],
        updatedAt: 1_800_000_000_001,
      })
      await write((tx) => tx.insertZone({ ...full, recordCount: 99 }))
      expect(await store.findZone(tenant, full.id)).toEqual(full)
      const changed = {
        ...full,
        ttl: 60,
        routers: [],
        status: 'ACTIVE' as const,
        proxyPattern: null,
        updatedAt: null,
      }
      await write((tx) => tx.updateZone({ ...changed, recordCount: 99 }))
      expect(await store.findZone(tenant, full.id)).toEqual(changed)
    })

    test('public ones belong to the account, private ones to the project', async () => {
      const inner = newZone({ zoneType: 'private' })
      await write((tx) => tx.insertZone(inner))
      const otherProject = { ...tenant, projectId: id(0xffff) }
      const otherAccount = { ...tenant, domainId: id(0xffff) }
      expect(await store.findZone(otherProject, home.id)).toEqual(home)
      expect(await store.findZone(otherProject, inner.id)).toBeUndefined()
      expect(await store.findZone(otherAccount, home.id)).toBeUndefined()
      expect(await store.findZone(otherAccount, inner.id)).toBeUndefined()
      expect(await store.countZones(otherProject, 'public')).toBe(1)
      expect(await write((tx) => tx.lockZone(otherAccount, home.id))).toBeUndefined()
    })

    test('are counted over all projects of their account', async () => {
      await write((tx) => tx.insertZone(newZone({ zoneType: 'private' })))
      const otherProject = { ...tenant, projectId: id(0xffff) }
      const otherAccount = { ...tenant, domainId: id(0xffff) }
      expect(await store.countZones(otherProject, 'private')).toBe(1)
      expect(await store.countZones(otherAccount, 'private')).toBe(0)
    })

    test('are read by id where they are visible', async () => {
      const inner = newZone({ zoneType: 'private' })
      await write((tx) => tx.insertZone(inner))
      const asked = [inner.id, home.id, home.id, id(0xabcdef)]
      expect(ids(await store.zonesById(tenant, asked)).sort()).toEqual(ids([home, inner]).sort())
      expect(await store.zonesById({ ...tenant, projectId: id(0xffff) }, asked)).toEqual([home])
      expect(await store.zonesById({ ...tenant, domainId: id(0xffff) }, asked)).toEqual([])
      expect(await store.zonesById(tenant, [])).toEqual([])
    })

    test('of another account cannot be locked', async () => {
      const otherAccount = { ...tenant, domainId: id(0xffff) }
      expect(await write((tx) => tx.lockZone(otherAccount, home.id))).toBeUndefined()
    })

    test('a public name exists once, a private one as often as wanted', async () => {
      const twin = { ...newZone(), apex: home.apex }
      expect(write((tx) => tx.insertZone(twin))).rejects.toThrow(RowExists)
      await write((tx) => tx.insertZone({ ...twin, id: newId(), zoneType: 'private' }))
      await write((tx) => tx.insertZone({ ...twin, id: newId(), zoneType: 'private' }))
      expect((await store.zonesByApex(home.apex, 'private')).length).toBe(2)
      expect(await store.zonesByApex(home.apex, 'public')).toEqual([home])
    })

    test('a change of one that is gone is a fault', () => {
      expect(write((tx) => tx.updateZone(newZone()))).rejects.toThrow(RowMissing)
    })

    test('are removed with their record sets and tasks', async () => {
      const [set] = await fill({ owner: 'a' })
      const work = task({ id: newId(), zoneId: home.id, ...tenant })
      await write(async (tx) => {
        await tx.insertTask(work, [{ no: 0, first: 0, count: 1, items: [1] }])
        await tx.insertTaskErrors(work.id, [{ index: 0, item: {}, code: 'x', message: 'y' }])
        await tx.insertTaskEffects(work.id, 0, [{ index: 0, recordSetId: 'r', before: null, after: null }])
        await tx.removeZone(home.id)
      })
      expect(await store.findZone(tenant, home.id)).toBeUndefined()
      expect(await store.findTask(tenant, work.id)).toBeUndefined()
      expect(await store.readTaskChunk(work.id, 0)).toBeUndefined()
      expect(await store.listTaskErrors(work.id, { limit: 9, offset: 0 })).toEqual([])
      expect(await store.listTaskEffects(work.id)).toEqual([])
      expect(await store.recordSetsAt(home.id, [set!.owner])).toEqual([])
      await write((tx) => tx.insertZone(home)) // and the id of the set is free again
      await write((tx) => tx.insertRecordSets(home.id, [set!]))
    })
  })

  describe('lists of zones', () => {
    let zones: Zone[]
    const list = async (filter: Partial<ZoneFilter>, at: Partial<Page> = {}) => {
      const { rows, total, hasMore } = await store.listZones(
        tenant,
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
      expect(await list({ zoneType: 'public' })).toEqual({ names: [home.name], total: 1, hasMore: false })
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
      expect(await names({ id: home.id })).toEqual([])
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
      for (const marker of [id(0xabcdef), home.id, 'nonsense']) {
        expect(list({}, { marker })).rejects.toThrow(MarkerNotFound)
      }
    })
  })

  describe('record sets', () => {
    test('come back as they went in', async () => {
      const full: Partial<RecordSet> & { owner: string } = {
        owner: 'xn--bcher-kva',
        name: `bücher.${home.apex}`,
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
      expect(await store.findRecordSet(tenant, home.id, plain!.id)).toEqual(plain)
      expect(await store.findRecordSet(tenant, home.id, rich!.id)).toEqual(rich)
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
      expect(await store.findRecordSet(tenant, home.id, rich!.id)).toEqual(bare)
    })

    test('are found in their own zone by those who see it', async () => {
      const [set] = await fill({ owner: 'a' })
      const other = newZone()
      await write((tx) => tx.insertZone(other))
      expect(await store.findRecordSet(tenant, other.id, set!.id)).toBeUndefined()
      expect(await store.findRecordSet({ ...tenant, domainId: id(0xffff) }, home.id, set!.id)).toBeUndefined()
    })

    test('are counted by their zone, and by the account but for the SOA and NS', async () => {
      const sets = await fill({ owner: '@' }, { owner: '@', type: 'NS' }, { owner: 'a' }, { owner: 'b' })
      const count = async () => [
        (await store.findZone(tenant, home.id))!.recordCount,
        await store.countRecordSets(tenant),
      ]
      expect(await count()).toEqual([4, 2])
      await write((tx) => tx.removeRecordSets(home.id, [sets[2]!.id, id(0xabcdef)]))
      expect(await count()).toEqual([3, 1])
      await write((tx) => tx.updateZone({ ...home, recordCount: 77 }))
      expect(await count()).toEqual([3, 1])
    })

    test('of a zone that is gone, or twice the same id, are refused', async () => {
      const [set] = await fill({ owner: 'a' })
      const stray = recordSet({ id: newId() }, { id: newId(), owner: 'x.example.' })
      expect(write((tx) => tx.insertRecordSets(stray.zoneId, [stray]))).rejects.toThrow(RowMissing)
      expect(write((tx) => tx.insertRecordSets(home.id, [set!]))).rejects.toThrow(RowExists)
      expect(write((tx) => tx.updateRecordSet({ ...set!, id: newId() }))).rejects.toThrow(RowMissing)
    })

    test('go in by the thousand', async () => {
      const sets = await fill(
        ...Array.from({ length: 5000 }, (_, i) => ({ owner: `h${i}`, weight: i % 7 || null })),
      )
      const owners = sets.map((set) => set.owner)
      const back = await store.recordSetsAt(home.id, [...owners, 'nowhere.example.'])
      expect(back.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(sets)
    })

    test('are looked up by owner, all lines and types', async () => {
      const sets = await fill(
        { owner: 'a' },
        { owner: 'a', line: 'CN' },
        { owner: 'a', type: 'TXT' },
        { owner: 'b' },
      )
      expect((await store.recordSetsAt(home.id, [sets[0]!.owner])).length).toBe(3)
      expect(await store.recordSetsAt(home.id, [])).toEqual([])
      expect(await store.recordSetsAt(id(0xabcdef), [sets[0]!.owner])).toEqual([])
    })

    test('names below a name are known', async () => {
      const sets = await fill(
        { owner: 'a.b' },
        { owner: 'x\\.y.c' },
        { owner: 'bb' },
        { owner: 'very.deep.down' },
      )
      const below = (owner: string) =>
        store.hasOwnersBelow(home.id, owner === '@' ? home.apex : `${owner}.${home.apex}`)
      expect(await below('@')).toBe(true)
      expect(await below('b')).toBe(true)
      expect(await below('a.b')).toBe(false)
      expect(await below('bb')).toBe(false)
      expect(await below('c')).toBe(true)
      expect(await below('y.c')).toBe(false) // the dot before y belongs to a label
      expect(await below('down')).toBe(true)
      expect(await below('deep.down')).toBe(true)
      expect(await below('eep.down')).toBe(false)
      await write((tx) => tx.removeRecordSets(home.id, [sets[0]!.id]))
      expect(await below('b')).toBe(false)
      await write((tx) => tx.updateRecordSet({ ...sets[2]!, owner: `z.b.${home.apex}` }))
      expect(await below('b')).toBe(true)
      expect(await store.hasOwnersBelow(id(0xabcdef), home.apex)).toBe(false)
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
      const found = await store.recordSetsById(tenant, [here!.id, there.id, id(0xabcdef)])
      expect(found.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
        shown(there, other, 'DISABLE'),
        shown(here!, home, 'ACTIVE'),
      ])
      const asked = [here!.id, there.id]
      expect(await store.recordSetsById({ ...tenant, projectId: id(0xffff) }, asked)).toEqual([
        shown(here!, home, 'ACTIVE'),
      ])
      expect(await store.recordSetsById({ ...tenant, domainId: id(0xffff) }, asked)).toEqual([])
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
        const { rows, ...rest } = await store.listOwnersOfTypes(home.id, ['MX', 'A'], { limit, offset })
        return { ...rest, at: rows.map((row) => sets.findIndex((set) => set.id === row.id)) }
      }
      expect(await list(10, 0)).toEqual({ at: [3, 1, 0], total: 3, hasMore: false })
      expect(await list(1, 1)).toEqual({ at: [1], total: 3, hasMore: true })
      expect(await list(0, 0)).toEqual({ at: [], total: 3, hasMore: false })
    })

    test('that forward to a URL are counted over the account', async () => {
      await fill({ owner: 'a', type: 'REDIRECT_URL' }, { owner: 'b', type: 'FORWARD_URL' }, { owner: 'c' })
      expect(await store.countUrlRecordSets({ ...tenant, projectId: id(0xffff) })).toBe(2)
      expect(await store.countUrlRecordSets({ ...tenant, domainId: id(0xffff) })).toBe(0)
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
        const rows = await store.recordSetsInOrder(home.id, after, 2)
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
        await tx.updateZone({ ...home, tags: tags(['env', 'test'], ['owner', 'b']) })
        await tx.insertZone(twin)
        await tx.insertZone(inner)
      })
      await fill({ owner: 'a', tags: tags(['set', '1']) }, { owner: 'b', tags: tags(['set', '1']) })
      const env = { key: 'env', values: ['prod', 'test'] }
      expect(await store.listTagsInUse(tenant, 'zone', 'public')).toEqual([
        env,
        { key: 'owner', values: ['b'] },
      ])
      expect(await store.listTagsInUse(tenant, 'zone', 'private')).toEqual([{ key: 'inner', values: [''] }])
      expect(await store.listTagsInUse(tenant, 'record_set', 'public')).toEqual([
        { key: 'set', values: ['1'] },
      ])
      expect(await store.listTagsInUse(tenant, 'record_set', 'private')).toEqual([])
      const otherProject = { ...tenant, projectId: id(0xffff) }
      expect(await store.listTagsInUse(otherProject, 'zone', 'private')).toEqual([])
    })

    test('are searched by what all, any, not all and none of the conditions hold for', async () => {
      const sets = await fill(
        { owner: 'a', tags: tags(['env', 'prod'], ['tier', 'web']) },
        { owner: 'b', tags: tags(['env', 'test']) },
        { owner: 'c', tags: tags(['tier', 'db']) },
        { owner: 'd' },
      )
      const search = async (tagSearch: TagSearch) => {
        const { rows, total } = await store.listRecordSets(tenant, { zoneId: home.id, tagSearch }, page())
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
      await write((tx) => tx.updateZone({ ...home, tags: tags(['env', 'prod']) }))
      const search = async (tagSearch: TagSearch) =>
        (await store.listZones(tenant, { zoneType: 'public', tagSearch }, page())).total
      expect(await search({ all: [one('env', 'prod')] })).toBe(1)
      expect(await search({ notAny: [one('env', 'prod')] })).toBe(0)
    })
  })

  describe('lists of record sets', () => {
    let sets: RecordSet[]
    const list = async (filter: RecordSetFilter, at: Partial<Page> = {}) => {
      const { rows, total, hasMore } = await store.listRecordSets(tenant, filter, page(at))
      return { nos: rows.map((row) => sets.findIndex((set) => set.id === row.id) + 1), total, hasMore }
    }
    const inHome = (filter: RecordSetFilter, at: Partial<Page> = {}) =>
      list({ zoneId: home.id, ...filter }, at)
    const nos = async (filter: RecordSetFilter, at: Partial<Page> = {}) => (await inHome(filter, at)).nos

    beforeEach(async () => {
      sets = await fill(
        { owner: '@', type: 'NS', isDefault: true, createdAt: 1, records: ['ns1.lab.example.'] },
        { owner: 'www', createdAt: 2, updatedAt: 9, records: ['192.0.2.1', '192.0.2.22'] },
        { owner: 'www', line: 'CN', createdAt: 2, status: 'DISABLE' },
        {
          owner: 'xn--bcher-kva',
          name: `bücher.${home.apex}`,
          type: 'TXT',
          createdAt: 1,
          records: ['"100% Sure_thing"'],
          tags: [{ key: 'env', value: 'prod' }],
        },
      )
    })

    test('show the zone and its project with each row', async () => {
      const { rows } = await store.listRecordSets(tenant, { zoneId: home.id }, page())
      expect(rows[0]).toEqual({
        ...sets[0]!,
        zoneName: home.name,
        projectId: home.projectId,
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
      expect(await equal(`WWW.${home.apex}`)).toEqual([2, 3])
      expect(await equal(`www.${home.apex.slice(0, -1)}`)).toEqual([2, 3])
      expect(await equal(`bücher.${home.apex}`)).toEqual([4])
      expect(await equal(`xn--bcher-kva.${home.apex}`)).toEqual([4])
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
      await write((tx) => tx.updateZone({ ...home, status: 'DISABLE' }))
      expect(await nos({ status: 'DISABLE' })).toEqual([4, 2, 3])
      expect(await nos({ status: 'ACTIVE' })).toEqual([1])
      const { rows } = await store.listRecordSets(tenant, { zoneId: home.id, type: 'TXT' }, page())
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
        store.listRecordSets({ ...tenant, domainId: id(0xffff) }, {}, page({ marker: sets[0]!.id })),
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
        const { rows, total } = await store.listRecordSets(tenant, { zoneType: 'public' }, page())
        expect(ids(rows)).toEqual(expected.map((text) => Number.parseInt(text, 16)))
        expect(total).toBe(count + 4)

        const all = await store.listRecordSets(tenant, {}, page({ sortDir: 'desc', limit: 2 }))
        expect(all.total).toBe(count + 5)
        expect(all.rows[0]!.zoneId).toBe(inner.id)
        expect(all.hasMore).toBe(true)
        const next = await store.listRecordSets(
          tenant,
          {},
          page({ sortDir: 'desc', limit: 2, marker: all.rows[1]!.id }),
        )
        const byOffset = await store.listRecordSets(
          tenant,
          {},
          page({ sortDir: 'desc', limit: 2, offset: 2 }),
        )
        expect(next.rows).toEqual(byOffset.rows)
        expect(next.rows.length).toBe(2)

        const filtered = await store.listRecordSets(
          tenant,
          { zoneType: 'public', name: { value: 'www', mode: 'like' }, type: 'A' },
          page({ limit: 3, sortKey: 'name' }),
        )
        expect([filtered.rows.length, filtered.total, filtered.hasMore]).toEqual([3, count + 2, true])
      })
    }

    test('of nobody are empty', async () => {
      const stranger = { domainId: id(0xffff), projectId: id(0xffff) }
      expect(await store.listRecordSets(stranger, {}, page())).toEqual({ rows: [], total: 0, hasMore: false })
      expect(await list({ zoneId: id(0xabcdef) })).toEqual({ nos: [], total: 0, hasMore: false })
      expect(await list({ zoneId: home.id, zoneType: 'private' })).toEqual({
        nos: [],
        total: 0,
        hasMore: false,
      })
    })
  })

  describe('tasks', () => {
    const chunks = [
      { no: 0, first: 0, count: 2, items: [{ a: '\0\ud800' }, [null, 1.5]] },
      { no: 1, first: 2, count: 1, items: ['x'] },
    ]

    test('come back as they went in, with their chunks', async () => {
      const full = task({
        id: newId(),
        zoneId: home.id,
        ...tenant,
        kind: 'import_file',
        slot: `batch:${home.id}`,
        totalCount: 3,
        chunkCount: 2,
        params: { language: 'zh-cn', deep: { list: [1] } },
        idempotencyKey: 'key',
        feedSeq: 2 ** 33,
      })
      await write((tx) => tx.insertTask(full, chunks))
      expect(await store.findTask(tenant, full.id)).toEqual(full)
      expect(await store.findTaskInSlot(tenant, full.slot!)).toEqual(full)
      expect(await store.findTaskByIdempotencyKey(tenant, 'key')).toEqual(full)
      expect(await store.readTaskChunk(full.id, 0)).toEqual(chunks[0]!)
      expect(await store.readTaskChunk(full.id, 1)).toEqual(chunks[1]!)
      expect(await store.readTaskChunk(full.id, 2)).toBeUndefined()

      const done = { ...full, status: 'DONE' as const, successCount: 2, errorCount: 1, cursor: 3, slot: null }
      await write(async (tx) => {
        await tx.updateTask(done)
        await tx.removeTaskChunks(full.id)
      })
      expect(await store.findTask(tenant, full.id)).toEqual(done)
      expect(await store.readTaskChunk(full.id, 0)).toBeUndefined()
      expect(write((tx) => tx.updateTask({ ...full, id: newId() }))).rejects.toThrow(RowMissing)
    })

    test('one slot and one idempotency key hold one task', async () => {
      const first = task({ id: newId(), zoneId: home.id, ...tenant, slot: 's1', idempotencyKey: 'k1' })
      await write((tx) => tx.insertTask(first, []))
      const second = { ...first, id: newId() }
      expect(write((tx) => tx.insertTask({ ...second, idempotencyKey: null }, []))).rejects.toThrow(RowExists)
      expect(write((tx) => tx.insertTask({ ...second, slot: null }, []))).rejects.toThrow(RowExists)
      await write(async (tx) => {
        await tx.removeTask(first.id)
        await tx.insertTask(second, [])
      })
      expect(await store.findTask(tenant, first.id)).toBeUndefined()
    })

    test('are seen by whoever sees the zone', async () => {
      const inner = newZone({ zoneType: 'private' })
      const outside = task({ id: newId(), zoneId: home.id, ...tenant })
      const inside = task({ id: newId(), zoneId: inner.id, ...tenant })
      await write(async (tx) => {
        await tx.insertZone(inner)
        await tx.insertTask(outside, [])
        await tx.insertTask(inside, [])
      })
      const otherProject = { ...tenant, projectId: id(0xffff) }
      expect(await store.findTask(otherProject, outside.id)).toEqual(outside)
      expect(await store.findTask(otherProject, inside.id)).toBeUndefined()
      expect(await store.findTask({ ...tenant, domainId: id(0xffff) }, outside.id)).toBeUndefined()
      const { rows, total } = await store.listTasks(otherProject, {}, { limit: 10, offset: 0 })
      expect([ids(rows), total]).toEqual([[Number.parseInt(outside.id, 16)], 1])
    })

    test('are listed newest first', async () => {
      const tasks = [1, 2, 3].map((createdAt) => task({ id: newId(), zoneId: home.id, ...tenant, createdAt }))
      await write(async (tx) => {
        for (const one of tasks) await tx.insertTask(one, [])
        await tx.updateTask({ ...tasks[1]!, status: 'DONE' })
      })
      const list = async (filter: object, limit: number, offset = 0) => {
        const { rows, total, hasMore } = await store.listTasks(tenant, filter, { limit, offset })
        return [rows.map((row) => row.createdAt), total, hasMore]
      }
      expect(await list({}, 2)).toEqual([[3, 2], 3, true])
      expect(await list({}, 2, 2)).toEqual([[1], 3, false])
      expect(await list({ status: 'PENDING', zoneId: home.id }, 9)).toEqual([[3, 1], 2, false])
      expect(await list({ zoneId: id(0xabcdef) }, 9)).toEqual([[], 0, false])
      await write((tx) => tx.removeZone(home.id)) // or a later test would lease them
    })

    test('keep errors by index and effects by chunk', async () => {
      const one = task({ id: newId(), zoneId: home.id, ...tenant })
      const errors = [4, 2, 9].map((index) => ({
        index,
        item: { name: `\ud800${index}` },
        code: 'DNS.1',
        message: 'm',
      }))
      const effect = (index: number) => ({
        index,
        recordSetId: id(index),
        before: null,
        after: { ttl: index },
      })
      await write(async (tx) => {
        await tx.insertTask(one, [])
        await tx.insertTaskErrors(one.id, errors)
        await tx.insertTaskErrors(one.id, [])
        await tx.insertTaskEffects(one.id, 1, [effect(3)])
        await tx.insertTaskEffects(one.id, 0, [effect(1), effect(2)])
      })
      expect(await store.listTaskErrors(one.id, { limit: 2, offset: 0 })).toEqual([errors[1]!, errors[0]!])
      expect(await store.listTaskErrors(one.id, { limit: 2, offset: 2 })).toEqual([errors[2]!])
      expect(await store.listTaskEffects(one.id)).toEqual([effect(1), effect(2), effect(3)])
      await write((tx) => tx.removeZone(home.id))
    })
  })

  describe('leases', () => {
    const NOW = 1_800_000_000_000
    const add = (...specials: Partial<Parameters<typeof task>[0]>[]) =>
      write(async (tx) => {
        const tasks = specials.map((special) => task({ id: newId(), zoneId: home.id, ...tenant, ...special }))
        for (const one of tasks) await tx.insertTask(one, [])
        return tasks
      })
    const lease = (owner: string, now = NOW, until = now + 100) =>
      write((tx) => tx.leaseTask(owner, now, until))
    const finish = (one: ReturnType<typeof task>) => write((tx) => tx.updateTask({ ...one, status: 'DONE' }))
    // Only this part leases, and it starts with nothing pending.
    beforeAll(async () => {
      for (let left = await lease('sweep'); left !== undefined; left = await lease('sweep'))
        await finish(left)
    })

    test('are given for the oldest task, once at a time', async () => {
      const other = newZone()
      await write((tx) => tx.insertZone(other))
      const [young, old] = await add({ createdAt: 2 }, { createdAt: 1, zoneId: other.id })
      expect((await lease('a'))?.id).toBe(old!.id)
      expect((await lease('b'))?.id).toBe(young!.id)
      expect(await lease('c')).toBeUndefined()
      await finish(young!)
      await finish(old!)
      expect(await lease('c', NOW + 1000)).toBeUndefined()
    })

    test('are over at their time, and then taken by somebody else', async () => {
      const [one] = await add({})
      await lease('a')
      expect(await lease('b', NOW + 99)).toBeUndefined()
      expect((await lease('b', NOW + 100))?.id).toBe(one!.id)
      expect(await write((tx) => tx.renewLease(one!.id, 'a', NOW + 500))).toBe(false)
      expect(await write((tx) => tx.renewLease(one!.id, 'b', NOW + 500))).toBe(true)
      expect(await lease('c', NOW + 499)).toBeUndefined()
      await finish(one!)
    })

    test('of one zone follow the order of its tasks', async () => {
      const [second, first, third] = await add({ createdAt: 2 }, { createdAt: 1 }, { createdAt: 3 })
      expect((await lease('a'))?.id).toBe(first!.id)
      expect(await lease('b')).toBeUndefined()
      expect(await write((tx) => tx.leaseTaskById(second!.id, 'b', NOW, NOW + 1))).toBeUndefined()
      await finish(first!)
      expect(await write((tx) => tx.leaseTaskById(third!.id, 'b', NOW, NOW + 1))).toBeUndefined()
      expect((await write((tx) => tx.leaseTaskById(second!.id, 'b', NOW, NOW + 1)))?.id).toBe(second!.id)
      await finish(second!)
      expect((await lease('c'))?.id).toBe(third!.id)
      await finish(third!)
    })

    test('of many nodes that ask at once are all different', async () => {
      const zones = Array.from({ length: 12 }, () => newZone())
      await write(async (tx) => {
        for (const one of zones) await tx.insertZone(one)
      })
      const tasks = await add(...zones.map((one) => ({ zoneId: one.id })))
      const given: string[] = []
      const node = async (name: string) => {
        for (let one = await lease(name); one !== undefined; one = await lease(name)) given.push(one.id)
      }
      await Promise.all(Array.from({ length: 6 }, (_, i) => node(`node${i}`)))
      // A row that another node is just taking is passed over; somebody finds it on the next look.
      await node('last')
      expect(given.sort()).toEqual(tasks.map((one) => one.id).sort())
      for (const one of tasks) await finish(one)
    })

    test('of a finished or removed task are not renewed or given', async () => {
      const [one] = await add({})
      await lease('a')
      await write((tx) => tx.removeTask(one!.id))
      expect(await write((tx) => tx.renewLease(one!.id, 'a', NOW + 500))).toBe(false)
      expect(await write((tx) => tx.leaseTaskById(one!.id, 'a', NOW, NOW + 1))).toBeUndefined()
    })
  })

  describe('the feed', () => {
    const append = (tx: Tx, text = 'x') =>
      tx.appendFeed({ zoneId: home.id, serial: 3, payload: new TextEncoder().encode(text) })

    test('numbers entries one by one, also after a transaction that was taken back', async () => {
      const { newest } = await store.feedBounds()
      expect(await write((tx) => append(tx))).toBe(newest + 1)
      await write(async (tx) => {
        await append(tx)
        throw new Error('no')
      }).catch(() => {})
      expect(await write((tx) => append(tx, 'yes'))).toBe(newest + 2)
      expect(await store.readFeed(newest + 1, 9)).toEqual([
        { seq: newest + 2, zoneId: home.id, serial: 3, payload: new TextEncoder().encode('yes') },
      ])
    })

    test('a reader never finds an entry below one it has seen', async () => {
      const { newest } = await store.feedBounds()
      const seen: number[] = []
      let isDone = false
      const reader = (async () => {
        while (!isDone) {
          for (const { seq } of await store.readFeed(seen.at(-1) ?? newest, 5)) seen.push(seq)
          await Bun.sleep(0)
        }
      })()
      const writer = async (no: number) => {
        for (let i = 0; i < 5; i++) {
          await write(async (tx) => {
            await append(tx)
            await Bun.sleep((no * 7 + i) % 3)
          })
        }
      }
      await Promise.all([0, 1, 2, 3].map(writer))
      isDone = true
      await reader
      for (const { seq } of await store.readFeed(seen.at(-1) ?? newest, 100)) seen.push(seq)
      expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => newest + 1 + i))
    })

    test('tells its listeners after the commit, and only of what was appended', async () => {
      let calls = 0
      const before = (await store.feedBounds()).newest
      const stop = store.onFeed(() => calls++)
      await write(async (tx) => {
        await append(tx)
        expect((await tx.feedBounds()).newest).toBe(before + 1)
      })
      expect(calls).toBeGreaterThan(0)
      stop()
      const until = calls
      await write((tx) => append(tx))
      await Bun.sleep(20)
      expect(calls).toBe(until)
    })

    test('is trimmed from its old end, and never reuses a number', async () => {
      await write((tx) => append(tx, 'abc'))
      const last = await write((tx) => append(tx, 'defg'))
      await write((tx) => tx.trimFeed(last - 1))
      expect(await store.feedBounds()).toEqual({ oldest: last, newest: last, sizeBytes: 4 })
      expect(await store.feedSizes(0, 9)).toEqual([{ seq: last, sizeBytes: 4 }])
      await write((tx) => tx.trimFeed(last - 1))
      await write((tx) => tx.trimFeed(last + 100))
      expect(await store.feedBounds()).toEqual({ oldest: last + 1, newest: last, sizeBytes: 0 })
      expect(await store.readFeed(0, 9)).toEqual([])
      expect(await write((tx) => append(tx))).toBe(last + 1)
      expect((await store.feedBounds()).oldest).toBe(last + 1)
    })
  })

  describe('a snapshot', () => {
    test('does not move while others write', async () => {
      await fill({ owner: 'before' })
      const seq = await write((tx) =>
        tx.appendFeed({ zoneId: home.id, serial: 1, payload: Uint8Array.of(1) }),
      )
      await store.readSnapshot(async (snapshot) => {
        await Promise.resolve()
        await fill({ owner: 'after' })
        await write((tx) => tx.appendFeed({ zoneId: home.id, serial: 2, payload: Uint8Array.of(2) }))
        expect(snapshot.seq).toBe(seq)
        const found = (await snapshot.zones()).find((one) => one.id === home.id)
        expect(found).toEqual({ ...home, recordCount: 1 })
        const pages = await Array.fromAsync(snapshot.publishedRecordSets(home.id))
        expect(pages.flat().map((set) => set.owner)).toEqual([`before.${home.apex}`])
      })
      expect((await store.findZone(tenant, home.id))!.recordCount).toBe(2)
    })

    test('gives what is published, in order, no group over two pages', async () => {
      const owners = Array.from({ length: 700 }, (_, i) => `h${String(i).padStart(4, '0')}`)
      await fill(
        ...owners.flatMap((owner) => [1, 2, 3, 4, 5, 6, 7].map((weight) => ({ owner, weight }))),
        { owner: 'off', status: 'DISABLE' },
        { owner: 'url', type: 'REDIRECT_URL', rdatas: null },
      )
      const pages = await store.readSnapshot((snapshot) =>
        Array.fromAsync(snapshot.publishedRecordSets(home.id)),
      )
      expect(pages.length).toBeGreaterThan(1)
      expect(pages.flat().map((set) => set.owner)).toEqual(
        owners.flatMap((owner) => Array(7).fill(`${owner}.${home.apex}`)),
      )
      const lasts = pages.map((sets) => sets.at(-1)!.owner)
      const firsts = pages.map((sets) => sets[0]!.owner)
      expect(firsts.slice(1).some((owner, i) => owner === lasts[i])).toBe(false)
    })

    test('of an unknown zone is empty', async () => {
      const pages = await store.readSnapshot((snapshot) =>
        Array.fromAsync(snapshot.publishedRecordSets(id(0xabcdef))),
      )
      expect(pages).toEqual([])
    })
  })

  describe('identity', () => {
    test('accounts, projects, users, keys and tokens come back as they went in', async () => {
      const domain = { id: newId(), name: `account-${account}`, enabled: true }
      const project = { id: newId(), domainId: domain.id, name: 'local', enabled: true }
      const user = {
        id: newId(),
        domainId: domain.id,
        name: 'admin',
        passwordHash: '$argon2id$',
        enabled: true,
        createdAt: 5,
      }
      const key = {
        accessKey: `AK${newId()}`,
        userId: user.id,
        sealedSecret: 'c2VhbGVk',
        enabled: true,
        createdAt: 6,
      }
      const token = {
        hash: newId(),
        userId: user.id,
        domainId: domain.id,
        projectId: null,
        methods: ['password'],
        issuedAt: 1,
        expiresAt: 100,
      }
      await write(async (tx) => {
        await tx.insertAccount(domain)
        await tx.insertProject(project)
        await tx.insertUser(user)
        await tx.insertAccessKey(key)
        await tx.insertToken(token)
      })
      expect(await store.findAccount(domain.id)).toEqual(domain)
      expect(await store.findAccountByName(domain.name)).toEqual(domain)
      expect(await store.listAccounts()).toContainEqual(domain)
      expect(await store.findProject(project.id)).toEqual(project)
      expect(await store.listProjects(domain.id)).toEqual([project])
      expect(await store.listProjects(domain.id, { name: 'other' })).toEqual([])
      expect(await store.findUser(user.id)).toEqual(user)
      expect(await store.findUserByName(domain.id, 'admin')).toEqual(user)
      expect(await store.findUserByName(tenant.domainId, 'admin')).toBeUndefined()
      expect(await store.findAccessKey(key.accessKey)).toEqual(key)
      expect(await store.findToken(token.hash)).toEqual(token)

      const off = { ...user, enabled: false, passwordHash: 'new' }
      await write((tx) => tx.updateUser(off))
      expect(await store.listUsers(domain.id)).toEqual([off])
      expect(write((tx) => tx.insertUser({ ...user, id: newId() }))).rejects.toThrow(RowExists)
      expect(write((tx) => tx.updateUser({ ...user, id: newId() }))).rejects.toThrow(RowMissing)
    })

    test('tokens go when they are removed or over', async () => {
      const domain = { id: newId(), name: `account-${account}`, enabled: true }
      const user = {
        id: newId(),
        domainId: domain.id,
        name: 'u',
        passwordHash: '',
        enabled: true,
        createdAt: 5,
      }
      const token = {
        hash: '',
        userId: user.id,
        domainId: domain.id,
        projectId: 'p',
        methods: [],
        issuedAt: 1,
        expiresAt: 100,
      }
      await write(async (tx) => {
        await tx.insertAccount(domain)
        await tx.insertUser(user)
        for (const [hash, expiresAt] of [
          ['t1', 10],
          ['t2', 11],
          ['t3', 12],
        ] as const) {
          await tx.insertToken({ ...token, hash: `${hash}-${account}`, expiresAt })
        }
        await tx.removeExpiredTokens(10)
        await tx.removeToken(`t3-${account}`)
      })
      const left = await Promise.all(['t1', 't2', 't3'].map((hash) => store.findToken(`${hash}-${account}`)))
      expect(left.map((one) => one !== undefined)).toEqual([false, true, false])
    })

    test('settings are put, or only put when there is none', async () => {
      const name = `setting-${account}`
      await write((tx) => tx.putSetting(name, 'one'))
      await write((tx) => tx.insertSetting(name, 'two'))
      expect(await store.findSetting(name)).toBe('one')
      await write((tx) => tx.putSetting(name, 'three'))
      expect(await store.findSetting(name)).toBe('three')
      expect(await store.findSetting('none')).toBeUndefined()
    })

    test('the store says that it can be reached', async () => {
      await store.ping()
    })
  })
}
