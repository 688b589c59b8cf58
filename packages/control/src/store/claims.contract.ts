import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import type { ZoneClaim } from './claim-calls.ts'
import { RowExists, RowMissing, type Store, type Tenant } from './store.ts'

/** What every engine must do with claims. `openEmpty` opens a store without a schema. */
export function claimsContract(openEmpty: () => Promise<Store>): void {
  let store: Store
  /** Each test works in an account of its own. */
  let tenant: Tenant
  let lastId = 0
  const newId = () => (++lastId).toString(16).padStart(32, '0')
  const claim = (special: Partial<ZoneClaim> = {}): ZoneClaim => ({
    ...{ id: newId(), kind: 'retrieval', ...tenant, name: 'shop.example.', apex: 'shop.example.' },
    ...{ host: 'proof', value: 'secret', status: 'OPEN', createdAt: 5, updatedAt: 5 },
    ...special,
  })
  const insert = (...claims: ZoneClaim[]) =>
    store.transaction(async (tx) => {
      for (const each of claims) await tx.insertClaim(each)
    })

  beforeAll(async () => {
    store = await openEmpty()
    await store.migrate()
  })
  afterAll(() => store.close())
  beforeEach(() => {
    tenant = { domainId: newId(), projectId: newId() }
  })

  test('a claim is found by its id and by its name, by its kind, in its account only', async () => {
    const shop = claim()
    const other = claim({ kind: 'authorization', name: 'bücher.example.', apex: 'xn--bcher-kva.example.' })
    await insert(shop, other)
    expect(await store.findClaim(tenant, 'retrieval', shop.id)).toEqual(shop)
    expect(await store.findClaim(tenant, 'authorization', shop.id)).toBeUndefined()
    expect(await store.claimsTo(tenant, 'authorization', [other.apex, shop.apex])).toEqual([other])
    expect(await store.claimsTo(tenant, 'retrieval', [])).toEqual([])
    const stranger = { ...tenant, domainId: newId() }
    expect(await store.findClaim(stranger, 'retrieval', shop.id)).toBeUndefined()
    expect(await store.claimsTo(stranger, 'retrieval', [shop.apex])).toEqual([])
    // Whatever the project: the account is what has public zones.
    expect(await store.findClaim({ ...tenant, projectId: newId() }, 'retrieval', shop.id)).toEqual(shop)
  })

  test('an account has one claim of a kind to a name', async () => {
    await insert(claim(), claim({ kind: 'authorization' }), claim({ domainId: newId() }))
    expect(insert(claim())).rejects.toThrow(RowExists)
  })

  test('the state of a claim changes, and it goes', async () => {
    const shop = claim()
    await insert(shop)
    const seen = { ...shop, status: 'VERIFIED', updatedAt: 9 } as const
    await store.transaction((tx) => tx.updateClaim(seen))
    expect(await store.findClaim(tenant, 'retrieval', shop.id)).toEqual(seen)
    await store.transaction((tx) => tx.removeClaim(shop.id))
    expect(await store.findClaim(tenant, 'retrieval', shop.id)).toBeUndefined()
    expect(store.transaction((tx) => tx.updateClaim(seen))).rejects.toThrow(RowMissing)
  })

  test('old claims of one kind and account are dropped', async () => {
    const old = claim({ apex: 'old.example.', updatedAt: 6 })
    const recent = claim({ apex: 'recent.example.', updatedAt: 7 })
    const other = claim({ apex: 'old.example.', kind: 'authorization', updatedAt: 6 })
    const foreign = claim({ apex: 'old.example.', domainId: newId(), updatedAt: 6 })
    await insert(old, recent, other, foreign)
    await store.transaction((tx) => tx.trimClaims(tenant, 'retrieval', 7))
    expect(await store.claimsTo(tenant, 'retrieval', ['old.example.', 'recent.example.'])).toEqual([recent])
    expect(await store.claimsTo(tenant, 'authorization', ['old.example.'])).toEqual([other])
    expect(await store.claimsTo(foreign, 'retrieval', ['old.example.'])).toEqual([foreign])
  })
}
