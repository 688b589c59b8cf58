import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import type { ListedEndpoint, ResolverRule } from '../store/resolver-calls.ts'
import { type Router, RowExists, RowMissing, type Tenant, type Tx } from '../store/store.ts'
import { findNetwork } from '../zones/find-network.ts'
import { readMembers, readRouter } from '../zones/zone-input.ts'
import { readResolverName, readRuleDomain, readTargets } from './resolver-input.ts'

const UNLIMITED = 2147483647
/** Inbound endpoints of one network that are looked at for loops. */
const MAX_INBOUND = 500
const ENDPOINT_ID = /^[0-9a-fA-F]{32}$/

/** Makes a rule that is for no network yet. Codes: DNS.0002, 0202, 1509, 1514, 1515, 1506, 2002, 1510, 1503 (inbound endpoint). */
export async function createRule(context: Context, tenant: Tenant, body: unknown): Promise<ResolverRule> {
  const sent = readMembers(body)
  const name = readResolverName(sent.name, 'REQUEST_INVALID')
  const domain = readRuleDomain(sent.domain_name)
  const { endpoint_id: endpointId } = sent
  if (typeof endpointId !== 'string' || !ENDPOINT_ID.test(endpointId)) throw apiError('ENDPOINT_ID_INVALID')
  const targets = readTargets(sent.ipaddresses)
  try {
    return await context.store.transaction(async (tx) => {
      const { resolverRuleQuota } = context.settings
      if (resolverRuleQuota < UNLIMITED && (await tx.countRules(tenant)) >= resolverRuleQuota) {
        throw apiError('RULE_QUOTA')
      }
      // Locked, so that it cannot go before the rule is there.
      const endpoint = await tx.lockEndpoint(tenant, endpointId.toLowerCase())
      if (endpoint === undefined) throw apiError('ENDPOINT_NOT_FOUND')
      if (endpoint.direction !== 'outbound') throw apiError('ENDPOINT_DIRECTION_INVALID')
      await refuseLoop(tx, tenant, endpoint, targets)
      const now = context.now()
      const rule: ResolverRule = {
        id: context.newId(),
        domainId: tenant.domainId,
        projectId: tenant.projectId,
        name,
        ...domain,
        endpointId: endpoint.id,
        targets,
        routers: [],
        createdAt: now,
        updatedAt: now,
      }
      await tx.insertRule(rule)
      return rule
    })
  } catch (error) {
    if (error instanceof RowMissing) throw apiError('ENDPOINT_NOT_FOUND')
    throw error
  }
}

/** Code: DNS.0004. */
export async function showRule(context: Context, tenant: Tenant, ruleId: string): Promise<ResolverRule> {
  const rule = await context.store.findRule(tenant, ruleId)
  if (rule === undefined) throw apiError('RULE_NOT_FOUND')
  return rule
}

/** Changes the name, the list of targets, or both. Codes: DNS.0002, 1514, 1515, 1506, 0004. */
export async function updateRule(
  context: Context,
  tenant: Tenant,
  ruleId: string,
  body: unknown,
): Promise<ResolverRule> {
  const sent = readMembers(body)
  const name = isAbsent(sent.name) ? undefined : readResolverName(sent.name, 'REQUEST_INVALID')
  const targets = isAbsent(sent.ipaddresses) ? undefined : readTargets(sent.ipaddresses)
  return context.store.transaction(async (tx) => {
    const before = await lockRule(tx, tenant, ruleId)
    if (targets !== undefined) {
      const endpoint = await tx.findEndpoint(tenant, before.endpointId)
      if (endpoint !== undefined) await refuseLoop(tx, tenant, endpoint, targets)
    }
    const rule = {
      ...before,
      name: name ?? before.name,
      targets: targets ?? before.targets,
      updatedAt: context.now(),
    }
    await tx.updateRule(rule)
    return rule
  })
}

/** Removes a rule that is for no network any more. Codes: DNS.0004, 0608. Returns it as it was. */
export const removeRule = (context: Context, tenant: Tenant, ruleId: string): Promise<ResolverRule> =>
  context.store.transaction(async (tx) => {
    const rule = await lockRule(tx, tenant, ruleId)
    if (rule.routers.length > 0) throw apiError('RESOURCE_IN_USE')
    await tx.removeRule(rule.id)
    return rule
  })

/**
 * Makes a rule hold for a network. Codes: DNS.0701, 0004, 0711, 0212 (does so already), 0016 (another rule or a private zone of this
 * very name does).
 */
export async function associateRule(
  context: Context,
  tenant: Tenant,
  ruleId: string,
  body: unknown,
): Promise<Router> {
  const named = readRouter(readMembers(body).router)
  try {
    return await context.store.transaction(async (tx) => {
      const rule = await lockRule(tx, tenant, ruleId)
      const network = await findNetwork(tx, tenant, named)
      if (network === undefined) throw apiError('VPC_NOT_FOUND')
      if (rule.routers.some((router) => router.routerId === network.routerId)) {
        throw apiError('VPC_ALREADY_ASSOCIATED')
      }
      const zones = await tx.zonesByApex(rule.owner, 'private')
      if (zones.some((zone) => zone.routers.some((router) => router.routerId === network.routerId))) {
        throw apiError('RULE_CONFLICT')
      }
      const router = { ...network, status: 'ACTIVE' }
      await tx.insertRuleRouter(rule, router)
      return router
    })
  } catch (error) {
    // The network has another rule of this domain: a key of the database.
    if (error instanceof RowExists) throw apiError('RULE_CONFLICT')
    throw error
  }
}

/** Ends that a rule holds for a network, also for its last. Codes: DNS.0701, 0004, 0707. */
export async function disassociateRule(
  context: Context,
  tenant: Tenant,
  ruleId: string,
  body: unknown,
): Promise<Router> {
  const routerId = readRouter(readMembers(body).router).routerId.toLowerCase()
  return context.store.transaction(async (tx) => {
    const rule = await lockRule(tx, tenant, ruleId)
    const router = rule.routers.find((each) => each.routerId === routerId)
    if (router === undefined) throw apiError('VPC_NOT_ASSOCIATED')
    await tx.removeRuleRouter(rule.id, routerId)
    return router
  })
}

async function lockRule(tx: Tx, tenant: Tenant, ruleId: string): Promise<ResolverRule> {
  const rule = await tx.lockRule(tenant, ruleId)
  if (rule === undefined) throw apiError('RULE_NOT_FOUND')
  return rule
}

const isAbsent = (sent: unknown): boolean => sent === undefined || sent === null

/** A target that is one of our own inbound addresses in the same network would be asked for ever. */
async function refuseLoop(
  tx: Tx,
  tenant: Tenant,
  { networkId }: ListedEndpoint,
  targets: readonly string[],
): Promise<void> {
  const page = { limit: MAX_INBOUND, offset: 0, sortKey: 'created_at', sortDir: 'asc' } as const
  const { rows } = await tx.listEndpoints(tenant, { direction: 'inbound', networkId }, page)
  const own = new Set(rows.flatMap((endpoint) => endpoint.addresses.map(({ ip }) => ip)))
  if (targets.some((target) => own.has(target))) throw apiError('REQUEST_INVALID')
}
