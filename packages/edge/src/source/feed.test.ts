import { afterEach, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OP_END, OP_HEARTBEAT } from '@waymark/dns/feed-codec'
import { freePort } from '../../../../test/support/process.ts'
import { type Edge, startEdge } from '../edge.ts'
import { jsonLog } from '../log.ts'
import type { QueryLogSettings } from '../observe/query-log.ts'
import { parseAddresses } from '../settings.ts'
import { queryPacket, readAnswer } from '../testing/ask.ts'
import { askUdp } from '../testing/ask-socket.ts'
import { frame, groupsFrame, SOA_AND_NS, zoneFrame } from '../testing/zone-text.ts'
import { transportSettings } from '../transport/transport-settings.ts'
import type { PositionReport } from './position-reporter.ts'

const NO_ZONE = '0'.repeat(32)
const APEX = 'example.org'
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** A control plane as far as edges see it: a log kept in memory, streamed as it grows. */
class TestControl {
  store = 'store-1'
  snapshot: Uint8Array[] = []
  snapshotSeq = 0
  oldest = 0
  readonly log: { seq: number; octets: Uint8Array }[] = []
  readonly requests: string[] = []
  readonly reports: PositionReport[] = []
  #streams = new Set<ReadableStreamDefaultController<Uint8Array>>()
  #server: Bun.Server<undefined> | undefined
  #onReport = (): void => {}
  /** Its own for good: while it is away nobody else gets it. */
  readonly port = freePort()

  start(): void {
    this.#server = Bun.serve({
      hostname: '127.0.0.1',
      port: this.port,
      idleTimeout: 0,
      fetch: (r) => this.#answer(r),
    })
  }

  async stop(): Promise<void> {
    for (const stream of this.#streams) stream.close()
    this.#streams.clear()
    await this.#server?.stop(true)
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  append(seq: number, octets: Uint8Array): void {
    this.log.push({ seq, octets })
    // In two pieces: frames end anywhere in a stream.
    for (const stream of this.#streams) {
      stream.enqueue(octets.slice(0, 9))
      stream.enqueue(octets.slice(9))
    }
  }

  async whenReported(seq: number): Promise<PositionReport> {
    for (;;) {
      const report = this.reports.find((each) => each.seq >= seq)
      if (report !== undefined) return report
      await new Promise<void>((resolve) => {
        this.#onReport = resolve
      })
    }
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    const headers = { 'x-waymark-store': this.store }
    if (request.headers.get('authorization') !== 'Bearer secret') return new Response('', { status: 401 })
    this.requests.push(`${pathname}${searchParams.has('after') ? ` after ${searchParams.get('after')}` : ''}`)
    if (pathname === '/waymark/v1/feed/position') {
      this.reports.push((await request.json()) as PositionReport)
      this.#onReport()
      return new Response(null, { status: 204 })
    }
    if (pathname === '/waymark/v1/feed/snapshot') {
      const end = frame(this.snapshotSeq, NO_ZONE, 0, (payload) => payload.u8(OP_END))
      return new Response(Buffer.concat([...this.snapshot, end]), { headers })
    }
    const after = Number(searchParams.get('after'))
    if (searchParams.get('store') !== this.store || after < this.oldest)
      return new Response('', { status: 410, headers })
    const streams = this.#streams
    const backlog = this.log.filter(({ seq }) => seq > after)
    let mine: ReadableStreamDefaultController<Uint8Array>
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        mine = controller
        streams.add(controller)
        controller.enqueue(frame(after, NO_ZONE, 0, (payload) => payload.u8(OP_HEARTBEAT)))
        for (const { octets } of backlog) controller.enqueue(octets)
      },
      cancel() {
        streams.delete(mine)
      },
    })
    return new Response(body, { headers })
  }
}

function control(): TestControl {
  const made = new TestControl()
  made.snapshot = [zoneFrame({ apex: APEX, text: `${SOA_AND_NS}\nwww 300 A 192.0.2.1`, serial: 5 }, 5)]
  made.snapshotSeq = 5
  made.start()
  ends.push(() => made.stop())
  return made
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'waymark-edge-'))
  ends.push(() => rm(path, { recursive: true, force: true }))
  return path
}

const NO_TRANSPORTS = transportSettings({}, parseAddresses)
const NO_LOG: QueryLogSettings = { queryLog: undefined, dnstap: undefined, sample: 1 }

async function start(feedUrl: string | undefined, dataFolder?: string, logging = NO_LOG): Promise<Edge> {
  const edge = await startEdge(
    {
      dns: [{ host: '127.0.0.1', port: 0 }],
      dataFolder,
      lineData: undefined,
      feedUrl,
      feedSecret: 'secret',
      workers: 1,
      edgeId: 'test',
      metrics: { host: '127.0.0.1', port: 0 },
      transports: NO_TRANSPORTS,
      logging,
      version: '1.2.3',
    },
    jsonLog('silent'),
    (reason) => {
      throw new Error(reason)
    },
  )
  ends.push(() => edge.stop())
  return edge
}

const metricsOf = async (edge: Edge): Promise<string> =>
  (await fetch(`http://127.0.0.1:${edge.metricsPort}/metrics`)).text()

async function ask(edge: Edge, name: string, type = 'A') {
  return readAnswer(await askUdp('127.0.0.1', edge.addresses[0]!.port, queryPacket(name, type)))
}

test('an edge takes a snapshot, follows the feed, and reports a position once it answers it', async () => {
  const plane = control()
  const edge = await start(plane.url)
  await plane.whenReported(5)
  expect((await ask(edge, 'www.example.org')).answer).toEqual(['www.example.org. 300 A 192.0.2.1'])
  expect((await ask(edge, 'example.org', 'SOA')).answer[0]).toContain(' 5 ')
  for (let seq = 6; seq < 30; seq++) {
    plane.append(seq, groupsFrame(APEX, `n${seq} 60 A 192.0.2.${seq}`, seq, seq))
    const report = await plane.whenReported(seq)
    expect((await ask(edge, `n${seq}.example.org`)).answer).toEqual([
      `n${seq}.example.org. 60 A 192.0.2.${seq}`,
    ])
    expect(report).toMatchObject({ edge: 'test', store: 'store-1', zones: 1 })
    expect(report.dns).toEqual([`127.0.0.1:${edge.addresses[0]!.port}`])
  }
  expect(edge.position()).toBe(29)
  expect(plane.requests.filter((request) => request.endsWith('snapshot')).length).toBe(1)
})

test('while the control plane is away the edge answers, then it goes on where it was', async () => {
  const plane = control()
  const edge = await start(plane.url)
  await plane.whenReported(5)
  await plane.stop()
  expect((await ask(edge, 'www.example.org')).status).toBe('NOERROR AA')
  plane.log.push({ seq: 6, octets: groupsFrame(APEX, 'late 60 A 192.0.2.6', 6, 6) })
  plane.start()
  await plane.whenReported(6)
  expect((await ask(edge, 'late.example.org')).status).toBe('NOERROR AA')
  expect(plane.requests.filter((request) => request.endsWith('snapshot')).length).toBe(1)
  expect(plane.requests).toContain('/waymark/v1/feed after 5')
})

test('a position that is gone, or another store, leads to a new snapshot that replaces everything', async () => {
  const plane = control()
  const edge = await start(plane.url)
  await plane.whenReported(5)
  await plane.stop()
  plane.store = 'store-2'
  plane.snapshot = [zoneFrame({ apex: 'example.net', text: `${SOA_AND_NS}\nwww 300 A 192.0.2.2` }, 3)]
  plane.snapshotSeq = 3
  plane.reports.length = 0
  plane.start()
  await plane.whenReported(3)
  expect((await ask(edge, 'www.example.net')).status).toBe('NOERROR AA')
  expect((await ask(edge, 'www.example.org')).status).toBe('REFUSED')
  expect(edge.position()).toBe(3)
  await plane.stop()
  plane.snapshotSeq = 100
  plane.oldest = 100
  plane.start()
  await plane.whenReported(100)
  const metrics = await metricsOf(edge)
  for (const reason of ['start', 'gap', 'store'])
    expect(metrics).toContain(`waymark_edge_feed_snapshots_total{reason="${reason}"} 1`)
})

test('a frame that makes no sense leads to a new snapshot', async () => {
  const plane = control()
  const edge = await start(plane.url)
  await plane.whenReported(5)
  plane.snapshot = [zoneFrame({ apex: APEX, text: `${SOA_AND_NS}\nhealed 300 A 192.0.2.2` }, 7)]
  plane.snapshotSeq = 7
  plane.oldest = 7
  plane.append(
    6,
    frame(6, NO_ZONE, 0, (payload) => payload.u8(99)),
  )
  await plane.whenReported(7)
  expect((await ask(edge, 'healed.example.org')).status).toBe('NOERROR AA')
  const metrics = await metricsOf(edge)
  expect(metrics).toContain('waymark_edge_feed_snapshots_total{reason="malformed"} 1')
  expect(metrics).toContain('waymark_edge_feed_losses_total 1')
})

test('an edge starts from its own snapshot before the control plane is there, and follows from that position', async () => {
  const data = await folder()
  const plane = control()
  const first = await start(plane.url, data)
  plane.append(6, groupsFrame(APEX, `n6 60 A 192.0.2.6\n; line Dianxin\nlined 60 A 192.0.2.7`, 6, 66))
  await plane.whenReported(6)
  await first.stop()
  await plane.stop()
  const second = await start(plane.url, data)
  expect(second.position()).toBe(6)
  expect((await ask(second, 'n6.example.org')).answer).toEqual(['n6.example.org. 60 A 192.0.2.6'])
  expect((await ask(second, 'example.org', 'SOA')).answer[0]).toContain(' 66 ')
  plane.requests.length = 0
  plane.reports.length = 0
  plane.log.push({ seq: 7, octets: groupsFrame(APEX, 'n7 60 A 192.0.2.7', 7, 67) })
  plane.start()
  const report = await plane.whenReported(7)
  expect(report.recordSets).toBe(6)
  expect(plane.requests).not.toContain('/waymark/v1/feed/snapshot')
})

test('a damaged snapshot is ignored and taken anew', async () => {
  const data = await folder()
  const plane = control()
  await (async () => {
    const first = await start(plane.url, data)
    await plane.whenReported(5)
    await first.stop()
  })()
  const path = join(data, 'edge-test.snapshot')
  const octets = await Bun.file(path).bytes()
  for (const damage of [
    (all: Uint8Array) => all.map((octet, i) => (i === all.length - 30 ? octet ^ 1 : octet)),
    (all: Uint8Array) => all.slice(0, -9),
    () => new Uint8Array(3),
    () => new Uint8Array(0),
  ]) {
    await Bun.write(path, damage(octets))
    const alone = await start(undefined, data)
    expect((await ask(alone, 'www.example.org')).status).toBe('SERVFAIL')
    expect(await metricsOf(alone)).toContain('waymark_edge_own_snapshot_damaged 1')
    await alone.stop()
  }
  await Bun.write(
    path,
    octets.map((octet, i) => (i === 20 ? octet ^ 1 : octet)),
  )
  plane.reports.length = 0
  const edge = await start(plane.url, data)
  await plane.whenReported(5)
  expect((await ask(edge, 'www.example.org')).status).toBe('NOERROR AA')
})

test('a snapshot of another version is left alone until the feed brings a new one', async () => {
  const data = await folder()
  const path = join(data, 'edge-test.snapshot')
  const old = 'WMEDGE03 as it was once'
  await Bun.write(path, old)
  const alone = await start(undefined, data)
  expect((await ask(alone, 'www.example.org')).status).toBe('SERVFAIL')
  expect(await metricsOf(alone)).toContain('waymark_edge_own_snapshot_damaged 0')
  await alone.stop()
  expect(await Bun.file(path).text()).toBe(old)
  const plane = control()
  const edge = await start(plane.url, data)
  await plane.whenReported(5)
  await edge.stop()
  await plane.stop()
  const next = await start(undefined, data)
  expect((await ask(next, 'www.example.org')).status).toBe('NOERROR AA')
})

test('a wrong secret leaves the edge empty but alive', async () => {
  const plane = control()
  const edge = await startEdge(
    {
      dns: [{ host: '127.0.0.1', port: 0 }],
      dataFolder: undefined,
      lineData: undefined,
      feedUrl: plane.url,
      feedSecret: 'wrong',
      workers: 1,
      edgeId: 'test',
      metrics: undefined,
      transports: NO_TRANSPORTS,
      logging: NO_LOG,
      version: '',
    },
    jsonLog('silent'),
    () => {},
  )
  ends.push(() => edge.stop())
  expect((await ask(edge, 'www.example.org')).status).toBe('SERVFAIL')
})

test('metrics, health and readiness are told', async () => {
  const plane = control()
  const edge = await start(plane.url)
  await plane.whenReported(5)
  await ask(edge, 'www.example.org')
  const base = `http://127.0.0.1:${edge.metricsPort}`
  const text = await (await fetch(`${base}/metrics`)).text()
  expect(text).toContain('waymark_edge_answers_total{transport="udp",rcode="NOERROR"} 1')
  expect(text).toContain('waymark_edge_answers_by_type_total{type="A"} 1')
  expect(text).toContain('waymark_edge_worker_answers_total{worker="0"} 1')
  expect(text).toContain('waymark_edge_feed_connected 1')
  expect(text).toContain('waymark_edge_feed_lag_seconds 0')
  expect(text).toContain('waymark_edge_info{version="1.2.3"} 1')
  expect(text).toContain('waymark_edge_position 5')
  expect(text).toContain('waymark_edge_record_sets 3')
  expect((await fetch(`${base}/healthz`)).status).toBe(200)
  expect((await fetch(`${base}/readyz`)).status).toBe(200)
  expect((await fetch(`${base}/else`)).status).toBe(404)
})
