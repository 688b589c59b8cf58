import type { Context } from '../context.ts'
import { ApiError, apiError } from '../errors.ts'
import { readIds } from '../http/read-batch.ts'
import type { Tenant } from '../store/store.ts'
import { readMembers, readNamedZoneType } from '../zones/zone-input.ts'
import { lockZone } from '../zones/zones.ts'
import { zoneFault } from './apply.ts'
import { commitByZone, lockRecordSets } from './change-by-zone.ts'
import { isFrozen, type Placed } from './record-sets.ts'

/** Record sets of one call. */
const MAX_SETS = 100

/**
 * Removes record sets of any zones of the kind named, and returns those that it removed, as they were. Passed over: unknown and
 * foreign ids, sets of the other kind, sets that came with their zone, and sets that their own or their zone's state forbids to
 * change. Codes: DNS.0002, 0204, 0327.
 */
export async function removeRecordSetsById(
  context: Context,
  tenant: Tenant,
  body: unknown,
): Promise<Placed[]> {
  const sent = readMembers(body)
  const zoneType = readNamedZoneType(sent.zone_type)
  const ids = readIds(sent.recordset_ids, MAX_SETS, 'BATCH_DELETE_LIMIT')
  return context.store.transaction(async (tx) => {
    const removed = (await lockRecordSets(tx, tenant, ids)).filter(
      ({ zone, row }) =>
        zone.zoneType === zoneType && zoneFault(zone) === undefined && !isFrozen(row) && !row.isDefault,
    )
    await commitByZone(
      tx,
      removed.map(({ zone, row }) => ({ zone, before: row })),
    )
    return removed
  })
}

/**
 * Removes record sets of one zone, all or none, and returns those that were there. An id that is not in the zone counts as removed.
 * Codes: DNS.0002, 0327, 0302, 0209, 2006, 0314, 0317.
 */
export async function removeRecordSetsOfZone(
  context: Context,
  tenant: Tenant,
  zoneId: string,
  body: unknown,
): Promise<Placed[]> {
  const ids = readIds(readMembers(body).recordset_ids, MAX_SETS, 'BATCH_DELETE_LIMIT')
  return context.store.transaction(async (tx) => {
    const zone = await lockZone(tx, tenant, zoneId)
    const closed = zoneFault(zone)
    if (closed !== undefined) throw new ApiError(closed)
    const found = new Map((await tx.recordSetsById(tenant, ids)).map((row) => [row.id, row]))
    const rows = ids.flatMap((id) => found.get(id) ?? []).filter((row) => row.zoneId === zone.id)
    if (rows.some(isFrozen)) throw apiError('RECORD_SET_NOT_STEADY')
    if (rows.some((row) => row.isDefault)) throw apiError('DEFAULT_NOT_DELETABLE')
    await commitByZone(
      tx,
      rows.map((row) => ({ zone, before: row })),
    )
    return rows.map((row) => ({ zone, row }))
  })
}
