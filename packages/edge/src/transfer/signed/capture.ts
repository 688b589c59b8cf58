import { labelCount } from '@waymark/dns/name'
import { TYPE_DNAME, TYPE_NS } from '@waymark/dns/rr-types/type-codes'
import { GROUP_TYPE, NODE_HAS_DNAME, NODE_HAS_NS, NODE_NAME, NODE_STATE } from '../../zone-table/layout.ts'
import { NameBuffer } from '../../zone-table/name-buffer.ts'
import type { TableView } from '../../zone-table/view.ts'
import type { WrittenZone } from '../../zone-table/written-zone.ts'
import { PublishedRecords } from '../published-records.ts'
import { groupsOf, type ZoneImage } from '../zone-image.ts'
import { canonicalKey } from './canonical-key.ts'
import type { Rrset } from './chunk.ts'

/** A name of the table at one moment: its groups are immutable, so it can be read at leisure. */
export interface CapturedName {
  readonly key: string
  /** Lower-case wire without apex and root. */
  readonly owner: Uint8Array
  /** Those that are transferred, none when the name has none any more. */
  readonly groups: readonly number[]
  /** Below a zone cut or a DNAME: not authoritative data of the zone (RFC 4035 2.2, RFC 6672 2.4). */
  readonly isOccluded: boolean
}

/** Names of a zone as they were at one moment. */
export interface Capture {
  readonly arena: SharedArrayBuffer
  /** In canonical order, the apex first. */
  readonly names: readonly CapturedName[]
}

/** Names sorted at a time. */
const RUN = 4096
const MERGED_AT_ONCE = 4096

/** All names of the zone in an image, in steps. */
export function* captureAll(image: ZoneImage): Generator<void, Capture> {
  const { arena, pairs } = image
  const words = new Int32Array(arena)
  const octets = new Uint8Array(arena)
  const found: { key: string; owner: Uint8Array; groups: number[] }[] = []
  let node = 0
  for (let i = 0; i < pairs.length; i += 2) {
    if (pairs[i] !== node) {
      node = pairs[i]!
      const at = (node + NODE_NAME) * 4
      const owner = octets.subarray(at + 1, at + 1 + octets[at]!)
      found.push({ key: canonicalKey(owner), owner, groups: [] })
      if (found.length % RUN === 0) yield
    }
    found.at(-1)!.groups.push(pairs[i + 1]!)
  }
  const sorted = yield* inOrder(found)
  const names: CapturedName[] = []
  let cover: string | undefined
  for (const name of sorted) {
    const isOccluded = cover !== undefined && name.key.startsWith(cover)
    if (!isOccluded && coversNamesBelow(words, name.groups, name.owner.length === 0)) cover = name.key
    names.push({ ...name, isOccluded })
    if (names.length % RUN === 0) yield
  }
  // What has no SOA beside other data has an apex all the same.
  if (names[0]?.owner.length !== 0) names.unshift({ ...APEX, groups: [], isOccluded: false })
  return { arena, names }
}

const APEX = { key: '', owner: new Uint8Array() }

/** Some names of a zone, and its apex, at once. `owners` are told by their keys. */
export function captureSome(
  view: TableView,
  zone: WrittenZone,
  owners: ReadonlyMap<string, Uint8Array>,
): Capture {
  const { words } = view
  const name = new NameBuffer()
  const apexLabels = labelCount(zone.apex)
  const names = [...new Map([[APEX.key, APEX.owner], ...owners])].map(([key, owner]): CapturedName => {
    name.read(Uint8Array.from([...owner, ...zone.apex]), 0, owner.length + zone.apex.length)
    name.hash(view.seed)
    const apexLabel = name.labels - apexLabels
    const node = view.findNode(zone.number, name, 0, apexLabel)
    let isOccluded = false
    for (let label = 1; label <= apexLabel && !isOccluded; label++) {
      const above = view.findNode(zone.number, name, label, apexLabel)
      if (above === 0 || (words[above + NODE_STATE]! & (NODE_HAS_NS | NODE_HAS_DNAME)) === 0) continue
      isOccluded = coversNamesBelow(words, groupsOf(view, above), label === apexLabel)
    }
    return { key, owner, groups: node === 0 ? [] : groupsOf(view, node), isOccluded }
  })
  names.sort(byKey)
  return { arena: view.handle.arena, names }
}

/** Whether a name with these groups is a zone cut or redirects the names below it. */
function coversNamesBelow(words: Int32Array, groups: readonly number[], isApex: boolean): boolean {
  return groups.some((group) => {
    const type = words[group + GROUP_TYPE]! >>> 16
    return type === TYPE_DNAME || (type === TYPE_NS && !isApex)
  })
}

/** The records of a captured name. */
export class CapturedRecords {
  readonly #words: Int32Array
  readonly #octets: Uint8Array
  readonly #records = new PublishedRecords()

  constructor({ arena }: Capture) {
    this.#words = new Int32Array(arena)
    this.#octets = new Uint8Array(arena)
  }

  setsOf({ groups }: CapturedName): Rrset[] {
    return groups.map((group) => this.#read(group)).filter(({ rdatas }) => rdatas.length > 0)
  }

  #read(group: number): Rrset {
    const records = this.#records
    records.read(this.#words, this.#octets, group)
    const rdatas: Uint8Array[] = []
    for (let i = 0; i < records.count; i++)
      rdatas.push(this.#octets.slice(records.at[i]!, records.at[i]! + records.size[i]!))
    return { type: this.#words[group + GROUP_TYPE]! >>> 16, ttl: records.ttl, rdatas }
  }
}

const byKey = (a: { readonly key: string }, b: { readonly key: string }): number =>
  a.key < b.key ? -1 : a.key > b.key ? 1 : 0

/** Sorts in steps: runs first, then two of them into one until one is left. */
function* inOrder<T extends { readonly key: string }>(items: readonly T[]): Generator<void, T[]> {
  let runs: T[][] = []
  for (let at = 0; at < items.length; at += RUN) {
    runs.push(items.slice(at, at + RUN).sort(byKey))
    yield
  }
  while (runs.length > 1) {
    const merged: T[][] = []
    for (let i = 0; i < runs.length; i += 2) merged.push(yield* mergeTwo(runs[i]!, runs[i + 1] ?? []))
    runs = merged
  }
  return runs[0] ?? []
}

function* mergeTwo<T extends { readonly key: string }>(
  a: readonly T[],
  b: readonly T[],
): Generator<void, T[]> {
  const merged: T[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const isFromA = j === b.length || (i < a.length && a[i]!.key <= b[j]!.key)
    merged.push(isFromA ? a[i++]! : b[j++]!)
    if (merged.length % MERGED_AT_ONCE === 0) yield
  }
  return merged
}
