import type { Selectable } from 'kysely'
import type {
  AccessKey,
  Account,
  CustomLine,
  LineGroup,
  NewFeedEntry,
  Project,
  RecordSet,
  Task,
  TaskChunk,
  TaskError,
  Token,
  User,
  Zone,
} from './store.ts'
import type {
  AccessKeyTable,
  AccountTable,
  CustomLineTable,
  FeedEntryTable,
  LineGroupTable,
  ProjectTable,
  RecordSetTable,
  TaskChunkTable,
  TaskErrorTable,
  TaskTable,
  TokenTable,
  UserTable,
  ZoneTable,
} from './tables.ts'

// Between the values of store.ts and the rows of tables.ts, one pair of functions a table.

/**
 * JSON text of texts and what holds them. U+0000 is refused, because PostgreSQL cannot look into JSON that has it; lone
 * surrogates, which no UTF-8 can carry, become U+FFFD.
 */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value)
  if (!SUSPICIOUS.test(json)) return json
  return JSON.stringify(value, (_key, part) => {
    if (typeof part !== 'string') return part
    if (part.includes('\0')) throw new Error('A text with the character U+0000 cannot be stored.')
    return part.toWellFormed()
  })
}
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/

const toFlag = (value: boolean): number => (value ? 1 : 0)

const NO_PRIMARIES = '[]'

/** Everything of a zone but its number and its count of record sets, which the database keeps. */
export function toZoneRow(zone: Zone): Omit<ZoneTable, 'no' | 'record_count'> {
  return {
    id: zone.id,
    domain_id: zone.domainId,
    project_id: zone.projectId,
    zone_type: zone.zoneType,
    name: zone.name,
    apex: zone.apex,
    description: zone.description,
    email: zone.email,
    ttl: zone.ttl,
    status: zone.status,
    serial: zone.serial,
    revision: zone.revision,
    enterprise_project_id: zone.enterpriseProjectId,
    proxy_pattern: zone.proxyPattern,
    routers: toJson(zone.routers),
    primaries: zone.primaries.length === 0 ? NO_PRIMARIES : toJson(zone.primaries),
    tags: toJson(zone.tags),
    created_at: zone.createdAt,
    updated_at: zone.updatedAt,
  }
}

export function fromZoneRow(row: Selectable<ZoneTable>): Zone {
  return {
    id: row.id,
    domainId: row.domain_id,
    projectId: row.project_id,
    zoneType: row.zone_type as Zone['zoneType'],
    name: row.name,
    apex: row.apex,
    description: row.description,
    email: row.email,
    ttl: row.ttl,
    status: row.status as Zone['status'],
    serial: row.serial,
    revision: row.revision,
    recordCount: row.record_count,
    enterpriseProjectId: row.enterprise_project_id,
    proxyPattern: row.proxy_pattern as Zone['proxyPattern'],
    routers: JSON.parse(row.routers),
    primaries: row.primaries === NO_PRIMARIES ? [] : JSON.parse(row.primaries),
    tags: JSON.parse(row.tags),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

const NO_TAGS = '[]'

export function toRecordSetRow(set: RecordSet, zoneNo: number, treeKey: string | null): RecordSetTable {
  return {
    id: set.id,
    zone_no: zoneNo,
    owner: set.owner,
    shown_name: set.name === set.owner ? null : set.name,
    tree_key: treeKey,
    type: set.type,
    line: set.line,
    ttl: set.ttl,
    weight: set.weight,
    records: toJson(set.records),
    rdatas: set.rdatas,
    status: set.status,
    is_default: toFlag(set.isDefault),
    description: set.description,
    alias_target: set.aliasTarget === null ? null : toJson(set.aliasTarget),
    tags: set.tags.length === 0 ? NO_TAGS : toJson(set.tags),
    created_at: set.createdAt,
    updated_at: set.updatedAt,
  }
}

export function fromRecordSetRow(row: RecordSetTable, zoneId: string): RecordSet {
  return {
    id: row.id,
    zoneId,
    name: row.shown_name ?? row.owner,
    owner: row.owner,
    type: row.type,
    line: row.line,
    ttl: row.ttl,
    weight: row.weight,
    records: JSON.parse(row.records),
    rdatas: row.rdatas,
    status: row.status as RecordSet['status'],
    isDefault: row.is_default === 1,
    description: row.description,
    aliasTarget: row.alias_target === null ? null : JSON.parse(row.alias_target),
    tags: row.tags === NO_TAGS ? [] : JSON.parse(row.tags),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** Everything of a task but its lease. */
export function toTaskRow(task: Task): Omit<TaskTable, 'lease_owner' | 'lease_until'> {
  return {
    id: task.id,
    kind: task.kind,
    domain_id: task.domainId,
    project_id: task.projectId,
    zone_id: task.zoneId,
    slot: task.slot,
    status: task.status,
    total_count: task.totalCount,
    success_count: task.successCount,
    error_count: task.errorCount,
    cursor_index: task.cursor,
    item_count: task.itemCount,
    chunk_count: task.chunkCount,
    params: toJson(task.params),
    idempotency_key: task.idempotencyKey,
    created_by: task.createdBy,
    created_at: task.createdAt,
    updated_at: task.updatedAt,
    feed_seq: task.feedSeq,
  }
}

export function fromTaskRow(row: Selectable<TaskTable>): Task {
  return {
    id: row.id,
    kind: row.kind as Task['kind'],
    domainId: row.domain_id,
    projectId: row.project_id,
    zoneId: row.zone_id,
    slot: row.slot,
    status: row.status as Task['status'],
    totalCount: row.total_count,
    successCount: row.success_count,
    errorCount: row.error_count,
    cursor: row.cursor_index,
    itemCount: row.item_count,
    chunkCount: row.chunk_count,
    params: JSON.parse(row.params),
    idempotencyKey: row.idempotency_key,
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    feedSeq: row.feed_seq,
  }
}

/** Items are kept as they came, whatever characters they hold: they are judged when they are processed. */
export function toTaskChunkRow(taskId: string, chunk: TaskChunk): TaskChunkTable {
  return {
    task_id: taskId,
    no: chunk.no,
    first_index: chunk.first,
    item_count: chunk.count,
    items: JSON.stringify(chunk.items),
  }
}

export function fromTaskChunkRow(row: TaskChunkTable): TaskChunk {
  return { no: row.no, first: row.first_index, count: row.item_count, items: JSON.parse(row.items) }
}

export function toTaskErrorRow(taskId: string, error: TaskError): TaskErrorTable {
  return {
    task_id: taskId,
    item_index: error.index,
    item: JSON.stringify(error.item),
    code: error.code,
    message: error.message.replaceAll('\0', '\uFFFD').toWellFormed(),
  }
}

export function fromTaskErrorRow(row: TaskErrorTable): TaskError {
  return { index: row.item_index, item: JSON.parse(row.item), code: row.code, message: row.message }
}

/** Rows of entries of which the last gets the number `newest`. */
export function toFeedRows(entries: readonly NewFeedEntry[], newest: number): FeedEntryTable[] {
  const before = newest - entries.length
  return entries.map(({ zoneId, serial, payload }, at) => ({
    seq: before + at + 1,
    zone_id: zoneId,
    serial,
    size_bytes: payload.length,
    payload,
  }))
}

export const feedSize = (entries: readonly NewFeedEntry[]): number =>
  entries.reduce((size, { payload }) => size + payload.length, 0)

export const toAccountRow = (account: Account): AccountTable => ({
  id: account.id,
  name: account.name,
  enabled: toFlag(account.enabled),
})
export const fromAccountRow = (row: AccountTable): Account => ({
  id: row.id,
  name: row.name,
  enabled: row.enabled === 1,
})

export const toProjectRow = (project: Project): ProjectTable => ({
  id: project.id,
  domain_id: project.domainId,
  name: project.name,
  enabled: toFlag(project.enabled),
})
export const fromProjectRow = (row: ProjectTable): Project => ({
  id: row.id,
  domainId: row.domain_id,
  name: row.name,
  enabled: row.enabled === 1,
})

export const toUserRow = (user: User): UserTable => ({
  id: user.id,
  domain_id: user.domainId,
  name: user.name,
  password_hash: user.passwordHash,
  enabled: toFlag(user.enabled),
  created_at: user.createdAt,
})
export const fromUserRow = (row: UserTable): User => ({
  id: row.id,
  domainId: row.domain_id,
  name: row.name,
  passwordHash: row.password_hash,
  enabled: row.enabled === 1,
  createdAt: row.created_at,
})

export const toAccessKeyRow = (key: AccessKey): AccessKeyTable => ({
  access_key: key.accessKey,
  user_id: key.userId,
  sealed_secret: key.sealedSecret,
  enabled: toFlag(key.enabled),
  created_at: key.createdAt,
})
export const fromAccessKeyRow = (row: AccessKeyTable): AccessKey => ({
  accessKey: row.access_key,
  userId: row.user_id,
  sealedSecret: row.sealed_secret,
  enabled: row.enabled === 1,
  createdAt: row.created_at,
})

export const toTokenRow = (token: Token): TokenTable => ({
  hash: token.hash,
  user_id: token.userId,
  domain_id: token.domainId,
  project_id: token.projectId,
  methods: toJson(token.methods),
  issued_at: token.issuedAt,
  expires_at: token.expiresAt,
})
export const fromTokenRow = (row: TokenTable): Token => ({
  hash: row.hash,
  userId: row.user_id,
  domainId: row.domain_id,
  projectId: row.project_id,
  methods: JSON.parse(row.methods),
  issuedAt: row.issued_at,
  expiresAt: row.expires_at,
})

export const toCustomLineRow = (line: CustomLine): CustomLineTable => ({
  line_id: line.lineId,
  domain_id: line.domainId,
  name: line.name,
  ip_segments: toJson(line.ipSegments),
  status: line.status,
  description: line.description,
  created_at: line.createdAt,
  updated_at: line.updatedAt,
})

export const fromCustomLineRow = (row: CustomLineTable): CustomLine => ({
  lineId: row.line_id,
  domainId: row.domain_id,
  name: row.name,
  ipSegments: JSON.parse(row.ip_segments),
  status: row.status as CustomLine['status'],
  description: row.description,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

export const toLineGroupRow = (group: LineGroup): LineGroupTable => ({
  line_id: group.lineId,
  domain_id: group.domainId,
  name: group.name,
  members: toJson(group.members),
  status: group.status,
  description: group.description,
  created_at: group.createdAt,
  updated_at: group.updatedAt,
})

export const fromLineGroupRow = (row: LineGroupTable): LineGroup => ({
  lineId: row.line_id,
  domainId: row.domain_id,
  name: row.name,
  members: JSON.parse(row.members),
  status: row.status as LineGroup['status'],
  description: row.description,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})
