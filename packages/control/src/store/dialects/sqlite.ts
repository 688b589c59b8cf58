import { Database, SQLiteError, type SQLQueryBindings, type Statement } from 'bun:sqlite'
import {
  type Compilable,
  type CompiledQuery,
  type QueryResult,
  SqliteAdapter,
  SqliteQueryCompiler,
  sql,
} from 'kysely'
import { Mutex } from '../mutex.ts'
import { feedSize, toFeedRows } from '../rows.ts'
import { type Engine, jsonOf, kyselyOn, type Session, type SqlWords } from '../session.ts'
import { RowExists, RowMissing } from '../store.ts'
import { BULK_COLUMNS, type BulkTable } from '../tables.ts'

const MEMORY = ':memory:'
/** How long a statement waits for another process that is writing. */
const BUSY_TIMEOUT_MS = 2000
/** Prepared statements kept per connection. Lists come in many shapes; the oldest goes. */
const STATEMENTS_KEPT = 200
const CACHE_KIB = 65_536
/** Pages of the log before it is folded into the file. Bulk touches many pages of an index again and again; seldom folding
 * halved the time of a commit of 2,000 rows in a zone of 300,000. */
const CHECKPOINT_PAGES = 8000
/** Rows of one INSERT in bulk: 50 take three quarters of the time of 50 statements, more give nothing. */
const ROWS_AT_ONCE = 50

const words: SqlWords = {
  isAnyOf: (column, texts) => sql`${column} in (select value from json_each(${JSON.stringify(texts)}))`,
  recordSetsAt: (zoneNo, owners) =>
    sql`(select * from record_set where zone_no = ${zoneNo} and ${words.isAnyOf(sql.ref('owner'), owners)})`,
  // CROSS JOIN keeps its order: from the pairs to the index, never through a zone.
  recordSetsAtPairs: (pairs) =>
    sql`(select zone.id as zone_id, record_set.* from json_each(${JSON.stringify(pairs)}) as pair cross join zone on zone.id = pair.value ->> 0 cross join record_set on record_set.zone_no = zone.no and record_set.owner = pair.value ->> 1)`,
  tableOf(columns, rows) {
    const names = Object.keys(columns)
    const fields = names.map((name) => sql`value ->> ${sql.lit(name)} as ${sql.ref(name)}`)
    return sql`(select ${sql.join(fields)} from json_each(${jsonOf(names, rows)}))`
  },
  textsOf: (json) => sql`json_each(${json})`,
  objectsOf: (json) => sql`json_each(${json})`,
  contains: (text, part) => sql`instr(${text}, ${part}) > 0`,
  forUpdate: sql``,
  forUpdateSkipLocked: sql``,
}

/**
 * SQLite in one file, or in memory for tests. One connection writes, one transaction at a time; another one reads what is
 * committed. In memory there is only one connection, so reads wait for the transaction that is running.
 */
export function openSqlite(file: string): Engine {
  const writer = openDatabase(file, { create: true })
  const mutex = new Mutex()
  const writerSession = sessionOn(writer)
  // The writer has put the file into WAL mode; only then can a read-only connection open it.
  const reader = file === MEMORY ? undefined : openDatabase(file, { readonly: true })
  const readerSession =
    reader === undefined ? sessionOn(writer, (work) => mutex.run(work)) : sessionOn(reader)

  return {
    name: 'sqlite',
    reader: readerSession,

    write: (work) =>
      mutex.run(async () => {
        // IMMEDIATE: who means to write waits here, never in the middle.
        writer.run('begin immediate')
        try {
          const result = await work(writerSession)
          writer.run('commit')
          return result
        } catch (error) {
          if (writer.inTransaction) writer.run('rollback')
          throw error
        }
      }),

    async freeze(work) {
      const frozen =
        file === MEMORY
          ? await mutex.run(async () => Database.deserialize(writer.serialize()))
          : openDatabase(file, { readonly: true })
      try {
        frozen.run('begin')
        return await work(sessionOn(frozen))
      } finally {
        frozen.close()
      }
    },

    schema: {
      text: 'text',
      integer: 'integer',
      blob: 'blob',
      numbered: 'integer not null primary key',
      table: ' strict',
      clusteredTable: ' strict, without rowid',
    },
    lockSchema: async () => {}, // the transaction is the only one already
    isRetryable: (error) => error instanceof SQLiteError && error.code?.startsWith('SQLITE_BUSY') === true,
    listen: () => () => {}, // one process owns the file

    close: () =>
      mutex.run(async () => {
        reader?.close()
        writer.close()
      }),
  }
}

function openDatabase(file: string, options: { create?: boolean; readonly?: boolean }): Database {
  const database = new Database(file, options)
  database.run(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`)
  database.run(`pragma cache_size = -${CACHE_KIB}`)
  if (options.readonly) return database
  database.run('pragma journal_mode = wal')
  database.run('pragma synchronous = full') // what was acknowledged survives a power cut
  database.run('pragma foreign_keys = on')
  database.run(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  return database
}

/** `wait` puts each statement in its turn, for a connection that is shared. */
function sessionOn(
  database: Database,
  wait: <T>(work: () => Promise<T>) => Promise<T> = (work) => work(),
): Session {
  const statements = new Statements(database)

  async function executeQuery<R>({ sql: text, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const bindings = parameters as SQLQueryBindings[]
    try {
      const statement = statements.get(text)
      if (RETURNS_ROWS.test(text)) return { rows: statement.all(...bindings) as R[] }
      return { rows: [], numAffectedRows: BigInt(statement.run(...bindings).changes) }
    } catch (error) {
      throw translated(error)
    }
  }

  return {
    db: kyselyOn(
      (query) => wait(() => executeQuery(query)),
      () => new SqliteAdapter(),
      () => new SqliteQueryCompiler(),
    ),
    words,

    async *pages<R>(query: Compilable<R>, pageRows: number): AsyncGenerator<R[]> {
      const { sql: text, parameters } = query.compile()
      const statement = database.prepare(text) // not a kept one: two readers may be at different places
      let page: R[] = []
      for (const row of statement.iterate(...(parameters as SQLQueryBindings[]))) {
        page.push(row as R)
        if (page.length < pageRows) continue
        yield page
        page = []
        await new Promise((resolve) => setImmediate(resolve))
      }
      if (page.length > 0) yield page
    },

    async insertRows(table, rows) {
      const columns = Object.keys(BULK_COLUMNS[table])
      const records = rows as readonly object[] as readonly Record<string, SQLQueryBindings>[]
      const single = statements.get(insertStatement(table, columns, 1))
      const many =
        records.length < ROWS_AT_ONCE ? single : statements.get(insertStatement(table, columns, ROWS_AT_ONCE))
      try {
        for (let first = 0; first < records.length; ) {
          // Two sizes of statement, so that few are prepared: many rows at once while they last, then row by row.
          const count = records.length - first < ROWS_AT_ONCE ? 1 : ROWS_AT_ONCE
          // One array for all values, handed over as such: spreading it costs a fifth of the time.
          const values: SQLQueryBindings[] = new Array(count * columns.length)
          let at = 0
          for (const end = first + count; first < end; first++) {
            const row = records[first]!
            for (let i = 0; i < columns.length; i++) values[at++] = row[columns[i]!]!
          }
          const statement = count === 1 ? single : many
          statement.run(values as unknown as SQLQueryBindings)
        }
      } catch (error) {
        throw translated(error)
      }
    },

    async appendFeed(entries) {
      const { newest } = statements
        .get('update feed_position set newest = newest + ?, size_bytes = size_bytes + ? returning newest')
        .get(entries.length, feedSize(entries)) as { newest: number }
      await this.insertRows('feed_entry', toFeedRows(entries, newest))
      return newest
    },
  }
}

function insertStatement(table: BulkTable, columns: readonly string[], rows: number): string {
  const row = `(${columns.map(() => '?').join(', ')})`
  return `insert into ${table} (${columns.join(', ')}) values ${new Array(rows).fill(row).join(', ')}`
}

const RETURNS_ROWS = /^\s*(?:select|with)\b|\breturning\b/i

/** Statements of one connection by their text, each prepared once. */
class Statements {
  readonly #database: Database
  readonly #kept = new Map<string, Statement>()

  constructor(database: Database) {
    this.#database = database
  }

  get(text: string): Statement {
    let statement = this.#kept.get(text)
    if (statement === undefined) {
      statement = this.#database.prepare(text)
      if (this.#kept.size === STATEMENTS_KEPT) {
        const [oldest, unused] = this.#kept.entries().next().value!
        this.#kept.delete(oldest)
        unused.finalize()
      }
    } else {
      this.#kept.delete(text) // and to the end of the line again
    }
    this.#kept.set(text, statement)
    return statement
  }
}

function translated(error: unknown): unknown {
  if (!(error instanceof SQLiteError)) return error
  switch (error.code) {
    case 'SQLITE_CONSTRAINT_UNIQUE':
    case 'SQLITE_CONSTRAINT_PRIMARYKEY':
      return new RowExists(error.message, { cause: error })
    case 'SQLITE_CONSTRAINT_FOREIGNKEY':
      return new RowMissing(error.message, { cause: error })
    default:
      return error
  }
}
