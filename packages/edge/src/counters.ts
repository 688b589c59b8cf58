/**
 * Counters shared by all threads of an edge. Each worker has a row of its own, so counting is a plain addition; a reader
 * sums the rows. The numbers wrap at 2^53, which is never.
 */
const RCODES = 16
/** udp rcodes, tcp rcodes, ignored, dropped, connections refused, connections open, signatures. */
const ROW = RCODES * 2 + 5
const IGNORED = RCODES * 2
const DROPPED = IGNORED + 1
const TCP_REFUSED = IGNORED + 2
const TCP_OPEN = IGNORED + 3
const SIGNATURES = IGNORED + 4

export class Counters {
  readonly #row: Float64Array

  /** `buffer` comes from {@link countersFor}; `worker` counts from 0. */
  constructor(buffer: SharedArrayBuffer, worker: number) {
    this.#row = new Float64Array(buffer, worker * ROW * 8, ROW)
  }

  /** One packet: its RCODE, or -1 when it got no reply. */
  addQuery(isTcp: boolean, rcode: number): void {
    const at = rcode < 0 ? IGNORED : isTcp ? RCODES + rcode : rcode
    this.#row[at]!++
  }

  addDropped(count: number): void {
    this.#row[DROPPED]! += count
  }

  addRefusedConnection(): void {
    this.#row[TCP_REFUSED]!++
  }

  addSignature(): void {
    this.#row[SIGNATURES]!++
  }

  setConnections(count: number): void {
    this.#row[TCP_OPEN] = count
  }
}

export const countersFor = (workers: number): SharedArrayBuffer => new SharedArrayBuffer(workers * ROW * 8)

export interface CounterTotals {
  /** Index = RCODE. */
  readonly udp: readonly number[]
  readonly tcp: readonly number[]
  readonly ignored: number
  readonly dropped: number
  readonly tcpRefused: number
  readonly tcpOpen: number
  readonly signatures: number
}

export function sumCounters(buffer: SharedArrayBuffer): CounterTotals {
  const all = new Float64Array(buffer)
  const sums = new Array<number>(ROW).fill(0)
  for (let i = 0; i < all.length; i++) sums[i % ROW]! += all[i]!
  return {
    udp: sums.slice(0, RCODES),
    tcp: sums.slice(RCODES, RCODES * 2),
    ignored: sums[IGNORED]!,
    dropped: sums[DROPPED]!,
    tcpRefused: sums[TCP_REFUSED]!,
    tcpOpen: sums[TCP_OPEN]!,
    signatures: sums[SIGNATURES]!,
  }
}
