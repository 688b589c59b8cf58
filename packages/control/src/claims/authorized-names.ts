import type { Tenant, Tx, Zone } from '../store/store.ts'
import { isOver } from './claim.ts'

/**
 * Those of the apexes (A-labels) below zones of others that the account is authorised to have a zone of. `hosted` are the zones
 * that decide about them: as long as all are the account's own, nothing is looked up.
 */
export async function authorizedNames(
  tx: Tx,
  tenant: Tenant,
  apexes: readonly string[],
  hosted: Iterable<Pick<Zone, 'domainId'>>,
  now: number,
): Promise<ReadonlySet<string>> {
  if ([...hosted].every((zone) => zone.domainId === tenant.domainId)) return new Set()
  const claims = await tx.claimsTo(tenant, 'authorization', apexes)
  return new Set(
    claims.filter((claim) => claim.status === 'VERIFIED' && !isOver(claim, now)).map(({ apex }) => apex),
  )
}
