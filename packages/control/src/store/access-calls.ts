import type { AccessKey, Account, Project } from './store.ts'

/** What users may do, and what was done, as the store keeps them. */

/** Zones of an account that a call may touch, where it is not all of them. */
export interface ZoneScope {
  /** Only these. */
  readonly only?: readonly string[]
  /** All but these. */
  readonly except?: readonly string[]
}

export type Role = 'administrator' | 'full_access' | 'read_only' | 'zone_administrator' | 'none'

/** What a user may do. A user without one may do nothing. */
export interface Grant {
  readonly userId: string
  readonly role: Role
  /** Zones that a zone administrator is limited to. */
  readonly zoneIds: readonly string[]
  /** Policies in JSON form, as they were given: they add to the role and take from it. */
  readonly policies: readonly object[]
}

/** One row that a write made, changed or removed. */
export interface AuditChange {
  /** What it is a row of, for example `RecordSet`. */
  readonly kind: string
  readonly id: string
  /** null: it was made. */
  readonly before: object | null
  /** null: it was removed. */
  readonly after: object | null
}

/** Who called what: the same for every entry of a request. */
export interface AuditCaller {
  readonly domainId: string
  readonly projectId: string
  readonly userId: string
  readonly userName: string
  /** Address at the other end of the connection; empty where there is none. */
  readonly address: string
  readonly requestId: string
  readonly operation: string
  /** Method and path of the request. */
  readonly request: string
}

/** One committed write. */
export interface AuditEntry extends AuditCaller {
  readonly id: string
  readonly at: number
  /** Zone that was written to; null where it was none or several. */
  readonly zoneId: string | null
  /** The first of the changes; `changeCount` says how many there were. */
  readonly changes: readonly AuditChange[]
  readonly changeCount: number
}

export interface AuditFilter {
  readonly userName?: string
  readonly operation?: string
  readonly requestId?: string
  readonly zoneId?: string
  /** First and last time, inclusive. */
  readonly from?: number
  readonly until?: number
}

export interface AccessReads {
  findGrant(userId: string): Promise<Grant | undefined>
  listGrants(domainId: string): Promise<Grant[]>
  listAccessKeys(domainId: string, userId?: string): Promise<AccessKey[]>
  /** Newest first, those older than the entry `marker`; it need not exist any more, ids grow with time. */
  listAudit(
    domainId: string,
    filter: AuditFilter,
    page: { readonly limit: number; readonly marker?: string },
  ): Promise<AuditEntry[]>
}

export interface AccessWrites {
  updateAccount(account: Account): Promise<void>
  updateProject(project: Project): Promise<void>
  /** Removes the user with grant, keys and tokens. */
  removeUser(userId: string): Promise<void>
  /** Ends everything that was issued to the user until now. */
  removeTokensOf(userId: string): Promise<void>
  /** Sets what the user may do. */
  putGrant(grant: Grant): Promise<void>
  updateAccessKey(key: AccessKey): Promise<void>
  removeAccessKey(accessKey: string): Promise<void>
  insertAuditEntry(entry: AuditEntry): Promise<void>
  /** Drops entries from before `time`, at most `limit` of them; returns how many. */
  trimAudit(time: number, limit: number): Promise<number>
}
