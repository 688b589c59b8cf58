import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import type { TransferState, ZonePrimary } from '../store/secondary-calls.ts'
import type { Tenant, Tx, Zone } from '../store/store.ts'
import { lockZone, refuseFrozen, showZone } from '../zones/zones.ts'
import { untried } from './untried.ts'

/**
 * Makes a zone a secondary of these servers, or gives it others. What it holds is answered until the first transfer, which
 * replaces it. Codes: DNS.0302, 2006.
 */
export async function followPrimaries(
  context: Context,
  tenant: Tenant,
  zoneId: string,
  primaries: readonly ZonePrimary[],
): Promise<Zone> {
  return context.store.transaction(async (tx) => {
    const zone = await lockZone(tx, tenant, zoneId)
    refuseFrozen(zone)
    const now = context.now()
    const after: Zone = { ...zone, primaries, revision: zone.revision + 1, updatedAt: now }
    await tx.updateZone(after)
    const state = await tx.findTransfer(zoneId)
    // Of other servers' past nothing follows for these; the data stays as good as it was.
    await tx.putTransfer(state === undefined ? untried(zoneId, now) : { ...state, nextAt: now, failures: 0 })
    return after
  })
}

/**
 * Makes a secondary zone one that is edited here, with what it holds. Codes: DNS.0302, 2006; DNS.0008 when it is
 * none, DNS.0209 when it has nothing that may be answered.
 */
export async function stopFollowing(context: Context, tenant: Tenant, zoneId: string): Promise<Zone> {
  return context.store.transaction(async (tx) => {
    const zone = await lockZone(tx, tenant, zoneId)
    refuseFrozen(zone)
    if (zone.primaries.length === 0) throw apiError('ZONE_TYPE_UNSUPPORTED')
    const state = await tx.findTransfer(zoneId)
    const isEmpty = zone.recordCount === 0 || (state?.checkedAt != null && state.expiresAt === null)
    if (isEmpty) throw apiError('ZONE_NOT_STEADY')
    return release(tx, zone, context.now())
  })
}

async function release(tx: Tx, zone: Zone, now: number): Promise<Zone> {
  const after: Zone = {
    ...zone,
    status: zone.status === 'ERROR' ? 'ACTIVE' : zone.status,
    primaries: [],
    revision: zone.revision + 1,
    updatedAt: now,
  }
  await tx.updateZone(after)
  await tx.removeTransfer(zone.id)
  return after
}

/** A zone and how its transfers go; `state` is undefined where it has no primaries. Code: DNS.0302. */
export async function showFollowing(
  context: Context,
  tenant: Tenant,
  zoneId: string,
): Promise<{ zone: Zone; state: TransferState | undefined }> {
  const zone = await showZone(context, tenant, zoneId)
  return { zone, state: await context.store.findTransfer(zoneId) }
}
