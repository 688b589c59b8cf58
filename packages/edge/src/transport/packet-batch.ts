import { ptr } from 'bun:ffi'
import { MAX_UDP_PAYLOAD } from '../answer/read-query.ts'
import type { PacketCalls } from './system-calls.ts'

/** Packets received and sent with one system call. */
export const BATCH = 64
/** Longer queries are cut, and refused as what they then are. */
const MAX_QUERY = 4096
const SOCKET_ADDRESS = 28
const MSG_DONTWAIT = 0x40
const MSG_NOSIGNAL = 0x4000

/** struct mmsghdr of 64-bit Linux, in words of 32 bits: name, its size, vectors, their number, control, its size, flags, length. */
const HEADER_WORDS = 16
const NAME_SIZE = 2
const VECTOR = 4
const VECTOR_COUNT = 6
const LENGTH = 14
/** struct iovec: address and size. */
const VECTOR_WORDS = 4
const VECTOR_SIZE = 2
const WORD = 2 ** 32

/** Writes the answer to a packet into `out` and returns its size, 0 for none. `from` is its struct sockaddr, 28 octets at `fromAt`. */
export type AnswerPacket = (
  packet: Uint8Array,
  length: number,
  from: Uint8Array,
  fromAt: number,
  out: Uint8Array,
) => number

/**
 * A socket's way around the runtime for when packets come faster than one in a turn of the event loop: they are read, answered and
 * sent 64 at a time, without an object, a text or a call of ours for each. What the runtime adds to a packet is a third of the whole
 * cost otherwise.
 */
export class PacketBatch {
  readonly #calls: PacketCalls
  readonly #packets = new Uint8Array(new ArrayBuffer(BATCH * MAX_QUERY))
  readonly #replies = new Uint8Array(new ArrayBuffer(BATCH * MAX_UDP_PAYLOAD))
  readonly #names = new Uint8Array(new ArrayBuffer(BATCH * SOCKET_ADDRESS))
  readonly #received = new Messages(this.#packets, MAX_QUERY, this.#names)
  readonly #sent = new Messages(this.#replies, MAX_UDP_PAYLOAD, this.#names)
  readonly #views: readonly Uint8Array[] = Array.from({ length: BATCH }, (_, i) =>
    this.#packets.subarray(i * MAX_QUERY, (i + 1) * MAX_QUERY),
  )
  readonly #outs: readonly Uint8Array[] = Array.from({ length: BATCH }, (_, i) =>
    this.#replies.subarray(i * MAX_UDP_PAYLOAD, (i + 1) * MAX_UDP_PAYLOAD),
  )
  /** Replies that the system would not take since the last look. */
  dropped = 0

  constructor(calls: PacketCalls) {
    this.#calls = calls
  }

  /** Answers packets that wait at the socket, at most {@link BATCH}. Returns their number. */
  answerWaiting(fd: number, answer: AnswerPacket): number {
    const received = this.#received
    received.offer(MAX_QUERY)
    const count = this.#calls.recvmmsg(fd, received.address, BATCH, MSG_DONTWAIT, null)
    let replies = 0
    for (let i = 0; i < count; i++) {
      const fromAt = i * SOCKET_ADDRESS
      const size = answer(this.#views[i]!, received.lengthOf(i), this.#names, fromAt, this.#outs[replies]!)
      if (size > 0) this.#sent.set(replies++, size, i, received.nameSizeOf(i))
    }
    if (replies > 0) this.#send(fd, replies)
    return Math.max(0, count)
  }

  #send(fd: number, count: number): void {
    let sent = 0
    let attempts = 0
    while (sent < count) {
      const taken = this.#calls.sendmmsg(fd, this.#sent.addressOf(sent), count - sent, MSG_NOSIGNAL)
      if (taken > 0) {
        sent += taken
        attempts = 0
      } else if (++attempts > 1) {
        // This one goes nowhere. The first failure may have been that of a reply sent long before, told by ICMP.
        this.dropped++
        sent++
        attempts = 0
      }
    }
  }
}

/** Headers of one batch, each over one buffer of its own and the socket addresses `names`. */
class Messages {
  readonly address: number
  readonly #names: number
  readonly #headers = new Uint32Array(new ArrayBuffer(BATCH * HEADER_WORDS * 4))
  readonly #vectors = new Uint32Array(new ArrayBuffer(BATCH * VECTOR_WORDS * 4))

  constructor(octets: Uint8Array, size: number, names: Uint8Array) {
    this.address = ptr(this.#headers)
    this.#names = ptr(names)
    const vectors = new BigUint64Array(this.#vectors.buffer)
    const addresses = new BigUint64Array(this.#headers.buffer)
    const first = BigInt(ptr(octets))
    const vectorsAt = BigInt(ptr(this.#vectors))
    for (let i = 0; i < BATCH; i++) {
      vectors[(i * VECTOR_WORDS) / 2] = first + BigInt(i * size)
      this.#setName(i, i)
      addresses[(i * HEADER_WORDS + VECTOR) / 2] = vectorsAt + BigInt(i * VECTOR_WORDS * 4)
      addresses[(i * HEADER_WORDS + VECTOR_COUNT) / 2] = 1n
    }
  }

  /** Gives every buffer to the system whole. */
  offer(size: number): void {
    for (let i = 0; i < BATCH; i++) {
      this.#headers[i * HEADER_WORDS + NAME_SIZE] = SOCKET_ADDRESS
      this.#vectors[i * VECTOR_WORDS + VECTOR_SIZE] = size
    }
  }

  /** Message `i` has `size` octets and goes to the address that packet `packet` came from. */
  set(i: number, size: number, packet: number, nameSize: number): void {
    this.#setName(i, packet)
    this.#headers[i * HEADER_WORDS + NAME_SIZE] = nameSize
    this.#vectors[i * VECTOR_WORDS + VECTOR_SIZE] = size
  }

  #setName(i: number, packet: number): void {
    const address = this.#names + packet * SOCKET_ADDRESS
    this.#headers[i * HEADER_WORDS] = address % WORD
    this.#headers[i * HEADER_WORDS + 1] = address / WORD
  }

  addressOf = (i: number): number => this.address + i * HEADER_WORDS * 4
  lengthOf = (i: number): number => this.#headers[i * HEADER_WORDS + LENGTH]!
  nameSizeOf = (i: number): number => this.#headers[i * HEADER_WORDS + NAME_SIZE]!
}
