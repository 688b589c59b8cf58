import { unrecorded } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { Task, Tenant } from '../store/store.ts'
import { type RunLimits, runTask } from './run-task.ts'
import { type Begin, type Submission, storeTask } from './submit.ts'

/*
 * Glossary
 *   task    durable work on one zone: items in the order of the request, counters, a cursor
 *   item    one record set to create; its outcome is a record set or an item error
 *   operation task   work over many zones of an account: an item is a zone or is about one, and has any number of outcomes
 *   chunk   a run of items, stored as one row and committed in one transaction
 *   cursor  index of the first item without an outcome
 *   kind    what the items are and how a failed one is shown: `kinds/`
 *   slot    address under which a zone has at most one task of a kind
 *   lease   the right of one worker to a task until a time; every chunk prolongs it in its own transaction
 *   held    items kept in memory by the process that accepted the task, to be worked off without reading them back
 *
 * States of a task
 *
 *              submit, one chunk: worked off in the transaction that stores it
 *          ┌──────────────────────────────────────────────┐
 *          │ submit                 last chunk commits    ▼
 *   (none) ┴────────► PENDING ──────────────────────────► DONE ──► (none)   removed by its owner, by its
 *                     │  ▲   └──────────────────────────────────► (none)   successor in the slot, or with its zone
 *              lease  ▼  │  lease ended or released
 *                     leased: one worker commits chunk after chunk
 *
 * A PENDING task of a zone waits while an older one is there, so tasks on one zone take turns in the order they came. So do
 * the operation tasks of an account; they lock the zones of a chunk while it commits, and tasks on these go on in between.
 */

export interface TaskEngine {
  /** Looks for work now and every few seconds. */
  readonly start: () => void
  /** Finishes the chunks in hand and gives the leases back. */
  readonly stop: () => Promise<void>
  /**
   * Makes a submission durable and starts on it at once if no task comes before it; a task of one chunk is then already
   * DONE. Throws ApiError.
   */
  readonly submit: (tenant: Tenant, submission: Submission) => Promise<Task>
  /** Looks for work now: a task was freed or stored by other means than `submit`. */
  readonly wake: () => void
}

export interface EngineOptions extends RunLimits {
  /** How often to look for tasks that other processes left behind. */
  readonly pollMs: number
  /** Tasks in hand at the same time. */
  readonly parallel: number
  /** Largest number of items in one transaction: short enough that API calls between chunks do not wait noticeably. */
  readonly chunkItems: number
}

export const ENGINE_DEFAULTS: EngineOptions = {
  leaseMs: 10_000,
  attempts: 3,
  backoffMs: 100,
  longestBackoffMs: 5_000,
  pollMs: 2_000,
  parallel: 4,
  chunkItems: 2_000,
}

/** The worker of one process. Nothing runs before `start`; submissions are stored all the same. */
export function createTaskEngine(
  base: Omit<Context, 'tasks'>,
  options: Partial<EngineOptions> = {},
): TaskEngine {
  const limits = { ...ENGINE_DEFAULTS, ...options }
  const { store, log, now, newId } = base
  /** Never used again after this process, so a restarted node cannot mistake a dead lease for its own. */
  const owner = newId()
  const startedAt = now()
  const running = new Map<string, Promise<void>>()
  const stopping = new AbortController()
  let timer: ReturnType<typeof setInterval> | undefined
  let filling: Promise<void> | undefined
  let fillAgain = false

  const engine: TaskEngine = { start, stop, submit, wake }
  const context: Context = { ...base, tasks: engine }
  return engine

  function start(): void {
    timer = setInterval(wake, limits.pollMs)
    wake()
  }

  async function stop(): Promise<void> {
    clearInterval(timer)
    timer = undefined
    stopping.abort()
    await filling
    await Promise.all(running.values())
  }

  async function submit(tenant: Tenant, submission: Submission): Promise<Task> {
    const id = newId()
    const chunkItems = Math.min(limits.chunkItems, submission.chunkItems ?? limits.chunkItems)
    const makeDurable = (begin: Begin) => storeTask(context, tenant, submission, id, chunkItems, begin)
    if (!canTakeMore()) return (await makeDurable({ as: 'waiting' })).task
    if (submission.items.length <= chunkItems) {
      try {
        const { task } = await makeDurable({ as: 'finished' })
        if (task.status === 'PENDING') wake()
        return task
      } catch (error) {
        if (error instanceof ApiError) throw error
        // Whatever it is, a worker deals with it: by trying again, and item by item in the end.
        log.error({ err: error, zone: submission.zoneId }, 'task not worked off at once')
      }
    }
    const { task, isLeased } = await makeDurable({
      as: 'leased',
      lease: { owner, until: now() + limits.leaseMs },
    })
    if (isLeased) run(task, submission.items)
    else wake()
    return task
  }

  function wake(): void {
    fillAgain = true
    filling ??= fill().finally(() => {
      filling = undefined
      if (fillAgain && canTakeMore()) wake() // called between the last look and here
    })
  }

  /** Leases tasks until there is none or the hands are full. */
  async function fill(): Promise<void> {
    try {
      while (canTakeMore()) {
        fillAgain = false
        const time = now()
        const task = await store.transaction((tx) =>
          tx.leaseTask(owner, freeBefore(time), time + limits.leaseMs),
        )
        if (task !== undefined) run(task, undefined)
        else if (!fillAgain) return
      }
    } catch (error) {
      log.error({ err: error }, 'cannot look for tasks')
    }
  }

  /**
   * The time whose earlier leases count as ended. SQLite has one node: whatever was leased before this process started
   * belongs to a dead one. Such leases end before `startedAt + leaseMs`, ours then or later.
   */
  function freeBefore(time: number): number {
    return store.engine === 'sqlite' ? Math.max(time, startedAt + limits.leaseMs - 1) : time
  }

  function canTakeMore(): boolean {
    return timer !== undefined && !stopping.signal.aborted && running.size < limits.parallel
  }

  function run(task: Task, held: readonly unknown[] | undefined): void {
    // A process that was suspended may find its own task with an ended lease; the run it already has goes on.
    if (running.has(task.id)) return
    const work = unrecorded(() => runTask(context, owner, task, held, limits, stopping.signal))
      .catch((error) => log.error({ err: error, task: task.id }, 'task run ended'))
      .then(() => {
        running.delete(task.id)
        wake()
      })
    running.set(task.id, work)
  }
}
