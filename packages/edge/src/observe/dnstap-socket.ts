import type { Socket } from 'bun'
import { controlFrame, FRAME_ACCEPT, FRAME_FINISH, FRAME_READY, FRAME_START, FRAME_STOP } from './dnstap.ts'
import type { LogSink } from './file-sink.ts'

/** Octets that may wait for a reader that is slow; what comes on top is dropped. */
const MAX_WAITING = 8 << 20
/** How long the reader may take to say that it has everything. */
const FINISH_MS = 1000

/**
 * Sends frames to a dnstap reader that listens on a Unix socket (Frame Streams, bidirectional): READY, and when it says ACCEPT, START
 * and the data; STOP at the end. While nobody listens everything is dropped, and {@link look} tries again.
 */
export class DnstapSocket implements LogSink {
  readonly #path: string
  readonly #onError: (error: Error) => void
  #socket: Socket | undefined
  #isAccepted = false
  #isConnecting = false
  #isReported = false
  #waiting: Uint8Array[] = []
  #waitingSize = 0
  #received = new Uint8Array(0)
  #onFinish = (): void => {}

  /** `onError` is called once an outage. */
  constructor(path: string, onError: (error: Error) => void) {
    this.#path = path
    this.#onError = onError
    void this.#connect()
  }

  write(octets: Uint8Array): boolean {
    if (!this.#isAccepted || this.#waitingSize + octets.length > MAX_WAITING) return false
    this.#send(octets)
    return true
  }

  look(): void {
    if (this.#socket === undefined && !this.#isConnecting) void this.#connect()
  }

  async stop(): Promise<void> {
    const socket = this.#socket
    if (socket === undefined || !this.#isAccepted) {
      socket?.terminate()
      return
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FINISH_MS)
      this.#onFinish = () => {
        clearTimeout(timer)
        resolve()
      }
      this.#send(controlFrame(FRAME_STOP))
    })
    socket.end()
  }

  async #connect(): Promise<void> {
    this.#isConnecting = true
    try {
      await Bun.connect({
        unix: this.#path,
        socket: {
          open: (socket) => {
            this.#socket = socket
            this.#send(controlFrame(FRAME_READY))
          },
          data: (_socket, chunk) => this.#take(chunk),
          drain: () => this.#flush(),
          close: () => this.#lost(),
          error: () => {
            // The connection broke: `close` follows.
          },
        },
      })
    } catch (error) {
      this.#report(error as Error)
    }
    this.#isConnecting = false
  }

  #lost(): void {
    if (this.#isAccepted) this.#report(new Error('the reader has gone'))
    this.#socket = undefined
    this.#isAccepted = false
    this.#waiting = []
    this.#waitingSize = 0
    this.#received = new Uint8Array(0)
    this.#onFinish()
  }

  #report(error: Error): void {
    if (!this.#isReported) this.#onError(error)
    this.#isReported = true
  }

  /** Control frames of the reader: nothing else is sent in this direction. */
  #take(chunk: Uint8Array): void {
    this.#received = Buffer.concat([this.#received, chunk])
    for (;;) {
      const frame = this.#received
      if (frame.length < 12) return
      const view = new DataView(frame.buffer, frame.byteOffset, frame.length)
      const length = view.getUint32(4)
      if (view.getUint32(0) !== 0 || length < 4 || length > 512) {
        this.#socket?.terminate()
        return
      }
      if (frame.length < 8 + length) return
      const type = view.getUint32(8)
      this.#received = frame.slice(8 + length)
      if (type === FRAME_ACCEPT && !this.#isAccepted) {
        this.#send(controlFrame(FRAME_START))
        this.#isAccepted = true
        this.#isReported = false
      } else if (type === FRAME_FINISH) {
        this.#onFinish()
      }
    }
  }

  #send(octets: Uint8Array): void {
    this.#waiting.push(octets)
    this.#waitingSize += octets.length
    if (this.#waiting.length === 1) this.#flush()
  }

  #flush(): void {
    const socket = this.#socket
    while (socket !== undefined && this.#waiting.length > 0) {
      const first = this.#waiting[0]!
      const sent = Math.max(0, socket.write(first))
      this.#waitingSize -= sent
      if (sent < first.length) {
        this.#waiting[0] = first.subarray(sent)
        return
      }
      this.#waiting.shift()
    }
  }
}
