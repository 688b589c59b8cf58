import { TYPE_SOA } from '@waymark/dns/rr-types/type-codes'
import { Arena } from './arena.ts'
import { groupWords } from './group-writer.ts'
import {
  GROUP_LINE,
  GROUP_NEXT,
  GROUP_TYPE,
  NODE_BEFORE,
  NODE_GROUPS,
  NODE_ZONE,
  ZONE_APEX,
  ZONE_CUTS,
  ZONE_DNAMES,
  ZONE_FLAGS,
  ZONE_SERIAL,
  ZONE_SOA,
} from './layout.ts'
import { isApexNode, nodeWords } from './node-writer.ts'
import { PrivateZones } from './private-zones.ts'
import { Slots } from './slots.ts'
import type { TableMemory } from './table-memory.ts'
import { TableView } from './view.ts'
import type { WrittenZone } from './written-zone.ts'
import type { ZoneWriter } from './zone-writer.ts'

/** Copies what lives into new buffers, and the books with it; the old buffers stay as they are. */
export function copyLiving(memory: TableMemory, zones: Iterable<WrittenZone>, zoneWriter: ZoneWriter): void {
  const from = memory.arena
  const oldSlots = memory.slots.pairs
  const oldView = new TableView(memory.handle)
  const byNumber = new Map<number, WrittenZone>()
  for (const zone of zones) byNumber.set(zone.number, zone)

  memory.arena = new Arena(memory.liveWords)
  memory.slots = new Slots(capacityFor(memory.slots.count))
  memory.zoneSlots = new Slots(capacityFor(byNumber.size))
  memory.privateZones = new PrivateZones()
  memory.liveWords = 0
  for (const zone of byNumber.values()) {
    const { offset } = zone
    zoneWriter.write(zone, from.words[offset + ZONE_FLAGS]!)
    for (const word of [ZONE_SERIAL, ZONE_CUTS, ZONE_DNAMES]) {
      memory.arena.words[zone.offset + word] = from.words[offset + word]!
    }
  }
  for (let slot = 0; slot < oldSlots.length; slot += 2) {
    const node = oldSlots[slot + 1]!
    if (node === 0 || !(oldView.exists(node) || isApexNode(from, node))) continue
    const zone = byNumber.get(from.words[node + NODE_ZONE]!)
    if (zone !== undefined) copyNode(memory, zone, oldSlots[slot]!, from, node)
  }
  for (const zone of byNumber.values()) if (zone.isPublished) zoneWriter.publish(zone)
}

function copyNode(memory: TableMemory, zone: WrittenZone, hash: number, from: Arena, node: number): void {
  const { arena } = memory
  const size = nodeWords(from, node)
  const copied = memory.take(zone, size)
  copyWords(arena, copied, from, node, size)
  arena.words[copied + NODE_BEFORE] = zone.lastNode
  zone.lastNode = copied
  if (isApexNode(from, node)) arena.words[zone.offset + ZONE_APEX] = copied
  let link = copied + NODE_GROUPS
  for (let group = from.words[node + NODE_GROUPS]!; group !== 0; group = from.words[group + GROUP_NEXT]!) {
    const words = groupWords(from, group)
    const target = memory.take(zone, words)
    copyWords(arena, target, from, group, words)
    arena.words[link] = target
    link = target + GROUP_NEXT
    if (from.words[group + GROUP_TYPE]! >>> 16 === TYPE_SOA && from.words[group + GROUP_LINE] === 0) {
      arena.words[zone.offset + ZONE_SOA] = target
    }
  }
  arena.words[link] = 0
  memory.slots.add(hash, copied)
}

function copyWords(to: Arena, toAt: number, from: Arena, fromAt: number, count: number): void {
  if (count > 32) to.words.set(from.words.subarray(fromAt, fromAt + count), toAt)
  else for (let i = 0; i < count; i++) to.words[toAt + i] = from.words[fromAt + i]!
}

const capacityFor = (count: number): number => 2 ** Math.max(6, Math.ceil(Math.log2(count * 2 + 1)))
