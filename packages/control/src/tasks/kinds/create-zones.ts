import { createPublicZones } from '../../zones/create-zones.ts'
import { shownZoneName } from './named-zones.ts'
import type { OperationKind } from './operation-kind.ts'

/** What all the zones get. */
export interface CreateZonesParams {
  readonly enterpriseProjectId: string
}

/** `batch-create-zone`: public zones by their names, everything else of them by default. */
export const createZonesKind: OperationKind<string> = {
  name: 'create_zones',
  word: 'batch_create_zone',
  nameOf: shownZoneName,

  async apply(tx, context, { task, items }) {
    const { enterpriseProjectId } = task.params as unknown as CreateZonesParams
    const { outcomes, feedSeq } = await createPublicZones(tx, context, task, items, enterpriseProjectId)
    return {
      outcomes: outcomes.map((outcome, n) => {
        if ('failure' in outcome) return { name: shownZoneName(items[n]!), failure: outcome.failure }
        const { id, name, updatedAt } = outcome.zone
        return { name, effect: { zoneId: id, recordSetId: null, before: null, after: { updatedAt } } }
      }),
      feedSeq,
    }
  },
}
