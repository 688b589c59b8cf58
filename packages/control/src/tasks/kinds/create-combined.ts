import type { RecordSetDraft } from '../../record-sets/draft.ts'
import { resolveBatchName } from '../../record-sets/names.ts'
import { RecordSetChanges } from '../../record-sets/record-set-changes.ts'
import { createOne, needsOf } from './create-in-zones.ts'
import { lockNamedZones, missingZone, shownZoneName } from './named-zones.ts'
import type { OperationKind } from './operation-kind.ts'

/** What is created at every prefix of every zone. */
export interface CombinedParams {
  readonly prefixes: readonly string[]
  /** Without a name of its own. */
  readonly draft: RecordSetDraft
}

/**
 * `batch-create-combined-recordset`: the same values at every prefix of every zone. An item is the name of a zone; its record
 * sets are made of the task's parameters when its turn comes, so they are never all in memory.
 */
export const createCombinedKind: OperationKind<string> = {
  name: 'create_combined',
  word: 'create',
  nameOf: shownZoneName,

  async apply(tx, context, { task, items }) {
    const { prefixes, draft } = task.params as unknown as CombinedParams
    const zoneOf = await lockNamedZones(tx, task, items)
    const placed = items.map((zoneName) => {
      const zone = zoneOf(zoneName)
      return (
        zone && prefixes.map((name) => ({ zone, draft: { ...draft, name: resolveBatchName(name, zone) } }))
      )
    })
    const needs = needsOf(placed.flatMap((ofZone) => ofZone ?? []))
    const changes = await RecordSetChanges.open(tx, context, 'batch', needs)
    const outcomes = placed.flatMap((ofZone, n) =>
      ofZone === undefined
        ? missingZone(items[n]!)
        : ofZone.map((each) => createOne(changes, each.zone, each.draft)),
    )
    return { outcomes, feedSeq: await changes.write() }
  },
}
