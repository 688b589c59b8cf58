import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { recordSet, zone } from './samples.ts'
import { type CustomLine, type LineGroup, RowExists, RowMissing, type Store, type Zone } from './store.ts'

/** What every engine must do with lines. `openEmpty` opens a store without a schema; each call another one. */
export function linesContract(openEmpty: () => Promise<Store>): void {
  let store: Store
  /** Each test works in an account of its own. */
  let tenant: { domainId: string; projectId: string }
  let home: Zone
  let lastId = 0
  const newId = () => (++lastId).toString(16).padStart(32, '0')

  beforeAll(async () => {
    store = await openEmpty()
    await store.migrate()
  })
  afterAll(() => store.close())
  beforeEach(async () => {
    tenant = { domainId: newId(), projectId: newId() }
    home = zone({ id: newId(), apex: `z${newId()}.example.`, ...tenant })
    await store.transaction((tx) => tx.insertZone(home))
  })

  const line = (special: Partial<CustomLine> = {}): CustomLine => {
    const lineId = `custom_${newId()}`
    return {
      lineId,
      domainId: tenant.domainId,
      name: lineId,
      ipSegments: ['192.0.2.0-192.0.2.255', '198.51.100.7-198.51.100.7'],
      status: 'ACTIVE',
      description: 'Büro "eins"',
      createdAt: 5,
      updatedAt: null,
      ...special,
    }
  }
  const group = (special: Partial<LineGroup> = {}): LineGroup => {
    const { ipSegments: _, ...rest } = line()
    return { ...rest, lineId: `lgroup_${newId()}`, members: ['CN', 'Dianxin'], ...special }
  }

  describe('custom lines', () => {
    test('come back as they went in, newest first, to their own account only', async () => {
      const [first, second] = [line({ createdAt: 7 }), line({ createdAt: 8, status: 'FREEZE', updatedAt: 9 })]
      await store.transaction(async (tx) => {
        await tx.lockLines(tenant)
        await tx.insertCustomLine(first)
        await tx.insertCustomLine(second)
        await tx.insertCustomLine(line({ domainId: newId() }))
      })
      expect(await store.listCustomLines(tenant)).toEqual([second, first])
      expect((await store.customLineIds(tenant)).sort()).toEqual([first.lineId, second.lineId])
    })

    test('change and go', async () => {
      const made = line()
      const changed = { ...made, name: 'other', ipSegments: ['10.0.0.1-10.0.0.1'], updatedAt: 10 }
      await store.transaction(async (tx) => {
        await tx.insertCustomLine(made)
        await tx.updateCustomLine(changed)
      })
      expect(await store.listCustomLines(tenant)).toEqual([changed])
      await store.transaction(async (tx) => {
        await tx.removeCustomLine({ ...tenant, domainId: newId() }, made.lineId)
        expect(await tx.customLineIds(tenant)).toEqual([made.lineId])
        await tx.removeCustomLine(tenant, made.lineId)
      })
      expect(await store.listCustomLines(tenant)).toEqual([])
      expect(store.transaction((tx) => tx.updateCustomLine(changed))).rejects.toThrow(RowMissing)
    })

    test('have names of their own in an account', async () => {
      await store.transaction((tx) => tx.insertCustomLine(line({ name: 'same' })))
      await store.transaction((tx) => tx.insertCustomLine(line({ name: 'same', domainId: newId() })))
      expect(store.transaction((tx) => tx.insertCustomLine(line({ name: 'same' })))).rejects.toThrow(
        RowExists,
      )
    })
  })

  test('groups come back as they went in, newest first, change and go', async () => {
    const [first, second] = [group({ createdAt: 1 }), group({ createdAt: 2, members: ['JP', 'KR', 'CN'] })]
    await store.transaction(async (tx) => {
      await tx.insertLineGroup(first)
      await tx.insertLineGroup(second)
      await tx.insertLineGroup(group({ domainId: newId() }))
    })
    expect(await store.listLineGroups(tenant)).toEqual([second, first])
    const changed = { ...first, members: ['US', 'CA'], description: '', updatedAt: 3 }
    await store.transaction(async (tx) => {
      await tx.updateLineGroup(changed)
      await tx.removeLineGroup(tenant, second.lineId)
    })
    expect(await store.listLineGroups(tenant)).toEqual([changed])
    expect(store.transaction((tx) => tx.updateLineGroup(second))).rejects.toThrow(RowMissing)
    const twin = group({ name: first.name })
    expect(store.transaction((tx) => tx.insertLineGroup(twin))).rejects.toThrow(RowExists)
  })

  test('a snapshot has the lines and groups of all accounts', async () => {
    const [made, grouped] = [line(), group()]
    await store.transaction(async (tx) => {
      await tx.insertCustomLine(made)
      await tx.insertLineGroup(grouped)
    })
    const { customLines, groups } = await store.readSnapshot((snapshot) => snapshot.lines())
    expect(customLines).toContainEqual(made)
    expect(groups).toContainEqual(grouped)
  })

  test('a zone knows the lines it uses, in the order in which they came into use', async () => {
    const set = (line: string, createdAt: number) =>
      recordSet(home, { id: newId(), owner: home.apex, line, createdAt })
    const sets = [set('CN', 9), set('default_view', 4), set('JP', 8), set('CN', 7), set('default_view', 3)]
    await store.transaction((tx) => tx.insertRecordSets(home.id, sets))
    expect(await store.listZoneLines(home.id)).toEqual([
      { line: 'default_view', createdAt: 3 },
      { line: 'CN', createdAt: 7 },
      { line: 'JP', createdAt: 8 },
    ])
    expect(await store.listZoneLines(newId())).toEqual([])
  })

  test('a line is in use while a record set of the account is on it', async () => {
    const made = line()
    const set = recordSet(home, { id: newId(), owner: home.apex, line: made.lineId })
    await store.transaction((tx) => tx.insertRecordSets(home.id, [set]))
    expect(await store.isLineInUse(tenant, made.lineId)).toBe(true)
    expect(await store.isLineInUse({ ...tenant, domainId: newId() }, made.lineId)).toBe(false)
    await store.transaction((tx) => tx.removeRecordSets(home.id, [set.id]))
    expect(await store.isLineInUse(tenant, made.lineId)).toBe(false)
  })
}
