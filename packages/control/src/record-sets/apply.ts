import type { Context } from '../context.ts'
import { type Failure, failure } from '../errors.ts'
import { DEFAULT_LINE } from '../lines/lines.ts'
import type { RecordSet, Tx, Zone } from '../store/store.ts'
import { type Checking, checkDraft } from './check.ts'
import { commitChange } from './commit-change.ts'
import type { Door, RecordSetDraft, Verdict } from './draft.ts'
import { readName } from './names.ts'
import { packAddresses } from './published-addresses.ts'
import { loadZoneState, type ZoneState } from './zone-state.ts'

/** A quota of this value means none. */
const UNLIMITED = 2147483647

export interface ApplyOptions {
  readonly door: Door
  /** false: a dry run, which gives the same verdicts and writes nothing. */
  readonly commit: boolean
}

export interface Applied {
  /** One for each draft, in the same order. */
  readonly verdicts: readonly Verdict[]
  /** The zone as it stands afterwards. */
  readonly zone: Zone
  /** Position of the feed entry; 0 when nothing that is answered has changed. */
  readonly feedSeq: number
}

/**
 * Creates record sets: judges draft after draft, where later ones see those accepted before them, then writes all rows at once,
 * raises serial and revision of the zone and appends one feed entry. `zone` must be locked by `tx`. A refused draft stops
 * none of the others.
 */
export async function applyDrafts(
  tx: Tx,
  context: Context,
  zone: Zone,
  drafts: readonly RecordSetDraft[],
  options: ApplyOptions,
): Promise<Applied> {
  const closed = zoneFault(zone)
  if (closed !== undefined) {
    return { verdicts: drafts.map((): Verdict => ({ ok: false, failure: closed })), zone, feedSeq: 0 }
  }
  const state = await loadStateFor(tx, zone, drafts)
  const checking = await startChecking(tx, context, state, options.door)
  const verdicts: Verdict[] = new Array(drafts.length)
  const rows: RecordSet[] = []
  for (let at = 0; at < drafts.length; at++) {
    const verdict = checkDraft(drafts[at]!, checking)
    verdicts[at] = verdict
    if (!verdict.ok) continue
    state.add(verdict.row)
    rows.push(verdict.row)
    checking.quotaLeft--
  }
  if (!options.commit || rows.length === 0) return { verdicts, zone, feedSeq: 0 }
  await tx.insertRecordSets(zone.id, rows)
  return { verdicts, ...(await commitChange(tx, state, rows)) }
}

/** Why record sets of this zone cannot be changed at all; undefined when they can, also while the zone is paused. */
export function zoneFault(zone: Zone): Failure | undefined {
  if (zone.primaries.length > 0) return failure('ZONE_SECONDARY')
  if (zone.status === 'ACTIVE' || zone.status === 'DISABLE') return undefined
  return zone.status === 'ERROR' ? failure('ZONE_NOT_STEADY') : failure('ZONE_FROZEN')
}

/** The state that `drafts` are judged by, for them and for the sets at `more` owners. */
export async function loadStateFor(
  tx: Tx,
  zone: Zone,
  drafts: readonly RecordSetDraft[],
  more: readonly string[] = [],
): Promise<ZoneState> {
  const owners = new Set<string>(more)
  const dnameOwners: string[] = []
  const lines = new Set<string>()
  for (const draft of drafts) {
    if (draft.line !== DEFAULT_LINE) lines.add(draft.line)
    const owner = typeof draft.name === 'string' ? readName(draft.name)?.owner : undefined
    if (owner === undefined) continue
    owners.add(owner)
    if (draft.type === 'DNAME') dnameOwners.push(owner)
  }
  return loadZoneState(tx, zone, owners, dnameOwners, lines)
}

export async function startChecking(
  tx: Tx,
  context: Context,
  state: ZoneState,
  door: Door,
): Promise<Checking> {
  const { strictTypes, apexCnameWithMail, recordSetQuota, redirectAddresses } = context.settings
  const { zone } = state
  // Counting is for those who have a limit: it costs a query.
  const used = recordSetQuota < UNLIMITED ? await tx.countRecordSets(zone) : 0
  return {
    state,
    door,
    strictTypes,
    apexCnameWithMail,
    redirectRdatas: packAddresses(redirectAddresses),
    now: context.now(),
    newId: context.newId,
    quotaLeft: recordSetQuota < UNLIMITED ? recordSetQuota - used : Number.POSITIVE_INFINITY,
  }
}
