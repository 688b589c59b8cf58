import { z } from 'zod'
import type { Context } from '../context.ts'
import { type Route, route } from '../http/route.ts'
import { findInstances, type Instance } from './instances.ts'

const RequestBody = z.looseObject({
  dim_name: z.array(z.string()).min(1).max(2),
  ids: z.array(z.array(z.string()).max(2)).min(1).max(1000),
})
const ZoneInstance = z.strictObject({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  region: z.string(),
  enterprise_project_id: z.string(),
})
const InstanceBody = z.strictObject({
  dns_public_zone_id: ZoneInstance.optional(),
  dns_private_zone_id: ZoneInstance.optional(),
  dns_public_recordset_id: z
    .strictObject({ id: z.string(), name: z.string(), status: z.string(), type: z.string() })
    .optional(),
  vpc_id: z.strictObject({ id: z.string(), name: z.string() }).optional(),
})

/** Names for ids, as monitors show them. */
export const instanceRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'listInstances',
    method: 'POST',
    path: '/v2.1/batch-query-instances',
    summary: 'Find names and states of zones, record sets and private networks by id',
    permission: 'dns:zone:list',
    input: 'json',
    bodySchema: RequestBody,
    responses: { 200: z.strictObject({ instances: z.array(InstanceBody) }) },
    async handler({ tenant, body }, context) {
      const instances = await findInstances(context, tenant, body)
      return { status: 200, json: { instances: instances.map(instanceBody) } }
    },
  }),
]

function instanceBody({ zone, recordSet, network }: Instance): z.infer<typeof InstanceBody> {
  const { id, name, status, routers, enterpriseProjectId } = zone
  const shared = { id, name, status, enterprise_project_id: enterpriseProjectId }
  if (zone.zoneType === 'private') {
    const region = routers[0]?.routerRegion ?? ''
    return { dns_private_zone_id: { ...shared, region }, ...(network ? { vpc_id: network } : {}) }
  }
  const set = recordSet && {
    id: recordSet.id,
    name: recordSet.name,
    status: recordSet.shownStatus,
    type: recordSet.type,
  }
  return {
    dns_public_zone_id: { ...shared, region: 'global' },
    ...(set ? { dns_public_recordset_id: set } : {}),
  }
}
