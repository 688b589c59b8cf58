import type { Context } from '../context.ts'
import { type Call, type Reply, type Route, route } from '../http/route.ts'
import { removeRecordSetsById, removeRecordSetsOfZone } from './batch-remove.ts'
import {
  DiagnosableQuery,
  OnLinesBody,
  RemovalBody,
  RemovalInZoneBody,
  StatusBody,
  StatusesBody,
  UpdatesBody,
} from './batch-schemas.ts'
import { updateRecordSetsOfZone } from './batch-update.ts'
import { createOnLines } from './create-on-lines.ts'
import { EMAIL_TYPES, listDiagnosable, WEBSITE_TYPES } from './diagnosable.ts'
import { type Placed, shownStatus } from './record-sets.ts'
import { RecordSetListV2, RecordSetListV21, RecordSetV21, recordSetBody } from './schemas.ts'
import { setRecordSetStatus, setRecordSetStatuses } from './set-status.ts'

const ALL = '/v2.1/recordsets'
const IN_ZONE = '/v2.1/zones/{zone_id}/recordsets'

/** Pausing and resuming, changes of several record sets at once, and the names at which mail and websites can be diagnosed. */
export const recordSetBatchRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'setRecordSetsStatus',
    method: 'PUT',
    path: `${ALL}/{recordset_id}/statuses/set`,
    summary: 'Pause or resume a record set',
    permission: 'dns:recordset:setStatus',
    input: 'json',
    bodySchema: StatusBody,
    responses: { 202: RecordSetV21 },
    async handler({ tenant, params, body, baseUrl }, context) {
      const placed = await setRecordSetStatus(context, tenant, params.recordset_id!, body)
      const view = { version: 'v2.1', baseUrl, status: placed.row.status, hasBundle: true } as const
      return { status: 202, json: recordSetBody(placed.zone, placed.row, view) }
    },
  }),
  route<Context>({
    operation: 'batchSetRecordSetsStatus',
    method: 'PUT',
    path: `${ALL}/statuses`,
    summary: 'Pause or resume record sets of any zones',
    permission: 'dns:recordset:setStatus',
    input: 'json',
    bodySchema: StatusesBody,
    responses: { 202: RecordSetListV21 },
    async handler(call, context) {
      const changed = await setRecordSetStatuses(context, call.tenant, call.body)
      return accepted(call, changed, { statusOf: ({ row }) => row.status })
    },
  }),
  route<Context>({
    operation: 'batchDeleteRecordSets',
    method: 'DELETE',
    path: ALL,
    summary: 'Delete record sets of any zones of one kind',
    permission: 'dns:recordset:delete',
    input: 'json',
    bodySchema: RemovalBody,
    responses: { 202: RecordSetListV21 },
    async handler(call, context) {
      const removed = await removeRecordSetsById(context, call.tenant, call.body)
      return accepted(call, removed, { statusOf: () => 'PENDING_DELETE' })
    },
  }),
  route<Context>({
    operation: 'batchDeleteRecordSetWithLine',
    method: 'DELETE',
    path: IN_ZONE,
    summary: 'Delete several record sets of a zone, all or none',
    permission: 'dns:recordset:delete',
    input: 'json',
    bodySchema: RemovalInZoneBody,
    responses: { 202: RecordSetListV21 },
    async handler(call, context) {
      const removed = await removeRecordSetsOfZone(context, call.tenant, call.params.zone_id!, call.body)
      return accepted(call, removed, { statusOf: () => 'PENDING_DELETE', hasBundle: true })
    },
  }),
  route<Context>({
    operation: 'batchUpdateRecordSetWithLine',
    method: 'PUT',
    path: IN_ZONE,
    summary: 'Change several record sets of a public zone, all or none',
    permission: 'dns:recordset:update',
    input: 'json',
    bodySchema: UpdatesBody,
    responses: { 202: RecordSetListV21 },
    async handler(call, context) {
      const changed = await updateRecordSetsOfZone(context, call.tenant, call.params.zone_id!, call.body)
      const statusOf = (placed: Placed) =>
        shownStatus(placed) === 'DISABLE' ? 'PENDING_DISABLE' : 'PENDING_UPDATE'
      return accepted(call, changed, { statusOf, hasBundle: true })
    },
  }),
  route<Context>({
    operation: 'createRecordSetWithBatchLines',
    method: 'POST',
    path: `${IN_ZONE}/batch/lines`,
    summary: 'Create record sets of one name and type on several lines, all or none',
    permission: 'dns:recordset:create',
    input: 'json',
    bodySchema: OnLinesBody,
    responses: { 202: RecordSetListV21 },
    async handler(call, context) {
      const created = await createOnLines(context, call.tenant, call.params.zone_id!, call.body)
      const statusOf = (placed: Placed) => (shownStatus(placed) === 'DISABLE' ? 'DISABLE' : 'PENDING_CREATE')
      return accepted(call, created, { statusOf, hasBundle: true })
    },
  }),
  diagnosable('showEmailRecordSet', 'email-recordsets', 'Names with mail', EMAIL_TYPES),
  diagnosable('showWebsiteRecordSet', 'website-recordsets', 'Names with a website', WEBSITE_TYPES),
]

interface BatchView {
  readonly statusOf: (placed: Placed) => string
  readonly hasBundle?: boolean
}

function accepted(call: Call, placed: readonly Placed[], { statusOf, hasBundle }: BatchView): Reply {
  const recordsets = placed.map((each) =>
    recordSetBody(each.zone, each.row, {
      version: 'v2.1',
      baseUrl: call.baseUrl,
      status: statusOf(each),
      hasBundle,
    }),
  )
  const links = { self: call.baseUrl + call.target }
  return { status: 202, json: { links, recordsets, metadata: { total_count: recordsets.length } } }
}

/** A path of v2.1 whose items have the shape of v2. */
function diagnosable(
  operation: string,
  segment: string,
  summary: string,
  types: readonly string[],
): Route<Context> {
  return route<Context>({
    operation,
    method: 'GET',
    path: `/v2.1/zones/{zone_id}/${segment}`,
    summary,
    permission: 'dns:recordset:list',
    query: DiagnosableQuery,
    responses: { 200: RecordSetListV2 },
    async handler(call, context) {
      const { rows, total } = await listDiagnosable(context, call, types)
      const recordsets = rows.map((placed) =>
        recordSetBody(placed.zone, placed.row, {
          version: 'v2',
          baseUrl: call.baseUrl,
          status: shownStatus(placed),
        }),
      )
      const links = { self: call.baseUrl + call.target }
      return { status: 200, json: { links, recordsets, metadata: { total_count: total } } }
    },
  })
}
