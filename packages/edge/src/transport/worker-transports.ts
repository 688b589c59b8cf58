import { PLAIN_PROFILE, type ProfileSettings } from '../answer/server-profile.ts'
import { type ConnectionSettings, connectionMemory } from './connection-limits.ts'
import type { TlsMaterial } from './tls-material.ts'
import type { DnsAddress } from './worker-messages.ts'

/** What a thread needs besides its table to answer as the operator wants it; plain data. */
export interface WorkerTransports {
  /** DNS over TLS. */
  readonly dot: readonly DnsAddress[]
  /** DNS over HTTPS. */
  readonly doh: readonly DnsAddress[]
  /** Undefined where nothing is encrypted. */
  readonly tls: TlsMaterial | undefined
  readonly idleSeconds: number
  readonly connections: ConnectionSettings
  readonly profile: ProfileSettings
  /** Recursive servers for names that recursive private zones do not have; none: nobody is asked. */
  readonly upstream: readonly DnsAddress[]
}

/** Where a thread listens. */
export interface BoundAddresses {
  /** UDP and TCP. */
  readonly dns: readonly DnsAddress[]
  readonly dot: readonly DnsAddress[]
  readonly doh: readonly DnsAddress[]
}

/** UDP and TCP with the limits that settings have when nobody sets them. */
export const plainTransports = (): WorkerTransports => ({
  dot: [],
  doh: [],
  tls: undefined,
  idleSeconds: 10,
  connections: { total: 4096, perAddress: 128, memory: connectionMemory(), seed: 0 },
  profile: PLAIN_PROFILE,
  upstream: [],
})
