import type { Context } from '../context.ts'
import { ApiError, apiError, failure } from '../errors.ts'
import {
  type OperationTaskKind,
  RowExists,
  type Task,
  type TaskChunk,
  type Tenant,
  type Tx,
  type ZoneTaskKind,
} from '../store/store.ts'
import { insertFinished, type Lease } from './commit-items.ts'
import { KINDS } from './kinds/kinds.ts'

/** A request for a task, checked by its door. */
export type Submission = ZoneSubmission | OperationSubmission

interface ZoneSubmission extends AnySubmission {
  readonly kind: ZoneTaskKind
  readonly zoneId: string
}

interface OperationSubmission extends AnySubmission {
  readonly kind: OperationTaskKind
  readonly zoneId: null
}

interface AnySubmission {
  /** In the stored form of the kind, in the order of the request. */
  readonly items: readonly unknown[]
  readonly params: Record<string, unknown>
  readonly createdBy: string
  /** Largest number of items in one transaction, where that is less than the engine's: an item can mean much work. */
  readonly chunkItems?: number
  readonly repeat?: Repeat
}

/** What the caller gave to make a repeated request harmless. */
export interface Repeat {
  /** Header `Idempotency-Key`. */
  readonly key: string
  /** Digest of everything that makes the request this request. */
  readonly digest: string
}

/** How far a task is taken in the transaction that stores it. */
export type Begin =
  /** It waits for a worker. */
  | { readonly as: 'waiting' }
  /** `lease.owner` goes on with it, unless an older task comes first. */
  | { readonly as: 'leased'; readonly lease: Lease }
  /** It is worked off whole and stored as DONE; waiting, if an older task comes first. */
  | { readonly as: 'finished' }

/**
 * Makes a submission durable. Throws ZONE_NOT_FOUND, TASK_EXISTS when the slot is taken or the zone's other bulk slot holds a
 * PENDING task, REQUEST_INVALID when the key stands for another request. A repeated request gets the task it already made.
 * `isLeased` says whether the caller now holds the task. `id` is the task's: another attempt with the same id makes no second task.
 */
export async function storeTask(
  context: Context,
  tenant: Tenant,
  submission: Submission,
  id: string,
  chunkItems: number,
  begin: Begin,
): Promise<StoredTask> {
  const store = () => storeOnce(context, tenant, submission, id, chunkItems, begin)
  // No lock keeps two requests with one key apart that are about no single zone: the later one finds the task of the other.
  const isOneOfMany = submission.zoneId === null && submission.repeat !== undefined
  return store().catch((error) => {
    if (isOneOfMany && error instanceof RowExists) return store()
    throw error
  })
}

interface StoredTask {
  readonly task: Task
  readonly isLeased: boolean
}

const storeOnce = (
  context: Context,
  tenant: Tenant,
  submission: Submission,
  id: string,
  chunkItems: number,
  begin: Begin,
): Promise<StoredTask> =>
  context.store.transaction(async (tx) => {
    const zone = submission.zoneId === null ? null : await tx.lockZone(tenant, submission.zoneId)
    if (zone === undefined) throw apiError('ZONE_NOT_FOUND')
    // An attempt that committed without anybody hearing of it is found by its id.
    const repeated =
      (await findRepeated(tx, tenant, submission.repeat)) ??
      (begin.as === 'leased' ? await tx.findTask(tenant, id) : undefined)
    if (repeated !== undefined) return { task: repeated, isLeased: false }
    await makeRoom(tx, context, tenant, submission)
    const task = taskOf(submission, tenant, id, chunkItems, context.now())
    if (begin.as === 'finished' && !(await hasPendingTask(tx, tenant, submission.zoneId))) {
      return { task: await insertFinished(tx, context, zone, task, submission.items), isLeased: false }
    }
    await tx.insertTask(task, cut(submission.items, chunkItems))
    if (begin.as !== 'leased' || task.status === 'DONE') return { task, isLeased: false }
    const { owner, until } = begin.lease
    const leased = await tx.leaseTaskById(task.id, owner, task.createdAt, until)
    return { task, isLeased: leased !== undefined }
  })

function taskOf(submission: Submission, tenant: Tenant, id: string, chunkItems: number, now: number): Task {
  const { items, params, createdBy, repeat } = submission
  return {
    id,
    kind: submission.kind,
    domainId: tenant.domainId,
    projectId: tenant.projectId,
    zoneId: submission.zoneId,
    slot: submission.zoneId === null ? null : (KINDS[submission.kind].slot?.(submission.zoneId) ?? null),
    // A file without a single item has nothing to wait for.
    status: items.length === 0 ? 'DONE' : 'PENDING',
    totalCount: items.length,
    successCount: 0,
    errorCount: 0,
    cursor: 0,
    itemCount: items.length,
    chunkCount: Math.ceil(items.length / chunkItems),
    params: { ...params, chunkItems, requestDigest: repeat?.digest },
    idempotencyKey: repeat?.key ?? null,
    createdBy,
    createdAt: now,
    updatedAt: now,
    feedSeq: 0,
  }
}

/** Tasks on one zone take turns, and so do the operation tasks of an account. */
async function hasPendingTask(tx: Tx, tenant: Tenant, zoneId: string | null): Promise<boolean> {
  const pending = await tx.listTasks(tenant, { zoneId, status: 'PENDING' }, { limit: 1, offset: 0 })
  return pending.total > 0
}

function cut(items: readonly unknown[], size: number): TaskChunk[] {
  const chunks: TaskChunk[] = []
  for (let first = 0; first < items.length; first += size) {
    const run = items.slice(first, first + size)
    chunks.push({ no: chunks.length, first, count: run.length, items: run })
  }
  return chunks
}

async function findRepeated(tx: Tx, tenant: Tenant, repeat: Repeat | undefined): Promise<Task | undefined> {
  if (repeat === undefined) return undefined
  const task = await tx.findTaskByIdempotencyKey(tenant, repeat.key)
  if (task !== undefined && task.params.requestDigest !== repeat.digest) {
    const { message, ...invalid } = failure('REQUEST_INVALID')
    throw new ApiError({ ...invalid, message: `${message} The Idempotency-Key stands for another request.` })
  }
  return task
}

/** Refuses a task that may not exist beside those that do; removes the finished one it replaces. */
async function makeRoom(tx: Tx, context: Context, tenant: Tenant, submission: Submission): Promise<void> {
  if (submission.zoneId === null) return
  const { kind, zoneId } = submission
  const own = KINDS[kind].slot?.(zoneId)
  if (own === undefined) return
  for (const slot of Object.values(KINDS).flatMap((each) => each.slot?.(zoneId) ?? [])) {
    const standing = await tx.findTaskInSlot(tenant, slot)
    if (standing === undefined) continue
    if (standing.status === 'PENDING') throw apiError('TASK_EXISTS')
    if (slot !== own) continue
    if (!KINDS[kind].replacesFinished(context.settings)) throw apiError('TASK_EXISTS')
    await tx.removeTask(standing.id)
  }
}
