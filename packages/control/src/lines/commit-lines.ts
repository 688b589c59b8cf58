import { NO_ZONE } from '../feed/follow.ts'
import { linesPayload } from '../feed/publish.ts'
import type { Tenant, Tx } from '../store/store.ts'

/** Ends a change of custom lines or groups that visitors notice: publishes all of the account's, whole. */
export async function commitLines(tx: Tx, tenant: Tenant): Promise<void> {
  const lines = await tx.listCustomLines(tenant)
  const groups = await tx.listLineGroups(tenant)
  const payload = linesPayload(tenant.domainId, lines, groups).finish()
  await tx.appendFeed({ zoneId: NO_ZONE, serial: 0, payload })
}
