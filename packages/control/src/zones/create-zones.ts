import { authorizedNames } from '../claims/authorized-names.ts'
import type { Context } from '../context.ts'
import { ApiError, type Failure, failure } from '../errors.ts'
import { reservedNames } from '../ptrs/reserved-names.ts'
import type { Tenant, Tx, Zone } from '../store/store.ts'
import { decidingNames, type MadeZone, makeZone, takenName } from './new-zone.ts'
import { type NewZone, readNewZone } from './zone-input.ts'

/** A quota of this value means none. */
const UNLIMITED = 2147483647

/** The zone that came of a name, or why none did. */
export type ZoneOutcome = { readonly zone: Zone } | { readonly failure: Failure }

/**
 * Makes public zones, as single calls would one after the other, and writes them with a few statements. `feedSeq` is 0 when
 * none was made. Throws RowExists when somebody else takes one of the names meanwhile: then nothing is written.
 */
export async function createPublicZones(
  tx: Tx,
  context: Context,
  tenant: Tenant,
  names: readonly string[],
  enterpriseProjectId: string,
): Promise<{ outcomes: ZoneOutcome[]; feedSeq: number }> {
  const inputs = names.map((name) => readName(name, enterpriseProjectId))
  const deciding = new Set(inputs.flatMap((input) => ('failure' in input ? [] : decidingNames(input.apex))))
  const hosted = new Map((await tx.publicZonesAt([...deciding])).map((zone) => [zone.apex, zone]))
  const apexes = inputs.flatMap((input) => ('failure' in input ? [] : [input.apex]))
  const authorized = await authorizedNames(tx, tenant, apexes, hosted.values(), context.now())
  const reserved = await reservedNames(tx, apexes)
  const { zoneQuota } = context.settings
  let quotaLeft =
    zoneQuota < UNLIMITED ? zoneQuota - (await tx.countZones(tenant, 'public')) : Number.POSITIVE_INFINITY
  const made: MadeZone[] = []
  const outcomes = inputs.map((input): ZoneOutcome => {
    if ('failure' in input) return input
    if (quotaLeft <= 0) return { failure: failure('ZONE_QUOTA') }
    const taken = takenName(tenant, input.apex, (apex) => hosted.get(apex), authorized)
    if (taken !== undefined) return { failure: taken }
    if (reserved.has(input.apex)) return { failure: failure('ZONE_NAME_RESERVED') }
    const { router: _, ...fields } = input
    const one = makeZone(context, tenant, fields, [])
    hosted.set(input.apex, one.zone)
    made.push(one)
    quotaLeft--
    return { zone: one.zone }
  })
  await tx.insertZones(made.map(({ zone }) => zone))
  await tx.insertRecordSetsInZones(made.flatMap(({ sets }) => sets))
  return { outcomes, feedSeq: await tx.appendFeedEntries(made.map(({ entry }) => entry)) }
}

function readName(name: string, enterpriseProjectId: string): NewZone | { readonly failure: Failure } {
  try {
    return readNewZone({ name, enterprise_project_id: enterpriseProjectId })
  } catch (error) {
    if (error instanceof ApiError) return { failure: error.failure }
    throw error
  }
}
