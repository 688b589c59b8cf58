import type { Context } from '../context.ts'
import { ApiError, apiError } from '../errors.ts'
import { readPage } from '../http/paging.ts'
import type { Call, Reply } from '../http/route.ts'
import { formatTime } from '../http/time.ts'
import type { Reads, Task, TaskError, Zone } from '../store/store.ts'
import type { ShownRow } from '../tasks/kinds/import-file.ts'
import { readRepeat } from '../tasks/repeat.ts'
import { errorsOf, readErrorPage } from '../tasks/task-query.ts'
import { attachment, fileLanguage, fileReply } from './export.ts'
import { findZoneOf, formatOf } from './file-params.ts'
import { writeFailedItems } from './formats/failed-items.ts'
import { readItems } from './formats/read-items.ts'

/** Largest page of failed items, and the page when none is asked for. */
const ERROR_ITEMS = 2_000
/** Remarks of the reader that a task keeps. */
const NOTES_KEPT = 100

const NEWEST_FIRST = { keys: [], defaultKey: 'created_at', defaultDir: 'desc', dirOfKey: 'desc' } as const

/** Whether everything up to a feed position is answered by every live edge. */
export type IsAnswered = (feedSeq: number) => boolean

/**
 * Takes a file of any size within the settings. Parts of it that cannot be read become failed items of the task; only a file
 * that says nothing as a whole is refused, with what the reader found at the end of the message.
 */
export async function submitFile(call: Call<Uint8Array>, context: Context): Promise<Reply> {
  const { settings, store, tasks } = context
  const format = formatOf(call.query)
  const zone = await findZoneOf(call, store)
  const read = await readItems(format, call.body, zone, { maxItems: settings.fileItems, overLimit: 'refuse' })
  if (!read.ok) throw new ApiError(withDetail(read.failure, read.detail))
  const notes = read.notes.slice(0, NOTES_KEPT)
  const task = await tasks.submit(call.tenant, {
    kind: 'import_file',
    zoneId: zone.id,
    items: read.items,
    params: { format, fileName: call.query.name?.slice(0, 255) ?? null, notes },
    createdBy: call.principal.userId,
    repeat: readRepeat(call.headers, 'import_file', zone.id, format, call.body),
  })
  return { status: 202, json: { task_id: task.id, total_count: task.totalCount, notes } }
}

const withDetail = (why: ApiError['failure'], detail: string): ApiError['failure'] =>
  why.message.includes(detail) ? why : { ...why, message: `${why.message} ${detail}` }

/** A task of any kind, with a page of its failed items. Throws TASK_NOT_FOUND. */
export async function showTask(call: Call, context: Context, isAnswered: IsAnswered): Promise<Reply> {
  const page = readErrorPage(call.query, ERROR_ITEMS, Number.MAX_SAFE_INTEGER)
  const task = await findTask(call, context.store)
  const errors = await errorsOf(context.store, task, page)
  return {
    status: 200,
    json: {
      ...(await taskBody(call, context.store, task, isAnswered)),
      notes: task.params.notes ?? [],
      error_items: errors.map(task.zoneId === null ? namedItem : errorItem),
      metadata: { total_count: task.errorCount },
    },
  }
}

/** Tasks of any kind, newest first, without their failed items. */
export async function listTasks(call: Call, context: Context, isAnswered: IsAnswered): Promise<Reply> {
  const { status, zone_id: zoneId } = call.query
  if (status !== undefined && status !== 'PENDING' && status !== 'DONE') throw apiError('STATUS_INVALID')
  const listed = await context.store.listTasks(
    call.tenant,
    { zoneId, status },
    readPage(call.query, NEWEST_FIRST),
  )
  const tasks: object[] = []
  for (const task of listed.rows) tasks.push(await taskBody(call, context.store, task, isAnswered))
  return { status: 200, json: { tasks, metadata: { total_count: listed.total } } }
}

/** Removes a task; a PENDING one stops after the chunk in hand. What it created stays. */
export async function removeTask(call: Call, context: Context): Promise<Reply> {
  const task = await findTask(call, context.store)
  await context.store.transaction((tx) => tx.removeTask(task.id))
  context.tasks.wake()
  return { status: 204 }
}

/** The failed items of a task as a file to be corrected and imported again. */
export async function failedItemsFile(call: Call, context: Context): Promise<Reply> {
  const format = formatOf(call.query)
  const task = await findTask(call, context.store)
  const zone = await zoneOf(call, context.store, task)
  const pieces = writeFailedItems(format, allErrors(context.store, task), zone, fileLanguage(call))
  return fileReply(format, attachment(`failed-${zone.name}`, format), pieces)
}

async function* allErrors(reads: Reads, task: Task): AsyncGenerator<TaskError, void> {
  for (let offset = 0; offset < task.errorCount; offset += ERROR_ITEMS)
    yield* await errorsOf(reads, task, { limit: ERROR_ITEMS, offset })
}

async function findTask(call: Call, reads: Reads): Promise<Task> {
  const task = await reads.findTask(call.tenant, call.params.task_id!)
  if (task === undefined) throw apiError('TASK_NOT_FOUND')
  return task
}

/** A zone takes its tasks with it, so a task whose zone is gone is gone as well. Operation tasks have none: TASK_NOT_FOUND. */
async function zoneOf(call: Call, reads: Reads, task: Task): Promise<Zone> {
  const zone = task.zoneId === null ? undefined : await reads.findZone(call.tenant, task.zoneId)
  if (zone === undefined) throw apiError('TASK_NOT_FOUND')
  return zone
}

async function taskBody(call: Call, reads: Reads, task: Task, isAnswered: IsAnswered) {
  return {
    id: task.id,
    kind: task.kind,
    status: task.status,
    zone_id: task.zoneId,
    zone_name: task.zoneId === null ? null : ((await reads.findZone(call.tenant, task.zoneId))?.name ?? null),
    total_count: task.totalCount,
    success_count: task.successCount,
    error_count: task.errorCount,
    created_at: formatTime(task.createdAt),
    updated_at: formatTime(task.updatedAt),
    answered: task.status === 'DONE' && isAnswered(task.feedSeq),
  }
}

/** An error item of an operation task. */
const namedItem = ({ index, item, code, message }: TaskError): object => ({
  index,
  row: null,
  name: item.item,
  error_code: code,
  error_message: message,
})

function errorItem({ index, item, code, message }: TaskError): object {
  const { row = null, ...fields } = item as unknown as Partial<ShownRow>
  return { index, row, ...fields, error_code: code, error_message: message }
}
