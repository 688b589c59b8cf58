import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { listed } from '../http/paging.ts'
import { type Call, type Route, route } from '../http/route.ts'
import type { Bandwidth, Network } from '../store/network-calls.ts'
import { readMembers } from '../zones/zone-input.ts'
import { findFreeAddress } from './address-pool.ts'
import { createAddress, showAddress } from './addresses.ts'
import { createNetwork, createSubnet, removeNetwork, showNetwork, updateNetwork } from './networks.ts'
import { formatPrefix, readPrefix } from './prefix.ts'
import { refuseAddress } from './registry-input.ts'
import { readRegistryPage } from './registry-page.ts'
import { addressRemoval, subnetRemoval } from './removal-routes.ts'
import {
  BandwidthBody,
  bandwidthBody,
  NewPublicIpBody,
  NewVpcBody,
  NewVpcSubnetBody,
  PublicIpBody,
  PublicIpList,
  publicIpBody,
  SubnetQuery,
  VpcBody,
  VpcList,
  VpcQuery,
  VpcSubnetBody,
  VpcSubnetList,
  vpcBody,
  vpcSubnetBody,
} from './vpc-schemas.ts'

const VPCS = '/v1/{project_id}/vpcs'
const VPC = `${VPCS}/{network_id}`
const SUBNETS = '/v1/{project_id}/subnets'
const PUBLIC_IPS = '/v1/{project_id}/publicips'

const memberOf = (call: Call, name: string): Readonly<Record<string, unknown>> =>
  readMembers(readMembers(call.body)[name])

/** Only what is in the project of the path, which is the caller's. */
async function showOwn(context: Context, { tenant, params }: Call): Promise<Network> {
  const { network } = await showNetwork(context, tenant, params.network_id!)
  if (network.projectId !== tenant.projectId) throw apiError('NETWORK_NOT_FOUND', { id: params.network_id! })
  return network
}

/** These services have no word for clients: a new network gets those of its range, unless they are another's already. */
async function freeClients({ store }: Context, cidr: unknown): Promise<string[]> {
  const prefix = readPrefix(cidr)
  if (typeof prefix === 'string') return []
  const clients = formatPrefix(prefix)
  return (await store.findNetworkOfClients(clients)) === undefined ? [clients] : []
}

async function freeAddress({ store, settings }: Context, version: unknown): Promise<string> {
  const found = await findFreeAddress(store, settings.addressPool, version === 6 ? 6 : 4)
  if (found !== undefined) return found
  throw refuseAddress('none is free in the setting address-pool, so ip_address must name it')
}

/** What the client wants to read again. */
function bandwidthOf(call: Call): Bandwidth | undefined {
  const {
    name,
    size,
    share_type: shareType,
    charge_mode: chargeMode,
  } = readMembers(readMembers(call.body).bandwidth ?? {})
  if (typeof size !== 'number') return undefined
  return {
    ...{ name: String(name ?? ''), size },
    ...{ shareType: String(shareType ?? 'PER'), chargeMode: String(chargeMode ?? 'bandwidth') },
  }
}

/**
 * The thin part of the VPC and EIP services (v1) that clients of DNS need: Terraform makes the networks, subnets and addresses here
 * that its DNS resources then name. It works on the registry.
 */
export const vpcRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'createVpc',
    method: 'POST',
    path: VPCS,
    summary: 'VPC service: create a VPC',
    permission: 'dns:network:create',
    input: 'json',
    bodySchema: NewVpcBody,
    responses: { 200: VpcBody },
    async handler(call, context) {
      const { name, cidr, description } = memberOf(call, 'vpc')
      const body = { name, cidr, description, client_cidrs: await freeClients(context, cidr) }
      const { network } = await createNetwork(context, call.tenant, body)
      return { status: 200, json: { vpc: vpcBody(network) } }
    },
  }),
  route<Context>({
    operation: 'listVpcs',
    method: 'GET',
    path: VPCS,
    summary: 'VPC service: list VPCs',
    permission: 'dns:network:list',
    query: VpcQuery,
    responses: { 200: VpcList },
    async handler(call, context) {
      const filter = { projectId: call.tenant.projectId, id: call.query.id?.toLowerCase() }
      const found = await listed(context.store.listNetworks(call.tenant, filter, readRegistryPage(call)))
      return { status: 200, json: { vpcs: found.rows.map(vpcBody) } }
    },
  }),
  // Terraform reads a VPC from both.
  ...[VPC, '/v3/{project_id}/vpc/vpcs/{network_id}'].map((path) =>
    route<Context>({
      operation: path === VPC ? 'showVpc' : 'showVpcV3',
      method: 'GET',
      path,
      summary: 'VPC service: show a VPC',
      permission: 'dns:network:get',
      responses: { 200: VpcBody },
      async handler(call, context) {
        return { status: 200, json: { vpc: vpcBody(await showOwn(context, call)) } }
      },
    }),
  ),
  route<Context>({
    operation: 'updateVpc',
    method: 'PUT',
    path: VPC,
    summary: 'VPC service: change a VPC',
    permission: 'dns:network:update',
    input: 'json',
    bodySchema: NewVpcBody,
    responses: { 200: VpcBody },
    async handler(call, context) {
      const { name, cidr, description } = memberOf(call, 'vpc')
      const { id } = await showOwn(context, call)
      const { network } = await updateNetwork(context, call.tenant, id, { name, cidr, description })
      return { status: 200, json: { vpc: vpcBody(network) } }
    },
  }),
  route<Context>({
    operation: 'deleteVpc',
    method: 'DELETE',
    path: VPC,
    summary: 'VPC service: delete a VPC without subnets',
    permission: 'dns:network:delete',
    responses: { 204: null },
    async handler(call, context) {
      const { id } = await showOwn(context, call)
      const { subnets } = await showNetwork(context, call.tenant, id)
      // Clients wait for the subnets to be gone, and repeat after a 409.
      if (subnets.length > 0) throw apiError('NETWORK_IN_USE', { id, detail: `${subnets.length} subnets` })
      await removeNetwork(context, call.tenant, id)
      return { status: 204 }
    },
  }),
  route<Context>({
    operation: 'createVpcSubnet',
    method: 'POST',
    path: SUBNETS,
    summary: 'VPC service: create a subnet',
    permission: 'dns:network:update',
    input: 'json',
    bodySchema: NewVpcSubnetBody,
    responses: { 200: VpcSubnetBody },
    async handler(call, context) {
      const { vpc_id: vpcId, gateway_ip: gateway, name, cidr, description } = memberOf(call, 'subnet')
      const body = { name, cidr, description, gateway }
      const subnet = await createSubnet(context, call.tenant, String(vpcId ?? ''), body)
      return { status: 200, json: { subnet: vpcSubnetBody(subnet, call.tenant.projectId) } }
    },
  }),
  route<Context>({
    operation: 'listVpcSubnets',
    method: 'GET',
    path: SUBNETS,
    summary: 'VPC service: list subnets',
    permission: 'dns:network:list',
    query: SubnetQuery,
    responses: { 200: VpcSubnetList },
    async handler(call, context) {
      // One of Terraform's resources spells it in another way.
      const networkId = (call.query.vpc_id ?? call.query.vpcId)?.toLowerCase()
      const { projectId } = call.tenant
      const { rows } = await listed(
        context.store.listSubnets(call.tenant, { projectId, networkId }, readRegistryPage(call)),
      )
      return { status: 200, json: { subnets: rows.map((subnet) => vpcSubnetBody(subnet, projectId)) } }
    },
  }),
  route<Context>({
    operation: 'showVpcSubnet',
    method: 'GET',
    path: `${SUBNETS}/{subnet_id}`,
    summary: 'VPC service: show a subnet',
    permission: 'dns:network:get',
    responses: { 200: VpcSubnetBody },
    async handler(call, context) {
      const id = call.params.subnet_id!
      const subnet = await context.store.findSubnet(call.tenant, id.toLowerCase())
      if (subnet === undefined) throw apiError('SUBNET_NOT_FOUND', { id })
      return { status: 200, json: { subnet: vpcSubnetBody(subnet, call.tenant.projectId) } }
    },
  }),
  subnetRemoval({
    operation: 'deleteVpcSubnet',
    path: `${VPC}/subnets/{subnet_id}`,
    summary: 'VPC service: delete a subnet',
  }),
  route<Context>({
    operation: 'createPublicIp',
    method: 'POST',
    path: PUBLIC_IPS,
    summary: 'EIP service: register a public address, the one named or one of the pool',
    permission: 'dns:address:create',
    input: 'json',
    bodySchema: NewPublicIpBody,
    responses: { 200: PublicIpBody },
    async handler(call, context) {
      const { ip_address: ip, ip_version: version, alias: name } = memberOf(call, 'publicip')
      const wanted = ip ?? (await freeAddress(context, version))
      const address = await createAddress(context, call.tenant, { address: wanted, name }, bandwidthOf(call))
      return { status: 200, json: { publicip: publicIpBody(address) } }
    },
  }),
  route<Context>({
    operation: 'listPublicIps',
    method: 'GET',
    path: PUBLIC_IPS,
    summary: 'EIP service: list public addresses',
    permission: 'dns:address:list',
    query: VpcQuery,
    responses: { 200: PublicIpList },
    async handler(call, context) {
      const { projectId } = call.tenant
      const page = readRegistryPage(call)
      const { rows } = await listed(context.store.listAddresses(call.tenant, { projectId }, page))
      return { status: 200, json: { publicips: rows.map(publicIpBody) } }
    },
  }),
  route<Context>({
    operation: 'showPublicIp',
    method: 'GET',
    path: `${PUBLIC_IPS}/{address_id}`,
    summary: 'EIP service: show a public address',
    permission: 'dns:address:get',
    responses: { 200: PublicIpBody },
    async handler(call, context) {
      const address = await showAddress(context, call.tenant, call.params.address_id!)
      return { status: 200, json: { publicip: publicIpBody(address) } }
    },
  }),
  route<Context>({
    operation: 'showBandwidth',
    method: 'GET',
    path: '/v1/{project_id}/bandwidths/{address_id}',
    summary: 'EIP service: show what was said of the bandwidth of a public address',
    permission: 'dns:address:get',
    responses: { 200: BandwidthBody },
    async handler(call, context) {
      const address = await showAddress(context, call.tenant, call.params.address_id!)
      return { status: 200, json: bandwidthBody(address) }
    },
  }),
  addressRemoval({
    operation: 'deletePublicIp',
    path: `${PUBLIC_IPS}/{address_id}`,
    summary: 'EIP service: remove a public address with its PTR record',
  }),
]
