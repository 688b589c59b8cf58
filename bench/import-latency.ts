/**
 * Time to an answer while a million record sets come in: `waymark serve` answers one zone at a steady rate, first at rest, then while
 * batch tasks fill another zone. Every answer is timed; one that does not come within 5 s is lost. On a machine with two processors
 * control, the edge's writer, its answering thread and the load generator share them; the latter stands for other machines, so
 * it goes before the others where we may say so (root).
 *
 *     npm run bench:import-latency -- [--sets 1000000] [--rate 5000] [--rest 10]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startService } from '../test/support/service.ts'
import { askTimed } from './support/dnsperf.ts'
import { FILL_ARGUMENTS, fillZone, must } from './support/fill-zone.ts'
import { percentile } from './support/http-load.ts'
import { writeNames, ZONE } from './support/zone.ts'

const { values: options } = parseArgs({
  options: {
    sets: { type: 'string', default: '1000000' },
    rate: { type: 'string', default: '5000' },
    rest: { type: 'string', default: '10' },
  },
})
const sets = Number(options.sets)
const perSecond = Number(options.rate)
const ASKED = 10_000
/** Seconds of one run of the load generator. */
const SLICE = 3

const folder = mkdtempSync(join(tmpdir(), 'waymark-bench-'))
const questions = join(folder, 'questions')
const service = await startService({ args: [...FILL_ARGUMENTS] })

interface Slice {
  readonly latencies: Float64Array
  readonly lost: number
}

const slice = (seconds: number): Promise<Slice> => {
  const load = { questions, seconds, cpu: null, perSecond, underWay: 5000, goesFirst: true }
  return askTimed({ port: service.dnsPort, pid: service.pid }, load, join(folder, 'answers'))
}

function row(title: string, slices: readonly Slice[], base?: number): number {
  const latencies = Float64Array.from(slices.flatMap((each) => [...each.latencies])).sort()
  const lost = slices.reduce((sum, each) => sum + each.lost, 0)
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map((part) => percentile(latencies, part))
  const worst = latencies.at(-1)!
  const ratio = ((p99! / (base ?? p99!)) as number).toFixed(2)
  const shown = [p50, p99, p999, worst].map((value) => value!.toFixed(0)).join(' | ')
  console.log(`| ${title} | ${latencies.length} | ${shown} | ${lost} | ${ratio} |`)
  return p99!
}

try {
  const asked = await must(service, 202, 'POST', '/v2/zones', { name: ZONE })
  await fillZone(service, asked, ASKED)
  await writeNames(questions, 0, ASKED)
  const filled = await must(service, 202, 'POST', '/v2/zones', { name: 'filled.example.' })
  await slice(1)
  const atRest: Slice[] = []
  for (let left = Number(options.rest); left > 0; left -= SLICE)
    atRest.push(await slice(Math.min(SLICE, left)))
  const begun = performance.now()
  let seconds = 0
  const importing = fillZone(service, filled, sets).finally(() => {
    seconds = (performance.now() - begun) / 1000
  })
  const during: Slice[] = []
  while (seconds === 0) during.push(await slice(SLICE))
  await importing
  console.log(`${sets} record sets in ${seconds.toFixed(1)} s, ${perSecond} questions/s; times in µs\n`)
  console.log('| | answers | p50 | p99 | p99.9 | worst | lost | p99 ÷ at rest |')
  console.log(`|${' --- |'.repeat(8)}`)
  const base = row('at rest', atRest)
  row('while they come in', during, base)
} finally {
  await service.stop()
  rmSync(folder, { recursive: true, force: true })
}
