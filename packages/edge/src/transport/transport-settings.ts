import { parseSecrets } from '../cookies/secret-file.ts'
import { rateMemory } from '../rate-limit/rate-limiter.ts'
import { connectionMemory } from './connection-limits.ts'
import { readTlsFiles, type TlsFiles } from './tls-material.ts'
import type { DnsAddress } from './worker-messages.ts'
import type { WorkerTransports } from './worker-transports.ts'

/** What the operator says about transports, and about what this server tells and demands. */
export interface TransportSettings {
  readonly dot: readonly DnsAddress[]
  readonly doh: readonly DnsAddress[]
  /** Certificate and key of both. */
  readonly tls: TlsFiles | undefined
  readonly nsid: string
  readonly chaosId: string
  readonly chaosVersion: string
  /** 16 octets each, the current one first; undefined to make and keep one. */
  readonly cookieSecrets: readonly Uint8Array[] | undefined
  readonly requiresCookie: boolean
  /** Answers a second for a client prefix, 0 for no limit. */
  readonly rate: number
  readonly slip: number
  readonly connections: number
  readonly connectionsPerAddress: number
  readonly idleSeconds: number
  /** Recursive servers; none: no name is looked up elsewhere. */
  readonly upstream: readonly DnsAddress[]
}

type Environment = Record<string, string | undefined>

/** Reads the settings from WAYMARK_… variables. Throws an Error for a value that makes no sense. */
export function transportSettings(
  env: Environment,
  parseAddresses: (text: string) => DnsAddress[],
): TransportSettings {
  const dot = env.WAYMARK_DOT ? parseAddresses(env.WAYMARK_DOT) : []
  const doh = env.WAYMARK_DOH ? parseAddresses(env.WAYMARK_DOH) : []
  const { WAYMARK_TLS_CERT: cert, WAYMARK_TLS_KEY: key } = env
  if (dot.length + doh.length > 0 && !(cert && key)) {
    throw new Error('WAYMARK_DOT and WAYMARK_DOH need WAYMARK_TLS_CERT and WAYMARK_TLS_KEY.')
  }
  return {
    dot,
    doh,
    tls: cert && key ? { cert, key } : undefined,
    nsid: shortText(env, 'WAYMARK_NSID', 64),
    chaosId: shortText(env, 'WAYMARK_CHAOS_ID', 128),
    chaosVersion: shortText(env, 'WAYMARK_CHAOS_VERSION', 128),
    cookieSecrets: env.WAYMARK_COOKIE_SECRET ? parseSecrets(env.WAYMARK_COOKIE_SECRET) : undefined,
    requiresCookie: env.WAYMARK_REQUIRE_COOKIE === 'true',
    rate: integer(env, 'WAYMARK_RRL', 0, 0, 1_000_000),
    slip: integer(env, 'WAYMARK_RRL_SLIP', 2, 0, 100),
    connections: integer(env, 'WAYMARK_TCP_CONNECTIONS', 4096, 1, 1_000_000),
    connectionsPerAddress: integer(env, 'WAYMARK_TCP_CONNECTIONS_PER_ADDRESS', 128, 1, 1_000_000),
    upstream: env.WAYMARK_UPSTREAM ? parseAddresses(env.WAYMARK_UPSTREAM) : [],
    idleSeconds: integer(env, 'WAYMARK_TCP_IDLE', 10, 1, 3600),
  }
}

/** The same as every thread needs it, with what they share. Throws an Error for a certificate that cannot be used. */
export function workerTransports(
  settings: TransportSettings,
  cookieSecrets: readonly Uint8Array[],
): WorkerTransports {
  const { rate, slip } = settings
  const isEncrypted = settings.dot.length + settings.doh.length > 0
  return {
    dot: settings.dot,
    doh: settings.doh,
    tls: isEncrypted && settings.tls !== undefined ? readTlsFiles(settings.tls) : undefined,
    idleSeconds: settings.idleSeconds,
    upstream: settings.upstream,
    connections: {
      total: settings.connections,
      perAddress: settings.connectionsPerAddress,
      memory: connectionMemory(),
      seed: randomSeed(),
    },
    profile: {
      nsid: settings.nsid,
      chaosId: settings.chaosId,
      chaosVersion: settings.chaosVersion,
      cookieSecrets,
      requiresCookie: settings.requiresCookie,
      rateLimit: rate === 0 ? undefined : { rate, slip, memory: rateMemory(), seed: randomSeed() },
    },
  }
}

const randomSeed = (): number => crypto.getRandomValues(new Int32Array(1))[0]!

function integer(env: Environment, name: string, or: number, min: number, max: number): number {
  const value = env[name] ? Number(env[name]) : or
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`${name} is "${env[name]}"; it is a number from ${min} to ${max}.`)
  }
  return value
}

function shortText(env: Environment, name: string, longest: number): string {
  const value = env[name] ?? ''
  if (!/^[\x20-\x7e]*$/.test(value) || value.length > longest) {
    throw new Error(`${name} is "${value}"; at most ${longest} printable ASCII characters are allowed.`)
  }
  return value
}
