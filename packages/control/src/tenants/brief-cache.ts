/**
 * Remembers what was looked up for a few seconds, so that a burst of requests by one caller costs one look-up; a change
 * made by another node shows after that time. Concurrent look-ups of one key are one. Absent values are not remembered:
 * they cost a query each, but a new key works at once and nobody can fill the cache with inventions.
 */
export class BriefCache<V> {
  readonly #entries = new Map<string, { readonly until: number; readonly value: Promise<V | undefined> }>()
  readonly #lifetimeMs: number
  readonly #capacity: number
  readonly #now: () => number

  constructor(lifetimeMs: number, capacity: number, now: () => number) {
    this.#lifetimeMs = lifetimeMs
    this.#capacity = capacity
    this.#now = now
  }

  async get(key: string, load: () => Promise<V | undefined>): Promise<V | undefined> {
    const held = this.#entries.get(key)
    if (held !== undefined && held.until > this.#now()) return held.value
    if (this.#entries.size >= this.#capacity) this.#entries.clear()
    const value = load()
    this.#entries.set(key, { until: this.#now() + this.#lifetimeMs, value })
    try {
      const found = await value
      if (found === undefined) this.#entries.delete(key)
      return found
    } catch (error) {
      this.#entries.delete(key)
      throw error
    }
  }

  forget(key: string): void {
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }
}
