import { FLAGS_KSK, type PublicKey } from './dnskey.ts'

/**
 * The keys of a zone and when each does what. Nothing has to happen at these moments: whoever signs looks at the clock, so a
 * key is rolled by adding one and giving the old one its end.
 *
 *     zone keys   u8 keys | key…
 *     key         u16 flags | u8 algorithm | u8 length, public key | u8 length, private key
 *                 | u32 published | u32 active | u32 retired | u32 removed
 *
 * Times are seconds since 1970, {@link NEVER} for a moment that is not planned. All numbers are big-endian.
 */
export interface ZoneKey extends PublicKey {
  /** The secret number: d of ECDSA P-256, the seed of Ed25519; 32 octets. */
  readonly privateKey: Uint8Array
  readonly times: KeyTimes
}

/** Each moment is at or after the one before it. */
export interface KeyTimes {
  /** In the DNSKEY set from here on. */
  readonly published: number
  /** Signs from here on. */
  readonly active: number
  /** Signs no longer. */
  readonly retired: number
  /** In the DNSKEY set no longer. */
  readonly removed: number
}

export const NEVER = 0xffffffff

const TIMES = ['published', 'active', 'retired', 'removed'] as const

export const isKsk = ({ flags }: PublicKey): boolean => flags === FLAGS_KSK

export const isPublished = ({ published, removed }: KeyTimes, now: number): boolean =>
  published <= now && now < removed

export const isActive = ({ active, retired }: KeyTimes, now: number): boolean =>
  active <= now && now < retired

/** Whether the parent is to have a DS for this key: it is in use, and no end of that is planned (RFC 7344 4.1). */
export const wantsDs = (key: ZoneKey, now: number): boolean =>
  isKsk(key) && isPublished(key.times, now) && key.times.retired === NEVER

/** When the first of the moments after `now` comes; {@link NEVER} when nothing changes any more. */
export function nextMoment(keys: readonly ZoneKey[], now: number): number {
  let next = NEVER
  for (const { times } of keys)
    for (const name of TIMES) if (times[name] > now) next = Math.min(next, times[name])
  return next
}

export function encodeZoneKeys(keys: readonly ZoneKey[]): Uint8Array {
  const out: number[] = [keys.length]
  for (const { flags, algorithm, publicKey, privateKey, times } of keys) {
    out.push(flags >> 8, flags & 255, algorithm)
    out.push(publicKey.length, ...publicKey, privateKey.length, ...privateKey)
    for (const name of TIMES) {
      const time = times[name]
      out.push(time >>> 24, (time >>> 16) & 255, (time >>> 8) & 255, time & 255)
    }
  }
  return Uint8Array.from(out)
}

/** The keys of an encoded form, copied out of it; null when the octets are none. */
export function decodeZoneKeys(octets: Uint8Array): ZoneKey[] | null {
  const keys: ZoneKey[] = []
  let at = 1
  const u32 = (): number => {
    at += 4
    return (
      ((octets[at - 4]! << 24) | (octets[at - 3]! << 16) | (octets[at - 2]! << 8) | octets[at - 1]!) >>> 0
    )
  }
  const part = (): Uint8Array => {
    const from = at + 1
    at = from + (octets[at] ?? 0)
    return octets.slice(from, at)
  }
  for (let left = octets[0] ?? 0; left > 0; left--) {
    const flags = (octets[at]! << 8) | octets[at + 1]!
    const algorithm = octets[at + 2]!
    at += 3
    const publicKey = part()
    const privateKey = part()
    const times = { published: u32(), active: u32(), retired: u32(), removed: u32() }
    if (at > octets.length) return null
    keys.push({ flags, algorithm, publicKey, privateKey, times })
  }
  return at === octets.length ? keys : null
}
