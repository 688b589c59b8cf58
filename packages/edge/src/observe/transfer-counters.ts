import { TSIG_BADKEY, TSIG_BADSIG, TSIG_BADTIME, TSIG_BADTRUNC } from '@waymark/dns/tsig/tsig'
import {
  TRANSFER_KINDS,
  TRANSFER_OUTCOMES,
  type TransferKind,
  type TransferOutcome,
} from '../transfer/transfer-outcome.ts'

/**
 * What a thread counts of transfers, NOTIFY messages that come in, and signatures: the last part of its row in counters.ts.
 *
 *     kinds × outcomes | duration buckets | TSIG errors | NOTIFY by RCODE | octets, records, microseconds, running
 */

/** Upper ends of the duration buckets, in seconds; one more bucket holds what is above. */
export const TRANSFER_BOUNDS = [0.001, 0.01, 0.1, 1, 10, 60, 600] as const

/** RFC 8945 3; FORMERR is a record that cannot be read, or a MAC of a length that none has. */
export const TSIG_ERRORS: readonly (readonly [code: number, name: string])[] = [
  [0, 'FORMERR'],
  [TSIG_BADSIG, 'BADSIG'],
  [TSIG_BADKEY, 'BADKEY'],
  [TSIG_BADTIME, 'BADTIME'],
  [TSIG_BADTRUNC, 'BADTRUNC'],
]
/** NOTIFY messages are answered with RCODEs up to NOTAUTH (9). */
const NOTIFY_RCODES = 10

const SECONDS_AT = TRANSFER_KINDS.length * TRANSFER_OUTCOMES.length
const TSIG_AT = SECONDS_AT + TRANSFER_BOUNDS.length + 1
const NOTIFY_AT = TSIG_AT + TSIG_ERRORS.length
const OCTETS = NOTIFY_AT + NOTIFY_RCODES
const RECORDS = OCTETS + 1
const MICROSECONDS = OCTETS + 2
const RUNNING = OCTETS + 3
/** Numbers in the row. */
export const TRANSFER_COUNTERS = OCTETS + 4

/** Of one transfer that was begun. */
export interface TransferSize {
  readonly records: number
  readonly octets: number
  readonly seconds: number
}

export class TransferCounters {
  readonly #row: Float64Array

  /** `row` has {@link TRANSFER_COUNTERS} places. */
  constructor(row: Float64Array) {
    this.#row = row
  }

  addBegun(): void {
    this.#row[RUNNING]!++
  }

  /** One that was begun is over; `size` is what was sent of it. */
  addEnded(kind: TransferKind, outcome: TransferOutcome, { records, octets, seconds }: TransferSize): void {
    const row = this.#row
    row[RUNNING]!--
    this.addRequest(kind, outcome)
    if (outcome !== 'done' && outcome !== 'broken') return
    row[OCTETS]! += octets
    row[RECORDS]! += records
    row[MICROSECONDS]! += Math.round(seconds * 1e6)
    let bucket = 0
    while (bucket < TRANSFER_BOUNDS.length && seconds > TRANSFER_BOUNDS[bucket]!) bucket++
    row[SECONDS_AT + bucket]!++
  }

  addRequest(kind: TransferKind, outcome: TransferOutcome): void {
    this.#row[TRANSFER_KINDS.indexOf(kind) * TRANSFER_OUTCOMES.length + TRANSFER_OUTCOMES.indexOf(outcome)]!++
  }

  /** A request whose signature is not accepted; `error` as in {@link TSIG_ERRORS}. */
  addTsigError(error: number): void {
    const place = TSIG_ERRORS.findIndex(([code]) => code === error)
    this.#row[TSIG_AT + Math.max(0, place)]!++
  }

  /** A NOTIFY that was answered with this RCODE. */
  addNotify(rcode: number): void {
    this.#row[NOTIFY_AT + Math.min(rcode, NOTIFY_RCODES - 1)]!++
  }
}

export interface TransferTotals {
  readonly requests: readonly { kind: TransferKind; outcome: TransferOutcome; count: number }[]
  /** As {@link TRANSFER_BOUNDS}, then all above. */
  readonly durations: readonly number[]
  /** As {@link TSIG_ERRORS}. */
  readonly tsigErrors: readonly number[]
  /** NOTIFY messages that came in, by the RCODE of the answer. */
  readonly notifies: readonly number[]
  readonly octets: number
  readonly records: number
  readonly microseconds: number
  readonly running: number
}

/** Requests for transfers that ended in one of these ways. */
export const transfersThat = ({ requests }: TransferTotals, outcomes: readonly TransferOutcome[]): number =>
  requests.reduce((sum, { outcome, count }) => sum + (outcomes.includes(outcome) ? count : 0), 0)

/** Reads the part of a row, or of sums of rows. */
export const transferTotals = (row: readonly number[]): TransferTotals => ({
  requests: TRANSFER_KINDS.flatMap((kind, k) =>
    TRANSFER_OUTCOMES.map((outcome, o) => ({ kind, outcome, count: row[k * TRANSFER_OUTCOMES.length + o]! })),
  ),
  durations: row.slice(SECONDS_AT, TSIG_AT),
  tsigErrors: row.slice(TSIG_AT, NOTIFY_AT),
  notifies: row.slice(NOTIFY_AT, OCTETS),
  octets: row[OCTETS]!,
  records: row[RECORDS]!,
  microseconds: row[MICROSECONDS]!,
  running: row[RUNNING]!,
})
