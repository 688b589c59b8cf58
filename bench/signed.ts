/**
 * Signed answers a second of one worker over UDP (DO set). Cold: every name is asked once, so that each answer needs a signature
 * that nobody has; cached: a thousand names again and again. Knot signs as it is asked (module onlinesign), and once with all
 * signatures made beforehand. The server has processor 0, the load generator the last one; rounds are interleaved.
 *
 *     npm run bench:signed -- [--names 200000] [--rounds 3] [--seconds 3] [--algorithm ecdsa|ed25519]
 *         [--only waymark,knot-online,knot-beforehand]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ALGORITHMS } from '@waymark/dns/rr-types/algorithms'
import type { Peer } from '../test/support/peers.ts'
import { sleep } from '../test/support/process.ts'
import { type Asked, ask } from './support/dnsperf.ts'
import { startEdge } from './support/edge.ts'
import { signedZone } from './support/feed-zone.ts'
import { show, spread } from './support/measure.ts'
import { startSigningKnot } from './support/signing-knot.ts'
import { writeNames, writeZoneFile, ZONE } from './support/zone.ts'

const { values: options } = parseArgs({
  options: {
    names: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    algorithm: { type: 'string', default: 'ecdsa' },
    only: { type: 'string', default: 'waymark,knot-online,knot-beforehand' },
  },
})
const names = Number(options.names)
const rounds = Number(options.rounds)
const seconds = Number(options.seconds)
const cpu = cpus().length - 1
const algorithms: Record<string, { readonly code: number; readonly ofKnot: string }> = {
  ecdsa: { code: ALGORITHMS.ECDSAP256SHA256, ofKnot: 'ecdsap256sha256' },
  ed25519: { code: ALGORITHMS.ED25519, ofKnot: 'ed25519' },
}
const algorithm = algorithms[options.algorithm]
if (algorithm === undefined) throw new Error(`--algorithm is one of ${Object.keys(algorithms).join(', ')}.`)
const FEW = 1000
/** How many names a round asks at most that nobody has asked before. */
const share = Math.floor((names - FEW) / rounds)

const folder = mkdtempSync(join(tmpdir(), 'waymark-bench-'))
const file = join(folder, 'zone')
const few = join(folder, 'few')
const fresh = Array.from({ length: rounds }, (_, round) => join(folder, `fresh-${round}`))
await writeZoneFile(file, names)
await writeNames(few, 0, FEW)
for (const [round, path] of fresh.entries()) await writeNames(path, FEW + round * share, share)

const zone = { name: ZONE, file }
const starters: Record<string, () => Promise<Peer>> = {
  waymark: () => startEdge(join(folder, 'edge'), names, 0, 1, signedZone(algorithm.code)),
  'knot-online': () => startSigningKnot(join(folder, 'online'), zone, 0, 'online', algorithm.ofKnot),
  'knot-beforehand': () => startSigningKnot(join(folder, 'kept'), zone, 0, 'beforehand', algorithm.ofKnot),
}
const peers: Peer[] = []
try {
  for (const key of options.only.split(',')) peers.push(await starters[key]!())
  await sleep(1000)
  const cached = (peer: Peer, length: number) =>
    ask(peer, { questions: few, seconds: length, cpu, flags: ['-D'] })
  for (const peer of peers) await cached(peer, 1)
  const cold = peers.map((): Asked[] => [])
  const warm = peers.map((): Asked[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [i, peer] of peers.entries()) {
      cold[i]!.push(await ask(peer, { questions: fresh[round]!, seconds, cpu, flags: ['-D', '-n', '1'] }))
      warm[i]!.push(await cached(peer, seconds))
    }
  }
  console.log(
    `${options.algorithm}, ${names} names, ${rounds} rounds of ${seconds} s, median (lowest–highest); thousand queries/s\n`,
  )
  console.log(
    '| server | cold | CPU µs | Waymark ÷ it | cached | CPU µs | Waymark ÷ it | lost | octets a reply |',
  )
  console.log(`|${' --- |'.repeat(9)}`)
  const ours = peers.findIndex(({ name }) => name === 'Waymark')
  for (const [i, peer] of peers.entries()) {
    const cells = [cold, warm].flatMap((figures) => [
      show(spread(figures[i]!.map((f) => f.perSecond / 1000))),
      show(spread(figures[i]!.map((f) => f.cpuMicroseconds))),
      ours < 0 ? '' : show(spread(figures[i]!.map((f, k) => figures[ours]![k]!.perSecond / f.perSecond)), 2),
    ])
    const lost = [...cold[i]!, ...warm[i]!].reduce((sum, f) => sum + f.lost, 0)
    console.log(`| ${peer.name} | ${cells.join(' | ')} | ${lost} | ${warm[i]!.at(-1)!.replyOctets} |`)
  }
} finally {
  for (const peer of peers) await peer.stop()
  rmSync(folder, { recursive: true, force: true })
}
