import { type Log, reasonOf } from '../log.ts'
import { type SnapshotPosition, saveSnapshot } from './disk-snapshot.ts'
import type { LiveTable } from './live-table.ts'

/** A snapshot is written at most this often, and never takes more than a twentieth of the time. */
const MIN_INTERVAL_MS = 30_000
const SHARE = 20
/** What disks are to bear for years while zones change without end: a million record sets are saved every 70 seconds. */
const BYTES_PER_SECOND = 1 << 20

/** Keeps the edge's own snapshot on disk near its table. */
export class SnapshotKeeper {
  /** When it was last written, milliseconds since 1970 UTC; 0: not since the start. */
  savedAt = 0
  /** How often it could not be written. */
  failures = 0
  /** The one found at the start was damaged and was not used. */
  wasDamaged = false
  readonly #path: string
  readonly #table: LiveTable
  readonly #log: Log
  readonly #minIntervalMs: number
  #saved: string
  #timer: ReturnType<typeof setTimeout> | undefined
  #saving: Promise<void> | undefined
  #intervalMs: number
  #isRunning = false

  constructor(path: string, table: LiveTable, log: Log, minIntervalMs = MIN_INTERVAL_MS) {
    this.#path = path
    this.#table = table
    this.#log = log
    this.#minIntervalMs = minIntervalMs
    this.#intervalMs = minIntervalMs
    this.#saved = stateOf(table)
  }

  start(): void {
    this.#isRunning = true
    this.notify()
  }

  /** The table may have moved. */
  notify(): void {
    const isUnderWay = this.#timer !== undefined || this.#saving !== undefined
    if (!this.#isRunning || isUnderWay || stateOf(this.#table) === this.#saved) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#saving = this.#save().finally(() => {
        this.#saving = undefined
        this.notify()
      })
    }, this.#intervalMs)
  }

  /** Writes what is not on disk yet. */
  async stop(): Promise<void> {
    this.#isRunning = false
    clearTimeout(this.#timer)
    await this.#saving
    await this.#save()
  }

  async #save(): Promise<void> {
    if (stateOf(this.#table) === this.#saved || this.#table.store === '') return
    const start = performance.now()
    let sizeBytes = 0
    try {
      const saved = await saveSnapshot(this.#path, this.#table)
      this.#saved = stateOf(saved)
      sizeBytes = saved.sizeBytes
      this.savedAt = Date.now()
    } catch (error) {
      this.failures++
      // The feed has everything: an edge without a copy of its own is slower to start, no more.
      this.#log.error('own snapshot not written', { path: this.#path, reason: reasonOf(error) })
    }
    this.#intervalMs = Math.max(
      this.#minIntervalMs,
      (performance.now() - start) * SHARE,
      (sizeBytes / BYTES_PER_SECOND) * 1000,
    )
  }
}

const stateOf = ({ store, seq }: SnapshotPosition): string => `${store} ${seq}`
