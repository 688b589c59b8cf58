import { rcodeName } from '@waymark/dns/message/header'
import type { NotifyCounts } from '../transfer/notifier.ts'
import { TRANSFER_BOUNDS, type TransferTotals, TSIG_ERRORS } from './transfer-counters.ts'
import { type Add, histogram } from './write-metrics.ts'

/** What the thread that writes the table knows of transfers. */
export interface TransferSources {
  readonly notifies: NotifyCounts
  readonly journalBytes: number
  readonly signed: { readonly sizeBytes: number; readonly signatures: number }
}

/** Transfers out, NOTIFY both ways, and signatures of requests. */
export function transferMetrics(add: Add, totals: TransferTotals, sources: TransferSources): void {
  add(
    'transfers_total',
    'counter',
    'Transfers asked for over TCP and TLS.',
    totals.requests.flatMap(({ kind, outcome, count }): [string, number][] =>
      // A series should not begin with its first event, but for those that can have none.
      outcome === 'done' || !kind.startsWith('ixfr_') || count > 0
        ? [[`{kind="${kind}",outcome="${outcome}"}`, count]]
        : [],
    ),
  )
  add('transfers_running', 'gauge', 'Transfers under way.', totals.running)
  add('transfer_records_total', 'counter', 'Records sent in transfers.', totals.records)
  add('transfer_bytes_total', 'counter', 'Octets of messages sent in transfers.', totals.octets)
  histogram(add, 'transfer_seconds', 'Time from the request to the last message of a transfer.', {
    bounds: TRANSFER_BOUNDS,
    counts: totals.durations,
    sum: totals.microseconds / 1e6,
  })
  add('transfer_journal_bytes', 'gauge', 'Memory of the changes kept for IXFR.', sources.journalBytes)
  const { sizeBytes, signatures } = sources.signed
  add('transfer_signed_bytes', 'gauge', 'Memory of the signed zones kept for transfers.', sizeBytes)
  add('transfer_signatures_total', 'counter', 'DNSSEC signatures made for transfers.', signatures)
  const { sent, acknowledged, refused, lost, replaced } = sources.notifies
  add('notify_sent_total', 'counter', 'NOTIFY messages sent, repetitions included.', sent)
  add('notify_total', 'counter', 'Changes told to a secondary by NOTIFY, by what came of it.', [
    ['{outcome="acknowledged"}', acknowledged],
    ['{outcome="refused"}', refused],
    ['{outcome="lost"}', lost],
    ['{outcome="replaced"}', replaced],
  ])
  add(
    'notify_received_total',
    'counter',
    'NOTIFY messages from primaries, by the RCODE they were answered with.',
    totals.notifies.flatMap((count, rcode): [string, number][] =>
      count === 0 && rcode !== 0 ? [] : [[`{rcode="${rcodeName(rcode)}"}`, count]],
    ),
  )
  add(
    'tsig_errors_total',
    'counter',
    'Requests whose signature was not accepted.',
    TSIG_ERRORS.map(([, name], place) => [`{error="${name}"}`, totals.tsigErrors[place]!]),
  )
}
