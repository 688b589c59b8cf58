import { Database } from 'bun:sqlite'
import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accessContract } from './access.contract.ts'
import { claimsContract } from './claims.contract.ts'
import { compareSchema } from './generated-schema.ts'
import { linesContract } from './lines.contract.ts'
import { manyZonesContract } from './many-zones.contract.ts'
import { networksContract } from './networks.contract.ts'
import { openStore } from './open.ts'
import { recordSetPagesContract } from './record-set-pages.contract.ts'
import { resolverContract } from './resolver.contract.ts'
import { recordSet, zone } from './samples.ts'
import { secondaryContract } from './secondary.contract.ts'
import { standInsContract } from './stand-ins.contract.ts'
import { storeContract } from './store.contract.ts'
import { transfersContract } from './transfers.contract.ts'
import { zoneKeysContract } from './zone-keys.contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'waymark-store-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('SQLite in memory', () => storeContract(() => openStore({ file: ':memory:' })))
describe('SQLite', () => linesContract(() => openStore({ file: ':memory:' })))
describe('SQLite', () => accessContract(() => openStore({ file: ':memory:' })))
describe('SQLite', () => claimsContract(() => openStore({ file: ':memory:' })))
describe('SQLite', () => transfersContract(() => openStore({ file: ':memory:' })))
describe('SQLite', () => manyZonesContract(() => openStore({ file: ':memory:' })))
describe('SQLite', () => networksContract(() => openStore({ file: ':memory:' })))
describe('SQLite', () => recordSetPagesContract(() => openStore({ file: ':memory:' })))
describe('SQLite', () => resolverContract(() => openStore({ file: ':memory:' })))
describe('SQLite', () => standInsContract(() => openStore({ file: ':memory:' })))
describe('SQLite', () => secondaryContract(() => openStore({ file: ':memory:' })))
describe('SQLite', () => zoneKeysContract(() => openStore({ file: ':memory:' })))
describe('SQLite in a file', () => storeContract(() => openStore({ dataDir: join(folder, 'contract') })))

describe('a SQLite file', () => {
  const home = zone({ id: '1'.repeat(32), apex: 'example.org.' })
  const set = recordSet(home, { id: '2'.repeat(32), owner: 'www.example.org.' })

  test('holds after a restart what was committed before', async () => {
    const dataDir = join(folder, 'restart')
    const before = await openStore({ dataDir })
    await before.migrate()
    await before.transaction(async (tx) => {
      await tx.insertZone(home)
      await tx.insertRecordSets(home.id, [set])
    })
    await before.close()
    const after = await openStore({ dataDir })
    await after.migrate()
    expect(await after.findRecordSet(home, home.id, set.id)).toEqual(set)
    await after.close()
  })

  test('is not written by a process that was told of a newer schema', async () => {
    const dataDir = join(folder, 'newer')
    const store = await openStore({ dataDir })
    await store.migrate()
    const database = new Database(join(dataDir, 'waymark.sqlite'))
    database.run(`insert into schema_migration values ('9999-from-the-future')`)
    database.close()
    expect(store.migrate()).rejects.toThrow('9999-from-the-future')
    await store.close()
  })

  test('waits for another process that is writing', async () => {
    const dataDir = join(folder, 'busy')
    const store = await openStore({ dataDir })
    await store.migrate()
    // Another process, because waiting for the lock stops this one.
    const script = `
      import { Database } from 'bun:sqlite'
      const database = new Database(process.argv[1])
      database.run('begin immediate')
      console.log('locked')
      Bun.sleepSync(300)
      database.run('commit')`
    const other = Bun.spawn([process.execPath, '-e', script, join(dataDir, 'waymark.sqlite')], {
      stdout: 'pipe',
    })
    await other.stdout.getReader().read()
    await store.transaction((tx) => tx.insertZone(home))
    expect(await other.exited).toBe(0)
    expect(await store.findZone(home, home.id)).toEqual(home)
    await store.close()
  })

  test('has the schema that the repository shows', async () => {
    const dataDir = join(folder, 'schema')
    const store = await openStore({ dataDir })
    await store.migrate()
    await store.close()
    const database = new Database(join(dataDir, 'waymark.sqlite'), { readonly: true })
    const rows = database
      .query(`select sql from sqlite_master where sql is not null order by tbl_name, type desc, name`)
      .all() as { sql: string }[]
    database.close()
    const { held, made } = await compareSchema('sqlite', rows.map((row) => `${row.sql};`).join('\n\n'))
    expect(made).toBe(held)
  })
})
