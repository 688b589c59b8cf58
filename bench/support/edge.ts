/** Starts our edge as a process of its own, fed by a small feed server in this process that speaks the real protocol. */
import { mkdirSync } from 'node:fs'
import {
  encodeRdatas,
  NO_WEIGHT,
  OctetWriter,
  OP_END,
  OP_HEARTBEAT,
  writeFrame,
  writeGroup,
  writeTransfers,
  writeZone,
  ZONE_KIND_PUBLIC,
} from '@waymark/dns/feed-codec'
import { lowerName, parseName } from '@waymark/dns/name'
import { rrTypeByName } from '@waymark/dns/rr-types/registry'
import { writePolicy } from '@waymark/dns/transfer/policy'
import { type Peer, untilAnswers } from '../../test/support/peers.ts'
import { freePort, sleep } from '../../test/support/process.ts'
import { addressOf, ownerOf, ZONE } from './zone.ts'

const ZONE_ID = '1'.padStart(32, '0')
const STORE = 'bench'
const SECRET = 'bench'

function wire(name: string): Uint8Array {
  const result = parseName(name)
  if (!result.ok) throw new Error(`${name}: ${result.problems[0]?.detail}`)
  return lowerName(result.value)
}

function rdata(type: string, text: string): Uint8Array {
  const result = rrTypeByName(type)!.parse(text)
  if (!result.ok) throw new Error(`${type} ${text}: ${result.problems[0]?.detail}`)
  return result.value
}

function group(out: OctetWriter, owner: string, type: string, texts: string[], ttl = 300): void {
  const rdatas = encodeRdatas(texts.map((text) => rdata(type, text)))
  writeGroup(out, wire(owner), rrTypeByName(type)!.code, 'default_view', [{ weight: NO_WEIGHT, ttl, rdatas }])
}

/** May have the zone by transfer. */
const LOOPBACK = { network: Uint8Array.of(127, 0, 0, 0), bits: 8, keyName: undefined }

function* snapshotFrames(names: number): Generator<Uint8Array> {
  const payload = new OctetWriter(1 << 20)
  const policy = new OctetWriter()
  writePolicy(policy, { keys: [], access: { allow: [LOOPBACK], notify: [] } })
  const frame = new OctetWriter(1 << 20)
  const flush = (): Uint8Array => {
    frame.reset()
    writeFrame(frame, { seq: 1, zoneId: ZONE_ID, serial: 1, payload: payload.finish() })
    payload.reset()
    return frame.finish()
  }
  writeTransfers(payload, policy.finish())
  writeZone(payload, { apex: wire(ZONE), kind: ZONE_KIND_PUBLIC, isAnswered: true, networks: [] })
  group(payload, ZONE, 'SOA', [`ns1.${ZONE} hostmaster.${ZONE} 1 7200 900 1209600 300`])
  group(payload, ZONE, 'NS', [`ns1.${ZONE}`, `ns2.${ZONE}`])
  group(payload, `ns1.${ZONE}`, 'A', ['192.0.2.1'])
  group(payload, `ns2.${ZONE}`, 'A', ['192.0.2.2'])
  for (let i = 0; i < names; i++) {
    group(payload, ownerOf(i), 'A', [addressOf(i)])
    if (payload.length > 500_000) yield flush()
  }
  if (payload.length > 0) yield flush()
  payload.u8(OP_END)
  yield flush()
}

/** `names` address records, `workers` answering threads, pinned to processor `cpu`. */
export async function startEdge(
  folder: string,
  names: number,
  cpu: number | null,
  workers = 1,
): Promise<Peer> {
  mkdirSync(folder, { recursive: true })
  const heartbeat = new OctetWriter()
  writeFrame(heartbeat, {
    seq: 1,
    zoneId: '0'.repeat(32),
    serial: 0,
    payload: Uint8Array.of(OP_HEARTBEAT),
  })
  const headers = { 'X-Waymark-Store': STORE, 'Content-Type': 'application/octet-stream' }
  const feed = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 0,
    fetch(request) {
      const { pathname, searchParams } = new URL(request.url)
      if (pathname.endsWith('/position')) return new Response(null, { status: 204 })
      if (pathname.endsWith('/snapshot')) {
        const frames = snapshotFrames(names)
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
      WAYMARK_FEED_URL: `http://127.0.0.1:${feed.port}`,
      WAYMARK_FEED_SECRET: SECRET,
      WAYMARK_WORKERS: String(workers),
      WAYMARK_EDGE_ID: 'bench',
    },
  })
  const stop = async () => {
    child.kill('SIGTERM')
    await Promise.race([child.exited, sleep(5000)])
    child.kill('SIGKILL')
    feed.stop(true)
  }
  try {
    await untilAnswers(port, ZONE)
  } catch (error) {
    await stop()
    throw new Error(`the edge did not start: ${await log.text()}`, { cause: error })
  }
  return { name: 'Waymark', port, pid: child.pid, stop }
}
