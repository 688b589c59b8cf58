import type { Store } from '../store/store.ts'

export interface TrimLimits {
  /** What is always kept, for edges that come back after a while: so many entries, unless they are larger than `keepBytes`. */
  readonly keepEntries: number
  readonly keepBytes: number
  /** Beyond this even entries go that a live edge has not got; it will take a snapshot. */
  readonly maxBytes: number
}

export const TRIM_LIMITS: TrimLimits = { keepEntries: 10_000, keepBytes: 64 << 20, maxBytes: 1 << 30 }

const SIZES_AT_ONCE = 1000

/**
 * Drops the oldest entries of the log as far as the limits allow. `slowest` is the position of the live edge furthest
 * behind; without one nobody is waited for. Returns how many entries were dropped.
 */
export async function trimFeed(
  store: Store,
  slowest: number | undefined,
  limits: TrimLimits = TRIM_LIMITS,
): Promise<number> {
  const { oldest, newest, sizeBytes } = await store.feedBounds()
  let size = sizeBytes
  let dropped = oldest - 1
  const mayDrop = (seq: number): boolean =>
    size > limits.maxBytes ||
    (seq <= (slowest ?? newest) && (newest - dropped > limits.keepEntries || size > limits.keepBytes))

  walk: while (dropped < newest) {
    const entries = await store.feedSizes(dropped, SIZES_AT_ONCE)
    if (entries.length === 0) break
    for (const entry of entries) {
      if (!mayDrop(entry.seq)) break walk
      size -= entry.sizeBytes
      dropped = entry.seq
    }
  }
  if (dropped < oldest || newest === 0) return 0
  await store.transaction((tx) => tx.trimFeed(dropped))
  return dropped - oldest + 1
}
