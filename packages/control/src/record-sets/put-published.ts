import type { RecordSet, Store, Tenant } from '../store/store.ts'
import { commitChange } from './commit-change.ts'
import { equalRdatas } from './published-addresses.ts'
import { loadZoneState } from './zone-state.ts'

/** Record sets of one transaction: it holds the zone, and others want to change it too. */
const SETS_AT_ONCE = 500

/**
 * Changes what record sets of one zone are answered with, and nothing that callers see of them. `rdatasOf` is asked with each set
 * as it stands behind the lock; undefined: leave it. Sets that have gone or moved meanwhile are left. Resolves to the number
 * of changes.
 */
export async function putPublished(
  store: Store,
  tenant: Tenant,
  zoneId: string,
  sets: readonly RecordSet[],
  rdatasOf: (row: RecordSet) => Uint8Array | null | undefined,
): Promise<number> {
  let changes = 0
  for (let first = 0; first < sets.length; first += SETS_AT_ONCE) {
    changes += await putSome(store, tenant, zoneId, sets.slice(first, first + SETS_AT_ONCE), rdatasOf)
  }
  return changes
}

async function putSome(
  store: Store,
  tenant: Tenant,
  zoneId: string,
  sets: readonly RecordSet[],
  rdatasOf: (row: RecordSet) => Uint8Array | null | undefined,
): Promise<number> {
  return store.transaction(async (tx) => {
    const zone = await tx.lockZone(tenant, zoneId)
    if (zone === undefined) return 0
    const owners = new Set(sets.map((set) => set.owner))
    const state = await loadZoneState(tx, zone, owners, [])
    const touched: RecordSet[] = []
    for (const { id, owner, line } of sets) {
      const row = state.setsAt(owner, line).find((each) => each.id === id)
      const rdatas = row === undefined ? undefined : rdatasOf(row)
      if (row === undefined || rdatas === undefined || equalRdatas(row.rdatas, rdatas)) continue
      const changed: RecordSet = { ...row, rdatas }
      state.remove(row)
      state.add(changed)
      await tx.updateRecordSet(changed)
      touched.push(row, changed)
    }
    if (touched.length > 0) await commitChange(tx, state, touched)
    return touched.length / 2
  })
}
