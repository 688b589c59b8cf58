// needs: dnstap-read
/** What an operator sees of the DNS server under `waymark serve`: metrics, query log, dnstap and the status of edges. */
import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask } from '../support/dns-client.ts'
import { freePort, run } from '../support/process.ts'
import { startService } from '../support/service.ts'
import { untilTrue } from '../support/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'waymark-operations-'))
const CLI = new URL('../../packages/cli/bin/waymark.mjs', import.meta.url).pathname
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('queries are counted and logged, and edges tell how they are', async () => {
  const metricsPort = freePort()
  const dnstap = join(folder, 'queries.dnstap')
  const service = await startService({
    args: [
      ...['--edge-metrics', `127.0.0.1:${metricsPort}`, '--query-log', '-', '--dnstap', dnstap],
      ...['--query-log-sample', '1', '--workers', '2'],
    ],
  })
  try {
    await service.call('POST', '/v2/zones', { name: 'watched.example.' })
    while ((await ask(service.dnsPort, 'watched.example.', 'SOA')).answers.length === 0) await Bun.sleep(20)
    for (let i = 0; i < 200; i++) await ask(service.dnsPort, 'watched.example.', 'SOA')
    await ask(service.dnsPort, 'no.watched.example.', 'AAAA', { transport: 'tcp' })

    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    expect(metrics).toMatch(/answers_by_type_total\{type="SOA"\} 2\d\d/)
    expect(metrics).toContain('answers_total{transport="tcp",rcode="NXDOMAIN"} 1')
    expect(metrics).toMatch(/zone_answers\{zone="watched\.example\."\} (64|128|192)/)
    expect(metrics).toContain('waymark_edge_feed_lag_entries 0')
    expect(metrics).toContain('waymark_edge_udp_overflow_total 0')
    expect(metrics).toMatch(/answer_seconds_bucket\{le="\+Inf"\} [1-9]/)
    // Every line is a comment, or a name with labels and a number.
    for (const line of metrics.trim().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [\d.e+-]+)$/)
    }

    await untilTrue('the query log reaches standard output', async () =>
      (await service.output()).includes('"name":"no.watched.example."'),
    )

    const status = JSON.parse(
      await run(['node', CLI, 'edge', 'status', '--json', '--url', service.url, '--data', service.dataDir]),
    )
    expect(status.edges).toMatchObject([
      {
        ...{ seq: status.newest, version: expect.stringMatching(/^\d/), memoryBytes: expect.any(Number) },
        lineDataAt: Date.UTC(2026, 5, 17),
        ...{ transfers: 0, transfersFailed: 0, transfersRunning: 0, notifyLost: 0 },
      },
    ])
  } finally {
    await service.stop()
  }
  const text = await run(['dnstap-read', dnstap])
  expect(text).toMatch(/AR 127\.0\.0\.1:\d+ .*TCP \d+b no\.watched\.example\/IN\/AAAA/)
  expect(readFileSync(dnstap).length).toBeGreaterThan(10_000)
}, 120_000)
