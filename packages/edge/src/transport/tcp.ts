import type { Socket } from 'bun'
import { TCP } from '../counters.ts'
import type { Answerer } from '../observe/answerer.ts'

export interface TcpLimits {
  /** A connection without a query for this long is closed (RFC 7766 6.2.3). */
  readonly idleSeconds: number
  /** Connections beyond this number are closed as they come. */
  readonly maxConnections: number
}

export const TCP_LIMITS: TcpLimits = { idleSeconds: 10, maxConnections: 1024 }

export interface TcpListener {
  readonly host: string
  readonly port: number
  close(): void
}

const MAX_MESSAGE = 65535
/** A client that asks without reading is cut off when this much waits for it. */
const MAX_WAITING = 1 << 20

/** What a connection holds between events: octets of an unfinished query, and replies the kernel has not taken. */
interface Connection {
  readonly received: { octets: Uint8Array; length: number }
  waiting: Uint8Array[]
  waitingSize: number
}

/**
 * Answers queries on one TCP address: two octets of length before each message (RFC 1035 4.2.2), any number of queries on
 * a connection, answered in order. A message too short to be a query closes the connection.
 */
export function listenTcp(host: string, port: number, answerer: Answerer, limits = TCP_LIMITS): TcpListener {
  const { query, counters } = answerer
  const open = new Set<Socket<Connection>>()
  const reply = new Uint8Array(MAX_MESSAGE + 2)
  const message = reply.subarray(2)

  const answerAll = (socket: Socket<Connection>, octets: Uint8Array): number => {
    let at = 0
    while (octets.length - at >= 2) {
      const size = (octets[at]! << 8) | octets[at + 1]!
      if (octets.length - at - 2 < size) break
      const input = octets.subarray(at + 2, at + 2 + size)
      query.source = socket.remoteAddress
      const answered = answerer.answer(input, size, message, TCP, socket.remotePort)
      if (answered === 0) {
        socket.end()
        return octets.length
      }
      reply[0] = answered >> 8
      reply[1] = answered
      if (!write(socket, reply, answered + 2)) {
        socket.terminate()
        return octets.length
      }
      at += 2 + size
    }
    return at
  }

  // Documented by Bun, and missing in its types.
  const address = { hostname: host, port, reusePort: true }
  const listener = Bun.listen<Connection>({
    ...address,
    socket: {
      open(socket) {
        socket.data = {
          received: { octets: new Uint8Array(0), length: 0 },
          waiting: [],
          waitingSize: 0,
        }
        if (open.size >= limits.maxConnections) {
          counters.addRefusedConnection()
          socket.terminate()
          return
        }
        open.add(socket)
        counters.addConnections(1)
        socket.setNoDelay(true)
        socket.timeout(limits.idleSeconds)
      },
      data(socket, chunk) {
        socket.timeout(limits.idleSeconds)
        const received = socket.data.received
        if (received.length === 0) {
          const used = answerAll(socket, chunk)
          if (used < chunk.length) keep(received, chunk, used)
          return
        }
        keep(received, chunk, 0)
        const octets = received.octets.subarray(0, received.length)
        const used = answerAll(socket, octets)
        received.octets.copyWithin(0, used, received.length)
        received.length -= used
        if (received.length === 0) received.octets = new Uint8Array(0)
      },
      drain(socket) {
        const data = socket.data
        while (data.waiting.length > 0) {
          const first = data.waiting[0]!
          const sent = Math.max(0, socket.write(first))
          data.waitingSize -= sent
          if (sent < first.length) {
            data.waiting[0] = first.subarray(sent)
            return
          }
          data.waiting.shift()
        }
      },
      timeout(socket) {
        socket.end()
      },
      close(socket) {
        if (open.delete(socket)) counters.addConnections(-1)
      },
      error() {
        // The connection broke: `close` follows.
      },
    },
  })
  return {
    host,
    port: listener.port,
    close() {
      listener.stop()
      for (const socket of open) socket.end()
    },
  }
}

/** Sends or queues a reply; false when too much waits already. */
function write(socket: Socket<Connection>, octets: Uint8Array, length: number): boolean {
  const data = socket.data
  let sent = 0
  if (data.waiting.length === 0) sent = Math.max(0, socket.write(octets, 0, length))
  if (sent === length) return true
  data.waiting.push(octets.slice(sent, length))
  data.waitingSize += length - sent
  return data.waitingSize <= MAX_WAITING
}

function keep(received: Connection['received'], chunk: Uint8Array, from: number): void {
  const needed = received.length + chunk.length - from
  if (needed > received.octets.length) {
    const larger = new Uint8Array(Math.max(needed, 512, received.octets.length * 2))
    larger.set(received.octets.subarray(0, received.length))
    received.octets = larger
  }
  received.octets.set(from === 0 ? chunk : chunk.subarray(from), received.length)
  received.length = needed
}
