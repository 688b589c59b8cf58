import { OctetWriter } from '@waymark/dns/feed-codec'
import { nextSerial } from '@waymark/dns/zone/serial'
import { authorizedNames } from '../claims/authorized-names.ts'
import type { Context } from '../context.ts'
import { ApiError, apiError, type Failure, failure } from '../errors.ts'
import { groupPayload, zonePayload, zoneRemovedPayload } from '../feed/publish.ts'
import { reservedNames } from '../ptrs/reserved-names.ts'
import { untried } from '../secondary/untried.ts'
import { RowExists, type Tenant, type Tx, type Zone, type ZoneType } from '../store/store.ts'
import { regeneratedSoa } from './default-record-sets.ts'
import { findNetwork } from './find-network.ts'
import { decidingNames, type MadeZone, makeZone, takenName } from './new-zone.ts'
import { type NewZone, readMembers, readNewZone, readZoneChange } from './zone-input.ts'

const UNLIMITED = 2147483647

/**
 * Makes a zone with its SOA and NS sets and announces it to the edges. `body` is the request as sent.
 * Codes: DNS.0204, 0202, 0206, 0201, 0203, 1905, 0701, 0002, 1003, 1001 for the fields; 0404 quota; 0208, 0211 uniqueness.
 */
export async function createZone(context: Context, tenant: Tenant, body: unknown): Promise<Zone> {
  const input = readNewZone(body)
  try {
    return await context.store.transaction((tx) => insertZone(tx, context, tenant, input))
  } catch (error) {
    // Somebody else's transaction took the name between the check and the insertion.
    if (error instanceof RowExists) throw apiError('ZONE_EXISTS')
    throw error
  }
}

async function insertZone(tx: Tx, context: Context, tenant: Tenant, input: NewZone): Promise<Zone> {
  await refuseBeyondQuota(tx, context, tenant, input.zoneType)
  const { router: named, ...fields } = input
  const network = named === null ? null : await findNetwork(tx, tenant, named)
  if (network === undefined) throw apiError('VPC_NOT_FOUND')
  const why =
    input.zoneType === 'public'
      ? await takenPublicName(tx, context, tenant, input.apex)
      : await takenInNetwork(tx, tenant, input.apex, network?.routerId)
  if (why !== undefined) throw new ApiError(why)
  const routers = network === null ? [] : [{ ...network, status: 'ACTIVE' }]
  const zone = await writeZone(tx, makeZone(context, tenant, fields, routers))
  if (zone.primaries.length > 0) await tx.putTransfer(untried(zone.id, context.now()))
  return zone
}

/** Code: DNS.0404. */
export async function refuseBeyondQuota(
  tx: Tx,
  { settings }: Context,
  tenant: Tenant,
  zoneType: ZoneType,
): Promise<void> {
  const { zoneQuota } = settings
  if (zoneQuota < UNLIMITED && (await tx.countZones(tenant, zoneType)) >= zoneQuota)
    throw apiError('ZONE_QUOTA')
}

/** Stores a zone that nothing stands in the way of, and announces it to the edges. */
export async function writeZone(tx: Tx, { zone, sets, entry }: MadeZone): Promise<Zone> {
  await tx.insertZone(zone)
  if (sets.length > 0) await tx.insertRecordSets(zone.id, sets)
  await tx.appendFeed(entry)
  return zone
}

async function takenPublicName(
  tx: Tx,
  context: Context,
  tenant: Tenant,
  apex: string,
): Promise<Failure | undefined> {
  const hosted = await tx.publicZonesAt(decidingNames(apex))
  if ((await reservedNames(tx, [apex])).size > 0) return failure('ZONE_NAME_RESERVED')
  const authorized = await authorizedNames(tx, tenant, [apex], hosted, context.now())
  return takenName(tenant, apex, (name) => hosted.find((zone) => zone.apex === name), authorized)
}

/** Private zones of one name may stand side by side in different private networks. */
async function takenInNetwork(
  tx: Tx,
  tenant: Tenant,
  apex: string,
  routerId: string | undefined,
): Promise<Failure | undefined> {
  const same = await tx.zonesByApex(apex, 'private')
  const isTaken = same.some((zone) => zone.routers.some((each) => each.routerId === routerId))
  if (isTaken) return failure('ZONE_EXISTS')
  // A resolver rule for this very name holds there.
  const rule = routerId === undefined ? undefined : await tx.findRuleOfNetwork(tenant, apex, routerId)
  return rule === undefined ? undefined : failure('RULE_CONFLICT')
}

/** The zone, for reading. Code: DNS.0302. */
export async function showZone(context: Context, tenant: Tenant, zoneId: string): Promise<Zone> {
  const zone = await context.store.findZone(tenant, zoneId)
  if (zone === undefined) throw apiError('ZONE_NOT_FOUND')
  return zone
}

/** The zone, locked for a change. Code: DNS.0302. */
export async function lockZone(tx: Tx, tenant: Tenant, zoneId: string): Promise<Zone> {
  const zone = await tx.lockZone(tenant, zoneId)
  if (zone === undefined) throw apiError('ZONE_NOT_FOUND')
  return zone
}

/**
 * Changes description, mailbox or TTL; the SOA set follows the latter two. Codes: DNS.0302, 0209, 2006 state; 0030 for the SOA of a secondary; 0206, 0201, 0203.
 */
export async function updateZone(
  context: Context,
  tenant: Tenant,
  zoneId: string,
  body: unknown,
): Promise<Zone> {
  const sent = readMembers(body)
  return context.store.transaction(async (tx) => {
    const zone = await lockZone(tx, tenant, zoneId)
    refuseFrozen(zone)
    if (zone.status === 'ERROR') throw apiError('ZONE_NOT_STEADY')
    const now = context.now()
    const changed: Zone = {
      ...zone,
      ...readZoneChange(sent, zone),
      revision: zone.revision + 1,
      updatedAt: now,
    }
    const isOfSoa = changed.email !== zone.email || changed.ttl !== zone.ttl
    if (isOfSoa && zone.primaries.length > 0) throw apiError('ZONE_SECONDARY')
    if (!isOfSoa) {
      await tx.updateZone(changed)
      return changed
    }
    const atApex = await tx.recordSetsAt(zone.id, [zone.apex])
    const soa = atApex.find((set) => set.isDefault && set.type === 'SOA')
    if (soa === undefined) throw new Error(`zone ${zone.id} has no SOA record set`)
    const after = { ...changed, serial: nextSerial(zone.serial) }
    const newSoa = regeneratedSoa(soa, after, now)
    await tx.updateRecordSet(newSoa)
    await tx.updateZone(after)
    const payload = new OctetWriter(512)
    groupPayload(payload, newSoa, [newSoa])
    await tx.appendFeed({ zoneId: zone.id, serial: after.serial, payload: payload.finish() })
    return after
  })
}

/** Removes a zone with all its record sets. Codes: DNS.0302, 2006. Returns the zone as it was. */
export const removeZone = (context: Context, tenant: Tenant, zoneId: string): Promise<Zone> =>
  context.store.transaction(async (tx) => {
    const zone = await lockZone(tx, tenant, zoneId)
    await dropZone(tx, zone)
    return zone
  })

/** Removes a locked zone. Code: DNS.2006. */
export async function dropZone(tx: Tx, zone: Zone): Promise<void> {
  if (zone.status === 'POLICE') throw apiError('ZONE_FROZEN')
  await tx.removeZone(zone.id)
  await tx.appendFeed({ zoneId: zone.id, serial: zone.serial, payload: zoneRemovedPayload() })
}

/**
 * Pauses (`DISABLE`) or resumes (`ENABLE`) a zone. A paused zone is not answered and its record sets show as paused, while
 * each keeps the state it comes back with. Codes: DNS.0315, 0302, 2006, 0209 (already running), 0213 (already paused).
 */
export async function setZoneStatus(
  context: Context,
  tenant: Tenant,
  zoneId: string,
  status: unknown,
): Promise<Zone> {
  return context.store.transaction(async (tx) => {
    const zone = await lockZone(tx, tenant, zoneId)
    refuseFrozen(zone)
    const wanted = readZoneStatus(status)
    if (zone.status === wanted) throw apiError(wanted === 'ACTIVE' ? 'ZONE_ALREADY_ENABLED' : 'ZONE_DISABLED')
    return publishZone(tx, { ...zone, status: wanted }, context.now())
  })
}

/** The state that the word of a request asks for. Code: DNS.0315. */
export function readZoneStatus(word: unknown): 'ACTIVE' | 'DISABLE' {
  if (word === 'ENABLE') return 'ACTIVE'
  if (word === 'DISABLE') return 'DISABLE'
  throw apiError('STATUS_INVALID')
}

/** Writes a locked zone whose state or networks have changed, and tells the edges. Returns it as written. */
export async function publishZone(tx: Tx, changed: Zone, now: number): Promise<Zone> {
  const after: Zone = { ...changed, revision: changed.revision + 1, updatedAt: now }
  await tx.updateZone(after)
  await tx.appendFeed({ zoneId: after.id, serial: after.serial, payload: zonePayload(after).finish() })
  return after
}

/** Frozen by the operator: only deletion is left, and for some not even that. */
export const isFrozenZone = (zone: Zone): boolean =>
  zone.status === 'FREEZE' || zone.status === 'ILLEGAL' || zone.status === 'POLICE'

/** Code: DNS.2006. */
export function refuseFrozen(zone: Zone): void {
  if (isFrozenZone(zone)) throw apiError('ZONE_FROZEN')
}
