import { z } from 'zod'
import type { Context } from '../context.ts'
import { type Route, route } from '../http/route.ts'
import { showQuotas } from './quotas.ts'

const QuotaList = z.strictObject({
  quotas: z.array(
    z.strictObject({
      quota_key: z.string(),
      quota_limit: z.int(),
      used: z.int(),
      unit: z.literal('count'),
    }),
  ),
})

/** Limits of an account; they are set by the operator. */
export const quotaRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'showDomainQuota',
    method: 'GET',
    path: '/v2/quotamg/dns/quotas',
    summary: 'Show the limits of the account and what it uses of them',
    permission: 'dns:quota:list',
    query: z.object({ domain_id: z.string() }),
    responses: { 200: QuotaList },
    async handler({ tenant, query }, context) {
      const quotas = (await showQuotas(context, tenant, query.domain_id)).map(({ key, limit, used }) => ({
        quota_key: key,
        quota_limit: limit,
        used,
        unit: 'count',
      }))
      return { status: 200, json: { quotas } }
    },
  }),
]
