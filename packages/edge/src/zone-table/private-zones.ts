import type { Arena } from './arena.ts'
import { LINK_NETWORK, LINK_WORDS, LINK_ZONE, ZONE_NAME } from './layout.ts'
import { finishHash, type NameBuffer } from './name-buffer.ts'
import { Slots } from './slots.ts'

/**
 * The writer's side of the index of private zones: of a network and an apex, the zone that its clients see. A zone has a link for each
 * of its networks; a link that ends stays in its slot and is told apart by the sign of its zone, until another zone of that apex takes
 * it or a rebuild leaves it behind.
 */
export class PrivateZones {
  readonly slots: Slots

  constructor(slots = new Slots(1 << 6)) {
    this.slots = slots
  }

  /** The place of the link of a network to the apex in `name`, ended or not; 0 when there is none. */
  find(arena: Arena, name: NameBuffer, network: number): number {
    const { pairs, capacity } = this.slots
    const hash = finishHash(name.hashes[0]!, network)
    for (let slot = hash & (capacity - 1); ; slot = (slot + 1) & (capacity - 1)) {
      const link = pairs[slot * 2 + 1]!
      if (link === 0) return 0
      if (pairs[slot * 2] !== hash || arena.words[link + LINK_NETWORK] !== network) continue
      if (isApex(arena, Math.abs(arena.words[link + LINK_ZONE]!), name)) return link
    }
  }

  /**
   * Links a network to a zone, in place of another of its apex. `take` gives words of the arena. True when the buffer had to be
   * replaced by a larger one.
   */
  link(
    arena: Arena,
    take: (words: number) => number,
    name: NameBuffer,
    network: number,
    zone: number,
  ): boolean {
    const known = this.find(arena, name, network)
    if (known !== 0) {
      Atomics.store(arena.words, known + LINK_ZONE, zone)
      return false
    }
    const link = take(LINK_WORDS)
    arena.words[link + LINK_NETWORK] = network
    arena.words[link + LINK_ZONE] = zone
    return this.slots.add(finishHash(name.hashes[0]!, network), link)
  }

  /** Ends the link of a network, if it leads to one of `zones`. */
  unlink(arena: Arena, name: NameBuffer, network: number, zones: readonly number[]): void {
    const link = this.find(arena, name, network)
    const zone = arena.words[link + LINK_ZONE]!
    if (link !== 0 && zones.includes(zone)) Atomics.store(arena.words, link + LINK_ZONE, -zone)
  }
}

function isApex(arena: Arena, zone: number, name: NameBuffer): boolean {
  const at = (zone + ZONE_NAME) * 4
  if (arena.octets[at + 1] !== name.length) return false
  for (let i = 0; i < name.length; i++) if (arena.octets[at + 2 + i] !== name.octets[i]) return false
  return true
}
