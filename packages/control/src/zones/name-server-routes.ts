import { z } from 'zod'
import type { Context, ControlSettings } from '../context.ts'
import { apiError } from '../errors.ts'
import { type Call, type Route, route } from '../http/route.ts'
import type { ZoneType } from '../store/store.ts'
import { lookUpDelegation } from './delegation.ts'
import { showZone } from './zones.ts'

/** Public name servers are known by host name, those of private networks by address. */
const NameServer = z.strictObject({
  hostname: z.string().optional(),
  address: z.string().optional(),
  priority: z.int(),
})
const NameServersOfZone = z.strictObject({ nameservers: z.array(NameServer) })
const NameServerList = z.strictObject({
  nameservers: z.array(
    z.strictObject({ type: z.string(), region: z.string().nullable(), ns_records: z.array(NameServer) }),
  ),
})
const NameServerQuery = z.object({
  type: z.enum(['public', 'private']).optional(),
  region: z.string().optional(),
})
const DelegationBody = z.strictObject({
  domain_name: z.string(),
  dns_servers: z.array(z.string()),
  expected_dns_servers: z.array(z.string()),
  include_hw_dns: z.boolean(),
  all_hw_dns: z.boolean(),
})

/** The name servers of the installation, of a zone, and those that a name is delegated to. */
export const nameServerRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'listNameServers',
    method: 'GET',
    path: '/v2/nameservers',
    summary: 'List the name servers, public and of each region',
    permission: 'dns:nameserver:list',
    query: NameServerQuery,
    responses: { 200: NameServerList },
    handler: ({ query }, { settings }) => ({
      status: 200,
      json: { nameservers: listNameServers(query, settings) },
    }),
  }),
  route<Context>({
    operation: 'listNameServersOfZone',
    method: 'GET',
    path: '/v2/zones/{zone_id}/nameservers',
    summary: 'Show the name servers of a zone',
    permission: 'dns:nameserver:getZoneNameServer',
    responses: { 200: NameServersOfZone },
    async handler({ tenant, params }, context) {
      const { zoneType } = await showZone(context, tenant, params.zone_id!)
      return { status: 200, json: { nameservers: nameServersOf(zoneType, context.settings) } }
    },
  }),
  route<Context>({
    operation: 'showZoneNameServer',
    method: 'GET',
    path: '/v2/public-zones/dns-servers/{domain_name}',
    summary: 'Show the name servers that a name is delegated to',
    permission: 'dns:nameserver:getZoneNameServer',
    responses: { 200: DelegationBody },
    async handler({ params }, { settings }) {
      const { domainName, nameServers, expected } = await lookUpDelegation(settings, params.domain_name!)
      const areOurs = nameServers.map((server) => expected.includes(server))
      return {
        status: 200,
        json: {
          domain_name: domainName,
          dns_servers: nameServers,
          expected_dns_servers: expected,
          include_hw_dns: areOurs.includes(true),
          all_hw_dns: areOurs.length > 0 && !areOurs.includes(false),
        },
      }
    },
  }),
]

/** Public ones have no region; private ones serve every region alike. */
function listNameServers({ type, region }: Call['query'], settings: ControlSettings): object[] {
  if (type !== undefined && type !== 'public' && type !== 'private') throw apiError('REQUEST_INVALID')
  const list: object[] = []
  if (type !== 'private' && region === undefined) {
    list.push({ type: 'public', region: null, ns_records: nameServersOf('public', settings) })
  }
  if (type === 'public' || settings.privateNameServers.length === 0) return list
  for (const each of settings.regions) {
    if (region !== undefined && region !== each) continue
    list.push({ type: 'private', region: each, ns_records: nameServersOf('private', settings) })
  }
  return list
}

/** The smaller the priority, the more preferred. */
const nameServersOf = (zoneType: ZoneType, settings: ControlSettings): z.infer<typeof NameServer>[] =>
  zoneType === 'public'
    ? settings.nameServers.map((hostname, at) => ({ hostname, priority: at + 1 }))
    : settings.privateNameServers.map((address, at) => ({ address, priority: at + 1 }))
