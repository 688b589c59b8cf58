import { readName, resolveBatchName } from '../../record-sets/names.ts'
import { RecordSetChanges, type ZoneNeed } from '../../record-sets/record-set-changes.ts'
import type { RecordSet, Zone } from '../../store/store.ts'
import { recordSetEffect } from './effects.ts'
import { lockNamedZones, missingZone, shownZoneName, type ZoneOfName } from './named-zones.ts'
import type { OperationKind, Outcome } from './operation-kind.ts'

/** Hosts whose record sets go. */
export interface DeleteParams {
  readonly prefixes: readonly string[]
}

/**
 * `batch-delete-recordset`: every record set, of any type and line, at some hosts of every zone, but for the SOA and NS that a
 * zone came with. A host that does not exist is no error. An item is the name of a zone.
 */
export const deleteInZonesKind: OperationKind<string> = {
  name: 'delete_in_zones',
  word: 'delete',
  nameOf: shownZoneName,

  async apply(tx, context, { task, items }) {
    const { prefixes } = task.params as unknown as DeleteParams
    const zoneOf = await lockNamedZones(tx, task, items)
    const changes = await RecordSetChanges.open(
      tx,
      context,
      'batch',
      needsAt(items, zoneOf, (zone) => ownersOf(prefixes, zone)),
    )
    const removed = (zone: Zone, row: RecordSet): Outcome => {
      const why = changes.remove(zone, row)
      return why === undefined
        ? { name: row.name, effect: recordSetEffect(row, null) }
        : { name: row.name, failure: why }
    }
    const outcomes = items.flatMap((zoneName) => {
      const zone = zoneOf(zoneName)
      if (zone === undefined) return missingZone(zoneName)
      return setsAt(changes, zone, ownersOf(prefixes, zone)).map((row) => removed(zone, row))
    })
    return { outcomes, feedSeq: await changes.write() }
  },
}

/** Every zone that the items name, once, with the owners that `ownersIn` gives for it. */
export function needsAt(
  items: readonly string[],
  zoneOf: ZoneOfName,
  ownersIn: (zone: Zone) => readonly string[],
): ZoneNeed[] {
  const zones = new Set(items.map(zoneOf).filter((zone) => zone !== undefined))
  return [...zones].map((zone) => ({ zone, owners: ownersIn(zone) }))
}

/** The owners that hosts mean in a zone, each once; what makes no name is the host of no record set. */
export const ownersOf = (hosts: readonly string[], zone: Zone): string[] => [
  ...new Set(hosts.flatMap((host) => readName(resolveBatchName(host, zone))?.owner ?? [])),
]

/** The sets at some owners that are not the zone's own. */
export const setsAt = (changes: RecordSetChanges, zone: Zone, owners: readonly string[]): RecordSet[] =>
  owners.flatMap((owner) => changes.setsAt(zone, owner)).filter((row) => !row.isDefault)
