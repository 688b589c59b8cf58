/**
 * Time of signed answers on one thread, without sockets: what one worker can give at most. Run it with
 * `bun bench/micro/dnssec.bench.ts`; each line is the median of several rounds, in time of the processor.
 */

import { generateKeyPairSync, sign } from 'node:crypto'
import { ALGORITHMS } from '@waymark/dns/rr-types/algorithms'
import { processQuery } from '@waymark/edge/answer/process-query'
import { Query } from '@waymark/edge/answer/query'
import { queryPacket, TestTable } from '@waymark/edge/testing/ask'
import { testKeys } from '@waymark/edge/testing/keys'
import { SOA_AND_NS } from '@waymark/edge/testing/zone-text'

const NAMES = 10_000
const ROUNDS = 5

const rows = Array.from({ length: NAMES }, (_, i) => `h${i} 300 A 192.0.2.${i & 255}`)
const text = `${SOA_AND_NS}\n${rows.join('\n')}\n`
const packets = (prefix: string, isDnssecOk: boolean) =>
  Array.from({ length: NAMES }, (_, i) =>
    queryPacket(`${prefix}${i}.example.org`, 'A', { isDnssecOk, payloadSize: 1232 }),
  )

const present = packets('h', true)
const absent = packets('missing', true)
const plain = packets('h', false)
const plainAbsent = packets('missing', false)
const out = new Uint8Array(65535)

/** Time of the processor, not of the clock: others may be busy on the machine. */
function cpuNanoseconds(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) * 1000
}

/** Answers all packets in turn, several times over; `fresh` begins each round without signatures. */
function measure(title: string, table: TestTable, questions: readonly Uint8Array[], fresh: boolean): void {
  const rounds: number[] = []
  let query = new Query(1)
  let size = 0
  for (let round = 0; round <= ROUNDS; round++) {
    if (fresh) query = new Query(1)
    const start = process.cpuUsage()
    for (const packet of questions) size = processQuery(query, table.view, packet, packet.length, out, false)
    // The first round warms up; where signatures are kept it makes them.
    if (round > 0) rounds.push(cpuNanoseconds(start) / questions.length)
  }
  const median = rounds.toSorted((a, b) => a - b)[ROUNDS >> 1]!
  const perSecond = Math.round(1e9 / median).toLocaleString('en')
  console.log(
    `${title.padEnd(44)} ${median.toFixed(0).padStart(8)} ns ${perSecond.padStart(12)}/s ${size} octets`,
  )
}

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const octets = new Uint8Array(100)
const start = process.cpuUsage()
for (let i = 0; i < NAMES; i++) sign('sha256', octets, { key: privateKey, dsaEncoding: 'ieee-p1363' })
console.log(`node:crypto alone, P-256: ${(cpuNanoseconds(start) / NAMES).toFixed(0)} ns a signature`)

const unsigned = new TestTable([{ apex: 'example.org', text }])
measure('unsigned zone, no DO', unsigned, plain, false)
measure('unsigned zone, DO', unsigned, present, false)
measure('unsigned zone, no such name', unsigned, plainAbsent, false)
for (const [name, algorithm] of [
  ['ECDSA P-256', ALGORITHMS.ECDSAP256SHA256],
  ['Ed25519', ALGORITHMS.ED25519],
] as const) {
  const signed = new TestTable([{ apex: 'example.org', text, keys: testKeys(algorithm) }])
  measure(`${name}, no DO`, signed, plain, false)
  measure(`${name}, signature kept`, signed, present, false)
  measure(`${name}, signature made`, signed, present, true)
  measure(`${name}, no such name, kept`, signed, absent, false)
  measure(`${name}, no such name, made`, signed, absent, true)
}
