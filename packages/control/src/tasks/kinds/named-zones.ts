import { failure } from '../../errors.ts'
import { readName } from '../../record-sets/names.ts'
import type { Tenant, Tx, Zone } from '../../store/store.ts'
import type { Outcome } from './operation-kind.ts'

/** The zone that a name in a request means, or nothing. */
export type ZoneOfName = (name: string) => Zone | undefined

/** Locks the tenant's public zones of these names, which may come without final dot. */
export async function lockNamedZones(tx: Tx, tenant: Tenant, names: readonly string[]): Promise<ZoneOfName> {
  const apexes = new Set(names.flatMap((name) => readName(name)?.owner ?? []))
  const zones = new Map((await tx.lockPublicZones(tenant, [...apexes])).map((zone) => [zone.apex, zone]))
  return (name) => zones.get(readName(name)?.owner ?? '')
}

/** How a zone is shown that may not exist: final dot, lower case where it is a name. */
export const shownZoneName = (name: string): string =>
  readName(name)?.name ?? (name.endsWith('.') ? name : `${name}.`)

export const missingZone = (name: string): Outcome => ({
  name: shownZoneName(name),
  failure: failure('ZONE_NOT_FOUND'),
})
