import type { EndReason } from '../counters.ts'
import { TransferPump } from '../transfer/transfer-pump.ts'
import type { TransferStream } from '../transfer/transfer-stream.ts'

/** What a connection needs of its socket, whoever made it. */
export interface StreamSocket {
  readonly remoteAddress: string
  readonly remotePort: number
  /** Takes octets as far as there is room, and returns how many; `drain` tells of more room. */
  write(octets: Uint8Array, from?: number, length?: number): number
  /** Has `timeOut` called after this time, counted anew with every call. */
  timeout(seconds: number): void
  /** Ends our side after what was written. */
  end(): void
  terminate(): void
}

/** A client that asks without reading is cut off when this much waits for it. */
const MAX_WAITING = 1 << 20

/**
 * One connection that carries DNS messages, each behind two octets of length (RFC 1035 4.2.2): what has come of an unfinished query, and
 * replies that the kernel has not taken. TCP and TLS are alike here.
 */
export class Connection {
  /** Where it is counted, see connection-limits.ts. */
  readonly place: number
  readonly socket: StreamSocket
  readonly #idleSeconds: number
  readonly #onEnd: (reason: EndReason) => void
  #received = new Uint8Array(0)
  #length = 0
  #waiting: Uint8Array[] = []
  #waitingSize = 0
  /** Answers that are on their way from elsewhere. */
  #expected = 0
  #isEnding = false
  #pump: TransferPump | undefined

  /** `onEnd` is told when the client loses its connection for what it did, or did not do in time. */
  constructor(
    socket: StreamSocket,
    place: number,
    idleSeconds: number,
    onEnd: (reason: EndReason) => void = () => {},
  ) {
    this.#onEnd = onEnd
    this.place = place
    this.socket = socket
    this.#idleSeconds = idleSeconds
    socket.timeout(idleSeconds)
  }

  /**
   * Hands every whole message in what was received to `use`, which returns false when nothing more is to be read. Only a whole message
   * makes a connection a busy one (RFC 7766 6.2.3): who sends octet by octet has no more time than others.
   */
  receive(chunk: Uint8Array, use: (message: Uint8Array) => boolean): void {
    if (this.#isEnding) return
    const octets = this.#length === 0 ? chunk : this.#append(chunk)
    let at = 0
    while (octets.length - at >= 2) {
      const end = at + 2 + ((octets[at]! << 8) | octets[at + 1]!)
      if (end > octets.length) break
      if (!use(octets.subarray(at + 2, end))) return
      at = end
    }
    if (at > 0) this.socket.timeout(this.#idleSeconds)
    if (this.#length === 0) {
      if (at < octets.length) this.#append(octets.subarray(at))
      return
    }
    this.#received.copyWithin(0, at, this.#length)
    this.#length -= at
    if (this.#length === 0) this.#received = new Uint8Array(0)
  }

  /** Sends the first `length` octets, at once or as the client takes them; false when too much waits already. */
  send(octets: Uint8Array, length: number): boolean {
    const sent = this.#waiting.length === 0 ? Math.max(0, this.socket.write(octets, 0, length)) : 0
    if (sent === length) return true
    this.#waiting.push(octets.slice(sent, length))
    this.#waitingSize += length - sent
    return this.#waitingSize <= MAX_WAITING
  }

  /** An answer is on its way from elsewhere: the connection stays until {@link deliver} sends it. */
  expect(): void {
    this.#expected++
  }

  /** {@link send} for an answer that was expected. */
  deliver(octets: Uint8Array, length: number): boolean {
    this.#expected--
    const isTaken = this.send(octets, length)
    this.#endWhenDone()
    return isTaken
  }

  /** Ends the connection at once, for what the client did. */
  cutOff(reason: EndReason): void {
    this.#onEnd(reason)
    this.socket.terminate()
  }

  /** Sends a transfer between the replies to other queries, as the client takes it. */
  transfer(opening: Promise<TransferStream>): void {
    this.#pump ??= new TransferPump({
      send: (octets, length) => this.send(octets, length),
      isDrained: () => this.#waiting.length === 0,
      touch: () => this.socket.timeout(this.#idleSeconds),
      cutOff: () => this.socket.terminate(),
      ended: () => this.#endWhenDone(),
    })
    this.#pump.add(opening)
  }

  /** To be called when the connection is closed. */
  closed(): void {
    this.#pump?.stop()
  }

  /** To be called when the kernel takes more. */
  drain(): void {
    while (this.#waiting.length > 0) {
      const first = this.#waiting[0]!
      const sent = Math.max(0, this.socket.write(first))
      if (sent > 0) this.socket.timeout(this.#idleSeconds)
      this.#waitingSize -= sent
      if (sent < first.length) {
        this.#waiting[0] = first.subarray(sent)
        return
      }
      this.#waiting.shift()
    }
    this.#pump?.drained()
    this.#endWhenDone()
  }

  /** Closes as soon as everything is sent. What comes from now on is not read. */
  finish(): void {
    this.#isEnding = true
    this.#endWhenDone()
  }

  /** To be called when the connection was idle for too long; a client that does not take its leave then is cut off. */
  timeOut(): void {
    // It waits for us: a large zone that is signed takes its time.
    if (this.#pump?.isOpening) {
      this.socket.timeout(this.#idleSeconds)
      return
    }
    const isUnread = this.#waiting.length > 0
    if (isUnread) this.#onEnd('unread')
    if (this.#isEnding || isUnread) {
      this.socket.terminate()
      return
    }
    this.#onEnd('idle')
    this.finish()
    this.socket.timeout(this.#idleSeconds)
  }

  #endWhenDone(): void {
    const isDone = this.#waiting.length === 0 && this.#expected === 0 && this.#pump?.isBusy !== true
    if (this.#isEnding && isDone) this.socket.end()
  }

  #append(chunk: Uint8Array): Uint8Array {
    const needed = this.#length + chunk.length
    if (needed > this.#received.length) {
      const larger = new Uint8Array(Math.max(needed, 512, this.#received.length * 2))
      larger.set(this.#received.subarray(0, this.#length))
      this.#received = larger
    }
    this.#received.set(chunk, this.#length)
    this.#length = needed
    return this.#received.subarray(0, needed)
  }
}
