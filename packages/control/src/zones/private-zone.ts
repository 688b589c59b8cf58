import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import type { Router, Tenant, Tx, Zone } from '../store/store.ts'
import { findNetwork } from './find-network.ts'
import { readMembers, readNamedProxyPattern, readRouter } from './zone-input.ts'
import { lockZone, publishZone, refuseFrozen } from './zones.ts'

/**
 * Lets a private network see a private zone. Codes: DNS.0002, 0302, 0008 (public zone), 2006, 0209, 0213, 0701, 0711, 0212 (sees
 * it already, or another zone of this name).
 */
export async function associateRouter(
  context: Context,
  tenant: Tenant,
  zoneId: string,
  body: unknown,
): Promise<Router> {
  const sent = readMembers(body)
  return context.store.transaction(async (tx) => {
    const zone = await lockRunning(tx, tenant, zoneId)
    const network = await findNetwork(tx, tenant, readRouter(sent.router))
    if (network === undefined) throw apiError('VPC_NOT_FOUND')
    for (const { id, ...owner } of await tx.zonesByApex(zone.apex, 'private')) {
      // Locked, so that of two calls that give one network two zones of one name the later sees the earlier.
      const twin = id === zone.id ? zone : await tx.lockZone(owner, id)
      if (twin !== undefined && routerOf(twin, network.routerId) !== undefined) {
        throw apiError('VPC_ALREADY_ASSOCIATED')
      }
    }
    const rule = await tx.findRuleOfNetwork(tenant, zone.apex, network.routerId)
    if (rule !== undefined) throw apiError('RULE_CONFLICT')
    const router = { ...network, status: 'ACTIVE' }
    await publishZone(tx, { ...zone, routers: [...zone.routers, router] }, context.now())
    return router
  })
}

/**
 * Hides a private zone from a private network, but never from its last. Codes: DNS.0002, 0302, 0008, 2006, 0209, 0213, 0701, 0707,
 * 0706.
 */
export async function disassociateRouter(
  context: Context,
  tenant: Tenant,
  zoneId: string,
  body: unknown,
): Promise<Router> {
  const sent = readMembers(body)
  return context.store.transaction(async (tx) => {
    const zone = await lockRunning(tx, tenant, zoneId)
    // Not looked up: what is gone from elsewhere must still be possible to remove here.
    const router = routerOf(zone, readRouter(sent.router).routerId)
    if (router === undefined) throw apiError('VPC_NOT_ASSOCIATED')
    if (zone.routers.length === 1) throw apiError('VPC_IS_LAST')
    const routers = zone.routers.filter((other) => other !== router)
    await publishZone(tx, { ...zone, routers }, context.now())
    return router
  })
}

/**
 * Says what becomes of names that a private zone does not have. Codes: DNS.0002, 0302, 0008, 2006, 0209.
 */
export async function setProxyPattern(
  context: Context,
  tenant: Tenant,
  zoneId: string,
  body: unknown,
): Promise<void> {
  const sent = readMembers(body)
  await context.store.transaction(async (tx) => {
    const zone = await lockPrivate(tx, tenant, zoneId)
    const proxyPattern = readNamedProxyPattern(sent.proxy_pattern)
    if (proxyPattern === zone.proxyPattern) return
    await publishZone(tx, { ...zone, proxyPattern }, context.now())
  })
}

async function lockPrivate(tx: Tx, tenant: Tenant, zoneId: string): Promise<Zone> {
  const zone = await lockZone(tx, tenant, zoneId)
  if (zone.zoneType !== 'private') throw apiError('ZONE_TYPE_UNSUPPORTED')
  refuseFrozen(zone)
  if (zone.status === 'ERROR') throw apiError('ZONE_NOT_STEADY')
  return zone
}

async function lockRunning(tx: Tx, tenant: Tenant, zoneId: string): Promise<Zone> {
  const zone = await lockPrivate(tx, tenant, zoneId)
  if (zone.status === 'DISABLE') throw apiError('ZONE_DISABLED')
  return zone
}

const routerOf = ({ routers }: Zone, routerId: string): Router | undefined =>
  routers.find((router) => router.routerId.toLowerCase() === routerId.toLowerCase())
