import type { Context } from '../context.ts'
import { ApiError, apiError } from '../errors.ts'
import type { Call, Upload } from '../http/route.ts'
import { formatTime } from '../http/time.ts'
import type { Task, TaskError, ZoneType } from '../store/store.ts'
import type { FileRow, ShownRow } from '../tasks/kinds/import-file.ts'
import { importWorkbookKind } from '../tasks/kinds/import-workbook.ts'
import { readRepeat } from '../tasks/repeat.ts'
import { errorsOf } from '../tasks/task-query.ts'
import { findZoneOf, languageOf } from './file-params.ts'
import { readItems } from './formats/read-items.ts'

/** What an import keeps of its upload, for the query. */
interface ImportParams {
  readonly language: string
  readonly zoneType: ZoneType
  /** Whether any row has a weight; only then do failed items show theirs. */
  readonly hasWeights: boolean
}

/**
 * Takes an uploaded workbook. Faults in the order of the API: FILE_TOO_LARGE, FILE_NOT_XLSX, FILE_EMPTY, ZONE_NOT_FOUND or
 * ZONE_TYPE_INVALID, FILE_UNPARSABLE, TASK_EXISTS. Rows beyond the limit are left out silently.
 */
export async function submitImport(
  call: Call<{ uploadfile?: Upload }>,
  context: Context,
  zoneType: ZoneType,
): Promise<Task> {
  const { settings } = context
  const file = call.body.uploadfile
  if (file === undefined) throw apiError('FILE_EMPTY')
  if (file.bytes.length > settings.importBytes) throw apiError('FILE_TOO_LARGE')
  if (!file.name.toLowerCase().endsWith('.xlsx')) throw apiError('FILE_NOT_XLSX')
  if (file.bytes.length === 0) throw apiError('FILE_EMPTY')
  const zone = await findZoneOf(call, context.store, zoneType)
  const read = await readItems('xlsx', file.bytes, zone, {
    maxItems: settings.importRows,
    overLimit: 'ignore',
  })
  if (!read.ok) throw new ApiError(read.failure)
  const params: ImportParams = {
    language: languageOf(call.headers.get('x-language')),
    zoneType,
    hasWeights: zoneType === 'public' && read.items.some(hasWeight),
  }
  return context.tasks.submit(call.tenant, {
    kind: 'import_workbook',
    zoneId: zone.id,
    items: read.items,
    params: { ...params },
    createdBy: call.principal.userId,
    repeat: readRepeat(call.headers, 'import_workbook', zone.id, file.bytes),
  })
}

const hasWeight = (item: FileRow): boolean =>
  'draft' in item ? item.draft.weight != null : item.shown.weight !== null

/** The import of the zone with all its failed items, in the envelope of the API. Throws TASK_NOT_FOUND when there was none. */
export async function showImport(call: Call, context: Context, zoneType: ZoneType): Promise<object> {
  const zone = await findZoneOf(call, context.store, zoneType)
  const task = await context.store.findTaskInSlot(call.tenant, importWorkbookKind.slot!(zone.id))
  if (task === undefined) throw apiError('TASK_NOT_FOUND')
  const params = task.params as unknown as ImportParams
  const errors = await errorsOf(context.store, task, { limit: task.totalCount, offset: 0 })
  return {
    code: 200,
    data: {
      task_id: task.id,
      status: task.status,
      created_at: formatTime(task.createdAt),
      updated_at: formatTime(task.updatedAt),
      zone_id: task.zoneId,
      zone_type: params.zoneType,
      language: params.language,
      total_count: task.totalCount,
      success_count: task.successCount,
      error_count: task.errorCount,
      error_items: errors.map((error) => errorItem(error, params)),
    },
  }
}

function errorItem({ item, code, message }: TaskError, { hasWeights }: ImportParams): object {
  const row = item as unknown as ShownRow
  return {
    name: row.name,
    type: row.type,
    line: row.line,
    ttl: String(row.ttl),
    ...(hasWeights && row.weight !== null ? { weight: String(row.weight) } : {}),
    value: row.records,
    error_code: code,
    error_message: message,
  }
}

/** Removes an import; the record sets it made stay. Throws TASK_ID_INVALID when the zone has no such import. */
export async function removeImport(call: Call, context: Context, zoneType: ZoneType): Promise<void> {
  const zone = await findZoneOf(call, context.store, zoneType)
  const task = await context.store.findTask(call.tenant, call.params.task_id!)
  if (task?.kind !== 'import_workbook' || task.zoneId !== zone.id) throw apiError('TASK_ID_INVALID')
  await context.store.transaction((tx) => tx.removeTask(task.id))
  context.tasks.wake()
}
