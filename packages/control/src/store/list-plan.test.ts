import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { openStore } from './open.ts'
import { recordSet, zone } from './samples.ts'
import type { Page, RecordSetFilter, Store } from './store.ts'

/** What a list costs must not grow with the zone: seen in the plans that SQLite makes for its statements. */
describe('plans of lists', () => {
  const home = zone({ id: '1'.repeat(32), apex: 'example.org.' })
  const sets = Array.from({ length: 50 }, (_, i) =>
    recordSet(home, { id: i.toString(16).padStart(32, '0'), owner: `h${i}.example.org.` }),
  )
  let store: Store
  const statements: { text: string; database: Database }[] = []
  const { prepare } = Database.prototype

  beforeAll(async () => {
    store = await openStore({ file: ':memory:' })
    await store.migrate()
    await store.transaction(async (tx) => {
      await tx.insertZone(home)
      await tx.insertRecordSets(home.id, sets)
    })
    Database.prototype.prepare = function (this: Database, text: string, ...rest: never[]) {
      statements.push({ text, database: this })
      return prepare.call(this, text, ...rest)
    } as typeof prepare
  })
  afterAll(async () => {
    Database.prototype.prepare = prepare
    await store.close()
  })

  /** Steps, of all statements that a list prepares, that read or sort a whole zone. */
  async function costlySteps(filter: RecordSetFilter, page: Partial<Page>): Promise<string[]> {
    statements.length = 0
    await store.listRecordSets(home, filter, {
      limit: 10,
      offset: 0,
      sortKey: 'created_at',
      sortDir: 'asc',
      ...page,
    })
    expect(statements.length).toBeGreaterThan(0)
    const steps: string[] = []
    for (const { text, database } of statements.slice()) {
      const plan = prepare.call(database, `explain query plan ${text}`).all() as { detail: string }[]
      steps.push(...plan.map((step) => step.detail))
    }
    return steps.filter(
      (step) => /^SCAN (?:r|z|record_set|zone)\b/.test(step) || /USE TEMP B-TREE FOR ORDER BY/.test(step),
    )
  }

  for (const sortDir of ['asc', 'desc'] as const) {
    for (const sortKey of ['created_at', 'name']) {
      test(`one zone by ${sortKey} ${sortDir} is read in the order of an index`, async () => {
        expect(await costlySteps({ zoneId: home.id }, { sortKey, sortDir })).toEqual([])
        expect(await costlySteps({ zoneId: home.id }, { sortKey, sortDir, marker: sets[20]!.id })).toEqual([])
      })
    }
  }

  test('a type sorts the zone, so this test can see it', async () => {
    expect(await costlySteps({ zoneId: home.id }, { sortKey: 'type' })).not.toEqual([])
  })

  test('a whole name is looked up, and only what it finds is sorted', async () => {
    statements.length = 0
    const name = { value: 'h7.example.org', mode: 'equal' as const }
    const { rows } = await store.listRecordSets(
      home,
      { zoneId: home.id, name },
      { limit: 10, offset: 0, sortKey: 'created_at', sortDir: 'desc' },
    )
    expect(rows.map((row) => row.owner)).toEqual(['h7.example.org.'])
    const plans = statements.slice().flatMap(({ text, database }) => {
      const plan = prepare.call(database, `explain query plan ${text}`).all() as { detail: string }[]
      return plan.map((step) => step.detail).filter((step) => step.startsWith('SEARCH r '))
    })
    for (const step of plans) expect(step).toMatch(/owner=\?|shown_name=\?/)
  })
})
