/** Tables of networks, public addresses and resolver objects, in the conventions of tables.ts. */

export interface NetworkTable {
  id: string
  domain_id: string
  project_id: string
  region: string
  name: string
  description: string
  cidr: string
  created_at: number
  updated_at: number | null
}

/** One row for each prefix, so that the database keeps two networks from having the same. */
export interface NetworkClientTable {
  cidr: string
  network_id: string
  position: number
}

/** One row for each address, for the same reason. */
export interface NetworkListenerTable {
  address: string
  network_id: string
  position: number
}

export interface SubnetTable {
  id: string
  network_id: string
  name: string
  description: string
  cidr: string
  gateway: string
  created_at: number
}

export interface PublicAddressTable {
  id: string
  domain_id: string
  project_id: string
  region: string
  address: string
  name: string
  /** JSON. */
  bandwidth: string | null
  created_at: number
}

export interface PtrTable {
  id: string
  domain_id: string
  project_id: string
  region: string
  address_id: string
  address: string
  names: string
  ttl: number
  description: string
  status: string
  enterprise_project_id: string
  tags: string
  serial: number
  published: Uint8Array
  created_at: number
  updated_at: number | null
}

export interface EndpointTable {
  id: string
  domain_id: string
  project_id: string
  name: string
  direction: string
  region: string
  network_id: string
  created_at: number
  updated_at: number
}

export interface EndpointAddressTable {
  id: string
  endpoint_id: string
  subnet_id: string
  ip: string
  created_at: number
  updated_at: number
}

export interface ResolverRuleTable {
  id: string
  domain_id: string
  project_id: string
  name: string
  domain_name: string
  owner: string
  endpoint_id: string
  targets: string
  created_at: number
  updated_at: number
}

/** `domain_id` and `owner` repeat those of the rule: the database keeps a network from having two rules of one domain. */
export interface ResolverRuleRouterTable {
  rule_id: string
  router_id: string
  router_region: string
  status: string
  position: number
  domain_id: string
  owner: string
}

export interface QueryLogConfigTable {
  id: string
  domain_id: string
  project_id: string
  group_id: string
  stream_id: string
  created_at: number
}

export interface QueryLogNetworkTable {
  config_id: string
  network_id: string
  position: number
  domain_id: string
}

export interface NetworkTables {
  network: NetworkTable
  network_client: NetworkClientTable
  network_listener: NetworkListenerTable
  subnet: SubnetTable
  public_address: PublicAddressTable
  ptr: PtrTable
  endpoint: EndpointTable
  endpoint_address: EndpointAddressTable
  resolver_rule: ResolverRuleTable
  resolver_rule_router: ResolverRuleRouterTable
  query_log_config: QueryLogConfigTable
  query_log_network: QueryLogNetworkTable
}
