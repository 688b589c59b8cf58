import type { RecordSetDraft } from '../../record-sets/draft.ts'
import { readName, resolveBatchName } from '../../record-sets/names.ts'
import { RecordSetChanges } from '../../record-sets/record-set-changes.ts'
import type { RecordSet, Zone } from '../../store/store.ts'
import { needsAt, ownersOf, setsAt } from './delete-in-zones.ts'
import { recordSetEffect } from './effects.ts'
import { lockNamedZones, missingZone, shownZoneName } from './named-zones.ts'
import type { OperationKind, Outcome } from './operation-kind.ts'

/** Which record sets are changed, and to what. */
export interface UpdateParams {
  /** OR: at any of the hosts; AND: at all of them, which only one host can be. */
  readonly relation: 'OR' | 'AND'
  readonly hosts: readonly string[]
  /** `rr_value`: `values` become the values; `host_name`: the set comes to stand at each of them. */
  readonly key: 'host_name' | 'rr_value'
  readonly values: readonly string[]
}

/**
 * `batch-update-recordset`: new values or new hosts for the record sets at some hosts of every zone, of any type and line, but
 * for the SOA and NS that a zone came with. A zone without such sets counts neither way. An item is the name of a zone.
 */
export const updateInZonesKind: OperationKind<string> = {
  name: 'update_in_zones',
  word: 'batch_update_rs',
  nameOf: shownZoneName,

  async apply(tx, context, { task, items }) {
    const params = task.params as unknown as UpdateParams
    const zoneOf = await lockNamedZones(tx, task, items)
    const targets = params.key === 'host_name' ? params.values : []
    const needs = needsAt(items, zoneOf, (zone) => ownersOf([...params.hosts, ...targets], zone)).map(
      (need) => ({
        ...need,
        dnameOwners: (rows: readonly RecordSet[]) =>
          rows.some((row) => row.type === 'DNAME') ? ownersOf(targets, need.zone) : [],
      }),
    )
    // The door decides how weights and values are judged: these sets are there already, as those of a single update.
    const changes = await RecordSetChanges.open(tx, context, 'v2.1', needs)
    const outcomes: Outcome[] = []
    for (const zoneName of items) {
      const zone = zoneOf(zoneName)
      if (zone === undefined) {
        outcomes.push(missingZone(zoneName))
        continue
      }
      for (const row of setsAt(changes, zone, matchedOwners(params, zone))) {
        if (params.key === 'rr_value') outcomes.push(changed(changes, zone, row, { records: params.values }))
        else outcomes.push(...spread(changes, zone, row, params.values))
      }
    }
    return { outcomes, feedSeq: await changes.write() }
  },
}

function matchedOwners({ relation, hosts }: UpdateParams, zone: Zone): string[] {
  const owners = ownersOf(hosts, zone)
  if (relation === 'OR') return owners
  const isOneHost = owners.length === 1 && hosts.every((host) => ownersOf([host], zone).length === 1)
  return isOneHost ? owners : []
}

const changed = (
  changes: RecordSetChanges,
  zone: Zone,
  row: RecordSet,
  change: Partial<RecordSetDraft>,
): Outcome => {
  const draft = { ...draftOf(row), ...change }
  const verdict = changes.update(zone, row, draft)
  return verdict.ok
    ? { name: verdict.row.name, effect: recordSetEffect(row, verdict.row) }
    : { name: draft.name, failure: verdict.failure }
}

/**
 * Brings a set to each of `hosts` once. It stays where it is if that is one of them, else it moves to the first and keeps its id;
 * copies go to the others.
 */
function spread(changes: RecordSetChanges, zone: Zone, row: RecordSet, hosts: readonly string[]): Outcome[] {
  /** Full names by owner. */
  const targets = new Map<string, string>()
  for (const host of hosts) {
    const name = resolveBatchName(host, zone)
    const owner = readName(name)?.owner ?? name
    if (!targets.has(owner)) targets.set(owner, name)
  }
  const isThere = targets.has(row.owner)
  return [...targets].map(([owner, name], n): Outcome => {
    if (owner === row.owner) return { name: row.name }
    if (n === 0 && !isThere) return changed(changes, zone, row, { name })
    const verdict = changes.create(zone, { ...draftOf(row), name })
    return verdict.ok
      ? { name: verdict.row.name, effect: recordSetEffect(null, verdict.row) }
      : { name, failure: verdict.failure }
  })
}

/** The draft that a set would be made of, but for its tags. */
const draftOf = (row: RecordSet): RecordSetDraft => ({
  name: row.name,
  type: row.type,
  line: row.line,
  ttl: row.ttl,
  weight: row.weight,
  records: row.records,
  status: row.status === 'DISABLE' ? 'DISABLE' : 'ENABLE',
  description: row.description,
  aliasTarget: row.aliasTarget,
})
