import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { type Call, type Reply, type Route, route } from '../http/route.ts'
import { formatTime } from '../http/time.ts'
import type { Task, TaskError } from '../store/store.ts'
import { readBatchBody } from './batch-body.ts'
import { batchDrafts } from './batch-items.ts'
import { createRecordSetsKind } from './kinds/create-record-sets.ts'
import { readRepeat } from './repeat.ts'
import { BatchBody, BatchCreated, BatchTask, ErrorPageQuery } from './schemas.ts'
import { errorsOf, readErrorPage } from './task-query.ts'

const PATH = '/v2.1/zones/{zone_id}/recordsets/batch-create-task'

/** Largest page of error items (API: 2000), or as many as a task may have where the operator allows more. */
const errorItems = (context: Context): number => Math.max(2_000, context.settings.batchItems)

async function submit(call: Call, context: Context): Promise<Reply> {
  const zoneId = call.params.zone_id!
  const zone = await context.store.findZone(call.tenant, zoneId)
  if (zone === undefined) throw apiError('ZONE_NOT_FOUND')
  const items = readBatchBody(call.body, context.settings.batchItems)
  const task = await context.tasks.submit(call.tenant, {
    kind: 'create_record_sets',
    zoneId,
    items: batchDrafts(items, zone),
    params: {},
    createdBy: call.principal.userId,
    repeat: readRepeat(call.headers, 'create_record_sets', zoneId, JSON.stringify(items)),
  })
  return { status: 202, json: { task_id: task.id } }
}

async function show(call: Call, context: Context): Promise<Reply> {
  const zoneId = call.params.zone_id!
  const page = readErrorPage(call.query, errorItems(context), errorItems(context))
  const task = await findTask(call, context, zoneId)
  const errors = await errorsOf(context.store, task, page)
  return { status: 200, json: taskBody(task, errors) }
}

async function remove(call: Call, context: Context): Promise<Reply> {
  const task = await findTask(call, context, call.params.zone_id!)
  await context.store.transaction((tx) => tx.removeTask(task.id))
  context.tasks.wake()
  return { status: 204 }
}

/** The zone is the address of its task. */
async function findTask(call: Call, context: Context, zoneId: string): Promise<Task> {
  const zone = await context.store.findZone(call.tenant, zoneId)
  if (zone === undefined) throw apiError('ZONE_NOT_FOUND')
  const task = await context.store.findTaskInSlot(call.tenant, createRecordSetsKind.slot!(zoneId))
  if (task === undefined) throw apiError('TASK_NOT_FOUND')
  return task
}

const taskBody = (task: Task, errors: readonly TaskError[]) => ({
  task_id: task.id,
  status: task.status,
  created_at: formatTime(task.createdAt),
  updated_at: formatTime(task.updatedAt),
  total_count: task.totalCount,
  success_count: task.successCount,
  error_count: task.errorCount,
  error_items: errors.map(({ item, code, message }) => ({
    name: item.name,
    type: item.type,
    line: item.line,
    ttl: item.ttl,
    weight: item.weight,
    records: item.records,
    status: 'ERROR',
    error_code: code,
    error_message: message,
  })),
})

/** The batch-create task of API v2.1: one asynchronous task a zone, every failed item reported, good ones kept. */
export const batchTaskRoutes: readonly Route<Context>[] = [
  route({
    operation: 'batchCreateRecordSetsTask',
    method: 'POST',
    path: PATH,
    summary: 'Create up to 2000 record sets of a zone in one task, each with its own outcome.',
    permission: 'dns:recordset:batchCreateTask',
    input: 'json',
    bodySchema: BatchBody,
    responses: { 202: BatchCreated },
    handler: submit,
  }),
  route({
    operation: 'showBatchCreateRecordSetsTask',
    method: 'GET',
    path: PATH,
    summary: 'Show the batch-create task of a zone and a page of its failed items.',
    permission: 'dns:recordset:showBatchCreateTask',
    query: ErrorPageQuery,
    responses: { 200: BatchTask },
    handler: show,
  }),
  route({
    operation: 'deleteBatchCreateRecordSetsTask',
    method: 'DELETE',
    path: PATH,
    summary: 'Delete the batch-create task of a zone; what it created stays.',
    permission: 'dns:recordset:deleteBatchCreateTask',
    responses: { 204: null },
    handler: remove,
  }),
]
