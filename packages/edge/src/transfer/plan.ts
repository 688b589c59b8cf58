import type { TransferPolicy } from '@waymark/dns/transfer/policy'
import type { ZoneImage } from './zone-image.ts'

/** What the threads that answer and the thread that knows the changes say to each other. */

/** A request for a transfer, its signature checked. */
export interface TransferRequest {
  /** Lower-case wire. */
  readonly apex: Uint8Array
  /** What the client has (RFC 1995 3); undefined: everything is wanted. */
  readonly serial: number | undefined
  /** Address of the client, as text. */
  readonly source: string
  /** Where it asked (network/listener-address.ts). */
  readonly listener: string
  /** Name of the key it is signed with, lower-case wire. */
  readonly keyName: Uint8Array | undefined
}

export type TransferPlan =
  | { readonly kind: 'refuse'; readonly rcode: number }
  /** All of the zone. */
  | { readonly kind: 'image'; readonly image: ZoneImage }
  /** The same of a signed zone: these lists of records (record-list.ts), one after the other. */
  | { readonly kind: 'whole'; readonly lists: readonly Uint8Array[] }
  /** These records (record-list.ts), in this order: the SOA record alone where the client is current, else what has changed. */
  | { readonly kind: 'current' | 'changes'; readonly list: Uint8Array }

export type TransferKeys = TransferPolicy['keys']
