import { packAddresses } from '../record-sets/published-addresses.ts'
import { putPublished } from '../record-sets/put-published.ts'
import type { Store } from '../store/store.ts'

/**
 * Publishes all names under URL forwarding with these addresses, after the setting has changed; without any they are answered no
 * more. Resolves to the number of record sets that had others.
 */
export async function republishForwards(store: Store, addresses: readonly string[]): Promise<number> {
  const rdatas = packAddresses(addresses)
  let changes = 0
  for (const [zoneId, sets] of Map.groupBy(await store.listUrlRecordSets(), (set) => set.zoneId)) {
    changes += await putPublished(store, sets[0]!, zoneId, sets, () => rdatas)
  }
  return changes
}
