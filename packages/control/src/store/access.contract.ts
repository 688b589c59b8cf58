import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { AuditEntry, ZoneScope } from './access-calls.ts'
import { recordSet, task, zone } from './samples.ts'
import { RowMissing, type Store, type Tenant, type Tx, type User, type Zone } from './store.ts'

/** What every engine must do with permissions and the audit log. `openEmpty` opens a store without a schema. */
export function accessContract(openEmpty: () => Promise<Store>): void {
  let store: Store
  /** Each test works in an account of its own. */
  let tenant: Tenant
  let user: User
  let lastId = 0
  const newId = () => (++lastId).toString(16).padStart(32, '0')
  const write = <T>(work: (tx: Tx) => Promise<T>) => store.transaction(work)

  beforeAll(async () => {
    store = await openEmpty()
    await store.migrate()
  })
  afterAll(() => store.close())
  beforeEach(async () => {
    tenant = { domainId: newId(), projectId: newId() }
    user = {
      id: newId(),
      domainId: tenant.domainId,
      name: 'eve',
      passwordHash: 'hash',
      enabled: true,
      createdAt: 1,
    }
    await write(async (tx) => {
      await tx.insertAccount({ id: tenant.domainId, name: tenant.domainId, enabled: true })
      await tx.insertProject({ id: tenant.projectId, domainId: tenant.domainId, name: 'r', enabled: true })
      await tx.insertUser(user)
    })
  })

  describe('grants', () => {
    test('are put, replaced and listed by account; without one there is none', async () => {
      expect(await store.findGrant(user.id)).toBeUndefined()
      const policies = [{ Version: '1.1', Statement: [{ Effect: 'Allow', Action: ['dns:*:*'] }] }]
      const grant = { userId: user.id, role: 'zone_administrator', zoneIds: [newId()], policies } as const
      await write((tx) => tx.putGrant({ userId: user.id, role: 'read_only', zoneIds: [], policies: [] }))
      await write((tx) => tx.putGrant(grant))
      expect(await store.findGrant(user.id)).toEqual(grant)
      expect(await store.listGrants(tenant.domainId)).toEqual([grant])
      expect(await store.listGrants(newId())).toEqual([])
    })

    test('keys and tokens go with their user', async () => {
      const key = { userId: user.id, sealedSecret: 's', enabled: true, createdAt: 1 }
      const token = { userId: user.id, projectId: null, methods: [], issuedAt: 1, expiresAt: 9 }
      await write(async (tx) => {
        await tx.putGrant({ userId: user.id, role: 'none', zoneIds: [], policies: [] })
        await tx.insertAccessKey({ ...key, accessKey: `K${user.id}` })
        await tx.insertToken({ ...token, domainId: tenant.domainId, hash: `T${user.id}` })
        await tx.removeUser(user.id)
      })
      expect(await store.findUser(user.id)).toBeUndefined()
      expect(await store.findGrant(user.id)).toBeUndefined()
      expect(await store.findAccessKey(`K${user.id}`)).toBeUndefined()
      expect(await store.findToken(`T${user.id}`)).toBeUndefined()
    })
  })

  test('the tokens of a user are ended, those of others are not', async () => {
    const other = { ...user, id: newId(), name: 'other' }
    const token = { domainId: tenant.domainId, projectId: null, methods: [], issuedAt: 1, expiresAt: 9 }
    await write(async (tx) => {
      await tx.insertUser(other)
      await tx.insertToken({ ...token, userId: user.id, hash: `T1${user.id}` })
      await tx.insertToken({ ...token, userId: other.id, hash: `T2${user.id}` })
      await tx.removeTokensOf(user.id)
    })
    expect(await store.findToken(`T1${user.id}`)).toBeUndefined()
    expect(await store.findToken(`T2${user.id}`)).toBeDefined()
  })

  test('access keys are listed by account and user, change and go', async () => {
    const other = { ...user, id: newId(), name: 'other' }
    const key = { sealedSecret: 's', enabled: true }
    const [first, second] = [
      { ...key, accessKey: `K1${user.id}`, userId: user.id, createdAt: 1 },
      { ...key, accessKey: `K2${user.id}`, userId: other.id, createdAt: 2 },
    ]
    await write(async (tx) => {
      await tx.insertUser(other)
      await tx.insertAccessKey(first)
      await tx.insertAccessKey(second)
    })
    expect(await store.listAccessKeys(tenant.domainId)).toEqual([first, second])
    expect(await store.listAccessKeys(tenant.domainId, other.id)).toEqual([second])
    expect(await store.listAccessKeys(newId())).toEqual([])
    const off = { ...first, enabled: false }
    await write(async (tx) => {
      await tx.updateAccessKey(off)
      await tx.removeAccessKey(second.accessKey)
    })
    expect(await store.listAccessKeys(tenant.domainId)).toEqual([off])
    expect(write((tx) => tx.updateAccessKey(second))).rejects.toThrow(RowMissing)
  })

  test('accounts and projects change', async () => {
    const account = { id: tenant.domainId, name: `renamed-${tenant.domainId}`, enabled: false }
    const project = { id: tenant.projectId, domainId: tenant.domainId, name: 'r', enabled: false }
    await write(async (tx) => {
      await tx.updateAccount(account)
      await tx.updateProject(project)
    })
    expect(await store.findAccount(account.id)).toEqual(account)
    expect(await store.findProject(project.id)).toEqual(project)
    expect(write((tx) => tx.updateAccount({ ...account, id: newId() }))).rejects.toThrow(RowMissing)
    expect(write((tx) => tx.updateProject({ ...project, id: newId() }))).rejects.toThrow(RowMissing)
  })

  describe('a tenant limited to zones', () => {
    let zones: Zone[]
    const limited = (zones: ZoneScope): Tenant => ({ ...tenant, zones })
    const byName = { limit: 10, offset: 0, sortKey: 'name', sortDir: 'asc' } as const
    beforeEach(async () => {
      zones = [1, 2, 3].map((n) => zone({ id: newId(), apex: `${n}${newId()}.example.`, ...tenant }))
      await write(async (tx) => {
        for (const one of zones) {
          await tx.insertZone(one)
          await tx.insertRecordSets(one.id, [recordSet(one, { id: newId(), owner: one.apex })])
          await tx.insertTask({ ...task({ id: newId(), zoneId: one.id }), ...tenant }, [])
        }
      })
    })

    test('sees and locks these, or all but those', async () => {
      const [a, b, c] = zones as [Zone, Zone, Zone]
      for (const [scope, seen] of [
        [{ only: [a.id] }, [a.id]],
        [{ only: [c.id, a.id] }, [a.id, c.id]],
        [{ except: [b.id] }, [a.id, c.id]],
      ] as const) {
        const who = limited(scope)
        const listed = await store.listZones(who, { zoneType: 'public' }, byName)
        expect(listed.rows.map(({ id }) => id)).toEqual([...seen])
        expect(listed.total).toBe(seen.length)
        expect(await store.findZone(who, b.id)).toBeUndefined()
        expect(await write((tx) => tx.lockZone(who, b.id))).toBeUndefined()
        expect((await store.findZone(who, a.id))?.id).toBe(a.id)
        expect((await store.zonesById(who, [a.id, b.id])).map(({ id }) => id)).toEqual([a.id])
      }
    })

    test('sees record sets and tasks of these only', async () => {
      const [a, b] = zones as [Zone, Zone]
      const who = limited({ only: [a.id] })
      const all = await store.listRecordSets(tenant, {}, byName)
      expect(all.total).toBe(3)
      const some = await store.listRecordSets(who, {}, byName)
      expect(some.rows.map(({ zoneId }) => zoneId)).toEqual([a.id])
      const hidden = all.rows.find(({ zoneId }) => zoneId === b.id)!
      expect(await store.findRecordSet(who, b.id, hidden.id)).toBeUndefined()
      expect(await store.recordSetsById(who, [hidden.id])).toEqual([])
      const tasks = await store.listTasks(who, {}, { limit: 10, offset: 0 })
      expect(tasks.rows.map(({ zoneId }) => zoneId)).toEqual([a.id])
      const others = await store.listTasks(tenant, { zoneId: b.id }, { limit: 10, offset: 0 })
      expect(await store.findTask(who, others.rows[0]!.id)).toBeUndefined()
    })
  })

  describe('audit log', () => {
    const entry = (special: Partial<AuditEntry> = {}): AuditEntry => ({
      id: newId(),
      at: 100,
      ...tenant,
      userId: user.id,
      userName: user.name,
      address: '192.0.2.1',
      requestId: newId(),
      operation: 'updateZone',
      request: 'PATCH /v2/zones/1',
      zoneId: null,
      changes: [{ kind: 'Zone', id: '1', before: { ttl: 300 }, after: { ttl: 60, note: 'ü' } }],
      changeCount: 1,
      ...special,
    })

    test('entries come back as they went in, newest first, page by page, to their own account only', async () => {
      const entries = [entry(), entry({ zoneId: newId() }), entry({ changes: [], changeCount: 0 })]
      await write(async (tx) => {
        for (const one of entries) await tx.insertAuditEntry(one)
        await tx.insertAuditEntry(entry({ domainId: newId() }))
      })
      const [first, second, third] = entries as [AuditEntry, AuditEntry, AuditEntry]
      expect(await store.listAudit(tenant.domainId, {}, { limit: 2 })).toEqual([third, second])
      expect(await store.listAudit(tenant.domainId, {}, { limit: 2, marker: second.id })).toEqual([first])
    })

    test('is searched by user, operation, request, zone and time', async () => {
      const odd = { userName: 'mallory', operation: 'deleteZone', zoneId: newId(), at: 200 }
      const found = entry(odd)
      await write(async (tx) => {
        await tx.insertAuditEntry(entry())
        await tx.insertAuditEntry(found)
        await tx.insertAuditEntry(entry({ at: 300 }))
      })
      for (const filter of [
        { userName: 'mallory' },
        { operation: 'deleteZone' },
        { requestId: found.requestId },
        { zoneId: odd.zoneId },
        { from: 200, until: 299 },
      ])
        expect(await store.listAudit(tenant.domainId, filter, { limit: 9 })).toEqual([found])
    })

    test('loses its oldest entries, so many at a time', async () => {
      await write(async (tx) => {
        for (const at of [3, 1, 2, 500]) await tx.insertAuditEntry(entry({ at }))
      })
      expect(await write((tx) => tx.trimAudit(50, 2))).toBe(2)
      const left = await store.listAudit(tenant.domainId, {}, { limit: 9 })
      expect(left.map(({ at }) => at)).toEqual([500, 3])
      expect(await write((tx) => tx.trimAudit(50, 2))).toBe(1)
    })
  })
}
