import type { Listed, Page, Router, Tenant } from './store.ts'

/** Endpoints, forwarding rules and query log configurations, as the store keeps them. All belong to a project. */

export type EndpointDirection = 'inbound' | 'outbound'

/** A set of addresses inside a private network, where queries come in or forwarded ones leave from. */
export interface Endpoint {
  readonly id: string
  readonly domainId: string
  readonly projectId: string
  readonly name: string
  readonly direction: EndpointDirection
  readonly region: string
  /** Network of all its addresses. */
  readonly networkId: string
  readonly addresses: readonly EndpointAddress[]
  readonly createdAt: number
  readonly updatedAt: number
}

export interface EndpointAddress {
  readonly id: string
  readonly subnetId: string
  /** IPv4. */
  readonly ip: string
  readonly createdAt: number
  readonly updatedAt: number
}

/** An endpoint with the number of rules that use it. */
export interface ListedEndpoint extends Endpoint {
  readonly ruleCount: number
}

/** Where queries for names under a domain are forwarded to. */
export interface ResolverRule {
  readonly id: string
  readonly domainId: string
  readonly projectId: string
  readonly name: string
  /** As sent. */
  readonly domainName: string
  /** The same in A-labels, lower case, final dot: what is compared. */
  readonly owner: string
  readonly endpointId: string
  /** Targets, IPv4. */
  readonly targets: readonly string[]
  /** Networks whose queries it is for, oldest association first. */
  readonly routers: readonly Router[]
  readonly createdAt: number
  readonly updatedAt: number
}

/** Where the queries of some networks are logged. A network is in one configuration of its account at most. */
export interface QueryLogConfig {
  readonly id: string
  readonly domainId: string
  readonly projectId: string
  /** UUIDs of a log group and of a stream in it. */
  readonly groupId: string
  readonly streamId: string
  readonly networkIds: readonly string[]
  readonly createdAt: number
}

export interface EndpointFilter {
  readonly direction: EndpointDirection
  readonly networkId?: string
  /** Part of the name, without regard to case. */
  readonly name?: string
}

export interface RuleFilter {
  readonly id?: string
  readonly endpointId?: string
  /** Parts, without regard to case. */
  readonly name?: string
  readonly domainName?: string
}

/** Endpoints in one network. */
export interface NetworkEndpoints {
  readonly networkId: string
  readonly inbound: number
  readonly outbound: number
}

export interface ResolverReads {
  findEndpoint(tenant: Tenant, endpointId: string): Promise<ListedEndpoint | undefined>
  findEndpointByName(tenant: Tenant, name: string): Promise<{ id: string } | undefined>
  /** Sort key `created_at`. */
  listEndpoints(tenant: Tenant, filter: EndpointFilter, page: Page): Promise<Listed<ListedEndpoint>>
  /** Of the account: what its quota counts. */
  countEndpoints(tenant: Tenant, direction: EndpointDirection): Promise<number>
  /** By network id, only those that have an endpoint of the project. */
  listNetworkEndpoints(
    tenant: Tenant,
    filter: { networkId?: string },
    page: { limit: number; offset: number },
  ): Promise<Listed<NetworkEndpoints>>
  /** Addresses of a subnet that endpoints have, of any project. */
  endpointAddressesIn(subnetId: string): Promise<string[]>

  findRule(tenant: Tenant, ruleId: string): Promise<ResolverRule | undefined>
  /** Sort key `created_at`. */
  listRules(tenant: Tenant, filter: RuleFilter, page: Page): Promise<Listed<ResolverRule>>
  /** Of the account: what its quota counts. */
  countRules(tenant: Tenant): Promise<number>
  /** The rule of the account for this domain in this network; there is one at most. */
  findRuleOfNetwork(tenant: Tenant, owner: string, networkId: string): Promise<{ id: string } | undefined>

  findQueryLogConfig(tenant: Tenant, configId: string): Promise<QueryLogConfig | undefined>
  /** By id; `after` is the last id of the page before. */
  listQueryLogConfigs(
    tenant: Tenant,
    filter: { networkId?: string },
    page: { limit: number; after?: string },
  ): Promise<{ rows: QueryLogConfig[]; hasMore: boolean }>
  findQueryLogOfNetwork(tenant: Tenant, networkId: string): Promise<{ id: string } | undefined>
}

export interface ResolverWrites {
  /** The endpoint, locked until the transaction ends. */
  lockEndpoint(tenant: Tenant, endpointId: string): Promise<ListedEndpoint | undefined>
  /** Throws RowExists when name or an address is taken. */
  insertEndpoint(endpoint: Endpoint): Promise<void>
  /** Writes name and time; addresses have calls of their own. */
  updateEndpoint(endpoint: Endpoint): Promise<void>
  removeEndpoint(endpointId: string): Promise<void>
  /** Throws RowExists when the address is taken. */
  insertEndpointAddress(endpointId: string, address: EndpointAddress): Promise<void>
  removeEndpointAddress(addressId: string): Promise<void>

  lockRule(tenant: Tenant, ruleId: string): Promise<ResolverRule | undefined>
  /** Throws RowMissing when the endpoint is gone. */
  insertRule(rule: ResolverRule): Promise<void>
  /** Writes name, targets and time; associations have calls of their own. */
  updateRule(rule: ResolverRule): Promise<void>
  removeRule(ruleId: string): Promise<void>
  /** Throws RowExists when the network has a rule for the same domain. */
  insertRuleRouter(rule: ResolverRule, router: Router): Promise<void>
  removeRuleRouter(ruleId: string, routerId: string): Promise<void>

  lockQueryLogConfig(tenant: Tenant, configId: string): Promise<QueryLogConfig | undefined>
  /** Throws RowExists when a network is in another configuration. */
  insertQueryLogConfig(config: QueryLogConfig): Promise<void>
  removeQueryLogConfig(configId: string): Promise<void>
  insertQueryLogNetwork(config: QueryLogConfig, networkId: string): Promise<void>
  removeQueryLogNetwork(configId: string, networkId: string): Promise<void>
}
