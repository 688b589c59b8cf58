import { LineTable } from '../line/line-table.ts'
import { NetworkTable } from '../network/network-table.ts'
import { Arena } from './arena.ts'
import { CONTROL_WORDS, type TableHandle } from './layout.ts'
import { PrivateZones } from './private-zones.ts'
import { Slots } from './slots.ts'
import { TableView } from './view.ts'
import type { WrittenZone } from './written-zone.ts'

let generations = 0
/** Of all tables of this process: a table that replaces another has the higher number. */
const nextGeneration = (): number => ++generations

/** The buffers of a table with the writer's books of them; shared by the parts of one writer. */
export class TableMemory {
  readonly seed = crypto.getRandomValues(new Int32Array(1))[0]!
  readonly control = new Int32Array(new SharedArrayBuffer(CONTROL_WORDS * 4))
  readonly lines = new LineTable()
  readonly networks = new NetworkTable()
  arena = new Arena()
  slots = new Slots(1 << 10)
  zoneSlots = new Slots(1 << 6)
  privateZones = new PrivateZones()
  /** Everything written so far, for the writer's own thread. */
  readonly view: TableView
  /** Words of all living zones, nodes, groups, links and keys. */
  liveWords = 0
  /** Groups of all zones. */
  recordSets = 0
  /** A buffer was replaced since the table was handed out last. */
  isReplaced = false
  #generation = nextGeneration()

  constructor() {
    this.view = new TableView(this.handle)
  }

  get handle(): TableHandle {
    return {
      generation: this.#generation,
      seed: this.seed,
      control: this.control.buffer as SharedArrayBuffer,
      arena: this.arena.buffer,
      slots: this.slots.buffer,
      zoneSlots: this.zoneSlots.buffer,
      privateSlots: this.privateZones.buffer,
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
