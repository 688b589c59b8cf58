import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openPostgres } from './dialects/postgres.ts'
import { openSqlite } from './dialects/sqlite.ts'
import { createSqlStore } from './sql-store.ts'
import type { Store } from './store.ts'

/** Where the store is: a PostgreSQL URL, else a data folder that holds (or will hold) a SQLite file, else memory for tests. */
export interface StoreLocation {
  readonly databaseUrl?: string
  readonly dataDir?: string
  readonly file?: ':memory:'
}

/** Opens the store; {@link Store.migrate} makes or updates its schema. */
export async function openStore({ databaseUrl, dataDir, file }: StoreLocation): Promise<Store> {
  if (databaseUrl !== undefined) return createSqlStore(openPostgres(databaseUrl))
  if (dataDir !== undefined) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    return createSqlStore(openSqlite(join(dataDir, 'waymark.sqlite')))
  }
  if (file !== undefined) return createSqlStore(openSqlite(file))
  throw new Error('A store needs a database URL, a data folder or a file.')
}
