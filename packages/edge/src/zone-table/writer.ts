import type { LineMembers, LineSegments, NetworkClients } from '@waymark/dns/feed-codec'
import { GroupWriter } from './group-writer.ts'
import {
  CONTROL_IS_FILLED,
  type TableHandle,
  ZONE_ACCOUNT,
  ZONE_FLAGS,
  ZONE_IS_DEAD,
  ZONE_SERIAL,
} from './layout.ts'
import { NodeWriter } from './node-writer.ts'
import type { TableObserver } from './observer.ts'
import { copyLiving } from './rebuild.ts'
import { booksOf, type TableBooks, type TableCopy, zoneOf } from './table-books.ts'
import { TableMemory } from './table-memory.ts'
import type { TableView } from './view.ts'
import { flagsOf, isSame, type VariantSlice, type WrittenZone } from './written-zone.ts'
import { type Predecessor, type ZoneDraft, ZoneWriter } from './zone-writer.ts'

/** A rebuild pays when it frees more than this. */
const MIN_GARBAGE_WORDS = 1 << 20
/** Who may have zones by transfer before anybody has said so: nobody. */
const NO_POLICY = new Uint8Array()

/**
 * The one writer of a table. Every call leaves the table whole for readers: data is written behind the head of the
 * arena, then one store publishes it. When a buffer is replaced (a larger index, or a rebuild without garbage),
 * `onTable` gets the new handle; readers that still hold the old one answer from a state that is whole, but old.
 */
export class TableWriter {
  readonly zones = new Map<string, WrittenZone>()
  /** Gets every handle that replaces an older one. */
  onTable: (handle: TableHandle) => void
  /** Who may have zones by transfer, with keys (dns/transfer/policy). */
  transferPolicy: Uint8Array = NO_POLICY
  readonly #memory: TableMemory
  readonly #nodes: NodeWriter
  readonly #groups: GroupWriter
  readonly #zoneWriter: ZoneWriter
  readonly #unpublished: WrittenZone[] = []

  /** A table that is empty, or goes on from a copy. */
  constructor(onTable: (handle: TableHandle) => void = () => {}, copy?: TableCopy) {
    this.onTable = onTable
    this.#memory = copy?.memory ?? new TableMemory()
    this.#nodes = new NodeWriter(this.#memory)
    this.#groups = new GroupWriter(this.#memory, this.#nodes)
    this.#zoneWriter = new ZoneWriter(this.#memory)
    if (copy === undefined) return
    this.transferPolicy = Uint8Array.fromHex(copy.books.transferPolicy)
    for (const row of copy.books.zones) {
      const zone = zoneOf(this.#memory, row)
      this.zones.set(zone.id, zone)
    }
  }

  get handle(): TableHandle {
    return this.#memory.handle
  }

  /** Everything written so far, for the writer's own thread. */
  get view(): TableView {
    return this.#memory.view
  }

  get lines(): TableMemory['lines'] {
    return this.#memory.lines
  }

  get networks(): TableMemory['networks'] {
    return this.#memory.networks
  }

  get observer(): TableObserver | undefined {
    return this.#groups.observer
  }

  set observer(observer: TableObserver | undefined) {
    this.#groups.observer = observer
  }

  /** Bytes of the arena that are in use, of them dead, and bytes of the indexes. */
  get memory(): { arenaBytes: number; garbageBytes: number; indexBytes: number } {
    const { arena, garbage, slots, zoneSlots, privateZones } = this.#memory
    const indexes = [slots, zoneSlots, privateZones.slots]
    return {
      arenaBytes: arena.head * 4,
      garbageBytes: garbage * 4,
      indexBytes: indexes.reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
    }
  }

  /** The octets of all buffers as far as they are used: with {@link books} a copy of the table, between two frames. */
  get parts(): Uint8Array[] {
    return this.#memory.parts
  }

  get books(): TableBooks {
    return booksOf(this.#memory, this.zones.values(), this.transferPolicy)
  }

  /** Groups of all zones. */
  get recordSets(): number {
    return this.#memory.recordSets
  }

  /** The table holds all there is to know: from now on unknown zones are refused, not excused. */
  markFilled(): void {
    Atomics.store(this.#memory.control, CONTROL_IS_FILLED, 1)
  }

  /** Replaces all custom lines and line groups of an account. */
  putLines(account: string, lines: readonly LineSegments[], groups: readonly LineMembers[]): void {
    this.lines.put(account, lines, groups)
  }

  /** Replaces who belongs to a network. */
  putNetwork(network: NetworkClients): void {
    this.networks.put(network)
  }

  /** Says whose zone it is. */
  setAccount(id: string, account: string): void {
    const zone = this.zones.get(id)
    if (zone === undefined) return
    zone.account = account
    this.#storeIn(zone, ZONE_ACCOUNT, this.lines.account(account))
  }

  /** Says what the zone is signed with; nothing: it is not signed. `keys` is kept. */
  setKeys(id: string, keys: Uint8Array): void {
    const zone = this.zones.get(id)
    if (zone === undefined || isSame(zone.keys, keys)) return
    this.#zoneWriter.setKeys(zone, keys)
    this.observer?.zoneChanged(zone)
  }

  /** Says who may have the zone by transfer; nothing: as for all zones. `access` is kept. */
  setTransferAccess(id: string, access: Uint8Array): void {
    const zone = this.zones.get(id)
    if (zone === undefined || isSame(zone.transferAccess, access)) return
    zone.transferAccess = access
    this.observer?.zoneChanged(zone)
  }

  /** Makes a zone, or sets whether it is answered, and to whom. */
  putZone(
    id: string,
    apex: Uint8Array,
    isPublic: boolean,
    isAnswered: boolean,
    networks: readonly string[],
    isRecursive = false,
  ): void {
    const old = this.zones.get(id)
    if (old === undefined || old.isPublic !== isPublic || !isSame(old.apex, apex)) {
      this.removeZone(id)
      this.#addZone({ id, apex, isPublic, isAnswered, networks, isRecursive })
      return
    }
    const isOther = old.isAnswered !== isAnswered
    old.isAnswered = isAnswered
    old.isRecursive = isRecursive
    old.networks = networks
    this.#storeIn(old, ZONE_FLAGS, flagsOf(old))
    if (old.isPublished && !isPublic) this.#zoneWriter.linkNetworks(old)
    if (isOther) this.observer?.zoneChanged(old)
  }

  /** The zone and everything in it is gone. Costs the same whatever the zone's size. */
  removeZone(id: string): void {
    const zone = this.zones.get(id)
    if (zone === undefined) return
    this.#storeIn(zone, ZONE_FLAGS, ZONE_IS_DEAD)
    if (zone.replaces !== 0) Atomics.store(this.#memory.arena.words, zone.replaces + ZONE_FLAGS, ZONE_IS_DEAD)
    this.zones.delete(id)
    this.#memory.uncount(zone)
    this.observer?.zoneChanged(zone)
  }

  /** All groups of a zone are gone. Readers see the old ones until {@link commit}. */
  emptyZone(id: string): void {
    const zone = this.zones.get(id)
    if (zone === undefined) return
    this.zones.delete(id)
    this.#memory.uncount(zone)
    const { linked, space } = zone
    const replaces = zone.isPublished ? zone.offset : zone.replaces
    this.#addZone(zone, { linked, space, replaces })
    this.setAccount(id, zone.account)
    this.setKeys(id, zone.keys)
    this.setTransferAccess(id, zone.transferAccess)
  }

  /**
   * Replaces a group, or removes it when `variants` is 0. `owner` starts at `ownerAt` of `source`, lower-case wire.
   * False when the owner is not in the zone or the zone is unknown: nothing was done.
   */
  putGroup(
    zoneId: string,
    source: Uint8Array,
    ownerAt: number,
    type: number,
    line: string,
    variants: readonly VariantSlice[],
    count: number,
  ): boolean {
    const zone = this.zones.get(zoneId)
    if (zone === undefined) return false
    const apexLabel = this.#nodes.readOwner(zone, source, ownerAt)
    if (apexLabel < 0) return false
    const lineNumber = this.lines.number(line)
    if (count === 0) this.#groups.remove(zone, apexLabel, type, lineNumber)
    else this.#groups.replace(zone, apexLabel, type, lineNumber, source, variants, count)
    return true
  }

  /** The place behind everything written so far: what is at or above it is newer. */
  get head(): number {
    return this.#memory.arena.head
  }

  /** Removes a group unless it was written at or after `head`: how removals wait until the end of a frame. */
  removeGroupOlderThan(
    head: number,
    zoneId: string,
    source: Uint8Array,
    ownerAt: number,
    type: number,
    line: string,
  ): void {
    const zone = this.zones.get(zoneId)
    if (zone === undefined) return
    const apexLabel = this.#nodes.readOwner(zone, source, ownerAt)
    if (apexLabel >= 0) this.#groups.remove(zone, apexLabel, type, this.lines.number(line), head)
  }

  /** Ends a frame of a zone: its serial is answered, zones made by it appear, and larger buffers, a rebuild or new lines are handed out. */
  commit(zoneId: string, serial: number): void {
    const memory = this.#memory
    const zone = this.zones.get(zoneId)
    if (zone !== undefined) {
      const oldSerial = memory.arena.words[zone.offset + ZONE_SERIAL]! >>> 0
      this.#storeIn(zone, ZONE_SERIAL, serial)
      this.observer?.committing(zone, oldSerial, serial)
    }
    // Readers that still have the old arena must not be pointed to zones they cannot see.
    if (memory.isReplaced && this.#unpublished.length > 0) memory.zoneSlots.detach()
    for (const made of this.#unpublished) if (this.zones.get(made.id) === made) this.#zoneWriter.publish(made)
    this.#unpublished.length = 0
    const { garbage } = memory
    if (garbage > MIN_GARBAGE_WORDS && garbage > memory.arena.head / 2) this.rebuild()
    const hasNewLines = this.lines.takeChanged()
    if (!this.networks.takeChanged() && !memory.isReplaced && !hasNewLines) return
    memory.isReplaced = false
    memory.renew()
    this.onTable(this.handle)
  }

  /** Copies what lives into new buffers; the old ones are free as soon as the readers have let them go. */
  rebuild(): void {
    copyLiving(this.#memory, this.zones.values(), this.#zoneWriter)
    this.#memory.isReplaced = true
    this.#memory.renew()
  }

  #addZone(draft: ZoneDraft, before?: Predecessor): void {
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
