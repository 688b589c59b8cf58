import type { Context } from '../context.ts'
import { pageLinks } from '../http/paging.ts'
import { type Route, route } from '../http/route.ts'
import { listZones } from './list-zones.ts'
import {
  NewZoneBody,
  ZoneBody,
  ZoneChangeBody,
  ZoneList,
  ZoneListQuery,
  ZoneStatusBody,
  zoneBody,
} from './schemas.ts'
import { readMembers } from './zone-input.ts'
import { createZone, removeZone, setZoneStatus, showZone, updateZone } from './zones.ts'

const ALL = '/v2/zones'
const ONE = '/v2/zones/{zone_id}'

/** Zones of API v2. Public and private zones share the paths; the catalogue names the operations after both. */
export const zoneRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'createZone',
    method: 'POST',
    path: ALL,
    summary: 'Create a public or private zone',
    permission: 'dns:zone:create',
    input: 'json',
    bodySchema: NewZoneBody,
    responses: { 202: ZoneBody },
    async handler(call, context) {
      const zone = await createZone(context, call.tenant, call.body)
      const view = { status: 'PENDING_CREATE', action: 'CREATE', isWhole: true, routers: 'one' } as const
      return { status: 202, json: zoneBody(zone, call.baseUrl, view) }
    },
  }),
  route<Context>({
    operation: 'listZones',
    method: 'GET',
    path: ALL,
    summary: 'List zones of one kind',
    permission: 'dns:zone:list',
    query: ZoneListQuery,
    responses: { 200: ZoneList },
    async handler(call, context) {
      const zones = await listZones(context, call)
      const view = { isWhole: true, hasTags: true, routers: 'all' } as const
      return {
        status: 200,
        json: {
          links: pageLinks(call, zones),
          zones: zones.rows.map((zone) => zoneBody(zone, call.baseUrl, view)),
          metadata: { total_count: zones.total },
        },
      }
    },
  }),
  route<Context>({
    operation: 'showZone',
    method: 'GET',
    path: ONE,
    summary: 'Show a zone',
    permission: 'dns:zone:get',
    responses: { 200: ZoneBody },
    async handler(call, context) {
      const zone = await showZone(context, call.tenant, call.params.zone_id!)
      return { status: 200, json: zoneBody(zone, call.baseUrl, { isWhole: true, routers: 'all' }) }
    },
  }),
  route<Context>({
    operation: 'updateZone',
    method: 'PATCH',
    path: ONE,
    summary: 'Change description, mailbox or TTL of a zone',
    permission: 'dns:zone:update',
    input: 'json',
    bodySchema: ZoneChangeBody,
    responses: { 202: ZoneBody },
    async handler(call, context) {
      const zone = await updateZone(context, call.tenant, call.params.zone_id!, call.body)
      const view = { status: 'PENDING_UPDATE', action: 'UPDATE', routers: 'all' } as const
      return { status: 202, json: zoneBody(zone, call.baseUrl, view) }
    },
  }),
  route<Context>({
    operation: 'deleteZone',
    method: 'DELETE',
    path: ONE,
    summary: 'Delete a zone with all its record sets',
    permission: 'dns:zone:delete',
    responses: { 202: ZoneBody },
    async handler(call, context) {
      const zone = await removeZone(context, call.tenant, call.params.zone_id!)
      const view = { status: 'PENDING_DELETE', action: 'DELETE', routers: 'all' } as const
      return { status: 202, json: zoneBody(zone, call.baseUrl, view) }
    },
  }),
  route<Context>({
    operation: 'updateZoneStatus',
    method: 'PUT',
    path: `${ONE}/statuses`,
    summary: 'Pause or resume a zone',
    permission: 'dns:zone:setStatus',
    input: 'json',
    bodySchema: ZoneStatusBody,
    responses: { 202: ZoneBody },
    async handler(call, context) {
      const { status } = readMembers(call.body)
      const zone = await setZoneStatus(context, call.tenant, call.params.zone_id!, status)
      return { status: 202, json: zoneBody(zone, call.baseUrl, {}) }
    },
  }),
]
