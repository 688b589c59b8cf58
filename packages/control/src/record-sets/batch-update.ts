import type { Context } from '../context.ts'
import { ApiError, apiError } from '../errors.ts'
import { readBatch } from '../http/read-batch.ts'
import type { RecordSet, Tenant } from '../store/store.ts'
import { readMembers } from '../zones/zone-input.ts'
import { lockZone } from '../zones/zones.ts'
import { loadStateFor, startChecking, zoneFault } from './apply.ts'
import { checkDraft } from './check.ts'
import { commitChange } from './commit-change.ts'
import type { RecordSetDraft } from './draft.ts'
import { DEFAULT_TTL, isBlank } from './draft-of-body.ts'
import { isFrozen, type Placed } from './record-sets.ts'

/** Record sets of one call. */
const MAX_SETS = 50

type Members = Readonly<Record<string, unknown>>

/**
 * Changes values, TTL, weight and description of record sets of one public zone, all or none: weights and conflicts are judged on
 * what the whole batch makes of the zone, and the first item refused decides. Codes: DNS.0002, 0329, 0302, 0204, 0209, 2006, 0313,
 * 0314, 0318, then those of the rules.
 */
export async function updateRecordSetsOfZone(
  context: Context,
  tenant: Tenant,
  zoneId: string,
  body: unknown,
): Promise<Placed[]> {
  const items = readItems(body)
  return context.store.transaction(async (tx) => {
    const zone = await lockZone(tx, tenant, zoneId)
    if (zone.zoneType !== 'public') throw apiError('ZONE_TYPE_INVALID')
    const closed = zoneFault(zone)
    if (closed !== undefined) throw new ApiError(closed)
    const visible = await tx.recordSetsById(tenant, [...items.keys()])
    const existing = new Map(visible.filter((row) => row.zoneId === zone.id).map((row) => [row.id, row]))
    const state = await loadStateFor(tx, zone, [...existing.values()])
    for (const row of existing.values()) state.remove(row)
    const checking = await startChecking(tx, context, state, 'v2.1')
    const rows = [...items].map(([id, sent]) => {
      const before = existing.get(id)
      const verdict = checkDraft(draftOf(sent, before), checking, before)
      if (!verdict.ok) throw new ApiError(verdict.failure)
      state.add(verdict.row)
      return verdict.row
    })
    for (const row of rows) await tx.updateRecordSet(row)
    const changed = rows.filter((row) => !isSame(row, existing.get(row.id)!))
    const after = changed.length === 0 ? zone : (await commitChange(tx, state, changed)).zone
    return rows.map((row) => ({ zone: after, row }))
  })
}

/** The items by their ids, which may not repeat. */
function readItems(body: unknown): Map<string, Members> {
  const items = new Map<string, Members>()
  for (const item of readBatch(readMembers(body).recordsets, MAX_SETS, 'BATCH_UPDATE_LIMIT')) {
    const sent = readMembers(item)
    if (typeof sent.id !== 'string' || items.has(sent.id)) throw apiError('REQUEST_INVALID')
    items.set(sent.id, sent)
  }
  return items
}

/** Absent TTL and weight are not kept: the API gives them a default here, and for the weight that is none. */
function draftOf(sent: Members, existing: RecordSet | undefined): RecordSetDraft {
  if (existing === undefined) throw apiError('RECORD_SET_NOT_FOUND')
  if (isFrozen(existing)) throw apiError('RECORD_SET_NOT_STEADY')
  if (existing.isDefault && existing.type === 'SOA') throw apiError('DEFAULT_NOT_UPDATABLE')
  return {
    name: existing.name,
    type: existing.type,
    line: existing.line,
    ttl: sent.ttl ?? DEFAULT_TTL,
    weight: sent.weight ?? null,
    records: sent.records ?? [],
    status: 'ENABLE',
    description: isBlank(sent.description) ? existing.description : sent.description,
    aliasTarget: existing.aliasTarget,
  } as RecordSetDraft
}

const isSame = (a: RecordSet, b: RecordSet): boolean =>
  a.ttl === b.ttl &&
  a.weight === b.weight &&
  a.description === b.description &&
  a.records.length === b.records.length &&
  a.records.every((value, at) => value === b.records[at])
