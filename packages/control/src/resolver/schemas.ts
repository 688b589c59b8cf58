import { z } from 'zod'
import { formatTime } from '../http/time.ts'
import type {
  Endpoint,
  EndpointAddress,
  ListedEndpoint,
  QueryLogConfig,
  ResolverRule,
} from '../store/resolver-calls.ts'
import type { Router } from '../store/store.ts'

const Metadata = z.strictObject({ total_count: z.int() })
const count = z.int().min(0).max(500).optional()
const offset = z.int().min(0).max(2147483647).optional()

const EndpointFields = z.strictObject({
  id: z.string(),
  name: z.string(),
  direction: z.enum(['inbound', 'outbound']),
  status: z.string(),
  vpc_id: z.string().nullable(),
  ipaddress_count: z.int(),
  resolver_rule_count: z.int(),
  create_time: z.string(),
  update_time: z.string(),
})
export const EndpointBody = z.strictObject({ endpoint: EndpointFields })
export const EndpointList = z.strictObject({ endpoints: z.array(EndpointFields), metadata: Metadata })

export const AddressList = z.strictObject({
  ipaddresses: z.array(
    z.strictObject({
      id: z.string(),
      ip: z.string(),
      subnet_id: z.string(),
      status: z.string(),
      error_info: z.string().nullable(),
      create_time: z.string(),
      update_time: z.string(),
    }),
  ),
})

export const VpcList = z.strictObject({
  vpcs: z.array(
    z.strictObject({
      id: z.string(),
      inbound_endpoint_count: z.int(),
      outbound_endpoint_count: z.int(),
    }),
  ),
  metadata: Metadata,
})

const WantedAddressBody = z.object({ subnet_id: z.string(), ip: z.string().optional() })
export const NewEndpointBody = z.looseObject({
  name: z.string(),
  direction: z.enum(['inbound', 'outbound']),
  region: z.string(),
  ipaddresses: z.array(WantedAddressBody).min(2).max(6),
})
export const EndpointChangeBody = z.looseObject({ name: z.string() })
export const NewAddressBody = z.looseObject({ ipaddress: WantedAddressBody })
export const EndpointQuery = z.object({
  direction: z.enum(['inbound', 'outbound']),
  vpc_id: z.string().optional(),
  name: z.string().optional(),
  limit: count,
  offset,
})
export const VpcQuery = z.object({ vpc_id: z.string().optional(), limit: count, offset })

const RuleFields = z.strictObject({
  id: z.string(),
  name: z.string(),
  domain_name: z.string(),
  endpoint_id: z.string(),
  status: z.string(),
  rule_type: z.literal('FORWARD'),
  ipaddress_count: z.int(),
  ipaddresses: z.array(z.strictObject({ ip: z.string() })).optional(),
  routers: z
    .array(z.strictObject({ router_id: z.string(), router_region: z.string(), status: z.string() }))
    .optional(),
  create_time: z.string(),
  update_time: z.string(),
})
export const RuleBody = z.strictObject({ resolver_rule: RuleFields })
export const RuleList = z.strictObject({ resolver_rules: z.array(RuleFields), metadata: Metadata })
export const RuleRouterBody = z.strictObject({
  router_id: z.string(),
  router_region: z.string(),
  status: z.string(),
})

const Targets = z
  .array(z.object({ ip: z.string() }))
  .min(1)
  .max(5)
export const NewRuleBody = z.looseObject({
  name: z.string(),
  domain_name: z.string().min(1).max(255),
  endpoint_id: z.string(),
  ipaddresses: Targets,
})
export const RuleChangeBody = z.looseObject({ name: z.string().optional(), ipaddresses: Targets.optional() })
export const RouterOfRuleBody = z.looseObject({ router: z.object({ router_id: z.string() }) })
export const RuleQuery = z.object({
  domain_name: z.string().optional(),
  name: z.string().optional(),
  endpoint_id: z.string().optional(),
  id: z.string().optional(),
  limit: count,
  offset,
  marker: z.string().optional(),
})

const QueryLogFields = z.strictObject({
  id: z.string(),
  lts_group_id: z.string(),
  lts_topic_id: z.string(),
  vpc_ids: z.array(z.string()),
})
export const QueryLogBody = z.strictObject({ resolver_query_log_config: QueryLogFields })
export const QueryLogList = z.strictObject({
  resolver_query_log_configs: z.array(QueryLogFields),
  page_info: z.strictObject({
    previous_marker: z.null(),
    next_marker: z.string().nullable(),
    current_count: z.int(),
  }),
})
const VpcOfLog = z.object({ vpc_id: z.string(), vpc_region: z.string().optional() })
export const NewQueryLogBody = z.looseObject({
  lts_group_id: z.string(),
  lts_topic_id: z.string(),
  vpc: VpcOfLog,
})
export const VpcOfLogBody = z.looseObject({ vpc: VpcOfLog })
export const QueryLogQuery = z.object({
  limit: count,
  marker: z.string().optional(),
  vpc_id: z.string().optional(),
})

/** An endpoint as it is. `status` is the word that a write answers instead of the state. */
export const endpointBody = (
  endpoint: ListedEndpoint,
  status = 'ACTIVE',
): z.infer<typeof EndpointFields> => ({
  id: endpoint.id,
  name: endpoint.name,
  direction: endpoint.direction,
  status,
  vpc_id: endpoint.networkId,
  ipaddress_count: endpoint.addresses.length,
  resolver_rule_count: endpoint.ruleCount,
  create_time: formatTime(endpoint.createdAt),
  update_time: formatTime(endpoint.updatedAt),
})

/** What the answer to a creation shows: nothing yet of network and addresses. */
export const newEndpointBody = (endpoint: Endpoint): z.infer<typeof EndpointFields> => ({
  ...endpointBody({ ...endpoint, addresses: [], ruleCount: 0 }, 'PENDING_CREATE'),
  vpc_id: null,
})

export const addressBody = (
  address: EndpointAddress,
): z.infer<typeof AddressList>['ipaddresses'][number] => ({
  id: address.id,
  ip: address.ip,
  subnet_id: address.subnetId,
  status: 'ACTIVE',
  error_info: null,
  create_time: formatTime(address.createdAt),
  update_time: formatTime(address.updatedAt),
})

export const routerBody = ({ routerId, routerRegion, status }: Router): z.infer<typeof RuleRouterBody> => ({
  router_id: routerId,
  router_region: routerRegion,
  status,
})

export interface RuleView {
  readonly status?: string
  readonly hasRouters?: boolean
  readonly hasTargets?: boolean
}

export const ruleBody = (rule: ResolverRule, view: RuleView = {}): z.infer<typeof RuleFields> => ({
  id: rule.id,
  name: rule.name,
  domain_name: rule.domainName,
  endpoint_id: rule.endpointId,
  status: view.status ?? 'ACTIVE',
  rule_type: 'FORWARD',
  ipaddress_count: rule.targets.length,
  ...(view.hasTargets ? { ipaddresses: rule.targets.map((ip) => ({ ip })) } : {}),
  ...(view.hasRouters ? { routers: rule.routers.map(routerBody) } : {}),
  create_time: formatTime(rule.createdAt),
  update_time: formatTime(rule.updatedAt),
})

export const queryLogBody = (config: QueryLogConfig): z.infer<typeof QueryLogFields> => ({
  id: config.id,
  lts_group_id: config.groupId,
  lts_topic_id: config.streamId,
  vpc_ids: [...config.networkIds],
})
