import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LineData } from './line/line-data.ts'
import { type Log, reasonOf } from './log.ts'
import { serveMetrics } from './metrics.ts'
import { type EdgeSettings, formatAddress } from './settings.ts'
import { loadSnapshot, removeSnapshot } from './source/disk-snapshot.ts'
import { FeedFollower } from './source/feed.ts'
import { LiveTable } from './source/live-table.ts'
import { PositionReporter } from './source/position-reporter.ts'
import { SnapshotKeeper } from './source/snapshot-keeper.ts'
import type { DnsAddress } from './transport/worker-messages.ts'
import { WorkerPool } from './transport/worker-pool.ts'

export interface Edge {
  /** Where it answers, with the ports that the system chose. */
  readonly addresses: readonly DnsAddress[]
  readonly metricsPort: number | undefined
  /** Position in the feed that the table has. */
  position(): number
  /** Sends the answers in flight, writes the snapshot and ends all threads. A second call waits for the first. */
  stop(): Promise<void>
}

/**
 * Starts an edge: loads its own snapshot, listens, and follows the feed. Rejects when an address is taken. `onFailure` is
 * called when it can no longer answer; the caller should end the process then.
 */
export async function startEdge(
  settings: EdgeSettings,
  log: Log,
  onFailure: (reason: string) => void,
): Promise<Edge> {
  let pool: WorkerPool | undefined
  const table = new LiveTable((handle) => pool?.setTable(handle))
  const keeper = await loadOwnSnapshot(settings, table, log)
  const lineData = await LineData.load(settings.lineData, log)
  pool = await WorkerPool.start(settings.dns, settings.workers, table.handle, onFailure, lineData.buffer)
  const threads = pool
  lineData.watch((ranges) => threads.setRanges(ranges))
  const { addresses, counters } = pool
  const metrics = settings.metrics && serveMetrics(settings.metrics, table, counters)
  const follower = followFeed(settings, table, pool, keeper, log)
  keeper?.start()
  const stop = async (): Promise<void> => {
    lineData.stop()
    await follower?.stop()
    await pool.stop()
    await keeper?.stop()
    await metrics?.stop()
  }
  let stopped: Promise<void> | undefined
  return {
    addresses,
    metricsPort: metrics?.port,
    position: () => table.seq,
    stop() {
      stopped ??= stop()
      return stopped
    },
  }
}

async function loadOwnSnapshot(
  settings: EdgeSettings,
  table: LiveTable,
  log: Log,
): Promise<SnapshotKeeper | undefined> {
  if (settings.dataFolder === undefined) return undefined
  await mkdir(settings.dataFolder, { recursive: true })
  const path = join(settings.dataFolder, `edge-${settings.edgeId}.snapshot`)
  try {
    await loadSnapshot(path, table)
  } catch (error) {
    log.warn('own snapshot ignored', { path, reason: reasonOf(error) })
    await removeSnapshot(path)
  }
  return new SnapshotKeeper(path, table, log)
}

function followFeed(
  settings: EdgeSettings,
  table: LiveTable,
  pool: WorkerPool,
  keeper: SnapshotKeeper | undefined,
  log: Log,
): { stop(): Promise<void> } | undefined {
  if (settings.feedUrl === undefined) return undefined
  const feed = { url: settings.feedUrl, secret: settings.feedSecret, edgeId: settings.edgeId }
  const startedAt = Date.now()
  const dns = pool.addresses.map(formatAddress)
  const reporter = new PositionReporter(
    feed,
    () => ({
      edge: settings.edgeId,
      seq: table.seq,
      store: table.store,
      dns,
      zones: table.writer.zones.size,
      recordSets: table.writer.recordSets,
      startedAt,
    }),
    () => pool.whenCurrent(),
  )
  const follower = new FeedFollower(feed, table, log, (isNewConnection) => {
    reporter.notify(isNewConnection)
    keeper?.notify()
  })
  follower.start()
  return {
    async stop() {
      reporter.stop()
      await follower.stop()
    },
  }
}
