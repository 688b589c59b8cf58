import { KeptValues } from '../kept-values.ts'

/** Failures a name may have from one address, and an address with all names, before both are made to wait. */
const FAILURES_PER_NAME = 5
const FAILURES_PER_ADDRESS = 50
const WINDOW_MS = 5 * 60_000
const CAPACITY = 50_000

/**
 * Slows the guessing of passwords. The name counts together with the address, so that a guesser elsewhere cannot lock
 * the owner out. Counters live in this process: every node allows its own share.
 */
export class AttemptLimit {
  readonly #failures = new KeptValues<{ count: number; readonly until: number }>(CAPACITY)
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Seconds to wait before the next attempt; 0 when it may be made. */
  waitSeconds(name: string, address: string): number {
    return Math.max(
      this.#wait(`${address} ${name}`, FAILURES_PER_NAME),
      this.#wait(address, FAILURES_PER_ADDRESS),
    )
  }

  failed(name: string, address: string): void {
    this.#count(`${address} ${name}`)
    this.#count(address)
  }

  succeeded(name: string, address: string): void {
    this.#failures.delete(`${address} ${name}`)
  }

  #wait(key: string, allowed: number): number {
    const entry = this.#failures.get(key)
    if (entry === undefined || entry.count < allowed) return 0
    return Math.max(0, Math.ceil((entry.until - this.#now()) / 1000))
  }

  #count(key: string): void {
    const now = this.#now()
    const entry = this.#failures.get(key)
    if (entry !== undefined && entry.until > now) entry.count++
    else this.#failures.set(key, { count: 1, until: now + WINDOW_MS })
  }
}
