import { type CounterTotals, sumCounters } from './counters.ts'
import type { LiveTable } from './source/live-table.ts'
import type { DnsAddress } from './transport/worker-messages.ts'

const RCODE_NAMES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN']

/** Serves /metrics (Prometheus text), /healthz, and /readyz (200 once a table was loaded). */
export function serveMetrics(
  address: DnsAddress,
  table: LiveTable,
  counters: SharedArrayBuffer,
): { port: number; stop(): Promise<void> } {
  const server = Bun.serve({
    hostname: address.host,
    port: address.port,
    fetch(request) {
      const { pathname } = new URL(request.url)
      if (pathname === '/healthz') return new Response('ok\n')
      if (pathname === '/readyz') {
        const isReady = table.store !== ''
        return new Response(isReady ? 'ready\n' : 'no table yet\n', { status: isReady ? 200 : 503 })
      }
      if (pathname === '/metrics') {
        return new Response(metricsText(table, sumCounters(counters)), {
          headers: { 'content-type': 'text/plain; version=0.0.4' },
        })
      }
      return new Response('not found\n', { status: 404 })
    },
  })
  return { port: server.port!, stop: () => server.stop(true) }
}

/** All numbers of an edge in the text format of Prometheus. */
export function metricsText(table: LiveTable, totals: CounterTotals): string {
  const { arenaBytes, garbageBytes, indexBytes } = table.writer.memory
  const lines: string[] = []
  const add = (name: string, kind: 'counter' | 'gauge', help: string, values: [string, number][]): void => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`)
    for (const [labels, value] of values) lines.push(`${name}${labels} ${value}`)
  }
  const answers: [string, number][] = []
  for (const [transport, rcodes] of [
    ['udp', totals.udp],
    ['tcp', totals.tcp],
  ] as const) {
    for (const [rcode, count] of rcodes.entries()) {
      const name = RCODE_NAMES[rcode]
      if (name !== undefined) answers.push([`{transport="${transport}",rcode="${name}"}`, count])
    }
  }
  add('waymark_edge_answers_total', 'counter', 'Queries answered.', answers)
  add('waymark_edge_ignored_total', 'counter', 'Packets that got no reply.', [['', totals.ignored]])
  add('waymark_edge_dropped_total', 'counter', 'UDP replies the system did not take.', [['', totals.dropped]])
  add('waymark_edge_tcp_refused_total', 'counter', 'TCP connections over the limit.', [
    ['', totals.tcpRefused],
  ])
  add('waymark_edge_tcp_open', 'gauge', 'TCP connections open.', [['', totals.tcpOpen]])
  add('waymark_edge_signatures_total', 'counter', 'DNSSEC signatures made.', [['', totals.signatures]])
  add('waymark_edge_position', 'gauge', 'Position in the feed.', [['', table.seq]])
  add('waymark_edge_zones', 'gauge', 'Zones in the table.', [['', table.writer.zones.size]])
  add('waymark_edge_record_sets', 'gauge', 'Record set groups in the table.', [['', table.writer.recordSets]])
  add('waymark_edge_table_bytes', 'gauge', 'Memory of the table.', [
    ['{part="arena"}', arenaBytes],
    ['{part="garbage"}', garbageBytes],
    ['{part="index"}', indexBytes],
  ])
  add('waymark_edge_resident_bytes', 'gauge', 'Resident memory of the process.', [
    ['', process.memoryUsage.rss()],
  ])
  return `${lines.join('\n')}\n`
}
