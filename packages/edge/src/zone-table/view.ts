import { LineView } from '../line/line-view.ts'
import { ClientRanges } from '../network/client-ranges.ts'
import {
  CONTROL_DEPTHS,
  CONTROL_IS_FILLED,
  LINK_NETWORK,
  LINK_ZONE,
  NODE_GROUPS,
  NODE_NAME,
  NODE_STATE,
  NODE_ZONE,
  type TableHandle,
  ZONE_FLAGS,
  ZONE_HASH,
  ZONE_IS_ANSWERED,
  ZONE_IS_DEAD,
  ZONE_NAME,
  ZONE_SPACE,
} from './layout.ts'
import { finishHash, hashLabel, type NameBuffer } from './name-buffer.ts'

const WILDCARD_LABEL = Uint8Array.of(1, 42)

/**
 * Read access to a table, one a thread. A view sees every change to its buffers as it is made; when a buffer is replaced,
 * it answers from the old ones, which hold a whole state, until it is attached to the new.
 */
export class TableView {
  generation = 0
  seed = 0
  words: Int32Array
  octets: Uint8Array
  readonly lines: LineView
  /** Whether clients are told apart by network at all. */
  hasNetworks = false
  /** Networks by the addresses at which their clients ask. */
  listeners: ReadonlyMap<string, number> = new Map()
  clientRanges: ClientRanges | null = null
  #handle: TableHandle
  #control: Int32Array
  #slots: Int32Array
  #slotMask: number
  #zoneSlots: Int32Array
  #zoneSlotMask: number
  #privateSlots: Int32Array
  #privateSlotMask: number

  constructor(handle: TableHandle) {
    this.#handle = handle
    this.words = new Int32Array(handle.arena)
    this.octets = new Uint8Array(handle.arena)
    this.lines = new LineView(handle.lines)
    this.#control = new Int32Array(handle.control)
    this.#slots = new Int32Array(handle.slots)
    this.#zoneSlots = new Int32Array(handle.zoneSlots)
    this.#slotMask = this.#slots.length / 2 - 1
    this.#zoneSlotMask = this.#zoneSlots.length / 2 - 1
    this.#privateSlots = new Int32Array(handle.privateSlots)
    this.#privateSlotMask = this.#privateSlots.length / 2 - 1
    this.attach(handle)
  }

  get handle(): TableHandle {
    return this.#handle
  }

  /** The index, for walking over all nodes: pairs of hash and node, 0 for a free slot. */
  get slotPairs(): Int32Array {
    return this.#slots
  }

  /** Reads this table from now on. The old buffers are no longer referenced by the view. */
  attach(handle: TableHandle): void {
    this.#handle = handle
    this.generation = handle.generation
    this.lines.attach(handle.lines)
    this.seed = handle.seed
    this.words = new Int32Array(handle.arena)
    this.octets = new Uint8Array(handle.arena)
    this.#control = new Int32Array(handle.control)
    this.#slots = new Int32Array(handle.slots)
    this.#slotMask = this.#slots.length / 2 - 1
    this.#zoneSlots = new Int32Array(handle.zoneSlots)
    this.#zoneSlotMask = this.#zoneSlots.length / 2 - 1
    this.#privateSlots = new Int32Array(handle.privateSlots)
    this.#privateSlotMask = this.#privateSlots.length / 2 - 1
    const { listeners, ranges } = handle.networks
    this.hasNetworks = listeners.size > 0 || ranges !== undefined
    this.listeners = listeners
    this.clientRanges = ranges === undefined ? null : new ClientRanges(ranges)
  }

  /**
   * The zone of `space` that is the longest match of the name's suffixes from label `from` on, or 0. The label where its
   * apex starts is `name.labels` minus the zone's labels. A zone that is not answered matches too.
   */
  findZone(name: NameBuffer, from: number, space: number): number {
    const labels = name.labels
    for (let i = from; i <= labels; i++) {
      const depth = labels - i
      if (space === 0 && (this.#control[CONTROL_DEPTHS + (depth >> 5)]! & (1 << (depth & 31))) === 0) continue
      const zone = this.zoneAt(name, i, space)
      if (zone !== 0) return zone
    }
    return 0
  }

  /**
   * The private zone that clients of a network see at the name's longest suffix from label `from` on, or 0. One that is not answered is
   * passed over.
   */
  findPrivateZone(name: NameBuffer, from: number, network: number): number {
    for (let i = from; i <= name.labels; i++) {
      const zone = this.#privateZoneAt(name, i, network)
      if (zone !== 0) return zone
    }
    return 0
  }

  #privateZoneAt(name: NameBuffer, i: number, network: number): number {
    const { words } = this
    const slots = this.#privateSlots
    const hash = finishHash(name.hashes[i]!, network)
    for (let slot = hash & this.#privateSlotMask; ; slot = (slot + 1) & this.#privateSlotMask) {
      const link = slots[slot * 2 + 1]!
      if (link === 0) return 0
      if (slots[slot * 2] !== hash || words[link + LINK_NETWORK] !== network) continue
      const zone = words[link + LINK_ZONE]!
      if (!this.#isApex(zone < 0 ? -zone : zone, name, i)) continue
      // Flags of a zone that has gone say nothing else.
      return zone > 0 && (words[zone + ZONE_FLAGS]! & ZONE_IS_ANSWERED) !== 0 ? zone : 0
    }
  }

  /** The living zone of `space` whose apex is suffix `i` of the name, or 0. */
  zoneAt(name: NameBuffer, i: number, space: number): number {
    const slot = this.zoneSlotOf(name, i, space)
    if (slot < 0) return 0
    const zone = this.#zoneSlots[slot * 2 + 1]!
    return (this.words[zone + ZONE_FLAGS]! & ZONE_IS_DEAD) === 0 ? zone : 0
  }

  /** The slot that holds (space, suffix `i`), living or dead; -1 when there is none. */
  zoneSlotOf(name: NameBuffer, i: number, space: number): number {
    const slots = this.#zoneSlots
    const hash = finishHash(name.hashes[i]!, space)
    for (let slot = hash & this.#zoneSlotMask; ; slot = (slot + 1) & this.#zoneSlotMask) {
      const zone = slots[slot * 2 + 1]
      if (zone === 0 || zone === undefined) return -1
      if (slots[slot * 2] === hash && this.#isZone(zone, name, i, space)) return slot
    }
  }

  #isZone(zone: number, name: NameBuffer, i: number, space: number): boolean {
    return this.words[zone + ZONE_SPACE] === space && this.#isApex(zone, name, i)
  }

  #isApex(zone: number, name: NameBuffer, i: number): boolean {
    const start = name.starts[i]!
    const length = name.length - start
    const at = (zone + ZONE_NAME) * 4
    return this.octets[at + 1] === length && this.#isSame(at + 2, name.octets, start, length)
  }

  /**
   * The node of suffix `i` of the name in the zone with this number, or 0. `apexLabel` is the label where the zone's
   * apex starts. The node may be one that does not exist any more: see {@link exists}.
   */
  findNode(number: number, name: NameBuffer, i: number, apexLabel: number): number {
    const words = this.words
    const slots = this.#slots
    const mask = this.#slotMask
    const start = name.starts[i]!
    const length = name.starts[apexLabel]! - start
    const hash = finishHash(name.hashes[i]!, number)
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const node = slots[slot * 2 + 1]!
      if (node === 0) return 0
      if (slots[slot * 2] !== hash || words[node + NODE_ZONE] !== number) continue
      const at = (node + NODE_NAME) * 4
      if (this.octets[at] === length && this.#isSame(at + 1, name.octets, start, length)) return node
    }
  }

  /** The node `*` directly below suffix `i`, or 0. */
  findWildcard(number: number, name: NameBuffer, i: number, apexLabel: number): number {
    const words = this.words
    const slots = this.#slots
    const mask = this.#slotMask
    const start = name.starts[i]!
    const length = name.starts[apexLabel]! - start
    const hash = finishHash(hashLabel(name.hashes[i]!, WILDCARD_LABEL, 0), number)
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const node = slots[slot * 2 + 1]!
      if (node === 0) return 0
      if (slots[slot * 2] !== hash || words[node + NODE_ZONE] !== number) continue
      const at = (node + NODE_NAME) * 4
      const octets = this.octets
      if (octets[at] !== length + 2 || octets[at + 1] !== 1 || octets[at + 2] !== 42) continue
      if (this.#isSame(at + 3, name.octets, start, length)) return node
    }
  }

  /** Whether the table was filled once: if not, what it does not know may exist. */
  get isFilled(): boolean {
    return this.#control[CONTROL_IS_FILLED] !== 0
  }

  /** Labels of a zone's apex. */
  labelsOf(zone: number): number {
    return this.octets[(zone + ZONE_NAME) * 4]!
  }

  /** The label of `name` where the zone's apex starts, -1 when the name lies outside the zone. */
  apexLabelIn(zone: number, name: NameBuffer): number {
    const label = name.labels - this.labelsOf(zone)
    if (label < 0 || name.hashes[label] !== this.words[zone + ZONE_HASH]) return -1
    const start = name.starts[label]!
    return this.#isSame((zone + ZONE_NAME) * 4 + 2, name.octets, start, name.length - start) ? label : -1
  }

  /** Whether a node has data or names below it; an emptied node stays in the arena until a rebuild. */
  exists(node: number): boolean {
    return this.words[node + NODE_GROUPS] !== 0 || this.words[node + NODE_STATE]! >>> 8 !== 0
  }

  #isSame(at: number, octets: Uint8Array, start: number, length: number): boolean {
    const arena = this.octets
    for (let i = 0; i < length; i++) if (arena[at + i] !== octets[start + i]) return false
    return true
  }
}
