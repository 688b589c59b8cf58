import { afterAll, beforeAll, beforeEach } from 'bun:test'
import { recordSet, zone } from './samples.ts'
import type { Page, RecordSet, Store, Tenant, Tx, Zone } from './store.ts'

/** For tests only: what the parts of the contract suite work with. */
export interface ContractBed {
  readonly store: Store
  /** Each test works in an account of its own, so that one store serves them all. */
  readonly tenant: Tenant
  /** A public zone of it. */
  readonly home: Zone
  readonly newId: () => string
  readonly newZone: (special?: Partial<Zone>) => Zone
  readonly write: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>
  /** Sets in `home`, one for each argument, with names `<owner>.<apex>`. */
  readonly fill: (...specials: (Partial<RecordSet> & { owner: string })[]) => Promise<RecordSet[]>
}

export const id = (n: number): string => n.toString(16).padStart(32, '0')
export const ids = (rows: readonly { readonly id: string }[]) =>
  rows.map((row) => Number.parseInt(row.id, 16))
export const page = (special: Partial<Page> = {}): Page => ({
  limit: 100,
  offset: 0,
  sortKey: 'created_at',
  sortDir: 'asc',
  ...special,
})

/** Opens a store for the tests around, and gives each of them a tenant with a zone. */
export function contractBed(openEmpty: () => Promise<Store>): ContractBed {
  let store: Store
  let account = 0
  let tenant: Tenant
  let home: Zone
  let lastId = 0
  const newId = () => id(++lastId)
  const write = <T>(work: (tx: Tx) => Promise<T>) => store.transaction(work)
  const newZone = (special: Partial<Zone> = {}): Zone => {
    const zoneId = newId()
    return zone({ id: zoneId, apex: `z${zoneId}.example.`, ...tenant, ...special })
  }

  beforeAll(async () => {
    store = await openEmpty()
    await store.migrate()
  })
  afterAll(() => store.close())
  beforeEach(async () => {
    account++
    tenant = { domainId: id(0xd000 + account), projectId: id(0xe000 + account) }
    home = newZone({ apex: `home${account}.example.`, name: `home${account}.example.` })
    await write((tx) => tx.insertZone(home))
  })

  return {
    get store() {
      return store
    },
    get tenant() {
      return tenant
    },
    get home() {
      return home
    },
    newId,
    newZone,
    write,
    async fill(...specials) {
      const sets = specials.map((special) => {
        const owner = special.owner === '@' ? home.apex : `${special.owner}.${home.apex}`
        return recordSet(home, { id: newId(), ...special, owner, name: special.name ?? owner })
      })
      await write((tx) => tx.insertRecordSets(home.id, sets))
      return sets
    },
  }
}
