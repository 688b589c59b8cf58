import { setImmediate } from 'node:timers'
import type { TransferStream } from './transfer-stream.ts'

/** What a transfer goes out through: a connection of TCP, plain or encrypted. */
export interface TransferOutlet {
  /** Sends octets, or keeps a copy of those that the kernel does not take now. False: the connection is gone. */
  send(octets: Uint8Array, length: number): boolean
  /** Nothing waits to be sent. */
  isDrained(): boolean
  /** The client takes what it gets: it is not idle. */
  touch(): void
  /** Ends the connection at once. */
  cutOff(): void
  /** The last transfer is over. */
  ended(): void
}

const MAX_MESSAGE = 65535
/** Octets sent in one turn of the event loop: some hundred microseconds, so that queries do not wait. */
const TURN_BYTES = 1 << 17
/** Shared by all connections of a thread: what is sent was taken or copied when `send` returns. */
const buffer = new Uint8Array(TURN_BYTES + MAX_MESSAGE + 2)

/** Sends the transfers of one connection, one after the other, as fast as the client takes them. */
export class TransferPump {
  readonly #outlet: TransferOutlet
  readonly #streams: TransferStream[] = []
  #opening = 0
  #isStopped = false
  #isScheduled = false

  constructor(outlet: TransferOutlet) {
    this.#outlet = outlet
  }

  /** Whether a transfer is not ready to begin yet. */
  get isOpening(): boolean {
    return !this.#isStopped && this.#opening > 0
  }

  /** Whether a transfer is under way. */
  get isBusy(): boolean {
    return !this.#isStopped && (this.#opening > 0 || this.#streams.length > 0)
  }

  add(opening: Promise<TransferStream>): void {
    this.#opening++
    opening
      .then(
        (stream) => {
          if (this.#isStopped) {
            stream.onOver(false)
            return
          }
          this.#streams.push(stream)
          this.drained()
        },
        () => this.#outlet.cutOff(),
      )
      .finally(() => this.#opening--)
  }

  /** The kernel has taken everything. */
  drained(): void {
    if (this.#isScheduled || this.#isStopped || this.#streams.length === 0) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#turn()
    })
  }

  stop(): void {
    this.#isStopped = true
    for (const stream of this.#streams.splice(0)) stream.onOver(false)
  }

  #turn(): void {
    const stream = this.#streams[0]
    if (this.#isStopped || stream === undefined || !this.#outlet.isDrained()) return
    let size = 0
    try {
      while (size < TURN_BYTES && !stream.isDone) {
        const length = stream.next(buffer.subarray(size + 2))
        buffer[size] = length >> 8
        buffer[size + 1] = length
        size += 2 + length
      }
    } catch {
      // A record that fits no message: RFC 5936 2.2 knows no other way to say that the transfer failed.
      this.#outlet.cutOff()
      return
    }
    this.#outlet.touch()
    const isTaken = this.#outlet.send(buffer, size)
    if (stream.isDone) {
      this.#streams.shift()
      stream.onOver(isTaken)
    }
    if (!isTaken) return
    if (this.#outlet.isDrained()) this.drained()
    if (!this.isBusy) this.#outlet.ended()
  }
}
