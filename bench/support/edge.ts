/** Starts our edge as a process of its own, fed by a small feed server in this process that speaks the real protocol. */
import { mkdirSync } from 'node:fs'
import { OctetWriter, OP_HEARTBEAT, writeFrame } from '@waymark/dns/feed-codec'
import { type Peer, untilAnswers } from '../../test/support/peers.ts'
import { freePort, sleep } from '../../test/support/process.ts'
import { type FeedZone, plainZone } from './feed-zone.ts'
import { ZONE } from './zone.ts'

const STORE = 'bench'
const SECRET = 'bench'

export interface ServedFeed {
  readonly port: number
  readonly stop: () => void
}

/** A feed that has one snapshot and no changes. */
export function serveFeed(zone: FeedZone, names: number): ServedFeed {
  const heartbeat = new OctetWriter()
  writeFrame(heartbeat, {
    seq: 1,
    zoneId: '0'.repeat(32),
    serial: 0,
    payload: Uint8Array.of(OP_HEARTBEAT),
  })
  const headers = { 'X-Waymark-Store': STORE, 'Content-Type': 'application/octet-stream' }
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 0,
    fetch(request) {
      const { pathname, searchParams } = new URL(request.url)
      if (pathname.endsWith('/position')) return new Response(null, { status: 204 })
      if (pathname.endsWith('/snapshot')) {
        const frames = zone(names)
        return new Response(
          new ReadableStream({
            async pull(controller) {
              const next = frames.next()
              if (next.done) controller.close()
              else controller.enqueue(next.value)
            },
          }),
          { headers },
        )
      }
      if (searchParams.get('after') !== '1') return new Response('gone', { status: 410, headers })
      let timer: Timer
      return new Response(
        new ReadableStream({
          start(controller) {
            timer = setInterval(() => controller.enqueue(heartbeat.finish()), 1000)
          },
          cancel() {
            clearInterval(timer)
          },
        }),
        { headers },
      )
    },
  })
  return { port: server.port!, stop: () => server.stop(true) }
}

export interface EdgeProcess {
  readonly port: number
  readonly pid: number
  readonly log: Bun.BunFile
  /** Resolves when it has written its snapshot and ended. */
  readonly stop: () => Promise<void>
}

/** An edge that follows the feed on `feedPort` and keeps its snapshot in `folder`; it does not answer yet. */
export function spawnEdge(folder: string, feedPort: number, cpu: number | null, workers = 1): EdgeProcess {
  mkdirSync(folder, { recursive: true })
  const port = freePort()
  const entry = new URL('../../packages/edge/src/main.ts', import.meta.url).pathname
  const log = Bun.file(`${folder}/log`)
  const command = [process.execPath, entry]
  const child = Bun.spawn(cpu === null ? command : ['taskset', '-c', String(cpu), ...command], {
    stdin: 'pipe',
    stdout: log,
    stderr: log,
    env: {
      ...process.env,
      WAYMARK_DNS: `127.0.0.1:${port}`,
      WAYMARK_DATA: folder,
      WAYMARK_FEED_URL: `http://127.0.0.1:${feedPort}`,
      WAYMARK_FEED_SECRET: SECRET,
      WAYMARK_WORKERS: String(workers),
      WAYMARK_EDGE_ID: 'bench',
    },
  })
  const stop = async () => {
    child.kill('SIGTERM')
    await Promise.race([child.exited, sleep(10_000)])
    child.kill('SIGKILL')
  }
  return { port, pid: child.pid, log, stop }
}

/** An edge that answers {@link ZONE} with `names` names, from `workers` threads, pinned to processor `cpu`. */
export async function startEdge(
  folder: string,
  names: number,
  cpu: number | null,
  workers = 1,
  zone: FeedZone = plainZone,
): Promise<Peer> {
  const feed = serveFeed(zone, names)
  const edge = spawnEdge(folder, feed.port, cpu, workers)
  const stop = async () => {
    await edge.stop()
    feed.stop()
  }
  try {
    await untilAnswers(edge.port, ZONE)
  } catch (error) {
    await stop()
    throw new Error(`the edge did not start: ${await edge.log.text()}`, { cause: error })
  }
  return { name: 'Waymark', port: edge.port, pid: edge.pid, stop }
}
