import type { SchemaWords } from '../session.ts'

/** One step of the schema. Once released it is never edited: a later step changes what it made. */
export interface Migration {
  /** Number and subject; recorded in the database. */
  readonly name: string
  readonly statements: (words: SchemaWords) => readonly string[]
}
