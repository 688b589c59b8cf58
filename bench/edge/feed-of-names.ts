/**
 * Stands in for the control plane of an edge under measurement: a feed whose snapshot is one zone with COUNT A record
 * sets, then CHANGES changes a second. Prints the edge's reports.
 *
 *     bun bench/edge/feed-of-names.ts 1000000 0 8199 &
 *     WAYMARK_FEED_URL=http://127.0.0.1:8199 WAYMARK_WORKERS=1 WAYMARK_DNS=127.0.0.1:5399 bun packages/edge/src/main.ts
 *     dnsperf -s 127.0.0.1 -p 5399 -d queries.txt      (hostN.bench.example A)
 */
import { encodeRdatas, OctetWriter, OP_END, OP_HEARTBEAT, writeFrame, writeGroup, writeZone } from '@waymark/dns/feed-codec'
import { parseName, type WireName } from '@waymark/dns/name'
import { rrTypeByName } from '@waymark/dns/rr-types/registry'

const [count = 100_000, changes = 0, port = 8199] = process.argv.slice(2).map(Number)
const ZONE_ID = '1'.repeat(32)
const CHUNK = 1000

function wire(name: string): WireName {
  const parsed = parseName(name)
  if (!parsed.ok) throw new Error(name)
  return parsed.value
}

function rdatas(type: string, text: string): Uint8Array {
  const parsed = rrTypeByName(type)!.parse(text)
  if (!parsed.ok) throw new Error(text)
  return encodeRdatas([parsed.value])
}

function frame(seq: number, fill: (payload: OctetWriter) => void): Uint8Array {
  const payload = new OctetWriter()
  fill(payload)
  const out = new OctetWriter()
  writeFrame(out, { seq, zoneId: ZONE_ID, serial: seq, payload: payload.finish() })
  return out.finish()
}

function writeHost(payload: OctetWriter, i: number, generation: number): void {
  const address = encodeRdatas([Uint8Array.of(10, i >> 16, i >> 8, i + generation)])
  writeGroup(payload, wire(`host${i}.bench.example.`), 1, '', [{ weight: -1, ttl: 300, rdatas: address }])
}

function* snapshot(): Generator<Uint8Array> {
  const apex = wire('bench.example.')
  yield frame(1, (payload) => {
    writeZone(payload, { apex, kind: 0, isAnswered: true, networks: [] })
    const soa = rdatas('SOA', 'ns1.lab.example. host.bench.example. 1 7200 900 1209600 300')
    writeGroup(payload, apex, 6, '', [{ weight: -1, ttl: 300, rdatas: soa }])
    writeGroup(payload, apex, 2, '', [{ weight: -1, ttl: 300, rdatas: rdatas('NS', 'ns1.lab.example.') }])
  })
  for (let i = 0; i < count; i += CHUNK) {
    yield frame(1, (payload) => {
      for (let k = i; k < Math.min(count, i + CHUNK); k++) writeHost(payload, k, 0)
    })
  }
  yield frame(1, (payload) => payload.u8(OP_END))
}

function* log(): Generator<Uint8Array> {
  for (let seq = 2; ; seq++) {
    yield frame(seq, (payload) => {
      for (let k = 0; k < CHUNK; k++) writeHost(payload, (seq * CHUNK + k) % count, seq)
    })
  }
}

const stream = (frames: Iterator<Uint8Array>, pauseMs: number): ReadableStream<Uint8Array> =>
  new ReadableStream({
    async pull(controller) {
      if (pauseMs > 0) await Bun.sleep(pauseMs)
      const { value, done } = frames.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })

function* heartbeats(): Generator<Uint8Array> {
  for (;;) yield frame(1, (payload) => payload.u8(OP_HEARTBEAT))
}

const headers = { 'x-waymark-store': 'bench' }
Bun.serve({
  hostname: '127.0.0.1',
  port,
  idleTimeout: 0,
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname.endsWith('/position')) {
      console.log(JSON.stringify(await request.json()))
      return new Response(null, { status: 204 })
    }
    if (pathname.endsWith('/snapshot')) return new Response(stream(snapshot(), 0), { headers })
    if (searchParams.get('store') !== 'bench') return new Response('', { status: 410, headers })
    const frames = changes > 0 ? stream(log(), (CHUNK / changes) * 1000) : stream(heartbeats(), 1000)
    return new Response(frames, { headers })
  },
})
