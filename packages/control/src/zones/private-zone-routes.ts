import { z } from 'zod'
import type { Context } from '../context.ts'
import { type Route, route } from '../http/route.ts'
import type { Router } from '../store/store.ts'
import { associateRouter, disassociateRouter, setProxyPattern } from './private-zone.ts'

const RouterRequest = z.looseObject({
  router: z.looseObject({ router_id: z.string(), router_region: z.string().optional() }),
})
const RouterAnswer = z.strictObject({ router_id: z.string(), router_region: z.string(), status: z.string() })
const ProxyPatternRequest = z.looseObject({ proxy_pattern: z.enum(['AUTHORITY', 'RECURSIVE']) })

const ONE = '/v2/zones/{zone_id}'

/** What only private zones have: the networks that see them, and what becomes of names that they do not have. */
export const privateZoneRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'associateRouter',
    method: 'POST',
    path: `${ONE}/associaterouter`,
    summary: 'Let a private network see a private zone',
    permission: 'dns:zone:associateRouter',
    input: 'json',
    bodySchema: RouterRequest,
    responses: { 202: RouterAnswer },
    async handler({ tenant, params, body }, context) {
      const router = await associateRouter(context, tenant, params.zone_id!, body)
      return { status: 202, json: routerBody(router, 'PENDING_CREATE') }
    },
  }),
  route<Context>({
    operation: 'disassociateRouter',
    method: 'POST',
    path: `${ONE}/disassociaterouter`,
    summary: 'Hide a private zone from a private network',
    permission: 'dns:zone:disassociateRouter',
    input: 'json',
    bodySchema: RouterRequest,
    responses: { 202: RouterAnswer },
    async handler({ tenant, params, body }, context) {
      const router = await disassociateRouter(context, tenant, params.zone_id!, body)
      return { status: 202, json: routerBody(router, 'PENDING_DELETE') }
    },
  }),
  route<Context>({
    operation: 'setPrivateZoneProxyPattern',
    method: 'POST',
    path: `${ONE}/actions/set-proxy-pattern`,
    summary: 'Say what becomes of names that a private zone does not have',
    permission: 'dns:zone:setProxyPattern',
    input: 'json',
    bodySchema: ProxyPatternRequest,
    responses: { 202: z.strictObject({}) },
    async handler({ tenant, params, body }, context) {
      await setProxyPattern(context, tenant, params.zone_id!, body)
      return { status: 202, json: {} }
    },
  }),
]

const routerBody = (
  { routerId, routerRegion }: Router,
  status: 'PENDING_CREATE' | 'PENDING_DELETE',
): z.infer<typeof RouterAnswer> => ({ router_id: routerId, router_region: routerRegion, status })
