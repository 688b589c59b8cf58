import type { Context } from '../context.ts'
import { ApiError, apiError } from '../errors.ts'
import { readBatch } from '../http/read-batch.ts'
import type { Tenant } from '../store/store.ts'
import { readMembers } from '../zones/zone-input.ts'
import { lockZone } from '../zones/zones.ts'
import { applyDrafts } from './apply.ts'
import type { RecordSetDraft } from './draft.ts'
import { DEFAULT_TTL } from './draft-of-body.ts'
import type { Placed } from './record-sets.ts'

/** Lines of one call. */
const MAX_LINES = 50

/**
 * Creates a record set of one name and type on each of several lines of a public zone, all or none; the first line refused decides.
 * A line named twice makes a weighted group. Codes: DNS.0002, 0326, 0302, 0204, 0209, 2006, then those of the rules.
 */
export async function createOnLines(
  context: Context,
  tenant: Tenant,
  zoneId: string,
  body: unknown,
): Promise<Placed[]> {
  const drafts = draftsOf(body)
  return context.store.transaction(async (tx) => {
    const locked = await lockZone(tx, tenant, zoneId)
    if (locked.zoneType !== 'public') throw apiError('ZONE_TYPE_INVALID')
    const { verdicts, zone } = await applyDrafts(tx, context, locked, drafts, { door: 'v2.1', commit: true })
    return verdicts.map((verdict) => {
      if (!verdict.ok) throw new ApiError(verdict.failure)
      return { zone, row: verdict.row }
    })
  })
}

function draftsOf(body: unknown): RecordSetDraft[] {
  const { name, type, description, lines } = readMembers(body)
  return readBatch(lines, MAX_LINES, 'BATCH_CREATE_LIMIT').map((item) => {
    const sent = readMembers(item)
    return {
      name: name ?? '',
      type: type ?? '',
      line: sent.line ?? '',
      ttl: sent.ttl ?? DEFAULT_TTL,
      weight: sent.weight,
      records: sent.records ?? [],
      status: 'ENABLE',
      description: description ?? null,
    } as RecordSetDraft
  })
}
