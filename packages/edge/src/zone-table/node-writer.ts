import type { Arena } from './arena.ts'
import {
  NODE_BEFORE,
  NODE_CHILD,
  NODE_HAS_WILDCARD,
  NODE_NAME,
  NODE_STATE,
  NODE_ZONE,
  ZONE_APEX,
  ZONE_HASH,
  ZONE_NAME,
} from './layout.ts'
import { finishHash, NameBuffer } from './name-buffer.ts'
import type { TableMemory } from './table-memory.ts'
import type { WrittenZone } from './written-zone.ts'

/** Makes the nodes of zones, and keeps count of their children: a node exists as long as it has groups or children. */
export class NodeWriter {
  /** The owner name read last; labels below are of it. */
  readonly #name = new NameBuffer()
  readonly #memory: TableMemory

  constructor(memory: TableMemory) {
    this.#memory = memory
  }

  /** Reads an owner; the label where the zone's apex starts, or -1 when the name lies outside. */
  readOwner(zone: WrittenZone, source: Uint8Array, at: number): number {
    const name = this.#name
    if (name.read(source, at, source.length) < 0) return -1
    const { words, octets } = this.#memory.arena
    const { apex } = zone
    const label = name.labels - octets[(zone.offset + ZONE_NAME) * 4]!
    const apexStart = name.length - apex.length
    if (label < 0 || name.starts[label] !== apexStart) return -1
    for (let i = 0; i < apex.length; i++) if (name.octets[apexStart + i] !== apex[i]) return -1
    name.hashBelow(label, words[zone.offset + ZONE_HASH]!)
    return label
  }

  /** The node of suffix `i` of the owner, 0 when there is none. */
  find(zone: WrittenZone, i: number, apexLabel: number): number {
    return this.#memory.view.findNode(zone.number, this.#name, i, apexLabel)
  }

  /** The node of suffix `i` of the owner, made when there is none. */
  make(zone: WrittenZone, i: number, apexLabel: number): number {
    const found = this.find(zone, i, apexLabel)
    if (found !== 0) return found
    const memory = this.#memory
    const name = this.#name
    const start = name.starts[i]!
    const length = name.starts[apexLabel]! - start
    // Counts as garbage until it exists.
    const node = memory.takeUncounted(NODE_NAME + ((1 + length + 3) >> 2))
    const { words, octets } = memory.arena
    words[node + NODE_ZONE] = zone.number
    words[node + NODE_BEFORE] = zone.lastNode
    zone.lastNode = node
    octets[(node + NODE_NAME) * 4] = length
    for (let k = 0; k < length; k++) octets[(node + NODE_NAME) * 4 + 1 + k] = name.octets[start + k]!
    if (i === apexLabel) words[zone.offset + ZONE_APEX] = node
    if (memory.slots.add(finishHash(name.hashes[i]!, zone.number), node)) memory.setReplaced()
    return node
  }

  /** The owner's node began to exist: its parent has one child more, and may begin to exist by that (an empty non-terminal). */
  addToParent(zone: WrittenZone, apexLabel: number): void {
    const memory = this.#memory
    for (let label = 0; label < apexLabel; label++) {
      // Most names are children of the apex, whose place is known.
      const isApex = label + 1 === apexLabel
      const parent = isApex
        ? memory.arena.words[zone.offset + ZONE_APEX]!
        : this.make(zone, label + 1, apexLabel)
      const { words } = memory.arena
      const existed = memory.view.exists(parent)
      if (this.#isStar(label)) words[parent + NODE_STATE]! |= NODE_HAS_WILDCARD
      words[parent + NODE_STATE]! += NODE_CHILD
      if (existed) return
      memory.count(zone, nodeWords(memory.arena, parent))
    }
  }

  /** The owner's node does not exist any more. */
  takeFromParent(zone: WrittenZone, apexLabel: number): void {
    const memory = this.#memory
    for (let label = 0; label < apexLabel; label++) {
      const parent = this.find(zone, label + 1, apexLabel)
      memory.arena.words[parent + NODE_STATE]! -= NODE_CHILD
      if (memory.view.exists(parent)) return
      memory.count(zone, -nodeWords(memory.arena, parent))
    }
  }

  #isStar(label: number): boolean {
    const { octets, starts } = this.#name
    return octets[starts[label]!] === 1 && octets[starts[label]! + 1] === 42
  }
}

/** Words that a node fills. */
export const nodeWords = (arena: Arena, node: number): number =>
  NODE_NAME + ((1 + arena.octets[(node + NODE_NAME) * 4]! + 3) >> 2)

export const isApexNode = (arena: Arena, node: number): boolean => arena.octets[(node + NODE_NAME) * 4] === 0
