import { TCP } from '../counters.ts'
import type { Answerer } from '../observe/answerer.ts'
import type { Connection } from './connection.ts'
import { socketsSeen } from './sockets-seen.ts'
import { type StreamLimits, Streams } from './streams.ts'

export interface TcpListener {
  readonly host: string
  readonly port: number
  /** Answers what has come, sends what waits, and resolves when all connections are closed. */
  close(): Promise<void>
}

/** What belongs to a socket: nothing where it was refused. */
interface Opened {
  readonly connection: Connection | undefined
}

/** Answers queries on one TCP address. */
export function listenTcp(host: string, port: number, answerer: Answerer, limits: StreamLimits): TcpListener {
  const streams = new Streams(host, TCP, answerer, limits)
  // Documented by Bun, and missing in its types.
  const options = { hostname: host, port, reusePort: true, allowHalfOpen: true }
  const listener = Bun.listen<Opened>({
    ...options,
    socket: {
      open(socket) {
        socket.setNoDelay(true)
        socket.data = { connection: streams.open(socket) }
      },
      data({ data: { connection } }, chunk) {
        // One that was refused may still have something to say.
        if (connection !== undefined) streams.receive(connection, chunk)
      },
      drain({ data }) {
        data.connection?.drain()
      },
      end({ data }) {
        // The client has asked everything, and may still want its answers.
        data.connection?.finish()
      },
      timeout({ data }) {
        data.connection?.timeOut()
      },
      close({ data }) {
        if (data.connection !== undefined) streams.closed(data.connection)
      },
      error() {
        // The connection broke: `close` follows.
      },
    },
  })
  return {
    host,
    port: listener.port,
    async close() {
      // What the kernel has accepted and received is read in the next turn of the event loop.
      await socketsSeen()
      listener.stop()
      await socketsSeen()
      await streams.finish()
    },
  }
}
