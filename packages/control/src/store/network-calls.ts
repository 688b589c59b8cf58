import type { Listed, Page, Tag, TagFilter, TagInUse, TagSearch, Tenant } from './store.ts'

/** The registry of private networks and public addresses, and the PTR records of the latter, as the store keeps them. */

/** A private network ("VPC", "router"): what private zones, resolver rules and endpoints refer to. */
export interface Network {
  /** UUID, lower case. */
  readonly id: string
  readonly domainId: string
  readonly projectId: string
  readonly region: string
  readonly name: string
  readonly description: string
  /** Address range that subnets are cut from; empty when none was given. Ranges of networks may overlap. */
  readonly cidr: string
  /** Source addresses whose queries belong to the network. No two networks of the installation share one. */
  readonly clientCidrs: readonly string[]
  /** Addresses of edges at which only its clients ask. No two networks of the installation share one. */
  readonly listenerAddresses: readonly string[]
  readonly createdAt: number
  readonly updatedAt: number | null
}

export interface Subnet {
  /** UUID, lower case. */
  readonly id: string
  readonly networkId: string
  readonly name: string
  readonly description: string
  /** IPv4 prefix. */
  readonly cidr: string
  readonly gateway: string
  readonly createdAt: number
}

/** A public address ("elastic IP") of a project. */
export interface PublicAddress {
  /** UUID, lower case. */
  readonly id: string
  readonly domainId: string
  readonly projectId: string
  readonly region: string
  /** IPv4 or IPv6, in its one canonical spelling. */
  readonly address: string
  readonly name: string
  /** What the EIP service was told of the bandwidth: kept for its clients, without effect. */
  readonly bandwidth?: Bandwidth | undefined
  readonly createdAt: number
}

export interface Bandwidth {
  readonly name: string
  /** Mbit/s. */
  readonly size: number
  readonly shareType: string
  readonly chargeMode: string
}

export type PtrStatus = 'ACTIVE' | 'FREEZE' | 'ILLEGAL' | 'POLICE' | 'ERROR'

/** The PTR record of a public address; an address has at most one. */
export interface Ptr {
  /** 32 hexadecimal digits; also the id of the zone under which the record is published. */
  readonly id: string
  readonly domainId: string
  readonly projectId: string
  readonly region: string
  readonly addressId: string
  readonly address: string
  /** Host names, 1..10, lower case, final dot. */
  readonly names: readonly string[]
  readonly ttl: number
  readonly description: string
  readonly status: PtrStatus
  readonly enterpriseProjectId: string
  readonly tags: readonly Tag[]
  /** Of the zone that answers it. */
  readonly serial: number
  /** Operations of feed-codec that publish it, whole; empty when it is not answered. */
  readonly published: Uint8Array
  readonly createdAt: number
  readonly updatedAt: number | null
}

export interface NetworkFilter {
  readonly projectId?: string
  readonly region?: string
  readonly id?: string
  /** Part of the name, without regard to case. */
  readonly name?: string
}

export interface SubnetFilter {
  readonly projectId?: string
  readonly networkId?: string
}

export interface AddressFilter {
  readonly projectId?: string
  readonly region?: string
  readonly address?: string
}

export interface PtrFilter {
  readonly status?: string
  readonly enterpriseProjectId?: string
  readonly tags?: readonly TagFilter[]
  readonly tagSearch?: TagSearch
  /** Part of the address. */
  readonly address?: string
}

/** What refers to a network, by number. */
export interface NetworkUse {
  readonly zones: number
  readonly endpoints: number
  readonly rules: number
  readonly queryLogs: number
}

/** Networks, subnets and addresses belong to the account; PTR records to the project. */
export interface NetworkReads {
  /** Whether anybody has registered a network: as long as nobody has, any id passes for one. */
  hasNetworks(): Promise<boolean>
  findNetwork(tenant: Tenant, networkId: string): Promise<Network | undefined>
  /** By id, in pages: `sortKey` is `id`. */
  listNetworks(tenant: Tenant, filter: NetworkFilter, page: Page): Promise<Listed<Network>>
  /** The network, of any account, that these clients belong to. For uniqueness only. */
  findNetworkOfClients(
    clientCidr: string,
  ): Promise<{ id: string; name: string; domainId: string } | undefined>
  /** The network, of any account, whose clients ask at this address. For uniqueness only. */
  findNetworkOfListener(address: string): Promise<{ id: string; name: string; domainId: string } | undefined>
  /** What refers to the network, in the whole installation. */
  networkUse(networkId: string): Promise<NetworkUse>
  findSubnet(tenant: Tenant, subnetId: string): Promise<Subnet | undefined>
  listSubnets(tenant: Tenant, filter: SubnetFilter, page: Page): Promise<Listed<Subnet>>

  findAddress(tenant: Tenant, addressId: string): Promise<PublicAddress | undefined>
  listAddresses(tenant: Tenant, filter: AddressFilter, page: Page): Promise<Listed<PublicAddress>>
  /** Who has registered this address, of any account. For uniqueness only. */
  findAddressOwner(address: string): Promise<{ id: string; domainId: string } | undefined>

  findPtr(tenant: Tenant, ptrId: string): Promise<Ptr | undefined>
  findPtrOfAddress(tenant: Tenant, addressId: string): Promise<Ptr | undefined>
  /** Whether any account has a PTR record of this address. */
  hasPtr(address: string): Promise<boolean>
  /** Sort key `created_at`. */
  listPtrs(tenant: Tenant, filter: PtrFilter, page: Page): Promise<Listed<Ptr>>
  /** Of the account: what its quota counts. */
  countPtrs(tenant: Tenant): Promise<number>
  /** Tags of the records of the project; keys and values in order. */
  listPtrTagsInUse(tenant: Tenant): Promise<TagInUse[]>
}

export interface NetworkWrites {
  /** Throws RowExists when the id, a client prefix or a listener address is taken. */
  insertNetwork(network: Network): Promise<void>
  updateNetwork(network: Network): Promise<void>
  /** Removes the network with its subnets. */
  removeNetwork(networkId: string): Promise<void>
  /** Throws RowMissing when the network is gone. */
  insertSubnet(subnet: Subnet): Promise<void>
  updateSubnet(subnet: Subnet): Promise<void>
  removeSubnet(subnetId: string): Promise<void>

  /** Throws RowExists when the id or the address is taken. */
  insertAddress(address: PublicAddress): Promise<void>
  updateAddress(address: PublicAddress): Promise<void>
  /** The PTR record must have gone before. */
  removeAddress(addressId: string): Promise<void>

  /** The record with this id or of this address, locked until the transaction ends. */
  lockPtr(
    tenant: Tenant,
    by: { readonly id: string } | { readonly addressId: string },
  ): Promise<Ptr | undefined>
  /** Throws RowExists when the address has a record, RowMissing when the address is gone. */
  insertPtr(ptr: Ptr): Promise<void>
  updatePtr(ptr: Ptr): Promise<void>
  removePtr(ptrId: string): Promise<void>
}
