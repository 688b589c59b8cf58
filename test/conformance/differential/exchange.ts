/**
 * Asks several servers the same questions, a batch at a time: all packets go out before the first reply is read, and the
 * next batch is with the servers while the last one is compared.
 */
import type { Socket, udp } from 'bun'
import { sleep } from '../../support/process.ts'

/** Small enough that the replies of a batch fit the receive buffer of a socket. */
export const BATCH_SIZE = 64
/** Before the first repetition; each further one waits twice as long. */
const RESEND_MS = 400
const ATTEMPTS = 5

interface Batch {
  readonly firstId: number
  readonly packets: readonly Uint8Array[]
  readonly replies: (Uint8Array | undefined)[]
  missing: number
  done: () => void
}

/** The line to one server, over UDP or TCP, with one batch under way at a time. */
export class Line {
  readonly #port: number
  readonly #isTcp: boolean
  #udp: udp.ConnectedSocket<'buffer'> | undefined
  #tcp: Socket | undefined
  #received = Buffer.alloc(0)
  #batch: Batch | undefined

  constructor(port: number, isTcp: boolean) {
    this.#port = port
    this.#isTcp = isTcp
  }

  /** Replies in the order of the questions, undefined where none came. Ids are `firstId` and up. */
  async ask(packets: readonly Uint8Array[], firstId: number): Promise<readonly (Uint8Array | undefined)[]> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const replies = new Array<Uint8Array | undefined>(packets.length).fill(undefined)
    const batch: Batch = { firstId, packets, replies, missing: packets.length, done: resolve }
    this.#batch = batch
    for (let attempt = 0; attempt < ATTEMPTS && batch.missing > 0; attempt++) {
      await this.#send(batch)
      const timer = sleep(RESEND_MS * 2 ** attempt)
      await Promise.race([promise, timer])
    }
    return replies
  }

  close(): void {
    this.#udp?.close()
    this.#tcp?.terminate()
  }

  async #send(batch: Batch): Promise<void> {
    const missing = batch.packets.filter((_, i) => batch.replies[i] === undefined)
    if (!this.#isTcp) {
      this.#udp ??= await Bun.udpSocket({
        hostname: '127.0.0.1',
        connect: { hostname: '127.0.0.1', port: this.#port },
        socket: { data: (_socket, reply) => this.#take(new Uint8Array(reply)) },
      })
      this.#udp.sendMany(missing)
      return
    }
    // A server may close a connection that was quiet, and does after some errors: the rest goes over a new one.
    this.#tcp ??= await this.#connect()
    const framed = missing.map((packet) =>
      Buffer.concat([Uint8Array.of(packet.length >> 8, packet.length), packet]),
    )
    this.#tcp.write(Buffer.concat(framed))
  }

  async #connect(): Promise<Socket> {
    this.#received = Buffer.alloc(0)
    const forget = () => {
      this.#tcp = undefined
    }
    return await Bun.connect({
      hostname: '127.0.0.1',
      port: this.#port,
      socket: {
        data: (_socket, chunk) => {
          let rest = Buffer.concat([this.#received, chunk])
          while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
            const size = rest.readUInt16BE(0)
            this.#take(new Uint8Array(rest.subarray(2, 2 + size)))
            rest = rest.subarray(2 + size)
          }
          this.#received = Buffer.from(rest)
        },
        close: forget,
        error: forget,
      },
    })
  }

  #take(reply: Uint8Array): void {
    const batch = this.#batch
    if (batch === undefined || reply.length < 2) return
    const place = (((reply[0]! << 8) | reply[1]!) - batch.firstId) & 0xffff
    if (place >= batch.replies.length || batch.replies[place] !== undefined) return
    batch.replies[place] = reply
    if (--batch.missing === 0) batch.done()
  }
}
