import { failure } from '../../errors.ts'
import type { RecordSetDraft } from '../../record-sets/draft.ts'
import { readName, resolveBatchName } from '../../record-sets/names.ts'
import { RecordSetChanges, type ZoneNeed } from '../../record-sets/record-set-changes.ts'
import { isUrlType } from '../../record-sets/rules/url-alone.ts'
import type { Task, Tx, Zone } from '../../store/store.ts'
import { recordSetEffect } from './effects.ts'
import { lockNamedZones, missingZone, shownZoneName } from './named-zones.ts'
import type { OperationKind, Outcome } from './operation-kind.ts'

/** A record set to create; `draft.name` is as sent, because only the zone itself tells what it means. */
export interface DraftInZone {
  readonly zoneName: string
  readonly draft: RecordSetDraft
}

/** `batch-create-recordset`: different record sets in different zones. A zone that does not exist is one error of the task. */
export const createInZonesKind: OperationKind<DraftInZone> = {
  name: 'create_in_zones',
  word: 'import_recordset',
  nameOf: ({ zoneName, draft }) => resolveBatchName(draft.name, namedZone(zoneName)),

  async apply(tx, context, { task, items }) {
    const zoneOf = await lockNamedZones(
      tx,
      task,
      items.map((item) => item.zoneName),
    )
    const placed = items.map(({ zoneName, draft }) => {
      const zone = zoneOf(zoneName)
      return zone && { zone, draft: { ...draft, name: resolveBatchName(draft.name, zone) } }
    })
    const needs = needsOf(placed.filter((each) => each !== undefined))
    const changes = await RecordSetChanges.open(tx, context, 'batch', needs)
    const told = placed.includes(undefined) ? await missingBefore(tx, task) : new Set<string>()
    const outcomes: Outcome[] = []
    for (const [n, each] of placed.entries()) {
      if (each !== undefined) {
        outcomes.push(createOne(changes, each.zone, each.draft))
        continue
      }
      const missing = missingZone(items[n]!.zoneName)
      if (!told.has(missing.name)) outcomes.push(missing)
      told.add(missing.name)
    }
    return { outcomes, feedSeq: await changes.write() }
  },
}

/** A zone by its name alone. */
export function namedZone(zoneName: string): Pick<Zone, 'name' | 'apex'> {
  const shown = shownZoneName(zoneName)
  return { name: shown, apex: readName(shown)?.owner ?? shown }
}

/** What these drafts with full names need to see, zone by zone. */
export function needsOf(
  drafts: readonly { readonly zone: Zone; readonly draft: RecordSetDraft }[],
): ZoneNeed[] {
  return [...Map.groupBy(drafts, ({ zone }) => zone.id).values()].map((ofZone) => {
    const owners = ofZone.map(({ draft }) => readName(draft.name)?.owner)
    return {
      zone: ofZone[0]!.zone,
      owners: owners.filter((owner) => owner !== undefined),
      dnameOwners: () => ofZone.flatMap(({ draft }, n) => (draft.type === 'DNAME' ? (owners[n] ?? []) : [])),
      lines: ofZone.map(({ draft }) => draft.line),
    }
  })
}

/** Creates one set, of a type that DNS knows: operation tasks have no URL forwarding. */
export function createOne(changes: RecordSetChanges, zone: Zone, draft: RecordSetDraft): Outcome {
  if (isUrlType(draft.type)) return { name: draft.name, failure: failure('TYPE_INVALID') }
  const verdict = changes.create(zone, draft)
  return verdict.ok
    ? { name: verdict.row.name, effect: recordSetEffect(null, verdict.row) }
    : { name: draft.name, failure: verdict.failure }
}

/** Names of the zones that earlier chunks of the task have reported missing. */
async function missingBefore(tx: Tx, task: Task): Promise<Set<string>> {
  const { code } = failure('ZONE_NOT_FOUND')
  const errors =
    task.errorCount === 0 ? [] : await tx.listTaskErrors(task.id, { limit: task.errorCount, offset: 0 })
  return new Set(errors.filter((error) => error.code === code).map((error) => String(error.item.item)))
}
