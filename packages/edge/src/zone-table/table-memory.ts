import { type LineBooks, LineTable } from '../line/line-table.ts'
import { type NetworkBooks, NetworkTable } from '../network/network-table.ts'
import { Arena } from './arena.ts'
import { CONTROL_WORDS, type TableHandle } from './layout.ts'
import { PrivateZones } from './private-zones.ts'
import { Slots } from './slots.ts'
import { TableView } from './view.ts'
import type { WrittenZone } from './written-zone.ts'

let generations = 0
/** Of all tables of this process: a table that replaces another has the higher number. */
const nextGeneration = (): number => ++generations

/** What is to be known of the buffers of a table besides their octets, as plain data. */
export interface MemoryBooks {
  readonly seed: number
  readonly control: readonly number[]
  readonly nextNumber: number
  readonly liveWords: number
  readonly recordSets: number
  /** Used slots of the three indexes. */
  readonly counts: readonly number[]
  readonly lines: LineBooks
  readonly networks: NetworkBooks
}

/** The buffers of a table with the writer's books of them; shared by the parts of one writer. */
export class TableMemory {
  readonly seed: number
  readonly control: Int32Array
  readonly lines: LineTable
  readonly networks: NetworkTable
  arena: Arena
  slots: Slots
  zoneSlots: Slots
  privateZones: PrivateZones
  /** Everything written so far, for the writer's own thread. */
  readonly view: TableView
  /** Of the next zone. */
  nextNumber: number
  /** Words of all living zones, nodes, groups, links and keys. */
  liveWords: number
  /** Groups of all zones. */
  recordSets: number
  /** A buffer was replaced since the table was handed out last. */
  isReplaced = false
  #generation = nextGeneration()

  /** An empty table; or one with these books and {@link parts} of these sizes, which are to be filled before anything else. */
  constructor(books?: MemoryBooks, partWords: readonly number[] = []) {
    const [slots = 2 << 10, zoneSlots = 2 << 6, privateSlots = 2 << 6, arena = 1] = partWords
    const [nodes, zones, links] = books?.counts ?? []
    this.seed = books?.seed ?? crypto.getRandomValues(new Int32Array(1))[0]!
    this.control = new Int32Array(new SharedArrayBuffer(CONTROL_WORDS * 4))
    this.control.set(books?.control ?? [])
    this.lines = new LineTable(books?.lines)
    this.networks = new NetworkTable(books?.networks)
    this.slots = new Slots(slots / 2, nodes)
    this.zoneSlots = new Slots(zoneSlots / 2, zones)
    this.privateZones = new PrivateZones(new Slots(privateSlots / 2, links))
    this.arena = new Arena(arena)
    this.arena.head = arena
    this.nextNumber = books?.nextNumber ?? 1
    this.liveWords = books?.liveWords ?? 0
    this.recordSets = books?.recordSets ?? 0
    this.view = new TableView(this.handle)
  }

  /** The octets of all buffers as far as they are used. The arena, which grows at its end, is the last. */
  get parts(): Uint8Array[] {
    const indexes = [this.slots, this.zoneSlots, this.privateZones.slots]
    return [
      ...indexes.map(({ buffer }) => new Uint8Array(buffer)),
      this.arena.octets.subarray(0, this.arena.head * 4),
    ]
  }

  get books(): MemoryBooks {
    const { seed, control, nextNumber, liveWords, recordSets, lines, networks } = this
    return {
      ...{ seed, control: [...control], nextNumber, liveWords, recordSets },
      counts: [this.slots.count, this.zoneSlots.count, this.privateZones.slots.count],
      lines: lines.books,
      networks: networks.books,
    }
  }

  get handle(): TableHandle {
    return {
      generation: this.#generation,
      seed: this.seed,
      control: this.control.buffer as SharedArrayBuffer,
      arena: this.arena.buffer,
      slots: this.slots.buffer,
      zoneSlots: this.zoneSlots.buffer,
      privateSlots: this.privateZones.slots.buffer,
      lines: this.lines.handle,
      networks: this.networks.handle,
    }
  }

  /** Words that nothing leads to. */
  get garbage(): number {
    return this.arena.head - this.liveWords
  }

  /** What is handed out from now on is another table than before. */
  renew(): void {
    this.#generation = nextGeneration()
    this.view.attach(this.handle)
  }

  count(zone: WrittenZone, words: number): void {
    zone.words += words
    this.liveWords += words
  }

  countGroup(zone: WrittenZone, groups: number): void {
    zone.groups += groups
    this.recordSets += groups
  }

  /** The zone is gone, with everything that was counted for it. */
  uncount(zone: WrittenZone): void {
    this.liveWords -= zone.words
    this.recordSets -= zone.groups
  }

  /** Words for a zone. */
  take(zone: WrittenZone, words: number): number {
    this.count(zone, words)
    return this.takeUncounted(words)
  }

  /** Words that are garbage until they are counted. */
  takeUncounted(words: number): number {
    const { buffer } = this.arena
    const at = this.arena.take(words)
    if (this.arena.buffer !== buffer) this.setReplaced()
    return at
  }

  /** A buffer was replaced: this thread sees the new one at once, the others at the end of the frame. */
  setReplaced(): void {
    this.isReplaced = true
    this.view.attach(this.handle)
  }
}
