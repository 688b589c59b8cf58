// needs: dnstap-read
import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TsigKey } from '@waymark/dns/tsig/tsig'
import { Counters, countersFor, sumCounters, TCP, UDP } from '../counters.ts'
import { queryPacket, readAnswer } from '../testing/ask.ts'
import { askTcp, askUdp } from '../testing/ask-socket.ts'
import { groupsFrame, SOA_AND_NS, wire, zoneFrame } from '../testing/zone-text.ts'
import { noNotifies } from '../transfer/notifier.ts'
import { TransferLab, transferRequest } from '../transfer/testing.ts'
import { TransferDesk } from '../transfer/transfer-desk.ts'
import { keysById, ResponseSigner } from '../transfer/tsig-session.ts'
import { listenOn } from '../transport/listen.ts'
import { plainTransports } from '../transport/worker-transports.ts'
import { TableView } from '../zone-table/view.ts'
import { Answerer } from './answerer.ts'
import { QueryLog } from './query-log.ts'
import { TapWriter } from './tap.ts'
import { transferMetrics } from './transfer-metrics.ts'
import { metricLines } from './write-metrics.ts'

const APEX = 'example.org'
const HOST = '127.0.0.1'
const KEY: TsigKey = { name: wire('ns1'), algorithm: 'hmac-sha256', secret: new Uint8Array(32).fill(7) }
const BY_KEY = {
  keys: [KEY],
  access: { allow: [{ network: undefined, bits: 0, keyName: KEY.name }], notify: [] },
}
const folder = mkdtempSync(join(tmpdir(), 'waymark-watch-transfer-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A thread's transports over a zone that the key opens, everything logged. */
async function serve(records = 20_000, idleSeconds = 10) {
  const large = Array.from({ length: records }, (_, i) => `h${i} 300 TXT "${'x'.repeat(200)}"`).join('\n')
  const lab = new TransferLab(BY_KEY, [
    zoneFrame({ apex: APEX, text: `${SOA_AND_NS}\nwww 300 A 192.0.2.1` }),
    zoneFrame({ apex: 'large.example', text: `${SOA_AND_NS}\n${large}` }),
  ])
  const path = join(folder, `queries-${records}`)
  const queryLog = QueryLog.open(
    { queryLog: `${path}.json`, dnstap: `${path}.dnstap`, sample: 1 },
    1,
    { name: 'edge', version: '1' },
    { info() {}, warn() {}, error() {} },
  )!
  const buffer = countersFor(1)
  const counters = new Counters(buffer, 0)
  const view = new TableView(lab.table.handle)
  const tap = new TapWriter(queryLog.taps[0]!, counters)
  const answerer = new Answerer(lab.query, view, counters, undefined, tap)
  answerer.desk = new TransferDesk(async (request) => lab.transfers.plan(request))
  answerer.onNotify = () => {}
  lab.query.signed.keys = keysById([KEY])
  const listeners = await listenOn([{ host: HOST, port: 0 }], answerer, {
    ...plainTransports(),
    idleSeconds,
  })
  return { lab, listeners, buffer, queryLog, path, port: listeners.bound.dns[0]!.port }
}

function signed(packet: Uint8Array, key = KEY): Uint8Array {
  const out = new Uint8Array(packet.length + 512)
  out.set(packet)
  const signer = new ResponseSigner(key, new Uint8Array(), () => Math.floor(Date.now() / 1000))
  return out.slice(0, signer.sign(out, packet.length))
}

/** Asks for a transfer and leaves in the middle of it. */
const breakOff = (port: number, packet: Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    const client = connect(port, HOST)
    client.on('error', () => {})
    client.on('close', () => resolve())
    client.once('data', () => client.resetAndDestroy())
    client.write(Uint8Array.of(packet.length >> 8, packet.length, ...packet))
  })

test('transfers, NOTIFY and bad signatures are counted and logged as what they were', async () => {
  const { lab, listeners, buffer, queryLog, path, port } = await serve()
  const ask = (packet: Uint8Array): Promise<Uint8Array> => askTcp(HOST, port, packet)
  const rcodeOf = (reply: Uint8Array): number => reply[3]! & 15
  lab.apply(groupsFrame(APEX, 'new 300 A 192.0.2.2', 2, 2))
  expect(rcodeOf(await ask(signed(transferRequest(APEX))))).toBe(0)
  expect(rcodeOf(await ask(signed(transferRequest(APEX, 1))))).toBe(0)
  expect(rcodeOf(await ask(signed(transferRequest(APEX, 2))))).toBe(0)
  expect(rcodeOf(await ask(signed(transferRequest('large.example', 0))))).toBe(0)
  expect(rcodeOf(await ask(transferRequest(APEX)))).toBe(5)
  expect(rcodeOf(await ask(transferRequest(APEX, 1)))).toBe(5)
  expect(rcodeOf(await ask(signed(transferRequest('elsewhere.example'))))).toBe(9)
  const other = { ...KEY, secret: new Uint8Array(32).fill(8) }
  expect(rcodeOf(await ask(signed(transferRequest(APEX), other)))).toBe(9)
  expect(rcodeOf(await ask(signed(queryPacket('www.example.org', 'A'), { ...KEY, name: wire('ns2') })))).toBe(
    9,
  )
  expect(readAnswer(await askUdp(HOST, port, transferRequest(APEX, 1))).status).toBe('NOERROR AA')
  const notify = queryPacket(APEX, 'SOA')
  notify[2] = 0x24
  expect(rcodeOf(await askUdp(HOST, port, notify))).toBe(0)
  const update = queryPacket(APEX, 'SOA')
  update[2] = 0x28
  expect(rcodeOf(await askUdp(HOST, port, update))).toBe(4)
  await breakOff(port, signed(transferRequest('large.example')))
  for (let ms = 0; sumCounters(buffer).transfers.running > 0 && ms < 3000; ms += 5) await Bun.sleep(5)
  await listeners.close()
  await queryLog.stop()

  const { transfers, rcodes } = sumCounters(buffer)
  const counted = transfers.requests.filter(({ count }) => count > 0)
  expect(counted.map(({ kind, outcome, count }) => `${kind} ${outcome} ${count}`)).toEqual([
    'axfr done 1',
    'axfr refused 1',
    'axfr no_zone 1',
    'axfr bad_signature 1',
    'axfr broken 1',
    'ixfr done 1',
    'ixfr refused 1',
    'ixfr_full broken 1',
    'ixfr_current done 1',
  ])
  expect(transfers.running).toBe(0)
  expect(transfers.records).toBeGreaterThan(15)
  expect(transfers.octets).toBeGreaterThan(1000)
  expect(transfers.durations.reduce((sum, count) => sum + count)).toBe(5)
  // Over TCP: answered transfers, those refused, and what has no zone or no good signature.
  expect([rcodes[TCP]![0], rcodes[TCP]![5], rcodes[TCP]![9]]).toEqual([5, 2, 3])
  expect([rcodes[UDP]![0], rcodes[UDP]![4]]).toEqual([2, 1])

  const { lines, add } = metricLines()
  transferMetrics(add, transfers, {
    notifies: { ...noNotifies(), lost: 3 },
    journalBytes: 9,
    signed: { sizeBytes: 8, signatures: 7 },
  })
  for (const line of [
    'transfers_total{kind="axfr",outcome="done"} 1',
    'transfers_total{kind="ixfr",outcome="refused"} 1',
    'transfers_running 0',
    'notify_received_total{rcode="NOERROR"} 1',
    'tsig_errors_total{error="BADSIG"} 1',
    'tsig_errors_total{error="BADKEY"} 1',
    'notify_total{outcome="lost"} 3',
  ])
    expect(lines).toContain(`waymark_edge_${line}`)

  const logged = readFileSync(`${path}.json`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(logged).toHaveLength(13)
  expect(logged[0]).toMatchObject({
    ...{ client: HOST, transport: 'tcp', name: 'example.org.', type: 'AXFR', rcode: 'NOERROR' },
    ...{ transfer: 'axfr', outcome: 'done', answers: 5, seconds: expect.any(Number) },
  })
  expect(logged[1]).toMatchObject({ type: 'IXFR', transfer: 'ixfr', answers: 5 })
  expect(logged[2]).toMatchObject({ type: 'IXFR', transfer: 'ixfr_current', answers: 1 })
  const ofTransfers = logged.filter(({ transfer }) => transfer !== undefined)
  expect(ofTransfers.map(({ outcome }) => outcome).sort()).toEqual([
    ...['broken', 'broken', 'done', 'done', 'done', 'no_zone', 'refused', 'refused'],
  ])
  expect(logged.filter(({ rcode }) => rcode === 'REFUSED')).toHaveLength(2)
  expect(logged.find(({ opcode }) => opcode === 'NOTIFY')).toMatchObject({ type: 'SOA', rcode: 'NOERROR' })
  expect(logged.find(({ opcode }) => opcode === 'UPDATE')).toMatchObject({ rcode: 'NOTIMP' })
  const tapped = await Bun.spawn(['dnstap-read', `${path}.dnstap`], { stdout: 'pipe' }).stdout.text()
  expect(tapped).toMatch(/AQ 127\.0\.0\.1:\d+ .* TCP \d+b example\.org\/IN\/AXFR/)
  expect(tapped).toMatch(/AR 127\.0\.0\.1:\d+ .* TCP \d+b example\.org\/IN\/IXFR/)
}, 30_000)

test('who asks for a zone and does not read it is cut off, and holds up nobody', async () => {
  // More than the buffers of the system take.
  const { listeners, buffer, queryLog, port } = await serve(100_000, 1)
  const packet = signed(transferRequest('large.example'))
  const client = connect(port, HOST)
  client.on('error', () => {})
  client.pause()
  client.write(Uint8Array.of(packet.length >> 8, packet.length, ...packet))
  for (let ms = 0; sumCounters(buffer).transfers.running === 0 && ms < 3000; ms += 5) await Bun.sleep(5)
  expect((await askTcp(HOST, port, signed(transferRequest(APEX))))[3]! & 15).toBe(0)
  for (let ms = 0; sumCounters(buffer).transfers.running > 0 && ms < 20_000; ms += 20) await Bun.sleep(20)
  const { transfers, endedUnread } = sumCounters(buffer)
  expect([transfers.running, endedUnread]).toEqual([0, 1])
  expect(transfers.requests.filter(({ outcome, count }) => outcome === 'broken' && count > 0)).toHaveLength(1)
  client.destroy()
  await listeners.close()
  await queryLog.stop()
}, 60_000)
