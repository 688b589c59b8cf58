import { apiError } from '../errors.ts'
import type { Reads, Task, TaskError } from '../store/store.ts'

/** A window over the error items of a task. */
export interface ErrorPage {
  readonly limit: number
  readonly offset: number
}

/**
 * Reads `error_item_limit` (0 to `largest`, default `largest`) and `error_item_offset` (0 to `furthest`, default 0).
 * Throws LIMIT_INVALID or OFFSET_INVALID.
 */
export function readErrorPage(
  query: Readonly<Record<string, string>>,
  largest: number,
  furthest: number,
): ErrorPage {
  const limit = readCount(query.error_item_limit, largest) ?? largest
  if (Number.isNaN(limit)) throw apiError('LIMIT_INVALID')
  const offset = readCount(query.error_item_offset, furthest) ?? 0
  if (Number.isNaN(offset)) throw apiError('OFFSET_INVALID')
  return { limit, offset }
}

/** A whole number from 0 to `largest`; NaN when it is none, undefined when nothing was sent. */
function readCount(text: string | undefined, largest: number): number | undefined {
  if (text === undefined) return undefined
  return /^\d{1,10}$/.test(text) && Number(text) <= largest ? Number(text) : Number.NaN
}

/**
 * Error items of a task as it was read: those of chunks that committed since are left out, so that what is listed
 * always agrees with the counters shown beside it.
 */
export async function errorsOf(reads: Reads, task: Task, page: ErrorPage): Promise<TaskError[]> {
  if (page.limit === 0 || task.errorCount === 0) return []
  const errors = await reads.listTaskErrors(task.id, page)
  return errors.filter((error) => error.index < task.successCount + task.errorCount)
}
