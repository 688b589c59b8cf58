import type { Context } from '../context.ts'
import { readPage, type Sorting } from '../http/paging.ts'
import { type Call, type Route, route } from '../http/route.ts'
import type { Page } from '../store/store.ts'
import {
  addAddress,
  createEndpoint,
  removeAddress,
  removeEndpoint,
  renameEndpoint,
  showEndpoint,
} from './endpoints.ts'
import { readDirection, readNameFilter, readNetworkFilter } from './resolver-input.ts'
import {
  AddressList,
  addressBody,
  EndpointBody,
  EndpointChangeBody,
  EndpointList,
  EndpointQuery,
  endpointBody,
  NewAddressBody,
  NewEndpointBody,
  newEndpointBody,
  VpcList,
  VpcQuery,
} from './schemas.ts'

const ALL = '/v2.1/endpoints'
const ONE = `${ALL}/{endpoint_id}`
const ADDRESSES = `${ONE}/ipaddresses`
const SORTING: Sorting = { keys: [], defaultKey: 'created_at', defaultDir: 'desc', dirOfKey: 'desc' }

/** `limit` and `offset`; these lists have no marker and no order of the caller's. Codes: DNS.0006, 0017. */
function readPlainPage({ query }: Call): Page {
  const { sort_key: _key, sort_dir: _dir, marker: _marker, ...rest } = query
  return readPage(rest, SORTING)
}

/** The path has the id in either case. */
const endpointIdOf = ({ params }: Call): string => params.endpoint_id!.toLowerCase()

/** Endpoints of the resolver and their addresses. Kept and checked; no server listens on them yet. */
export const endpointRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'createEndpoint',
    method: 'POST',
    path: ALL,
    summary: 'Create an endpoint with two to six addresses',
    permission: 'dns:endpoint:create',
    input: 'json',
    bodySchema: NewEndpointBody,
    responses: { 202: EndpointBody },
    async handler(call, context) {
      const endpoint = await createEndpoint(context, call.tenant, call.body)
      return { status: 202, json: { endpoint: newEndpointBody(endpoint) } }
    },
  }),
  route<Context>({
    operation: 'listEndpoints',
    method: 'GET',
    path: ALL,
    summary: 'List endpoints of one direction',
    permission: 'dns:endpoint:list',
    query: EndpointQuery,
    responses: { 200: EndpointList },
    async handler(call, context) {
      const { direction, vpc_id: vpcId, name } = call.query
      const filter = {
        direction: readDirection(direction),
        networkId: readNetworkFilter(vpcId),
        name: readNameFilter(name, 'ENDPOINT_NAME_INVALID'),
      }
      const { rows, total } = await context.store.listEndpoints(call.tenant, filter, readPlainPage(call))
      const endpoints = rows.map((endpoint) => endpointBody(endpoint))
      return { status: 200, json: { endpoints, metadata: { total_count: total } } }
    },
  }),
  route<Context>({
    operation: 'showEndpoint',
    method: 'GET',
    path: ONE,
    summary: 'Show an endpoint',
    permission: 'dns:endpoint:get',
    responses: { 200: EndpointBody },
    async handler(call, context) {
      const endpoint = await showEndpoint(context, call.tenant, endpointIdOf(call))
      return { status: 200, json: { endpoint: endpointBody(endpoint) } }
    },
  }),
  route<Context>({
    operation: 'updateEndpoint',
    method: 'PUT',
    path: ONE,
    summary: 'Rename an endpoint',
    permission: 'dns:endpoint:update',
    input: 'json',
    bodySchema: EndpointChangeBody,
    responses: { 202: EndpointBody },
    async handler(call, context) {
      const endpoint = await renameEndpoint(context, call.tenant, endpointIdOf(call), call.body)
      return { status: 202, json: { endpoint: endpointBody(endpoint) } }
    },
  }),
  route<Context>({
    operation: 'deleteEndpoint',
    method: 'DELETE',
    path: ONE,
    summary: 'Delete an endpoint that no rule uses',
    permission: 'dns:endpoint:delete',
    responses: { 202: EndpointBody },
    async handler(call, context) {
      const endpoint = await removeEndpoint(context, call.tenant, endpointIdOf(call))
      return { status: 202, json: { endpoint: endpointBody(endpoint, 'PENDING_DELETE') } }
    },
  }),
  route<Context>({
    operation: 'listEndpointIpaddresses',
    method: 'GET',
    path: ADDRESSES,
    summary: 'List the addresses of an endpoint',
    permission: 'dns:endpoint:get',
    responses: { 200: AddressList },
    async handler(call, context) {
      const { addresses } = await showEndpoint(context, call.tenant, endpointIdOf(call))
      return { status: 200, json: { ipaddresses: addresses.map(addressBody) } }
    },
  }),
  route<Context>({
    operation: 'associateEndpointIpaddress',
    method: 'POST',
    path: ADDRESSES,
    summary: 'Give an endpoint one more address',
    permission: 'dns:endpoint:update',
    input: 'json',
    bodySchema: NewAddressBody,
    responses: { 202: EndpointBody },
    async handler(call, context) {
      const endpoint = await addAddress(context, call.tenant, endpointIdOf(call), call.body)
      return { status: 202, json: { endpoint: endpointBody(endpoint) } }
    },
  }),
  route<Context>({
    operation: 'disassociateEndpointIpaddress',
    method: 'DELETE',
    path: `${ADDRESSES}/{ipaddress_id}`,
    summary: 'Take an address from an endpoint',
    permission: 'dns:endpoint:update',
    responses: { 202: EndpointBody },
    async handler(call, context) {
      const addressId = call.params.ipaddress_id!.toLowerCase()
      const endpoint = await removeAddress(context, call.tenant, endpointIdOf(call), addressId)
      return { status: 202, json: { endpoint: endpointBody(endpoint) } }
    },
  }),
  route<Context>({
    operation: 'listEndpointVpcs',
    method: 'GET',
    path: '/v2.1/vpcs',
    summary: 'List the private networks that have endpoints',
    permission: 'dns:endpoint:list',
    query: VpcQuery,
    responses: { 200: VpcList },
    async handler(call, context) {
      const { limit, offset } = readPlainPage(call)
      const networkId = readNetworkFilter(call.query.vpc_id)
      const found = await context.store.listNetworkEndpoints(call.tenant, { networkId }, { limit, offset })
      const vpcs = found.rows.map((row) => ({
        id: row.networkId,
        inbound_endpoint_count: row.inbound,
        outbound_endpoint_count: row.outbound,
      }))
      return { status: 200, json: { vpcs, metadata: { total_count: found.total } } }
    },
  }),
]
