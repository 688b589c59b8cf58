import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { SqlWords } from '../session.ts'
import type { TagCondition, TagFilter, TagSearch, TextFilter } from '../store.ts'

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
export const hasTags = (
  words: SqlWords,
  column: Expression<string>,
  filters: readonly TagFilter[] = [],
): RawBuilder<SqlBool>[] =>
  filters.map(({ key, value, mode }) =>
    holds(words, column, { key, values: value === undefined ? undefined : [{ value, mode }] }),
  )

/** Conditions of a search by tags. */
export function matchesTagSearch(
  words: SqlWords,
  column: Expression<string>,
  search: TagSearch = {},
): RawBuilder<SqlBool>[] {
  const join = (conditions: readonly TagCondition[] = [], word: 'and' | 'or') =>
    conditions.length === 0
      ? undefined
      : sql<SqlBool>`(${sql.join(
          conditions.map((condition) => holds(words, column, condition)),
          sql.raw(` ${word} `),
        )})`
  const not = (condition: RawBuilder<SqlBool> | undefined) => condition && sql<SqlBool>`not ${condition}`
  return [
    join(search.all, 'and'),
    join(search.any, 'or'),
    not(join(search.notAll, 'and')),
    not(join(search.notAny, 'or')),
  ].filter((condition) => condition !== undefined)
}

/** The words of the index that holds tagged rows only: few of many, as a rule. */
export const isTagged = (column: Expression<string>): RawBuilder<SqlBool> =>
  sql<SqlBool>`${column} <> ${sql.lit('[]')}`

/** The column of tags holds one of this key with one of these values. */
function holds(
  words: SqlWords,
  column: Expression<string>,
  { key, values = [] }: TagCondition,
): RawBuilder<SqlBool> {
  const value = field('value')
  const conditions = [sql<SqlBool>`${field('key')} = ${key}`]
  if (values.length > 0) {
    const oneOf = values.map((wanted) =>
      wanted.mode === 'equal'
        ? sql<SqlBool>`${value} = ${wanted.value}`
        : words.contains(value, wanted.value),
    )
    conditions.push(sql<SqlBool>`(${sql.join(oneOf, sql` or `)})`)
  }
  const tag = sql`select 1 from ${words.objectsOf(column)} where ${sql.join(conditions, sql` and `)}`
  return sql<SqlBool>`(${isTagged(column)} and exists (${tag}))`
}

/** Field, as text, of an object that {@link SqlWords.objectsOf} gave. */
export const field = (name: string): RawBuilder<string> => sql<string>`value ->> ${sql.lit(name)}`
