/** One step of a signed zone from serial to serial. */
interface Step {
  readonly from: number
  /** RFC 1995 4: the old SOA and the records that go, the new SOA and those that come (record-list.ts). */
  readonly records: Uint8Array
  /** Who was given the copy with the serial `from`. */
  readonly takers: ReadonlySet<string>
}

/** Clients remembered for one serial. */
const MAX_TAKERS = 256

/**
 * How a signed zone came to be what it is, for IXFR. Others who sign the zone, and this process when it is started again, make other
 * signatures for the same serial; so a step is only given to clients that have the copy that it begins with from here.
 */
export class CopyHistory {
  readonly #steps: Step[] = []
  #takers = new Set<string>()
  /** There were two copies with the present serial, and who has which is not known. */
  #isAmbiguous = false
  sizeBytes = 0

  /** The copy with serial `from` was followed by another; at most `maxBytes` are remembered. */
  add(from: number, records: Uint8Array, maxBytes: number): void {
    this.#steps.push({ from, records, takers: this.#takers })
    this.#takers = new Set()
    this.#isAmbiguous = false
    this.sizeBytes += records.length
    while (this.sizeBytes > maxBytes) this.sizeBytes -= this.#steps.shift()!.records.length
  }

  /** What is handed out from now on does not follow from what was, though it may have the same serial. */
  clear(isSameSerial: boolean): void {
    this.#isAmbiguous = isSameSerial
    this.#steps.length = 0
    this.#takers = new Set()
    this.sizeBytes = 0
  }

  /** The present copy is handed out to a client. */
  given(client: string): void {
    if (!this.#isAmbiguous && this.#takers.size < MAX_TAKERS) this.#takers.add(client)
  }

  /** The records of all steps from what the client has to the present; undefined when they are not here, or not for it. */
  since(serial: number, client: string): readonly Uint8Array[] | undefined {
    const first = this.#steps.findIndex(({ from, takers }) => from === serial && takers.has(client))
    return first < 0 ? undefined : this.#steps.slice(first).map(({ records }) => records)
  }
}
