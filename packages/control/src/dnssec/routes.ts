import { z } from 'zod'
import type { Context } from '../context.ts'
import { type Route, route } from '../http/route.ts'
import { DisabledBody, DnssecBody, dnssecBody } from './bodies.ts'
import { disableDnssec, enableDnssec, showDnssec } from './zone-signing.ts'

/** DNSSEC of public zones. Codes: DNS.0302, 0008 (private zone), 2006, 0209, 0213 (paused), 2302 (signed already). */
export const dnssecRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'enableDnssecConfig',
    method: 'POST',
    path: '/v2/zones/{zone_id}/enable-dnssec',
    summary: 'Sign a public zone',
    permission: 'dns:zone:enableDnssecConfig',
    responses: { 202: DnssecBody },
    async handler({ tenant, params }, context) {
      return { status: 202, json: dnssecBody(await enableDnssec(context, tenant, params.zone_id!)) }
    },
  }),
  route<Context>({
    operation: 'disableDnssecConfig',
    method: 'POST',
    path: '/v2/zones/{zone_id}/disable-dnssec',
    summary: 'Sign a public zone no longer',
    permission: 'dns:zone:disableDnssecConfig',
    responses: { 202: DisabledBody },
    async handler({ tenant, params }, context) {
      await disableDnssec(context, tenant, params.zone_id!)
      return { status: 202, json: { status: 'DISABLE' } }
    },
  }),
  route<Context>({
    operation: 'showDnssecConfig',
    method: 'GET',
    path: '/v2/zones/{zone_id}/dnssec',
    summary: 'Show whether and how a public zone is signed',
    permission: 'dns:zone:getDnssecConfig',
    responses: { 200: z.union([DnssecBody, DisabledBody]) },
    async handler({ tenant, params }, context) {
      return { status: 200, json: dnssecBody(await showDnssec(context, tenant, params.zone_id!)) }
    },
  }),
]
