/**
 * Why a whole snapshot is taken: there is nothing here yet, the log of the control plane no longer goes back to our position, it has another
 * store (restored, or another installation), or an entry made no sense.
 */
export const SNAPSHOT_REASONS = ['start', 'gap', 'store', 'malformed'] as const
export type SnapshotReason = (typeof SNAPSHOT_REASONS)[number]

/** How an edge stands to the control plane, for metrics and reports. Times are milliseconds since 1970 UTC. */
export class FeedStatus {
  isConnected = false
  /** When anything was last heard; the start of the edge before that. */
  contactAt: number
  /** Newest entry of the feed that we were told of. */
  newest = 0
  /** When the table was last known to hold all there is. */
  #currentAt: number
  readonly #now: () => number
  /** Snapshots taken, and how often the connection was lost or could not be made. */
  readonly snapshots: Record<SnapshotReason, number> = { start: 0, gap: 0, store: 0, malformed: 0 }
  losses = 0

  constructor(now: () => number = Date.now) {
    this.#now = now
    this.contactAt = now()
    this.#currentAt = this.contactAt
  }

  /** Something came from the control plane. */
  heard(): void {
    this.contactAt = this.#now()
  }

  /** The table holds everything up to `seq`; `isAll`: the control plane says that there is no more. */
  reached(seq: number, isAll: boolean): void {
    if (isAll || seq > this.newest) this.newest = seq
    if (seq >= this.newest) this.#currentAt = this.#now()
  }

  /** The control plane has entries up to `newest`. */
  announced(newest: number): void {
    if (newest > this.newest) this.newest = newest
  }

  /** Entries of the feed that `seq` lacks, as far as we were told. */
  lagEntries(seq: number): number {
    return Math.max(0, this.newest - seq)
  }

  /** For how long the table may have been behind; 0 while the feed is followed and everything known of is there. */
  lagSeconds(seq: number): number {
    return this.isConnected && seq >= this.newest ? 0 : (this.#now() - this.#currentAt) / 1000
  }

  get contactAgeSeconds(): number {
    return (this.#now() - this.contactAt) / 1000
  }
}
