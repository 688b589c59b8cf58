import type { Context } from '../context.ts'
import type { Task } from '../store/store.ts'
import { commitItems } from './commit-items.ts'

/** How a run holds, retries and gives up; see the defaults in `engine.ts`. */
export interface RunLimits {
  readonly leaseMs: number
  /** Attempts at a chunk before its items are tried one by one, and at such an item before it gets an internal error. */
  readonly attempts: number
  /** Pause before the second attempt; it doubles up to `longestBackoffMs`. */
  readonly backoffMs: number
  readonly longestBackoffMs: number
}

/** Items of one chunk, as stored and as committed. In the task's `params`, so that a task keeps the size it was cut in. */
const chunkItems = (task: Task): number => Number(task.params.chunkItems)
const chunkNoAtCursor = (task: Task): number => Math.floor(task.cursor / chunkItems(task))

/**
 * Works off a task whose lease `owner` holds, chunk by chunk, until it is done, lost or `stop` fires; the chunk in hand is
 * always finished. Between chunks the event loop gets its turn. `held` are the items of a task accepted by this very
 * process; without them chunks are read back from the store.
 */
export async function runTask(
  context: Context,
  owner: string,
  task: Task,
  held: readonly unknown[] | undefined,
  limits: RunLimits,
  stop: AbortSignal,
): Promise<void> {
  let current = task
  let failures = 0
  /** Items below this index are tried one by one, because their chunk failed as a whole. */
  let singlyUntil = 0
  while (current.status === 'PENDING') {
    if (stop.aborted) return releaseLease(context, owner, current)
    const singly = current.cursor < singlyUntil
    const giveUp = singly && failures >= limits.attempts
    try {
      const rest = await itemsAtCursor(context, current, held)
      if (rest === undefined) return // removed, and its items with it
      const lease = { owner, until: context.now() + limits.leaseMs }
      const next = await commitItems(context, lease, current, singly ? rest.slice(0, 1) : rest, giveUp)
      if (next === undefined) return
      current = next
      failures = 0
    } catch (error) {
      failures += 1
      const { id, cursor } = current
      context.log.error({ err: error, task: id, index: cursor, failures }, 'task chunk failed')
      await pause(Math.min(limits.backoffMs * 2 ** (failures - 1), limits.longestBackoffMs), stop)
      if (!singly && failures >= limits.attempts) {
        singlyUntil = (chunkNoAtCursor(current) + 1) * chunkItems(current)
        failures = 0
      }
    }
    await eventLoopTurn()
  }
}

/** The items from the cursor to the end of its chunk. */
async function itemsAtCursor(
  context: Context,
  task: Task,
  held: readonly unknown[] | undefined,
): Promise<readonly unknown[] | undefined> {
  const no = chunkNoAtCursor(task)
  if (held !== undefined) return held.slice(task.cursor, (no + 1) * chunkItems(task))
  const chunk = await context.store.readTaskChunk(task.id, no)
  return chunk?.items.slice(task.cursor - chunk.first)
}

/** Lets another worker go on at once instead of after the lease. */
async function releaseLease(context: Context, owner: string, task: Task): Promise<void> {
  await context.store.transaction((tx) => tx.renewLease(task.id, owner, 0))
}

const eventLoopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const pause = (ms: number, stop: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (stop.aborted) return resolve()
    const finish = () => {
      clearTimeout(timer)
      stop.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, ms)
    stop.addEventListener('abort', finish)
  })
