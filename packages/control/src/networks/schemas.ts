import { z } from 'zod'
import { formatTime, formatTimeOrNull } from '../http/time.ts'
import type { Network, PublicAddress, Subnet } from '../store/network-calls.ts'

const Metadata = z.strictObject({ total_count: z.int() })

export const SubnetBody = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  cidr: z.string(),
  gateway: z.string(),
  created_at: z.string(),
})

export const NetworkBody = z.strictObject({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  project_id: z.string(),
  description: z.string(),
  cidr: z.string(),
  client_cidrs: z.array(z.string()),
  listener_addresses: z.array(z.string()),
  subnets: z.array(SubnetBody).optional(),
  created_at: z.string(),
  updated_at: z.string().nullable(),
})

export const NetworkList = z.strictObject({ networks: z.array(NetworkBody), metadata: Metadata })

export const NewSubnetBody = z.looseObject({
  id: z.string().optional(),
  name: z.string().max(64).optional(),
  description: z.string().max(255).optional(),
  cidr: z.string(),
  gateway: z.string().optional(),
})

export const NewNetworkBody = z.looseObject({
  id: z.string().optional(),
  name: z.string().min(1).max(64),
  region: z.string().optional(),
  description: z.string().max(255).optional(),
  cidr: z.string().optional(),
  client_cidrs: z.array(z.string()).optional(),
  listener_addresses: z.array(z.string()).optional(),
  subnets: z.array(NewSubnetBody).optional(),
})

export const NetworkChangeBody = z.looseObject({
  name: z.string().min(1).max(64).optional(),
  description: z.string().max(255).optional(),
  cidr: z.string().optional(),
  client_cidrs: z.array(z.string()).optional(),
  listener_addresses: z.array(z.string()).optional(),
})

export const RegistryQuery = z.object({
  region: z.string().optional(),
  limit: z.int().min(0).max(500).optional(),
  offset: z.int().min(0).optional(),
  marker: z.string().optional(),
})
export const NetworkQuery = RegistryQuery.extend({ name: z.string().optional() })
export const AddressQuery = RegistryQuery.extend({ address: z.string().optional() })

export const AddressBody = z.strictObject({
  id: z.string(),
  address: z.string(),
  name: z.string(),
  region: z.string(),
  project_id: z.string(),
  domain_id: z.string(),
  created_at: z.string(),
})

export const AddressList = z.strictObject({ addresses: z.array(AddressBody), metadata: Metadata })

export const NewAddressBody = z.looseObject({
  id: z.string().optional(),
  address: z.string(),
  name: z.string().max(64).optional(),
  region: z.string().optional(),
})

export const AddressChangeBody = z.looseObject({ name: z.string().max(64).optional() })

export const subnetBody = (subnet: Subnet): z.infer<typeof SubnetBody> => ({
  id: subnet.id,
  name: subnet.name,
  description: subnet.description,
  cidr: subnet.cidr,
  gateway: subnet.gateway,
  created_at: formatTime(subnet.createdAt),
})

/** A network as our own API shows it; lists leave its subnets out. */
export const networkBody = (network: Network, subnets?: readonly Subnet[]): z.infer<typeof NetworkBody> => ({
  id: network.id,
  name: network.name,
  region: network.region,
  project_id: network.projectId,
  description: network.description,
  cidr: network.cidr,
  client_cidrs: [...network.clientCidrs],
  listener_addresses: [...network.listenerAddresses],
  ...(subnets === undefined ? {} : { subnets: subnets.map(subnetBody) }),
  created_at: formatTime(network.createdAt),
  updated_at: formatTimeOrNull(network.updatedAt),
})

export const addressBody = (address: PublicAddress): z.infer<typeof AddressBody> => ({
  id: address.id,
  address: address.address,
  name: address.name,
  region: address.region,
  project_id: address.projectId,
  domain_id: address.domainId,
  created_at: formatTime(address.createdAt),
})
