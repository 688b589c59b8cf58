import type { Logger } from 'pino'
import type { Store } from './store/store.ts'
import type { TaskEngine } from './tasks/engine.ts'
import type { SecretBox } from './tenants/secrets.ts'

/** Settings of the control plane; `server/src/settings.ts` reads them from flags and environment. */
export interface ControlSettings {
  /** Scheme and host that callers use, when it cannot be taken from the request. */
  readonly publicUrl: string | undefined
  /** Host names of the name servers put into the SOA and NS of new zones, final dot. */
  readonly nameServers: readonly string[]
  /** Addresses at which private networks ask; shown to callers, used for nothing else. */
  readonly privateNameServers: readonly string[]
  /** `address:port` of recursive servers for look-ups that a caller asks for; undefined: those of the machine, empty: none. */
  readonly resolvers: readonly string[] | undefined
  /** Where names under URL forwarding lead; with none such record sets are kept and not published. */
  readonly redirectAddresses: readonly string[]
  /** Prefixes from which addresses are given to clients of the EIP service that name none. */
  readonly addressPool: readonly string[]
  /** Region ids: each is the name of a project in every account. */
  readonly regions: readonly string[]
  /** Items of one batch-create task (API: 2000). */
  readonly batchItems: number
  /** Record sets or zones of one operation task (API: 10,000), zones of one transfer (API: 1,000). */
  readonly operationItems: number
  readonly transferZones: number
  /** Rows of one Excel import (API: 500). */
  readonly importRows: number
  /** Bytes of one Excel import (API: 2 MB). */
  readonly importBytes: number
  /** Rows of one Excel export. */
  readonly exportRows: number
  /** Bytes of any other body (API: 12 MB). */
  readonly bodyBytes: number
  /** Bytes and items of a file given to our own import. */
  readonly fileBytes: number
  readonly fileItems: number
  /** Record sets per account; 2147483647 = unlimited. */
  readonly recordSetQuota: number
  readonly zoneQuota: number
  /** Custom lines and line groups of one account. */
  readonly customLineQuota: number
  readonly lineGroupQuota: number
  readonly ptrQuota: number
  readonly inboundEndpointQuota: number
  readonly outboundEndpointQuota: number
  readonly resolverRuleQuota: number
  /** Segments of one custom line (API: 1500). */
  readonly lineSegments: number
  /** Number of the DNSSEC algorithm of new keys. */
  readonly dnssecAlgorithm: number
  /** Days that a ZSK signs before another one takes its place; 0: until somebody rolls it. */
  readonly dnssecZskDays: number
  /** DNSSEC is not disabled while the parent has a DS record of the zone. */
  readonly dnssecKeepWhileDs: boolean
  /** Only the vendor's record types are accepted. */
  readonly strictTypes: boolean
  /** CNAME may stand beside MX and TXT at the apex of a public zone. */
  readonly apexCnameWithMail: boolean
  /** A finished batch task does not block the next one. */
  readonly replaceFinishedTask: boolean
  readonly tokenLifetimeMs: number
  readonly clockWindowMs: number
  /** How long entries of the audit log are kept. */
  readonly auditDays: number
  /** Requests a second of one account and of one client address; 0 = unlimited. */
  readonly accountRate: number
  readonly addressRate: number
  /** How long the answer to a change waits at most for the edges to serve it; 0: not at all. */
  readonly answerWaitMs: number
  /** The last address in X-Forwarded-For is the client's: a proxy stands before the server. */
  readonly behindProxy: boolean
}

/** What every feature works with. Time, ids and the store are passed in, so tests can own them. */
export interface Context {
  readonly store: Store
  readonly settings: ControlSettings
  readonly log: Logger
  readonly tasks: TaskEngine
  /** For what the database must not hold in the clear. */
  readonly secrets: SecretBox
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number
  /** 32 lower-case hexadecimal digits, growing with time so that ids sort in order of creation. */
  readonly newId: () => string
}
