import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { kernelDrops } from '@waymark/edge/observe/kernel-drops'
import { type Service, startService } from '../../test/support/service.ts'
import { ask, startSteadyLoad } from './dnsperf.ts'
import { type LoadResult, type QueryLoad, startQueryLoad } from './query-load.ts'

export interface SoakOptions {
  readonly seconds: number
  /** 'half': of what the server answers when it is asked without a pause, while zones change. Then dnsperf asks, and has to be there. */
  readonly queriesPerSecond: number | 'half'
  /** Told once a second or so. */
  readonly onProgress?: (line: string) => void
}

/** Resident memory of a process at the start and at the end of what is looked at. */
export interface Growth {
  readonly process: string
  readonly fromBytes: number
  readonly toBytes: number
}

export interface SoakResult {
  readonly load: LoadResult
  /** Changes of record sets that the API took, and that it refused. */
  readonly changes: number
  readonly refused: number
  readonly growth: readonly Growth[]
  /** Entries of the feed that the edge still lacked half a minute after the last change. */
  readonly lag: number
  /** Of the lost queries, those that the system dropped because the server was not given the processor in time. */
  readonly overflow: number
}

/** Of the time is warm-up: caches fill, code is compiled, buffers reach their size. */
const WARM_UP = 0.4
const NAMES = 500
const CHURNED = 40

/**
 * A whole server under steady load while zones change without end: record sets are created, changed and deleted, zones come and go.
 * What lives at any time stays of one size, so memory may not grow.
 */
export async function soak({ seconds, queriesPerSecond, onProgress }: SoakOptions): Promise<SoakResult> {
  const service = await startService({ args: ['--workers', '1'] })
  try {
    const zoneId = (await service.call('POST', '/v2/zones', { name: 'steady.example.' })).json.id
    const names = await fill(service, zoneId)
    let endsAt = Number.POSITIVE_INFINITY
    const isOver = (): boolean => performance.now() > endsAt
    const churn = changeWithoutEnd(service, zoneId, isOver)
    const load =
      queriesPerSecond === 'half'
        ? await startHalfLoad(service, names)
        : await startQueryLoad(service.dnsPort, names, queriesPerSecond)
    const startedAt = performance.now()
    endsAt = startedAt + seconds * 1000
    const samples: Map<string, number>[] = []
    while (!isOver()) {
      await Bun.sleep(Math.min(1000, seconds * 20))
      samples.push(memoryOf(service.pid))
      const { sent, lost, slowestMs } = load.result()
      const memory = [...samples.at(-1)!].map(([name, octets]) => `${name} ${megabytes(octets)}`).join(', ')
      onProgress?.(
        `${Math.round((performance.now() - startedAt) / 1000)} s: ${sent} queries, ${lost} lost, slowest ${Math.round(slowestMs)} ms; ${churn.counts.changes} changes; ${memory}`,
      )
    }
    await churn.done
    const result = await load.stop()
    const lag = await lagOf(service)
    const overflow = kernelDrops(new Set([service.dnsPort])) ?? 0
    return { load: result, ...churn.counts, growth: growthOf(samples), lag, overflow }
  } finally {
    await service.stop()
  }
}

const CATCH_UP_MS = 30_000

/** Entries of the feed that the edge lacks when it has had time to catch up; all of them when there is no edge. */
async function lagOf(service: Service): Promise<number> {
  const end = performance.now() + CATCH_UP_MS
  for (;;) {
    const { json } = await service.call('GET', '/waymark/v1/edges')
    const lag = json.newest - Math.max(0, ...json.edges.map(({ seq }: { seq: number }) => seq))
    if (lag === 0 || performance.now() > end) return lag
    await Bun.sleep(100)
  }
}

/** Seconds of full load that tell what half of it is. */
const MEASURED = 5

async function startHalfLoad(service: Service, names: readonly string[]): Promise<QueryLoad> {
  const questions = join(service.dataDir, 'questions')
  writeFileSync(questions, names.map((name) => `${name} A\n`).join(''))
  const target = { port: service.dnsPort, pid: service.pid }
  const { perSecond } = await ask(target, { questions, seconds: MEASURED, cpu: null })
  return startSteadyLoad(service.dnsPort, questions, perSecond / 2)
}

const megabytes = (octets: number): string => `${Math.round(octets / 1e6)} MB`

async function fill(service: Service, zoneId: string): Promise<string[]> {
  const names = Array.from({ length: NAMES }, (_, i) => `n${i}.steady.example.`)
  const recordsets = names.map((name, i) => ({
    name,
    type: 'A',
    ttl: 60,
    records: [`192.0.2.${i % 250}`],
  }))
  const made = await service.call('POST', `/v2.1/zones/${zoneId}/recordsets/batch-create-task`, {
    recordsets,
  })
  if (made.status >= 300) throw new Error(`the zone cannot be filled: ${JSON.stringify(made.json)}`)
  return [...names, ...Array.from({ length: NAMES / 10 }, (_, i) => `none${i}.steady.example.`)]
}

/** Changes until `isOver`, one after the other. */
function changeWithoutEnd(service: Service, zoneId: string, isOver: () => boolean) {
  const counts = { changes: 0, refused: 0 }
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await service.call(method, path, body)
    if (answer.status < 300) counts.changes++
    else counts.refused++
    return answer
  }
  const run = async (): Promise<void> => {
    for (let round = 0; !isOver(); round++) {
      const zone = await call('POST', '/v2/zones', { name: `z${round}.example.` })
      const ids: string[] = []
      for (let i = 0; i < CHURNED && !isOver(); i++) {
        const body = { name: `c${i}.steady.example.`, type: 'TXT', ttl: 60, records: [`"${round}"`] }
        ids.push((await call('POST', `/v2/zones/${zoneId}/recordsets`, body)).json.id)
      }
      for (const [i, id] of ids.entries()) {
        if (i % 2 === 0) {
          const body = {
            name: `c${i}.steady.example.`,
            type: 'TXT',
            ttl: 30,
            records: [`"${round}, changed"`],
          }
          await call('PUT', `/v2/zones/${zoneId}/recordsets/${id}`, body)
        }
        await call('DELETE', `/v2/zones/${zoneId}/recordsets/${id}`)
      }
      await call('DELETE', `/v2/zones/${zone.json.id}`)
    }
  }
  return { counts, done: run() }
}

/** Resident memory of the server's processes, by what they are. */
function memoryOf(launcher: number): Map<string, number> {
  const found = new Map<string, number>()
  const visit = (pid: number): void => {
    for (const child of childrenOf(pid)) {
      const name = isEdge(child) ? 'edge' : 'control'
      found.set(name, (found.get(name) ?? 0) + residentBytes(child))
      visit(child)
    }
  }
  visit(launcher)
  return found
}

const isEdge = (pid: number): boolean => readProc(pid, 'cmdline').includes('edge-process')

const residentBytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readProc(pid, 'status'))?.[1] ?? 0) * 1024

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
  } catch {
    // It has ended.
    return []
  }
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}

/** From the first to the last third of the time behind the warm-up, the least of each: what collection of garbage leaves. */
function growthOf(samples: readonly Map<string, number>[]): Growth[] {
  const counted = samples.slice(Math.floor(samples.length * WARM_UP))
  const third = Math.max(1, Math.floor(counted.length / 3))
  const names = [...new Set(counted.flatMap((sample) => [...sample.keys()]))]
  const leastOf = (part: readonly Map<string, number>[], name: string): number =>
    Math.min(...part.flatMap((sample) => sample.get(name) ?? []))
  return names.map((process) => ({
    process,
    fromBytes: leastOf(counted.slice(0, third), process),
    toBytes: leastOf(counted.slice(-third), process),
  }))
}

/** What the result breaks of what a server has to keep; nothing when it is well. `toleranceBytes`: growth that is not yet one. */
export function faultsOf(result: SoakResult, toleranceBytes: number): string[] {
  const { load, refused, changes, growth, lag, overflow } = result
  return [
    ...(load.answered === 0 ? ['no query was answered'] : []),
    ...(load.lost > overflow
      ? [`${load.lost - overflow} of ${load.sent} queries that came in were not answered`]
      : []),
    ...(overflow > load.sent / 100
      ? [`${overflow} queries did not come in: the machine is too busy for this`]
      : []),
    ...(load.failed > 0 ? [`${load.failed} answers were neither NOERROR nor NXDOMAIN`] : []),
    ...(changes === 0 ? ['nothing was changed'] : []),
    ...(refused > 0 ? [`${refused} changes were refused`] : []),
    ...(lag > 0 ? [`the edge lacks ${lag} entries of the feed`] : []),
    ...growth
      .filter(({ fromBytes, toBytes }) => toBytes - fromBytes > toleranceBytes)
      .map(
        ({ process, fromBytes, toBytes }) =>
          `${process} grew from ${megabytes(fromBytes)} to ${megabytes(toBytes)}`,
      ),
  ]
}
