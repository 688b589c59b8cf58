/** Choices that a seed decides: the same seed makes the same zones and asks the same questions. */
export class Random {
  #state: number

  constructor(seed: number) {
    // Neighbouring seeds shall not begin alike, and xorshift must not begin with 0.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1
    for (let i = 0; i < 8; i++) this.next()
  }

  /** 32 bits. */
  next(): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    return x >>> 0
  }

  /** 0 to `below` - 1. */
  below(below: number): number {
    return this.next() % below
  }

  chance(share: number): boolean {
    return this.next() < share * 0x1_0000_0000
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }

  /** One of the values, each as likely as its number says. */
  weighted<T>(choices: readonly (readonly [number, T])[]): T {
    let rest = this.below(choices.reduce((sum, [weight]) => sum + weight, 0))
    for (const [weight, value] of choices) {
      rest -= weight
      if (rest < 0) return value
    }
    throw new Error('no choices')
  }
}
