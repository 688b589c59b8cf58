import type { TapBuffer } from '../observe/tap.ts'
import type { TransferKeys, TransferPlan, TransferRequest } from '../transfer/plan.ts'
import type { NotifyHeard } from '../transfer/receive-notify.ts'
import type { TableHandle } from '../zone-table/layout.ts'
import type { TlsMaterial } from './tls-material.ts'
import type { BoundAddresses, WorkerTransports } from './worker-transports.ts'

/** A place to listen at. Port 0 lets the system choose one. */
export interface DnsAddress {
  readonly host: string
  readonly port: number
}

export type ToWorker =
  | {
      readonly kind: 'start'
      readonly worker: number
      readonly addresses: readonly DnsAddress[]
      readonly table: TableHandle
      /** Line data, see line/ranges.ts. */
      readonly ranges: SharedArrayBuffer | undefined
      readonly counters: SharedArrayBuffer
      readonly zoneCounts: SharedArrayBuffer
      /** For the query log; undefined without one. */
      readonly tap: TapBuffer | undefined
      readonly transports: WorkerTransports
    }
  | { readonly kind: 'table'; readonly table: TableHandle }
  | { readonly kind: 'ranges'; readonly ranges: SharedArrayBuffer | undefined }
  | { readonly kind: 'certificate'; readonly material: TlsMaterial }
  | { readonly kind: 'transfer-keys'; readonly keys: TransferKeys }
  /** Answers the request with this number. */
  | { readonly kind: 'transfer-plan'; readonly number: number; readonly plan: TransferPlan }
  | { readonly kind: 'stop' }

export type FromWorker =
  | { readonly kind: 'listening'; readonly bound: BoundAddresses }
  | { readonly kind: 'failed'; readonly reason: string }
  /** All answers come from this generation of the table, or a later one. */
  | { readonly kind: 'attached'; readonly generation: number }
  /** A primary says that a zone has changed. */
  | { readonly kind: 'notify'; readonly notify: NotifyHeard }
  /** Somebody asks for a transfer. */
  | { readonly kind: 'transfer'; readonly number: number; readonly request: TransferRequest }
  | { readonly kind: 'stopped' }
