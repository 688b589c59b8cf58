import type { Context } from '../context.ts'
import { type Failure, failure } from '../errors.ts'
import { zonePayload } from '../feed/publish.ts'
import { isOwnLineId } from '../lines/own-lines.ts'
import type { NewFeedEntry, Tenant, Tx, Zone } from '../store/store.ts'

/** A quota of this value means none. */
const UNLIMITED = 2147483647
/** SOA and NS, which every zone is made with and which count towards no quota. */
const DEFAULT_SETS = 2

/** The zone as it is after the transfer, or why it stays. */
export type TransferOutcome = { readonly zone: Zone } | { readonly failure: Failure }

/**
 * Gives public zones, with record sets and tags, to another account. They must be locked by `tx`. Finished tasks of a zone go:
 * they were the business of the old account. What refuses a zone: it is frozen (DNS.2006), not steady or at work for a task
 * (DNS.0209), on a line of the old account's own (DNS.0806), or beyond a quota of the receiver (DNS.0404, 0403).
 */
export async function transferZones(
  tx: Tx,
  context: Context,
  zones: readonly Zone[],
  receiver: Tenant,
): Promise<{ outcomes: TransferOutcome[]; feedSeq: number }> {
  const quotas = await quotasOf(tx, context, receiver)
  const entries: NewFeedEntry[] = []
  const outcomes: TransferOutcome[] = []
  for (const zone of zones) {
    const why = (await obstacle(tx, zone)) ?? quotas.take(zone)
    if (why !== undefined) {
      outcomes.push({ failure: why })
      continue
    }
    const after: Zone = {
      ...zone,
      ...{ domainId: receiver.domainId, projectId: receiver.projectId },
      // Enterprise projects are each account's own.
      enterpriseProjectId: '0',
      revision: zone.revision + 1,
      updatedAt: context.now(),
    }
    await removeTasks(tx, zone)
    await tx.updateZone(after)
    // The account decides whose lines a visitor can come from.
    entries.push({ zoneId: zone.id, serial: zone.serial, payload: zonePayload(after).finish() })
    outcomes.push({ zone: after })
  }
  return { outcomes, feedSeq: await tx.appendFeedEntries(entries) }
}

async function obstacle(tx: Tx, zone: Zone): Promise<Failure | undefined> {
  if (zone.status === 'ERROR') return failure('ZONE_NOT_STEADY')
  if (zone.status !== 'ACTIVE' && zone.status !== 'DISABLE') return failure('ZONE_FROZEN')
  const lines = await tx.listZoneLines(zone.id)
  if (lines.some(({ line }) => isOwnLineId(line))) return failure('LINE_UNKNOWN')
  const { total } = await tx.listTasks(zone, { zoneId: zone.id, status: 'PENDING' }, { limit: 0, offset: 0 })
  return total > 0 ? failure('ZONE_NOT_STEADY') : undefined
}

/** The tasks of the zone, all finished. */
async function removeTasks(tx: Tx, zone: Zone): Promise<void> {
  for (;;) {
    const { rows, hasMore } = await tx.listTasks(zone, { zoneId: zone.id }, { limit: 100, offset: 0 })
    for (const task of rows) await tx.removeTask(task.id)
    if (!hasMore) return
  }
}

/** What the receiver may still take; counted only where there is a limit. */
async function quotasOf(tx: Tx, context: Context, receiver: Tenant) {
  const { zoneQuota, recordSetQuota } = context.settings
  let zonesLeft = Number.POSITIVE_INFINITY
  let setsLeft = Number.POSITIVE_INFINITY
  if (zoneQuota < UNLIMITED) zonesLeft = zoneQuota - (await tx.countZones(receiver, 'public'))
  if (recordSetQuota < UNLIMITED) setsLeft = recordSetQuota - (await tx.countRecordSets(receiver))
  return {
    /** Takes the room for a zone; the answer says why there is none. */
    take(zone: Zone): Failure | undefined {
      const sets = zone.recordCount - DEFAULT_SETS
      if (zonesLeft < 1) return failure('ZONE_QUOTA')
      if (setsLeft < sets) return failure('RECORD_SET_QUOTA')
      zonesLeft--
      setsLeft -= sets
      return undefined
    },
  }
}
