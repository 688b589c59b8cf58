import { ABSENT } from './change-sample.ts'
import { itemsFor, PATTERNS, textFor, wordsOf } from './field-values.ts'
import type { Field } from './operations.ts'

/** One value of a field, and whether the documents allow it. */
export interface Check {
  readonly rule: Rule
  readonly value: unknown
  readonly isAllowed: boolean
}

export type Rule =
  | 'type'
  | 'null'
  | 'presence'
  | 'minimum'
  | 'maximum'
  | 'minLength'
  | 'maxLength'
  | 'minItems'
  | 'maxItems'
  | 'pattern'

const allowed = (rule: Rule, value: unknown): Check => ({ rule, value, isAllowed: true })
const refused = (rule: Rule, value: unknown): Check => ({ rule, value, isAllowed: false })

/** What a value of each JSON type is not. */
const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  string: [5, true, { x: 1 }, ['x']],
  integer: ['x', 1.5, true, {}],
  array: ['x', 5, {}],
  object: ['x', 5, []],
}
const WRONG_TEXT: Readonly<Record<string, readonly string[]>> = {
  integer: ['x', '1.5', '-'],
  boolean: ['maybe', '1'],
}
const LARGEST_INT32 = 2147483647

/** Every value that has to be tried at a field, just inside and just outside of what its schema allows. */
export const checksOf = (field: Field, sample: unknown): Check[] => [
  ...typeChecks(field),
  ...presenceChecks(field),
  ...rangeChecks(field, sample),
]

function typeChecks({ in: place, name, isRequired, schema: { type = '' } }: Field): Check[] {
  const wrong = (place === 'body' ? WRONG : WRONG_TEXT)[type] ?? []
  const isMember = place === 'body' && !name.endsWith('[]')
  return [
    ...wrong.map((value) => refused('type', value)),
    ...(isMember && type !== '' ? [(isRequired ? refused : allowed)('null', null)] : []),
  ]
}

function presenceChecks({ in: place, name, isRequired }: Field): Check[] {
  if (place === 'path' || name.endsWith('[]')) return []
  return [(isRequired ? refused : allowed)('presence', ABSENT)]
}

function rangeChecks(field: Field, sample: unknown): Check[] {
  const { schema } = field
  const { minimum, minLength, maxLength, minItems, maxItems, pattern } = schema
  const maximum = schema.maximum ?? (schema.type === 'integer' ? LARGEST_INT32 : undefined)
  const checks: Check[] = []
  const add = (rule: Rule, bound: number | undefined, outwards: 1 | -1, make: (n: number) => unknown) => {
    if (bound === undefined) return
    checks.push(allowed(rule, make(bound)))
    if (rule === 'minimum' || bound + outwards >= 0) checks.push(refused(rule, make(bound + outwards)))
  }
  const text = (n: number) => textFor(field, n, String(sample ?? ''))
  const items = (n: number) => itemsFor(field, n, Array.isArray(sample) ? sample : [])
  add('minimum', minimum, -1, (n) => n)
  add('maximum', maximum, 1, (n) => n)
  add('minLength', minLength, -1, text)
  add('maxLength', maxLength, 1, text)
  add('minItems', minItems, -1, items)
  add('maxItems', maxItems, 1, items)
  if (pattern !== undefined) checks.push(...patternChecks(pattern, field.in))
  // An empty segment makes another path.
  return field.in === 'path' ? checks.filter(({ isAllowed, value }) => !isAllowed && value !== '') : checks
}

/** Throws for a pattern that there are no values for yet. */
function patternChecks(pattern: string, place: Field['in']): Check[] {
  const words = wordsOf(pattern)
  if (words !== undefined)
    return [...words.map((word) => allowed('pattern', word)), refused('pattern', `${words.at(-1)}x`)]
  const values = PATTERNS[pattern]
  if (values === undefined) throw new Error(`no values for pattern ${pattern}`)
  return [
    ...(values.isId && place === 'body' ? [] : values.inside).map((value) => allowed('pattern', value)),
    ...values.outside.map((value) => refused('pattern', value)),
  ]
}
