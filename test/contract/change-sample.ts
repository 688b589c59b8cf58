import type { Field } from './operations.ts'
import type { Sample } from './samples/sample.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
type Json = any

/** Stands for a member that is left out. */
export const ABSENT = Symbol('absent')

/** The value that a sample has at a field, in the first element of every array; undefined where it has none. */
export function valueAt(sample: Sample, { in: place, name }: Field): unknown {
  if (place !== 'body') return sample[place]?.[name]
  return stepsOf(name).reduce((node: Json, step) => node?.[step], sample.body)
}

/** The sample with another value at a field, or without it. */
export function changed(sample: Sample, { in: place, name }: Field, value: unknown): Sample {
  if (place !== 'body') {
    const { [name]: _, ...others } = sample[place] ?? {}
    return { ...sample, [place]: value === ABSENT ? others : { ...others, [name]: String(value) } }
  }
  const body: Json = structuredClone(sample.body)
  const steps = stepsOf(name)
  const last = steps.pop()!
  const parent = steps.reduce((node, step) => node[step], body)
  if (value !== ABSENT) parent[last] = value
  else if (typeof last === 'number') parent.splice(last, 1)
  else delete parent[last]
  return { ...sample, body }
}

/** `recordsets[].ttl` as members and indices. */
const stepsOf = (name: string): (string | number)[] =>
  name
    .replaceAll('[]', '.0')
    .split('.')
    .map((step) => (step === '0' ? 0 : step))
