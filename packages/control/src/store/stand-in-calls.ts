import type { RecordSet, ZoneStatus } from './store.ts'

/** Record sets that are answered with addresses which are not their values: URL forwarding and aliases. */

/** One of them, with what has to be known of its zone. */
export interface StandInSet extends RecordSet {
  readonly domainId: string
  readonly projectId: string
  readonly zoneStatus: ZoneStatus
}

export interface StandInReads {
  /** Record sets of the whole installation that forward to a URL, in no order; of these zones only, where some are named. */
  listUrlRecordSets(zoneIds?: readonly string[]): Promise<StandInSet[]>
  /** The same of those with an alias target. */
  listAliasRecordSets(zoneIds?: readonly string[]): Promise<StandInSet[]>
  /** The zones that entries of the log behind `afterSeq` are about, each once, and the newest position there is. */
  zonesInFeed(afterSeq: number): Promise<{ zoneIds: string[]; newest: number }>
}
