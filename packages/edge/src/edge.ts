import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ownCookieSecrets } from './cookies/secret-file.ts'
import { sumCounters } from './counters.ts'
import { LineData } from './line/line-data.ts'
import { type Log, reasonOf } from './log.ts'
import { serveMetrics } from './metrics.ts'
import { QueryLog } from './observe/query-log.ts'
import { Rate } from './observe/rate.ts'
import { transfersThat } from './observe/transfer-counters.ts'
import { type EdgeSettings, formatAddress } from './settings.ts'
import { loadSnapshot, removeSnapshot } from './source/disk-snapshot.ts'
import { FeedFollower } from './source/feed.ts'
import type { FeedStatus } from './source/feed-status.ts'
import { LiveTable } from './source/live-table.ts'
import { NotifyForwarder } from './source/notify-forwarder.ts'
import { type PositionReport, PositionReporter } from './source/position-reporter.ts'
import { OtherVersionError } from './source/snapshot-head.ts'
import { SnapshotKeeper } from './source/snapshot-keeper.ts'
import { Transfers } from './transfer/transfers.ts'
import { watchTlsFiles } from './transport/tls-material.ts'
import { workerTransports } from './transport/transport-settings.ts'
import type { DnsAddress } from './transport/worker-messages.ts'
import { WorkerPool } from './transport/worker-pool.ts'

export interface Edge {
  /** Where it answers, with the ports that the system chose. */
  readonly addresses: readonly DnsAddress[]
  /** The same for TLS and HTTPS. */
  readonly dot: readonly DnsAddress[]
  readonly doh: readonly DnsAddress[]
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
  const transfers = new Transfers(table, settings.catalogZone, log)
  const preparing = prepare(settings, table, log)
  const contents = preparing.then(({ lineData, queryLog, transports }) => ({
    ...{ table: table.handle, ranges: lineData.buffer, taps: queryLog?.taps, transports },
  }))
  pool = await WorkerPool.start(settings.dns, settings.workers, contents, onFailure)
  const threads = pool
  const { keeper, lineData, queryLog, transports } = await preparing
  const { tls } = settings.transports
  pool.onTransfer = (request) => transfers.plan(request)
  transfers.start(pool)
  const forwarder = forwardNotifies(settings, pool)
  lineData.watch((ranges) => threads.setRanges(ranges))
  const stopWatching =
    tls && transports.tls && watchTlsFiles(tls, transports.tls, (next) => threads.setMaterial(next), log)
  const { bound, counters, zoneCounts } = pool
  const follower = followFeed(settings, table, pool, keeper, lineData, transfers, log)
  const metrics =
    settings.metrics &&
    serveMetrics(settings.metrics, {
      ...{ table, counters, zoneCounts, queryLog, transfers, keeper, feed: follower?.status },
      lineDataAt: () => lineData.madeAt,
      ports: new Set(bound.dns.map(({ port }) => port)),
      version: settings.version,
    })
  keeper?.start()
  const stop = async (): Promise<void> => {
    stopWatching?.()
    lineData.stop()
    forwarder?.stop()
    await follower?.stop()
    await transfers.stop()
    await pool.stop()
    await queryLog?.stop()
    await keeper?.stop()
    await metrics?.stop()
  }
  let stopped: Promise<void> | undefined
  return {
    addresses: bound.dns,
    dot: bound.dot,
    doh: bound.doh,
    metricsPort: metrics?.port,
    position: () => table.seq,
    stop() {
      stopped ??= stop()
      return stopped
    },
  }
}

/** What is read and opened before the first answer; threads load meanwhile. */
async function prepare(settings: EdgeSettings, table: LiveTable, log: Log) {
  const [lineData, secrets] = await Promise.all([
    LineData.load(settings.lineData, log),
    settings.transports.cookieSecrets ?? ownCookieSecrets(settings.dataFolder),
  ])
  const keeper = await loadOwnSnapshot(settings, table, log)
  const identity = { name: settings.edgeId, version: settings.version }
  const queryLog = QueryLog.open(settings.logging, settings.workers, identity, log)
  return { keeper, lineData, queryLog, transports: workerTransports(settings.transports, secrets) }
}

function forwardNotifies(settings: EdgeSettings, pool: WorkerPool): NotifyForwarder | undefined {
  if (settings.feedUrl === undefined) return undefined
  const feed = { url: settings.feedUrl, secret: settings.feedSecret, edgeId: settings.edgeId }
  const forwarder = new NotifyForwarder(feed)
  pool.onNotify = (notify) => forwarder.forward(notify)
  return forwarder
}

async function loadOwnSnapshot(
  settings: EdgeSettings,
  table: LiveTable,
  log: Log,
): Promise<SnapshotKeeper | undefined> {
  if (settings.dataFolder === undefined) return undefined
  await mkdir(settings.dataFolder, { recursive: true })
  const path = join(settings.dataFolder, `edge-${settings.edgeId}.snapshot`)
  let wasDamaged = false
  let savedAt = 0
  try {
    if (loadSnapshot(path, table)) savedAt = (await stat(path)).mtimeMs
  } catch (error) {
    const reason = reasonOf(error)
    // Left where it is until a new one takes its place: whoever goes back to the other version can use it.
    if (error instanceof OtherVersionError) log.info('own snapshot is of another version', { path, reason })
    else {
      wasDamaged = true
      log.warn('own snapshot ignored', { path, reason })
      await removeSnapshot(path)
    }
  }
  const keeper = new SnapshotKeeper(path, table, log)
  keeper.wasDamaged = wasDamaged
  keeper.savedAt = savedAt
  return keeper
}

function followFeed(
  settings: EdgeSettings,
  table: LiveTable,
  pool: WorkerPool,
  keeper: SnapshotKeeper | undefined,
  lineData: LineData,
  transfers: Transfers,
  log: Log,
): { readonly status: FeedStatus; stop(): Promise<void> } | undefined {
  if (settings.feedUrl === undefined) return undefined
  const feed = { url: settings.feedUrl, secret: settings.feedSecret, edgeId: settings.edgeId }
  const startedAt = Date.now()
  const dns = pool.addresses.map(formatAddress)
  const rate = new Rate(2)
  const report = (): PositionReport => {
    const { arenaBytes, indexBytes } = table.writer.memory
    const { answers: queries, transfers: out } = sumCounters(pool.counters)
    return {
      edge: settings.edgeId,
      seq: table.seq,
      store: table.store,
      dns,
      zones: table.writer.zones.size,
      recordSets: table.writer.recordSets,
      startedAt,
      version: settings.version,
      memoryBytes: process.memoryUsage.rss(),
      tableBytes: arenaBytes + indexBytes,
      queries,
      queriesPerSecond: rate.perSecond(queries),
      lineDataAt: lineData.madeAt,
      transfers: transfersThat(out, ['done']),
      transfersFailed: transfersThat(out, ['refused', 'no_zone', 'bad_signature', 'broken']),
      transfersRunning: out.running,
      notifyLost: transfers.notifies.lost,
    }
  }
  const reporter = new PositionReporter(
    feed,
    report,
    () => pool.whenCurrent(),
    (newest) => follower.status.announced(newest),
  )
  const follower = new FeedFollower(feed, table, log, (isNewConnection) => {
    transfers.tableMoved()
    reporter.notify(isNewConnection)
    keeper?.notify()
  })
  follower.start()
  // Loaded when queries are answered already.
  const questions = import('./explain/answer-questions.ts').then(({ answerQuestions }) =>
    answerQuestions(feed, table, lineData, settings.transports.upstream),
  )
  return {
    status: follower.status,
    async stop() {
      ;(await questions).stop()
      reporter.stop()
      await follower.stop()
    },
  }
}
