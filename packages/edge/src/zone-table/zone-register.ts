import { ZONE_ACCOUNT, ZONE_FLAGS, ZONE_IS_DEAD } from './layout.ts'
import type { NodeWriter } from './node-writer.ts'
import type { TableObserver } from './observer.ts'
import type { TableMemory } from './table-memory.ts'
import { flagsOf, isSame, type WrittenZone } from './written-zone.ts'
import type { Predecessor, ZoneDraft, ZoneWriter } from './zone-writer.ts'

/** The zones of a table by their ids: made, changed, emptied and removed here, and found by readers at the end of a frame. */
export class ZoneRegister {
  readonly zones = new Map<string, WrittenZone>()
  observer: TableObserver | undefined = undefined
  readonly #memory: TableMemory
  readonly #nodes: NodeWriter
  readonly #zoneWriter: ZoneWriter
  readonly #unpublished: WrittenZone[] = []

  constructor(memory: TableMemory, nodes: NodeWriter, zoneWriter: ZoneWriter) {
    this.#memory = memory
    this.#nodes = nodes
    this.#zoneWriter = zoneWriter
  }

  /** Makes a zone, or sets whether it is answered, and to whom. */
  put(draft: ZoneDraft): void {
    const old = this.zones.get(draft.id)
    if (old === undefined || old.isPublic !== draft.isPublic || !isSame(old.apex, draft.apex)) {
      this.remove(draft.id)
      this.#add(draft)
      return
    }
    const isOther = old.isAnswered !== draft.isAnswered
    old.isAnswered = draft.isAnswered
    old.isRecursive = draft.isRecursive
    old.networks = draft.networks
    this.#storeIn(old, ZONE_FLAGS, flagsOf(old))
    if (old.isPublished && !old.isPublic) this.#zoneWriter.linkNetworks(old)
    if (isOther) this.observer?.zoneChanged(old)
  }

  /** The zone and everything in it is gone. Costs the same whatever the zone's size. */
  remove(id: string): void {
    const zone = this.zones.get(id)
    if (zone === undefined) return
    this.#storeIn(zone, ZONE_FLAGS, ZONE_IS_DEAD)
    if (zone.replaces !== 0) Atomics.store(this.#memory.arena.words, zone.replaces + ZONE_FLAGS, ZONE_IS_DEAD)
    this.zones.delete(id)
    this.#memory.uncount(zone)
    this.observer?.zoneChanged(zone)
  }

  /** All groups of a zone are gone. Readers see the old ones until it is published again. */
  empty(id: string): void {
    const zone = this.zones.get(id)
    if (zone === undefined) return
    this.zones.delete(id)
    this.#memory.uncount(zone)
    const { linked, space } = zone
    const replaces = zone.isPublished ? zone.offset : zone.replaces
    this.#add(zone, { linked, space, replaces })
    this.setAccount(id, zone.account)
    this.setKeys(id, zone.keys)
    this.setTransferAccess(id, zone.transferAccess)
  }

  setAccount(id: string, account: string): void {
    const zone = this.zones.get(id)
    if (zone === undefined) return
    zone.account = account
    this.#storeIn(zone, ZONE_ACCOUNT, this.#memory.lines.account(account))
  }

  setKeys(id: string, keys: Uint8Array): void {
    const zone = this.zones.get(id)
    if (zone === undefined || isSame(zone.keys, keys)) return
    this.#zoneWriter.setKeys(zone, keys)
    this.observer?.zoneChanged(zone)
  }

  setTransferAccess(id: string, access: Uint8Array): void {
    const zone = this.zones.get(id)
    if (zone === undefined || isSame(zone.transferAccess, access)) return
    zone.transferAccess = access
    this.observer?.zoneChanged(zone)
  }

  /** Lets readers find the zones that were made since it was called last. */
  publish(): void {
    const memory = this.#memory
    // Readers that still have the old arena must not be pointed to zones they cannot see.
    if (memory.isReplaced && this.#unpublished.length > 0) memory.zoneSlots.detach()
    for (const made of this.#unpublished) if (this.zones.get(made.id) === made) this.#zoneWriter.publish(made)
    this.#unpublished.length = 0
  }

  #add(draft: ZoneDraft, before?: Predecessor): void {
    const zone = this.#zoneWriter.make(draft, before)
    this.zones.set(zone.id, zone)
    this.#unpublished.push(zone)
    this.#nodes.readOwner(zone, zone.apex, 0)
    this.#nodes.make(zone, 0, 0)
    this.observer?.zoneChanged(zone)
  }

  #storeIn(zone: WrittenZone, word: number, value: number): void {
    Atomics.store(this.#memory.arena.words, zone.offset + word, value)
  }
}
