import type { LineMembers, LineSegments, NetworkClients } from '@waymark/dns/feed-codec'
import { GroupWriter } from './group-writer.ts'
import { CONTROL_IS_FILLED, type TableHandle, ZONE_SERIAL } from './layout.ts'
import { NodeWriter } from './node-writer.ts'
import type { TableObserver } from './observer.ts'
import { copyLiving } from './rebuild.ts'
import { booksOf, type TableBooks, type TableCopy, zoneOf } from './table-books.ts'
import { TableMemory } from './table-memory.ts'
import type { TableView } from './view.ts'
import type { VariantSlice, WrittenZone } from './written-zone.ts'
import { ZoneRegister } from './zone-register.ts'
import { ZoneWriter } from './zone-writer.ts'

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
  /** Gets every handle that replaces an older one. */
  onTable: (handle: TableHandle) => void
  /** Who may have zones by transfer, with keys (dns/transfer/policy). */
  transferPolicy: Uint8Array = NO_POLICY
  readonly #memory: TableMemory
  readonly #nodes: NodeWriter
  readonly #groups: GroupWriter
  readonly #zoneWriter: ZoneWriter
  readonly #register: ZoneRegister

  /** A table that is empty, or goes on from a copy. */
  constructor(onTable: (handle: TableHandle) => void = () => {}, copy?: TableCopy) {
    this.onTable = onTable
    this.#memory = copy?.memory ?? new TableMemory()
    this.#nodes = new NodeWriter(this.#memory)
    this.#groups = new GroupWriter(this.#memory, this.#nodes)
    this.#zoneWriter = new ZoneWriter(this.#memory)
    this.#register = new ZoneRegister(this.#memory, this.#nodes, this.#zoneWriter)
    if (copy === undefined) return
    this.transferPolicy = Uint8Array.fromHex(copy.books.transferPolicy)
    for (const row of copy.books.zones) {
      const zone = zoneOf(this.#memory, row)
      this.#register.zones.set(zone.id, zone)
    }
  }

  get handle(): TableHandle {
    return this.#memory.handle
  }

  /** Everything written so far, for the writer's own thread. */
  get view(): TableView {
    return this.#memory.view
  }

  /** By their ids. */
  get zones(): ReadonlyMap<string, WrittenZone> {
    return this.#register.zones
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
    this.#register.observer = observer
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
    this.#register.setAccount(id, account)
  }

  /** Says what the zone is signed with; nothing: it is not signed. `keys` is kept. */
  setKeys(id: string, keys: Uint8Array): void {
    this.#register.setKeys(id, keys)
  }

  /** Says who may have the zone by transfer; nothing: as for all zones. `access` is kept. */
  setTransferAccess(id: string, access: Uint8Array): void {
    this.#register.setTransferAccess(id, access)
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
    this.#register.put({ id, apex, isPublic, isAnswered, networks, isRecursive })
  }

  /** The zone and everything in it is gone. Costs the same whatever the zone's size. */
  removeZone(id: string): void {
    this.#register.remove(id)
  }

  /** All groups of a zone are gone. Readers see the old ones until {@link commit}. */
  emptyZone(id: string): void {
    this.#register.empty(id)
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
      Atomics.store(memory.arena.words, zone.offset + ZONE_SERIAL, serial)
      this.observer?.committing(zone, oldSerial, serial)
    }
    this.#register.publish()
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
}
