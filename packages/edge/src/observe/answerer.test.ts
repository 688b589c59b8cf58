import { expect, test } from 'bun:test'
import { Query } from '../answer/query.ts'
import { Counters, countersByWorker, countersFor, sumCounters, TCP, TIMED_EVERY, UDP } from '../counters.ts'
import { FeedStatus } from '../source/feed-status.ts'
import { MemorySource } from '../source/memory.ts'
import { queryPacket } from '../testing/ask.ts'
import { SOA_AND_NS, zoneFrame } from '../testing/zone-text.ts'
import { TableView } from '../zone-table/view.ts'
import { Answerer } from './answerer.ts'
import { Rate } from './rate.ts'
import { topZones, ZoneCounts, zoneCountsFor } from './top-zones.ts'

const memory = new MemorySource()
const many = Array.from({ length: 100 }, (_, i) => `many 300 A 192.0.2.${i}`).join('\n')
memory.apply(zoneFrame({ apex: 'example.org', text: `${SOA_AND_NS}\nwww 300 A 192.0.2.1\n${many}` }))

test('answers are counted by transport, RCODE and type, and one in so many is timed', () => {
  const [counters, zoneCounts] = [countersFor(2), zoneCountsFor(2)]
  const answerers = [0, 1].map(
    (worker) =>
      new Answerer(
        new Query(1),
        new TableView(memory.writer.handle),
        new Counters(counters, worker),
        new ZoneCounts(zoneCounts, worker),
      ),
  )
  const out = new Uint8Array(65535)
  const send = (worker: number, packet: Uint8Array, transport: 0 | 1, times: number): void => {
    for (let i = 0; i < times; i++) answerers[worker]!.answer(packet, packet.length, out, transport, 4242)
  }
  send(0, queryPacket('www.example.org', 'A'), UDP, 640)
  send(1, queryPacket('no.example.org', 'AAAA'), TCP, 64)
  send(1, queryPacket('many.example.org', 'A'), UDP, 1)
  send(1, queryPacket('www.example.com', 'CAA'), UDP, 2)
  send(1, Uint8Array.of(1, 2, 3), UDP, 5)
  const totals = sumCounters(counters)
  expect([totals.rcodes[UDP]![0], totals.rcodes[UDP]![5], totals.rcodes[TCP]![3]]).toEqual([641, 2, 64])
  expect([totals.answers, totals.ignored, totals.truncated]).toEqual([707, 5, 1])
  // A, AAAA and CAA
  expect(totals.types.filter((count) => count > 0)).toEqual([641, 64, 2])
  expect(totals.latency.reduce((sum, count) => sum + count)).toBe(Math.floor(640 / TIMED_EVERY) + 1)
  expect(countersByWorker(counters).map(({ answers }) => answers)).toEqual([640, 67])
  expect(topZones(zoneCounts, 9).map(({ count }) => count)).toEqual([704])
})

test('lag is known from heartbeats, from what was announced, and grows while nothing is heard', () => {
  let now = 1000
  const status = new FeedStatus(() => now)
  now += 5000
  expect(status.lagSeconds(0)).toBe(5)
  status.isConnected = true
  status.reached(7, true)
  status.heard()
  now += 3000
  expect([status.lagEntries(7), status.lagSeconds(7), status.contactAgeSeconds]).toEqual([0, 0, 3])
  status.announced(10)
  expect([status.lagEntries(7), status.lagSeconds(7)]).toEqual([3, 3])
  status.reached(10, false)
  expect([status.lagEntries(10), status.lagSeconds(10)]).toEqual([0, 0])
  status.isConnected = false
  now += 2000
  expect([status.lagEntries(10), status.lagSeconds(10)]).toEqual([0, 2])
})

test('a rate is measured over some seconds at least', () => {
  let now = 0
  const rate = new Rate(2, () => now)
  now = 1000
  expect(rate.perSecond(100)).toBe(0)
  now = 2000
  expect(rate.perSecond(100)).toBe(50)
  now = 3000
  expect(rate.perSecond(500)).toBe(50)
  now = 6000
  expect(rate.perSecond(500)).toBe(100)
})
