import { OctetWriter } from '@waymark/dns/feed-codec'
import { nextSerial } from '@waymark/dns/zone/serial'
import { groupPayload } from '../feed/publish.ts'
import type { RecordSet, Tx, Zone } from '../store/store.ts'
import type { ZoneState } from './zone-state.ts'

/**
 * Ends a change of record sets whose rows are written and whose result `state` holds: raises revision and serial of the zone once
 * and appends one feed entry with every group that `touched` names, whole. The serial stays when nothing of it is published.
 */
export async function commitChange(
  tx: Tx,
  state: ZoneState,
  touched: readonly RecordSet[],
): Promise<{ zone: Zone; feedSeq: number }> {
  const { zone } = state
  const payload = new OctetWriter(Math.max(4096, touched.length * 48))
  const written = new Set<RecordSet>()
  for (const set of touched) {
    // Sets that never reach an edge: URL forwarding, aliases.
    if (set.rdatas === null || written.has(set)) continue
    const group = state.group(set.owner, set.type, set.line)
    for (const member of group) written.add(member)
    groupPayload(payload, set, group)
  }
  const isPublished = payload.length > 0
  const after: Zone = {
    ...zone,
    serial: isPublished ? nextSerial(zone.serial) : zone.serial,
    revision: zone.revision + 1,
  }
  await tx.updateZone(after)
  if (!isPublished) return { zone: after, feedSeq: 0 }
  const entry = { zoneId: zone.id, serial: after.serial, payload: payload.finish() }
  return { zone: after, feedSeq: await tx.appendFeed(entry) }
}
