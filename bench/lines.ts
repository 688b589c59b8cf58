/**
 * Answers that depend on who asks: names with lines and weighted values, asked with EDNS and with a client subnet of another network
 * each time, against names with one record set each, at one worker. Both edges have as many names; rounds are interleaved and
 * one edge at a time is asked. The edge has processor 0, the load generator the last one.
 *
 *     npm run bench:lines -- [--names 100000] [--rounds 5] [--seconds 3] [--questions 200000]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Peer } from '../test/support/peers.ts'
import { type Asked, ask } from './support/dnsperf.ts'
import { startEdge } from './support/edge.ts'
import { linedZone, plainZone } from './support/feed-zone.ts'
import { memoryBytes, show, spread } from './support/measure.ts'
import { writePackets, writeQuestions } from './support/zone.ts'

const { values: options } = parseArgs({
  options: {
    names: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    questions: { type: 'string', default: '200000' },
  },
})
const names = Number(options.names)
const rounds = Number(options.rounds)
const seconds = Number(options.seconds)
const questions = Number(options.questions)
const cpu = cpus().length - 1

const folder = mkdtempSync(join(tmpdir(), 'waymark-bench-'))
const edges: Peer[] = []
try {
  const plainQuestions = join(folder, 'questions')
  const withEdns = join(folder, 'edns')
  const withSubnet = join(folder, 'subnet')
  await writeQuestions(plainQuestions, names, questions)
  await writePackets(withEdns, names, questions, false)
  await writePackets(withSubnet, names, questions, true)
  const plain = await startEdge(join(folder, 'plain'), names, 0, 1, plainZone)
  edges.push(plain)
  const lined = await startEdge(join(folder, 'lined'), names, 0, 1, linedZone)
  edges.push(lined)
  const asText = { seconds, cpu, questions: plainQuestions }
  const asPackets = (file: string) => ({ seconds, cpu, questions: file, flags: ['-B'] })
  const rows = [
    { title: 'one record set a name', question: 'plain', edge: plain, options: asText },
    { title: 'one record set a name', question: 'EDNS', edge: plain, options: asPackets(withEdns) },
    { title: 'one record set a name', question: 'EDNS, subnet', edge: plain, options: asPackets(withSubnet) },
    { title: 'lines and weights', question: 'plain', edge: lined, options: asText },
    { title: 'lines and weights', question: 'EDNS', edge: lined, options: asPackets(withEdns) },
    { title: 'lines and weights', question: 'EDNS, subnet', edge: lined, options: asPackets(withSubnet) },
  ]
  const figures: Asked[][] = rows.map(() => [])
  for (const row of rows) await ask(row.edge, { ...row.options, seconds: Math.min(2, seconds) })
  for (let round = 0; round < rounds; round++) {
    for (const [i, row] of rows.entries()) figures[i]!.push(await ask(row.edge, row.options))
  }
  const base = figures[0]!
  console.log(`${names} names, one worker, ${rounds} rounds of ${seconds} s, median (lowest–highest)\n`)
  console.log(
    '| names have | questions | thousand queries/s | ÷ plain | CPU µs per query | CPU of plain ÷ it | lost | octets a reply |',
  )
  console.log(`|${' --- |'.repeat(8)}`)
  for (const [i, row] of rows.entries()) {
    const each = figures[i]!
    const rate = show(spread(each.map((f) => f.perSecond / 1000)))
    const ratio = show(spread(each.map((f, k) => f.perSecond / base[k]!.perSecond)), 2)
    const time = show(spread(each.map((f) => f.cpuMicroseconds)), 2)
    const timeRatio = show(spread(each.map((f, k) => base[k]!.cpuMicroseconds / f.cpuMicroseconds)), 2)
    const lost = each.reduce((sum, f) => sum + f.lost, 0)
    console.log(
      `| ${row.title} | ${row.question} | ${rate} | ${ratio} | ${time} | ${timeRatio} | ${lost} | ${each.at(-1)!.replyOctets} |`,
    )
  }
  const megabytes = (edge: Peer) => (memoryBytes(edge.pid) / 1e6).toFixed(0)
  console.log(
    `\nMemory: ${megabytes(plain)} MB with one record set a name, ${megabytes(lined)} MB with lines.`,
  )
} finally {
  for (const edge of edges) await edge.stop()
  rmSync(folder, { recursive: true, force: true })
}
