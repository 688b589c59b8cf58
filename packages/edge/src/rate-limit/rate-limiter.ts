import type { Source } from '../line/source-address.ts'
import { mix, PrefixHash } from './prefix-hash.ts'

/** Each query is entered at two places of the table. */
const PLACES = 1 << 16
/** Milliseconds' worth of answers that may come at once. */
const BURST_MS = 1000

/** Memory of a limiter, for all threads together: 1 MiB. */
export const rateMemory = (): SharedArrayBuffer => new SharedArrayBuffer(PLACES * 2 * 8)

/**
 * Limits answers by client prefix: /24 of IPv4, /56 of IPv6. A place holds the time, in milliseconds, up to which answers have been
 * given out in advance; it may lie one second ahead (this is the generic cell rate algorithm: a bucket of tokens in one number).
 * Prefixes share places by chance, so each has two of them, chosen by a secret seed, and is limited only when both are full.
 *
 * Threads write the table without locks: what is lost when two write at once is one query's worth.
 */
export class RateLimiter {
  readonly #table: Float64Array
  readonly #prefixes: PrefixHash
  readonly #intervalMs: number
  readonly #clock: () => number

  /** `rate` in answers per second. All threads have the same `memory` and `seed`. */
  constructor(memory: SharedArrayBuffer, seed: number, rate: number, clock: () => number = Date.now) {
    this.#table = new Float64Array(memory)
    this.#prefixes = new PrefixHash(seed, 24, 56)
    this.#intervalMs = 1000 / rate
    this.#clock = clock
  }

  /** Counts a query of `source`; false when its prefix has had its share. */
  allows(source: string | Source): boolean {
    const hash = this.#prefixes.of(source)
    const first = hash & (PLACES - 1)
    const second = PLACES + (mix(hash ^ 0x5bd1e995) & (PLACES - 1))
    const now = this.#clock()
    const isFirstFree = this.#isFree(first, now)
    const isSecondFree = this.#isFree(second, now)
    if (!isFirstFree && !isSecondFree) return false
    if (isFirstFree) this.#enter(first, now)
    if (isSecondFree) this.#enter(second, now)
    return true
  }

  #isFree(place: number, now: number): boolean {
    const ahead = this.#table[place]! - now
    // More than the burst and the last step can only be from before the clock was set back.
    return ahead + this.#intervalMs <= BURST_MS || ahead > BURST_MS
  }

  #enter(place: number, now: number): void {
    const until = this.#table[place]!
    const start = until < now || until - now > BURST_MS ? now : until
    this.#table[place] = start + this.#intervalMs
  }
}
