/** Tables of permissions and of the audit log, in the conventions of tables.ts. */

export interface UserGrantTable {
  user_id: string
  role: string
  zone_ids: string
  policies: string
}

export interface AuditEntryTable {
  id: string
  at: number
  domain_id: string
  project_id: string
  user_id: string
  user_name: string
  address: string
  request_id: string
  operation: string
  request: string
  zone_id: string | null
  changes: string
  change_count: number
}

export interface AccessTables {
  user_grant: UserGrantTable
  audit_entry: AuditEntryTable
}
