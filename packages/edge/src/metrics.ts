import { rcodeName } from '@waymark/dns/message/header'
import { formatName } from '@waymark/dns/name'
import { typeName } from '@waymark/dns/rr-types/type-codes'
import {
  COUNTED_TYPES,
  type CounterTotals,
  countersByWorker,
  LATENCY_BOUNDS,
  sumCounters,
  TIMED_EVERY,
  TRANSPORT_NAMES,
} from './counters.ts'
import { kernelDrops } from './observe/kernel-drops.ts'
import type { QueryLog } from './observe/query-log.ts'
import { topZones } from './observe/top-zones.ts'
import { type TransferSources, transferMetrics } from './observe/transfer-metrics.ts'
import { type Add, histogram, labelValue, type MetricValue, metricLines } from './observe/write-metrics.ts'
import { type FeedStatus, SNAPSHOT_REASONS } from './source/feed-status.ts'
import type { LiveTable } from './source/live-table.ts'
import type { SnapshotKeeper } from './source/snapshot-keeper.ts'
import type { DnsAddress } from './transport/worker-messages.ts'

/** What the numbers of an edge are read from. */
export interface MetricSources {
  readonly table: LiveTable
  readonly counters: SharedArrayBuffer
  readonly zoneCounts: SharedArrayBuffer
  /** Undefined for an edge that follows no control plane. */
  readonly feed: FeedStatus | undefined
  readonly queryLog: QueryLog | undefined
  readonly transfers: TransferSources
  /** Undefined for an edge that keeps no snapshot. */
  readonly keeper: SnapshotKeeper | undefined
  /** When the line data was made, milliseconds since 1970 UTC; 0 without any. */
  readonly lineDataAt: () => number
  /** Where UDP is answered. */
  readonly ports: ReadonlySet<number>
  readonly version: string
}

const TOP_ZONES = 20

/** Serves /metrics (Prometheus text), /healthz, and /readyz (200 once a table was loaded). */
export function serveMetrics(
  address: DnsAddress,
  sources: MetricSources,
): { port: number; stop(): Promise<void> } {
  const server = Bun.serve({
    hostname: address.host,
    port: address.port,
    fetch(request) {
      const { pathname } = new URL(request.url)
      if (pathname === '/healthz') return new Response('ok\n')
      if (pathname === '/readyz') {
        const isReady = sources.table.store !== ''
        return new Response(isReady ? 'ready\n' : 'no table yet\n', { status: isReady ? 200 : 503 })
      }
      if (pathname === '/metrics') {
        return new Response(metricsText(sources), {
          headers: { 'content-type': 'text/plain; version=0.0.4' },
        })
      }
      return new Response('not found\n', { status: 404 })
    },
  })
  return { port: server.port!, stop: () => server.stop(true) }
}

/** All numbers of an edge in the text format of Prometheus. docs/edge-metrics.md says what each means. */
export function metricsText(sources: MetricSources): string {
  const { lines, add } = metricLines()
  const totals = sumCounters(sources.counters)
  addAnswers(add, totals)
  addLatency(add, totals)
  add(
    'worker_answers_total',
    'counter',
    'Queries answered by each thread.',
    countersByWorker(sources.counters).map(({ answers }, worker) => [`{worker="${worker}"}`, answers]),
  )
  add(
    'zone_answers',
    'gauge',
    `Answers from the ${TOP_ZONES} zones asked for most, estimated.`,
    topZones(sources.zoneCounts, TOP_ZONES).map(({ apex, count }) => [
      `{zone="${labelValue(formatName(apex))}"}`,
      count,
    ]),
  )
  const drops = kernelDrops(sources.ports)
  if (drops !== undefined)
    add('udp_overflow_total', 'counter', 'UDP packets lost before they were read.', drops)
  transferMetrics(add, totals.transfers, sources.transfers)
  addFeed(add, sources)
  addOwnSnapshot(add, sources)
  addTable(add, sources)
  if (sources.queryLog !== undefined) {
    add('query_log_records_total', 'counter', 'Records of the query log written.', sources.queryLog.logged)
    add('query_log_dropped_total', 'counter', 'Records of the query log that there was no room for.', [
      ['{at="ring"}', totals.tapDropped],
      ['{at="output"}', sources.queryLog.dropped],
    ])
  }
  return `${lines.join('\n')}\n`
}

function addAnswers(add: Add, totals: CounterTotals): void {
  const answers: MetricValue[] = []
  for (const [transport, rcodes] of totals.rcodes.entries()) {
    for (const [rcode, count] of rcodes.entries()) {
      // Those that never occurred are left out, but for the common ones: a series should not begin with its first event.
      if (count === 0 && (transport > 1 || rcode > 5)) continue
      answers.push([`{transport="${TRANSPORT_NAMES[transport]}",rcode="${rcodeName(rcode)}"}`, count])
    }
  }
  add('answers_total', 'counter', 'Queries answered.', answers)
  add(
    'answers_by_type_total',
    'counter',
    'Queries answered, by the type asked for.',
    totals.types.flatMap((count, place): MetricValue[] => {
      const type = COUNTED_TYPES[place]
      return count === 0 ? [] : [[`{type="${type === undefined ? 'other' : typeName(type)}"}`, count]]
    }),
  )
  add('truncated_total', 'counter', 'Answers with TC.', totals.truncated)
  add('client_subnet_total', 'counter', 'Queries with a client subnet option.', totals.subnet)
  add('ignored_total', 'counter', 'Packets that got no reply.', totals.ignored)
  add('rate_limited_total', 'counter', 'Queries over the rate of their sender.', totals.limited)
  add('dropped_total', 'counter', 'UDP replies the system did not take.', totals.dropped)
  add('tcp_refused_total', 'counter', 'TCP connections over the limit.', totals.tcpRefused)
  add('tcp_open', 'gauge', 'TCP connections open.', totals.tcpOpen)
  add(
    'tcp_ended_total',
    'counter',
    'Connections that were ended because of what the client did or did not do.',
    [
      ['{reason="idle"}', totals.endedIdle],
      ['{reason="unread"}', totals.endedUnread],
      ['{reason="malformed"}', totals.endedMalformed],
    ],
  )
  add('signatures_total', 'counter', 'DNSSEC signatures made.', totals.signaturesMade)
  add(
    'signatures_found_total',
    'counter',
    'DNSSEC signatures that were kept from before.',
    totals.signaturesFound,
  )
}

/** Every timed answer stands for all between it and the next. */
function addLatency(add: Add, totals: CounterTotals): void {
  histogram(add, 'answer_seconds', `Time to make an answer, of one in ${TIMED_EVERY}.`, {
    bounds: LATENCY_BOUNDS.map((bound) => bound / 1e6),
    counts: totals.latency.map((count) => count * TIMED_EVERY),
    sum: (totals.latencyMicroseconds * TIMED_EVERY) / 1e6,
  })
}

function addFeed(add: Add, { table, feed }: MetricSources): void {
  add('position', 'gauge', 'Position in the feed.', table.seq)
  if (feed === undefined) return
  add('feed_connected', 'gauge', 'Whether the feed is followed now.', Number(feed.isConnected))
  add('feed_lag_entries', 'gauge', 'Entries of the feed that the table lacks.', feed.lagEntries(table.seq))
  add('feed_lag_seconds', 'gauge', 'For how long the table may have been behind.', feed.lagSeconds(table.seq))
  add('feed_losses_total', 'counter', 'Times that the feed was lost or could not be reached.', feed.losses)
  add(
    'feed_snapshots_total',
    'counter',
    'Whole snapshots taken from the control plane, by why.',
    SNAPSHOT_REASONS.map((reason) => [`{reason="${reason}"}`, feed.snapshots[reason]]),
  )
  add('feed_contact_seconds', 'gauge', 'Time since the control plane was last heard.', feed.contactAgeSeconds)
}

function addOwnSnapshot(add: Add, { keeper }: MetricSources): void {
  if (keeper === undefined) return
  const { savedAt, failures, wasDamaged } = keeper
  add('own_snapshot_timestamp_seconds', 'gauge', 'When the own snapshot was last written.', savedAt / 1000)
  add('own_snapshot_failures_total', 'counter', 'Tries to write the own snapshot that failed.', failures)
  add(
    'own_snapshot_damaged',
    'gauge',
    'Whether the own snapshot was damaged at the start.',
    Number(wasDamaged),
  )
}

function addTable(add: Add, { table, lineDataAt, version }: MetricSources): void {
  const { arenaBytes, garbageBytes, indexBytes } = table.writer.memory
  add('zones', 'gauge', 'Zones in the table.', table.writer.zones.size)
  add('record_sets', 'gauge', 'Record set groups in the table.', table.writer.recordSets)
  add('table_bytes', 'gauge', 'Memory of the table.', [
    ['{part="arena"}', arenaBytes],
    ['{part="garbage"}', garbageBytes],
    ['{part="index"}', indexBytes],
  ])
  add('resident_bytes', 'gauge', 'Resident memory of the process.', process.memoryUsage.rss())
  add('line_data_timestamp_seconds', 'gauge', 'When the line data was made.', lineDataAt() / 1000)
  add('info', 'gauge', 'Version of the edge.', [[`{version="${labelValue(version)}"}`, 1]])
}
