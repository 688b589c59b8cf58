import {
  type Compilable,
  type CompiledQuery,
  type DialectAdapter,
  type Expression,
  type Insertable,
  Kysely,
  type QueryCompiler,
  type QueryResult,
  type RawBuilder,
} from 'kysely'
import type { NewFeedEntry } from './store.ts'
import type { BulkTable, ColumnKind, RecordSetTable, Tables } from './tables.ts'

/** The SQL that the engines spell differently. Queries use these words and never ask which engine they run on. */
export interface SqlWords {
  /** `column` is one of `texts`, sent as one parameter whatever their number. */
  isAnyOf(column: Expression<string>, texts: readonly string[]): RawBuilder<boolean>
  /** A table of the record sets of a zone at `owners`, all different, each looked up in the index. */
  recordSetsAt(zoneNo: Expression<number | null>, owners: readonly string[]): RawBuilder<RecordSetTable>
  /** A table of the record sets at `pairs` of zone id and owner, all different, each looked up in the index. */
  recordSetsAtPairs(
    pairs: readonly (readonly [string, string])[],
  ): RawBuilder<RecordSetTable & { zone_id: string }>
  /** A table of `rows`, with their fields as columns, sent as one parameter. */
  tableOf<C extends Record<string, ColumnKind>>(columns: C, rows: readonly RowOf<C>[]): RawBuilder<RowOf<C>>
  /** A table of the elements of a JSON array of texts: one column, `value`. */
  textsOf(json: Expression<string>): RawBuilder<{ value: string }>
  /** A table of the elements of a JSON array of objects: one column, `value`. */
  objectsOf(json: Expression<string>): RawBuilder<{ value: string }>
  /** `text` contains `part`, octet by octet. */
  contains(text: Expression<string>, part: string): RawBuilder<boolean>
  /** Put behind a SELECT: the rows are locked until the transaction ends. Empty where one transaction writes at a time. */
  readonly forUpdate: RawBuilder<unknown>
  /** The same, passing over rows that somebody else has locked. */
  readonly forUpdateSkipLocked: RawBuilder<unknown>
}

/** A row with these columns, none of them null. */
export type RowOf<C extends Record<string, ColumnKind>> = {
  readonly [K in keyof C]: C[K] extends 'integer' ? number : string
}

/** One way of talking to the database: a transaction, a snapshot, or reads each on their own. */
export interface Session {
  readonly db: Kysely<Tables>
  readonly words: SqlWords
  /** Adds many rows, around the query builder: this is the bulk path. */
  insertRows<T extends BulkTable>(table: T, rows: readonly Insertable<Tables[T]>[]): Promise<void>
  /** The rows of a long query in pages, while others have their turn. Only inside {@link Engine.freeze}. */
  pages<R>(query: Compilable<R>, pageRows: number): AsyncIterable<R[]>
  /** Appends to the log under its lock and returns the sequence number of the last entry; there is at least one. */
  appendFeed(entries: readonly NewFeedEntry[]): Promise<number>
}

/** A database engine: what remains different once the queries are shared. */
export interface Engine {
  readonly name: 'sqlite' | 'postgres'
  /** Reads outside of transactions. */
  readonly reader: Session
  /** One attempt at a transaction. */
  write<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** A read-only transaction that sees one state of the database for as long as `work` takes. */
  freeze<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** Column types and clauses of the schema. */
  readonly schema: SchemaWords
  /** Lets one node at a time migrate: held until the transaction of `session` ends. */
  lockSchema(session: Session): Promise<void>
  /** The transaction failed only because another one was in its way. */
  isRetryable(error: unknown): boolean
  /** Calls `listener` when another process has appended to the log, or may have. Returns the unsubscriber. */
  listen(listener: () => void): () => void
  close(): Promise<void>
}

/** How an engine spells the types of the portable schema. */
export interface SchemaWords {
  readonly text: string
  readonly integer: string
  readonly blob: string
  /** An integer primary key that the database numbers. */
  readonly numbered: string
  /** Behind the closing bracket of a table. */
  readonly table: string
  /** The same for a table kept in the order of its primary key, where the engine can. */
  readonly clusteredTable: string
}

/** Runs one statement of the query builder. */
export type RunQuery = <R>(query: CompiledQuery) => Promise<QueryResult<R>>

/** The query builder over one connection; who gets which connection is the engine's business. */
export function kyselyOn(
  executeQuery: RunQuery,
  adapter: () => DialectAdapter,
  compiler: () => QueryCompiler,
): Kysely<Tables> {
  const connection = { executeQuery, streamQuery: notHere }
  return new Kysely<Tables>({
    dialect: {
      createAdapter: adapter,
      createQueryCompiler: compiler,
      createDriver: () => ({
        init: async () => {},
        acquireConnection: async () => connection,
        releaseConnection: async () => {},
        destroy: async () => {},
        beginTransaction: notHere,
        commitTransaction: notHere,
        rollbackTransaction: notHere,
      }),
      createIntrospector: () => {
        throw new Error('The schema is known from the migrations, not read from the database.')
      },
    },
  })
}

const notHere = (): never => {
  throw new Error('Transactions and streams are the business of the engine.')
}

/** The named fields of rows as a JSON array of objects, whatever else the rows hold. */
export const jsonOf = (names: readonly string[], rows: readonly object[]): string =>
  JSON.stringify(rows, [...names])
