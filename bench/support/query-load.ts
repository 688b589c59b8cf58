import { encodeMessage, makeQuery } from '@waymark/dns/message/encode'
import { parseName } from '@waymark/dns/name'
import { rrTypeByName } from '@waymark/dns/rr-types/registry'

/** What came of a steady load of queries. */
export interface LoadResult {
  readonly sent: number
  readonly answered: number
  /** Not answered within {@link LOST_MS}. */
  readonly lost: number
  /** Answers other than NOERROR and NXDOMAIN. */
  readonly failed: number
  readonly slowestMs: number
}

export interface QueryLoad {
  /** So far; a query still on its way is not lost yet. */
  readonly result: () => LoadResult
  /** Sends no more, and waits for what is on its way. */
  stop(): Promise<LoadResult>
}

export const LOST_MS = 5000
const TICK_MS = 5

/** Asks over UDP for the names in turn, `perSecond` evenly, and keeps the books on each query. */
export async function startQueryLoad(
  port: number,
  names: readonly string[],
  perSecond: number,
): Promise<QueryLoad> {
  const packets = names.map(questionFor)
  const sentAt = new Float64Array(65536)
  let [sent, answered, lost, failed, slowestMs, id] = [0, 0, 0, 0, 0, 0]
  const socket = await Bun.udpSocket({
    hostname: '127.0.0.1',
    connect: { hostname: '127.0.0.1', port },
    socket: {
      data(_socket, reply) {
        const at = reply.readUInt16BE(0)
        if (sentAt[at] === 0) return
        answered++
        slowestMs = Math.max(slowestMs, performance.now() - sentAt[at]!)
        sentAt[at] = 0
        const rcode = reply[3]! & 15
        if (rcode !== 0 && rcode !== 3) failed++
      },
    },
  })
  const startedAt = performance.now()
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond)
    // After a pause of this process the backlog is not sent at once: that would measure the socket's buffer.
    for (let burst = 0; sent < due && burst < perSecond / 20; burst++) {
      id = (id + 1) & 0xffff
      if (sentAt[id] !== 0) lost++
      const packet = packets[sent % packets.length]!
      packet[0] = id >> 8
      packet[1] = id
      sentAt[id] = performance.now()
      socket.send(packet)
      sent++
    }
  }, TICK_MS)
  const result = (): LoadResult => {
    const now = performance.now()
    const overdue = sentAt.reduce((sum, at) => sum + Number(at !== 0 && now - at > LOST_MS), 0)
    return { sent, answered, lost: lost + overdue, failed, slowestMs }
  }
  return {
    result,
    async stop() {
      clearInterval(timer)
      const end = performance.now() + LOST_MS + 100
      while (answered + lost < sent && performance.now() < end) await Bun.sleep(20)
      socket.close()
      return result()
    },
  }
}

function questionFor(name: string): Uint8Array {
  const owner = parseName(name)
  if (!owner.ok) throw new Error(`${name} is no name`)
  const encoded = encodeMessage(makeQuery(0, owner.value, rrTypeByName('A')!.code, {}))
  if (!encoded.ok) throw new Error(`${name} cannot be asked for`)
  return encoded.value
}
