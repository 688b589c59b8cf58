import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type PostgresServer, startPostgres } from '../../../../test/support/postgres.ts'
import { accessContract } from './access.contract.ts'
import { claimsContract } from './claims.contract.ts'
import { compareSchema } from './generated-schema.ts'
import { linesContract } from './lines.contract.ts'
import { manyZonesContract } from './many-zones.contract.ts'
import { networksContract } from './networks.contract.ts'
import { openStore } from './open.ts'
import { recordSetPagesContract } from './record-set-pages.contract.ts'
import { resolverContract } from './resolver.contract.ts'
import { secondaryContract } from './secondary.contract.ts'
import { standInsContract } from './stand-ins.contract.ts'
import { storeContract } from './store.contract.ts'
import { transfersContract } from './transfers.contract.ts'
import { zoneKeysContract } from './zone-keys.contract.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
}, 120_000)
afterAll(() => server?.stop())

const openEmpty = async () => openStore({ databaseUrl: await server.createDatabase() })

describe('PostgreSQL', () => storeContract(openEmpty))
describe('PostgreSQL', () => linesContract(openEmpty))
describe('PostgreSQL', () => accessContract(openEmpty))
describe('PostgreSQL', () => claimsContract(openEmpty))
describe('PostgreSQL', () => transfersContract(openEmpty))
describe('PostgreSQL', () => manyZonesContract(openEmpty))

describe('PostgreSQL', () => networksContract(openEmpty))
describe('PostgreSQL', () => recordSetPagesContract(openEmpty))
describe('PostgreSQL', () => resolverContract(openEmpty))
describe('PostgreSQL', () => standInsContract(openEmpty))
describe('PostgreSQL', () => secondaryContract(openEmpty))
describe('PostgreSQL', () => zoneKeysContract(openEmpty))

describe('several nodes on one PostgreSQL', () => {
  test('that start at once migrate once', async () => {
    const databaseUrl = await server.createDatabase()
    const nodes = await Promise.all([1, 2, 3].map(() => openStore({ databaseUrl })))
    try {
      await Promise.all(nodes.map((node) => node.migrate()))
      expect(await nodes[2]!.feedBounds()).toEqual({ oldest: 0, newest: 0, sizeBytes: 0 })
    } finally {
      await Promise.all(nodes.map((node) => node.close()))
    }
  })

  test('hear at once what another has appended', async () => {
    const databaseUrl = await server.createDatabase()
    const [here, there] = await Promise.all([openStore({ databaseUrl }), openStore({ databaseUrl })])
    try {
      await here.migrate()
      let heard = (): void => {}
      const stop = here.onFeed(() => heard())
      await Bun.sleep(100) // until it listens
      const delays: number[] = []
      for (let serial = 0; serial < 5; serial++) {
        const started = performance.now()
        const hearing = new Promise<void>((resolve) => {
          heard = resolve
        })
        await there.transaction((tx) =>
          tx.appendFeed({ zoneId: 'a'.repeat(32), serial, payload: new Uint8Array(1) }),
        )
        await hearing
        delays.push(performance.now() - started)
      }
      stop()
      // The poll without a notification comes once a second.
      expect(Math.min(...delays)).toBeLessThan(300)
    } finally {
      await Promise.all([here.close(), there.close()])
    }
  })
})

test('PostgreSQL has the schema that the repository shows', async () => {
  const databaseUrl = await server.createDatabase()
  const store = await openStore({ databaseUrl })
  await store.migrate()
  await store.close()
  const dump = await server.dumpSchema(databaseUrl)
  // Without what is about the program and its session: versions of pg_dump differ in it.
  const statements = dump.replace(/^(?:--|\\|SET |SELECT pg_catalog).*\n/gm, '').replace(/\n{2,}/g, '\n\n')
  const { held, made } = await compareSchema('postgres', statements)
  expect(made).toBe(held)
})
