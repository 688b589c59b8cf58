import type { RecordSetStatus, Tenant } from './store.ts'

/** Zones that are kept as a secondary of other servers, as the store keeps them. */

/** A server that a zone is transferred from. */
export interface ZonePrimary {
  /** IPv4 or IPv6 address. */
  readonly host: string
  readonly port: number
  /** Name of the TSIG key that questions are signed with; null: they are not. */
  readonly key: string | null
}

/** One attempt to bring a zone up to date. */
export interface TransferTry {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly durationMs: number
  /** Why it was made. */
  readonly reason: 'created' | 'timer' | 'notify' | 'demand'
  /** `address:port` of the primary that answered, or was asked last. */
  readonly primary: string
  readonly outcome: 'current' | 'axfr' | 'ixfr' | 'failed'
  /** Serial of the primary, where it was learnt. */
  readonly serial: number | null
  /** Records that came, or steps' records for IXFR. */
  readonly records: number
  /** Why it failed, and what is odd about a success. */
  readonly error: string | null
}

/** How the transfers of a zone go. Times are milliseconds since 1970. */
export interface TransferState {
  readonly zoneId: string
  readonly nextAt: number
  /** When a primary last said what is current. */
  readonly checkedAt: number | null
  /** When data last came. */
  readonly transferredAt: number | null
  /** When what is here may be answered no longer; null: there is nothing yet, or it is over already. */
  readonly expiresAt: number | null
  /** Failed tries since the last success. */
  readonly failures: number
  /** The newest first. */
  readonly tries: readonly TransferTry[]
  /** Records of the primary that are not kept here, by their type. */
  readonly leftOut: Readonly<Record<string, number>>
}

export interface SecondaryReads {
  findTransfer(zoneId: string): Promise<TransferState | undefined>
  /** Zones, of any account, whose next try is due and that are neither paused nor frozen; the longest due first. */
  dueTransfers(now: number, limit: number): Promise<(Tenant & Pick<TransferState, 'zoneId' | 'nextAt'>)[]>
  /** Apexes of the zones, of any account, that have a primary with the TSIG key of this name. */
  zonesFollowingBy(key: string): Promise<string[]>
}

export interface SecondaryWrites {
  /** Writes the state, whether or not there is one. Throws RowMissing when the zone is gone. */
  putTransfer(state: TransferState): Promise<void>
  removeTransfer(zoneId: string): Promise<void>
  /** Moves the next try to `until`, if it still is at `nextAt`: false when somebody else was first. */
  claimTransfer(zoneId: string, nextAt: number, until: number): Promise<boolean>
  /** Gives every record set of the zone this status. */
  setStatusInZone(zoneId: string, status: RecordSetStatus): Promise<void>
}
