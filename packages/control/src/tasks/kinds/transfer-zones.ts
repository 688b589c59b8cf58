import { transferZones } from '../../zones/transfer-zones.ts'
import { lockNamedZones, missingZone, shownZoneName } from './named-zones.ts'
import type { OperationKind } from './operation-kind.ts'

/** Who gets the zones. */
export interface TransferParams {
  readonly receiver: { readonly domainId: string; readonly projectId: string }
}

/** `batch-transfer`: gives public zones with their record sets and tags to another account. */
export const transferZonesKind: OperationKind<string> = {
  name: 'transfer_zones',
  word: 'transfer',
  nameOf: shownZoneName,

  async apply(tx, context, { task, items }) {
    const { receiver } = task.params as unknown as TransferParams
    const zoneOf = await lockNamedZones(tx, task, items)
    // A zone that is named twice is gone when it comes again.
    const zones = new Set(items.map(zoneOf).filter((zone) => zone !== undefined))
    const { outcomes, feedSeq } = await transferZones(tx, context, [...zones], receiver)
    const outcomeOf = new Map([...zones].map((zone, n) => [zone, outcomes[n]!]))
    return {
      outcomes: items.map((zoneName) => {
        const before = zoneOf(zoneName)
        const outcome = before && outcomeOf.get(before)
        if (before === undefined || outcome === undefined) return missingZone(zoneName)
        if ('failure' in outcome) return { name: before.name, failure: outcome.failure }
        outcomeOf.delete(before)
        const { domainId, projectId, enterpriseProjectId } = before
        return {
          name: before.name,
          effect: {
            zoneId: before.id,
            recordSetId: null,
            before: { domainId, projectId, enterpriseProjectId },
            after: { updatedAt: outcome.zone.updatedAt },
          },
        }
      }),
      feedSeq,
    }
  },
}
