import { z } from 'zod'
import type { Context } from '../context.ts'
import { type Route, route } from '../http/route.ts'
import { DETECTIONS, detectDomain, type WhenAnswered } from './detect-domain.ts'

/** What is wrong with a name that is not answered. */
export const detectionRoutes = (whenAnswered: WhenAnswered): readonly Route<Context>[] => [
  route<Context>({
    operation: 'showDomainDetection',
    method: 'GET',
    path: '/v2.1/zones/{zone_id}/detection',
    summary: 'Look why a name is not answered',
    permission: 'dns:zone:get',
    query: z.object({ domain_name: z.string(), type: z.enum(['CNAME', 'TXT', 'MX']).optional() }),
    responses: {
      200: z.strictObject({ domain_name: z.string(), type: z.string(), status: z.enum(DETECTIONS) }),
    },
    async handler({ tenant, params, query }, context) {
      const { domain_name: domainName, type } = query
      const asked = { zoneId: params.zone_id!, domainName, type }
      const { name, status } = await detectDomain(context, tenant, asked, whenAnswered)
      return { status: 200, json: { domain_name: name, type: type ?? '', status } }
    },
  }),
]
