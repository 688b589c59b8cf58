import { sql } from 'kysely'
import { MIGRATIONS } from './migrations/index.ts'
import type { Engine } from './session.ts'

/**
 * Brings the schema up to date, all steps in one transaction under the engine's lock: of several nodes that start at once
 * one works and the others find it done. A database that a newer release has migrated is refused.
 */
export async function migrate(engine: Engine): Promise<void> {
  await engine.write(async (session) => {
    await engine.lockSchema(session)
    const { text, table } = engine.schema
    const run = (statement: string) => sql.raw(statement).execute(session.db)
    await run(`create table if not exists schema_migration (name ${text} not null primary key)${table}`)
    const { rows } = await sql<{ name: string }>`select name from schema_migration order by name`.execute(
      session.db,
    )
    const done = new Set(rows.map((row) => row.name))
    const unknown = [...done].filter((name) => !MIGRATIONS.some((migration) => migration.name === name))
    if (unknown.length > 0) {
      throw new Error(`The database was migrated by a newer release: it has ${unknown.join(', ')}.`)
    }
    for (const migration of MIGRATIONS) {
      if (done.has(migration.name)) continue
      for (const statement of migration.statements(engine.schema)) await run(statement)
      await sql`insert into schema_migration (name) values (${migration.name})`.execute(session.db)
    }
  })
}
