import type { Context } from '../context.ts'
import { type Call, type Route, route } from '../http/route.ts'
import { formatTime } from '../http/time.ts'
import { createCustomLine, removeCustomLine, updateCustomLine } from './custom-lines.ts'
import { createLineGroup, removeLineGroup, showLineGroup, updateLineGroup } from './line-groups.ts'
import { listCustomLines, listLineGroups, listSystemLines, listZoneLines } from './list-lines.ts'
import {
  CustomLineBody,
  CustomLineChangeBody,
  CustomLineList,
  CustomLineQuery,
  customLineBody,
  LineGroupBody,
  LineGroupList,
  LineGroupQuery,
  lineGroupBody,
  NewCustomLineBody,
  NewLineGroupBody,
  SystemLineList,
  SystemLineQuery,
  ZoneLineList,
  ZoneLineQuery,
} from './schemas.ts'

const CUSTOM = '/v2.1/customlines'
const GROUPS = '/v2.1/linegroups'

/** Built-in lines, the lines of a zone, and an account's own lines and line groups. */
export const lineRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'listSystemLines',
    method: 'GET',
    path: '/v2.1/system-lines',
    summary: 'List the built-in resolution lines',
    // The same for everybody, so nobody has to say who they are.
    permission: 'none',
    query: SystemLineQuery,
    responses: { 200: SystemLineList },
    handler({ query }) {
      const { rows, total, isChinese } = listSystemLines(query)
      const lines = rows.map((line) => ({
        id: line.id,
        father_id: line.parent,
        name: isChinese ? line.name_zh : line.name_en,
      }))
      return { status: 200, json: { lines, metadata: { total_count: total } } }
    },
  }),
  route<Context>({
    operation: 'listPublicZoneLines',
    method: 'GET',
    path: '/v2.1/zones/{zone_id}/lines',
    summary: 'List the resolution lines that a public zone uses',
    permission: 'dns:zone:get',
    query: ZoneLineQuery,
    responses: { 200: ZoneLineList },
    async handler(call, context) {
      const { rows, total } = await listZoneLines(context, call)
      const lines = rows.map(({ line, name, createdAt }) => ({
        line,
        line_name: name,
        create_time: formatTime(createdAt),
      }))
      const json = { links: pageLinks(call, rows.length, total), lines, metadata: { total_count: total } }
      return { status: 200, json }
    },
  }),

  route<Context>({
    operation: 'createCustomLine',
    method: 'POST',
    path: CUSTOM,
    summary: 'Create a custom line',
    permission: 'dns:customline:create',
    input: 'json',
    bodySchema: NewCustomLineBody,
    responses: { 202: CustomLineBody },
    async handler({ tenant, body }, context) {
      const line = await createCustomLine(context, tenant, body)
      return { status: 202, json: customLineBody(line, 'PENDING_CREATE') }
    },
  }),
  route<Context>({
    operation: 'listCustomLine',
    method: 'GET',
    path: CUSTOM,
    summary: 'List custom lines',
    permission: 'dns:customline:list',
    query: CustomLineQuery,
    responses: { 200: CustomLineList },
    async handler(call, context) {
      const { rows, total, isDetailed } = await listCustomLines(context, call)
      const lines = rows.map((line) =>
        isDetailed ? customLineBody(line) : { line_id: line.lineId, name: line.name },
      )
      return { status: 200, json: { lines, metadata: { total_count: total } } }
    },
  }),
  route<Context>({
    operation: 'updateCustomLine',
    method: 'PUT',
    path: `${CUSTOM}/{line_id}`,
    summary: 'Change name, segments or description of a custom line',
    permission: 'dns:customline:update',
    input: 'json',
    bodySchema: CustomLineChangeBody,
    responses: { 202: CustomLineBody },
    async handler({ tenant, params, body }, context) {
      const line = await updateCustomLine(context, tenant, params.line_id!, body)
      return { status: 202, json: customLineBody(line, 'PENDING_UPDATE') }
    },
  }),
  route<Context>({
    operation: 'deleteCustomLine',
    method: 'DELETE',
    path: `${CUSTOM}/{line_id}`,
    summary: 'Delete a custom line that nothing uses',
    permission: 'dns:customline:delete',
    responses: { 202: CustomLineBody },
    async handler({ tenant, params }, context) {
      const line = await removeCustomLine(context, tenant, params.line_id!)
      return { status: 202, json: customLineBody(line, 'PENDING_DELETE') }
    },
  }),

  route<Context>({
    operation: 'createLineGroup',
    method: 'POST',
    path: GROUPS,
    summary: 'Create a line group',
    permission: 'dns:linegroup:create',
    input: 'json',
    bodySchema: NewLineGroupBody,
    responses: { 202: LineGroupBody },
    async handler({ tenant, body }, context) {
      const group = await createLineGroup(context, tenant, body)
      return { status: 202, json: lineGroupBody(group, 'PENDING_CREATE') }
    },
  }),
  route<Context>({
    operation: 'listLineGroups',
    method: 'GET',
    path: GROUPS,
    summary: 'List line groups',
    permission: 'dns:linegroup:list',
    query: LineGroupQuery,
    responses: { 200: LineGroupList },
    async handler(call, context) {
      const { rows, total } = await listLineGroups(context, call)
      const linegroups = rows.map((group) => lineGroupBody(group))
      return { status: 200, json: { linegroups, metadata: { total_count: total } } }
    },
  }),
  route<Context>({
    operation: 'showLineGroup',
    method: 'GET',
    path: `${GROUPS}/{linegroup_id}`,
    summary: 'Show a line group',
    permission: 'dns:linegroup:get',
    responses: { 200: LineGroupBody },
    async handler({ tenant, params }, context) {
      const group = await showLineGroup(context, tenant, params.linegroup_id!)
      return { status: 200, json: lineGroupBody(group) }
    },
  }),
  route<Context>({
    operation: 'updateLineGroups',
    method: 'PUT',
    path: `${GROUPS}/{linegroup_id}`,
    summary: 'Change name, members or description of a line group',
    permission: 'dns:linegroup:update',
    input: 'json',
    bodySchema: NewLineGroupBody,
    responses: { 202: LineGroupBody },
    async handler({ tenant, params, body }, context) {
      const group = await updateLineGroup(context, tenant, params.linegroup_id!, body)
      return { status: 202, json: lineGroupBody(group, 'PENDING_UPDATE') }
    },
  }),
  route<Context>({
    operation: 'deleteLineGroup',
    method: 'DELETE',
    path: `${GROUPS}/{linegroup_id}`,
    summary: 'Delete a line group that no record set uses',
    permission: 'dns:linegroup:delete',
    responses: { 202: LineGroupBody },
    async handler({ tenant, params }, context) {
      const group = await removeLineGroup(context, tenant, params.linegroup_id!)
      return { status: 202, json: lineGroupBody(group, 'PENDING_DELETE') }
    },
  }),
]

/** Lines of a zone have no marker: `next` goes on by offset. */
function pageLinks(call: Call, rows: number, total: number): { self: string; next?: string } {
  const self = call.baseUrl + call.target
  const behind = Number(call.query.offset ?? 0) + rows
  if (rows === 0 || behind >= total) return { self }
  const next = new URL(self)
  next.searchParams.set('offset', String(behind))
  return { self, next: next.href }
}
