import type { LinesHandle } from './line-table.ts'
import { OwnLines } from './own-lines.ts'
import type { RangeTable } from './ranges.ts'

/** No record set is on the line. */
const UNUSED = 0

/** Read access to lines, one a thread: from a visitor's address to the numbers of the lines that the visitor is on. */
export class LineView {
  #handle: LinesHandle
  #ranges: RangeTable | undefined
  readonly #accounts = new Map<number, OwnLines>()
  /** For every line of the ranges its number in the table. Empty until it is needed. */
  #numbers: Int32Array | undefined

  constructor(handle: LinesHandle) {
    this.#handle = handle
  }

  attach(handle: LinesHandle): void {
    if (handle === this.#handle) return
    this.#handle = handle
    this.#accounts.clear()
    this.#numbers = undefined
  }

  /** Where addresses are; undefined when nothing is known of that. */
  set ranges(ranges: RangeTable | undefined) {
    this.#ranges = ranges
    this.#numbers = undefined
  }

  /** The custom lines and groups of an account, undefined when it has none. */
  ownLines(account: number): OwnLines | undefined {
    const known = this.#accounts.get(account)
    if (known !== undefined) return known
    const buffer = this.#handle.accounts[account]
    if (buffer === undefined) return undefined
    const own = new OwnLines(buffer)
    this.#accounts.set(account, own)
    return own
  }

  /**
   * The place in {@link chains} of the built-in lines that an address is on; 0 when nothing is known of it. `high` is an IPv4
   * address, or the first 32 bits of an IPv6 address and `low` the next.
   */
  chainOf(isIpv6: boolean, high: number, low: number): number {
    const ranges = this.#ranges
    if (ranges === undefined) return 0
    return isIpv6 ? ranges.chainOfIpv6(high, low) : ranges.chainOfIpv4(high)
  }

  /** Line number `i` of a chain, the narrowest first; 0 where no record set is on that line, -1 behind the last. */
  lineAt(chain: number, i: number): number {
    const ranges = this.#ranges!
    this.#numbers ??= this.#numberLines(ranges)
    const line = ranges.lineAt(chain, i)
    return line < 0 ? -1 : this.#numbers[line]!
  }

  /** The ids of all lines of a chain. */
  namesOf(chain: number): string[] {
    const names: string[] = []
    const ranges = this.#ranges
    if (ranges === undefined || chain === 0) return names
    for (let i = 0; ranges.lineAt(chain, i) >= 0; i++) names.push(ranges.lines[ranges.lineAt(chain, i)]!)
    return names
  }

  #numberLines(ranges: RangeTable): Int32Array {
    const numbers = new Map(this.#handle.names.map((name, number) => [name, number]))
    return Int32Array.from(ranges.lines, (line) => numbers.get(line) ?? UNUSED)
  }
}
