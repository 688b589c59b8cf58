import { mix, PrefixHash } from '../rate-limit/prefix-hash.ts'

/** Addresses that share a place by chance share their limit too, which is rare and does little harm. */
const PLACES = 1 << 16

export interface ConnectionSettings {
  /** Open connections of one IPv4 address or /64 of IPv6, of all threads together. */
  readonly perAddress: number
  /** Open connections of all threads together. */
  readonly total: number
  readonly memory: SharedArrayBuffer
  /** Secret, the same for all threads. */
  readonly seed: number
}

/** Memory of the counts, for all threads together: 256 KiB. */
export const connectionMemory = (): SharedArrayBuffer => new SharedArrayBuffer((PLACES + 1) * 4)

/** Counts open connections of all threads, all in all and by address. */
export class ConnectionLimits {
  /** The first place counts all. */
  readonly #counts: Int32Array
  readonly #prefixes: PrefixHash
  readonly #settings: ConnectionSettings

  constructor(settings: ConnectionSettings) {
    this.#settings = settings
    this.#counts = new Int32Array(settings.memory)
    this.#prefixes = new PrefixHash(settings.seed, 32, 64)
  }

  /** Enters a connection of `source`. Returns its place, for {@link leave}, or -1 when there are too many: it is not counted then. */
  enter(source: string): number {
    const { total, perAddress } = this.#settings
    const place = 1 + (mix(this.#prefixes.of(source)) & (PLACES - 1))
    if (Atomics.add(this.#counts, 0, 1) < total) {
      if (Atomics.add(this.#counts, place, 1) < perAddress) return place
      Atomics.sub(this.#counts, place, 1)
    }
    Atomics.sub(this.#counts, 0, 1)
    return -1
  }

  leave(place: number): void {
    Atomics.sub(this.#counts, place, 1)
    Atomics.sub(this.#counts, 0, 1)
  }
}
