/** The table of claims, in the conventions of tables.ts. */

export interface ZoneClaimTable {
  id: string
  kind: string
  domain_id: string
  project_id: string
  name: string
  apex: string
  host: string
  value: string
  status: string
  created_at: number
  updated_at: number
}

export interface ClaimTables {
  zone_claim: ZoneClaimTable
}
