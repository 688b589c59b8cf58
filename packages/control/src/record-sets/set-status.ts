import type { Context } from '../context.ts'
import { ApiError, apiError } from '../errors.ts'
import { readBatch, readIds } from '../http/read-batch.ts'
import type { RecordSet, Tenant } from '../store/store.ts'
import { readMembers } from '../zones/zone-input.ts'
import { zoneFault } from './apply.ts'
import { commitByZone, lockRecordSets } from './change-by-zone.ts'
import { isFrozen, type Placed } from './record-sets.ts'

/** Record sets of one call. */
const MAX_SETS = 50

/**
 * Pauses or resumes one record set; one that is so already stays as it is. Codes: DNS.0002, 0313, 0209, 2006, 0314, 0324, 0315, 0213
 * (a set of a paused zone cannot be resumed).
 */
export async function setRecordSetStatus(
  context: Context,
  tenant: Tenant,
  recordSetId: string,
  body: unknown,
): Promise<Placed> {
  const sent = readMembers(body)
  return context.store.transaction(async (tx) => {
    const [placed] = await lockRecordSets(tx, tenant, [recordSetId])
    if (placed === undefined) throw apiError('RECORD_SET_NOT_FOUND')
    const { zone, row } = placed
    const closed = zoneFault(zone)
    if (closed !== undefined) throw new ApiError(closed)
    if (isFrozen(row)) throw apiError('RECORD_SET_NOT_STEADY')
    if (row.isDefault) throw apiError('DEFAULT_NOT_OPERABLE')
    const status = readStatus(sent.status)
    if (status === 'ACTIVE' && zone.status === 'DISABLE') throw apiError('ZONE_DISABLED')
    if (row.status === status) return placed
    const after = { ...row, status, updatedAt: context.now() }
    await commitByZone(tx, [{ zone, before: row, after }])
    return { zone, row: after }
  })
}

/**
 * Pauses or resumes record sets of any zones and returns those that it changed. Passed over: unknown and foreign ids, sets that came
 * with their zone, sets in that state already, and sets that their own or their zone's state forbids to change. Codes: DNS.0002,
 * 0315, 0329.
 */
export async function setRecordSetStatuses(
  context: Context,
  tenant: Tenant,
  body: unknown,
): Promise<Placed[]> {
  const sent = readMembers(body)
  readBatch(sent.recordset_ids, MAX_SETS, 'BATCH_UPDATE_LIMIT')
  const status = readStatus(sent.status)
  const ids = readIds(sent.recordset_ids, MAX_SETS, 'BATCH_UPDATE_LIMIT')
  return context.store.transaction(async (tx) => {
    const now = context.now()
    const changes = (await lockRecordSets(tx, tenant, ids))
      .filter(({ zone, row }) => {
        if (zoneFault(zone) !== undefined || isFrozen(row) || row.isDefault) return false
        return row.status !== status && !(status === 'ACTIVE' && zone.status === 'DISABLE')
      })
      .map(({ zone, row }) => ({ zone, before: row, after: { ...row, status, updatedAt: now } }))
    await commitByZone(tx, changes)
    return changes.map(({ zone, after }) => ({ zone, row: after }))
  })
}

/** The state that the word of a request asks for. Code: DNS.0315. */
function readStatus(word: unknown): RecordSet['status'] {
  if (word === 'ENABLE') return 'ACTIVE'
  if (word === 'DISABLE') return 'DISABLE'
  throw apiError('STATUS_INVALID')
}
