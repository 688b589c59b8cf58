/**
 * From starting a server to its first answer out of a zone of many names. The edge reads the snapshot that it wrote when it was
 * stopped; an empty edge shows what of that is the start of the program. Knot and NSD read the zone file. Asked every 5 ms; rounds
 * are interleaved, and files come out of the cache of the system.
 *
 *     npm run bench:start -- [--names 1000000] [--rounds 5] [--only waymark,empty,knot,nsd]
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type StartPeer, startKnot, startNsd } from '../test/support/peers.ts'
import { serveFeed, spawnEdge, startEdge } from './support/edge.ts'
import { plainZone } from './support/feed-zone.ts'
import { firstAnswer } from './support/first-answer.ts'
import { cpuSeconds, show, spread } from './support/measure.ts'
import { ownerOf, writeZoneFile, ZONE } from './support/zone.ts'

const { values: options } = parseArgs({
  options: {
    names: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: 'waymark,empty,knot,nsd' },
  },
})
const names = Number(options.names)
const rounds = Number(options.rounds)
const only = options.only.split(',')
const WAYMARK = 'Waymark, own snapshot'
const WATCH = { patienceMs: 5, timeoutMs: 120_000 }

interface Start {
  /** Seconds of the clock to the first answer, and of the processor until then. */
  readonly seconds: number
  readonly cpu: number
}

const folder = mkdtempSync(join(tmpdir(), 'waymark-bench-'))

/** Stops an edge that has `count` names, so that its snapshot is there, and gives the way to start it again. */
async function preparedEdge(title: string, count: number): Promise<() => Promise<Start>> {
  const place = join(folder, title)
  const first = await startEdge(place, count, null)
  await first.stop()
  const file = readdirSync(place).find((name) => name.endsWith('.snapshot'))
  if (file === undefined) throw new Error('The edge wrote no snapshot.')
  console.log(`${title}: a snapshot of ${(statSync(join(place, file)).size / 1e6).toFixed(1)} MB`)
  // It asks no snapshot of it, only whether anything is new.
  const feed = serveFeed(plainZone, 0)
  feeds.push(feed)
  return async () => {
    const begun = performance.now()
    const edge = spawnEdge(place, feed.port, null)
    try {
      const name = count === 0 ? `ns1.${ZONE}` : ownerOf(count - 1)
      const at = await firstAnswer(edge.port, name, undefined, WATCH)
      return { seconds: (at - begun) / 1000, cpu: cpuSeconds(edge.pid) }
    } finally {
      await edge.stop()
    }
  }
}

const peer = (start: StartPeer, title: string, file: string) => async (): Promise<Start> => {
  const begun = performance.now()
  const server = await start(join(folder, title), { name: ZONE, file }, null)
  const seconds = (performance.now() - begun) / 1000
  const cpu = cpuSeconds(server.pid)
  await server.stop()
  return { seconds, cpu }
}

const feeds: { stop: () => void }[] = []
try {
  const file = join(folder, 'zone')
  if (only.includes('knot') || only.includes('nsd')) await writeZoneFile(file, names)
  const rows: { title: string; start: () => Promise<Start>; starts: Start[] }[] = []
  const add = (title: string, start: () => Promise<Start>) => rows.push({ title, start, starts: [] })
  if (only.includes('waymark')) add(WAYMARK, await preparedEdge('waymark', names))
  if (only.includes('empty')) add('Waymark, empty', await preparedEdge('empty', 0))
  if (only.includes('knot')) add('Knot, zone file', peer(startKnot, 'knot', file))
  if (only.includes('nsd')) add('NSD, zone file', peer(startNsd, 'nsd', file))
  for (let round = 0; round < rounds; round++) {
    for (const row of rows) row.starts.push(await row.start())
  }
  const ours = rows.find(({ title }) => title === WAYMARK)?.starts
  console.log(`\n${names} names, ${rounds} rounds, median (lowest–highest)\n`)
  console.log('| server | start to first answer, s | CPU, s | Waymark ÷ it |')
  console.log('| --- | --- | --- | --- |')
  for (const { title, starts } of rows) {
    const ratio =
      ours === undefined ? '' : show(spread(starts.map(({ seconds }, i) => ours[i]!.seconds / seconds)), 2)
    const [seconds, cpu] = [starts.map((s) => s.seconds), starts.map((s) => s.cpu)]
    console.log(`| ${title} | ${show(spread(seconds), 2)} | ${show(spread(cpu), 2)} | ${ratio} |`)
  }
} finally {
  for (const feed of feeds) feed.stop()
  rmSync(folder, { recursive: true, force: true })
}
