import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { isUuid } from '../networks/registry-input.ts'
import type { QueryLogConfig } from '../store/resolver-calls.ts'
import { RowExists, type Tenant, type Tx } from '../store/store.ts'
import { findNetwork } from '../zones/find-network.ts'
import { type NamedRouter, readMembers, readRouter } from '../zones/zone-input.ts'

/** Says where the queries of a first network are to be logged. Codes: DNS.0002, 0701, 0711, 0212 (logged elsewhere). */
export async function createQueryLogConfig(
  context: Context,
  tenant: Tenant,
  body: unknown,
): Promise<QueryLogConfig> {
  const sent = readMembers(body)
  const { lts_group_id: groupId, lts_topic_id: streamId } = sent
  if (!isUuid(groupId) || !isUuid(streamId)) throw apiError('REQUEST_INVALID')
  const named = readVpc(sent.vpc)
  return once(context, async (tx) => {
    const networkId = await freeNetwork(tx, tenant, named)
    const config: QueryLogConfig = {
      id: context.newId(),
      domainId: tenant.domainId,
      projectId: tenant.projectId,
      groupId: groupId.toLowerCase(),
      streamId: streamId.toLowerCase(),
      networkIds: [networkId],
      createdAt: context.now(),
    }
    await tx.insertQueryLogConfig(config)
    return config
  })
}

/** Code: DNS.0004. */
export async function showQueryLogConfig(
  context: Context,
  tenant: Tenant,
  configId: string,
): Promise<QueryLogConfig> {
  const config = await context.store.findQueryLogConfig(tenant, configId)
  if (config === undefined) throw apiError('QUERY_LOG_NOT_FOUND')
  return config
}

/** Removes a configuration, whatever networks it has. Code: DNS.0004. */
export const removeQueryLogConfig = (context: Context, tenant: Tenant, configId: string): Promise<void> =>
  context.store.transaction(async (tx) => {
    const config = await lockConfig(tx, tenant, configId)
    await tx.removeQueryLogConfig(config.id)
  })

/** Codes: DNS.0701, 0004, 0711, 0212 (in this or another configuration). */
export async function addNetwork(
  context: Context,
  tenant: Tenant,
  configId: string,
  body: unknown,
): Promise<QueryLogConfig> {
  const named = readVpc(readMembers(body).vpc)
  return once(context, async (tx) => {
    const config = await lockConfig(tx, tenant, configId)
    const networkId = await freeNetwork(tx, tenant, named)
    await tx.insertQueryLogNetwork(config, networkId)
    return { ...config, networkIds: [...config.networkIds, networkId] }
  })
}

/** Codes: DNS.0701, 0004, 0707, 0706 (the last). */
export async function removeNetwork(
  context: Context,
  tenant: Tenant,
  configId: string,
  body: unknown,
): Promise<QueryLogConfig> {
  const networkId = readVpc(readMembers(body).vpc).routerId.toLowerCase()
  return context.store.transaction(async (tx) => {
    const config = await lockConfig(tx, tenant, configId)
    if (!config.networkIds.includes(networkId)) throw apiError('VPC_NOT_ASSOCIATED')
    if (config.networkIds.length === 1) throw apiError('VPC_IS_LAST')
    await tx.removeQueryLogNetwork(config.id, networkId)
    return { ...config, networkIds: config.networkIds.filter((id) => id !== networkId) }
  })
}

/** The members have other names here than where zones and rules name a network. */
function readVpc(sent: unknown): NamedRouter {
  const { vpc_id, vpc_region } = (sent ?? {}) as Record<string, unknown>
  return readRouter({ router_id: vpc_id, router_region: vpc_region })
}

async function freeNetwork(tx: Tx, tenant: Tenant, named: NamedRouter): Promise<string> {
  const network = await findNetwork(tx, tenant, named)
  if (network === undefined) throw apiError('VPC_NOT_FOUND')
  if ((await tx.findQueryLogOfNetwork(tenant, network.routerId)) !== undefined) {
    throw apiError('VPC_ALREADY_ASSOCIATED')
  }
  return network.routerId
}

async function lockConfig(tx: Tx, tenant: Tenant, configId: string): Promise<QueryLogConfig> {
  const config = await tx.lockQueryLogConfig(tenant, configId)
  if (config === undefined) throw apiError('QUERY_LOG_NOT_FOUND')
  return config
}

/** A network that somebody else has put into a configuration meanwhile. */
async function once<T>(context: Context, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await context.store.transaction(work)
  } catch (error) {
    if (error instanceof RowExists) throw apiError('VPC_ALREADY_ASSOCIATED')
    throw error
  }
}
