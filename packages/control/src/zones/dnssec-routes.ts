import { z } from 'zod'
import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { type Route, route } from '../http/route.ts'
import { showZone } from './zones.ts'

/** DNSSEC of public zones, of which none is signed. Codes: DNS.0302, 0008 (private zone). */
export const dnssecRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'showDnssecConfig',
    method: 'GET',
    path: '/v2/zones/{zone_id}/dnssec',
    summary: 'Show whether a public zone is signed',
    permission: 'dns:zone:getDnssecConfig',
    responses: { 200: z.strictObject({ status: z.literal('DISABLE') }) },
    async handler({ tenant, params }, context) {
      const zone = await showZone(context, tenant, params.zone_id!)
      if (zone.zoneType !== 'public') throw apiError('ZONE_TYPE_UNSUPPORTED')
      return { status: 200, json: { status: 'DISABLE' } }
    },
  }),
]
