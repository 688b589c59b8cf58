import { z } from 'zod'
import { formatTime } from '../http/time.ts'
import type { Bandwidth, Network, PublicAddress, Subnet } from '../store/network-calls.ts'

// The shapes of the VPC and EIP services (v1), as far as clients of DNS need them.

const VpcFields = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  cidr: z.string(),
  status: z.string(),
  tenant_id: z.string(),
  enterprise_project_id: z.string(),
  enable_shared_snat: z.boolean(),
  routes: z.array(z.never()),
  extend_cidrs: z.array(z.string()),
  created_at: z.string(),
  updated_at: z.string(),
})
export const VpcBody = z.strictObject({ vpc: VpcFields })
export const VpcList = z.strictObject({ vpcs: z.array(VpcFields) })

const SubnetFields = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  cidr: z.string(),
  gateway_ip: z.string(),
  vpc_id: z.string(),
  status: z.string(),
  neutron_network_id: z.string(),
  neutron_subnet_id: z.string(),
  dhcp_enable: z.boolean(),
  ipv6_enable: z.boolean(),
  primary_dns: z.string(),
  secondary_dns: z.string(),
  dnsList: z.array(z.string()),
  tenant_id: z.string(),
  created_at: z.string(),
})
export const VpcSubnetBody = z.strictObject({ subnet: SubnetFields })
export const VpcSubnetList = z.strictObject({ subnets: z.array(SubnetFields) })

const PublicIpFields = z.strictObject({
  id: z.string(),
  alias: z.string(),
  type: z.string(),
  status: z.string(),
  public_ip_address: z.string().optional(),
  public_ipv6_address: z.string().optional(),
  ip_version: z.int(),
  bandwidth_id: z.string(),
  bandwidth_name: z.string(),
  bandwidth_size: z.int(),
  bandwidth_share_type: z.string(),
  tenant_id: z.string(),
  enterprise_project_id: z.string(),
  create_time: z.string(),
})
export const PublicIpBody = z.strictObject({ publicip: PublicIpFields })
export const PublicIpList = z.strictObject({ publicips: z.array(PublicIpFields) })

export const BandwidthBody = z.strictObject({
  bandwidth: z.strictObject({
    id: z.string(),
    name: z.string(),
    size: z.int(),
    share_type: z.string(),
    charge_mode: z.string(),
    bandwidth_type: z.string(),
    status: z.string(),
    publicip_info: z.array(
      z.strictObject({ publicip_id: z.string(), publicip_address: z.string(), publicip_type: z.string() }),
    ),
    tenant_id: z.string(),
    enterprise_project_id: z.string(),
  }),
})

export const NewVpcBody = z.looseObject({
  vpc: z.looseObject({
    name: z.string().optional(),
    cidr: z.string().optional(),
    description: z.string().optional(),
  }),
})
export const NewVpcSubnetBody = z.looseObject({
  subnet: z.looseObject({
    name: z.string(),
    cidr: z.string(),
    gateway_ip: z.string(),
    vpc_id: z.string(),
    description: z.string().optional(),
  }),
})
export const NewPublicIpBody = z.looseObject({
  publicip: z.looseObject({
    ip_address: z.string().optional(),
    ip_version: z.int().optional(),
    alias: z.string().optional(),
  }),
  bandwidth: z
    .looseObject({
      name: z.string().optional(),
      size: z.int().optional(),
      share_type: z.string().optional(),
      charge_mode: z.string().optional(),
    })
    .optional(),
})
export const VpcQuery = z.object({
  id: z.string().optional(),
  limit: z.int().optional(),
  marker: z.string().optional(),
})
export const SubnetQuery = z.object({
  vpc_id: z.string().optional(),
  limit: z.int().optional(),
  marker: z.string().optional(),
})

export const vpcBody = (network: Network): z.infer<typeof VpcFields> => ({
  id: network.id,
  name: network.name,
  description: network.description,
  cidr: network.cidr,
  status: 'OK',
  tenant_id: network.projectId,
  enterprise_project_id: '0',
  enable_shared_snat: false,
  routes: [],
  extend_cidrs: [],
  created_at: formatTime(network.createdAt),
  updated_at: formatTime(network.updatedAt ?? network.createdAt),
})

/** Subnet and network of a subnet are the same here, so clients that translate between the two find either. */
export const vpcSubnetBody = (subnet: Subnet, projectId: string): z.infer<typeof SubnetFields> => ({
  id: subnet.id,
  name: subnet.name,
  description: subnet.description,
  cidr: subnet.cidr,
  gateway_ip: subnet.gateway,
  vpc_id: subnet.networkId,
  status: 'ACTIVE',
  neutron_network_id: subnet.id,
  neutron_subnet_id: subnet.id,
  dhcp_enable: true,
  ipv6_enable: false,
  primary_dns: '',
  secondary_dns: '',
  dnsList: [],
  tenant_id: projectId,
  created_at: formatTime(subnet.createdAt),
})

const bandwidthOf = (address: PublicAddress): Bandwidth =>
  address.bandwidth ?? { name: '', size: 0, shareType: 'PER', chargeMode: 'bandwidth' }

/** The bandwidth of an address bears its id: it is one address's alone. */
export function bandwidthBody(address: PublicAddress): z.infer<typeof BandwidthBody> {
  const { name, size, shareType, chargeMode } = bandwidthOf(address)
  return {
    bandwidth: {
      ...{ id: address.id, name, size, share_type: shareType, charge_mode: chargeMode },
      ...{ bandwidth_type: 'bgp', status: 'NORMAL' },
      publicip_info: [{ publicip_id: address.id, publicip_address: address.address, publicip_type: '5_bgp' }],
      ...{ tenant_id: address.projectId, enterprise_project_id: '0' },
    },
  }
}

export function publicIpBody(address: PublicAddress): z.infer<typeof PublicIpFields> {
  const isV6 = address.address.includes(':')
  const { name, size, shareType } = bandwidthOf(address)
  return {
    id: address.id,
    alias: address.name,
    // Terraform makes an address anew when its type is not the one it sent, which nearly always is this.
    type: '5_bgp',
    status: 'DOWN',
    ...(isV6 ? { public_ipv6_address: address.address } : { public_ip_address: address.address }),
    ip_version: isV6 ? 6 : 4,
    ...{
      bandwidth_id: address.id,
      bandwidth_name: name,
      bandwidth_size: size,
      bandwidth_share_type: shareType,
    },
    tenant_id: address.projectId,
    enterprise_project_id: '0',
    create_time: formatTime(address.createdAt),
  }
}
