import type { RecordSet, Tenant, Tx, Zone } from '../store/store.ts'
import { loadStateFor } from './apply.ts'
import { commitChange } from './commit-change.ts'
import type { Placed } from './record-sets.ts'

/** What becomes of a record set; without `after` it is removed. Its zone is locked. */
export interface Change {
  readonly zone: Zone
  readonly before: RecordSet
  readonly after?: RecordSet
}

/** Those of these record sets that the tenant can see, in the order asked for, with their zones locked. */
export async function lockRecordSets(tx: Tx, tenant: Tenant, ids: readonly string[]): Promise<Placed[]> {
  const zoneIds = new Set((await tx.recordSetsById(tenant, ids)).map((row) => row.zoneId))
  const zones = new Map<string, Zone>()
  // In one order for all callers, so that no two wait for each other.
  for (const zoneId of [...zoneIds].sort()) {
    const zone = await tx.lockZone(tenant, zoneId)
    if (zone !== undefined) zones.set(zoneId, zone)
  }
  // Read again, because somebody may have changed them before the locks were held.
  const rows = new Map((await tx.recordSetsById(tenant, ids)).map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = rows.get(id)
    const zone = row && zones.get(row.zoneId)
    return zone === undefined ? [] : [{ zone, row: row! }]
  })
}

/** Writes changes that keep name, type and line, and ends them zone by zone: one serial and one feed entry each. */
export async function commitByZone(tx: Tx, changes: readonly Change[]): Promise<void> {
  for (const ofZone of Map.groupBy(changes, (change) => change.zone.id).values()) {
    await commitZone(tx, ofZone[0]!.zone, ofZone)
  }
}

async function commitZone(tx: Tx, zone: Zone, changes: readonly Change[]): Promise<void> {
  const owners = changes.map((change) => change.before.owner)
  const state = await loadStateFor(tx, zone, [], owners)
  const removed: string[] = []
  for (const { before, after } of changes) {
    state.remove(before)
    if (after === undefined) {
      removed.push(before.id)
      continue
    }
    state.add(after)
    await tx.updateRecordSet(after)
  }
  await tx.removeRecordSets(zone.id, removed)
  // One set stands for its group, which is published whole.
  const groups = Map.groupBy(changes, ({ before }) => `${before.owner} ${before.type} ${before.line}`)
  await commitChange(
    tx,
    state,
    [...groups.values()].map((group) => group[0]!.before),
  )
}
