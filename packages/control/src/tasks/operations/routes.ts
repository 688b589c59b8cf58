import type { z } from 'zod'
import type { Context } from '../../context.ts'
import { type Route, route } from '../../http/route.ts'
import type { OperationTaskKind } from '../../store/store.ts'
import { ErrorPageQuery } from '../schemas.ts'
import { listOperations, showOperation, submitOperation } from './operations.ts'
import {
  CreateCombinedBody,
  CreateInZonesBody,
  CreateZonesBody,
  DeleteInZonesBody,
  OperationCreated,
  OperationList,
  OperationListQuery,
  OperationTask,
  TransferBody,
  UpdateInZonesBody,
} from './schemas.ts'

const LIST = '/v2.1/batch-operation-tasks'

/** Tasks over many public zones of the account (API v2.1): each failed record set or zone is reported, good ones are kept. */
export const operationRoutes: readonly Route<Context>[] = [
  submission({
    kind: 'create_in_zones',
    operation: 'batchCreatePublicRecordsetsTask',
    path: 'batch-create-recordset',
    summary: 'Create different record sets in different public zones.',
    permission: 'dns:recordset:batchCreatePublicZoneRecordsets',
    bodySchema: CreateInZonesBody,
  }),
  submission({
    kind: 'create_combined',
    operation: 'batchCreateCombinedPublicRecordsetsTask',
    path: 'batch-create-combined-recordset',
    summary: 'Create the same record set at every prefix of every named public zone.',
    permission: 'dns:recordset:batchCreatePublicZoneRecordsets',
    bodySchema: CreateCombinedBody,
  }),
  submission({
    kind: 'update_in_zones',
    operation: 'batchUpdatePublicRecordsetsTask',
    path: 'batch-update-recordset',
    summary: 'Change values or hosts of the record sets at some hosts of public zones.',
    permission: 'dns:recordset:batchUpdatePublicZoneRecordsets',
    bodySchema: UpdateInZonesBody,
  }),
  submission({
    kind: 'delete_in_zones',
    operation: 'batchDeletePublicRecordsetsTask',
    path: 'batch-delete-recordset',
    summary: 'Delete every record set at some hosts of public zones.',
    permission: 'dns:recordset:batchDeletePublicZoneRecordsets',
    bodySchema: DeleteInZonesBody,
  }),
  submission({
    kind: 'create_zones',
    operation: 'batchCreatePublicZonesTask',
    path: 'batch-create-zone',
    summary: 'Create public zones by their names.',
    permission: 'dns:zone:createBatchPublicZonesByName',
    bodySchema: CreateZonesBody,
  }),
  submission({
    kind: 'transfer_zones',
    operation: 'batchTransferPublicZonesTask',
    path: 'batch-transfer',
    summary: 'Give public zones with their record sets and tags to another account.',
    permission: 'dns:zone:transfer',
    bodySchema: TransferBody,
  }),
  route<Context>({
    operation: 'listBatchOperationTasks',
    method: 'GET',
    path: LIST,
    summary: 'List the tasks over many public zones, newest first.',
    permission: 'dns:zone:listPublicZoneBatchOperationRecords',
    query: OperationListQuery,
    responses: { 200: OperationList },
    handler: async (call, context) => ({ status: 200, json: await listOperations(call, context) }),
  }),
  route<Context>({
    operation: 'showBatchOperationTask',
    method: 'GET',
    path: `${LIST}/{task_id}`,
    summary: 'Show a task over many public zones and a page of what failed.',
    permission: 'dns:zone:getPublicZoneBatchOperationResult',
    query: ErrorPageQuery,
    responses: { 200: OperationTask },
    handler: async (call, context) => ({ status: 200, json: await showOperation(call, context) }),
  }),
]

interface SubmitRoute {
  readonly kind: OperationTaskKind
  readonly operation: string
  /** Last segment. */
  readonly path: string
  readonly summary: string
  readonly permission: string
  readonly bodySchema: z.ZodType
}

function submission({ kind, path, ...rest }: SubmitRoute): Route<Context> {
  return route<Context>({
    ...rest,
    method: 'POST',
    path: `/v2.1/operation-task/${path}`,
    input: 'json',
    responses: { 202: OperationCreated },
    async handler(call, context) {
      const task = await submitOperation(call, context, kind)
      return { status: 202, json: { task_id: task.id } }
    },
  })
}
