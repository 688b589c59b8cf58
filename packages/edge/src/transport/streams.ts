import { type DOT, TCP } from '../counters.ts'
import { listenerAddress } from '../network/listener-address.ts'
import type { Answerer } from '../observe/answerer.ts'
import { Connection, type StreamSocket } from './connection.ts'
import type { ConnectionLimits } from './connection-limits.ts'

export interface StreamLimits {
  /** A connection without a query for this long is closed (RFC 7766 6.2.3). */
  readonly idleSeconds: number
  readonly connections: ConnectionLimits
}

const MAX_MESSAGE = 65535
const CLOSE_GRACE_MS = 1000

/**
 * What is done with the connections of one listener, TCP or TLS (RFC 7858): any number of queries on each, answered in order, but for
 * those that others are asked about. A message too short to be a query closes the connection.
 */
export class Streams {
  readonly #answerer: Answerer
  readonly #limits: StreamLimits
  readonly #transport: typeof TCP | typeof DOT
  readonly #listener: string
  readonly #open = new Set<Connection>()
  readonly #reply = new Uint8Array(MAX_MESSAGE + 2)
  readonly #message = this.#reply.subarray(2)

  constructor(host: string, transport: typeof TCP | typeof DOT, answerer: Answerer, limits: StreamLimits) {
    this.#answerer = answerer
    this.#limits = limits
    this.#transport = transport
    this.#listener = listenerAddress(host)
  }

  /** A connection for a socket just opened; undefined when there are too many, and the socket is closed then. */
  open(socket: StreamSocket): Connection | undefined {
    const place = this.#limits.connections.enter(socket.remoteAddress)
    if (place < 0) {
      this.#answerer.counters.addRefusedConnection()
      socket.terminate()
      return undefined
    }
    const { counters } = this.#answerer
    const connection = new Connection(socket, place, this.#limits.idleSeconds, (reason) =>
      counters.addEnded(reason),
    )
    this.#open.add(connection)
    counters.addConnections(1)
    return connection
  }

  receive(connection: Connection, chunk: Uint8Array): void {
    connection.receive(chunk, (input) => this.#answer(connection, input))
  }

  /** To be called when the socket is closed. */
  closed(connection: Connection): void {
    if (!this.#open.delete(connection)) return
    connection.closed()
    this.#answerer.counters.addConnections(-1)
    this.#limits.connections.leave(connection.place)
  }

  /** Sends what waits, and resolves when all connections are closed. */
  async finish(): Promise<void> {
    for (const connection of this.#open) connection.finish()
    const deadline = performance.now() + CLOSE_GRACE_MS
    while (this.#open.size > 0 && performance.now() < deadline) await Bun.sleep(10)
    for (const connection of this.#open) connection.socket.terminate()
  }

  /** False when nothing more is to be read. */
  #answer(connection: Connection, input: Uint8Array): boolean {
    const { query } = this.#answerer
    const { socket } = connection
    query.source = socket.remoteAddress
    query.listener = this.#listener
    query.isEncrypted = this.#transport !== TCP
    query.idleSeconds = this.#limits.idleSeconds
    const message = this.#message
    const size = this.#answerer.answer(input, input.length, message, this.#transport, socket.remotePort)
    const opening = query.isTransfer
      ? this.#answerer.openTransfer(input, this.#transport, socket.remotePort)
      : undefined
    if (opening !== undefined) {
      connection.transfer(opening)
      return true
    }
    if (size === 0) {
      this.#answerer.counters.addEnded('malformed')
      connection.finish()
      return false
    }
    if (query.isForUpstream && this.#passOn(connection, input, size)) return true
    this.#setLength(size)
    if (connection.send(this.#reply, size + 2)) return true
    connection.cutOff('unread')
    return false
  }

  /** RFC 7766 7: an answer that takes longer need not hold up those to later questions. */
  #passOn(connection: Connection, input: Uint8Array, size: number): boolean {
    const { socket } = connection
    const deliver = (late: Uint8Array): void => {
      if (!this.#open.has(connection)) return
      this.#setLength(late.length)
      this.#message.set(late)
      if (!connection.deliver(this.#reply, late.length + 2)) connection.cutOff('unread')
    }
    const isPassed = this.#answerer.passOn(
      input,
      input.length,
      this.#message,
      size,
      this.#transport,
      socket.remotePort,
      deliver,
    )
    if (isPassed) connection.expect()
    return isPassed
  }

  #setLength(size: number): void {
    this.#reply[0] = size >> 8
    this.#reply[1] = size
  }
}
