/** Runs dnsperf, the load generator, and reads what it says. */
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { Peer } from '../../test/support/peers.ts'
import { run } from '../../test/support/process.ts'
import { cpuSeconds } from './measure.ts'
import type { QueryLoad } from './query-load.ts'

export interface AskOptions {
  /** File of questions, in dnsperf's text form unless `flags` has -B. */
  readonly questions: string
  /** Ends then, or when the questions have been asked as often as `flags` allow with -n. */
  readonly seconds: number
  /** Processor of the load generator, null for any. */
  readonly cpu: number | null
  /** Questions a second; as many as are answered when left out. */
  readonly perSecond?: number
  /** Questions under way at most; 200 when left out, which the receive buffer of a server holds. */
  readonly underWay?: number
  readonly flags?: readonly string[]
  /** The load generator goes before all others on its processor, as if it had a machine to itself; for root only. */
  readonly goesFirst?: boolean
}

export interface Asked {
  readonly perSecond: number
  readonly completed: number
  readonly lost: number
  /** Octets of a reply, on average. */
  readonly replyOctets: number
  /** Processor time of the server for each query, microseconds. */
  readonly cpuMicroseconds: number
}

function command(port: number, options: AskOptions): string[] {
  const { questions, seconds, cpu, perSecond, underWay = 200, flags = [], goesFirst = false } = options
  return [
    ...(cpu === null ? [] : ['taskset', '-c', String(cpu)]),
    ...(goesFirst && process.getuid?.() === 0 ? ['chrt', '-r', '1'] : []),
    ...['dnsperf', '-s', '127.0.0.1', '-p', String(port), '-d', questions],
    ...['-l', String(seconds), '-c', '8', '-q', String(underWay), '-b', '4096', '-O', 'suppress=timeout'],
    ...(perSecond === undefined ? [] : ['-Q', String(Math.round(perSecond))]),
    ...flags,
  ]
}

function readSummary(out: string, cpuUsed: number): Asked {
  const number = (pattern: RegExp): number => Number(pattern.exec(out)?.[1])
  const completed = number(/Queries completed:\s+(\d+)/)
  return {
    perSecond: number(/Queries per second:\s+([\d.]+)/),
    completed,
    lost: number(/Queries lost:\s+(\d+)/),
    replyOctets: number(/request \d+, response (\d+)/),
    cpuMicroseconds: (cpuUsed / completed) * 1e6,
  }
}

/** Asks a server for a while. */
export async function ask(server: Pick<Peer, 'port' | 'pid'>, options: AskOptions): Promise<Asked> {
  const before = cpuSeconds(server.pid)
  const out = await run(command(server.port, options))
  return readSummary(out, cpuSeconds(server.pid) - before)
}

/** Asks `perSecond` questions until it is told to stop. */
export async function startSteadyLoad(
  port: number,
  questions: string,
  perSecond: number,
): Promise<QueryLoad> {
  // dnsperf makes up for a pause of its own, as at its first line of progress, by sending all at once; no more than a server's queue.
  const endless = { questions, seconds: 1e6, cpu: null, perSecond, underWay: 4000 }
  const child = Bun.spawn([...command(port, endless), '-S', '1'], { stdout: 'pipe', stderr: 'ignore' })
  const seen = { sent: 0, answered: 0, lost: 0, failed: 0, slowestMs: 0 }
  const out = (async () => {
    let whole = ''
    for await (const line of createInterface({ input: Readable.fromWeb(child.stdout) })) {
      // A rate each second until the summary.
      const rate = /^\d+\.\d+: (\d+\.\d+)$/.exec(line)
      if (rate !== null) seen.answered += Number(rate[1])
      else whole += `${line}\n`
    }
    return whole
  })()
  return {
    result: () => ({ ...seen, answered: Math.round(seen.answered), sent: Math.round(seen.answered) }),
    async stop() {
      child.kill('SIGINT')
      const summary = await out
      const { completed, lost } = readSummary(summary, 0)
      const whole = (pattern: RegExp): number => Number(pattern.exec(summary)?.[1] ?? 0)
      const good = whole(/NOERROR (\d+)/) + whole(/NXDOMAIN (\d+)/)
      const slowestMs = whole(/Average Latency .* max ([\d.]+)/) * 1000
      return {
        sent: whole(/Queries sent:\s+(\d+)/),
        answered: completed,
        lost,
        failed: completed - good,
        slowestMs,
      }
    },
  }
}

export interface Timed extends Asked {
  /** Microseconds from question to answer, ascending; of the answers that came. */
  readonly latencies: Float64Array
}

/**
 * The same, with the time of every answer. dnsperf writes a line for each, to the file at `log`, which costs it the same whatever
 * server it asks; `perSecond` has to leave it room for that.
 */
export async function askTimed(
  server: Pick<Peer, 'port' | 'pid'>,
  options: AskOptions,
  log: string,
): Promise<Timed> {
  const before = cpuSeconds(server.pid)
  await run(['sh', '-c', 'exec "$@" > "$0"', log, ...command(server.port, options), '-v'])
  const used = cpuSeconds(server.pid) - before
  const latencies: number[] = []
  let rest = ''
  for await (const line of createInterface({ input: createReadStream(log) })) {
    if (!line.startsWith('> ')) rest += `${line}\n`
    else if (!line.startsWith('> T ')) latencies.push(Number(line.slice(line.lastIndexOf(' '))) * 1e6)
  }
  await rm(log)
  return { ...readSummary(rest, used), latencies: Float64Array.from(latencies).sort() }
}
