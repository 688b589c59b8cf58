import { TYPE_DNAME, TYPE_NS, TYPE_SOA } from '@waymark/dns/rr-types/type-codes'
import type { Arena } from './arena.ts'
import {
  GROUP_LINE,
  GROUP_NEXT,
  GROUP_TYPE,
  GROUP_VARIANTS,
  NODE_GROUPS,
  NODE_HAS_DNAME,
  NODE_HAS_NS,
  NODE_STATE,
  VARIANT_RDATAS,
  VARIANT_SIZE,
  VARIANT_TTL,
  VARIANT_WEIGHT,
  variantWords,
  ZONE_APEX,
  ZONE_CUTS,
  ZONE_DNAMES,
  ZONE_SOA,
} from './layout.ts'
import { type NodeWriter, nodeWords } from './node-writer.ts'
import type { TableObserver } from './observer.ts'
import type { TableMemory } from './table-memory.ts'
import type { VariantSlice, WrittenZone } from './written-zone.ts'

/** Writes the groups of nodes: a new one behind the head of the arena, then one store that lets it take the place of the old. */
export class GroupWriter {
  observer: TableObserver | undefined = undefined
  readonly #memory: TableMemory
  readonly #nodes: NodeWriter

  constructor(memory: TableMemory, nodes: NodeWriter) {
    this.#memory = memory
    this.#nodes = nodes
  }

  /** Puts a group at the owner that the nodes have read. */
  replace(
    zone: WrittenZone,
    apexLabel: number,
    type: number,
    line: number,
    source: Uint8Array,
    variants: readonly VariantSlice[],
    count: number,
  ): void {
    const memory = this.#memory
    const node = this.#nodes.make(zone, 0, apexLabel)
    const link = this.#linkTo(node, type, line)
    const old = memory.arena.words[link]!
    if (old !== 0 && isSameGroup(memory.arena, old, source, variants, count)) return
    let size = GROUP_VARIANTS
    for (let i = 0; i < count; i++) size += variantWords(variants[i]!.length - 2)
    const group = memory.take(zone, size)
    const { words, octets } = memory.arena
    words[group + GROUP_NEXT] = old === 0 ? 0 : words[old + GROUP_NEXT]!
    words[group + GROUP_TYPE] = (type << 16) | count
    words[group + GROUP_LINE] = line
    let at = group + GROUP_VARIANTS
    for (let i = 0; i < count; i++) {
      const variant = variants[i]!
      // The count of rdatas moves into the first word, so their octets start aligned.
      const rdatas = (source[variant.at]! << 8) | source[variant.at + 1]!
      const length = variant.length - 2
      words[at + VARIANT_WEIGHT] = (variant.weight << 16) | rdatas
      words[at + VARIANT_TTL] = variant.ttl
      words[at + VARIANT_SIZE] = length
      copy(octets, (at + VARIANT_RDATAS) * 4, source, variant.at + 2, length)
      at += variantWords(length)
    }
    const existed = memory.view.exists(node)
    if (old === 0) this.#markGroup(zone, node, type)
    Atomics.store(words, link, group)
    if (old !== 0) memory.count(zone, -groupWords(memory.arena, old))
    else memory.countGroup(zone, 1)
    this.observer?.groupReplaced(zone, node, type, line, old, group)
    if (type === TYPE_SOA && line === 0) Atomics.store(words, zone.offset + ZONE_SOA, group)
    if (existed) return
    memory.count(zone, nodeWords(memory.arena, node))
    this.#nodes.addToParent(zone, apexLabel)
  }

  /** Removes a group of the owner that the nodes have read, unless it lies at or behind `olderThan`. */
  remove(zone: WrittenZone, apexLabel: number, type: number, line: number, olderThan = Infinity): void {
    const memory = this.#memory
    const node = this.#nodes.find(zone, 0, apexLabel)
    if (node === 0) return
    const link = this.#linkTo(node, type, line)
    const { words } = memory.arena
    const old = words[link]!
    if (old === 0 || old >= olderThan) return
    if (type === TYPE_SOA && line === 0) Atomics.store(words, zone.offset + ZONE_SOA, 0)
    Atomics.store(words, link, words[old + GROUP_NEXT]!)
    memory.count(zone, -groupWords(memory.arena, old))
    memory.countGroup(zone, -1)
    this.observer?.groupReplaced(zone, node, type, line, old, 0)
    this.#unmarkGroup(zone, node, type)
    if (memory.view.exists(node)) return
    memory.count(zone, -nodeWords(memory.arena, node))
    this.#nodes.takeFromParent(zone, apexLabel)
  }

  /** Sets the marks a first group of this type needs, before the group is there: a mark without data does no harm. */
  #markGroup(zone: WrittenZone, node: number, type: number): void {
    const { words } = this.#memory.arena
    const isApex = words[zone.offset + ZONE_APEX] === node
    if (type === TYPE_NS && !isApex && !this.#hasType(node, TYPE_NS)) {
      words[node + NODE_STATE]! |= NODE_HAS_NS
      words[zone.offset + ZONE_CUTS]!++
    }
    if (type === TYPE_DNAME && !this.#hasType(node, TYPE_DNAME)) {
      words[node + NODE_STATE]! |= NODE_HAS_DNAME
      words[zone.offset + ZONE_DNAMES]!++
    }
  }

  #unmarkGroup(zone: WrittenZone, node: number, type: number): void {
    const { words } = this.#memory.arena
    // An apex has NS and no mark.
    const isCut = (words[node + NODE_STATE]! & NODE_HAS_NS) !== 0
    if (type === TYPE_NS && isCut && !this.#hasType(node, TYPE_NS)) {
      words[node + NODE_STATE]! &= ~NODE_HAS_NS
      words[zone.offset + ZONE_CUTS]!--
    }
    if (type === TYPE_DNAME && !this.#hasType(node, TYPE_DNAME)) {
      words[node + NODE_STATE]! &= ~NODE_HAS_DNAME
      words[zone.offset + ZONE_DNAMES]!--
    }
  }

  /** The word that points to the group of (type, line): of the node, of the group before it, or of the last group. */
  #linkTo(node: number, type: number, line: number): number {
    const { words } = this.#memory.arena
    let link = node + NODE_GROUPS
    for (;;) {
      const group = words[link]!
      if (group === 0) return link
      if (words[group + GROUP_TYPE]! >>> 16 === type && words[group + GROUP_LINE] === line) return link
      link = group + GROUP_NEXT
    }
  }

  #hasType(node: number, type: number): boolean {
    const { words } = this.#memory.arena
    for (let group = words[node + NODE_GROUPS]!; group !== 0; group = words[group + GROUP_NEXT]!) {
      if (words[group + GROUP_TYPE]! >>> 16 === type) return true
    }
    return false
  }
}

/** Words that a group fills. */
export function groupWords({ words }: Arena, group: number): number {
  let at = group + GROUP_VARIANTS
  for (let i = words[group + GROUP_TYPE]! & 0xffff; i > 0; i--) at += variantWords(words[at + VARIANT_SIZE]!)
  return at - group
}

function isSameGroup(
  { words, octets }: Arena,
  group: number,
  source: Uint8Array,
  variants: readonly VariantSlice[],
  count: number,
): boolean {
  if ((words[group + GROUP_TYPE]! & 0xffff) !== count) return false
  let at = group + GROUP_VARIANTS
  for (let i = 0; i < count; i++) {
    const variant = variants[i]!
    const rdatas = (source[variant.at]! << 8) | source[variant.at + 1]!
    const length = variant.length - 2
    if (words[at + VARIANT_WEIGHT] !== ((variant.weight << 16) | rdatas)) return false
    if (words[at + VARIANT_TTL] !== (variant.ttl | 0) || words[at + VARIANT_SIZE] !== length) return false
    const from = (at + VARIANT_RDATAS) * 4
    for (let k = 0; k < length; k++) if (octets[from + k] !== source[variant.at + 2 + k]) return false
    at += variantWords(length)
  }
  return true
}

function copy(to: Uint8Array, toAt: number, from: Uint8Array, fromAt: number, length: number): void {
  if (length > 64) to.set(from.subarray(fromAt, fromAt + length), toAt)
  else for (let i = 0; i < length; i++) to[toAt + i] = from[fromAt + i]!
}
