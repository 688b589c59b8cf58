import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { type Call, type Route, route } from '../http/route.ts'
import { HealthCheckBody } from './batch-schemas.ts'

/**
 * There are no health checks here. A record set that does not exist is still reported as such; otherwise an association is
 * unsupported, and there is none to end. Codes: DNS.0313, then 1101 or 1105.
 */
export const healthCheckRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'associateHealthCheck',
    method: 'POST',
    path: '/v2.1/recordsets/{recordset_id}/associatehealthcheck',
    summary: 'Associate a health check with a record set: not supported',
    permission: 'dns:recordset:associatehealthcheck',
    input: 'json',
    bodySchema: HealthCheckBody,
    responses: {},
    async handler(call, context) {
      await requireRecordSet(call, context)
      throw apiError('HEALTH_CHECK_UNSUPPORTED')
    },
  }),
  route<Context>({
    operation: 'disassociateHealthCheck',
    method: 'DELETE',
    path: '/v2.1/recordsets/{recordset_id}/disassociatehealthcheck',
    summary: 'End the association of a health check with a record set: there is none',
    permission: 'dns:recordset:disassociatehealthcheck',
    input: 'json',
    bodySchema: HealthCheckBody,
    responses: {},
    async handler(call, context) {
      await requireRecordSet(call, context)
      throw apiError('HEALTH_CHECK_NOT_ASSOCIATED')
    },
  }),
]

async function requireRecordSet({ tenant, params }: Call, { store }: Context): Promise<void> {
  const [row] = await store.recordSetsById(tenant, [params.recordset_id!])
  if (row === undefined) throw apiError('RECORD_SET_NOT_FOUND')
}
