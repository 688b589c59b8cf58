import type { LineMembers, LineSegments, NetworkClients } from '@waymark/dns/feed-codec'
import { TYPE_DNAME, TYPE_NS, TYPE_SOA } from '@waymark/dns/rr-types/type-codes'
import { LineTable } from '../line/line-table.ts'
import { NetworkTable } from '../network/network-table.ts'
import { Arena } from './arena.ts'
import {
  CONTROL_DEPTHS,
  CONTROL_IS_FILLED,
  CONTROL_WORDS,
  GROUP_LINE,
  GROUP_NEXT,
  GROUP_TYPE,
  GROUP_VARIANTS,
  NODE_BEFORE,
  NODE_CHILD,
  NODE_GROUPS,
  NODE_HAS_DNAME,
  NODE_HAS_NS,
  NODE_HAS_WILDCARD,
  NODE_NAME,
  NODE_STATE,
  NODE_ZONE,
  SPACE_PUBLIC,
  type TableHandle,
  VARIANT_RDATAS,
  VARIANT_SIZE,
  VARIANT_TTL,
  VARIANT_WEIGHT,
  variantWords,
  ZONE_ACCOUNT,
  ZONE_APEX,
  ZONE_CUTS,
  ZONE_DNAMES,
  ZONE_FLAGS,
  ZONE_HASH,
  ZONE_IS_ANSWERED,
  ZONE_IS_DEAD,
  ZONE_IS_RECURSIVE,
  ZONE_KEYS,
  ZONE_NAME,
  ZONE_NUMBER,
  ZONE_SERIAL,
  ZONE_SOA,
  ZONE_SPACE,
} from './layout.ts'
import { finishHash, NameBuffer } from './name-buffer.ts'
import type { TableObserver } from './observer.ts'
import { PrivateZones } from './private-zones.ts'
import { Slots } from './slots.ts'
import { TableView } from './view.ts'

/** What the writer remembers of a zone. Offsets are of the current arena. */
export interface WrittenZone {
  readonly id: string
  /** Lower-case wire. */
  readonly apex: Uint8Array
  /** Whose zone it is, '' when that does not matter. */
  account: string
  /** What it is signed with (dns/dnssec/zone-keys), empty when it is not. */
  keys: Uint8Array
  readonly isPublic: boolean
  /** Networks that a private zone is answered to. */
  networks: readonly string[]
  /** Numbers of the networks that find it now. */
  linked: readonly number[]
  /** Names the zone's present incarnation: a new one when it is emptied. */
  number: number
  readonly space: number
  offset: number
  isAnswered: boolean
  /** What a private zone does not have may be found elsewhere. */
  isRecursive: boolean
  /** False until the end of the frame that made it: a zone appears with the data that came along. */
  isPublished: boolean
  /** The incarnation that readers see until this one is published, 0 for none. */
  replaces: number
  /** The node made last; NODE_BEFORE leads from it to all others, those that do not exist any more among them. */
  lastNode: number
  /** Who may have it by transfer, where that is not as for all zones (dns/transfer/policy); empty where it is. */
  transferAccess: Uint8Array
  /** Words of its living groups and nodes. */
  words: number
  groups: number
}

/** One variant of a group, pointing into the octets of an operation. */
export interface VariantSlice {
  weight: number
  ttl: number
  at: number
  length: number
}

let generations = 0
/** Of all tables of this process: a table that replaces another has the higher number. */
const nextGeneration = (): number => ++generations

const NO_KEYS = new Uint8Array()
const NOTHING = new Uint8Array()

/** Words of the keys of a zone in the arena. */
const keyWords = (keys: Uint8Array): number => (keys.length === 0 ? 0 : 1 + ((keys.length + 3) >> 2))

/** A rebuild pays when it frees more than this. */
const MIN_GARBAGE_WORDS = 1 << 20

/**
 * The one writer of a table. Every call leaves the table whole for readers: data is written behind the head of the
 * arena, then one store publishes it. When a buffer is replaced (a larger index, or a rebuild without garbage),
 * `onTable` gets the new handle; readers that still hold the old one answer from a state that is whole, but old.
 */
export class TableWriter {
  readonly zones = new Map<string, WrittenZone>()
  /** Gets every handle that replaces an older one. */
  onTable: (handle: TableHandle) => void
  observer: TableObserver | undefined = undefined
  /** Who may have zones by transfer, with keys (dns/transfer/policy); empty: nobody. */
  transferPolicy: Uint8Array = NOTHING
  readonly #seed: number
  readonly lines = new LineTable()
  readonly networks = new NetworkTable()
  readonly #name = new NameBuffer()
  readonly #unpublished: WrittenZone[] = []
  readonly #control = new Int32Array(new SharedArrayBuffer(CONTROL_WORDS * 4))
  #arena = new Arena()
  #slots = new Slots(1 << 10)
  #zoneSlots = new Slots(1 << 6)
  #privateZones = new PrivateZones()
  #view: TableView
  #generation = nextGeneration()
  #recordSets = 0
  #nextNumber = 1
  #liveWords = 0
  #isReplaced = false

  constructor(onTable: (handle: TableHandle) => void = () => {}) {
    this.onTable = onTable
    this.#seed = crypto.getRandomValues(new Int32Array(1))[0]!
    this.#view = new TableView(this.handle)
  }

  get handle(): TableHandle {
    return {
      generation: this.#generation,
      seed: this.#seed,
      control: this.#control.buffer as SharedArrayBuffer,
      arena: this.#arena.buffer,
      slots: this.#slots.buffer,
      zoneSlots: this.#zoneSlots.buffer,
      privateSlots: this.#privateZones.buffer,
      lines: this.lines.handle,
      networks: this.networks.handle,
    }
  }

  /** Everything written so far, for the writer's own thread. */
  get view(): TableView {
    return this.#view
  }

  /** Bytes of the arena that are in use, of them dead, and bytes of the indexes. */
  get memory(): { arenaBytes: number; garbageBytes: number; indexBytes: number } {
    return {
      arenaBytes: this.#arena.head * 4,
      garbageBytes: (this.#arena.head - this.#liveWords) * 4,
      indexBytes:
        this.#slots.buffer.byteLength +
        this.#zoneSlots.buffer.byteLength +
        this.#privateZones.buffer.byteLength,
    }
  }

  /** Groups of all zones. */
  get recordSets(): number {
    return this.#recordSets
  }

  /** The table holds all there is to know: from now on unknown zones are refused, not excused. */
  markFilled(): void {
    Atomics.store(this.#control, CONTROL_IS_FILLED, 1)
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
    Atomics.store(this.#arena.words, zone.offset + ZONE_ACCOUNT, this.lines.account(account))
  }

  /** Says what the zone is signed with; nothing: it is not signed. `keys` is kept. */
  setKeys(id: string, keys: Uint8Array): void {
    const zone = this.zones.get(id)
    if (zone === undefined || isSame(zone.keys, keys)) return
    this.#count(zone, -keyWords(zone.keys))
    zone.keys = keys
    const keysAt = this.#writeKeys(zone)
    Atomics.store(this.#arena.words, zone.offset + ZONE_KEYS, keysAt)
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
    if (old !== undefined && old.isPublic === isPublic && isSame(old.apex, apex)) {
      const isOther = old.isAnswered !== isAnswered
      old.isAnswered = isAnswered
      old.isRecursive = isRecursive
      old.networks = networks
      Atomics.store(this.#arena.words, old.offset + ZONE_FLAGS, flagsOf(old))
      if (old.isPublished && !isPublic) this.#linkNetworks(old)
      if (isOther) this.observer?.zoneChanged(old)
      return
    }
    if (old !== undefined) this.removeZone(id)
    this.#addZone(id, apex, isPublic, isAnswered, networks, isRecursive)
  }

  /** The zone and everything in it is gone. Costs the same whatever the zone's size. */
  removeZone(id: string): void {
    const zone = this.zones.get(id)
    if (zone === undefined) return
    Atomics.store(this.#arena.words, zone.offset + ZONE_FLAGS, ZONE_IS_DEAD)
    if (zone.replaces !== 0) Atomics.store(this.#arena.words, zone.replaces + ZONE_FLAGS, ZONE_IS_DEAD)
    this.zones.delete(id)
    this.#liveWords -= zone.words
    this.#recordSets -= zone.groups
    this.observer?.zoneChanged(zone)
  }

  /** All groups of a zone are gone. Readers see the old ones until {@link commit}. */
  emptyZone(id: string): void {
    const zone = this.zones.get(id)
    if (zone === undefined) return
    this.zones.delete(id)
    this.#liveWords -= zone.words
    this.#recordSets -= zone.groups
    const replaces = zone.isPublished ? zone.offset : zone.replaces
    const { apex, isPublic, isAnswered, networks, isRecursive, linked, space } = zone
    this.#addZone(id, apex, isPublic, isAnswered, networks, isRecursive, linked, space, replaces)
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
    const apexLabel = this.#readOwner(zone, source, ownerAt)
    if (apexLabel < 0) return false
    const lineNumber = this.lines.number(line)
    if (count === 0) this.#removeGroup(zone, apexLabel, type, lineNumber)
    else this.#replaceGroup(zone, apexLabel, type, lineNumber, source, variants, count)
    return true
  }

  /** The place behind everything written so far: what is at or above it is newer. */
  get head(): number {
    return this.#arena.head
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
    const apexLabel = this.#readOwner(zone, source, ownerAt)
    if (apexLabel < 0) return
    this.#removeGroup(zone, apexLabel, type, this.lines.number(line), head)
  }

  /** Ends a frame of a zone: its serial is answered, zones made by it appear, and larger buffers, a rebuild or new lines are handed out. */
  commit(zoneId: string, serial: number): void {
    const zone = this.zones.get(zoneId)
    if (zone !== undefined) {
      const at = zone.offset + ZONE_SERIAL
      const oldSerial = this.#arena.words[at]! >>> 0
      Atomics.store(this.#arena.words, at, serial)
      this.observer?.committing(zone, oldSerial, serial)
    }
    // Readers that still have the old arena must not be pointed to zones they cannot see.
    if (this.#isReplaced && this.#unpublished.length > 0) this.#zoneSlots.detach()
    for (const made of this.#unpublished) if (this.zones.get(made.id) === made) this.#publish(made)
    this.#unpublished.length = 0
    const garbage = this.#arena.head - this.#liveWords
    if (garbage > MIN_GARBAGE_WORDS && garbage > this.#arena.head / 2) this.rebuild()
    const hasNewLines = this.lines.takeChanged()
    if (!this.networks.takeChanged() && !this.#isReplaced && !hasNewLines) return
    this.#isReplaced = false
    this.#generation = nextGeneration()
    this.#view.attach(this.handle)
    this.onTable(this.handle)
  }

  /** Copies what lives into new buffers; the old ones are free as soon as the readers have let them go. */
  rebuild(): void {
    const from = this.#arena
    const oldSlots = this.#slots.pairs
    const oldView = this.snapshotView()
    const byNumber = new Map<number, WrittenZone>()
    for (const zone of this.zones.values()) byNumber.set(zone.number, zone)

    this.#arena = new Arena(this.#liveWords)
    this.#slots = new Slots(capacityFor(this.#slots.count))
    this.#zoneSlots = new Slots(capacityFor(this.zones.size))
    this.#privateZones = new PrivateZones()
    this.#liveWords = 0
    for (const zone of this.zones.values()) {
      const flags = from.words[zone.offset + ZONE_FLAGS]!
      const serial = from.words[zone.offset + ZONE_SERIAL]!
      const cuts = from.words[zone.offset + ZONE_CUTS]!
      const dnames = from.words[zone.offset + ZONE_DNAMES]!
      this.#writeZone(zone, flags)
      const words = this.#arena.words
      words[zone.offset + ZONE_SERIAL] = serial
      words[zone.offset + ZONE_CUTS] = cuts
      words[zone.offset + ZONE_DNAMES] = dnames
    }
    for (let slot = 0; slot < oldSlots.length; slot += 2) {
      const node = oldSlots[slot + 1]!
      if (node === 0 || !(oldView.exists(node) || isApexNode(from, node))) continue
      const zone = byNumber.get(from.words[node + NODE_ZONE]!)
      if (zone !== undefined) this.#copyNode(zone, oldSlots[slot]!, from, node)
    }
    for (const zone of this.zones.values()) if (zone.isPublished) this.#publish(zone)
    this.#isReplaced = true
    this.#generation = nextGeneration()
    this.#view.attach(this.handle)
  }

  /** A view of its own that keeps this moment's buffers: a rebuild does not change what it reads. */
  snapshotView(): TableView {
    return new TableView(this.handle)
  }

  #count(zone: WrittenZone, words: number): void {
    zone.words += words
    this.#liveWords += words
  }

  #countGroup(zone: WrittenZone, groups: number): void {
    zone.groups += groups
    this.#recordSets += groups
  }

  #take(zone: WrittenZone, words: number): number {
    this.#count(zone, words)
    return this.#takeUncounted(words)
  }

  #takeUncounted(words: number): number {
    const { buffer } = this.#arena
    const at = this.#arena.take(words)
    if (this.#arena.buffer !== buffer) this.#setReplaced()
    return at
  }

  /** A buffer was replaced: this thread sees the new one at once, the others at the end of the frame. */
  #setReplaced(): void {
    this.#isReplaced = true
    this.#view.attach(this.handle)
  }

  #addZone(
    id: string,
    apex: Uint8Array,
    isPublic: boolean,
    isAnswered: boolean,
    networks: readonly string[],
    isRecursive: boolean,
    linked: readonly number[] = [],
    space = isPublic ? SPACE_PUBLIC : this.#nextNumber,
    replaces = 0,
  ): void {
    const zone: WrittenZone = {
      id,
      apex,
      account: '',
      keys: NO_KEYS,
      isPublic,
      networks,
      linked,
      transferAccess: NOTHING,
      number: this.#nextNumber++,
      space,
      offset: 0,
      lastNode: 0,
      isAnswered,
      isRecursive,
      isPublished: false,
      replaces,
      words: 0,
      groups: 0,
    }
    this.zones.set(id, zone)
    this.#writeZone(zone, flagsOf(zone))
    this.#unpublished.push(zone)
    this.#readOwner(zone, apex, 0)
    this.#makeNode(zone, 0, 0)
    this.observer?.zoneChanged(zone)
  }

  #writeZone(zone: WrittenZone, flags: number): void {
    const name = this.#name
    name.read(zone.apex, 0, zone.apex.length)
    name.hash(this.#seed)
    zone.words = 0
    const at = this.#take(zone, ZONE_NAME + ((2 + zone.apex.length + 3) >> 2))
    const words = this.#arena.words
    words[at + ZONE_NUMBER] = zone.number
    words[at + ZONE_FLAGS] = flags
    words[at + ZONE_SPACE] = zone.space
    words[at + ZONE_HASH] = name.hashes[0]!
    words[at + ZONE_ACCOUNT] = this.lines.account(zone.account)
    const octets = this.#arena.octets
    octets[(at + ZONE_NAME) * 4] = name.labels
    octets[(at + ZONE_NAME) * 4 + 1] = zone.apex.length
    octets.set(zone.apex, (at + ZONE_NAME) * 4 + 2)
    zone.offset = at
    zone.lastNode = 0
    const keysAt = this.#writeKeys(zone)
    this.#arena.words[at + ZONE_KEYS] = keysAt
  }

  #writeKeys(zone: WrittenZone): number {
    const { keys } = zone
    if (keys.length === 0) return 0
    const at = this.#take(zone, keyWords(keys))
    this.#arena.words[at] = keys.length
    this.#arena.octets.set(keys, (at + 1) * 4)
    return at
  }

  #publish(zone: WrittenZone): void {
    const name = this.#name
    name.read(zone.apex, 0, zone.apex.length)
    name.hash(this.#seed)
    const space = zone.space
    zone.isPublished = true
    if (!zone.isPublic) {
      this.#linkNetworks(zone)
      zone.replaces = 0
      return
    }
    zone.replaces = 0
    const at = CONTROL_DEPTHS + (name.labels >> 5)
    Atomics.or(this.#control, at, 1 << (name.labels & 31))
    const slot = findSlot(this.#zoneSlots, this.#arena, name, space)
    if (slot >= 0) this.#zoneSlots.replace(slot, zone.offset)
    else if (this.#zoneSlots.add(finishHash(name.hashes[0]!, space), zone.offset)) this.#isReplaced = true
  }

  /** Lets the networks of a private zone find it, all of them again: another zone of its apex may have been in its place. */
  #linkNetworks(zone: WrittenZone): void {
    const name = this.#name
    name.read(zone.apex, 0, zone.apex.length)
    name.hash(this.#seed)
    const numbers = zone.networks.map((network) => this.networks.number(network))
    const incarnations = [zone.offset, zone.replaces]
    for (const network of zone.linked) {
      if (!numbers.includes(network)) this.#privateZones.unlink(this.#arena, name, network, incarnations)
    }
    const take = (words: number): number => this.#take(zone, words)
    for (const network of numbers) {
      if (this.#privateZones.link(this.#arena, take, name, network, zone.offset)) this.#isReplaced = true
    }
    zone.linked = numbers
  }

  /** Reads an owner into the name buffer; the label where the zone's apex starts, or -1 when it lies outside. */
  #readOwner(zone: WrittenZone, source: Uint8Array, at: number): number {
    const name = this.#name
    if (name.read(source, at, source.length) < 0) return -1
    const apexStart = name.length - zone.apex.length
    if (apexStart < 0) return -1
    for (let i = 0; i < zone.apex.length; i++) {
      if (name.octets[apexStart + i] !== zone.apex[i]) return -1
    }
    for (let label = 0; label <= name.labels; label++) {
      if (name.starts[label] !== apexStart) continue
      name.hash(this.#seed)
      return label
    }
    return -1
  }

  /** The node of suffix `i` of the name buffer, made when there is none. */
  #makeNode(zone: WrittenZone, i: number, apexLabel: number): number {
    const name = this.#name
    const found = this.#view.findNode(zone.number, name, i, apexLabel)
    if (found !== 0) return found
    const start = name.starts[i]!
    const length = name.starts[apexLabel]! - start
    // Counts as garbage until it exists.
    const node = this.#takeUncounted(NODE_NAME + ((1 + length + 3) >> 2))
    const octets = this.#arena.octets
    this.#arena.words[node + NODE_ZONE] = zone.number
    this.#arena.words[node + NODE_BEFORE] = zone.lastNode
    zone.lastNode = node
    octets[(node + NODE_NAME) * 4] = length
    for (let k = 0; k < length; k++) octets[(node + NODE_NAME) * 4 + 1 + k] = name.octets[start + k]!
    if (i === apexLabel) this.#arena.words[zone.offset + ZONE_APEX] = node
    this.#addSlot(finishHash(name.hashes[i]!, zone.number), node)
    return node
  }

  #addSlot(hash: number, node: number): void {
    if (this.#slots.add(hash, node)) this.#setReplaced()
  }

  #replaceGroup(
    zone: WrittenZone,
    apexLabel: number,
    type: number,
    line: number,
    source: Uint8Array,
    variants: readonly VariantSlice[],
    count: number,
  ): void {
    const node = this.#makeNode(zone, 0, apexLabel)
    const link = this.#linkTo(node, type, line)
    const old = this.#arena.words[link]!
    if (old !== 0 && this.#isSameGroup(old, source, variants, count)) return
    let size = GROUP_VARIANTS
    for (let i = 0; i < count; i++) size += variantWords(variants[i]!.length - 2)
    const group = this.#take(zone, size)
    const words = this.#arena.words
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
      copy(this.#arena.octets, (at + VARIANT_RDATAS) * 4, source, variant.at + 2, length)
      at += variantWords(length)
    }
    const existed = this.#view.exists(node)
    if (old === 0) this.#markGroup(zone, node, type)
    Atomics.store(this.#arena.words, link, group)
    if (old !== 0) this.#count(zone, -this.#groupWords(old))
    else this.#countGroup(zone, 1)
    this.observer?.groupReplaced(zone, node, type, line, old, group)
    if (type === TYPE_SOA && line === 0) Atomics.store(this.#arena.words, zone.offset + ZONE_SOA, group)
    if (existed) return
    this.#count(zone, nodeWords(this.#arena, node))
    this.#addToParent(zone, apexLabel)
  }

  /** Sets the marks a first group of this type needs, before the group is there: a mark without data does no harm. */
  #markGroup(zone: WrittenZone, node: number, type: number): void {
    const words = this.#arena.words
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

  #removeGroup(zone: WrittenZone, apexLabel: number, type: number, line: number, olderThan = Infinity): void {
    const node = this.#view.findNode(zone.number, this.#name, 0, apexLabel)
    if (node === 0) return
    const link = this.#linkTo(node, type, line)
    const words = this.#arena.words
    const old = words[link]!
    if (old === 0 || old >= olderThan) return
    if (type === TYPE_SOA && line === 0) Atomics.store(words, zone.offset + ZONE_SOA, 0)
    Atomics.store(words, link, words[old + GROUP_NEXT]!)
    this.#count(zone, -this.#groupWords(old))
    this.#countGroup(zone, -1)
    this.observer?.groupReplaced(zone, node, type, line, old, 0)
    if (
      type === TYPE_NS &&
      (words[node + NODE_STATE]! & NODE_HAS_NS) !== 0 &&
      !this.#hasType(node, TYPE_NS)
    ) {
      words[node + NODE_STATE]! &= ~NODE_HAS_NS
      words[zone.offset + ZONE_CUTS]!--
    }
    if (type === TYPE_DNAME && !this.#hasType(node, TYPE_DNAME)) {
      words[node + NODE_STATE]! &= ~NODE_HAS_DNAME
      words[zone.offset + ZONE_DNAMES]!--
    }
    if (this.#view.exists(node)) return
    this.#count(zone, -nodeWords(this.#arena, node))
    this.#takeFromParent(zone, apexLabel)
  }

  /** A node began to exist: its parent has one child more, and may begin to exist by that (an empty non-terminal). */
  #addToParent(zone: WrittenZone, apexLabel: number): void {
    for (let label = 0; label < apexLabel; label++) {
      const parent = this.#makeNode(zone, label + 1, apexLabel)
      const words = this.#arena.words
      const existed = this.#view.exists(parent)
      if (isStar(this.#name, label)) words[parent + NODE_STATE]! |= NODE_HAS_WILDCARD
      words[parent + NODE_STATE]! += NODE_CHILD
      if (existed) return
      this.#count(zone, nodeWords(this.#arena, parent))
    }
  }

  #takeFromParent(zone: WrittenZone, apexLabel: number): void {
    for (let label = 0; label < apexLabel; label++) {
      const parent = this.#view.findNode(zone.number, this.#name, label + 1, apexLabel)
      this.#arena.words[parent + NODE_STATE]! -= NODE_CHILD
      if (this.#view.exists(parent)) return
      this.#count(zone, -nodeWords(this.#arena, parent))
    }
  }

  /** The word that points to the group of (type, line): of the node, of the group before it, or of the last group. */
  #linkTo(node: number, type: number, line: number): number {
    const words = this.#arena.words
    let link = node + NODE_GROUPS
    for (;;) {
      const group = words[link]!
      if (group === 0) return link
      if (words[group + GROUP_TYPE]! >>> 16 === type && words[group + GROUP_LINE] === line) return link
      link = group + GROUP_NEXT
    }
  }

  #hasType(node: number, type: number): boolean {
    const words = this.#arena.words
    for (let group = words[node + NODE_GROUPS]!; group !== 0; group = words[group + GROUP_NEXT]!) {
      if (words[group + GROUP_TYPE]! >>> 16 === type) return true
    }
    return false
  }

  #groupWords(group: number): number {
    const words = this.#arena.words
    let at = group + GROUP_VARIANTS
    for (let i = words[group + GROUP_TYPE]! & 0xffff; i > 0; i--)
      at += variantWords(words[at + VARIANT_SIZE]!)
    return at - group
  }

  #isSameGroup(group: number, source: Uint8Array, variants: readonly VariantSlice[], count: number): boolean {
    const { words, octets } = this.#arena
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

  #copyNode(zone: WrittenZone, hash: number, from: Arena, node: number): void {
    const size = nodeWords(from, node)
    const copied = this.#take(zone, size)
    copyWords(this.#arena, copied, from, node, size)
    this.#arena.words[copied + NODE_BEFORE] = zone.lastNode
    zone.lastNode = copied
    if (isApexNode(from, node)) this.#arena.words[zone.offset + ZONE_APEX] = copied
    let link = copied + NODE_GROUPS
    for (let group = from.words[node + NODE_GROUPS]!; group !== 0; group = from.words[group + GROUP_NEXT]!) {
      let end = group + GROUP_VARIANTS
      for (let i = from.words[group + GROUP_TYPE]! & 0xffff; i > 0; i--) {
        end += variantWords(from.words[end + VARIANT_SIZE]!)
      }
      const target = this.#take(zone, end - group)
      copyWords(this.#arena, target, from, group, end - group)
      this.#arena.words[link] = target
      link = target + GROUP_NEXT
      if (from.words[group + GROUP_TYPE]! >>> 16 === TYPE_SOA && from.words[group + GROUP_LINE] === 0) {
        this.#arena.words[zone.offset + ZONE_SOA] = target
      }
    }
    this.#arena.words[link] = 0
    this.#slots.add(hash, copied)
  }
}

const flagsOf = (zone: WrittenZone): number =>
  (zone.isAnswered ? ZONE_IS_ANSWERED : 0) | (zone.isRecursive ? ZONE_IS_RECURSIVE : 0)

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

const nodeWords = (arena: Arena, node: number): number =>
  NODE_NAME + ((1 + arena.octets[(node + NODE_NAME) * 4]! + 3) >> 2)

const isApexNode = (arena: Arena, node: number): boolean => arena.octets[(node + NODE_NAME) * 4] === 0

const isStar = (name: NameBuffer, label: number): boolean =>
  name.octets[name.starts[label]!] === 1 && name.octets[name.starts[label]! + 1] === 42

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function copy(to: Uint8Array, toAt: number, from: Uint8Array, fromAt: number, length: number): void {
  if (length > 64) to.set(from.subarray(fromAt, fromAt + length), toAt)
  else for (let i = 0; i < length; i++) to[toAt + i] = from[fromAt + i]!
}

function copyWords(to: Arena, toAt: number, from: Arena, fromAt: number, count: number): void {
  if (count > 32) to.words.set(from.words.subarray(fromAt, fromAt + count), toAt)
  else for (let i = 0; i < count; i++) to.words[toAt + i] = from.words[fromAt + i]!
}

const capacityFor = (count: number): number => 2 ** Math.max(6, Math.ceil(Math.log2(count * 2 + 1)))
