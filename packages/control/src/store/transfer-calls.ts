import type { TsigAlgorithm } from '@waymark/dns/tsig/tsig'
import type { Tenant } from './store.ts'

/** Transfers to other servers, as the store keeps them. */

export interface TsigKeyRow {
  /** Lower case, final dot. */
  readonly name: string
  readonly algorithm: TsigAlgorithm
  /** The secret in base64, sealed under the installation's master key for this name. */
  readonly sealedSecret: string
  readonly createdAt: number
}

/** Fits a request from the prefix, signed with the key; each only where given, and one of them is. */
export interface AllowedClient {
  /** `192.0.2.0/24`; an address has its whole length behind it. */
  readonly cidr?: string
  /** Name of a key. */
  readonly key?: string
}

export interface NotifiedServer {
  /** `192.0.2.1:53`, `[2001:db8::1]:53`. */
  readonly address: string
  readonly key?: string
}

/** Who may have a zone, and who is told that it has changed. */
export interface TransferAccessRow {
  /** {@link ALL_ZONES}, or the zone that has access of its own. */
  readonly zoneId: string
  readonly allow: readonly AllowedClient[]
  readonly notify: readonly NotifiedServer[]
  readonly updatedAt: number
}

/** In place of a zone id: what holds where a zone has nothing of its own. */
export const ALL_ZONES = ''

export interface TransferReads {
  /** In order of their names. */
  tsigKeys(): Promise<TsigKeyRow[]>
  findTransferAccess(zoneId: string): Promise<TransferAccessRow | undefined>
  /** Of all zones that have their own, and {@link ALL_ZONES}, in order of the ids. */
  transferAccess(): Promise<TransferAccessRow[]>
  /** Whose the zone with this id is. */
  ownerOfZone(zoneId: string): Promise<Tenant | undefined>
}

export interface TransferWrites {
  /** Throws RowExists when there is a key of the name. */
  insertTsigKey(key: TsigKeyRow): Promise<void>
  removeTsigKey(name: string): Promise<void>
  putTransferAccess(access: TransferAccessRow): Promise<void>
  removeTransferAccess(zoneId: string): Promise<void>
}
