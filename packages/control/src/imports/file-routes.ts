import type { Context } from '../context.ts'
import { type Route, route } from '../http/route.ts'
import { ErrorPageQuery } from '../tasks/schemas.ts'
import { exportFile, MEDIA_TYPES } from './export.ts'
import { failedItemsFile, type IsAnswered, listTasks, removeTask, showTask, submitFile } from './files.ts'
import { AnyTask, FileAccepted, FileQuery, TaskList, TaskListQuery } from './schemas.ts'

/** Files and tasks of any kind: our own extension of the API. `isAnswered` comes from the positions of the edges. */
export const fileRoutes = (isAnswered: IsAnswered): readonly Route<Context>[] => [
  route<Context>({
    operation: 'importFile',
    method: 'POST',
    path: '/waymark/v1/zones/{zone_id}/imports',
    summary: 'Create the record sets of a workbook, CSV, JSON or zone file in one task.',
    permission: 'dns:recordset:batchCreateTask',
    input: 'raw',
    maxBodyBytes: (settings) => settings.fileBytes,
    query: FileQuery,
    responses: { 202: FileAccepted },
    handler: submitFile,
  }),
  route<Context>({
    operation: 'exportFile',
    method: 'GET',
    path: '/waymark/v1/zones/{zone_id}/export',
    summary: 'The record sets of a zone as a workbook, CSV, JSON or zone file.',
    permission: 'dns:zone:getExport',
    query: FileQuery,
    responses: { 200: null },
    media: Object.values(MEDIA_TYPES),
    handler: exportFile,
  }),
  route<Context>({
    operation: 'listTasks',
    method: 'GET',
    path: '/waymark/v1/tasks',
    summary: 'Tasks of every kind, newest first.',
    permission: 'dns:recordset:showBatchCreateTask',
    query: TaskListQuery,
    responses: { 200: TaskList },
    handler: (call, context) => listTasks(call, context, isAnswered),
  }),
  route<Context>({
    operation: 'showTask',
    method: 'GET',
    path: '/waymark/v1/tasks/{task_id}',
    summary: 'A task of any kind and a page of its failed items.',
    permission: 'dns:recordset:showBatchCreateTask',
    query: ErrorPageQuery,
    responses: { 200: AnyTask },
    handler: (call, context) => showTask(call, context, isAnswered),
  }),
  route<Context>({
    operation: 'showFailedItems',
    method: 'GET',
    path: '/waymark/v1/tasks/{task_id}/failed',
    summary: 'The failed items of a task as a file to be corrected and imported again.',
    permission: 'dns:recordset:showBatchCreateTask',
    query: FileQuery,
    responses: { 200: null },
    media: Object.values(MEDIA_TYPES),
    handler: failedItemsFile,
  }),
  route<Context>({
    operation: 'deleteTask',
    method: 'DELETE',
    path: '/waymark/v1/tasks/{task_id}',
    summary: 'Delete a task of any kind; what it created stays.',
    permission: 'dns:recordset:deleteBatchCreateTask',
    responses: { 204: null },
    handler: removeTask,
  }),
]
