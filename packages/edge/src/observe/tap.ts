import type { Counters, Transport } from '../counters.ts'
import { TRANSFER_KINDS, TRANSFER_OUTCOMES } from '../transfer/transfer-outcome.ts'
import type { TransferFacts } from './watch-transfer.ts'

/**
 * Queries and their answers on the way from the threads that answer to the thread that logs: one ring in shared memory for each
 * of them. Writing is a copy and two stores; when there is no room the record is counted and gone, the answer never waits.
 *
 *     control  u32 written, u32 read: octets, wrapping; both multiples of 8
 *     record   u32 size of all, u32 query, u16 answer, u16 rcode, u16 port, u8 transport, u8 address | f64 milliseconds since 1970 |
 *              address as text, query, answer, facts of a transfer, padded to 8
 *     facts    u8 kind, u8 outcome, u32 records, f64 octets, f64 seconds: there when the top bit of `transport` is set
 *
 * A record of size 0 says that the rest of the ring is skipped, since a record lies in one piece. The answer of a transfer is its first
 * message.
 */
const CAPACITY = 1 << 21
const HEAD = 24
const HAS_FACTS = 0x80
const FACTS_BYTES = 22
const WRITTEN = 0
const READ = 1
const CONTROL_BYTES = 8

export interface TapBuffer {
  readonly memory: SharedArrayBuffer
  /** One query in so many is taken. */
  readonly sample: number
}

export const tapBuffersFor = (workers: number, sample: number): TapBuffer[] =>
  Array.from({ length: workers }, () => ({ memory: new SharedArrayBuffer(CONTROL_BYTES + CAPACITY), sample }))

const padded = (size: number): number => (size + 7) & ~7

/** The answering side. */
export class TapWriter {
  readonly #control: Int32Array
  readonly #octets: Uint8Array
  readonly #view: DataView
  readonly #counters: Counters
  readonly #sample: number
  #left = 1

  constructor({ memory, sample }: TapBuffer, counters: Counters) {
    this.#control = new Int32Array(memory, 0, 2)
    this.#octets = new Uint8Array(memory, CONTROL_BYTES)
    this.#view = new DataView(memory, CONTROL_BYTES)
    this.#counters = counters
    this.#sample = sample
  }

  /** Takes a query of `length` octets in `input` and its answer of `size` octets in `out`, when it is its turn. */
  take(
    address: string,
    port: number,
    transport: Transport,
    rcode: number,
    input: Uint8Array,
    length: number,
    out: Uint8Array,
    size: number,
    facts?: TransferFacts,
  ): void {
    if (--this.#left > 0) return
    this.#left = this.#sample
    const written = this.#control[WRITTEN]!
    const free = CAPACITY - ((written - Atomics.load(this.#control, READ)) | 0)
    const needed = padded(HEAD + address.length + length + size + (facts === undefined ? 0 : FACTS_BYTES))
    let at = written & (CAPACITY - 1)
    const skipped = at + needed > CAPACITY ? CAPACITY - at : 0
    if (needed + skipped > free) {
      this.#counters.addTapDropped()
      return
    }
    if (skipped > 0) {
      this.#view.setUint32(at, 0, true)
      at = 0
    }
    const octets = this.#octets
    const view = this.#view
    view.setUint32(at, needed, true)
    view.setUint32(at + 4, length, true)
    view.setUint16(at + 8, size, true)
    view.setUint16(at + 10, rcode, true)
    view.setUint16(at + 12, port, true)
    view.setUint8(at + 14, transport)
    view.setUint8(at + 15, address.length)
    view.setFloat64(at + 16, Date.now(), true)
    let to = at + HEAD
    for (let i = 0; i < address.length; i++) octets[to++] = address.charCodeAt(i)
    for (let i = 0; i < length; i++) octets[to++] = input[i]!
    for (let i = 0; i < size; i++) octets[to++] = out[i]!
    if (facts !== undefined) {
      view.setUint8(at + 14, transport | HAS_FACTS)
      writeFacts(view, to, facts)
    }
    Atomics.store(this.#control, WRITTEN, (written + skipped + needed) | 0)
  }
}

function writeFacts(view: DataView, at: number, facts: TransferFacts): void {
  view.setUint8(at, TRANSFER_KINDS.indexOf(facts.kind))
  view.setUint8(at + 1, TRANSFER_OUTCOMES.indexOf(facts.outcome))
  view.setUint32(at + 2, facts.records, true)
  view.setFloat64(at + 6, facts.octets, true)
  view.setFloat64(at + 14, facts.seconds, true)
}

const readFacts = (view: DataView, at: number): TransferFacts => ({
  kind: TRANSFER_KINDS[view.getUint8(at)]!,
  outcome: TRANSFER_OUTCOMES[view.getUint8(at + 1)]!,
  records: view.getUint32(at + 2, true),
  octets: view.getFloat64(at + 6, true),
  seconds: view.getFloat64(at + 14, true),
})

/** One query and its answer. The octets are good until the callback returns. */
export interface TapRecord {
  readonly transport: Transport
  readonly address: string
  readonly port: number
  /** The whole RCODE, which the header of the answer has the lower half of. */
  readonly rcode: number
  /** Milliseconds since 1970 UTC. */
  readonly time: number
  readonly query: Uint8Array
  readonly answer: Uint8Array
  /** Of a transfer, whose `answer` is its first message. */
  readonly transfer: TransferFacts | undefined
}

/** The logging side. */
export class TapReader {
  readonly #control: Int32Array
  readonly #octets: Uint8Array
  readonly #view: DataView

  constructor({ memory }: TapBuffer) {
    this.#control = new Int32Array(memory, 0, 2)
    this.#octets = new Uint8Array(memory, CONTROL_BYTES)
    this.#view = new DataView(memory, CONTROL_BYTES)
  }

  /** Hands over what is there, `limit` records at most. Returns how many there were. */
  drain(limit: number, onRecord: (record: TapRecord) => void): number {
    let count = 0
    let read = this.#control[READ]!
    const written = Atomics.load(this.#control, WRITTEN)
    while (read !== written && count < limit) {
      const at = read & (CAPACITY - 1)
      const size = this.#view.getUint32(at, true)
      if (size === 0) {
        read = (read + CAPACITY - at) | 0
        continue
      }
      onRecord(this.#recordAt(at))
      read = (read + size) | 0
      count++
    }
    Atomics.store(this.#control, READ, read)
    return count
  }

  #recordAt(at: number): TapRecord {
    const view = this.#view
    const addressAt = at + HEAD
    const queryAt = addressAt + view.getUint8(at + 15)
    const answerAt = queryAt + view.getUint32(at + 4, true)
    const end = answerAt + view.getUint16(at + 8, true)
    const transport = view.getUint8(at + 14)
    return {
      transport: (transport & ~HAS_FACTS) as Transport,
      address: String.fromCharCode(...this.#octets.subarray(addressAt, queryAt)),
      port: view.getUint16(at + 12, true),
      rcode: view.getUint16(at + 10, true),
      time: view.getFloat64(at + 16, true),
      query: this.#octets.subarray(queryAt, answerAt),
      answer: this.#octets.subarray(answerAt, end),
      transfer: (transport & HAS_FACTS) === 0 ? undefined : readFacts(view, end),
    }
  }
}
