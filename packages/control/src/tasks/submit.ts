import type { Context } from '../context.ts'
import { ApiError, apiError, failure } from '../errors.ts'
import type { Task, TaskChunk, TaskKind, Tenant, Tx } from '../store/store.ts'
import type { Lease } from './commit-items.ts'
import { KINDS } from './kinds/kinds.ts'

/** A request for a task, checked by its door. */
export interface Submission {
  readonly kind: TaskKind
  readonly zoneId: string
  /** In the stored form of the kind, in the order of the request. */
  readonly items: readonly unknown[]
  readonly params: Record<string, unknown>
  readonly createdBy: string
  readonly repeat?: Repeat
}

/** What the caller gave to make a repeated request harmless. */
export interface Repeat {
  /** Header `Idempotency-Key`. */
  readonly key: string
  /** Digest of everything that makes the request this request. */
  readonly digest: string
}

/**
 * Stores a task with its items. Throws ZONE_NOT_FOUND, TASK_EXISTS when the slot is taken or the zone's other bulk slot holds a
 * PENDING task, REQUEST_INVALID when the key stands for another request. A repeated request gets the task it already made.
 * With `lease`, the task is leased in the same transaction unless an older one of its zone comes first.
 */
export const storeTask = (
  context: Context,
  tenant: Tenant,
  submission: Submission,
  chunkItems: number,
  lease: Lease | undefined,
): Promise<{ task: Task; leased: boolean }> => {
  const chunks = cut(submission.items, chunkItems)
  return context.store.transaction(async (tx) => {
    const zone = await tx.lockZone(tenant, submission.zoneId)
    if (zone === undefined) throw apiError('ZONE_NOT_FOUND')
    const repeated = await findRepeated(tx, tenant, submission.repeat)
    if (repeated !== undefined) return { task: repeated, leased: false }
    await makeRoom(tx, context, tenant, submission)
    const now = context.now()
    const task: Task = {
      id: context.newId(),
      kind: submission.kind,
      domainId: tenant.domainId,
      projectId: tenant.projectId,
      zoneId: zone.id,
      slot: KINDS[submission.kind].slot?.(zone.id) ?? null,
      // A file without a single item has nothing to wait for.
      status: submission.items.length === 0 ? 'DONE' : 'PENDING',
      totalCount: submission.items.length,
      successCount: 0,
      errorCount: 0,
      cursor: 0,
      chunkCount: chunks.length,
      params: { ...submission.params, chunkItems, requestDigest: submission.repeat?.digest },
      idempotencyKey: submission.repeat?.key ?? null,
      createdBy: submission.createdBy,
      createdAt: now,
      updatedAt: now,
      feedSeq: 0,
    }
    await tx.insertTask(task, chunks)
    if (lease === undefined || task.status === 'DONE') return { task, leased: false }
    const leased = await tx.leaseTaskById(task.id, lease.owner, now, lease.until)
    return { task, leased: leased !== undefined }
  })
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
async function makeRoom(
  tx: Tx,
  context: Context,
  tenant: Tenant,
  { kind, zoneId }: Submission,
): Promise<void> {
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
