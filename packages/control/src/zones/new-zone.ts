import type { Context } from '../context.ts'
import { type Failure, failure } from '../errors.ts'
import { groupPayload, zonePayload } from '../feed/publish.ts'
import type { NewFeedEntry, RecordSet, Tenant, Zone } from '../store/store.ts'
import { defaultRecordSets } from './default-record-sets.ts'
import type { NewZone } from './zone-input.ts'
import { namesAbove } from './zone-name.ts'

/** A zone that is not stored yet, with what comes with it. */
export interface MadeZone {
  readonly zone: Zone
  /** SOA and NS. */
  readonly sets: readonly RecordSet[]
  /** What announces it to the edges. */
  readonly entry: NewFeedEntry
}

/** Makes a zone of what the caller says of it. */
export function makeZone(
  context: Context,
  tenant: Tenant,
  fields: Omit<NewZone, 'router'>,
  routers: Zone['routers'],
): MadeZone {
  const isSecondary = fields.primaries.length > 0
  const zone: Zone = {
    ...fields,
    id: context.newId(),
    domainId: tenant.domainId,
    projectId: tenant.projectId,
    status: 'ACTIVE',
    serial: isSecondary ? 0 : 1,
    revision: 1,
    recordCount: isSecondary ? 0 : 2,
    routers,
    createdAt: context.now(),
    updatedAt: null,
  }
  // A secondary has nothing to answer before the first transfer.
  const sets = isSecondary ? [] : defaultRecordSets(zone, context.settings.nameServers, context.newId)
  const payload = zonePayload(zone)
  for (const set of sets) groupPayload(payload, set, [set])
  return { zone, sets, entry: { zoneId: zone.id, serial: zone.serial, payload: payload.finish() } }
}

/** The names whose public zones decide about a new one. */
export const decidingNames = (apex: string): string[] => [apex, ...namesAbove(apex)]

/**
 * Why a public name cannot be had: it exists once, and below a zone of another account only where that has been authorised.
 * `hosted` gives the public zone of each of the deciding names.
 */
export function takenName(
  tenant: Tenant,
  apex: string,
  hosted: (apex: string) => Pick<Zone, 'domainId'> | undefined,
  authorized: ReadonlySet<string>,
): Failure | undefined {
  const isOwn = (zone: Pick<Zone, 'domainId'>) => zone.domainId === tenant.domainId
  const same = hosted(apex)
  if (same !== undefined) return failure(isOwn(same) ? 'ZONE_EXISTS' : 'ZONE_NAME_FOREIGN')
  // The nearest hosted name decides: below a zone of one's own everything is one's own.
  for (const above of namesAbove(apex)) {
    const zone = hosted(above)
    if (zone === undefined) continue
    return isOwn(zone) || authorized.has(apex) ? undefined : failure('ZONE_NOT_AUTHORIZED')
  }
  return undefined
}
