/**
 * The zones that are asked for most, counted in a fixed space by the Space-Saving algorithm (Metwally, Agrawal, El Abbadi, 2005):
 * a zone without a place takes that of the smallest count, and goes on from there. A count is therefore never too small, and too
 * large by `error` at most; zones with more than one answer in {@link PLACES} are always among them.
 *
 *     each thread   count f64 × places | error f64 × places | hash i32 × places | (u8 length, apex) × places
 */
const PLACES = 128
const NAME_BYTES = 256
const THREAD_BYTES = PLACES * (8 + 8 + 4 + NAME_BYTES)
/** One answer in so many is counted, and stands for all of them: a look at all places costs as much as a tenth of an answer. */
export const ZONES_COUNTED_EVERY = 64

interface Places {
  readonly counts: Float64Array
  readonly errors: Float64Array
  readonly hashes: Int32Array
  readonly names: Uint8Array
}

function placesOf(buffer: SharedArrayBuffer, worker: number): Places {
  const start = worker * THREAD_BYTES
  return {
    counts: new Float64Array(buffer, start, PLACES),
    errors: new Float64Array(buffer, start + PLACES * 8, PLACES),
    hashes: new Int32Array(buffer, start + PLACES * 16, PLACES),
    names: new Uint8Array(buffer, start + PLACES * 20, PLACES * NAME_BYTES),
  }
}

/** The counts of one thread; others read them through {@link topZones}. */
export class ZoneCounts {
  readonly #counts: Float64Array
  readonly #errors: Float64Array
  readonly #hashes: Int32Array
  readonly #names: Uint8Array

  /** `buffer` comes from {@link zoneCountsFor}; `worker` counts from 0. */
  constructor(buffer: SharedArrayBuffer, worker: number) {
    const { counts, errors, hashes, names } = placesOf(buffer, worker)
    this.#counts = counts
    this.#errors = errors
    this.#hashes = hashes
    this.#names = names
  }

  /** Counts `weight` answers from the zone whose apex stands at `from` in `octets`, behind its length. */
  add(octets: Uint8Array, from: number, weight: number): void {
    const length = octets[from]!
    let hash = 0x811c9dc5
    for (let i = 1; i <= length; i++) hash = Math.imul(hash ^ octets[from + i]!, 0x01000193)
    const hashes = this.#hashes
    for (let place = 0; place < PLACES; place++) {
      if (hashes[place] === hash && this.#counts[place] !== 0 && this.#isAt(place, octets, from)) {
        this.#counts[place]! += weight
        return
      }
    }
    const least = this.#least()
    const count = this.#counts[least]!
    // A reader in between sees the new count with the old name, or half of the name: a glance at numbers, once a scrape.
    for (let i = 0; i <= length; i++) this.#names[least * NAME_BYTES + i] = octets[from + i]!
    hashes[least] = hash
    this.#errors[least] = count
    this.#counts[least] = count + weight
  }

  /** The place with the smallest count; one that is free has 0. */
  #least(): number {
    const counts = this.#counts
    let least = 0
    for (let place = 1; place < PLACES; place++) if (counts[place]! < counts[least]!) least = place
    return least
  }

  #isAt(place: number, octets: Uint8Array, from: number): boolean {
    const at = place * NAME_BYTES
    const names = this.#names
    for (let i = octets[from]!; i >= 0; i--) if (names[at + i] !== octets[from + i]) return false
    return true
  }
}

export const zoneCountsFor = (workers: number): SharedArrayBuffer =>
  new SharedArrayBuffer(workers * THREAD_BYTES)

/** An apex in wire form, and its answers: at least `count - error`, at most `count`. */
export interface ZoneCount {
  readonly apex: Uint8Array
  readonly count: number
  readonly error: number
}

/** The `limit` zones with the most answers over all workers, the largest first. */
export function topZones(buffer: SharedArrayBuffer, limit: number): ZoneCount[] {
  const byName = new Map<string, ZoneCount>()
  for (let worker = 0; worker < buffer.byteLength / THREAD_BYTES; worker++) {
    const { counts, errors, names } = placesOf(buffer, worker)
    for (const [place, count] of counts.entries()) {
      if (count === 0) continue
      const at = place * NAME_BYTES
      const apex = names.slice(at + 1, at + 1 + names[at]!)
      const key = Buffer.from(apex).toString('latin1')
      const before = byName.get(key)
      byName.set(key, {
        apex,
        count: count + (before?.count ?? 0),
        error: errors[place]! + (before?.error ?? 0),
      })
    }
  }
  return [...byName.values()].sort((a, b) => b.count - a.count).slice(0, limit)
}
