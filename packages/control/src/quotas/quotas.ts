import type { Context, ControlSettings } from '../context.ts'
import { apiError } from '../errors.ts'
import type { Reads, Tenant } from '../store/store.ts'

/** What stands where nothing is limited: the largest number that all clients can read. */
const UNLIMITED = 2147483647

export interface QuotaUse {
  readonly key: string
  readonly limit: number
  readonly used: number
}

interface Quota {
  readonly key: string
  readonly limit: (settings: ControlSettings) => number
  readonly used: (store: Reads, tenant: Tenant) => Promise<number>
}

const unlimited = () => UNLIMITED

/** All that the API counts, in its order. */
const QUOTAS: readonly Quota[] = [
  {
    key: 'zone',
    limit: (settings) => settings.zoneQuota,
    used: (store, of) => store.countZones(of, 'public'),
  },
  {
    key: 'private_zone',
    limit: (settings) => settings.zoneQuota,
    used: (store, of) => store.countZones(of, 'private'),
  },
  {
    key: 'record_set',
    limit: (settings) => settings.recordSetQuota,
    used: (store, of) => store.countRecordSets(of),
  },
  // They count towards the record sets, and have no limit of their own.
  { key: 'url_record', limit: unlimited, used: (store, of) => store.countUrlRecordSets(of) },
  {
    key: 'ptr_record',
    limit: (settings) => settings.ptrQuota,
    used: (store, of) => store.countPtrs(of),
  },
  {
    key: 'custom_line',
    limit: (settings) => settings.customLineQuota,
    used: async (store, of) => (await store.customLineIds(of)).length,
  },
  {
    key: 'line_group',
    limit: (settings) => settings.lineGroupQuota,
    used: async (store, of) => (await store.listLineGroups(of)).length,
  },
  {
    key: 'inbound_endpoint',
    limit: (settings) => settings.inboundEndpointQuota,
    used: (store, of) => store.countEndpoints(of, 'inbound'),
  },
  {
    key: 'outbound_endpoint',
    limit: (settings) => settings.outboundEndpointQuota,
    used: (store, of) => store.countEndpoints(of, 'outbound'),
  },
  {
    key: 'resolver_rule',
    limit: (settings) => settings.resolverRuleQuota,
    used: (store, of) => store.countRules(of),
  },
]

/** The limits of the caller's account and what it uses of them. Codes: DNS.0311, 0005 (another account). */
export async function showQuotas(
  { store, settings }: Context,
  tenant: Tenant,
  domainId: string | undefined,
): Promise<QuotaUse[]> {
  if (domainId === undefined || !/^[0-9a-zA-Z]{1,32}$/.test(domainId)) throw apiError('DOMAIN_ID_INVALID')
  if (domainId !== tenant.domainId) throw apiError('AUTHENTICATION_REQUIRED')
  const quotas: QuotaUse[] = []
  for (const { key, limit, used } of QUOTAS) {
    quotas.push({ key, limit: limit(settings), used: await used(store, tenant) })
  }
  return quotas
}
