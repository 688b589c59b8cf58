import { type Compilable, PostgresAdapter, PostgresQueryCompiler, sql } from 'kysely'
import pg from 'pg'
import { feedSize, toFeedRows } from '../rows.ts'
import { type Engine, jsonOf, kyselyOn, type Session, type SqlWords } from '../session.ts'
import { RowExists, RowMissing } from '../store.ts'
import { BULK_COLUMNS, type BulkTable, type ColumnKind } from '../tables.ts'
import { listenTo } from './postgres-listen.ts'

/** Connections of one node. Each transaction and each running read takes one. */
const POOL_SIZE = 10
const CONNECT_TIMEOUT_MS = 5000
/** Rows sent in one statement. Beyond it the text of the parameter costs more memory than a round trip is worth. */
const ROWS_PER_STATEMENT = 20_000
/** "waymark" as a number: the advisory lock under which the schema changes. */
const SCHEMA_LOCK = 0x7761796d

/** Sent with every append and heard by the other nodes once it is committed. */
const FEED_CHANNEL = 'waymark_feed'

/**
 * All rows are found through an index or read in the order of one. Before statistics exist, as right after a large import,
 * the planner would rather sort a whole zone for each page.
 */
const PLANNER_SETTINGS = 'set jit = off; set enable_bitmapscan = off; set random_page_cost = 1.1'

const INT8 = 20
const NUMERIC = 1700
const BYTEA = 17

const words: SqlWords = {
  isAnyOf: (column, texts) => sql`${column} = any(${texts}::text[])`,
  // OFFSET 0 keeps the planner from reading the zone instead, which it does while it knows no better than that zones are small.
  recordSetsAt: (zoneNo, owners) =>
    sql`(select r.* from unnest(${owners}::text[]) as wanted (owner) cross join lateral (select * from record_set where zone_no = ${zoneNo} and owner = wanted.owner offset 0) as r)`,
  recordSetsAtPairs: (pairs) =>
    sql`(select zone.id as zone_id, r.* from unnest(${pairs.map(([zoneId]) => zoneId)}::text[], ${pairs.map(([, owner]) => owner)}::text[]) as pair (zone_id, owner) join zone on zone.id = pair.zone_id cross join lateral (select * from record_set where zone_no = zone.no and owner = pair.owner offset 0) as r)`,
  tableOf(columns, rows) {
    const names = Object.keys(columns)
    const typed = names.map((name) => sql`${sql.ref(name)} ${sql.raw(SQL_TYPE[columns[name]!])}`)
    return sql`(select * from json_to_recordset(${jsonOf(names, rows)}::json) as row (${sql.join(typed)}))`
  },
  textsOf: (json) => sql`jsonb_array_elements_text(${json}::jsonb) as element (value)`,
  objectsOf: (json) => sql`jsonb_array_elements(${json}::jsonb) as element (value)`,
  contains: (text, part) => sql`strpos(${text}, ${part}) > 0`,
  // NO KEY: tasks may be added to the zone meanwhile, which only looks at its key.
  forUpdate: sql`for no key update`,
  forUpdateSkipLocked: sql`for no key update skip locked`,
}

/** PostgreSQL 15 or later, shared by any number of nodes. */
export function openPostgres(databaseUrl: string): Engine {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'waymark',
    types: { getTypeParser } as pg.CustomTypesConfig,
    onConnect: (client) => client.query(PLANNER_SETTINGS) as unknown as undefined, // awaited, whatever its type says
  })
  // A connection lost while idle: the pool drops it, and whoever needs one next is told if there is none.
  pool.on('error', () => {})

  async function inTransaction<T>(begin: string, work: (session: Session) => Promise<T>): Promise<T> {
    const client = await pool.connect()
    let fault: Error | undefined
    try {
      await client.query(begin)
      const result = await work(sessionOn(client))
      await client.query('commit')
      return result
    } catch (error) {
      await client.query('rollback').catch((broken: Error) => {
        fault = broken // the connection is of no more use; the server rolls back by itself
      })
      throw error
    } finally {
      client.release(fault)
    }
  }

  return {
    name: 'postgres',
    reader: sessionOn(pool),
    write: (work) => inTransaction('begin', work),
    freeze: (work) => inTransaction('begin isolation level repeatable read read only', work),
    schema: {
      // Octet order and ASCII-only lower(), as in SQLite, whatever the locale of the server.
      text: 'text collate "C"',
      integer: 'bigint',
      blob: 'bytea',
      numbered: 'bigint generated always as identity primary key',
      table: '',
      clusteredTable: '',
    },

    async lockSchema({ db }) {
      await sql`select pg_advisory_xact_lock(${SCHEMA_LOCK})`.execute(db)
      const { rows } = await sql<{ server_encoding: string }>`show server_encoding`.execute(db)
      const encoding = rows[0]?.server_encoding
      if (encoding !== 'UTF8') throw new Error(`The database must have the encoding UTF8, not ${encoding}.`)
    },

    isRetryable: (error) =>
      error instanceof pg.DatabaseError &&
      (error.code === SERIALIZATION_FAILURE || error.code === DEADLOCK_DETECTED),

    listen: (listener) => listenTo(databaseUrl, FEED_CHANNEL, listener),
    close: () => pool.end(),
  }
}

const SERIALIZATION_FAILURE = '40001'
const DEADLOCK_DETECTED = '40P01'
const FOREIGN_KEY_VIOLATION = '23503'
const UNIQUE_VIOLATION = '23505'

function getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  // Sums and counts, milliseconds and sequence numbers all stay far below 2^53.
  if (oid === INT8 || oid === NUMERIC) return Number
  if (oid === BYTEA) return (text) => Uint8Array.fromHex(text.slice(2)) // \x…
  return pg.types.getTypeParser(oid, format)
}

function sessionOn(client: pg.Pool | pg.PoolClient): Session {
  let cursors = 0
  const run = async (text: string, values: readonly unknown[]): Promise<pg.QueryResult> => {
    try {
      return await client.query(text, values as unknown[])
    } catch (error) {
      throw translated(error)
    }
  }
  return {
    db: kyselyOn(
      async ({ sql: text, parameters }) => {
        const { rows, rowCount } = await run(text, parameters)
        return { rows, numAffectedRows: BigInt(rowCount ?? 0) }
      },
      () => new PostgresAdapter(),
      () => new PostgresQueryCompiler(),
    ),
    words,

    async *pages<R>(query: Compilable<R>, pageRows: number): AsyncGenerator<R[]> {
      const { sql: text, parameters } = query.compile()
      const cursor = `page_${++cursors}`
      await run(`declare ${cursor} no scroll cursor for ${text}`, parameters)
      while (true) {
        const { rows } = await run(`fetch ${pageRows} from ${cursor}`, [])
        if (rows.length > 0) yield rows
        if (rows.length < pageRows) break
      }
      await run(`close ${cursor}`, [])
    },

    async insertRows(table, rows) {
      for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT) {
        await run(INSERT[table], [toRecordset(table, rows.slice(at, at + ROWS_PER_STATEMENT))])
      }
    },

    async appendFeed(entries) {
      if (entries.length === 1) {
        const { zoneId, serial, payload } = entries[0]!
        const { rows } = await run(APPEND, [zoneId, serial, payload.length, payload])
        return rows[0].newest
      }
      const { rows } = await run(RESERVE, [entries.length, feedSize(entries)])
      await this.insertRows('feed_entry', toFeedRows(entries, rows[0].newest))
      return rows[0].newest
    },
  }
}

/** One statement: the row of feed_position is locked until the commit, so numbers become visible in their order. */
const APPEND = `with position as (
  update feed_position set newest = newest + 1, size_bytes = size_bytes + $3 returning newest
), added as (
  insert into feed_entry (seq, zone_id, serial, size_bytes, payload)
  select newest, $1, $2::bigint, $3::bigint, $4::bytea from position
)
select newest, pg_notify('${FEED_CHANNEL}', '') from position`

/** The same without the entries: their numbers end with the one returned. */
const RESERVE = `with position as (
  update feed_position set newest = newest + $1, size_bytes = size_bytes + $2::bigint returning newest
)
select newest, pg_notify('${FEED_CHANNEL}', '') from position`

const SQL_TYPE: Record<ColumnKind, string> = { text: 'text', integer: 'bigint', blob: 'bytea' }

/** Many rows as one parameter: a JSON array of objects, whatever their number. */
const INSERT = Object.fromEntries(
  Object.entries(BULK_COLUMNS).map(([table, columns]) => {
    const names = Object.keys(columns).join(', ')
    const typed = Object.entries(columns).map(([name, kind]) => `${name} ${SQL_TYPE[kind as ColumnKind]}`)
    return [
      table,
      `insert into ${table} (${names}) select ${names} from json_to_recordset($1::json) as row (${typed.join(', ')})`,
    ]
  }),
) as Record<BulkTable, string>

function toRecordset(table: BulkTable, rows: readonly object[]): string {
  const columns = Object.keys(BULK_COLUMNS[table])
  const objects = (rows as readonly Record<string, unknown>[]).map((row) => {
    const object: Record<string, unknown> = {}
    for (const column of columns) {
      const value = row[column]
      // What is absent is null; reading the text is half of the server's work.
      if (value !== null) object[column] = value instanceof Uint8Array ? `\\x${value.toHex()}` : value
    }
    return object
  })
  return JSON.stringify(objects)
}

function translated(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error
  switch (error.code) {
    case UNIQUE_VIOLATION:
      return new RowExists(error.message, { cause: error })
    case FOREIGN_KEY_VIOLATION:
      return new RowMissing(error.message, { cause: error })
    default:
      return error
  }
}
