import { setImmediate } from 'node:timers'
import type { Socket } from 'bun'
import { DOT, TCP } from '../counters.ts'
import { listenerAddress } from '../network/listener-address.ts'
import type { Answerer } from '../observe/answerer.ts'
import { Connection } from './connection.ts'
import type { ConnectionLimits } from './connection-limits.ts'
import type { TlsMaterial } from './tls-material.ts'

export interface TcpLimits {
  /** A connection without a query for this long is closed (RFC 7766 6.2.3). */
  readonly idleSeconds: number
  readonly connections: ConnectionLimits
}

export interface TcpListener {
  readonly host: string
  readonly port: number
  /** For connections from now on; of a listener with TLS. */
  setMaterial(material: TlsMaterial): void
  /** Answers what has come, sends what waits, and resolves when all connections are closed. */
  close(): Promise<void>
}

const MAX_MESSAGE = 65535
const CLOSE_GRACE_MS = 1000
/** RFC 7858 9.2, as TLS wants it: a length before each name. */
const ALPN_DOT = Buffer.from('\x03dot')
/** As the record layer writes it (RFC 5246 6.2.1). */
const TLS_1_2 = 0x0303

/**
 * Answers queries on one address over TCP, or, with a certificate, over TLS (RFC 7858): any number of queries on a connection,
 * answered in order, but for those that others are asked about. A message too short to be a query closes the connection.
 */
export function listenTcp(
  host: string,
  port: number,
  answerer: Answerer,
  limits: TcpLimits,
  material?: TlsMaterial,
): TcpListener {
  const { query, counters } = answerer
  const { idleSeconds, connections } = limits
  const address = listenerAddress(host)
  const transport = material === undefined ? TCP : DOT
  const open = new Set<Socket<Connection>>()
  const reply = new Uint8Array(MAX_MESSAGE + 2)
  const message = reply.subarray(2)

  /** RFC 7766 7: an answer that takes longer need not hold up those to later questions. */
  const passOn = (socket: Socket<Connection>, input: Uint8Array, size: number): boolean => {
    const isPassed = answerer.passOn(
      input,
      input.length,
      message,
      size,
      transport,
      socket.remotePort,
      (late) => {
        if (!open.has(socket)) return
        reply[0] = late.length >> 8
        reply[1] = late.length
        message.set(late)
        if (!socket.data.deliver(reply, late.length + 2)) socket.terminate()
      },
    )
    if (isPassed) socket.data.expect()
    return isPassed
  }

  const answer = (socket: Socket<Connection>, input: Uint8Array): boolean => {
    query.source = socket.remoteAddress
    query.listener = address
    query.isEncrypted = transport === DOT
    query.idleSeconds = idleSeconds
    const size = answerer.answer(input, input.length, message, transport, socket.remotePort)
    if (query.isTransfer && answerer.desk !== undefined) {
      socket.data.transfer(answerer.desk.open(query))
      return true
    }
    if (size === 0) {
      socket.data.finish()
      return false
    }
    if (query.isForUpstream && passOn(socket, input, size)) return true
    reply[0] = size >> 8
    reply[1] = size
    if (socket.data.send(reply, size + 2)) return true
    socket.terminate()
    return false
  }

  const listen = (at: number, tls?: TlsMaterial) => {
    // Documented by Bun, and missing in its types.
    const options = { hostname: host, port: at, reusePort: true, allowHalfOpen: true, ...tlsOptions(tls) }
    return Bun.listen<Connection>({
      ...options,
      socket: {
        open(socket) {
          const place = connections.enter(socket.remoteAddress)
          if (place < 0) {
            counters.addRefusedConnection()
            socket.terminate()
            return
          }
          socket.data = new Connection(socket, place, idleSeconds)
          open.add(socket)
          counters.addConnections(1)
        },
        data(socket, chunk) {
          // One that was refused may still have something to say.
          if (open.has(socket)) socket.data.receive(chunk, (input) => answer(socket, input))
        },
        drain(socket) {
          if (open.has(socket)) socket.data.drain()
        },
        end(socket) {
          // The client has asked everything, and may still want its answers.
          if (open.has(socket)) socket.data.finish()
        },
        timeout(socket) {
          if (open.has(socket)) socket.data.timeOut()
        },
        close(socket) {
          if (!open.delete(socket)) return
          socket.data.closed()
          counters.addConnections(-1)
          connections.leave(socket.data.place)
        },
        error() {
          // The connection broke: `close` follows.
        },
      },
    })
  }

  let listener = listen(port, material)
  return {
    host,
    port: listener.port,
    setMaterial(next) {
      // Bun cannot exchange the certificate of a listener: another one takes over the port, and the connections stay.
      const before = listener
      listener = listen(before.port, next)
      before.stop()
    },
    async close() {
      // What the kernel has accepted and received is read in the next turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve))
      listener.stop()
      await new Promise((resolve) => setImmediate(resolve))
      for (const socket of open) socket.data.finish()
      const deadline = performance.now() + CLOSE_GRACE_MS
      while (open.size > 0 && performance.now() < deadline) await Bun.sleep(10)
      for (const socket of open) socket.terminate()
    },
  }
}

const tlsOptions = (material: TlsMaterial | undefined) =>
  material === undefined ? {} : { tls: { ...material, minVersion: TLS_1_2, ALPNProtocols: ALPN_DOT } }
