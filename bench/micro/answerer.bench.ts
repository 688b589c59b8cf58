/**
 * What counting and logging add to an answer, on one thread and without sockets: `bun bench/micro/answerer.bench.ts`. Variants take turns
 * within each round; the figures are medians of nanoseconds of the processor.
 */
import { processQuery } from '@waymark/edge/answer/process-query'
import { Query } from '@waymark/edge/answer/query'
import { Counters, countersFor, UDP } from '@waymark/edge/counters'
import { Answerer } from '@waymark/edge/observe/answerer'
import { TapReader, TapWriter, tapBuffersFor } from '@waymark/edge/observe/tap'
import { ZoneCounts, zoneCountsFor } from '@waymark/edge/observe/top-zones'
import { queryPacket, TestTable } from '@waymark/edge/testing/ask'
import { SOA_AND_NS } from '@waymark/edge/testing/zone-text'

const NAMES = 10_000
const ZONES = 500
const ROUNDS = 15

const table = new TestTable(
  Array.from({ length: ZONES }, (_, zone) => {
    const rows = Array.from({ length: NAMES / ZONES }, (_, i) => `h${i} 300 A 192.0.2.${i}`)
    return { apex: `z${zone}.example`, text: `${SOA_AND_NS}\n${rows.join('\n')}\n` }
  }),
)
const packets = Array.from({ length: NAMES }, (_, i) =>
  queryPacket(`h${Math.floor(i / ZONES)}.z${i % ZONES}.example`, 'A', { payloadSize: 1232 }),
)
const out = new Uint8Array(65535)

const [ring, sampledRing] = [...tapBuffersFor(1, 1), ...tapBuffersFor(1, 100)] as const
const answererWith = (tap?: ReturnType<typeof tapBuffersFor>[number]): Answerer => {
  const counters = new Counters(countersFor(1), 0)
  const zones = new ZoneCounts(zoneCountsFor(1), 0)
  return new Answerer(new Query(1), table.view, counters, zones, tap && new TapWriter(tap, counters))
}
const counted = answererWith()
const sampled = answererWith(sampledRing)
const logged = answererWith(ring)
const bare = new Query(1)
for (const { query } of [counted, sampled, logged]) query.source = '192.0.2.99'
bare.source = '192.0.2.99'

const variants: readonly (readonly [title: string, answer: (packet: Uint8Array) => unknown])[] = [
  ['answer alone', (packet) => processQuery(bare, table.view, packet, packet.length, out, false)],
  ['counted', (packet) => counted.answer(packet, packet.length, out, UDP, 4242)],
  ['counted, one in 100 logged', (packet) => sampled.answer(packet, packet.length, out, UDP, 4242)],
  ['counted, all logged', (packet) => logged.answer(packet, packet.length, out, UDP, 4242)],
]
const times = variants.map((): number[] => [])
for (let round = 0; round < ROUNDS; round++) {
  for (const [i, [, answer]] of variants.entries()) {
    let nanoseconds = 0
    for (let turn = 0; turn < 10; turn++) {
      const start = process.cpuUsage()
      for (const packet of packets) answer(packet)
      const { user, system } = process.cpuUsage(start)
      nanoseconds += (user + system) * 1000
      // The thread that logs keeps up.
      for (const buffer of [ring!, sampledRing!])
        new TapReader(buffer).drain(Number.POSITIVE_INFINITY, () => {})
    }
    if (round > 2) times[i]!.push(nanoseconds / NAMES / 10)
  }
}
for (const [i, [title]] of variants.entries()) {
  const sorted = times[i]!.toSorted((a, b) => a - b)
  console.log(`${title.padEnd(30)} ${sorted[sorted.length >> 1]!.toFixed(0).padStart(6)} ns`)
}
