import { z } from 'zod'
import type { Context } from '../context.ts'
import { type Call, type Reply, type Route, route } from '../http/route.ts'
import type { Zone } from '../store/store.ts'
import { removeZones, setZoneStatuses } from './batch-zones.ts'
import { ZoneList, type ZoneView, zoneBody } from './schemas.ts'

const zoneIds = z.array(z.string()).min(1).max(50)

/** Several zones at once. */
export const zoneBatchRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'batchDeleteZones',
    method: 'DELETE',
    path: '/v2.1/zones',
    summary: 'Delete zones of one kind, all or none',
    permission: 'dns:zone:delete',
    input: 'json',
    bodySchema: z.looseObject({ zone_type: z.enum(['public', 'private']), zone_ids: zoneIds }),
    responses: { 202: ZoneList },
    async handler(call, context) {
      const zones = await removeZones(context, call.tenant, call.body)
      return accepted(call, zones, { status: 'PENDING_DELETE', action: 'DELETE' })
    },
  }),
  route<Context>({
    operation: 'batchSetZonesStatus',
    method: 'PUT',
    path: '/v2.1/zones/statuses',
    summary: 'Pause or resume zones',
    permission: 'dns:zone:setStatus',
    input: 'json',
    bodySchema: z.looseObject({ status: z.enum(['ENABLE', 'DISABLE']), zone_ids: zoneIds }),
    responses: { 202: ZoneList },
    handler: async (call, context) =>
      accepted(call, await setZoneStatuses(context, call.tenant, call.body), {}),
  }),
]

const accepted = ({ baseUrl, target }: Call, zones: readonly Zone[], view: ZoneView): Reply => ({
  status: 202,
  json: {
    links: { self: baseUrl + target },
    zones: zones.map((zone) => zoneBody(zone, baseUrl, view)),
    metadata: { total_count: zones.length },
  },
})
