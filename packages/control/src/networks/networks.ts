import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { NO_ZONE } from '../feed/follow.ts'
import { networkPayload } from '../feed/publish.ts'
import type { Network, Subnet } from '../store/network-calls.ts'
import { RowExists, RowMissing, type Tenant, type Tx } from '../store/store.ts'
import { readMembers } from '../zones/zone-input.ts'
import { contains, encloses, formatIp, formatPrefix, lastOf, readIp, readPrefix } from './prefix.ts'
import {
  readDescription,
  readId,
  readName,
  readOptionalPrefix,
  readPlace,
  readPrefixOf,
  refuseNetwork,
} from './registry-input.ts'

export interface NetworkWithSubnets {
  readonly network: Network
  readonly subnets: readonly Subnet[]
}

/** Subnets of one network that are shown with it. */
const MAX_SUBNETS = 1000
const MAX_CLIENT_PREFIXES = 200
const MAX_LISTENERS = 100
const BY_ID = { offset: 0, sortKey: 'id', sortDir: 'asc' } as const

/** Registers a network with its subnets. Codes: WAYMARK.0201, 0203. */
export async function createNetwork(
  context: Context,
  tenant: Tenant,
  body: unknown,
): Promise<NetworkWithSubnets> {
  const sent = readMembers(body)
  const clientCidrs = readClients(sent.client_cidrs) ?? []
  const listenerAddresses = readListeners(sent.listener_addresses) ?? []
  return conflicts(sent.id, () =>
    context.store.transaction(async (tx) => {
      const network: Network = {
        ...tenantOf(tenant),
        ...(await readPlace(tx, tenant, sent.region, refuseNetwork)),
        id: readId(sent.id, refuseNetwork),
        name: requireName(sent.name),
        description: readDescription(sent.description, refuseNetwork) ?? '',
        cidr: readOptionalPrefix(sent.cidr, 'cidr', refuseNetwork) ?? '',
        clientCidrs,
        listenerAddresses,
        createdAt: context.now(),
        updatedAt: null,
      }
      await refuseTakenClients(tx, tenant, network)
      await tx.insertNetwork(network)
      if (clientCidrs.length > 0 || listenerAddresses.length > 0) await publishNetwork(tx, network)
      const subnets: Subnet[] = []
      for (const each of readSubnetList(sent.subnets)) {
        const subnet = readSubnet(each, network, subnets, context.now())
        await tx.insertSubnet(subnet)
        subnets.push(subnet)
      }
      return { network, subnets }
    }),
  )
}

/** Changes what is sent: name, description, cidr, client prefixes, listener addresses. Codes: WAYMARK.0201, 0202, 0203. */
export async function updateNetwork(
  context: Context,
  tenant: Tenant,
  networkId: string,
  body: unknown,
): Promise<NetworkWithSubnets> {
  const sent = readMembers(body)
  return conflicts(networkId, () =>
    context.store.transaction(async (tx) => {
      const before = await requireNetwork(tx, tenant, networkId)
      const subnets = await subnetsOf(tx, tenant, before.id)
      const network: Network = {
        ...before,
        name: sent.name === undefined ? before.name : requireName(sent.name),
        description: readDescription(sent.description, refuseNetwork) ?? before.description,
        cidr: readOptionalPrefix(sent.cidr, 'cidr', refuseNetwork) ?? before.cidr,
        clientCidrs: readClients(sent.client_cidrs) ?? before.clientCidrs,
        listenerAddresses: readListeners(sent.listener_addresses) ?? before.listenerAddresses,
        updatedAt: context.now(),
      }
      for (const subnet of subnets) refuseOutside(network, subnet.cidr)
      await refuseTakenClients(tx, tenant, network)
      await tx.updateNetwork(network)
      if (String(clientsOf(network)) !== String(clientsOf(before))) await publishNetwork(tx, network)
      return { network, subnets }
    }),
  )
}

/** Codes: WAYMARK.0202. */
export async function showNetwork(
  context: Context,
  tenant: Tenant,
  networkId: string,
): Promise<NetworkWithSubnets> {
  const network = await context.store.findNetwork(tenant, networkId.toLowerCase())
  if (network === undefined) throw apiError('NETWORK_NOT_FOUND', { id: networkId })
  return { network, subnets: await subnetsOf(context.store, tenant, network.id) }
}

/** Removes a network that nothing refers to, with its subnets. Codes: WAYMARK.0202, 0204. */
export async function removeNetwork(context: Context, tenant: Tenant, networkId: string): Promise<void> {
  await context.store.transaction(async (tx) => {
    const network = await requireNetwork(tx, tenant, networkId)
    const { id } = network
    const use = await tx.networkUse(id)
    const detail = [
      [use.zones, 'private zones'],
      [use.endpoints, 'endpoints'],
      [use.rules, 'resolver rules'],
      [use.queryLogs, 'query log configurations'],
    ]
      .filter(([count]) => count !== 0)
      .map(([count, what]) => `${count} ${what}`)
    if (detail.length > 0) throw apiError('NETWORK_IN_USE', { id, detail: detail.join(', ') })
    await tx.removeNetwork(id)
    await publishNetwork(tx, network, true)
  })
}

/** Adds a subnet. Codes: WAYMARK.0201, 0202, 0203. */
export async function createSubnet(
  context: Context,
  tenant: Tenant,
  networkId: string,
  body: unknown,
): Promise<Subnet> {
  const sent = readMembers(body)
  return conflicts(sent.id, () =>
    context.store.transaction(async (tx) => {
      const network = await requireNetwork(tx, tenant, networkId)
      const others = await subnetsOf(tx, tenant, network.id)
      const subnet = readSubnet(sent, network, others, context.now())
      await tx.insertSubnet(subnet)
      return subnet
    }),
  )
}

/** Removes a subnet that no endpoint has an address in. Codes: WAYMARK.0202, 0205, 0204. */
export async function removeSubnet(
  context: Context,
  tenant: Tenant,
  networkId: string,
  subnetId: string,
): Promise<void> {
  await context.store.transaction(async (tx) => {
    const { id } = await requireNetwork(tx, tenant, networkId)
    const subnet = await tx.findSubnet(tenant, subnetId.toLowerCase())
    if (subnet === undefined || subnet.networkId !== id) throw apiError('SUBNET_NOT_FOUND', { id: subnetId })
    const taken = await tx.endpointAddressesIn(subnet.id)
    if (taken.length > 0) {
      const detail = `endpoints have ${taken.length} addresses in subnet ${subnet.id}`
      throw apiError('NETWORK_IN_USE', { id, detail })
    }
    await tx.removeSubnet(subnet.id)
  })
}

export async function requireNetwork(tx: Tx, tenant: Tenant, networkId: string): Promise<Network> {
  const network = await tx.findNetwork(tenant, networkId.toLowerCase())
  if (network === undefined) throw apiError('NETWORK_NOT_FOUND', { id: networkId })
  return network
}

async function subnetsOf(
  reads: Pick<Tx, 'listSubnets'>,
  tenant: Tenant,
  networkId: string,
): Promise<Subnet[]> {
  return (await reads.listSubnets(tenant, { networkId }, { ...BY_ID, limit: MAX_SUBNETS })).rows
}

const tenantOf = ({ domainId, projectId }: Tenant): Tenant => ({ domainId, projectId })

function requireName(sent: unknown): string {
  const name = readName(sent, refuseNetwork)
  if (name === undefined || name === '') throw refuseNetwork('name is missing')
  return name
}

function readClients(sent: unknown): readonly string[] | undefined {
  if (sent === undefined || sent === null) return undefined
  if (!Array.isArray(sent)) throw refuseNetwork('client_cidrs must be a list of prefixes')
  if (sent.length > MAX_CLIENT_PREFIXES) {
    throw refuseNetwork(`client_cidrs has ${sent.length} prefixes, more than ${MAX_CLIENT_PREFIXES}`)
  }
  const cidrs = sent.map((each) => formatPrefix(readPrefixOf(each, 'client_cidrs', refuseNetwork)))
  const twice = cidrs.find((cidr, at) => cidrs.indexOf(cidr) !== at)
  if (twice !== undefined) throw refuseNetwork(`client_cidrs has ${twice} twice`)
  return cidrs
}

/** Whoever asks at one of these addresses is a client, so an address stands for one machine and not for all. */
function readListeners(sent: unknown): readonly string[] | undefined {
  if (sent === undefined || sent === null) return undefined
  if (!Array.isArray(sent)) throw refuseNetwork('listener_addresses must be a list of addresses')
  if (sent.length > MAX_LISTENERS) {
    throw refuseNetwork(`listener_addresses has ${sent.length} addresses, more than ${MAX_LISTENERS}`)
  }
  const addresses = sent.map((each) => {
    const ip = readIp(each)
    if (ip === undefined || ip.every((octet) => octet === 0)) {
      throw refuseNetwork(`listener_addresses: ${JSON.stringify(each)} is no address of an edge`)
    }
    return formatIp(ip)
  })
  const twice = addresses.find((address, at) => addresses.indexOf(address) !== at)
  if (twice !== undefined) throw refuseNetwork(`listener_addresses has ${twice} twice`)
  return addresses
}

const clientsOf = (network: Network) => [network.clientCidrs, '', network.listenerAddresses]

/** Tells the edges who belongs to the network. */
async function publishNetwork(tx: Tx, network: Network, isGone = false): Promise<void> {
  await tx.appendFeed({ zoneId: NO_ZONE, serial: 0, payload: networkPayload(network, isGone) })
}

/** A client must belong to one network: the longest prefix decides, so only equal ones are in conflict. */
async function refuseTakenClients(tx: Tx, tenant: Tenant, network: Network): Promise<void> {
  for (const cidr of network.clientCidrs) {
    const holder = await tx.findNetworkOfClients(cidr)
    if (holder === undefined || holder.id === network.id) continue
    const detail = `the clients of ${cidr} belong to ${nameOf(holder, tenant)}`
    throw apiError('NETWORK_EXISTS', { detail })
  }
  for (const address of network.listenerAddresses) {
    const holder = await tx.findNetworkOfListener(address)
    if (holder === undefined || holder.id === network.id) continue
    const detail = `whoever asks at ${address} belongs to ${nameOf(holder, tenant)}`
    throw apiError('NETWORK_EXISTS', { detail })
  }
}

/** A network as the account may know of it. */
const nameOf = (network: { id: string; name: string; domainId: string }, tenant: Tenant): string =>
  network.domainId === tenant.domainId ? `network ${network.name} (${network.id})` : 'another account'

function readSubnetList(sent: unknown): readonly unknown[] {
  if (sent === undefined || sent === null) return []
  if (!Array.isArray(sent)) throw refuseNetwork('subnets must be a list')
  return sent
}

function readSubnet(sent: unknown, network: Network, others: readonly Subnet[], now: number): Subnet {
  if (typeof sent !== 'object' || sent === null) throw refuseNetwork('a subnet must be an object')
  const members = sent as Record<string, unknown>
  if (others.length >= MAX_SUBNETS) throw refuseNetwork(`a network has at most ${MAX_SUBNETS} subnets`)
  const prefix = readPrefixOf(members.cidr, 'cidr of the subnet', refuseNetwork)
  const cidr = formatPrefix(prefix)
  // Room for a network address, a gateway, an endpoint's address and the broadcast address.
  if (prefix.network.length !== 4 || prefix.bits > 30) {
    throw refuseNetwork(`a subnet is an IPv4 prefix of at most 30 bits, not ${cidr}`)
  }
  refuseOutside(network, cidr)
  const overlapping = others.find((other) => overlap(other.cidr, cidr))
  if (overlapping !== undefined) {
    throw refuseNetwork(`subnet ${cidr} overlaps ${overlapping.cidr} of the same network`)
  }
  const first = prefix.network.slice()
  first[3]! += 1
  const gateway = members.gateway === undefined || members.gateway === '' ? first : readIp(members.gateway)
  if (
    gateway === undefined ||
    !contains(prefix, gateway) ||
    formatIp(gateway) === formatIp(prefix.network) ||
    formatIp(gateway) === formatIp(lastOf(prefix))
  ) {
    throw refuseNetwork(`gateway ${JSON.stringify(members.gateway)} is no address of a host in ${cidr}`)
  }
  return {
    id: readId(members.id, refuseNetwork),
    networkId: network.id,
    name: readName(members.name, refuseNetwork) ?? '',
    description: readDescription(members.description, refuseNetwork) ?? '',
    cidr,
    gateway: formatIp(gateway),
    createdAt: now,
  }
}

function refuseOutside(network: Network, subnetCidr: string): void {
  if (network.cidr === '') return
  const [outer, inner] = [stored(network.cidr), stored(subnetCidr)]
  if (!encloses(outer, inner)) {
    throw refuseNetwork(`subnet ${subnetCidr} lies outside of ${network.cidr}, the range of the network`)
  }
}

function overlap(one: string, other: string): boolean {
  const [a, b] = [stored(one), stored(other)]
  return encloses(a, b) || encloses(b, a)
}

function stored(cidr: string) {
  const prefix = readPrefix(cidr)
  if (typeof prefix === 'string') throw new Error(`stored prefix: ${prefix}`)
  return prefix
}

/** An id that somebody else has, seen in the keys of the database. */
async function conflicts<T>(id: unknown, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RowExists) {
      throw apiError('NETWORK_EXISTS', {
        detail: `the id${typeof id === 'string' ? ` ${id}` : ''} of the network or of a subnet, a client prefix or a listener address is taken`,
      })
    }
    if (error instanceof RowMissing) throw apiError('NETWORK_NOT_FOUND', { id: String(id) })
    throw error
  }
}
