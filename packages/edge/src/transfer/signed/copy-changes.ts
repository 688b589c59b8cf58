import { joined } from '../journal.ts'
import { recordsOf } from '../record-list.ts'

/** Collects what goes and what comes between two states of a signed zone (RFC 1995 4), up to a limit. */
export class CopyChanges {
  readonly #gone: Uint8Array[] = []
  readonly #come: Uint8Array[] = []
  readonly #limit: number
  #sizeBytes = 0

  constructor(limitBytes: number) {
    this.#limit = limitBytes
  }

  /** There is more of it than anybody wants. */
  get isTooLarge(): boolean {
    return this.#sizeBytes > this.#limit
  }

  get isEmpty(): boolean {
    return this.#sizeBytes === 0
  }

  /** A name with these records (record-list.ts) has those now. */
  add(before: Uint8Array, after: Uint8Array): void {
    if (before === after || this.isTooLarge) return
    const old = byOctets(before)
    const made = byOctets(after)
    for (const [text, octets] of old) if (!made.has(text)) this.#put(this.#gone, octets)
    for (const [text, octets] of made) if (!old.has(text)) this.#put(this.#come, octets)
  }

  /** The records that went behind the old SOA record, and those that came behind the new one. */
  between(oldSoa: Uint8Array, soa: Uint8Array): Uint8Array {
    return joined([oldSoa, ...this.#gone, soa, ...this.#come])
  }

  #put(list: Uint8Array[], octets: Uint8Array): void {
    // A copy: what it is cut from should not be kept with it.
    list.push(octets.slice())
    this.#sizeBytes += octets.length
  }
}

function byOctets(list: Uint8Array): Map<string, Uint8Array> {
  return new Map(
    recordsOf(list).map(({ at, end }) => {
      const octets = list.subarray(at, end)
      return [Buffer.from(octets).toString('latin1'), octets]
    }),
  )
}
