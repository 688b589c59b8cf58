import { contractBed } from './contract-bed.ts'
import { feedContract } from './feed.contract.ts'
import { identityContract } from './identity.contract.ts'
import { leasesContract } from './leases.contract.ts'
import { recordSetListsContract } from './record-set-lists.contract.ts'
import { recordSetsContract } from './record-sets.contract.ts'
import type { Store } from './store.ts'
import { tagsContract } from './tags.contract.ts'
import { tasksContract } from './tasks.contract.ts'
import { transactionsContract } from './transactions.contract.ts'
import { zoneListsContract } from './zone-lists.contract.ts'
import { zonesContract } from './zones.contract.ts'

/** What every engine must do. `openEmpty` opens a store without a schema; each call another one. */
export function storeContract(openEmpty: () => Promise<Store>): void {
  const bed = contractBed(openEmpty)
  transactionsContract(bed)
  zonesContract(bed)
  zoneListsContract(bed)
  recordSetsContract(bed)
  tagsContract(bed)
  recordSetListsContract(bed)
  tasksContract(bed)
  leasesContract(bed)
  feedContract(bed)
  identityContract(bed)
}
