import {
  TRANSFER_COUNTERS,
  TransferCounters,
  type TransferTotals,
  transferTotals,
} from './observe/transfer-counters.ts'

/**
 * Counters shared by all threads of an edge. Each worker has a row of its own, so counting is a plain addition; a reader
 * sums the rows, or shows them one by one. The numbers wrap at 2^53, which is never.
 *
 *     row   transports × answers by RCODE | answers by type | latency buckets | single counters | transfers
 */

/** How a query came; a place in {@link TRANSPORT_NAMES}. */
export type Transport = 0 | 1 | 2 | 3 | 4
export const UDP = 0
export const TCP = 1
export const DOT = 2
export const DOH = 3
export const DOQ = 4
export const TRANSPORT_NAMES = ['udp', 'tcp', 'dot', 'doh', 'doq'] as const

/** Types that have a counter of their own; all others share the one behind. */
export const COUNTED_TYPES = [
  ...[1, 2, 5, 6, 12, 15, 16, 28, 33, 35, 39, 41, 43, 44, 46, 47, 48, 50, 52, 59, 60, 64, 65, 99],
  ...[251, 252, 255, 257],
] as const

/** Upper ends of the latency buckets, in microseconds; one more bucket holds what is above. */
export const LATENCY_BOUNDS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16_384, 65_536] as const
/** One answer in so many is timed: reading the clock twice costs as much as a tenth of an answer. */
export const TIMED_EVERY = 64

/** RCODEs are counted up to BADCOOKIE (23), the last that a server of ours gives. */
const RCODES = 24
const SINGLES = [
  'ignored',
  'limited',
  'truncated',
  'dropped',
  'tcpRefused',
  'tcpOpen',
  'endedIdle',
  'endedUnread',
  'endedMalformed',
  'subnet',
  'signaturesFound',
  'signaturesMade',
  'tapDropped',
  'latencyMicroseconds',
] as const
type Single = (typeof SINGLES)[number]

const TYPES_AT = TRANSPORT_NAMES.length * RCODES
const LATENCY_AT = TYPES_AT + COUNTED_TYPES.length + 1
const SINGLES_AT = LATENCY_AT + LATENCY_BOUNDS.length + 1
const TRANSFERS_AT = SINGLES_AT + SINGLES.length
const ROW = TRANSFERS_AT + TRANSFER_COUNTERS

const at = (name: Single): number => SINGLES_AT + SINGLES.indexOf(name)
const IGNORED = at('ignored')
const LIMITED = at('limited')
const TRUNCATED = at('truncated')
const DROPPED = at('dropped')
const TCP_REFUSED = at('tcpRefused')
const TCP_OPEN = at('tcpOpen')
const ENDED = { idle: at('endedIdle'), unread: at('endedUnread'), malformed: at('endedMalformed') } as const
const SUBNET = at('subnet')
const SIGNATURES_FOUND = at('signaturesFound')
const SIGNATURES_MADE = at('signaturesMade')
const TAP_DROPPED = at('tapDropped')
const LATENCY_SUM = at('latencyMicroseconds')

/**
 * Why we end a connection that the client has not: no whole query came for too long, answers were not read, or what came is no query.
 */
export type EndReason = keyof typeof ENDED

/** Place of each type below 258 in the row. */
const TYPE_PLACES = new Uint8Array(258).fill(COUNTED_TYPES.length)
for (const [place, type] of COUNTED_TYPES.entries()) TYPE_PLACES[type] = place

export class Counters {
  readonly transfers: TransferCounters
  readonly #row: Float64Array
  #open = 0

  /** `buffer` comes from {@link countersFor}; `worker` counts from 0. */
  constructor(buffer: SharedArrayBuffer, worker: number) {
    this.#row = new Float64Array(buffer, worker * ROW * 8, ROW)
    this.transfers = new TransferCounters(this.#row.subarray(TRANSFERS_AT))
  }

  /** One answer: how it was asked for, its type and whole RCODE, and what it was. */
  addAnswer(
    transport: Transport,
    type: number,
    rcode: number,
    isTruncated: boolean,
    hasSubnet: boolean,
  ): void {
    const row = this.#row
    row[transport * RCODES + (rcode < RCODES ? rcode : RCODES - 1)]!++
    row[TYPES_AT + (type < TYPE_PLACES.length ? TYPE_PLACES[type]! : COUNTED_TYPES.length)]!++
    if (isTruncated) row[TRUNCATED]!++
    if (hasSubnet) row[SUBNET]!++
  }

  /** One packet that got no reply. */
  addIgnored(): void {
    this.#row[IGNORED]!++
  }

  /** One packet over the rate of its sender, answered truncated or not at all. */
  addLimited(): void {
    this.#row[LIMITED]!++
  }

  /** The time of one answer of {@link TIMED_EVERY}. */
  addLatency(microseconds: number): void {
    let bucket = 0
    while (bucket < LATENCY_BOUNDS.length && microseconds > LATENCY_BOUNDS[bucket]!) bucket++
    this.#row[LATENCY_AT + bucket]!++
    this.#row[LATENCY_SUM]! += microseconds
  }

  addDropped(count: number): void {
    this.#row[DROPPED]! += count
  }

  addRefusedConnection(): void {
    this.#row[TCP_REFUSED]!++
  }

  /** `change`: 1 when a connection was opened, -1 when one was closed. */
  addConnections(change: number): void {
    this.#open += change
    this.#row[TCP_OPEN] = this.#open
  }

  /** A connection that we end. */
  addEnded(reason: EndReason): void {
    this.#row[ENDED[reason]]!++
  }

  /** What the query log had no room for. */
  addTapDropped(): void {
    this.#row[TAP_DROPPED]!++
  }

  /** Signatures that were kept, and those that were made anew, since the start. */
  setSignatures(found: number, made: number): void {
    this.#row[SIGNATURES_FOUND] = found
    this.#row[SIGNATURES_MADE] = made
  }
}

export const countersFor = (workers: number): SharedArrayBuffer => new SharedArrayBuffer(workers * ROW * 8)

export type CounterTotals = Readonly<Record<Single, number>> & {
  /** By transport, then by RCODE. */
  readonly rcodes: readonly (readonly number[])[]
  /** As {@link COUNTED_TYPES}, then all others. */
  readonly types: readonly number[]
  /** As {@link LATENCY_BOUNDS}, then all above; one answer of {@link TIMED_EVERY}. */
  readonly latency: readonly number[]
  readonly transfers: TransferTotals
  /** Packets that were answered. */
  readonly answers: number
}

/** The sums over all workers. */
export const sumCounters = (buffer: SharedArrayBuffer): CounterTotals => {
  const all = new Float64Array(buffer)
  const sums = new Array<number>(ROW).fill(0)
  for (let i = 0; i < all.length; i++) sums[i % ROW]! += all[i]!
  return totalsOf(sums)
}

/** The counters of each worker. */
export const countersByWorker = (buffer: SharedArrayBuffer): CounterTotals[] =>
  Array.from({ length: buffer.byteLength / 8 / ROW }, (_, worker) =>
    totalsOf([...new Float64Array(buffer, worker * ROW * 8, ROW)]),
  )

function totalsOf(row: readonly number[]): CounterTotals {
  const rcodes = TRANSPORT_NAMES.map((_, transport) =>
    row.slice(transport * RCODES, (transport + 1) * RCODES),
  )
  return {
    ...(Object.fromEntries(SINGLES.map((name) => [name, row[at(name)]!])) as Record<Single, number>),
    rcodes,
    types: row.slice(TYPES_AT, LATENCY_AT),
    latency: row.slice(LATENCY_AT, SINGLES_AT),
    transfers: transferTotals(row.slice(TRANSFERS_AT)),
    answers: rcodes.flat().reduce((sum, count) => sum + count, 0),
  }
}
