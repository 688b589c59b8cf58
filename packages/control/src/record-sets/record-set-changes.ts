import type { Context } from '../context.ts'
import { type Failure, failure } from '../errors.ts'
import type { NewFeedEntry, RecordSet, Tx, Zone } from '../store/store.ts'
import { startChecking, zoneFault } from './apply.ts'
import { type Checking, checkDraft } from './check.ts'
import { changedZone } from './commit-change.ts'
import type { Door, RecordSetDraft, Verdict } from './draft.ts'
import { isFrozen } from './record-sets.ts'
import { ownersToLoad, ownersWithNamesBelow, ownLinesFor, ZoneState } from './zone-state.ts'

/** What a change needs to see of a zone that the transaction has locked. */
export interface ZoneNeed {
  readonly zone: Zone
  /** Owners of sets that are there or are to be made. */
  readonly owners: readonly string[]
  /** Owners at which a DNAME may come to stand, seeing what stands at `owners` now. */
  readonly dnameOwners?: (rows: readonly RecordSet[]) => readonly string[]
  /** Lines that sets are to be made on. */
  readonly lines?: readonly string[]
}

/** A set before and after all that happened to it. */
interface Change {
  readonly before: RecordSet | undefined
  after: RecordSet | undefined
}

/**
 * Changes to record sets of many zones of one account in one transaction: each is judged seeing those before it, as single calls
 * are, and `write` writes them all with a few statements, one serial and one feed entry a zone. A refused change stops none
 * of the others.
 */
export class RecordSetChanges {
  readonly #tx: Tx
  readonly #states: ReadonlyMap<string, ZoneState>
  #checking: Checking | undefined
  readonly #changes = new Map<string, Change>()
  /** Sets that name the groups which have changed, by zone. */
  readonly #touched = new Map<ZoneState, RecordSet[]>()

  private constructor(tx: Tx, states: ReadonlyMap<string, ZoneState>, checking: Checking | undefined) {
    this.#tx = tx
    this.#states = states
    this.#checking = checking
  }

  static async open(
    tx: Tx,
    context: Context,
    door: Door,
    needs: Iterable<ZoneNeed>,
  ): Promise<RecordSetChanges> {
    const all = [...needs]
    const rows = await tx.recordSetsInZones(
      all.map(({ zone, owners }) => ({ zoneId: zone.id, owners: ownersToLoad(zone, owners) })),
    )
    const rowsOf = Map.groupBy(rows, (row) => row.zoneId)
    const lines = new Set([...rows.map((row) => row.line), ...all.flatMap((need) => need.lines ?? [])])
    const ownLines = all.length === 0 ? undefined : await ownLinesFor(tx, all[0]!.zone, lines)
    const states = new Map<string, ZoneState>()
    for (const { zone, dnameOwners } of all) {
      const here = rowsOf.get(zone.id) ?? []
      const withNamesBelow = await ownersWithNamesBelow(tx, zone, dnameOwners?.(here) ?? [])
      states.set(zone.id, new ZoneState(zone, here, withNamesBelow, ownLines))
    }
    const [first] = states.values()
    return new RecordSetChanges(tx, states, first && (await startChecking(tx, context, first, door)))
  }

  /** All sets at an owner that was asked for, as they stand by now. */
  setsAt(zone: Zone, owner: string): readonly RecordSet[] {
    return this.#states.get(zone.id)!.setsOnAnyLine(owner)
  }

  create(zone: Zone, draft: RecordSetDraft): Verdict {
    const { state, checking } = this.#judge(zone)
    const verdict = judged(zone, () => checkDraft(draft, checking))
    if (!verdict.ok) return verdict
    checking.quotaLeft--
    this.#put(state, undefined, verdict.row)
    return verdict
  }

  /** Makes of `before` what `draft` says. */
  update(zone: Zone, before: RecordSet, draft: RecordSetDraft): Verdict {
    const { state, checking } = this.#judge(zone)
    if (isFrozen(before)) return { ok: false, failure: failure('RECORD_SET_NOT_STEADY') }
    state.remove(before)
    const verdict = judged(zone, () => checkDraft(draft, checking, before))
    if (!verdict.ok) state.add(before)
    else this.#put(state, before, verdict.row)
    return verdict
  }

  /** Removes a set; the answer says why not. */
  remove(zone: Zone, row: RecordSet): Failure | undefined {
    const closed = zoneFault(zone)
    if (closed !== undefined) return closed
    if (isFrozen(row)) return failure('RECORD_SET_NOT_STEADY')
    const { state } = this.#judge(zone)
    state.remove(row)
    this.#put(state, row, undefined)
    return undefined
  }

  /** Writes everything. Returns the position of the last feed entry; 0 when nothing that is answered has changed. */
  async write(): Promise<number> {
    const inserted: RecordSet[] = []
    const updated: RecordSet[] = []
    const removed: RecordSet[] = []
    for (const { before, after } of this.#changes.values()) {
      if (before === undefined && after !== undefined) inserted.push(after)
      else if (before !== undefined && after !== undefined) updated.push(after)
      else if (before !== undefined) removed.push(before)
    }
    await this.#tx.removeRecordSetsInZones(removed)
    await this.#tx.updateRecordSetsInZones(updated)
    await this.#tx.insertRecordSetsInZones(inserted)
    const zones: Zone[] = []
    const entries: NewFeedEntry[] = []
    for (const [state, touched] of this.#touched) {
      const { zone, payload } = changedZone(state, touched)
      zones.push(zone)
      if (payload !== undefined) entries.push({ zoneId: zone.id, serial: zone.serial, payload })
    }
    await this.#tx.updateZoneVersions(zones)
    return this.#tx.appendFeedEntries(entries)
  }

  /** What judges sets of this zone. The quota is the account's, so it goes along from zone to zone. */
  #judge(zone: Zone): { state: ZoneState; checking: Checking } {
    const state = this.#states.get(zone.id)!
    if (this.#checking!.state !== state) this.#checking = { ...this.#checking!, state }
    return { state, checking: this.#checking! }
  }

  #put(state: ZoneState, before: RecordSet | undefined, after: RecordSet | undefined): void {
    const id = (after ?? before)!.id
    const known = this.#changes.get(id)
    if (known === undefined) this.#changes.set(id, { before, after })
    else known.after = after
    if (after !== undefined) state.add(after)
    const touched = this.#touched.get(state) ?? []
    this.#touched.set(state, touched)
    for (const row of [before, after]) if (row !== undefined) touched.push(row)
  }
}

/** What `judge` says, unless the zone is closed for changes. */
function judged(zone: Zone, judge: () => Verdict): Verdict {
  const closed = zoneFault(zone)
  return closed === undefined ? judge() : { ok: false, failure: closed }
}
