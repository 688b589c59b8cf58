/**
 * Answers per second of one worker, beside NSD, Knot, BIND and PowerDNS with one worker each: same zone, same questions
 * (one in ten for a name that does not exist), interleaved rounds. The server has processor 0, the load generator the
 * last one. CPU per query comes from the process accounting of the server.
 *
 *     npm run bench:dns -- [--names 100000,1000000] [--rounds 5] [--seconds 5] [--only waymark,knot]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Peer } from '../test/support/peers.ts'
import { sleep } from '../test/support/process.ts'
import { ask } from './support/dnsperf.ts'
import { memoryBytes, show, spread } from './support/measure.ts'
import { startServers } from './support/peer-starters.ts'
import { writeQuestions, writeZoneFile, ZONE } from './support/zone.ts'

const { values: options } = parseArgs({
  options: {
    names: { type: 'string', default: '100000,1000000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    only: { type: 'string', default: 'waymark,knot,nsd,bind,powerdns' },
  },
})
const rounds = Number(options.rounds)
const seconds = Number(options.seconds)
const loadCpu = cpus().length - 1

interface Figures {
  readonly perSecond: number[]
  readonly microsecondsPerQuery: number[]
  lost: number
}

for (const names of options.names.split(',').map(Number)) {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-bench-'))
  const file = join(folder, 'zone')
  const questions = join(folder, 'questions')
  await writeZoneFile(file, names)
  await writeQuestions(questions, names, 500_000)
  const zone = { name: ZONE, file }
  const load = { questions, seconds, cpu: loadCpu, underWay: 400 }
  let peers: Peer[] = []
  try {
    peers = await startServers(options.only, folder, zone, names)
    await sleep(1000)
    const figures = new Map<string, Figures>()
    for (const peer of peers) {
      figures.set(peer.name, { perSecond: [], microsecondsPerQuery: [], lost: 0 })
      await ask(peer, { ...load, seconds: 2 })
    }
    for (let round = 0; round < rounds; round++) {
      for (const peer of peers) {
        const result = await ask(peer, load)
        const figure = figures.get(peer.name)!
        figure.perSecond.push(result.perSecond / 1000)
        figure.microsecondsPerQuery.push(result.cpuMicroseconds)
        figure.lost += result.lost
      }
    }
    const ours = figures.get('Waymark')
    console.log(`\n${names} names, ${rounds} rounds of ${seconds} s, median (lowest–highest)\n`)
    console.log('| server | thousand queries/s | CPU µs per query | lost | memory MB | Waymark ÷ it |')
    console.log('| --- | --- | --- | --- | --- | --- |')
    for (const peer of peers) {
      const figure = figures.get(peer.name)!
      const ratio =
        ours === undefined
          ? ''
          : show(spread(figure.perSecond.map((value, i) => ours.perSecond[i]! / value)), 2)
      console.log(
        `| ${peer.name} | ${show(spread(figure.perSecond))} | ${show(spread(figure.microsecondsPerQuery), 2)} | ${figure.lost} | ${(memoryBytes(peer.pid) / 1e6).toFixed(0)} | ${ratio} |`,
      )
    }
  } finally {
    for (const peer of peers) await peer.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
