import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { readBatch, readIds } from '../http/read-batch.ts'
import type { Tenant, Tx, Zone } from '../store/store.ts'
import { readMembers, readNamedZoneType } from './zone-input.ts'
import { dropZone, isFrozenZone, publishZone, readZoneStatus } from './zones.ts'

/** Zones of one call. */
const MAX_ZONES = 50

/** Removes zones of the kind named with all their record sets, all or none. Codes: DNS.0002, 0204, 0327, 0302, 2006. */
export async function removeZones(context: Context, tenant: Tenant, body: unknown): Promise<Zone[]> {
  const sent = readMembers(body)
  const zoneType = readNamedZoneType(sent.zone_type)
  const ids = readIds(sent.zone_ids, MAX_ZONES, 'BATCH_DELETE_LIMIT')
  return context.store.transaction(async (tx) => {
    const zones = await lockZones(tx, tenant, ids)
    if (zones.length < ids.length || zones.some((zone) => zone.zoneType !== zoneType)) {
      throw apiError('ZONE_NOT_FOUND')
    }
    for (const zone of zones) await dropZone(tx, zone)
    return zones
  })
}

/**
 * Pauses or resumes zones of either kind and returns those that it changed. Passed over: unknown and foreign ids, zones in that
 * state already, and frozen ones. Codes: DNS.0002, 0329, 0315.
 */
export async function setZoneStatuses(context: Context, tenant: Tenant, body: unknown): Promise<Zone[]> {
  const sent = readMembers(body)
  readBatch(sent.zone_ids, MAX_ZONES, 'BATCH_UPDATE_LIMIT')
  const status = readZoneStatus(sent.status)
  const ids = readIds(sent.zone_ids, MAX_ZONES, 'BATCH_UPDATE_LIMIT')
  return context.store.transaction(async (tx) => {
    const changed: Zone[] = []
    for (const zone of await lockZones(tx, tenant, ids)) {
      if (zone.status === status || isFrozenZone(zone)) continue
      changed.push(await publishZone(tx, { ...zone, status }, context.now()))
    }
    return changed
  })
}

/** Those of these zones that the tenant can see, in the order asked for, locked. */
async function lockZones(tx: Tx, tenant: Tenant, ids: readonly string[]): Promise<Zone[]> {
  const zones = new Map<string, Zone>()
  // In one order for all callers, so that no two wait for each other.
  for (const id of [...ids].sort()) {
    const zone = await tx.lockZone(tenant, id)
    if (zone !== undefined) zones.set(id, zone)
  }
  return ids.flatMap((id) => zones.get(id) ?? [])
}
