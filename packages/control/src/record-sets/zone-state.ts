import { DEFAULT_LINE } from '../lines/lines.ts'
import { isOwnLineId, loadOwnLines, NO_OWN_LINES, type OwnLines } from '../lines/own-lines.ts'
import type { RecordSet, Tx, Zone } from '../store/store.ts'
import { publishedTypes } from './published-addresses.ts'

const NONE: readonly RecordSet[] = []

/**
 * What stands in a zone at the owner names that some drafts are about, and at the names above them: all that the conflict rules
 * need. Loaded by one query, then kept current while drafts are accepted, so that each sees those before it.
 */
export class ZoneState {
  readonly zone: Zone
  /** Lines of the account; loaded only where one of them is named. */
  readonly ownLines: OwnLines
  readonly #sets = new Map<string, RecordSet[]>()
  /** Nearly always empty, which makes the rule about names below a DNAME free. */
  #dnames: RecordSet[] = []
  /** Owners that have names below them; complete only for the owners of DNAME drafts and of what was added since. */
  readonly #withNamesBelow = new Set<string>()
  readonly #followsNamesBelow: boolean

  constructor(
    zone: Zone,
    rows: readonly RecordSet[],
    withNamesBelow?: readonly string[],
    ownLines: OwnLines = NO_OWN_LINES,
  ) {
    this.zone = zone
    this.ownLines = ownLines
    this.#followsNamesBelow = withNamesBelow !== undefined
    for (const owner of withNamesBelow ?? []) this.#withNamesBelow.add(owner)
    for (const row of rows) this.#keep(row)
  }

  /** All sets at this owner on this line, of any type. */
  setsAt(owner: string, line: string): readonly RecordSet[] {
    return this.#sets.get(keyOf(owner, line)) ?? NONE
  }

  /** All sets at this owner on any line, oldest first. */
  setsOnAnyLine(owner: string): readonly RecordSet[] {
    const found: RecordSet[] = []
    for (const sets of this.#sets.values()) if (sets[0]?.owner === owner) found.push(...sets)
    return found.sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  /** The sets of one owner, type and line: one, or a weighted group. */
  group(owner: string, type: string, line: string): readonly RecordSet[] {
    const sets = this.setsAt(owner, line)
    return sets.length === 1 && sets[0]!.type === type ? sets : sets.filter((set) => set.type === type)
  }

  /** The sets that are published together in the group of this DNS type. */
  publishedGroup(owner: string, type: string, line: string): readonly RecordSet[] {
    const sets = this.setsAt(owner, line)
    const isMember = (set: RecordSet): boolean => set.type === type || publishedTypes(set.type).includes(type)
    return sets.every(isMember) ? sets : sets.filter(isMember)
  }

  /** A DNAME set of a name above `owner`, of any line. */
  dnameAbove(owner: string): RecordSet | undefined {
    if (this.#dnames.length === 0) return undefined
    const ancestors = ancestorsOf(owner, this.zone.apex)
    return this.#dnames.find((dname) => ancestors.includes(dname.owner))
  }

  hasNamesBelow(owner: string): boolean {
    return this.#withNamesBelow.has(owner)
  }

  add(row: RecordSet): void {
    this.#keep(row)
    if (this.#followsNamesBelow)
      for (const ancestor of ancestorsOf(row.owner, this.zone.apex)) this.#withNamesBelow.add(ancestor)
  }

  remove(row: RecordSet): void {
    const key = keyOf(row.owner, row.line)
    this.#sets.set(
      key,
      (this.#sets.get(key) ?? []).filter((set) => set.id !== row.id),
    )
    if (row.type === 'DNAME') this.#dnames = this.#dnames.filter((dname) => dname.id !== row.id)
  }

  #keep(row: RecordSet): void {
    const key = keyOf(row.owner, row.line)
    const sets = this.#sets.get(key)
    if (sets === undefined) this.#sets.set(key, [row])
    else sets.push(row)
    if (row.type === 'DNAME') this.#dnames.push(row)
  }
}

// Owners hold no blank, so the two forms cannot meet; the default line, by far the most frequent, costs no new string.
const keyOf = (owner: string, line: string): string => (line === DEFAULT_LINE ? owner : `${owner} ${line}`)

/** The names above `owner` up to and with the apex, nearest first. */
function ancestorsOf(owner: string, apex: string): string[] {
  const ancestors: string[] = []
  let at = owner.indexOf('.') + 1
  while (owner.length - at > apex.length) {
    ancestors.push(owner.slice(at))
    at = owner.indexOf('.', at) + 1
  }
  if (owner.length - at === apex.length) ancestors.push(apex)
  return ancestors
}

/**
 * Loads what the rules need for sets at `owners`. `dnameOwners`: those of them where a DNAME is to stand, which must know whether
 * names lie below. `lines`: those that the sets are to stand on.
 */
export async function loadZoneState(
  tx: Tx,
  zone: Zone,
  owners: Iterable<string>,
  dnameOwners: readonly string[],
  lines: Iterable<string> = [],
): Promise<ZoneState> {
  const ownLines = await ownLinesFor(tx, zone, lines)
  const rows = await tx.recordSetsAt(zone.id, ownersToLoad(zone, owners))
  return new ZoneState(zone, rows, await ownersWithNamesBelow(tx, zone, dnameOwners), ownLines)
}

/** The owners whose sets the rules need for sets at `owners`. */
export function ownersToLoad(zone: Zone, owners: Iterable<string>): string[] {
  const wanted = new Set<string>([zone.apex])
  for (const owner of owners) {
    if (wanted.has(owner)) continue
    wanted.add(owner)
    // Most names stand right below the apex and have no other name above.
    if (owner.indexOf('.') + 1 + zone.apex.length < owner.length) {
      for (const ancestor of ancestorsOf(owner, zone.apex)) wanted.add(ancestor)
    }
  }
  return [...wanted]
}

/** Those of `dnameOwners` that have names below them; undefined when nothing was asked. */
export async function ownersWithNamesBelow(
  tx: Tx,
  zone: Zone,
  dnameOwners: readonly string[],
): Promise<string[] | undefined> {
  if (dnameOwners.length === 0) return undefined
  const withNamesBelow: string[] = []
  for (const owner of new Set(dnameOwners)) {
    if (await tx.hasOwnersBelow(zone.id, owner)) withNamesBelow.push(owner)
  }
  return withNamesBelow
}

/** The lines of the account if one of `lines` may be among them. */
export async function ownLinesFor(tx: Tx, zone: Zone, lines: Iterable<string>): Promise<OwnLines> {
  for (const line of lines) if (isOwnLineId(line)) return loadOwnLines(tx, zone)
  return NO_OWN_LINES
}
