/**
 * The zones that are asked for most, counted in a fixed space by the Space-Saving algorithm (Metwally, Agrawal, El Abbadi, 2005):
 * a zone without a place takes that of the smallest count, and goes on from there. A count is therefore never too small, and too
 * large by `error` at most; zones with more than one answer in {@link PLACES} are always among them.
 *
 *     place   count f64 | error f64 | hash i32 | u8 length, apex
 */
const PLACES = 128
const PLACE_BYTES = 288
const HASH_AT = 16
const NAME_AT = 20
/** One answer in so many is counted, and stands for all of them. */
export const ZONES_COUNTED_EVERY = 16

/** The counts of one thread; others read them through {@link topZones}. */
export class ZoneCounts {
  readonly #counts: Float64Array
  readonly #words: Int32Array
  readonly #octets: Uint8Array

  /** `buffer` comes from {@link zoneCountsFor}; `worker` counts from 0. */
  constructor(buffer: SharedArrayBuffer, worker: number) {
    const start = worker * PLACES * PLACE_BYTES
    this.#counts = new Float64Array(buffer, start, (PLACES * PLACE_BYTES) / 8)
    this.#words = new Int32Array(buffer, start, (PLACES * PLACE_BYTES) / 4)
    this.#octets = new Uint8Array(buffer, start, PLACES * PLACE_BYTES)
  }

  /** Counts `weight` answers from the zone whose apex stands at `from` in `octets`, behind its length. */
  add(octets: Uint8Array, from: number, weight: number): void {
    const length = octets[from]!
    let hash = 0x811c9dc5
    for (let i = 1; i <= length; i++) hash = Math.imul(hash ^ octets[from + i]!, 0x01000193)
    let least = 0
    let leastCount = Number.POSITIVE_INFINITY
    for (let place = 0; place < PLACES; place++) {
      const count = this.#counts[(place * PLACE_BYTES) / 8]!
      if (count === 0) {
        least = place
        leastCount = 0
        break
      }
      if (this.#words[(place * PLACE_BYTES + HASH_AT) / 4] === hash && this.#isAt(place, octets, from)) {
        this.#counts[(place * PLACE_BYTES) / 8] = count + weight
        return
      }
      if (count < leastCount) {
        least = place
        leastCount = count
      }
    }
    const start = least * PLACE_BYTES
    // A reader in between sees the new count with the old name, or half of the name: a glance at numbers, once a scrape.
    this.#octets.set(octets.subarray(from, from + length + 1), start + NAME_AT)
    this.#words[(start + HASH_AT) / 4] = hash
    this.#counts[start / 8 + 1] = leastCount
    this.#counts[start / 8] = leastCount + weight
  }

  #isAt(place: number, octets: Uint8Array, from: number): boolean {
    const at = place * PLACE_BYTES + NAME_AT
    const own = this.#octets
    for (let i = octets[from]!; i >= 0; i--) if (own[at + i] !== octets[from + i]) return false
    return true
  }
}

export const zoneCountsFor = (workers: number): SharedArrayBuffer =>
  new SharedArrayBuffer(workers * PLACES * PLACE_BYTES)

/** An apex in wire form, and its answers: at least `count - error`, at most `count`. */
export interface ZoneCount {
  readonly apex: Uint8Array
  readonly count: number
  readonly error: number
}

/** The `limit` zones with the most answers over all workers, the largest first. */
export function topZones(buffer: SharedArrayBuffer, limit: number): ZoneCount[] {
  const view = new DataView(buffer)
  const octets = new Uint8Array(buffer)
  const byName = new Map<string, ZoneCount>()
  for (let at = 0; at < octets.length; at += PLACE_BYTES) {
    const count = view.getFloat64(at, true)
    if (count === 0) continue
    const apex = octets.slice(at + NAME_AT + 1, at + NAME_AT + 1 + octets[at + NAME_AT]!)
    const key = Buffer.from(apex).toString('latin1')
    const before = byName.get(key)
    const error = view.getFloat64(at + 8, true)
    byName.set(key, { apex, count: count + (before?.count ?? 0), error: error + (before?.error ?? 0) })
  }
  return [...byName.values()].sort((a, b) => b.count - a.count).slice(0, limit)
}
