import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { SqlWords } from '../session.ts'
import type { TagFilter, TextFilter } from '../store.ts'

/**
 * Compares without regard to the case of ASCII letters: SQLite's `lower` knows no others, and the columns of PostgreSQL
 * have the collation "C", which makes it the same. Stored names are lower case in full already, so `value` may be
 * lower-cased in full.
 */
export function equalOrContains(text: Expression<string>, filter: TextFilter): RawBuilder<SqlBool> {
  const value = filter.value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  return filter.mode === 'equal'
    ? sql<SqlBool>`lower(${text}) = ${value}`
    : sql<SqlBool>`lower(${text}) like ${likePattern(value)} escape '\\'`
}

/** Pattern of "contains": `%`, `_` and `\` of the text stand for themselves. */
export const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** A name filter lower-cased in full; a whole name matches with or without its final dot. */
export function withFinalDot({ value, mode }: TextFilter): TextFilter {
  const name = value.toLowerCase()
  return { mode, value: mode === 'equal' && !name.endsWith('.') ? `${name}.` : name }
}

/** Conditions that all of `filters` hold for a column of tags. */
export function hasTags(
  words: SqlWords,
  column: Expression<string>,
  filters: readonly TagFilter[] = [],
): RawBuilder<SqlBool>[] {
  const value = field('value')
  return filters.map((filter) => {
    const conditions = [sql<SqlBool>`${field('key')} = ${filter.key}`]
    if (filter.value !== undefined) {
      conditions.push(
        filter.mode === 'equal'
          ? sql<SqlBool>`${value} = ${filter.value}`
          : words.contains(value, filter.value),
      )
    }
    return sql<SqlBool>`exists (select 1 from ${words.objectsOf(column)} where ${sql.join(conditions, sql` and `)})`
  })
}

/** Field, as text, of an object that {@link SqlWords.objectsOf} gave. */
export const field = (name: string): RawBuilder<string> => sql<string>`value ->> ${sql.lit(name)}`
