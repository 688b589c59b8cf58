import { OctetWriter } from '@waymark/dns/feed-codec'
import { nextSerial } from '@waymark/dns/zone/serial'
import { groupPayload } from '../feed/publish.ts'
import type { RecordSet, Tx, Zone } from '../store/store.ts'
import { publishedTypes } from './published-addresses.ts'
import type { ZoneState } from './zone-state.ts'

/** The zone as a change of record sets leaves it, and what is announced of it. */
export interface ChangedZone {
  readonly zone: Zone
  /** Octets of a feed entry; undefined when nothing that is answered has changed. */
  readonly payload: Uint8Array | undefined
}

/**
 * Ends a change of record sets whose rows are written and whose result `state` holds: raises revision and serial of the zone once
 * and appends one feed entry with every group that `touched` names, whole. The serial stays when nothing of it is published.
 */
export async function commitChange(
  tx: Tx,
  state: ZoneState,
  touched: readonly RecordSet[],
): Promise<{ zone: Zone; feedSeq: number }> {
  const { zone, payload } = changedZone(state, touched)
  await tx.updateZone(zone)
  if (payload === undefined) return { zone, feedSeq: 0 }
  return { zone, feedSeq: await tx.appendFeed({ zoneId: zone.id, serial: zone.serial, payload }) }
}

/** The same without writing it, for those who write many zones at once. */
export function changedZone(state: ZoneState, touched: readonly RecordSet[]): ChangedZone {
  const { zone } = state
  const payload = new OctetWriter(512 + touched.length * 48)
  const written = new Set<RecordSet>()
  for (const set of touched) {
    // Sets that never reach an edge: URL forwarding without a forwarder, aliases of other types than addresses.
    if (set.rdatas === null || written.has(set)) continue
    const { owner, line } = set
    for (const type of publishedTypes(set.type)) {
      const group = state.publishedGroup(owner, type, line)
      for (const member of group) if (member.type === type) written.add(member)
      groupPayload(payload, { owner, type, line }, group)
    }
  }
  const isPublished = payload.length > 0
  const serial = isPublished ? nextSerial(zone.serial) : zone.serial
  return {
    zone: { ...zone, serial, revision: zone.revision + 1 },
    payload: isPublished ? payload.finish() : undefined,
  }
}
