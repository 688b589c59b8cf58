import type { Tenant } from './store.ts'

/** The keys that zones are signed with, as the store keeps them. */

export interface ZoneKeyRow {
  readonly id: string
  readonly zoneId: string
  /** 257: a KSK, which a DS at the parent names; 256: a ZSK. */
  readonly flags: number
  /** Number of the DNSSEC algorithm. */
  readonly algorithm: number
  /** As in a DNSKEY record. */
  readonly publicKey: Uint8Array
  /** The private key, sealed under the installation's master key for this row. */
  readonly sealedSecret: string
  /** Milliseconds since 1970: in the DNSKEY set from here, signs from here. */
  readonly publishedAt: number
  readonly activeAt: number
  /** Signs no longer, is in the DNSKEY set no longer; null: not planned. */
  readonly retiredAt: number | null
  readonly removedAt: number | null
  readonly createdAt: number
}

export interface ZoneKeyReads {
  /** Of one zone, the oldest first; none when it is not signed. */
  zoneKeys(zoneId: string): Promise<ZoneKeyRow[]>
  /** Running zones, of any account, in which a key with these flags that is to stay signs since before `time`. */
  zonesWithKeysOf(
    flags: number,
    time: number,
    limit: number,
  ): Promise<(Tenant & { readonly zoneId: string })[]>
  /**
   * Running zones, of any account, whose serial is their own and whose keys were announced before `before` the last time, or have begun or
   * ended to be used since then, seen from `now`.
   */
  zonesToAnnounce(
    before: number,
    now: number,
    limit: number,
  ): Promise<(Tenant & { readonly zoneId: string })[]>
}

export interface ZoneKeyWrites {
  /** Throws RowMissing when the zone is gone. */
  insertZoneKey(key: ZoneKeyRow): Promise<void>
  /** Writes the times. */
  updateZoneKey(key: ZoneKeyRow): Promise<void>
  removeZoneKey(keyId: string): Promise<void>
  /** The edges are told of the keys of the zone, with a new serial. */
  markKeysAnnounced(zoneId: string, time: number): Promise<void>
}
