// needs: dnstap-read fstrm_capture
import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeClientSubnet, parseClientSubnet } from '@waymark/dns/message/edns'
import { Counters, countersFor, DOT, sumCounters, TCP, UDP } from '../counters.ts'
import type { Log } from '../log.ts'
import { queryPacket, TestTable } from '../testing/ask.ts'
import { SOA_AND_NS } from '../testing/zone-text.ts'
import { QueryLog } from './query-log.ts'
import { type TapBuffer, TapReader, TapWriter, tapBuffersFor } from './tap.ts'

const folder = mkdtempSync(join(tmpdir(), 'waymark-query-log-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const warnings: unknown[] = []
const log: Log = { info() {}, warn: (_, fields) => void warnings.push(fields), error() {} }
const IDENTITY = { name: 'edge-1', version: '1.2.3' }
const table = new TestTable([{ apex: 'example.org', text: `${SOA_AND_NS}\nwww 300 A 192.0.2.1` }])

/** A writer into a tap, as a thread has one. */
const writerTo = (tap: TapBuffer, counters = countersFor(1)): TapWriter =>
  new TapWriter(tap, new Counters(counters, 0))

function take(tap: TapWriter, query: Uint8Array, address = '192.0.2.99', transport: 0 | 1 | 2 = UDP): void {
  const answer = table.send(query, transport !== UDP)!
  tap.take(address, 4242, transport, answer[3]! & 15, query, query.length, answer, answer.length)
}

test('each query is a line of JSON with what it was answered', async () => {
  const path = join(folder, 'queries.log')
  const queryLog = QueryLog.open({ queryLog: path, dnstap: undefined, sample: 1 }, 1, IDENTITY, log)!
  const tap = writerTo(queryLog.taps[0]!)
  take(tap, queryPacket('WWW.example.org', 'A'))
  const subnet = encodeClientSubnet(parseClientSubnet('198.51.100.0/24')!)
  take(tap, queryPacket('no.example.org', 'MX', { payloadSize: 1232, options: [subnet] }), '2001:db8::1', TCP)
  take(tap, Uint8Array.of(0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
  await queryLog.stop()
  const lines = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toMatchObject([
    {
      ...{ client: '192.0.2.99', port: 4242, transport: 'udp', name: 'WWW.example.org.', type: 'A' },
      ...{ rcode: 'NOERROR', flags: ['AA'], answers: 1 },
    },
    {
      ...{ client: '2001:db8::1', transport: 'tcp', name: 'no.example.org.', type: 'MX', rcode: 'NXDOMAIN' },
      ...{ subnet: '198.51.100.0/24', dnssec_ok: false, answers: 0 },
    },
    { id: 9, rcode: 'FORMERR' },
  ])
  expect(Date.parse(lines[0].time)).toBeGreaterThan(Date.now() - 60_000)
  expect(lines[2].name).toBeUndefined()
  expect(queryLog.logged).toBe(3)
})

test('one query in so many is taken', () => {
  const [tap] = tapBuffersFor(1, 10) as [TapBuffer]
  const writer = writerTo(tap)
  for (let i = 0; i < 100; i++) take(writer, queryPacket('www.example.org', 'A'))
  expect(new TapReader(tap).drain(1000, () => {})).toBe(10)
})

test('a ring that is full drops and counts, and goes on when there is room, past its end too', () => {
  const counters = countersFor(1)
  const [tap] = tapBuffersFor(1, 1) as [TapBuffer]
  const writer = writerTo(tap, counters)
  const reader = new TapReader(tap)
  const packets = Array.from({ length: 7 }, (_, i) =>
    queryPacket(`${'x'.repeat(i * 7 + 1)}.example.org`, 'TXT'),
  )
  const dropped = (): number => sumCounters(counters).tapDropped
  let sent = 0
  while (dropped() === 0) take(writer, packets[sent++ % 7]!)
  const seen: number[] = []
  // Half of it is read, then it goes round several times.
  for (let round = 0; round < 5; round++) {
    reader.drain(5000, ({ query }) => void seen.push(query.length))
    for (let i = 0; i < 4000; i++) take(writer, packets[sent++ % 7]!)
  }
  reader.drain(Number.POSITIVE_INFINITY, ({ query }) => void seen.push(query.length))
  expect(seen.length + dropped()).toBe(sent)
  expect(seen.length).toBeGreaterThan(20_000)
  expect(seen.every((length) => packets.some((packet) => packet.length === length))).toBe(true)
})

test('a file that was moved away is followed by a new one', async () => {
  const path = join(folder, 'moved.log')
  const queryLog = QueryLog.open({ queryLog: path, dnstap: undefined, sample: 1 }, 1, IDENTITY, log)!
  const tap = writerTo(queryLog.taps[0]!)
  take(tap, queryPacket('www.example.org', 'A'))
  while (queryLog.logged === 0) await Bun.sleep(5)
  renameSync(path, `${path}.1`)
  while (!(await Bun.file(path).exists())) await Bun.sleep(20)
  take(tap, queryPacket('www.example.org', 'AAAA'))
  await queryLog.stop()
  expect(readFileSync(`${path}.1`, 'utf8')).toContain('"type":"A"')
  expect(readFileSync(path, 'utf8')).toContain('"type":"AAAA"')
}, 120_000)

test('a place that cannot be written is refused at the start', () => {
  const settings = { queryLog: join(folder, 'no', 'such.log'), dnstap: undefined, sample: 1 }
  expect(() => QueryLog.open(settings, 1, IDENTITY, log)).toThrow('ENOENT')
  expect(
    QueryLog.open({ queryLog: undefined, dnstap: undefined, sample: 1 }, 1, IDENTITY, log),
  ).toBeUndefined()
})

/** What `dnstap-read` makes of a file, as one line a message. */
async function readDnstap(path: string): Promise<string> {
  const child = Bun.spawn({ cmd: ['dnstap-read', path], stdout: 'pipe', stderr: 'inherit' })
  return child.stdout.text()
}

test('a dnstap file is read by dnstap-read', async () => {
  const path = join(folder, 'queries.dnstap')
  writeFileSync(path, 'what was here before')
  const queryLog = QueryLog.open({ queryLog: undefined, dnstap: path, sample: 1 }, 1, IDENTITY, log)!
  const tap = writerTo(queryLog.taps[0]!)
  take(tap, queryPacket('www.example.org', 'A'))
  take(tap, queryPacket('no.example.org', 'A'), '2001:db8::7', TCP)
  take(tap, queryPacket('www.example.org', 'MX'), '::ffff:192.0.2.8', DOT)
  await queryLog.stop()
  const lines = (await readDnstap(path)).trim().split('\n')
  expect(lines.length).toBe(6)
  expect(lines[0]).toMatch(/AQ 192\.0\.2\.99:4242 .* UDP \d+b www\.example\.org\/IN\/A$/)
  expect(lines[1]).toMatch(/AR 192\.0\.2\.99:4242 .* UDP \d+b www\.example\.org\/IN\/A$/)
  expect(lines[2]).toContain('AQ 2001:db8::7:4242')
  expect(lines[3]).toMatch(/TCP \d+b no\.example\.org\/IN\/A$/)
  expect(lines[5]).toContain('AR 192.0.2.8:4242')
  const year = new Date().getUTCFullYear()
  expect(lines.every((line) => line.includes(String(year)))).toBe(true)
})

test('a reader on a socket gets the frames, also one that comes later or comes back', async () => {
  const socket = join(folder, 'dnstap.sock')
  const queryLog = QueryLog.open(
    { queryLog: undefined, dnstap: `unix:${socket}`, sample: 1 },
    1,
    IDENTITY,
    log,
  )!
  const tap = writerTo(queryLog.taps[0]!)
  take(tap, queryPacket('early.example.org', 'A'))
  const capture = async (round: number, patienceMs: number): Promise<string> => {
    const path = join(folder, `captured-${round}`)
    const reader = Bun.spawn({
      cmd: ['fstrm_capture', '-t', 'protobuf:dnstap.Dnstap', '-u', socket, '-w', path],
      stdio: ['ignore', 'ignore', 'ignore'],
    })
    const before = queryLog.logged
    while (queryLog.logged < before + 1) {
      take(tap, queryPacket(`round-${round}.example.org`, 'A'))
      await Bun.sleep(20)
    }
    // What it has not read when it is told to end, it does not read any more.
    await Bun.sleep(patienceMs)
    if (round === 2) await queryLog.stop()
    reader.kill('SIGTERM')
    await reader.exited
    return readDnstap(path)
  }
  let first = ''
  for (const patienceMs of [100, 1000, 5000]) {
    first = await capture(1, patienceMs)
    if (first.includes('round-1')) break
  }
  for (const [round, text] of [
    [1, first],
    [2, await capture(2, 1000)],
  ] as const) {
    expect(text).toContain(`AR 192.0.2.99:4242`)
    expect(text).toContain(`round-${round}.example.org/IN/A`)
    expect(text).not.toContain('early')
  }
  expect(queryLog.dropped).toBeGreaterThan(0)
  expect(warnings).toContainEqual({ target: `unix:${socket}`, reason: expect.any(String) })
}, 120_000)
