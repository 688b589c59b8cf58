/** The table of the keys of zones, in the conventions of tables.ts. */

export interface ZoneKeyTable {
  id: string
  zone_id: string
  flags: number
  algorithm: number
  public_key: Uint8Array
  sealed_secret: string
  published_at: number
  active_at: number
  retired_at: number | null
  removed_at: number | null
  created_at: number
  announced_at: number
}

export interface ZoneKeyTables {
  zone_key: ZoneKeyTable
}
