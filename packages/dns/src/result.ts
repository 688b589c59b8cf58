/** One fault of an input text or message. `line` and `column` count from 1 and are set where the input is a text. */
export interface Problem {
  /** Stable word for tests and translations, e.g. `label-too-long`. */
  readonly id: string
  /** What is wrong and what would be right, for a person. */
  readonly detail: string
  readonly line?: number
  readonly column?: number
}

/** Outcome of reading an input: the value, or every problem found (never only the first). */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] }

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })

export const fail = (id: string, detail: string, line?: number, column?: number): Result<never> => ({
  ok: false,
  problems: [line === undefined ? { id, detail } : { id, detail, line, column }],
})
