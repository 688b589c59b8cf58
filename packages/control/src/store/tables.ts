import type { ColumnType, Generated, Insertable } from 'kysely'
import type { AccessTables } from './access-tables.ts'
import type { ClaimTables } from './claim-tables.ts'
import type { NetworkTables } from './network-tables.ts'
import type { SecondaryTables } from './secondary-tables.ts'
import type { TransferTables } from './transfer-tables.ts'
import type { ZoneKeyTables } from './zone-key-tables.ts'

/**
 * The tables as Kysely sees them. Structured fields are JSON text, flags are 0 or 1, times are milliseconds since 1970, so
 * that both engines hold the same values in the same form.
 */
export interface ZoneTable {
  /** Number of the zone inside the database: keeps the indexes of `record_set` small. */
  no: Generated<number>
  id: string
  domain_id: string
  project_id: string
  zone_type: string
  name: string
  apex: string
  description: string
  email: string
  ttl: number
  status: string
  serial: number
  revision: number
  record_count: number
  enterprise_project_id: string
  proxy_pattern: string | null
  routers: string
  primaries: string
  tags: string
  created_at: number
  updated_at: number | null
}

export interface RecordSetTable {
  id: string
  zone_no: number
  owner: string
  /** The shown name where it differs from `owner`, else null: almost always null, so its index costs nothing. */
  shown_name: string | null
  /** Labels below the apex from the top down, for owners two or more labels deep, else null. See sql/owner-tree.ts. */
  tree_key: string | null
  type: string
  line: string
  ttl: number
  weight: number | null
  records: string
  rdatas: Uint8Array | null
  status: string
  is_default: number
  description: string | null
  alias_target: string | null
  tags: string
  created_at: number
  updated_at: number | null
}

export interface TaskTable {
  id: string
  kind: string
  domain_id: string
  project_id: string
  zone_id: string | null
  slot: string | null
  status: string
  total_count: number
  success_count: number
  error_count: number
  cursor_index: number
  item_count: number
  chunk_count: number
  params: string
  idempotency_key: string | null
  created_by: string
  created_at: number
  updated_at: number
  feed_seq: number
  lease_owner: ColumnType<string | null, never, string | null>
  lease_until: ColumnType<number | null, never, number | null>
}

export interface TaskChunkTable {
  task_id: string
  no: number
  first_index: number
  item_count: number
  items: string
}

export interface TaskErrorTable {
  task_id: string
  item_index: number
  item: string
  code: string
  message: string
}

export interface TaskEffectTable {
  task_id: string
  chunk_no: number
  effects: string
}

export interface CustomLineTable {
  line_id: string
  domain_id: string
  name: string
  ip_segments: string
  status: string
  description: string
  created_at: number
  updated_at: number | null
}

export interface LineGroupTable {
  line_id: string
  domain_id: string
  name: string
  members: string
  status: string
  description: string
  created_at: number
  updated_at: number | null
}

export interface FeedEntryTable {
  seq: number
  zone_id: string
  serial: number
  size_bytes: number
  payload: Uint8Array
}

/** One row: what the log holds. Its lock puts the writers of the log in line. */
export interface FeedPositionTable {
  id: number
  oldest: number
  newest: number
  size_bytes: number
}

export interface AccountTable {
  id: string
  name: string
  enabled: number
}

export interface ProjectTable {
  id: string
  domain_id: string
  name: string
  enabled: number
}

export interface UserTable {
  id: string
  domain_id: string
  name: string
  password_hash: string
  enabled: number
  created_at: number
}

export interface AccessKeyTable {
  access_key: string
  user_id: string
  sealed_secret: string
  enabled: number
  created_at: number
}

export interface TokenTable {
  hash: string
  user_id: string
  domain_id: string
  project_id: string | null
  methods: string
  issued_at: number
  expires_at: number
}

export interface SettingTable {
  name: string
  value: string
}

export interface Tables
  extends AccessTables,
    ClaimTables,
    NetworkTables,
    SecondaryTables,
    TransferTables,
    ZoneKeyTables {
  zone: ZoneTable
  record_set: RecordSetTable
  task: TaskTable
  task_chunk: TaskChunkTable
  task_error: TaskErrorTable
  task_effect: TaskEffectTable
  custom_line: CustomLineTable
  line_group: LineGroupTable
  feed_entry: FeedEntryTable
  feed_position: FeedPositionTable
  account: AccountTable
  project: ProjectTable
  api_user: UserTable
  access_key: AccessKeyTable
  token: TokenTable
  setting: SettingTable
}

export type ColumnKind = 'text' | 'integer' | 'blob'

/** Columns of the tables that are written in bulk, in the order of the statement. */
export const BULK_COLUMNS = {
  zone: {
    id: 'text',
    domain_id: 'text',
    project_id: 'text',
    zone_type: 'text',
    name: 'text',
    apex: 'text',
    description: 'text',
    email: 'text',
    ttl: 'integer',
    status: 'text',
    serial: 'integer',
    revision: 'integer',
    record_count: 'integer',
    enterprise_project_id: 'text',
    proxy_pattern: 'text',
    routers: 'text',
    primaries: 'text',
    tags: 'text',
    created_at: 'integer',
    updated_at: 'integer',
  },
  record_set: {
    id: 'text',
    zone_no: 'integer',
    owner: 'text',
    shown_name: 'text',
    tree_key: 'text',
    type: 'text',
    line: 'text',
    ttl: 'integer',
    weight: 'integer',
    records: 'text',
    rdatas: 'blob',
    status: 'text',
    is_default: 'integer',
    description: 'text',
    alias_target: 'text',
    tags: 'text',
    created_at: 'integer',
    updated_at: 'integer',
  },
  task_chunk: {
    task_id: 'text',
    no: 'integer',
    first_index: 'integer',
    item_count: 'integer',
    items: 'text',
  },
  task_error: { task_id: 'text', item_index: 'integer', item: 'text', code: 'text', message: 'text' },
  feed_entry: { seq: 'integer', zone_id: 'text', serial: 'integer', size_bytes: 'integer', payload: 'blob' },
} as const satisfies { [T in keyof Tables]?: { [C in keyof Insertable<Tables[T]>]: ColumnKind } }

export type BulkTable = keyof typeof BULK_COLUMNS
