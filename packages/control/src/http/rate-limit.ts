import { KeptValues } from '../kept-values.ts'

/** Bursts of so many seconds' worth are let through. */
const BURST_SECONDS = 2
const CAPACITY = 50_000

interface Bucket {
  tokens: number
  filledAt: number
}

/**
 * Counts requests by key (an account, an address), so many a second with short bursts. Counters live in this process:
 * every node allows its own share.
 */
export class RateLimit {
  readonly #buckets = new KeptValues<Bucket>(CAPACITY)
  readonly #rate: number
  readonly #now: () => number

  /** `rate` in requests a second; 0: no limit. */
  constructor(rate: number, now: () => number) {
    this.#rate = rate
    this.#now = now
  }

  /** Takes one request of `key`: 0 when it may pass, else the seconds until one may. */
  take(key: string): number {
    if (this.#rate === 0) return 0
    const now = this.#now()
    const full = this.#rate * BURST_SECONDS
    let bucket = this.#buckets.get(key)
    if (bucket === undefined) {
      bucket = { tokens: full, filledAt: now }
      this.#buckets.set(key, bucket)
    }
    bucket.tokens = Math.min(full, bucket.tokens + (Math.max(0, now - bucket.filledAt) / 1000) * this.#rate)
    bucket.filledAt = now
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / this.#rate)
    bucket.tokens--
    return 0
  }
}
