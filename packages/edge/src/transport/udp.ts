import { setImmediate } from 'node:timers'
import { MAX_UDP_PAYLOAD } from '../answer/read-query.ts'
import { UDP } from '../counters.ts'
import { portOf } from '../line/source-address.ts'
import { listenerAddress } from '../network/listener-address.ts'
import type { Answerer } from '../observe/answerer.ts'
import { type AnswerPacket, BATCH, PacketBatch } from './packet-batch.ts'
import { socketsSeen } from './sockets-seen.ts'
import { growReceiveBuffer, type PacketCalls, packetCalls } from './system-calls.ts'

/** Batches read around the runtime before TCP and the rest have their turn: about a millisecond's worth. */
const BATCHES_A_TURN = 4
/** A smaller batch shows that the queue is about empty. */
const FULL_ENOUGH = 16
/** Turns of the event loop that packets are still read for at the end, under whatever load. */
const CLOSE_TURNS = 100
/** SO_REUSEPORT; Bun passes `flags` on, though it documents other socket options only. */
const LISTEN_REUSE_PORT = 4

export interface UdpListener {
  readonly host: string
  readonly port: number
  /** Answers what has come and closes. */
  close(): Promise<void>
}

/**
 * Answers queries on one UDP address. What waits behind a packet is read around the runtime where that is possible (see
 * packet-batch.ts): under load that is nearly everything. Replies to packets that the runtime gives us are collected and go out
 * together, at the latest when the turn of the event loop ends: a system call for each would cost more than the answer. `sendMany` has
 * copied a reply when it returns, so the buffers serve the next batch; what the kernel refuses to take is dropped and counted, as on a
 * full queue anywhere else. `asked` is the address that the listener was asked for under.
 */
export async function listenUdp(
  host: string,
  port: number,
  answerer: Answerer,
  asked = host,
): Promise<UdpListener> {
  const { query, counters } = answerer
  const listener = listenerAddress(asked)
  const replies = new ReplyRing()
  let isFlushing = false
  let isClosed = false
  let received = 0
  const flush = (): void => {
    isFlushing = false
    if (replies.count > 0) send()
  }
  const send = (): void => {
    const count = replies.count
    let sent = 0
    try {
      sent = socket.sendMany(replies.take())
    } catch {
      // An address that cannot be reached (port 0, no route) fails the call; the rest of the batch goes one by one.
      sent = sendSingly(socket, replies)
    }
    replies.clear()
    if (sent < count) counters.addDropped(count - sent)
  }
  /** Sends the reply in `replies.next`, together with those that follow soon. */
  const sendNext = (size: number, port: number, address: string): void => {
    replies.push(size, port, address)
    if (replies.count === BATCH) {
      send()
    } else if (!isFlushing) {
      isFlushing = true
      setImmediate(flush)
    }
  }
  /** Answers a packet whose source `query` knows. Returns the size of what is to be sent now, 0 for nothing. */
  const answer = (packet: Uint8Array, length: number, out: Uint8Array, fromPort: number): number => {
    query.listener = listener
    query.isEncrypted = false
    received++
    const size = answerer.answer(packet, length, out, UDP, fromPort)
    if (size === 0 || !query.isForUpstream) return size
    const address = query.source
    const isPassedOn = answerer.passOn(packet, length, out, size, UDP, fromPort, (reply) => {
      if (isClosed) return
      replies.next.set(reply)
      sendNext(reply.length, fromPort, address)
    })
    return isPassedOn ? 0 : size
  }
  const calls = packetCalls()
  const batch = calls === null ? undefined : batchOf(calls)
  const answerInBatch: AnswerPacket = (packet, length, from, fromAt, out) => {
    query.from.setSocketAddress(from, fromAt)
    return answer(packet, length, out, portOf(from, fromAt))
  }
  /** Answers what waits behind a packet that the runtime has given us. */
  const readOn = (): void => {
    if (batch === undefined) return
    let count = FULL_ENOUGH
    for (let i = 0; i < BATCHES_A_TURN && count >= FULL_ENOUGH; i++)
      count = batch.answerWaiting(socket.fd, answerInBatch)
    // The runtime may go on reading for long before the turn ends.
    if (count >= FULL_ENOUGH && replies.count > 0) send()
    if (batch.dropped > 0) counters.addDropped(batch.dropped)
    batch.dropped = 0
  }
  const socket = (await Bun.udpSocket({
    hostname: host,
    port,
    flags: LISTEN_REUSE_PORT,
    socket: {
      data(_socket: Bun.udp.Socket<'buffer'>, packet: Buffer, fromPort: number, fromAddress: string): void {
        query.source = fromAddress
        const size = answer(packet, packet.length, replies.next, fromPort)
        if (size > 0) sendNext(size, fromPort, fromAddress)
        readOn()
      },
      error(): void {
        // ICMP errors of replies already sent: nobody waits for them.
      },
    },
  } as Bun.udp.SocketOptions<'buffer'>)) as Bun.udp.Socket<'buffer'> & { readonly fd: number }
  if (calls !== null) growReceiveBuffer(calls, socket.fd)
  return {
    host,
    port: socket.port,
    async close() {
      // Packets that the kernel has taken wait for the next turns of the event loop.
      for (let turn = 0, before = -1; turn < CLOSE_TURNS && before !== received; turn++) {
        before = received
        await socketsSeen()
      }
      flush()
      isClosed = true
      socket.close()
    },
  }
}

let sharedBatch: PacketBatch | undefined

/** One for all sockets of a thread: nothing is left in it between two calls. */
function batchOf(calls: PacketCalls): PacketBatch {
  sharedBatch ??= new PacketBatch(calls)
  return sharedBatch
}

type Packet = Uint8Array | number | string

/** Buffers for one batch, and the list that `sendMany` takes: octets, port, address of each. */
class ReplyRing {
  count = 0
  /** Where the next reply is written. */
  next: Uint8Array
  readonly #buffers: Uint8Array[] = []
  readonly #full: Packet[] = new Array<Packet>(BATCH * 3).fill('')

  constructor() {
    const memory = new Uint8Array(BATCH * MAX_UDP_PAYLOAD)
    for (let i = 0; i < BATCH; i++) {
      this.#buffers.push(memory.subarray(i * MAX_UDP_PAYLOAD, (i + 1) * MAX_UDP_PAYLOAD))
    }
    this.next = this.#buffers[0]!
  }

  push(size: number, port: number, address: string): void {
    const at = this.count * 3
    this.#full[at] = this.next.subarray(0, size)
    this.#full[at + 1] = port
    this.#full[at + 2] = address
    this.count++
    this.next = this.#buffers[this.count % BATCH]!
  }

  take(): Packet[] {
    return this.count === BATCH ? this.#full : this.#full.slice(0, this.count * 3)
  }

  clear(): void {
    this.count = 0
    this.next = this.#buffers[0]!
  }
}

function sendSingly(socket: Bun.udp.Socket<'buffer'>, replies: ReplyRing): number {
  const packets = replies.take()
  let sent = 0
  for (let i = 0; i < packets.length; i += 3) {
    try {
      if (socket.send(packets[i] as Uint8Array, packets[i + 1] as number, packets[i + 2] as string)) sent++
    } catch {
      // This one goes nowhere.
    }
  }
  return sent
}
