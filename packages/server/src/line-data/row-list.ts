import type { LineRow } from './line-layers.ts'

/**
 * Collects rows in ascending order and joins neighbours on the same line, so that a file of millions of ranges becomes a list of
 * what our lines tell apart. Addresses are their first 64 bits in two halves; IPv4 has the lower half alone.
 */
export class RowList {
  readonly rows: LineRow[] = []
  readonly #isIpv6: boolean
  #line: string | undefined
  #firstHigh = 0
  #firstLow = 0
  #lastHigh = 0
  #lastLow = 0

  constructor(isIpv6: boolean) {
    this.#isIpv6 = isIpv6
  }

  /** The addresses from first to last, both inclusive, are on `line`; undefined: nothing is known of them. */
  add(
    firstHigh: number,
    firstLow: number,
    lastHigh: number,
    lastLow: number,
    line: string | undefined,
  ): void {
    if (this.#line !== undefined && this.#line === line && this.#isNext(firstHigh, firstLow)) {
      this.#lastHigh = lastHigh
      this.#lastLow = lastLow
      return
    }
    this.flush()
    this.#line = line
    this.#firstHigh = firstHigh
    this.#firstLow = firstLow
    this.#lastHigh = lastHigh
    this.#lastLow = lastLow
  }

  /** Ends the last row. */
  flush(): void {
    if (this.#line === undefined) return
    this.rows.push({
      isIpv6: this.#isIpv6,
      first: (BigInt(this.#firstHigh) << 32n) | BigInt(this.#firstLow),
      last: (BigInt(this.#lastHigh) << 32n) | BigInt(this.#lastLow),
      line: this.#line,
    })
    this.#line = undefined
  }

  /** Whether an address follows the last one, or lies in the same /64 as it. */
  #isNext(high: number, low: number): boolean {
    if (high === this.#lastHigh) return low <= this.#lastLow + 1
    return high === this.#lastHigh + 1 && low === 0 && this.#lastLow === 0xffffffff
  }
}
