import { TYPE_AXFR, TYPE_IXFR } from '@waymark/dns/rr-types/type-codes'
import { processQuery } from '../answer/process-query.ts'
import type { Query } from '../answer/query.ts'
import { type Counters, DOH, TIMED_EVERY, type Transport, UDP } from '../counters.ts'
import { isNotify, type NotifyHeard, receiveNotify } from '../transfer/receive-notify.ts'
import type { TransferDesk } from '../transfer/transfer-desk.ts'
import type { TransferStream } from '../transfer/transfer-stream.ts'
import { askUpstream, isToPassOn, keepQuery } from '../upstream/pass-on-query.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { ZONE_NAME } from '../zone-table/layout.ts'
import type { TableView } from '../zone-table/view.ts'
import type { TapWriter } from './tap.ts'
import { ZONES_COUNTED_EVERY, type ZoneCounts } from './top-zones.ts'
import { watchTransfer } from './watch-transfer.ts'

/**
 * One thread's way from a packet to its answer with everything that is counted on it. Transports set `query.source` and
 * `query.listener`, call {@link answer}, and then {@link passOn} where `query.isForUpstream` is set; what they answer otherwise they
 * report with {@link note}.
 */
export class Answerer {
  readonly query: Query
  readonly view: TableView
  readonly counters: Counters
  /** Where transfers are asked for, over what carries streams; without it they are refused. */
  desk: TransferDesk | undefined = undefined
  /** Told when a primary says that a zone has changed; without it nobody may say so. */
  onNotify: ((notify: NotifyHeard) => void) | undefined = undefined
  readonly #zones: ZoneCounts | undefined
  /** Takes queries and answers for the query log; undefined without one. */
  readonly #tap: TapWriter | undefined
  /** Who is asked for names that no zone here knows; undefined: nobody. */
  upstream: Upstream | undefined
  #turn = 0

  constructor(query: Query, view: TableView, counters: Counters, zones?: ZoneCounts, tap?: TapWriter) {
    this.query = query
    this.view = view
    this.counters = counters
    this.#zones = zones
    this.#tap = tap
    query.signed.onFailure = (error) => counters.transfers.addTsigError(error)
  }

  /** {@link processQuery}, counted. `port` is that of whoever asks. */
  answer(input: Uint8Array, length: number, out: Uint8Array, transport: Transport, port: number): number {
    if (this.onNotify !== undefined && isNotify(input, length)) {
      const { query: q, view } = this
      const size = receiveNotify(q, view, input, length, out, transport !== UDP, this.onNotify)
      this.counters.transfers.addNotify(q.rcode)
      this.note(input, length, out, size, transport, port)
      return size
    }
    // Turns wrap at 2^31, a multiple of both intervals.
    this.#turn = (this.#turn + 1) | 0
    if ((this.#turn & (TIMED_EVERY - 1)) !== 0) {
      const size = processQuery(this.query, this.view, input, length, out, transport !== UDP)
      this.note(input, length, out, size, transport, port)
      return size
    }
    const startedAt = performance.now()
    const size = processQuery(this.query, this.view, input, length, out, transport !== UDP)
    this.counters.addLatency((performance.now() - startedAt) * 1000)
    this.note(input, length, out, size, transport, port)
    return size
  }

  /**
   * To be called when {@link answer} has left `query.isTransfer` set, over what carries streams: what is to be sent in place of the answer,
   * counted when it is over. Undefined where no transfers are made: the answer is to be sent.
   */
  openTransfer(input: Uint8Array, transport: Transport, port: number): Promise<TransferStream> | undefined {
    const { query: q, desk } = this
    if (desk === undefined) return undefined
    const request = { type: q.type, source: q.source, port, transport, packet: new Uint8Array(input) }
    return watchTransfer(desk.open(q), request, this.counters, this.#tap)
  }

  /**
   * To be called when {@link answer} has written `size` octets to `out` and others may know more. True: they are asked, `out` is not to
   * be sent, and `deliver` gets the answer later.
   */
  passOn(
    input: Uint8Array,
    length: number,
    out: Uint8Array,
    size: number,
    transport: Transport,
    port: number,
    deliver: (reply: Uint8Array) => void,
  ): boolean {
    const { query: q, upstream } = this
    if (upstream === undefined || !isToPassOn(q)) return false
    const passed = keepQuery(q, out.subarray(0, size))
    const source = q.source
    const hasSubnet = q.subnetFamily !== 0
    const packet = input.slice(0, length)
    void askUpstream(upstream, passed).then((reply) => {
      const rcode = reply[3]! & 15
      this.counters.addAnswer(transport, passed.type, rcode, (reply[2]! & 2) !== 0, hasSubnet)
      this.#tap?.take(source, port, transport, rcode, packet, length, reply, reply.length)
      deliver(reply)
    })
    return true
  }

  /** Counts an answer of `size` octets in `out`, 0 for none, that `query` knows all about. */
  note(
    input: Uint8Array,
    length: number,
    out: Uint8Array,
    size: number,
    transport: Transport,
    port: number,
  ): void {
    const q = this.query
    if (q.isForUpstream && this.upstream !== undefined && isToPassOn(q)) return
    // Counted when it is over.
    if (q.isTransfer && this.desk !== undefined && transport !== DOH) return
    if (q.isLimited) this.counters.addLimited()
    if (size === 0) {
      if (!q.isLimited) this.counters.addIgnored()
      return
    }
    // A question that could not be read has no type; the one before it is still there.
    const end = q.questionEnd
    // As it was asked for: IXFR over UDP is answered as if it were for the SOA record.
    const type = end === 0 ? 0 : (input[end - 4]! << 8) | input[end - 3]!
    this.counters.addAnswer(transport, type, q.rcode, q.isTruncated, q.subnetFamily !== 0)
    if (q.tsigRoom !== 0 && q.signed.proof === undefined) this.#noteBadSignature(type)
    if (q.isSigning) this.counters.setSignatures(q.signer.counts.found, q.signer.counts.made)
    if ((this.#turn & (ZONES_COUNTED_EVERY - 1)) === 0 && q.zone !== 0 && this.#zones !== undefined)
      this.#zones.add(this.view.octets, (q.zone + ZONE_NAME) * 4 + 1, ZONES_COUNTED_EVERY)
    this.#tap?.take(q.source, port, transport, q.rcode, input, length, out, size)
  }

  #noteBadSignature(type: number): void {
    const { transfers } = this.counters
    if (type === TYPE_AXFR) transfers.addRequest('axfr', 'bad_signature')
    if (type === TYPE_IXFR) transfers.addRequest('ixfr', 'bad_signature')
  }
}
