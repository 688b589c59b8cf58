import type { AccessReads, AccessWrites, ZoneScope } from './access-calls.ts'
import type { ClaimReads, ClaimWrites } from './claim-calls.ts'
import type { Network, NetworkReads, NetworkWrites } from './network-calls.ts'
import type { ResolverReads, ResolverWrites } from './resolver-calls.ts'
import type { SecondaryReads, SecondaryWrites, ZonePrimary } from './secondary-calls.ts'
import type { StandInReads } from './stand-in-calls.ts'
import type { TransferAccessRow, TransferReads, TransferWrites, TsigKeyRow } from './transfer-calls.ts'
import type { ZoneKeyReads, ZoneKeyRow, ZoneKeyWrites } from './zone-key-calls.ts'

/**
 * The one interface between the control plane and its database. Two engines implement it (SQLite, PostgreSQL); one
 * contract suite (`store.contract.ts`) runs on both. `find` may return undefined, `list` pages, `insert`, `update`,
 * `remove` write and exist only inside a transaction. The tenant comes first wherever tenant data is touched.
 * Times are milliseconds since 1970 UTC. Ids are 32 lower-case hexadecimal digits.
 */

/** Who asks: an account (`domainId`) and the project in force. Public zones belong to the account, private zones to the project. */
export interface Tenant {
  readonly domainId: string
  readonly projectId: string
  /** Set where the caller's permissions are limited to some zones: the others are as if they were not there. */
  readonly zones?: ZoneScope
}

export type ZoneType = 'public' | 'private'
export type ZoneStatus = 'ACTIVE' | 'DISABLE' | 'FREEZE' | 'ILLEGAL' | 'POLICE' | 'ERROR'
export type RecordSetStatus = 'ACTIVE' | 'DISABLE' | 'FREEZE' | 'ILLEGAL' | 'POLICE' | 'ERROR'
export interface Tag {
  readonly key: string
  readonly value: string
}
export interface Router {
  readonly routerId: string
  readonly routerRegion: string
  readonly status: string
}

export interface Zone {
  readonly id: string
  readonly domainId: string
  readonly projectId: string
  readonly zoneType: ZoneType
  /** As the user sent it, lower case, final dot. */
  readonly name: string
  /** The same name in A-labels, lower case, final dot: what is compared and served. */
  readonly apex: string
  readonly description: string
  readonly email: string
  readonly ttl: number
  readonly status: ZoneStatus
  /** SOA serial as published; grows with every change of what is answered. */
  readonly serial: number
  /** Grows with every commit that touches the zone, answered or not. */
  readonly revision: number
  readonly recordCount: number
  readonly enterpriseProjectId: string
  readonly proxyPattern: 'AUTHORITY' | 'RECURSIVE' | null
  readonly routers: readonly Router[]
  /** Servers that the zone is transferred from; none: it is edited here. */
  readonly primaries: readonly ZonePrimary[]
  readonly tags: readonly Tag[]
  readonly createdAt: number
  readonly updatedAt: number | null
}

export interface RecordSet {
  readonly id: string
  readonly zoneId: string
  /** As shown: lower case, Unicode labels as sent, final dot. */
  readonly name: string
  /** A-labels, lower case, final dot, presentation escapes: what is compared and served. */
  readonly owner: string
  readonly type: string
  readonly line: string
  readonly ttl: number
  /** 0..1000, null = not weighted. */
  readonly weight: number | null
  /** The values exactly as sent, in the order sent. */
  readonly records: readonly string[]
  /**
   * What is published, in the stored form of feed-codec `encodeRdatas`: the rdata of the values, or the addresses answered in their
   * place (record-sets/published-addresses.ts). null where nothing is.
   */
  readonly rdatas: Uint8Array | null
  readonly status: RecordSetStatus
  readonly isDefault: boolean
  readonly description: string | null
  readonly aliasTarget: { readonly resourceType: string; readonly resourceDomainName: string } | null
  readonly tags: readonly Tag[]
  readonly createdAt: number
  readonly updatedAt: number | null
}

/** A record set joined with what lists over many zones show. */
export interface ListedRecordSet extends RecordSet {
  readonly zoneName: string
  readonly projectId: string
  /** `DISABLE` while the zone is paused, unless the set came with the zone; else its status. */
  readonly shownStatus: string
}

/** The marker of a page is no row that the tenant can see. */
export class MarkerNotFound extends Error {
  constructor(marker: string) {
    super(`No row ${marker} to continue after.`)
  }
}

/** A row of this key exists already. The transaction can only be rolled back. */
export class RowExists extends Error {}

/** A write named a row that is not there (any more), or one that refers to such. The transaction can only be rolled back. */
export class RowMissing extends Error {}

/** A page and the number of all matches. `offset` is ignored when `marker` (id of the last row before) is set. */
export interface Page {
  readonly limit: number
  readonly offset: number
  readonly marker?: string
  readonly sortKey: string
  readonly sortDir: 'asc' | 'desc'
}
export interface Listed<T> {
  readonly rows: T[]
  readonly total: number
  readonly hasMore: boolean
}

/** How a text filter compares: equal after lower-casing, or contains. */
export interface TextFilter {
  readonly value: string
  readonly mode: 'equal' | 'like'
}
export interface TagFilter {
  readonly key: string
  /** undefined: any value. */
  readonly value?: string
  readonly mode: 'equal' | 'contains'
}

/** A tag of this key that has one of these values; without values, any. */
export interface TagCondition {
  readonly key: string
  readonly values?: readonly { readonly value: string; readonly mode: 'equal' | 'contains' }[]
}
/** A search by tags: every part that is given must hold. An empty part says nothing. */
export interface TagSearch {
  /** All of these hold. */
  readonly all?: readonly TagCondition[]
  /** At least one of these holds. */
  readonly any?: readonly TagCondition[]
  /** Not all of these hold. */
  readonly notAll?: readonly TagCondition[]
  /** None of these holds. */
  readonly notAny?: readonly TagCondition[]
}
/** A key that is in use, with the values that it has somewhere. */
export interface TagInUse {
  readonly key: string
  readonly values: readonly string[]
}

export interface ZoneFilter {
  readonly zoneType: ZoneType
  readonly id?: string
  /** Matched against the shown name and the A-label form. */
  readonly name?: TextFilter
  readonly status?: string
  readonly tags?: readonly TagFilter[]
  readonly tagSearch?: TagSearch
  readonly enterpriseProjectId?: string
  readonly routerId?: string
}

export interface RecordSetFilter {
  /** One zone, or every visible zone of `zoneType`. */
  readonly zoneId?: string
  readonly zoneType?: ZoneType
  readonly id?: TextFilter
  readonly name?: TextFilter
  /** On one of these lines. */
  readonly lines?: readonly TextFilter[]
  readonly type?: string
  /** Compared with `shownStatus`. */
  readonly status?: string
  readonly records?: TextFilter
  readonly tags?: readonly TagFilter[]
  readonly tagSearch?: TagSearch
  /** No record set has a health check yet: any value matches nothing. */
  readonly healthCheckId?: string
}

/** Kinds of tasks on one zone. */
export type ZoneTaskKind = 'create_record_sets' | 'import_workbook' | 'import_file'
/** Kinds of tasks over public zones of an account. */
export type OperationTaskKind =
  | 'create_in_zones'
  | 'create_combined'
  | 'update_in_zones'
  | 'delete_in_zones'
  | 'create_zones'
  | 'transfer_zones'
export type TaskKind = ZoneTaskKind | OperationTaskKind
export type TaskStatus = 'PENDING' | 'DONE'

/**
 * One asynchronous piece of work. `slot` is the address under which at most one task may exist (for example
 * `batch:<zoneId>`), null for tasks found by id only. `cursor` is the index of the first of `itemCount` items that is
 * unprocessed; `successCount + errorCount` equals `totalCount` when DONE and both only grow.
 */
export interface Task {
  readonly id: string
  readonly kind: TaskKind
  readonly domainId: string
  readonly projectId: string
  /** null: an operation task, over many zones of the account. */
  readonly zoneId: string | null
  readonly slot: string | null
  readonly status: TaskStatus
  /** Where an item can have several outcomes or none, right only when DONE: until then each item ahead counts as one. */
  readonly totalCount: number
  readonly successCount: number
  readonly errorCount: number
  readonly cursor: number
  readonly itemCount: number
  readonly chunkCount: number
  /** Kind-specific settings of the task, for example `{ "language": "en-us" }`. */
  readonly params: Record<string, unknown>
  readonly idempotencyKey: string | null
  readonly createdBy: string
  readonly createdAt: number
  readonly updatedAt: number
  /** Feed position of the task's last commit: answered everywhere once every edge has reached it. 0 while nothing is committed. */
  readonly feedSeq: number
}

/** A run of items of a task, stored as one row. `first` is the index of its first item. */
export interface TaskChunk {
  readonly no: number
  readonly first: number
  readonly count: number
  readonly items: readonly unknown[]
}

/**
 * Why one item failed, in the order of the request. `item` is what the query operation shows of it. `index` counts outcomes:
 * where every item has exactly one, it is the index of the item.
 */
export interface TaskError {
  readonly index: number
  readonly item: Record<string, unknown>
  readonly code: string
  readonly message: string
}

/**
 * What one item did, so that the task can be undone: `before` is null for a creation, `after` null for a removal. `index` as in
 * {@link TaskError}.
 */
export interface TaskEffect {
  readonly index: number
  /** Of a task without a zone of its own. */
  readonly zoneId?: string
  /** null: what was done was done to the zone itself. */
  readonly recordSetId: string | null
  readonly before: Record<string, unknown> | null
  readonly after: Record<string, unknown> | null
}

export type LineStatus = 'ACTIVE' | 'FREEZE'

/** A line of an account's own: the visitors from some IPv4 addresses. */
export interface CustomLine {
  /** `custom_` and 32 hexadecimal digits. */
  readonly lineId: string
  readonly domainId: string
  /** Unique in the account, also among the names of groups. */
  readonly name: string
  /** `first-last` each, dotted decimal, ascending, disjoint. */
  readonly ipSegments: readonly string[]
  readonly status: LineStatus
  readonly description: string
  readonly createdAt: number
  readonly updatedAt: number | null
}

/** Several lines that one record set can serve. */
export interface LineGroup {
  /** `lgroup_` and 32 hexadecimal digits. */
  readonly lineId: string
  readonly domainId: string
  readonly name: string
  /** Ids of built-in and own custom lines. */
  readonly members: readonly string[]
  readonly status: LineStatus
  readonly description: string
  readonly createdAt: number
  readonly updatedAt: number | null
}

/** A line that record sets of a zone are on. */
export interface ZoneLine {
  readonly line: string
  /** Creation of the oldest of them. */
  readonly createdAt: number
}

export interface FeedEntry {
  readonly seq: number
  readonly zoneId: string
  readonly serial: number
  /** Operations of feed-codec. */
  readonly payload: Uint8Array
}

/** An entry before it has a number. */
export type NewFeedEntry = Omit<FeedEntry, 'seq'>

export interface Account {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
}
export interface Project {
  readonly id: string
  readonly domainId: string
  readonly name: string
  readonly enabled: boolean
}
export interface User {
  readonly id: string
  readonly domainId: string
  readonly name: string
  /** Hash in PHC form. */
  readonly passwordHash: string
  readonly enabled: boolean
  readonly createdAt: number
}
export interface AccessKey {
  readonly accessKey: string
  readonly userId: string
  /** AES-256-GCM under the installation's master key, base64. */
  readonly sealedSecret: string
  readonly enabled: boolean
  readonly createdAt: number
}
export interface Token {
  /** SHA-256 of the token, hexadecimal: the token itself is never stored. */
  readonly hash: string
  readonly userId: string
  readonly domainId: string
  /** null for a token of the account as a whole. */
  readonly projectId: string | null
  readonly methods: readonly string[]
  readonly issuedAt: number
  readonly expiresAt: number
}

/** Owner names (A-labels) of one zone. */
export interface OwnersInZone {
  readonly zoneId: string
  readonly owners: readonly string[]
}

/** What can be read with and without a transaction. */
export interface Reads
  extends AccessReads,
    ClaimReads,
    NetworkReads,
    ResolverReads,
    SecondaryReads,
    StandInReads,
    TransferReads,
    ZoneKeyReads {
  findZone(tenant: Tenant, zoneId: string): Promise<Zone | undefined>
  listZones(tenant: Tenant, filter: ZoneFilter, page: Page): Promise<Listed<Zone>>
  /** Every zone, of any account, with this apex (A-labels). For uniqueness rules only. */
  zonesByApex(apex: string, zoneType: ZoneType): Promise<Zone[]>
  /** Zones of the account, whatever the project: what its quota counts. */
  countZones(tenant: Tenant, zoneType: ZoneType): Promise<number>
  /** Those of these zones that the tenant can see, in no order. One query whatever their number. */
  zonesById(tenant: Tenant, zoneIds: readonly string[]): Promise<Zone[]>

  findRecordSet(tenant: Tenant, zoneId: string, recordSetId: string): Promise<RecordSet | undefined>
  listRecordSets(tenant: Tenant, filter: RecordSetFilter, page: Page): Promise<Listed<ListedRecordSet>>
  /** All record sets of a zone, all lines, at any of these owners (A-labels). One query whatever the number of owners. */
  recordSetsAt(zoneId: string, owners: readonly string[]): Promise<RecordSet[]>
  /** Those of these record sets that the tenant can see, of any zone, in no order. One query whatever their number. */
  recordSetsById(tenant: Tenant, recordSetIds: readonly string[]): Promise<ListedRecordSet[]>
  /**
   * For each owner and type that the zone has record sets of, among these types: the one with the lowest id, whatever its line.
   * Ordered by owner and type.
   */
  listOwnersOfTypes(
    zoneId: string,
    types: readonly string[],
    page: { limit: number; offset: number },
  ): Promise<Listed<RecordSet>>
  /** Whether the zone has a record set whose owner lies strictly below `owner`. */
  hasOwnersBelow(zoneId: string, owner: string): Promise<boolean>
  /**
   * Record sets in all zones of the account, public and private, whatever the project, without the SOA and NS that each zone
   * came with: what its quota counts.
   */
  countRecordSets(tenant: Tenant): Promise<number>
  /** Those of them that forward to a URL. */
  countUrlRecordSets(tenant: Tenant): Promise<number>
  /** Tags of the zones of one kind that the tenant can see, or of the record sets in them; keys and values in order. */
  listTagsInUse(tenant: Tenant, resource: 'zone' | 'record_set', zoneType: ZoneType): Promise<TagInUse[]>
  /** All record sets of a zone ordered by owner, type, line, id, in pages of `limit`. For export. */
  recordSetsInOrder(zoneId: string, after: RecordSet | undefined, limit: number): Promise<RecordSet[]>

  /** All custom lines of the account, newest first. */
  listCustomLines(tenant: Tenant): Promise<CustomLine[]>
  customLineIds(tenant: Tenant): Promise<string[]>
  /** All line groups of the account, newest first. */
  listLineGroups(tenant: Tenant): Promise<LineGroup[]>
  /** Whether a record set of the account, other than on the default line, is on this line. */
  isLineInUse(tenant: Tenant, lineId: string): Promise<boolean>
  /** The lines that the zone uses, in the order in which they came into use. */
  listZoneLines(zoneId: string): Promise<ZoneLine[]>

  /** The public zones with these apexes (A-labels), of any account. */
  publicZonesAt(apexes: readonly string[]): Promise<Zone[]>
  /** What `recordSetsAt` gives, of many zones. One query whatever the number of zones and owners. */
  recordSetsInZones(wanted: readonly OwnersInZone[]): Promise<RecordSet[]>

  findTask(tenant: Tenant, taskId: string): Promise<Task | undefined>
  findTaskInSlot(tenant: Tenant, slot: string): Promise<Task | undefined>
  findTaskByIdempotencyKey(tenant: Tenant, key: string): Promise<Task | undefined>
  /** Newest first. `zoneId` null: operation tasks. */
  listTasks(
    tenant: Tenant,
    filter: { zoneId?: string | null; status?: TaskStatus },
    page: { limit: number; offset: number },
  ): Promise<Listed<Task>>
  listTaskErrors(taskId: string, page: { limit: number; offset: number }): Promise<TaskError[]>
  listTaskEffects(taskId: string): Promise<TaskEffect[]>
  readTaskChunk(taskId: string, chunkNo: number): Promise<TaskChunk | undefined>

  /**
   * Sequence numbers held by the log: entries with `oldest <= seq <= newest` can be read; `oldest` is `newest + 1` when all
   * were dropped. Both 0 when nothing was ever written. `sizeBytes` is the size of the payloads held.
   */
  feedBounds(): Promise<{ oldest: number; newest: number; sizeBytes: number }>
  readFeed(afterSeq: number, limit: number): Promise<FeedEntry[]>
  /** Sizes of payloads, without reading them. For trimming. */
  feedSizes(afterSeq: number, limit: number): Promise<{ seq: number; sizeBytes: number }[]>

  findAccount(domainId: string): Promise<Account | undefined>
  findAccountByName(name: string): Promise<Account | undefined>
  listAccounts(): Promise<Account[]>
  findProject(projectId: string): Promise<Project | undefined>
  listProjects(domainId: string, filter?: { name?: string }): Promise<Project[]>
  findUser(userId: string): Promise<User | undefined>
  findUserByName(domainId: string, name: string): Promise<User | undefined>
  listUsers(domainId: string): Promise<User[]>
  findAccessKey(accessKey: string): Promise<AccessKey | undefined>
  findToken(hash: string): Promise<Token | undefined>
  /** A value of the installation, for example the feed secret. */
  findSetting(name: string): Promise<string | undefined>
}

export interface Tx
  extends Reads,
    AccessWrites,
    ClaimWrites,
    NetworkWrites,
    ResolverWrites,
    SecondaryWrites,
    TransferWrites,
    ZoneKeyWrites {
  /**
   * The zone, locked until the transaction ends: nobody else can lock it meanwhile, so conflict rules that read and then
   * write are safe. undefined when it is gone or not the tenant's.
   */
  lockZone(tenant: Tenant, zoneId: string): Promise<Zone | undefined>
  /** Adds the zone with `recordCount` 0, whatever `zone` says. */
  insertZone(zone: Zone): Promise<void>
  /** Writes every field of `zone` but `recordCount`, which the record set calls keep. */
  updateZone(zone: Zone): Promise<void>
  /** Removes the zone with its record sets and tasks. */
  removeZone(zoneId: string): Promise<void>

  /** Adds many rows at once and raises the zone's `recordCount`. All rows are of one zone. */
  insertRecordSets(zoneId: string, rows: readonly RecordSet[]): Promise<void>
  updateRecordSet(row: RecordSet): Promise<void>
  removeRecordSets(zoneId: string, recordSetIds: readonly string[]): Promise<void>

  /** Holds the lines and groups of the account until the transaction ends: whoever changes them or starts to use one calls this first. */
  lockLines(tenant: Tenant): Promise<void>
  /** Throws RowExists when the account has a line of this name. */
  insertCustomLine(line: CustomLine): Promise<void>
  updateCustomLine(line: CustomLine): Promise<void>
  removeCustomLine(tenant: Tenant, lineId: string): Promise<void>
  /** Throws RowExists when the account has a group of this name. */
  insertLineGroup(group: LineGroup): Promise<void>
  updateLineGroup(group: LineGroup): Promise<void>
  removeLineGroup(tenant: Tenant, lineId: string): Promise<void>

  /**
   * The tenant's public zones with these apexes (A-labels), locked as by `lockZone`, all in one order, so that two who lock
   * several cannot wait for each other.
   */
  lockPublicZones(tenant: Tenant, apexes: readonly string[]): Promise<Zone[]>
  /** Adds zones with `recordCount` 0. */
  insertZones(zones: readonly Zone[]): Promise<void>
  /** Writes `serial` and `revision` of zones, and nothing else of them. */
  updateZoneVersions(zones: readonly Zone[]): Promise<void>
  /** The following three are for record sets of many zones, with a few statements whatever their number. */
  insertRecordSetsInZones(rows: readonly RecordSet[]): Promise<void>
  updateRecordSetsInZones(rows: readonly RecordSet[]): Promise<void>
  removeRecordSetsInZones(rows: readonly RecordSet[]): Promise<void>

  insertTask(task: Task, chunks: readonly TaskChunk[]): Promise<void>
  updateTask(task: Task): Promise<void>
  insertTaskErrors(taskId: string, errors: readonly TaskError[]): Promise<void>
  insertTaskEffects(taskId: string, chunkNo: number, effects: readonly TaskEffect[]): Promise<void>
  removeTask(taskId: string): Promise<void>
  /** Frees the stored items of a finished task. */
  removeTaskChunks(taskId: string): Promise<void>
  /**
   * Claims the oldest PENDING task that nobody holds (no lease, or one that ended before `now`) and whose zone has no older
   * PENDING task, and leases it to `owner` until `leaseUntil`. Operation tasks wait for older ones of their account instead.
   */
  leaseTask(owner: string, now: number, leaseUntil: number): Promise<Task | undefined>
  /** Claims this very task, if it is still PENDING and free: for the node that has just accepted it. */
  leaseTaskById(taskId: string, owner: string, now: number, leaseUntil: number): Promise<Task | undefined>
  /** Prolongs a lease; false when it was lost to someone else or the task is gone. The row is locked until the end of the transaction. */
  renewLease(taskId: string, owner: string, leaseUntil: number): Promise<boolean>

  /** Appends to the log and returns the sequence number. Numbers become visible in order: a reader that saw n will never find a new entry below n. */
  appendFeed(entry: NewFeedEntry): Promise<number>
  /** Appends entries in their order and returns the sequence number of the last; 0 when there are none. */
  appendFeedEntries(entries: readonly NewFeedEntry[]): Promise<number>
  /** Drops entries up to and with `seq`. */
  trimFeed(seq: number): Promise<void>

  insertAccount(account: Account): Promise<void>
  insertProject(project: Project): Promise<void>
  insertUser(user: User): Promise<void>
  updateUser(user: User): Promise<void>
  insertAccessKey(key: AccessKey): Promise<void>
  insertToken(token: Token): Promise<void>
  removeToken(hash: string): Promise<void>
  removeExpiredTokens(now: number): Promise<void>
  putSetting(name: string, value: string): Promise<void>
  /** Sets what is not set yet; otherwise leaves it, also when another node was first a moment ago. */
  insertSetting(name: string, value: string): Promise<void>
}

/** A state of the whole store that does not move while it is read: for snapshots of the feed. */
export interface FeedSnapshot {
  /** Newest entry of the log that the state contains. */
  readonly seq: number
  zones(): Promise<Zone[]>
  /** The keys of all zones that are signed, in order. */
  zoneKeys(): Promise<ZoneKeyRow[]>
  /** Keys and access of transfers to other servers. */
  transfers(): Promise<{ keys: TsigKeyRow[]; access: TransferAccessRow[] }>
  /** Every custom line and line group, of all accounts. */
  lines(): Promise<{ customLines: CustomLine[]; groups: LineGroup[] }>
  /** Every private network, of all accounts. */
  networks(): Promise<Network[]>
  /** The PTR records that are answered: each is a zone of its own, published as kept. */
  ptrs(): Promise<{ zoneId: string; serial: number; payload: Uint8Array }[]>
  /**
   * Record sets with status ACTIVE and publishable rdata of one zone, ordered by owner, type, line, in pages; those of one
   * owner, type and line are always in one page.
   */
  publishedRecordSets(zoneId: string): AsyncIterable<RecordSet[]>
}

export interface Store extends Reads {
  readonly engine: 'sqlite' | 'postgres'
  /** Brings the schema up to date. Safe when several nodes start at once. */
  migrate(): Promise<void>
  /** Runs `work` in one transaction: commits when it resolves, rolls back when it throws. Retries are the store's business, so `work` may run twice. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  readSnapshot<T>(work: (snapshot: FeedSnapshot) => Promise<T>): Promise<T>
  /** Calls `listener` after a commit that appended to the feed, of this process or (PostgreSQL: LISTEN) of another. Returns the unsubscriber. */
  onFeed(listener: () => void): () => void
  /** One trivial round trip, for readiness. Throws when the database cannot be reached. */
  ping(): Promise<void>
  close(): Promise<void>
}
