import type { Context } from '../context.ts'
import { resolversOf } from '../dns-client/server-address.ts'
import { apiError } from '../errors.ts'
import { DEFAULT_LINE } from '../lines/lines.ts'
import { WEBSITE_TYPES } from '../record-sets/diagnosable.ts'
import { isInZone, readName } from '../record-sets/names.ts'
import type { RecordSet, Store, Tenant, Zone } from '../store/store.ts'
import { lookUpServers } from './delegation.ts'
import { namesAbove, registrableName } from './zone-name.ts'
import { showZone } from './zones.ts'

/** What is wrong with a name, the first that is found of this order. */
export const DETECTIONS = [
  /** Nobody could be asked. */
  'FAILED',
  'NOT_REGISTERED',
  /** Registered, but its servers do not answer, as for a name on hold. */
  'CANNOT_RESOLVE',
  /** Delegated to none of our name servers. */
  'NOT_HWDNS',
  'NO_WEBSITE_RECORD',
  'NO_EMAIL_RECORD',
  /** There are record sets, but none for visitors at large. */
  'NO_DEFAULT_VIEW',
  /** It is paused, or our servers have not taken it up yet. */
  'NOT_EFFECT',
  'OK',
] as const
export type Detection = (typeof DETECTIONS)[number]

/** Types that can be asked about; without one it is about a website. */
const TYPES = ['CNAME', 'TXT', 'MX']

/** Whether all edges answer what the feed holds up to `seq`, now or in a moment. */
export type WhenAnswered = (seq: number) => Promise<boolean>

/**
 * Looks why a name of a public zone is not answered. Codes: DNS.0302, 0008 (private zone), 0002 without a name, 0304 for none of
 * the zone, 0307.
 */
export async function detectDomain(
  context: Context,
  tenant: Tenant,
  sent: { readonly zoneId: string; readonly domainName?: string; readonly type?: string },
  whenAnswered: WhenAnswered,
): Promise<{ name: string; status: Detection }> {
  const { store, settings } = context
  const zone = await showZone(context, tenant, sent.zoneId)
  if (zone.zoneType !== 'public') throw apiError('ZONE_TYPE_UNSUPPORTED')
  if (sent.domainName === undefined) throw apiError('REQUEST_INVALID')
  const read = readName(sent.domainName)
  if (read === undefined || !isInZone(read.owner, zone.apex)) throw apiError('NAME_INVALID')
  const { type } = sent
  if (type !== undefined && !TYPES.includes(type)) throw apiError('TYPE_INVALID')

  const delegation = await detectDelegation(settings, zone.apex)
  if (delegation !== 'OK') return { name: read.name, status: delegation }
  const types: readonly string[] = type === undefined ? WEBSITE_TYPES : [type]
  const sets = (await recordSetsFor(store, zone, read.owner)).filter((set) => types.includes(set.type))
  return { name: read.name, status: await detectInZone() }

  async function detectInZone(): Promise<Detection> {
    if (sets.length === 0) return type === undefined ? 'NO_WEBSITE_RECORD' : 'NO_EMAIL_RECORD'
    const onDefault = sets.filter(({ line }) => line === DEFAULT_LINE)
    if (onDefault.length === 0) return 'NO_DEFAULT_VIEW'
    const isPublished = zone.status === 'ACTIVE' && onDefault.some(({ status }) => status === 'ACTIVE')
    const { newest } = await store.feedBounds()
    return isPublished && (await whenAnswered(newest)) ? 'OK' : 'NOT_EFFECT'
  }
}

/** What the resolvers of the settings see of the delegation of a zone. */
async function detectDelegation(settings: Context['settings'], apex: string): Promise<Detection> {
  const seen = await lookUpServers(resolversOf(settings), apex, registrableName(apex))
  if (seen.is === 'unreachable') return 'FAILED'
  if (seen.is === 'no-such-name') return 'NOT_REGISTERED'
  if (seen.is === 'failing') return 'CANNOT_RESOLVE'
  const isOurs =
    seen.is === 'delegated' && seen.nameServers.some((each) => settings.nameServers.includes(each))
  return isOurs ? 'OK' : 'NOT_HWDNS'
}

/** The record sets that a query for the name comes to: its own, else those of the wildcard that stands for it (RFC 4592 3.3). */
async function recordSetsFor(store: Store, zone: Zone, owner: string): Promise<RecordSet[]> {
  const own = await store.recordSetsAt(zone.id, [owner])
  if (own.length > 0 || (await store.hasOwnersBelow(zone.id, owner))) return own
  for (const above of namesAbove(owner)) {
    const wildcard = `*.${above}`
    const found = await store.recordSetsAt(zone.id, [above, wildcard])
    const standIns = found.filter((set) => set.owner === wildcard)
    // The nearest name that exists decides whether there is a wildcard.
    const exists = found.length > 0 || (await store.hasOwnersBelow(zone.id, above))
    if (standIns.length > 0 || exists) return standIns
  }
  return []
}
