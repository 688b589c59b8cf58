import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { contains, formatIp, lastOf, readIp, readPrefix } from '../networks/prefix.ts'
import { isRegion } from '../networks/registry-input.ts'
import type { Subnet } from '../store/network-calls.ts'
import type { Endpoint, EndpointAddress, ListedEndpoint } from '../store/resolver-calls.ts'
import { RowExists, RowMissing, type Tenant, type Tx } from '../store/store.ts'
import { readMembers } from '../zones/zone-input.ts'
import { readDirection, readResolverName, readWantedAddress, type WantedAddress } from './resolver-input.ts'

const UNLIMITED = 2147483647
const MIN_ADDRESSES = 2
const MAX_ADDRESSES = 6

/**
 * Makes an endpoint with its addresses, all in one network. Codes: DNS.1501, 1503, 0601, 1514, 1502, 1515 for the fields; 0406, 0407,
 * 1504, 1508 and those of every address.
 */
export async function createEndpoint(context: Context, tenant: Tenant, body: unknown): Promise<Endpoint> {
  const sent = readMembers(body)
  const name = readResolverName(sent.name, 'ENDPOINT_NAME_INVALID')
  const direction = readDirection(sent.direction)
  if (!isRegion(sent.region)) throw apiError('REGION_INVALID')
  const { region } = sent
  const wanted = readAddresses(sent.ipaddresses)
  return change(context, 'IP_USED', async (tx) => {
    await refuseOverQuota(tx, context, tenant, direction)
    if ((await tx.findEndpointByName(tenant, name)) !== undefined) throw apiError('ENDPOINT_NAME_EXISTS')
    const now = context.now()
    const addresses: EndpointAddress[] = []
    let networkId: string | undefined
    for (const each of wanted) {
      const subnet = await requireSubnet(tx, tenant, each.subnetId)
      networkId ??= subnet.networkId
      if (subnet.networkId !== networkId) throw apiError('SUBNETS_DIFFER')
      const ip = await chooseIp(tx, subnet, each, addresses)
      addresses.push({ id: context.newId(), subnetId: subnet.id, ip, createdAt: now, updatedAt: now })
    }
    if ((await tx.findNetwork(tenant, networkId!))?.region !== region) throw apiError('REGION_INVALID')
    const endpoint: Endpoint = {
      id: context.newId(),
      domainId: tenant.domainId,
      projectId: tenant.projectId,
      name,
      direction,
      region,
      networkId: networkId!,
      addresses,
      createdAt: now,
      updatedAt: now,
    }
    await tx.insertEndpoint(endpoint)
    return endpoint
  })
}

/** Code: DNS.1510. */
export async function showEndpoint(
  context: Context,
  tenant: Tenant,
  endpointId: string,
): Promise<ListedEndpoint> {
  const endpoint = await context.store.findEndpoint(tenant, endpointId)
  if (endpoint === undefined) throw apiError('ENDPOINT_NOT_FOUND')
  return endpoint
}

/** Gives an endpoint another name. Codes: DNS.1501, 1510, 1504. */
export async function renameEndpoint(
  context: Context,
  tenant: Tenant,
  endpointId: string,
  body: unknown,
): Promise<ListedEndpoint> {
  const name = readResolverName(readMembers(body).name, 'ENDPOINT_NAME_INVALID')
  return change(context, 'ENDPOINT_NAME_EXISTS', async (tx) => {
    const before = await lockEndpoint(tx, tenant, endpointId)
    const namesake = await tx.findEndpointByName(tenant, name)
    if (namesake !== undefined && namesake.id !== before.id) throw apiError('ENDPOINT_NAME_EXISTS')
    const endpoint = { ...before, name, updatedAt: context.now() }
    await tx.updateEndpoint(endpoint)
    return endpoint
  })
}

/** Removes an endpoint that no rule uses. Codes: DNS.1510, 0608. Returns it as it was. */
export const removeEndpoint = (
  context: Context,
  tenant: Tenant,
  endpointId: string,
): Promise<ListedEndpoint> =>
  change(context, 'RESOURCE_IN_USE', async (tx) => {
    const endpoint = await lockEndpoint(tx, tenant, endpointId)
    if (endpoint.ruleCount > 0) throw apiError('RESOURCE_IN_USE')
    await tx.removeEndpoint(endpoint.id)
    return endpoint
  })

/** Adds an address in the endpoint's network, up to six. Codes: DNS.1502, 1515, 1510, 1514, 1508 and those of an address. */
export async function addAddress(
  context: Context,
  tenant: Tenant,
  endpointId: string,
  body: unknown,
): Promise<ListedEndpoint> {
  const wanted = readWantedAddress(readMembers(body).ipaddress)
  return change(context, 'IP_USED', async (tx) => {
    const before = await lockEndpoint(tx, tenant, endpointId)
    if (before.addresses.length >= MAX_ADDRESSES) throw apiError('IP_COUNT_INVALID')
    const subnet = await requireSubnet(tx, tenant, wanted.subnetId)
    if (subnet.networkId !== before.networkId) throw apiError('SUBNETS_DIFFER')
    const ip = await chooseIp(tx, subnet, wanted, [])
    const now = context.now()
    const address = { id: context.newId(), subnetId: subnet.id, ip, createdAt: now, updatedAt: now }
    await tx.insertEndpointAddress(before.id, address)
    const endpoint = { ...before, addresses: [...before.addresses, address], updatedAt: now }
    await tx.updateEndpoint(endpoint)
    return endpoint
  })
}

/** Removes an address, down to two. Codes: DNS.1510, 1511, 1514. */
export const removeAddress = (
  context: Context,
  tenant: Tenant,
  endpointId: string,
  addressId: string,
): Promise<ListedEndpoint> =>
  context.store.transaction(async (tx) => {
    const before = await lockEndpoint(tx, tenant, endpointId)
    const addresses = before.addresses.filter((address) => address.id !== addressId)
    if (addresses.length === before.addresses.length) throw apiError('IP_NOT_FOUND')
    if (addresses.length < MIN_ADDRESSES) throw apiError('IP_COUNT_INVALID')
    await tx.removeEndpointAddress(addressId)
    const endpoint = { ...before, addresses, updatedAt: context.now() }
    await tx.updateEndpoint(endpoint)
    return endpoint
  })

async function lockEndpoint(tx: Tx, tenant: Tenant, endpointId: string): Promise<ListedEndpoint> {
  const endpoint = await tx.lockEndpoint(tenant, endpointId)
  if (endpoint === undefined) throw apiError('ENDPOINT_NOT_FOUND')
  return endpoint
}

function readAddresses(sent: unknown): readonly WantedAddress[] {
  if (!Array.isArray(sent) || sent.length < MIN_ADDRESSES || sent.length > MAX_ADDRESSES) {
    throw apiError('IP_COUNT_INVALID')
  }
  return sent.map(readWantedAddress)
}

async function refuseOverQuota(
  tx: Tx,
  { settings }: Context,
  tenant: Tenant,
  direction: Endpoint['direction'],
): Promise<void> {
  const isInbound = direction === 'inbound'
  const quota = isInbound ? settings.inboundEndpointQuota : settings.outboundEndpointQuota
  if (quota < UNLIMITED && (await tx.countEndpoints(tenant, direction)) >= quota) {
    throw apiError(isInbound ? 'INBOUND_ENDPOINT_QUOTA' : 'OUTBOUND_ENDPOINT_QUOTA')
  }
}

async function requireSubnet(tx: Tx, tenant: Tenant, subnetId: string): Promise<Subnet> {
  const subnet = await tx.findSubnet(tenant, subnetId)
  if (subnet === undefined) throw apiError('SUBNET_INVALID')
  return subnet
}

/**
 * The address wanted, or the lowest free one of the subnet. `chosen` are those of the same request. Codes: DNS.1505, 1516, 1506,
 * 1507 (also when the subnet is full).
 */
async function chooseIp(
  tx: Tx,
  subnet: Subnet,
  { ip }: WantedAddress,
  chosen: readonly EndpointAddress[],
): Promise<string> {
  const prefix = readPrefix(subnet.cidr)
  if (typeof prefix === 'string') throw new Error(`stored prefix: ${prefix}`)
  const isRepeated = (text: string) =>
    chosen.some((address) => address.subnetId === subnet.id && address.ip === text)
  const used = new Set([...(await tx.endpointAddressesIn(subnet.id)), subnet.gateway])
  if (ip !== undefined) {
    if (!contains(prefix, readIp(ip)!)) throw apiError('IP_NOT_IN_SUBNET')
    if (ip === formatIp(prefix.network) || ip === formatIp(lastOf(prefix))) throw apiError('IP_RESERVED')
    if (isRepeated(ip)) throw apiError('IP_REPEATED')
    if (used.has(ip)) throw apiError('IP_USED')
    return ip
  }
  const [first, last] = [numberOf(prefix.network), numberOf(lastOf(prefix))]
  for (let candidate = first + 1; candidate < last; candidate++) {
    const text = formatIp(Uint8Array.of(candidate >>> 24, candidate >>> 16, candidate >>> 8, candidate))
    if (!used.has(text) && !isRepeated(text)) return text
  }
  throw apiError('IP_USED')
}

const numberOf = (ip: Uint8Array): number => new DataView(ip.slice().buffer).getUint32(0)

/** `taken` is what it means that somebody else was faster with a name or an address. */
async function change<T>(
  context: Context,
  taken: 'IP_USED' | 'ENDPOINT_NAME_EXISTS' | 'RESOURCE_IN_USE',
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  try {
    return await context.store.transaction(work)
  } catch (error) {
    if (error instanceof RowExists) throw apiError(taken)
    if (error instanceof RowMissing) throw apiError(taken === 'IP_USED' ? 'SUBNET_INVALID' : taken)
    throw error
  }
}
