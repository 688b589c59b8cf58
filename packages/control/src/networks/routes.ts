import type { Context } from '../context.ts'
import { listed } from '../http/paging.ts'
import { type Route, route } from '../http/route.ts'
import { createAddress, showAddress, updateAddress } from './addresses.ts'
import { createNetwork, createSubnet, removeNetwork, showNetwork, updateNetwork } from './networks.ts'
import { readRegistryPage } from './registry-page.ts'
import { addressRemoval, subnetRemoval } from './removal-routes.ts'
import {
  AddressBody,
  AddressChangeBody,
  AddressList,
  AddressQuery,
  addressBody,
  NetworkBody,
  NetworkChangeBody,
  NetworkList,
  NetworkQuery,
  NewAddressBody,
  NewNetworkBody,
  NewSubnetBody,
  networkBody,
  SubnetBody,
  subnetBody,
} from './schemas.ts'

const NETWORKS = '/waymark/v1/networks'
const NETWORK = `${NETWORKS}/{network_id}`
const ADDRESSES = '/waymark/v1/addresses'
const ADDRESS = `${ADDRESSES}/{address_id}`

/** The registry of private networks and public addresses: our own extension of the API. */
export const registryRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'createNetwork',
    method: 'POST',
    path: NETWORKS,
    summary: 'Register a private network with its subnets',
    permission: 'dns:network:create',
    input: 'json',
    bodySchema: NewNetworkBody,
    responses: { 201: NetworkBody },
    async handler(call, context) {
      const { network, subnets } = await createNetwork(context, call.tenant, call.body)
      return { status: 201, json: networkBody(network, subnets) }
    },
  }),
  route<Context>({
    operation: 'listNetworks',
    method: 'GET',
    path: NETWORKS,
    summary: 'List the private networks of the account',
    permission: 'dns:network:list',
    query: NetworkQuery,
    responses: { 200: NetworkList },
    async handler(call, context) {
      const { name, region } = call.query
      const page = readRegistryPage(call)
      const { rows, total } = await listed(context.store.listNetworks(call.tenant, { name, region }, page))
      const networks = rows.map((network) => networkBody(network))
      return { status: 200, json: { networks, metadata: { total_count: total } } }
    },
  }),
  route<Context>({
    operation: 'showNetwork',
    method: 'GET',
    path: NETWORK,
    summary: 'Show a private network with its subnets',
    permission: 'dns:network:get',
    responses: { 200: NetworkBody },
    async handler(call, context) {
      const { network, subnets } = await showNetwork(context, call.tenant, call.params.network_id!)
      return { status: 200, json: networkBody(network, subnets) }
    },
  }),
  route<Context>({
    operation: 'updateNetwork',
    method: 'PATCH',
    path: NETWORK,
    summary: 'Change name, description, range or clients of a private network',
    permission: 'dns:network:update',
    input: 'json',
    bodySchema: NetworkChangeBody,
    responses: { 200: NetworkBody },
    async handler(call, context) {
      const { tenant, params, body } = call
      const { network, subnets } = await updateNetwork(context, tenant, params.network_id!, body)
      return { status: 200, json: networkBody(network, subnets) }
    },
  }),
  route<Context>({
    operation: 'deleteNetwork',
    method: 'DELETE',
    path: NETWORK,
    summary: 'Remove a private network that nothing refers to',
    permission: 'dns:network:delete',
    responses: { 204: null },
    async handler(call, context) {
      await removeNetwork(context, call.tenant, call.params.network_id!)
      return { status: 204 }
    },
  }),
  route<Context>({
    operation: 'createSubnet',
    method: 'POST',
    path: `${NETWORK}/subnets`,
    summary: 'Add a subnet to a private network',
    permission: 'dns:network:update',
    input: 'json',
    bodySchema: NewSubnetBody,
    responses: { 201: SubnetBody },
    async handler(call, context) {
      const subnet = await createSubnet(context, call.tenant, call.params.network_id!, call.body)
      return { status: 201, json: subnetBody(subnet) }
    },
  }),
  subnetRemoval({
    operation: 'deleteSubnet',
    path: `${NETWORK}/subnets/{subnet_id}`,
    summary: 'Remove a subnet that no endpoint uses',
  }),
  route<Context>({
    operation: 'createAddress',
    method: 'POST',
    path: ADDRESSES,
    summary: 'Register a public address',
    permission: 'dns:address:create',
    input: 'json',
    bodySchema: NewAddressBody,
    responses: { 201: AddressBody },
    async handler(call, context) {
      return { status: 201, json: addressBody(await createAddress(context, call.tenant, call.body)) }
    },
  }),
  route<Context>({
    operation: 'listAddresses',
    method: 'GET',
    path: ADDRESSES,
    summary: 'List the public addresses of the account',
    permission: 'dns:address:list',
    query: AddressQuery,
    responses: { 200: AddressList },
    async handler(call, context) {
      const { address, region } = call.query
      const page = readRegistryPage(call)
      const filter = { address, region }
      const { rows, total } = await listed(context.store.listAddresses(call.tenant, filter, page))
      return { status: 200, json: { addresses: rows.map(addressBody), metadata: { total_count: total } } }
    },
  }),
  route<Context>({
    operation: 'showAddress',
    method: 'GET',
    path: ADDRESS,
    summary: 'Show a public address',
    permission: 'dns:address:get',
    responses: { 200: AddressBody },
    async handler(call, context) {
      const address = await showAddress(context, call.tenant, call.params.address_id!)
      return { status: 200, json: addressBody(address) }
    },
  }),
  route<Context>({
    operation: 'updateAddress',
    method: 'PATCH',
    path: ADDRESS,
    summary: 'Change the name of a public address',
    permission: 'dns:address:update',
    input: 'json',
    bodySchema: AddressChangeBody,
    responses: { 200: AddressBody },
    async handler(call, context) {
      const address = await updateAddress(context, call.tenant, call.params.address_id!, call.body)
      return { status: 200, json: addressBody(address) }
    },
  }),
  addressRemoval({
    operation: 'deleteAddress',
    path: ADDRESS,
    summary: 'Remove a public address with its PTR record',
  }),
]
