import type { Context } from '../context.ts'
import { ApiError, apiError } from '../errors.ts'
import type { RecordSet, Tenant, Tx, Zone } from '../store/store.ts'
import { readMembers } from '../zones/zone-input.ts'
import { lockZone, showZone } from '../zones/zones.ts'
import { applyDrafts, loadStateFor, startChecking, zoneFault } from './apply.ts'
import { checkDraft } from './check.ts'
import { commitChange } from './commit-change.ts'
import { type ApiVersion, draftOfNew, draftOfUpdate } from './draft-of-body.ts'

/** A record set with its zone, as every answer shows it. */
export interface Placed {
  readonly zone: Zone
  readonly row: RecordSet
}

/** Creates one record set from a request body. Codes: DNS.0002, 0302, 0209, 2006, then those of the rules. */
export async function createRecordSet(
  context: Context,
  tenant: Tenant,
  zoneId: string,
  body: unknown,
  version: ApiVersion,
): Promise<Placed> {
  const draft = draftOfNew(readMembers(body), version)
  return context.store.transaction(async (tx) => {
    const locked = await lockZone(tx, tenant, zoneId)
    const options = { door: version, commit: true }
    const { verdicts, zone } = await applyDrafts(tx, context, locked, [draft], options)
    const verdict = verdicts[0]!
    if (!verdict.ok) throw new ApiError(verdict.failure)
    return { zone, row: verdict.row }
  })
}

/** Codes: DNS.0302, 0313. */
export async function showRecordSet(
  context: Context,
  tenant: Tenant,
  zoneId: string,
  recordSetId: string,
): Promise<Placed> {
  const zone = await showZone(context, tenant, zoneId)
  const row = await context.store.findRecordSet(tenant, zoneId, recordSetId)
  if (row === undefined) throw apiError('RECORD_SET_NOT_FOUND')
  return { zone, row }
}

/**
 * Changes name, type, values, TTL, description or weight of a record set. Codes: DNS.0002, 0302, 0313, 0209, 2006, 0314, 0318,
 * 0043, then those of the rules.
 */
export async function updateRecordSet(
  context: Context,
  tenant: Tenant,
  zoneId: string,
  recordSetId: string,
  body: unknown,
  version: ApiVersion,
): Promise<Placed> {
  const sent = readMembers(body)
  return context.store.transaction(async (tx) => {
    const { zone, row: existing } = await findForChange(tx, tenant, zoneId, recordSetId)
    const draft = draftOfUpdate(sent, existing, version)
    const state = await loadStateFor(tx, zone, [draft], [existing.owner])
    state.remove(existing)
    const verdict = checkDraft(draft, await startChecking(tx, context, state, version), existing)
    if (!verdict.ok) throw new ApiError(verdict.failure)
    state.add(verdict.row)
    await tx.updateRecordSet(verdict.row)
    return { zone: (await commitChange(tx, state, [existing, verdict.row])).zone, row: verdict.row }
  })
}

/** Removes a record set and returns it as it was. Codes: DNS.0302, 0313, 0209, 2006, 0314, 0317. */
export async function removeRecordSet(
  context: Context,
  tenant: Tenant,
  zoneId: string,
  recordSetId: string,
): Promise<Placed> {
  return context.store.transaction(async (tx) => {
    const { zone, row } = await findForChange(tx, tenant, zoneId, recordSetId)
    if (row.isDefault) throw apiError('DEFAULT_NOT_DELETABLE')
    const state = await loadStateFor(tx, zone, [], [row.owner])
    state.remove(row)
    await tx.removeRecordSets(zone.id, [row.id])
    return { zone: (await commitChange(tx, state, [row])).zone, row }
  })
}

/** The set, its zone locked, both in a state in which they may be changed. */
async function findForChange(tx: Tx, tenant: Tenant, zoneId: string, recordSetId: string): Promise<Placed> {
  const zone = await lockZone(tx, tenant, zoneId)
  const row = await tx.findRecordSet(tenant, zone.id, recordSetId)
  if (row === undefined) throw apiError('RECORD_SET_NOT_FOUND')
  const closed = zoneFault(zone)
  if (closed !== undefined) throw new ApiError(closed)
  if (isFrozen(row)) throw apiError('RECORD_SET_NOT_STEADY')
  return { zone, row }
}

const FROZEN: ReadonlySet<string> = new Set(['FREEZE', 'ILLEGAL', 'POLICE'])

/** Frozen by the operator: nobody else can change it. */
export const isFrozen = (row: RecordSet): boolean => FROZEN.has(row.status)

/** The state that reads show: a paused zone shows its own record sets alone as running. */
export const shownStatus = ({ zone, row }: Placed): string =>
  zone.status === 'DISABLE' && !row.isDefault ? 'DISABLE' : row.status
