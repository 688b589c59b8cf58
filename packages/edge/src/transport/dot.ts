import type { AddressInfo } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { DOT } from '../counters.ts'
import type { Answerer } from '../observe/answerer.ts'
import type { Connection, StreamSocket } from './connection.ts'
import { socketsSeen } from './sockets-seen.ts'
import { type StreamLimits, Streams } from './streams.ts'
import type { TlsMaterial } from './tls-material.ts'

export interface DotListener {
  readonly host: string
  readonly port: number
  /** For connections from now on. */
  setMaterial(material: TlsMaterial): void
  /** Answers what has come, sends what waits, and resolves when all connections are closed. */
  close(): Promise<void>
}

/**
 * Answers queries on one address over TLS (RFC 7858), transfers among them (RFC 9103). The listener is that of node:tls: Bun's own
 * tells of no connection before its handshake, so nobody could close those that never begin one.
 */
export async function listenDot(
  host: string,
  port: number,
  answerer: Answerer,
  limits: StreamLimits,
  material: TlsMaterial,
): Promise<DotListener> {
  const streams = new Streams(host, DOT, answerer, limits)
  const opened = new Map<TLSSocket, Connection>()
  const server = createServer({
    ...material,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['dot'],
    handshakeTimeout: limits.idleSeconds * 1000,
    allowHalfOpen: true,
  })
  // Comes before the handshake.
  server.on('connection', (socket: TLSSocket) => {
    const stream = new TlsStream(socket)
    const connection = streams.open(stream)
    if (connection === undefined) return
    opened.set(socket, connection)
    stream.onTimeout = () => connection.timeOut()
    socket.on('drain', () => connection.drain())
    socket.on('end', () => connection.finish())
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      stream.stop()
      opened.delete(socket)
      streams.closed(connection)
    })
  })
  server.on('secureConnection', (socket: TLSSocket) => {
    const connection = opened.get(socket)
    if (connection !== undefined) socket.on('data', (chunk: Buffer) => streams.receive(connection, chunk))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, reusePort: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  // Connections that break, before or after their handshake, end themselves; the listener goes on.
  for (const event of ['error', 'tlsClientError']) server.on(event, () => {})
  return {
    host,
    port: (server.address() as AddressInfo).port,
    setMaterial: ({ cert, key }) => server.setSecureContext({ cert, key }),
    async close() {
      // What the kernel has accepted and received is read in the next turn of the event loop.
      await socketsSeen()
      server.close()
      await socketsSeen()
      await streams.finish()
    },
  }
}

/** A TLS socket as connections want it. */
class TlsStream implements StreamSocket {
  readonly remoteAddress: string
  readonly remotePort: number
  onTimeout: () => void = () => {}
  readonly #socket: TLSSocket
  #timer: NodeJS.Timeout | undefined

  constructor(socket: TLSSocket) {
    this.#socket = socket
    this.remoteAddress = socket.remoteAddress ?? ''
    this.remotePort = socket.remotePort ?? 0
    socket.setNoDelay(true)
  }

  /** All or nothing: what is taken waits in the socket until the client reads it, up to its mark. */
  write(octets: Uint8Array, from = 0, length = octets.length - from): number {
    if (this.#socket.writableNeedDrain) return 0
    this.#socket.write(octets.slice(from, from + length))
    return length
  }

  timeout(seconds: number): void {
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.onTimeout(), seconds * 1000)
    else this.#timer.refresh()
  }

  end(): void {
    this.#socket.end()
  }

  terminate(): void {
    this.#socket.destroy()
  }

  /** To be called when the socket is closed. */
  stop(): void {
    clearTimeout(this.#timer)
  }
}
