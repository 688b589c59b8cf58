import { encodeUtf8 } from '@waymark/dns/feed-codec'
import { ServerCookies } from '../cookies/server-cookies.ts'
import { RateLimiter } from '../rate-limit/rate-limiter.ts'

/** How a server behaves besides its zones, as plain data: it is handed to every thread. */
export interface ProfileSettings {
  /** Name of this server for NSID (RFC 5001), at most 64 octets; '' for none. */
  readonly nsid: string
  /** Text of `id.server` and `hostname.bind` in class CH (RFC 4892); '' to refuse them. */
  readonly chaosId: string
  /** Text of `version.server` and `version.bind`; '' to refuse them. */
  readonly chaosVersion: string
  /** Secrets of server cookies, 16 octets each, the current one first; none for no cookies. */
  readonly cookieSecrets: readonly Uint8Array[]
  /** Clients that know cookies need a valid one over UDP. */
  readonly requiresCookie: boolean
  readonly rateLimit: RateSettings | undefined
}

export interface RateSettings {
  /** Answers per second over UDP to one client prefix. */
  readonly rate: number
  /** Every how-manieth answer over the rate is sent, truncated; 0 for none. */
  readonly slip: number
  readonly memory: SharedArrayBuffer
  /** Secret, the same for all threads. */
  readonly seed: number
}

export const PLAIN_PROFILE: ProfileSettings = {
  nsid: '',
  chaosId: '',
  chaosVersion: '',
  cookieSecrets: [],
  requiresCookie: false,
  rateLimit: undefined,
}

/** The settings as one thread's answer path needs them. */
export class ServerProfile {
  readonly nsid: Uint8Array
  readonly chaosId: Uint8Array
  readonly chaosVersion: Uint8Array
  readonly cookies: ServerCookies | null
  readonly requiresCookie: boolean
  readonly limiter: RateLimiter | null
  readonly slip: number
  /** Answers over the rate so far, as far as slipping needs it. */
  limited = 0

  constructor(settings: ProfileSettings = PLAIN_PROFILE, clock: () => number = Date.now) {
    const { cookieSecrets, rateLimit } = settings
    this.nsid = encodeUtf8(settings.nsid)
    this.chaosId = encodeUtf8(settings.chaosId)
    this.chaosVersion = encodeUtf8(settings.chaosVersion)
    this.cookies = cookieSecrets.length === 0 ? null : new ServerCookies(cookieSecrets, clock)
    this.requiresCookie = settings.requiresCookie
    this.limiter =
      rateLimit === undefined
        ? null
        : new RateLimiter(rateLimit.memory, rateLimit.seed, rateLimit.rate, clock)
    this.slip = rateLimit?.slip ?? 0
  }
}
