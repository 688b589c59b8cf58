/** Octets with a checksum of their own: what is written anew when one of them has changed. */
const BLOCK = 1 << 16
/** Octets that are read or written at once. */
const RUN = 16 * BLOCK
/** Octets of a checksum in the file. */
export const SUM_SIZE = 8

/**
 * XXH3 with 64 bits, as fast as CRC-32 here (10 GB/s). Whether a block was written as it is now hangs on it alone, a thousand times each
 * minute perhaps: with 32 bits a change would be missed in the life of a server.
 */
const sumOf = (octets: Uint8Array): bigint => Bun.hash.xxHash3(octets)

/** Octets that belong at a place of a file. */
export interface Run {
  readonly octets: Uint8Array
  readonly at: number
}

/** A part of a table and its place in the file. */
export interface PlacedPart {
  readonly octets: Uint8Array
  readonly at: number
}

/** Puts parts one behind the other, the first at `start`. */
export function placed(parts: readonly Uint8Array[], start: number): PlacedPart[] {
  let at = start
  return parts.map((octets) => {
    at += octets.length
    return { octets, at: at - octets.length }
  })
}

export const endOf = (parts: readonly PlacedPart[]): number => parts.at(-1)!.at + parts.at(-1)!.octets.length

/** How many checksums parts of these sizes have. */
export const blockCount = (sizes: readonly number[]): number =>
  sizes.reduce((sum, size) => sum + Math.ceil(size / BLOCK), 0)

/** Checksums of all blocks of the parts of a table, as they are in the file. */
export class BlockSums {
  #parts: readonly PlacedPart[] = []
  #sums: bigint[][] = []

  /** All of them, part by part. */
  get all(): BigUint64Array {
    return BigUint64Array.from(this.#sums.flat())
  }

  /**
   * Gives what is to be written for the file to have the parts as they are, and takes it for written. The octets of a run are a copy, good
   * until the next is asked for; one without octets gives others a chance to go on. Buffers that have taken the place of others
   * are written as a whole.
   */
  *changes(parts: readonly PlacedPart[]): Generator<Run> {
    const isSame = parts.every((part, i) => {
      const before = this.#parts[i]
      return before?.octets.buffer === part.octets.buffer && before.at === part.at
    })
    this.#parts = parts
    if (!isSame) this.#sums = parts.map(() => [])
    const copy = new Uint8Array(RUN)
    for (const [i, part] of parts.entries()) {
      const sums = this.#sums[i]!
      for (let start = 0; start < part.octets.length; start += RUN) {
        yield* changesOf(part, start, sums, copy)
      }
    }
  }
}

function* changesOf(
  { octets, at }: PlacedPart,
  start: number,
  sums: bigint[],
  copy: Uint8Array,
): Generator<Run> {
  const end = Math.min(start + RUN, octets.length)
  let from = end
  let to = start
  for (let block = start; block < end; block += BLOCK) {
    const stop = Math.min(block + BLOCK, end)
    const sum = sumOf(octets.subarray(block, stop))
    if (sum === sums[block / BLOCK]) continue
    sums[block / BLOCK] = sum
    from = Math.min(from, block)
    to = stop
  }
  if (to <= from) {
    yield { octets: copy.subarray(0, 0), at }
    return
  }
  // What lies between changed blocks is written again, which is cheaper than another call.
  const changed = copy.subarray(0, to - from)
  changed.set(octets.subarray(from, to))
  yield { octets: changed, at: at + from }
}

/**
 * Fills `octets` by `read`, a part of 1 MiB after the other, and checks each block. False when a checksum is wrong or
 * there is less to read.
 */
export function readBlocks(
  octets: Uint8Array,
  sums: BigUint64Array,
  read: (octets: Uint8Array, at: number) => number,
): boolean {
  for (let start = 0; start < octets.length; start += RUN) {
    const run = octets.subarray(start, Math.min(start + RUN, octets.length))
    let filled = 0
    while (filled < run.length) {
      const size = read(run.subarray(filled), start + filled)
      if (size === 0) return false
      filled += size
    }
    for (let block = 0; block < run.length; block += BLOCK) {
      if (sumOf(run.subarray(block, block + BLOCK)) !== sums[(start + block) / BLOCK]) return false
    }
  }
  return true
}
