import { decodeRdatas } from '@waymark/dns/feed-codec'
import { DEFAULT_LINE } from '../lines/lines.ts'
import { readName } from '../record-sets/names.ts'
import { publishedTypes, rdatasFor } from '../record-sets/published-addresses.ts'
import type { Reads, RecordSet, Zone } from '../store/store.ts'
import type { AddressType, FindAddresses, Finding } from './finding.ts'

/** Names in a row that lead to the addresses. */
const MAX_CHAIN = 8

/** Of which alias the target is looked up. */
export interface Wanted {
  /** A-labels, final dot. */
  readonly target: string
  readonly type: AddressType
  /** The line of the alias: its visitors get what the target has for them, where it is known here. */
  readonly line: string
}

export interface TargetFinding {
  readonly finding: Finding
  /** The zones of this installation that it comes from: when they change, it may. */
  readonly zoneIds: readonly string[]
}

/**
 * The addresses of the target of an alias: out of the public zones that are kept here, whosever they are, and for names outside of
 * them, or below a delegation, by `askOutside`. Of a weighted group all values count that can be answered.
 */
export async function findTarget(
  store: Reads,
  askOutside: FindAddresses,
  wanted: Wanted,
): Promise<TargetFinding> {
  const zoneIds: string[] = []
  let owner = wanted.target
  let ttl = Number.POSITIVE_INFINITY
  for (let step = 0; step < MAX_CHAIN; step++) {
    const zone = await zoneAbove(store, owner)
    if (zone !== undefined) zoneIds.push(zone.id)
    const sets = zone === undefined ? undefined : await setsFor(store, zone, owner)
    if (sets === undefined) return { finding: withinTtl(await askOutside(owner, wanted.type), ttl), zoneIds }
    if (sets === NO_SUCH_NAME) return { finding: { kind: 'missing' }, zoneIds }
    const chosen = chooseSets(sets, wanted)
    for (const set of chosen) ttl = Math.min(ttl, set.ttl)
    const next = chosen.map(nextName).find((name) => name !== undefined)
    if (next === undefined) return { finding: { kind: 'found', rdatas: union(chosen, wanted), ttl }, zoneIds }
    owner = next
  }
  return { finding: { kind: 'missing' }, zoneIds }
}

const withinTtl = (finding: Finding, ttl: number): Finding =>
  finding.kind === 'found' ? { ...finding, ttl: Math.min(finding.ttl, ttl) } : finding

/** The public zone with the longest name at or above `owner` that is answered. */
async function zoneAbove(store: Reads, owner: string): Promise<Zone | undefined> {
  const zones = await store.publicZonesAt([owner, ...namesAbove(owner)])
  return zones
    .filter((zone) => zone.status === 'ACTIVE' || zone.status === 'ERROR')
    .sort((a, b) => b.apex.length - a.apex.length)[0]
}

/** `b.example.` and `example.` of `a.b.example.` */
function namesAbove(owner: string): string[] {
  const names: string[] = []
  for (let at = owner.indexOf('.') + 1; at > 0 && at < owner.length; at = owner.indexOf('.', at) + 1)
    names.push(owner.slice(at))
  return names
}

const NO_SUCH_NAME: readonly RecordSet[] = []

/**
 * The sets that answer for `owner`, its own or those of a wildcard (RFC 4592 3.3.1); an empty array but {@link NO_SUCH_NAME} where the
 * name exists without any. undefined: it is not for this zone to say, since a delegation or a DNAME stands above.
 */
async function setsFor(store: Reads, zone: Zone, owner: string): Promise<readonly RecordSet[] | undefined> {
  const above = namesAbove(owner).filter((name) => name.length >= zone.apex.length)
  const inZone = owner === zone.apex ? [] : above
  const rows = await store.recordSetsAt(zone.id, [owner, ...inZone, ...inZone.map((name) => `*.${name}`)])
  const active = Map.groupBy(
    rows.filter((row) => row.status === 'ACTIVE'),
    (row) => row.owner,
  )
  const at = (name: string): readonly RecordSet[] => active.get(name) ?? []
  const isCut = (name: string) => name !== zone.apex && at(name).some((row) => row.type === 'NS')
  const isMoved = (name: string) => at(name).some((row) => row.type === 'DNAME')
  if (isCut(owner) || inZone.some((name) => isCut(name) || isMoved(name))) return undefined
  if (active.has(owner)) return at(owner)
  if (await store.hasOwnersBelow(zone.id, owner)) return []
  for (const name of inZone) {
    if (active.has(`*.${name}`)) return at(`*.${name}`)
    if (active.has(name) || (await store.hasOwnersBelow(zone.id, name))) break
  }
  return NO_SUCH_NAME
}

/** Those that a visitor of the alias would get: on its line if there are any, else on the default one. */
function chooseSets(sets: readonly RecordSet[], { type, line }: Wanted): readonly RecordSet[] {
  const fitting = sets.filter((set) => set.type === 'CNAME' || publishedTypes(set.type).includes(type))
  const onLine = fitting.filter((set) => set.line === line)
  const chosen = onLine.length > 0 ? onLine : fitting.filter((set) => set.line === DEFAULT_LINE)
  // API: sets of weight 0 are answered when there are no others.
  const weighted = chosen.filter((set) => set.weight !== 0)
  return weighted.length > 0 ? weighted : chosen
}

/** Where a CNAME or another alias leads. */
function nextName(set: RecordSet): string | undefined {
  const text = set.type === 'CNAME' ? set.records[0] : set.aliasTarget?.resourceDomainName
  return text === undefined ? undefined : readName(text)?.owner
}

function union(sets: readonly RecordSet[], { type }: Wanted): Uint8Array[] {
  const values = new Map<string, Uint8Array>()
  for (const set of sets) {
    const rdatas = rdatasFor(set, type)
    for (const rdata of rdatas === null ? [] : decodeRdatas(rdatas)) values.set(rdata.join(), rdata)
  }
  return [...values.values()]
}
