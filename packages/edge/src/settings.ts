import { availableParallelism, hostname } from 'node:os'
import manifest from '../package.json' with { type: 'json' }
import type { QueryLogSettings } from './observe/query-log.ts'
import { type TransportSettings, transportSettings } from './transport/transport-settings.ts'
import type { DnsAddress } from './transport/worker-messages.ts'

export interface EdgeSettings {
  /** Where to answer, UDP and TCP each. Port 0 lets the system choose. */
  readonly dns: readonly DnsAddress[]
  /** Folder of the edge's own snapshot, undefined to keep none. */
  readonly dataFolder: string | undefined
  /** The operator's file of line data, which need not be there; undefined for none. */
  readonly lineData: string | undefined
  /** Base URL of the control plane, undefined to follow none. */
  readonly feedUrl: string | undefined
  readonly feedSecret: string
  /** Threads that answer. */
  readonly workers: number
  /** Names this edge among those of an installation. */
  readonly edgeId: string
  /** Where to serve /metrics, /healthz and /readyz; undefined for nowhere. */
  readonly metrics: DnsAddress | undefined
  readonly transports: TransportSettings
  readonly logging: QueryLogSettings
  /** Name of the catalog zone (RFC 9432), undefined for none. */
  readonly catalogZone?: string | undefined
  /** Of the program, for metrics and reports. */
  readonly version: string
}

/** Reads `host:port`, `[v6]:port`, or several with commas between. Throws an Error that says what is wrong. */
export function parseAddresses(text: string): DnsAddress[] {
  return text.split(',').map((part) => parseAddress(part.trim()))
}

function parseAddress(text: string): DnsAddress {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65535) {
    throw new Error(`"${text}" is not an address like 127.0.0.1:5353 or [::1]:5353.`)
  }
  return { host: match[1] ?? match[2]!, port }
}

export const formatAddress = ({ host, port }: DnsAddress): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

/** Settings from WAYMARK_… variables. Throws an Error for a value that makes no sense. */
export function settingsFromEnvironment(env: Record<string, string | undefined>): EdgeSettings {
  const workers = env.WAYMARK_WORKERS ? Number(env.WAYMARK_WORKERS) : availableParallelism()
  if (!Number.isInteger(workers) || workers < 1 || workers > 256) {
    throw new Error(`WAYMARK_WORKERS is "${env.WAYMARK_WORKERS}"; it is a number from 1 to 256.`)
  }
  const edgeId = env.WAYMARK_EDGE_ID || hostname()
  if (!/^[\w.-]{1,128}$/.test(edgeId)) {
    throw new Error(`WAYMARK_EDGE_ID is "${edgeId}"; letters, digits, ".", "-" and "_" are allowed.`)
  }
  const sample = env.WAYMARK_QUERY_LOG_SAMPLE ? Number(env.WAYMARK_QUERY_LOG_SAMPLE) : 1
  if (!Number.isInteger(sample) || sample < 1) {
    throw new Error(
      `WAYMARK_QUERY_LOG_SAMPLE is "${env.WAYMARK_QUERY_LOG_SAMPLE}"; it is a number from 1 on.`,
    )
  }
  return {
    dns: parseAddresses(env.WAYMARK_DNS || '127.0.0.1:5353'),
    dataFolder: env.WAYMARK_DATA || undefined,
    lineData: env.WAYMARK_LINE_DATA || undefined,
    feedUrl: env.WAYMARK_FEED_URL || undefined,
    feedSecret: env.WAYMARK_FEED_SECRET ?? '',
    workers,
    edgeId,
    metrics: env.WAYMARK_EDGE_METRICS ? parseAddresses(env.WAYMARK_EDGE_METRICS)[0] : undefined,
    transports: transportSettings(env, parseAddresses),
    logging: {
      queryLog: env.WAYMARK_QUERY_LOG || undefined,
      dnstap: env.WAYMARK_DNSTAP || undefined,
      sample,
    },
    catalogZone: env.WAYMARK_CATALOG_ZONE || undefined,
    version: manifest.version,
  }
}
