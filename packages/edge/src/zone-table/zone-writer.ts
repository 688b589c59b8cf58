import type { Arena } from './arena.ts'
import {
  CONTROL_DEPTHS,
  SPACE_PUBLIC,
  ZONE_ACCOUNT,
  ZONE_FLAGS,
  ZONE_HASH,
  ZONE_KEYS,
  ZONE_NAME,
  ZONE_NUMBER,
  ZONE_SPACE,
} from './layout.ts'
import { finishHash, NameBuffer } from './name-buffer.ts'
import type { Slots } from './slots.ts'
import type { TableMemory } from './table-memory.ts'
import { flagsOf, type WrittenZone } from './written-zone.ts'

/** What a zone is made with. */
export type ZoneDraft = Pick<
  WrittenZone,
  'id' | 'apex' | 'isPublic' | 'isAnswered' | 'networks' | 'isRecursive'
>

/** The zone whose place a new incarnation takes when it is published. */
export type Predecessor = Pick<WrittenZone, 'linked' | 'space' | 'replaces'>

const NOTHING = new Uint8Array()

/** Writes the heads of zones into the arena, and the indexes that they are found by. */
export class ZoneWriter {
  readonly #name = new NameBuffer()
  readonly #memory: TableMemory

  constructor(memory: TableMemory) {
    this.#memory = memory
  }

  /** A zone without nodes that nobody finds yet. */
  make(draft: ZoneDraft, before?: Predecessor): WrittenZone {
    const number = this.#memory.nextNumber++
    const { id, apex, isPublic, isAnswered, networks, isRecursive } = draft
    const zone: WrittenZone = {
      id,
      apex,
      account: '',
      keys: NOTHING,
      isPublic,
      networks,
      linked: before?.linked ?? [],
      transferAccess: NOTHING,
      number,
      space: before?.space ?? (isPublic ? SPACE_PUBLIC : number),
      offset: 0,
      lastNode: 0,
      isAnswered,
      isRecursive,
      isPublished: false,
      replaces: before?.replaces ?? 0,
      words: 0,
      groups: 0,
    }
    this.write(zone, flagsOf(zone))
    return zone
  }

  /** Writes the zone's head to the end of the arena, with its keys. */
  write(zone: WrittenZone, flags: number): void {
    const memory = this.#memory
    const name = this.#readApex(zone)
    zone.words = 0
    const at = memory.take(zone, ZONE_NAME + ((2 + zone.apex.length + 3) >> 2))
    const { words, octets } = memory.arena
    words[at + ZONE_NUMBER] = zone.number
    words[at + ZONE_FLAGS] = flags
    words[at + ZONE_SPACE] = zone.space
    words[at + ZONE_HASH] = name.hashes[0]!
    words[at + ZONE_ACCOUNT] = memory.lines.account(zone.account)
    octets[(at + ZONE_NAME) * 4] = name.labels
    octets[(at + ZONE_NAME) * 4 + 1] = zone.apex.length
    octets.set(zone.apex, (at + ZONE_NAME) * 4 + 2)
    zone.offset = at
    zone.lastNode = 0
    const keysAt = this.#writeKeys(zone)
    memory.arena.words[at + ZONE_KEYS] = keysAt
  }

  setKeys(zone: WrittenZone, keys: Uint8Array): void {
    const memory = this.#memory
    memory.count(zone, -keyWords(zone.keys))
    zone.keys = keys
    const keysAt = this.#writeKeys(zone)
    Atomics.store(memory.arena.words, zone.offset + ZONE_KEYS, keysAt)
  }

  /** Lets readers find the zone. */
  publish(zone: WrittenZone): void {
    const memory = this.#memory
    zone.isPublished = true
    if (!zone.isPublic) {
      this.linkNetworks(zone)
      zone.replaces = 0
      return
    }
    zone.replaces = 0
    const name = this.#readApex(zone)
    const at = CONTROL_DEPTHS + (name.labels >> 5)
    Atomics.or(memory.control, at, 1 << (name.labels & 31))
    const slot = findSlot(memory.zoneSlots, memory.arena, name, zone.space)
    if (slot >= 0) memory.zoneSlots.replace(slot, zone.offset)
    else if (memory.zoneSlots.add(finishHash(name.hashes[0]!, zone.space), zone.offset))
      memory.isReplaced = true
  }

  /** Lets the networks of a private zone find it, all of them again: another zone of its apex may have been in its place. */
  linkNetworks(zone: WrittenZone): void {
    const memory = this.#memory
    const name = this.#readApex(zone)
    const numbers = zone.networks.map((network) => memory.networks.number(network))
    const incarnations = [zone.offset, zone.replaces]
    for (const network of zone.linked) {
      if (!numbers.includes(network)) memory.privateZones.unlink(memory.arena, name, network, incarnations)
    }
    const take = (words: number): number => memory.take(zone, words)
    for (const network of numbers) {
      if (memory.privateZones.link(memory.arena, take, name, network, zone.offset)) memory.isReplaced = true
    }
    zone.linked = numbers
  }

  #writeKeys(zone: WrittenZone): number {
    const { keys } = zone
    if (keys.length === 0) return 0
    const at = this.#memory.take(zone, keyWords(keys))
    const { words, octets } = this.#memory.arena
    words[at] = keys.length
    octets.set(keys, (at + 1) * 4)
    return at
  }

  #readApex(zone: WrittenZone): NameBuffer {
    const name = this.#name
    name.read(zone.apex, 0, zone.apex.length)
    name.hash(this.#memory.seed)
    return name
  }
}

/** Words of the keys of a zone in the arena. */
const keyWords = (keys: Uint8Array): number => (keys.length === 0 ? 0 : 1 + ((keys.length + 3) >> 2))

function findSlot(slots: Slots, arena: Arena, name: NameBuffer, space: number): number {
  const mask = slots.capacity - 1
  const hash = finishHash(name.hashes[0]!, space)
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const zone = slots.pairs[slot * 2 + 1]!
    if (zone === 0) return -1
    if (slots.pairs[slot * 2] !== hash || arena.words[zone + ZONE_SPACE] !== space) continue
    const at = (zone + ZONE_NAME) * 4
    if (arena.octets[at + 1] !== name.length) continue
    let i = 0
    while (i < name.length && arena.octets[at + 2 + i] === name.octets[i]) i++
    if (i === name.length) return slot
  }
}
