/**
 * Time to an answer at half of the load that a server can take: each server with one worker is first asked as fast as it answers,
 * then at half of that rate, or at --rate, and every answer is timed. The server has processor 0, the load generator the last
 * one; rounds are interleaved.
 *
 *     npm run bench:latency -- [--names 100000] [--rounds 5] [--seconds 3] [--rate 50000] [--only waymark,knot,nsd]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Peer } from '../test/support/peers.ts'
import { sleep } from '../test/support/process.ts'
import { ask, askTimed } from './support/dnsperf.ts'
import { percentile } from './support/http-load.ts'
import { show, spread } from './support/measure.ts'
import { startServers } from './support/peer-starters.ts'
import { writeQuestions, writeZoneFile, ZONE } from './support/zone.ts'

const { values: options } = parseArgs({
  options: {
    names: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    rate: { type: 'string' },
    only: { type: 'string', default: 'waymark,knot,nsd' },
  },
})
const names = Number(options.names)
const rounds = Number(options.rounds)
const seconds = Number(options.seconds)
const cpu = cpus().length - 1
/** Far above what a rate needs, so that a slow answer delays no other question. */
const UNDER_WAY = 5000

interface Figures {
  readonly rates: number[]
  readonly p50: number[]
  readonly p99: number[]
  readonly p999: number[]
  lost: number
}

const folder = mkdtempSync(join(tmpdir(), 'waymark-bench-'))
const file = join(folder, 'zone')
const questions = join(folder, 'questions')
await writeZoneFile(file, names)
await writeQuestions(questions, names, 500_000)
let peers: Peer[] = []
try {
  peers = await startServers(options.only, folder, { name: ZONE, file }, names)
  await sleep(1000)
  const most = peers.map((): number[] => [])
  for (let round = 0; round < 3; round++) {
    for (const [i, peer] of peers.entries()) {
      most[i]!.push((await ask(peer, { questions, seconds: 2, cpu })).perSecond)
    }
  }
  const figures = peers.map((): Figures => ({ rates: [], p50: [], p99: [], p999: [], lost: 0 }))
  for (let round = 0; round < rounds; round++) {
    for (const [i, peer] of peers.entries()) {
      const perSecond = options.rate === undefined ? spread(most[i]!).median / 2 : Number(options.rate)
      const load = { questions, seconds, cpu, perSecond, underWay: UNDER_WAY }
      const timed = await askTimed(peer, load, join(folder, 'answers'))
      const figure = figures[i]!
      figure.rates.push(timed.perSecond / 1000)
      figure.p50.push(percentile(timed.latencies, 0.5))
      figure.p99.push(percentile(timed.latencies, 0.99))
      figure.p999.push(percentile(timed.latencies, 0.999))
      figure.lost += timed.lost
    }
  }
  const ours = figures[peers.findIndex(({ name }) => name === 'Waymark')]
  console.log(`${names} names, ${rounds} rounds of ${seconds} s, median (lowest–highest); times in µs\n`)
  console.log(
    '| server | at most, thousand/s | asked, thousand/s | p50 | p99 | p99.9 | lost | p99: Waymark ÷ it |',
  )
  console.log(`|${' --- |'.repeat(8)}`)
  for (const [i, peer] of peers.entries()) {
    const figure = figures[i]!
    const ratio =
      ours === undefined ? '' : show(spread(figure.p99.map((value, k) => ours.p99[k]! / value)), 2)
    const [p50, p99, p999] = [figure.p50, figure.p99, figure.p999].map((values) => show(spread(values), 0))
    console.log(
      `| ${peer.name} | ${show(spread(most[i]!.map((value) => value / 1000)))} | ${show(spread(figure.rates))} | ${p50} | ${p99} | ${p999} | ${figure.lost} | ${ratio} |`,
    )
  }
} finally {
  for (const peer of peers) await peer.stop()
  rmSync(folder, { recursive: true, force: true })
}
