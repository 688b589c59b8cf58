import type { FeedSettings } from './feed.ts'

/** What an edge tells the control plane: everything up to `seq` of `store` is answered at `dns`. */
export interface PositionReport {
  readonly edge: string
  readonly seq: number
  readonly store: string
  readonly dns: readonly string[]
  readonly zones: number
  readonly recordSets: number
  /** Milliseconds since 1970 UTC. */
  readonly startedAt: number
  readonly version: string
  /** Resident memory of the edge, and what its table takes of it. */
  readonly memoryBytes: number
  readonly tableBytes: number
  /** Queries answered since the start, and lately a second. */
  readonly queries: number
  readonly queriesPerSecond: number
  /** When the line data was made, milliseconds since 1970 UTC; 0 without any. */
  readonly lineDataAt: number
  /** Transfers out since the start: sent whole, refused or broken off, under way now. */
  readonly transfers: number
  readonly transfersFailed: number
  readonly transfersRunning: number
  /** Changes that a secondary was told of in vain. */
  readonly notifyLost: number
}

/** Header of the answer to a report: the newest entry of the feed. */
const NEWEST_HEADER = 'x-waymark-newest'

/**
 * Repeated this often though nothing moved, so a control plane that was restarted learns of us. It counts us as gone after ten seconds:
 * a report that is given up still leaves time for the next.
 */
const REPEAT_MS = 3000
const TIMEOUT_MS = 3000

/**
 * Reports positions to `POST /waymark/v1/feed/position`: at once, one request at a time. Positions passed while one is on
 * its way are left out. "Answered" means this report, so it waits until every thread answers from the new table.
 */
export class PositionReporter {
  readonly #settings: FeedSettings
  readonly #report: () => PositionReport
  readonly #whenAnswered: () => Promise<void>
  readonly #onNewest: (newest: number) => void
  #sentKey = ''
  #sentAt = 0
  #isBusy = false
  #isDue = false
  #stop = new AbortController()

  /** `onNewest` gets the newest entry of the feed as the control plane tells it. */
  constructor(
    settings: FeedSettings,
    report: () => PositionReport,
    whenAnswered: () => Promise<void>,
    onNewest: (newest: number) => void = () => {},
  ) {
    this.#onNewest = onNewest
    this.#settings = settings
    this.#report = report
    this.#whenAnswered = whenAnswered
  }

  /** The table may have moved. `isUrgent`: report even if it did not. */
  notify(isUrgent: boolean): void {
    if (isUrgent) this.#sentKey = ''
    this.#isDue = true
    if (!this.#isBusy) void this.#send()
  }

  stop(): void {
    this.#stop.abort()
  }

  async #send(): Promise<void> {
    this.#isBusy = true
    while (this.#isDue && !this.#stop.signal.aborted) {
      this.#isDue = false
      const report = this.#report()
      const key = `${report.store} ${report.seq}`
      if (report.store === '') break
      if (key === this.#sentKey && performance.now() - this.#sentAt < REPEAT_MS) break
      await this.#whenAnswered()
      if (await this.#post(report)) {
        this.#sentKey = key
        this.#sentAt = performance.now()
      }
    }
    this.#isBusy = false
  }

  /** False when it did not arrive: the next frame or heartbeat brings another try. */
  async #post(report: PositionReport): Promise<boolean> {
    try {
      const response = await fetch(new URL('/waymark/v1/feed/position', this.#settings.url), {
        method: 'POST',
        headers: { authorization: `Bearer ${this.#settings.secret}`, 'content-type': 'application/json' },
        body: JSON.stringify(report),
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      })
      await response.arrayBuffer()
      const newest = Number(response.headers.get(NEWEST_HEADER) ?? 0)
      if (Number.isSafeInteger(newest)) this.#onNewest(newest)
      return response.ok
    } catch {
      return false
    }
  }
}
