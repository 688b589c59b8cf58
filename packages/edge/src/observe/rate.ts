/** How fast a count grows, measured over at least `minSeconds` at a time. */
export class Rate {
  readonly #minSeconds: number
  readonly #now: () => number
  #count = 0
  #at: number
  #perSecond = 0

  /** `now` in milliseconds. */
  constructor(minSeconds: number, now: () => number = () => performance.now()) {
    this.#minSeconds = minSeconds
    this.#now = now
    this.#at = now()
  }

  /** The rate lately, when the count is `count` now. */
  perSecond(count: number): number {
    const seconds = (this.#now() - this.#at) / 1000
    if (seconds < this.#minSeconds) return this.#perSecond
    this.#perSecond = (count - this.#count) / seconds
    this.#count = count
    this.#at += seconds * 1000
    return this.#perSecond
  }
}
