/** The tables of transfers to other servers, in the conventions of tables.ts. */

export interface TsigKeyTable {
  name: string
  algorithm: string
  sealed_secret: string
  created_at: number
}

/** `allow` and `notify` are JSON. */
export interface TransferAccessTable {
  zone_id: string
  allow: string
  notify: string
  updated_at: number
}

export interface TransferTables {
  tsig_key: TsigKeyTable
  transfer_access: TransferAccessTable
}
