import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import {
  fromTaskChunkRow,
  fromTaskErrorRow,
  fromTaskRow,
  toTaskChunkRow,
  toTaskErrorRow,
  toTaskRow,
} from '../rows.ts'
import type { Session } from '../session.ts'
import { type Reads, RowMissing, type Task, type TaskEffect, type Tenant, type Tx } from '../store.ts'
import type { Tables } from '../tables.ts'
import { endPage } from './page.ts'
import { inScope } from './zone-scope.ts'

type Expressions = ExpressionBuilder<Tables & { t: Tables['task'] }, 't'>
type PairExpressions = ExpressionBuilder<Tables & { t: Tables['task']; older: Tables['task'] }, 't' | 'older'>

/**
 * Tasks are seen by whoever sees their zone, operation tasks by the whole account but for those who are limited to some of
 * its zones.
 */
const visibleTo = (tenant: Tenant) => (e: Expressions) =>
  e.and([
    e('t.domain_id', '=', tenant.domainId),
    ...inScope(e, 't.zone_id', tenant.zones),
    e.or([
      e('t.project_id', '=', tenant.projectId),
      e('t.zone_id', 'is', null),
      e.exists(
        e
          .selectFrom('zone')
          .select('zone.no')
          .whereRef('zone.id', '=', 't.zone_id')
          .where('zone.zone_type', '=', 'public'),
      ),
    ]),
  ])

export function taskReads(session: Session) {
  const { db } = session
  const visible = (tenant: Tenant) => db.selectFrom('task as t').where(visibleTo(tenant))

  return {
    async findTask(tenant, taskId) {
      const row = await visible(tenant).selectAll('t').where('t.id', '=', taskId).executeTakeFirst()
      return row && fromTaskRow(row)
    },

    async findTaskInSlot(tenant, slot) {
      const row = await visible(tenant).selectAll('t').where('t.slot', '=', slot).executeTakeFirst()
      return row && fromTaskRow(row)
    },

    async findTaskByIdempotencyKey(tenant, key) {
      const row = await db
        .selectFrom('task')
        .selectAll()
        .where('domain_id', '=', tenant.domainId)
        .where('project_id', '=', tenant.projectId)
        .where('idempotency_key', '=', key)
        .executeTakeFirst()
      return row && fromTaskRow(row)
    },

    async listTasks(tenant, filter, page) {
      let matching = visible(tenant)
      if (filter.zoneId === null) matching = matching.where('t.zone_id', 'is', null)
      else if (filter.zoneId !== undefined) matching = matching.where('t.zone_id', '=', filter.zoneId)
      if (filter.status !== undefined) matching = matching.where('t.status', '=', filter.status)
      const { total } = await matching
        .select((e) => e.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const rows = await matching
        .selectAll('t')
        .orderBy('t.created_at', 'desc')
        .orderBy('t.id', 'desc')
        .limit(page.limit + 1)
        .offset(page.offset)
        .execute()
      return { ...endPage(rows.map(fromTaskRow), page.limit), total }
    },

    async listTaskErrors(taskId, page) {
      const rows = await db
        .selectFrom('task_error')
        .selectAll()
        .where('task_id', '=', taskId)
        .orderBy('item_index')
        .limit(page.limit)
        .offset(page.offset)
        .execute()
      return rows.map(fromTaskErrorRow)
    },

    async listTaskEffects(taskId) {
      const rows = await db
        .selectFrom('task_effect')
        .select('effects')
        .where('task_id', '=', taskId)
        .orderBy('chunk_no')
        .execute()
      return rows.flatMap((row) => JSON.parse(row.effects) as TaskEffect[])
    },

    async readTaskChunk(taskId, chunkNo) {
      const row = await db
        .selectFrom('task_chunk')
        .selectAll()
        .where('task_id', '=', taskId)
        .where('no', '=', chunkNo)
        .executeTakeFirst()
      return row && fromTaskChunkRow(row)
    },
  } satisfies Partial<Reads>
}

export function taskWrites(session: Session) {
  const { db, words } = session

  /** Whether an older task waits that `isInSameLine` says has the same turn to take. */
  const hasOlder = (e: Expressions, isInSameLine: (e: PairExpressions) => Expression<SqlBool>) =>
    e.exists(
      e
        .selectFrom('task as older')
        .select('older.id')
        .where('older.status', '=', 'PENDING')
        .where(isInSameLine)
        .where(sql<boolean>`(older.created_at, older.id) < (t.created_at, t.id)`),
    )

  /** Tasks that may be worked on: nobody holds them, and their zone (or account) has no older task waiting. */
  const free = (now: number) =>
    db
      .selectFrom('task as t')
      .selectAll('t')
      .where('t.status', '=', 'PENDING')
      .where((e) => e.or([e('t.lease_until', 'is', null), e('t.lease_until', '<=', now)]))
      .where((e) => e.not(hasOlder(e, (pair) => pair('older.zone_id', '=', pair.ref('t.zone_id')))))
      .where((e) =>
        e.not(
          hasOlder(e, (pair) =>
            pair.and([
              pair('t.zone_id', 'is', null),
              pair('older.zone_id', 'is', null),
              pair('older.domain_id', '=', pair.ref('t.domain_id')),
            ]),
          ),
        ),
      )
      .orderBy('t.created_at')
      .orderBy('t.id')
      .limit(1)
      .modifyEnd(words.forUpdateSkipLocked)

  async function lease(
    query: ReturnType<typeof free>,
    owner: string,
    leaseUntil: number,
  ): Promise<Task | undefined> {
    const row = await query.executeTakeFirst()
    if (row === undefined) return undefined
    await db
      .updateTable('task')
      .set({ lease_owner: owner, lease_until: leaseUntil })
      .where('id', '=', row.id)
      .execute()
    return fromTaskRow(row)
  }

  return {
    async insertTask(task, chunks) {
      await db.insertInto('task').values(toTaskRow(task)).execute()
      await session.insertRows(
        'task_chunk',
        chunks.map((chunk) => toTaskChunkRow(task.id, chunk)),
      )
    },

    async updateTask(task) {
      const { numUpdatedRows } = await db
        .updateTable('task')
        .set(toTaskRow(task))
        .where('id', '=', task.id)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) throw new RowMissing(`No task ${task.id}.`)
    },

    async insertTaskErrors(taskId, errors) {
      await session.insertRows(
        'task_error',
        errors.map((error) => toTaskErrorRow(taskId, error)),
      )
    },

    async insertTaskEffects(taskId, chunkNo, effects) {
      await db
        .insertInto('task_effect')
        .values({ task_id: taskId, chunk_no: chunkNo, effects: JSON.stringify(effects) })
        .execute()
    },

    async removeTask(taskId) {
      await db.deleteFrom('task').where('id', '=', taskId).execute()
    },

    async removeTaskChunks(taskId) {
      await db.deleteFrom('task_chunk').where('task_id', '=', taskId).execute()
    },

    leaseTask: (owner, now, leaseUntil) => lease(free(now), owner, leaseUntil),

    leaseTaskById: (taskId, owner, now, leaseUntil) =>
      lease(free(now).where('t.id', '=', taskId), owner, leaseUntil),

    async renewLease(taskId, owner, leaseUntil) {
      const { numUpdatedRows } = await db
        .updateTable('task')
        .set({ lease_until: leaseUntil })
        .where('id', '=', taskId)
        .where('lease_owner', '=', owner)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
  } satisfies Partial<Tx>
}
