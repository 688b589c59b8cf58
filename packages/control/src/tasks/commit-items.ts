import type { Context } from '../context.ts'
import { type Failure, failure } from '../errors.ts'
import { applyDrafts } from '../record-sets/apply.ts'
import type { RecordSetDraft } from '../record-sets/draft.ts'
import type {
  OperationTaskKind,
  Task,
  TaskEffect,
  TaskError,
  Tx,
  Zone,
  ZoneTaskKind,
} from '../store/store.ts'
import type { Kind } from './kinds/kind.ts'
import { KINDS, OPERATION_KINDS } from './kinds/kinds.ts'
import type { OperationKind } from './kinds/operation-kind.ts'

/** Who works, and until when it may hold what it took. */
export interface Lease {
  readonly owner: string
  readonly until: number
}

interface Outcomes {
  readonly successCount: number
  readonly errors: readonly TaskError[]
  readonly effects: readonly TaskEffect[]
  readonly feedSeq: number
}

/**
 * Works off `items`, the next items of `task`, in one transaction: record sets, error items, effects, counters, cursor, lease
 * and feed entry stand together or not at all, so a task can be resumed at its cursor whenever the process dies.
 * Returns the task as it stands afterwards; undefined when it is no longer ours: removed, taken over, or its zone is gone.
 * `giveUp` records an internal error for each item instead of asking the rules again.
 */
export const commitItems = (
  context: Context,
  lease: Lease,
  task: Task,
  items: readonly unknown[],
  giveUp = false,
): Promise<Task | undefined> =>
  context.store.transaction(async (tx) => {
    // Zone before task, as in the removal of a zone: a fixed order of locks cannot deadlock.
    const zone = task.zoneId === null ? null : await tx.lockZone(task, task.zoneId)
    if (zone === undefined) {
      await tx.removeTask(task.id)
      return undefined
    }
    if (!(await tx.renewLease(task.id, lease.owner, lease.until))) return undefined
    // A commit whose answer got lost counts: its items must not be worked off again.
    const stored = await tx.findTask(task, task.id)
    if (stored?.cursor !== task.cursor) return stored
    const outcomes = giveUp
      ? internalErrors(task, zone, items)
      : await applyItems(tx, context, task, zone, items)
    const next = advanced(task, items.length, outcomes, context.now())
    await tx.updateTask(next)
    await insertOutcomes(tx, task, outcomes)
    if (next.status === 'DONE') await tx.removeTaskChunks(task.id)
    return next
  })

/**
 * Works off all items of a task that is not stored yet, and stores it as it stands afterwards: DONE. For tasks of one chunk,
 * which so cost one commit and never have their items written. `zone` is locked by `tx`; null for operation tasks.
 */
export async function insertFinished(
  tx: Tx,
  context: Context,
  zone: Zone | null,
  task: Task,
  items: readonly unknown[],
): Promise<Task> {
  const outcomes = await applyItems(tx, context, task, zone, items)
  const next = advanced(task, items.length, outcomes, context.now())
  await tx.insertTask(next, [])
  await insertOutcomes(tx, task, outcomes)
  return next
}

/** The task after `count` more items. */
function advanced(task: Task, count: number, outcomes: Outcomes, now: number): Task {
  const cursor = task.cursor + count
  const successCount = task.successCount + outcomes.successCount
  const errorCount = task.errorCount + outcomes.errors.length
  return {
    ...task,
    cursor,
    status: cursor >= task.itemCount ? 'DONE' : 'PENDING',
    totalCount: successCount + errorCount + (task.itemCount - cursor),
    successCount,
    errorCount,
    updatedAt: now,
    feedSeq: Math.max(task.feedSeq, outcomes.feedSeq),
  }
}

/** `task` is as it was before: effects are kept under the index of the first item they are about. */
async function insertOutcomes(tx: Tx, task: Task, { errors, effects }: Outcomes): Promise<void> {
  if (errors.length > 0) await tx.insertTaskErrors(task.id, errors)
  if (effects.length > 0) await tx.insertTaskEffects(task.id, task.cursor, effects)
}

const applyItems = (
  tx: Tx,
  context: Context,
  task: Task,
  zone: Zone | null,
  items: readonly unknown[],
): Promise<Outcomes> =>
  zone === null
    ? applyToZones(tx, context, task, items)
    : applyToZone(tx, context, zoneKind(task), zone, task.cursor, items)

async function applyToZones(
  tx: Tx,
  context: Context,
  task: Task,
  items: readonly unknown[],
): Promise<Outcomes> {
  const { outcomes, feedSeq } = await operationKind(task).apply(tx, context, { task, items })
  const first = outcomeCount(task)
  const errors: TaskError[] = []
  const effects: TaskEffect[] = []
  for (const [n, { name, failure: why, effect }] of outcomes.entries()) {
    const index = first + n
    if (why !== undefined) errors.push({ index, item: { item: name }, code: why.code, message: why.message })
    if (effect !== undefined) effects.push({ index, ...effect })
  }
  return { successCount: outcomes.length - errors.length, errors, effects, feedSeq }
}

async function applyToZone(
  tx: Tx,
  context: Context,
  kind: Kind,
  zone: Zone,
  first: number,
  items: readonly unknown[],
): Promise<Outcomes> {
  const drafts: RecordSetDraft[] = []
  /** Position in `items` of each draft. */
  const positions: number[] = []
  const failures = new Map<number, Failure>()
  for (const [position, item] of items.entries()) {
    const read = kind.read(item)
    if (read.draft === undefined) failures.set(position, read.failure)
    else {
      drafts.push(read.draft)
      positions.push(position)
    }
  }
  const effects: TaskEffect[] = []
  let feedSeq = 0
  if (drafts.length > 0) {
    const applied = await applyDrafts(tx, context, zone, drafts, { door: 'batch', commit: true })
    feedSeq = applied.feedSeq ?? 0
    for (const [n, verdict] of applied.verdicts.entries()) {
      const position = positions[n]!
      if (!verdict.ok) failures.set(position, verdict.failure)
      else
        effects.push({
          index: first + position,
          recordSetId: verdict.row.id,
          before: null,
          // Tells an undo whether the set is still as the task left it.
          after: { updatedAt: verdict.row.updatedAt },
        })
    }
  }
  const errors = [...failures]
    .sort(([a], [b]) => a - b)
    .map(([position, why]) => errorOf(kind, zone, first + position, items[position], why))
  return { successCount: items.length - errors.length, errors, effects, feedSeq }
}

function internalErrors(task: Task, zone: Zone | null, items: readonly unknown[]): Outcomes {
  const why = failure('INTERNAL')
  const first = outcomeCount(task)
  const errors = items.map((item, n) =>
    zone === null
      ? {
          index: first + n,
          item: { item: operationKind(task).nameOf(item) },
          code: why.code,
          message: why.message,
        }
      : errorOf(zoneKind(task), zone, first + n, item, why),
  )
  return { successCount: 0, errors, effects: [], feedSeq: 0 }
}

const outcomeCount = ({ successCount, errorCount }: Task): number => successCount + errorCount

const zoneKind = (task: Task): Kind => KINDS[task.kind as ZoneTaskKind]
const operationKind = (task: Task): OperationKind => OPERATION_KINDS[task.kind as OperationTaskKind]

const errorOf = (kind: Kind, zone: Zone, index: number, item: unknown, why: Failure): TaskError => ({
  index,
  item: kind.shown(item, zone),
  code: why.code,
  message: why.message,
})
