import { afterAll, beforeAll, expect, test } from 'bun:test'
import fc from 'fast-check'
import { type PostgresServer, startPostgres } from '../../../../test/support/postgres.ts'
import { openStore } from './open.ts'
import { recordSet, task, zone } from './samples.ts'
import type { Page, RecordSetFilter, Store, TagSearch, Tenant, ZoneFilter } from './store.ts'

let server: PostgresServer
let stores: [Store, Store]
beforeAll(async () => {
  server = await startPostgres()
  stores = [
    await openStore({ file: ':memory:' }),
    await openStore({ databaseUrl: await server.createDatabase() }),
  ]
  for (const store of stores) await store.migrate()
}, 120_000)
afterAll(async () => {
  for (const store of stores ?? []) await store.close()
  await server?.stop()
})

type Command = (store: Store) => Promise<unknown>

// Few of each, so that commands meet: the same rows, the same names, the same places of a list.
const row = fc.integer({ min: 0, max: 7 })
const zoneNo = fc.integer({ min: 0, max: 2 })
const label = fc.constantFrom('a', 'b.a', 'c.b.a', 'aa', '_x', '%', 'a\\.b', '*', 'xn--nda', 'z')
const shown = fc.constantFrom(undefined, 'ü', 'A_%')
const word = fc.constantFrom('', 'a', 'A', 'Ü', 'ü', '%', '_', '\\', '.', '"', '192', 'É', '\u{1f600}', 'b.a')
const mode = fc.constantFrom<'equal' | 'like'>('equal', 'like')
const time = fc.integer({ min: 1, max: 4 })
const tag = fc.record({ key: fc.constantFrom('k', 'K', 'é'), value: word })
const orNothing = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 })
const textFilter = fc.record({ value: word, mode })

const DOMAIN = 'd'.repeat(32)
const tenant = fc.constantFrom<Tenant>(
  { domainId: DOMAIN, projectId: 'p1' },
  { domainId: DOMAIN, projectId: 'p2' },
  { domainId: 'other', projectId: 'p1' },
)
const zoneId = (no: number) => `a${no}`.padStart(32, '0')
const setId = (no: number) => `b${no}`.padStart(32, '0')
const taskId = (no: number) => `c${no}`.padStart(32, '0')
const apexOf = (no: number) => `z${no}.example.`

const someZone = fc
  .record({ no: zoneNo, isPrivate: fc.boolean(), projectId: fc.constantFrom('p1', 'p2'), createdAt: time })
  .map(({ no, isPrivate, ...rest }) =>
    zone({
      ...rest,
      id: zoneId(no),
      apex: apexOf(no),
      domainId: DOMAIN,
      zoneType: isPrivate ? 'private' : 'public',
    }),
  )

const someSet = fc
  .record({
    no: row,
    zone: zoneNo,
    label,
    shown,
    type: fc.constantFrom('A', 'TXT', 'NS'),
    line: fc.constantFrom('default_view', 'CN', 'cn'),
    weight: fc.option(fc.integer({ min: 0, max: 9 })),
    records: fc.array(fc.oneof(word, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 3 }),
    rdatas: fc.option(fc.uint8Array({ maxLength: 5 })),
    status: fc.constantFrom<'ACTIVE' | 'DISABLE'>('ACTIVE', 'DISABLE'),
    description: fc.option(word),
    tags: fc.array(tag, { maxLength: 2 }),
    createdAt: time,
    updatedAt: fc.option(time),
  })
  .map(({ no, zone: inZone, label: relative, shown: asShown, ...rest }) => {
    const owner = `${relative}.${apexOf(inZone)}`
    const name = asShown === undefined ? owner : `${asShown}.${apexOf(inZone)}`.toLowerCase()
    return recordSet({ id: zoneId(inZone) }, { ...rest, id: setId(no), owner, name })
  })

const pages = (sortKeys: string[], marker: (no: number) => string) =>
  fc.record<Page>({
    limit: fc.integer({ min: 0, max: 4 }),
    offset: fc.integer({ min: 0, max: 3 }),
    sortKey: fc.constantFrom(...sortKeys),
    sortDir: fc.constantFrom('asc', 'desc'),
    marker: orNothing(row.map(marker)),
  })

const recordSetFilter = fc.record<RecordSetFilter>({
  zoneId: orNothing(zoneNo.map(zoneId)),
  zoneType: orNothing(fc.constantFrom('public', 'private')),
  id: orNothing(fc.record({ value: fc.oneof(row.map(setId), fc.constantFrom('b', 'B1', '%')), mode })),
  name: orNothing(
    fc.oneof(textFilter, fc.record({ value: label.map((text) => `${text}.${apexOf(0)}`), mode })),
  ),
  lines: orNothing(
    fc.array(fc.record({ value: fc.constantFrom('CN', 'c', 'default_view'), mode }), { maxLength: 2 }),
  ),
  type: orNothing(fc.constantFrom('A', 'TXT')),
  status: orNothing(fc.constantFrom('ACTIVE', 'DISABLE')),
  records: orNothing(textFilter),
  tags: orNothing(
    fc.array(
      fc.record({
        key: fc.constantFrom('k', 'é'),
        value: orNothing(word),
        mode: fc.constantFrom('equal', 'contains'),
      }),
      { maxLength: 2 },
    ),
  ),
})

const tagConditions = orNothing(
  fc.array(
    fc.record({
      key: fc.constantFrom('k', 'K', 'é'),
      values: orNothing(
        fc.array(fc.record({ value: word, mode: fc.constantFrom('equal', 'contains') }), { maxLength: 2 }),
      ),
    }),
    { maxLength: 2 },
  ),
)
const tagSearch = fc.record<TagSearch>({
  all: tagConditions,
  any: tagConditions,
  notAll: tagConditions,
  notAny: tagConditions,
})

const zoneFilter = fc.record<ZoneFilter>({
  zoneType: fc.constantFrom('public', 'private'),
  name: orNothing(textFilter),
  status: orNothing(fc.constantFrom('ACTIVE', 'DISABLE')),
})

const command: fc.Arbitrary<[string, Command]> = fc.oneof(
  {
    weight: 3,
    arbitrary: someZone.map((one): [string, Command] => [
      `insert zone ${one.id}`,
      (store) => store.transaction((tx) => tx.insertZone(one)),
    ]),
  },
  someZone.map((one): [string, Command] => [
    `pause zone ${one.id}`,
    (store) => store.transaction((tx) => tx.updateZone({ ...one, status: 'DISABLE' })),
  ]),
  zoneNo.map((no): [string, Command] => [
    `remove zone ${no}`,
    (store) => store.transaction((tx) => tx.removeZone(zoneId(no))),
  ]),
  {
    weight: 8,
    arbitrary: fc
      .uniqueArray(someSet, { minLength: 1, maxLength: 3, selector: (set) => set.id })
      .map((sets): [string, Command] => {
        const mine = sets.filter((set) => set.zoneId === sets[0]!.zoneId)
        return [
          `insert ${JSON.stringify(mine)}`,
          (store) => store.transaction((tx) => tx.insertRecordSets(mine[0]!.zoneId, mine)),
        ]
      }),
  },
  someSet.map((set): [string, Command] => [
    `update ${JSON.stringify(set)}`,
    (store) => store.transaction((tx) => tx.updateRecordSet(set)),
  ]),
  fc
    .tuple(zoneNo, fc.array(row))
    .map(([no, rows]): [string, Command] => [
      `remove sets ${rows} of ${no}`,
      (store) => store.transaction((tx) => tx.removeRecordSets(zoneId(no), rows.map(setId))),
    ]),
  {
    weight: 8,
    arbitrary: fc
      .tuple(tenant, recordSetFilter, pages(['name', 'type', 'line', 'created_at', 'updated_at'], setId))
      .map(([who, filter, page]): [string, Command] => [
        `list sets ${JSON.stringify([who, filter, page])}`,
        (store) => store.listRecordSets(who, filter, page),
      ]),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(tenant, zoneFilter, pages(['name', 'created_at', 'updated_at'], zoneId))
      .map(([who, filter, page]): [string, Command] => [
        `list zones ${JSON.stringify([who, filter, page])}`,
        (store) => store.listZones(who, filter, page),
      ]),
  },
  fc
    .tuple(zoneNo, label)
    .map(([no, relative]): [string, Command] => [
      `below ${relative} of ${no}`,
      (store) => store.hasOwnersBelow(zoneId(no), `${relative}.${apexOf(no)}`),
    ]),
  fc
    .tuple(tenant, tagSearch)
    .map(([who, search]): [string, Command] => [
      `search by tags ${JSON.stringify([who, search])}`,
      (store) =>
        store.listRecordSets(
          who,
          { zoneType: 'public', tagSearch: search },
          { limit: 9, offset: 0, sortKey: 'created_at', sortDir: 'desc' },
        ),
    ]),
  fc
    .tuple(tenant, fc.constantFrom<'zone' | 'record_set'>('zone', 'record_set'))
    .map(([who, resource]): [string, Command] => [
      `tags of ${resource}s`,
      (store) => store.listTagsInUse(who, resource, 'public'),
    ]),
  fc
    .tuple(zoneNo, fc.integer({ min: 0, max: 2 }))
    .map(([no, offset]): [string, Command] => [
      `owners of A and TXT in ${no}`,
      (store) => store.listOwnersOfTypes(zoneId(no), ['A', 'TXT'], { limit: 2, offset }),
    ]),
  zoneNo.map((no): [string, Command] => [
    `read ${no} in order`,
    (store) => store.recordSetsInOrder(zoneId(no), undefined, 50),
  ]),
  zoneNo.map((no): [string, Command] => [
    `publish ${no}`,
    (store) => store.readSnapshot((snapshot) => Array.fromAsync(snapshot.publishedRecordSets(zoneId(no)))),
  ]),
  fc
    .tuple(row, zoneNo, time, orNothing(fc.constantFrom('s1', 's2')))
    .map(([no, inZone, createdAt, slot]): [string, Command] => [
      `insert task ${no}`,
      (store) =>
        store.transaction((tx) =>
          tx.insertTask(
            task({
              id: taskId(no),
              zoneId: zoneId(inZone),
              domainId: DOMAIN,
              projectId: 'p1',
              createdAt,
              slot: slot ?? null,
            }),
            [{ no: 0, first: 0, count: 1, items: [createdAt] }],
          ),
        ),
    ]),
  time.map((now): [string, Command] => [
    `lease at ${now}`,
    (store) => store.transaction((tx) => tx.leaseTask('me', now, now + 2)),
  ]),
  row.map((no): [string, Command] => [
    `remove task ${no}`,
    (store) => store.transaction((tx) => tx.removeTask(taskId(no))),
  ]),
  fc
    .uint8Array({ maxLength: 4 })
    .map((payload): [string, Command] => [
      'append',
      (store) => store.transaction((tx) => tx.appendFeed({ zoneId: zoneId(0), serial: 1, payload })),
    ]),
  fc.integer({ min: 0, max: 6 }).map((back): [string, Command] => [
    `trim to ${back} before the end`,
    async (store) => {
      const { newest } = await store.feedBounds()
      await store.transaction((tx) => tx.trimFeed(newest - back))
      return [await store.feedBounds(), await store.feedSizes(0, 100)]
    },
  ]),
)

/** What came of a command: its value, or the kind of its failure. */
async function outcome(run: Command, store: Store): Promise<unknown> {
  try {
    return (await run(store)) ?? null
  } catch (error) {
    return `failed: ${(error as Error).constructor.name}`
  }
}

test('any sequence of commands has the same outcomes on both engines', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (commands) => {
      for (const store of stores) {
        await store.transaction(async (tx) => {
          for (const no of [0, 1, 2]) await tx.removeZone(zoneId(no))
        })
      }
      for (const [name, run] of commands) {
        const [sqlite, postgres] = await Promise.all(stores.map((store) => outcome(run, store)))
        expect({ name, outcome: postgres }).toEqual({ name, outcome: sqlite })
      }
    }),
    { numRuns: 100 },
  )
}, 120_000)
