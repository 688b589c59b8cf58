/** The table of the transfers of secondary zones, in the conventions of tables.ts. */

export interface ZoneTransferTable {
  zone_id: string
  next_at: number
  checked_at: number | null
  transferred_at: number | null
  expires_at: number | null
  failures: number
  tries: string
  left_out: string
}

export interface SecondaryTables {
  zone_transfer: ZoneTransferTable
}
