import type { Context } from '../context.ts'
import { pageLinks } from '../http/paging.ts'
import { type Call, type Reply, type Route, route } from '../http/route.ts'
import { type Language, lineDisplayName } from '../lines/lines.ts'
import { ownLineNames } from '../lines/list-lines.ts'
import type { Listed, ListedRecordSet } from '../store/store.ts'
import type { ApiVersion } from './draft-of-body.ts'
import { listRecordSets, listRecordSetsOfZone } from './list-record-sets.ts'
import {
  createRecordSet,
  type Placed,
  removeRecordSet,
  shownStatus,
  showRecordSet,
  updateRecordSet,
} from './record-sets.ts'
import {
  ListAllQueryV2,
  ListAllQueryV21,
  ListQueryV2,
  ListQueryV21,
  NewRecordSetV2,
  NewRecordSetV21,
  RecordSetChangeV2,
  RecordSetChangeV21,
  RecordSetListV2,
  RecordSetListV21,
  RecordSetV2,
  RecordSetV21,
  recordSetBody,
} from './schemas.ts'
import { textsMeant } from './text-values.ts'

/** What tells the operations of the two versions apart. */
interface Version {
  readonly version: ApiVersion
  /** Names in the operations catalogue: create, show, update, delete, list of a zone, list of all. */
  readonly operations: readonly [string, string, string, string, string, string]
  readonly body: typeof RecordSetV2 | typeof RecordSetV21
  readonly list: typeof RecordSetListV2 | typeof RecordSetListV21
  readonly newBody: typeof NewRecordSetV2 | typeof NewRecordSetV21
  readonly changeBody: typeof RecordSetChangeV2 | typeof RecordSetChangeV21
  readonly listQuery: typeof ListQueryV2 | typeof ListQueryV21
  readonly listAllQuery: typeof ListAllQueryV2 | typeof ListAllQueryV21
}

const V2: Version = {
  version: 'v2',
  operations: [
    'createRecordSet',
    'showRecordSet',
    'updateRecordSet',
    'deleteRecordSet',
    'listRecordSetsByZone',
    'listRecordSets',
  ],
  body: RecordSetV2,
  list: RecordSetListV2,
  newBody: NewRecordSetV2,
  changeBody: RecordSetChangeV2,
  listQuery: ListQueryV2,
  listAllQuery: ListAllQueryV2,
}

const V21: Version = {
  version: 'v2.1',
  operations: [
    'createRecordSetWithLine',
    'showRecordSetWithLine',
    'updateRecordSets',
    'deleteRecordSets',
    'showRecordSetByZone',
    'listRecordSetsWithLine',
  ],
  body: RecordSetV21,
  list: RecordSetListV21,
  newBody: NewRecordSetV21,
  changeBody: RecordSetChangeV21,
  listQuery: ListQueryV21,
  listAllQuery: ListAllQueryV21,
}

/** Record sets one by one and in lists, API v2 and v2.1. */
export const recordSetRoutes: readonly Route<Context>[] = [...routesOf(V2), ...routesOf(V21)]

function routesOf(which: Version): Route<Context>[] {
  const { version, body, list } = which
  const [create, show, update, remove, listOfZone, listAll] = which.operations
  const inZone = `/${version}/zones/{zone_id}/recordsets`
  const one = `${inZone}/{recordset_id}`
  return [
    route<Context>({
      operation: create,
      method: 'POST',
      path: inZone,
      summary: 'Create a record set',
      permission: 'dns:recordset:create',
      input: 'json',
      bodySchema: which.newBody,
      responses: { 202: body },
      async handler({ tenant, params, body, headers, baseUrl }, context) {
        const sent = await textsMeant(body, headers)
        const placed = await createRecordSet(context, tenant, params.zone_id!, sent, version)
        // A set that is made paused has nothing pending.
        const status = shownStatus(placed) === 'DISABLE' ? 'DISABLE' : 'PENDING_CREATE'
        return accepted(placed, { version, baseUrl, status })
      },
    }),
    route<Context>({
      operation: show,
      method: 'GET',
      path: one,
      summary: 'Show a record set',
      permission: 'dns:recordset:get',
      responses: { 200: body },
      async handler({ tenant, params, baseUrl }, context) {
        const placed = await showRecordSet(context, tenant, params.zone_id!, params.recordset_id!)
        const view = { version, baseUrl, status: shownStatus(placed), hasBundle: true }
        return { status: 200, json: recordSetBody(placed.zone, placed.row, view) }
      },
    }),
    route<Context>({
      operation: update,
      method: 'PUT',
      path: one,
      summary: 'Change a record set',
      permission: 'dns:recordset:update',
      input: 'json',
      bodySchema: which.changeBody,
      responses: { 202: body },
      async handler({ tenant, params, body, headers, baseUrl }, context) {
        const { zone_id: zoneId, recordset_id: id } = params
        const existing = () => showRecordSet(context, tenant, zoneId!, id!)
        const sent = await textsMeant(body, headers, async () => (await existing()).row.type)
        const placed = await updateRecordSet(context, tenant, zoneId!, id!, sent, version)
        const status = shownStatus(placed) === 'DISABLE' ? 'PENDING_DISABLE' : 'PENDING_UPDATE'
        return accepted(placed, { version, baseUrl, status })
      },
    }),
    route<Context>({
      operation: remove,
      method: 'DELETE',
      path: one,
      summary: 'Delete a record set',
      permission: 'dns:recordset:delete',
      responses: { 202: body },
      async handler({ tenant, params, baseUrl }, context) {
        const placed = await removeRecordSet(context, tenant, params.zone_id!, params.recordset_id!)
        return accepted(placed, { version, baseUrl, status: 'PENDING_DELETE' })
      },
    }),
    route<Context>({
      operation: listOfZone,
      method: 'GET',
      path: inZone,
      summary: 'List the record sets of a zone',
      permission: 'dns:recordset:list',
      query: which.listQuery,
      responses: { 200: list },
      handler: async (call, context) =>
        page(call, await listRecordSetsOfZone(context, call, version), { version }),
    }),
    route<Context>({
      operation: listAll,
      method: 'GET',
      path: `/${version}/recordsets`,
      summary: 'List record sets of all zones of one kind',
      permission: 'dns:recordset:list',
      query: which.listAllQuery,
      responses: { 200: list },
      async handler(call, context) {
        const sets = await listRecordSets(context, call, version)
        const own = await ownLineNames(context, call.tenant, sets.rows)
        const language = languageOf(call)
        const lineName = (line: string) => own.get(line) ?? lineDisplayName(line, language)
        return page(call, sets, { version, hasTags: true, lineName })
      },
    }),
  ]
}

const accepted = (
  { zone, row }: Placed,
  view: { version: ApiVersion; baseUrl: string; status: string },
): Reply => ({
  status: 202,
  json: recordSetBody(zone, row, view),
})

function page(
  call: Call,
  sets: Listed<ListedRecordSet>,
  view: { version: ApiVersion; hasTags?: boolean; lineName?: (line: string) => string },
): Reply {
  const { baseUrl } = call
  const items = sets.rows.map((row) => {
    const zone = { name: row.zoneName, projectId: row.projectId }
    return recordSetBody(zone, row, { ...view, baseUrl, status: row.shownStatus })
  })
  return {
    status: 200,
    json: { links: pageLinks(call, sets), recordsets: items, metadata: { total_count: sets.total } },
  }
}

/** Names of lines are Chinese for those who ask for it, as in the workbooks; English otherwise. */
const languageOf = (call: Call): Language =>
  call.headers.get('x-language')?.toLowerCase() === 'zh-cn' ? 'zh-cn' : 'en-us'
