import { RCODE_NOERROR, RCODE_REFUSED } from '@waymark/dns/message/header'
import { TYPE_AXFR } from '@waymark/dns/rr-types/type-codes'
import type { Counters, Transport } from '../counters.ts'
import type { TransferKind, TransferOutcome } from '../transfer/transfer-outcome.ts'
import type { TransferStream } from '../transfer/transfer-stream.ts'
import type { TapWriter } from './tap.ts'

/** A request for a transfer, as it came. */
export interface WatchedRequest {
  /** AXFR or IXFR. */
  readonly type: number
  readonly source: string
  readonly port: number
  readonly transport: Transport
  /** The whole message, a copy. */
  readonly packet: Uint8Array
}

/** What a transfer was in the end, for the query log. */
export interface TransferFacts {
  readonly kind: TransferKind
  readonly outcome: TransferOutcome
  readonly records: number
  /** Of all messages together. */
  readonly octets: number
  readonly seconds: number
}

/** Counts and logs a transfer when it is over: one answer of the RCODE that its messages have. */
export function watchTransfer(
  opening: Promise<TransferStream>,
  request: WatchedRequest,
  counters: Counters,
  tap: TapWriter | undefined,
): Promise<TransferStream> {
  const startedAt = performance.now()
  const asked: TransferKind = request.type === TYPE_AXFR ? 'axfr' : 'ixfr'
  const { transfers } = counters
  transfers.addBegun()
  return opening.then(
    (stream) => {
      stream.keepsFirst = tap !== undefined
      stream.onOver = (isWhole) => {
        const { rcode, records, octets } = stream
        const outcome = outcomeOf(rcode, isWhole)
        const kind = rcode === RCODE_NOERROR ? stream.kind : asked
        const seconds = (performance.now() - startedAt) / 1000
        transfers.addEnded(kind, outcome, { records, octets, seconds })
        if (octets === 0) return
        counters.addAnswer(request.transport, request.type, rcode, false, false)
        const { source, port, transport, packet } = request
        const facts = { kind, outcome, records, octets, seconds }
        tap?.take(
          ...([source, port, transport, rcode, packet, packet.length] as const),
          ...([stream.first, stream.first.length, facts] as const),
        )
      }
      return stream
    },
    (error) => {
      transfers.addEnded(asked, 'broken', { records: 0, octets: 0, seconds: 0 })
      throw error
    },
  )
}

function outcomeOf(rcode: number, isWhole: boolean): TransferOutcome {
  if (rcode === RCODE_REFUSED) return 'refused'
  if (rcode !== RCODE_NOERROR) return 'no_zone'
  return isWhole ? 'done' : 'broken'
}
