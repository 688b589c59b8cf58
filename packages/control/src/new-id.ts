import { randomFillSync } from 'node:crypto'

const POOL_IDS = 512
const RANDOM_OCTETS = 7

/**
 * Makes the ids of one process: 32 lower-case hexadecimal digits that grow with every call. 12 digits of milliseconds,
 * 6 of a counter that starts anew every millisecond, 14 random ones that keep the ids of several nodes apart.
 */
export function createIdSource(now: () => number): () => string {
  const pool = Buffer.alloc(POOL_IDS * RANDOM_OCTETS)
  let at = pool.length
  let lastMs = 0
  let counter = 0
  return () => {
    const ms = now()
    if (ms > lastMs) {
      lastMs = ms
      counter = 0
    } else if (++counter === 1 << 24) {
      lastMs++
      counter = 0
    }
    if (at === pool.length) {
      randomFillSync(pool)
      at = 0
    }
    const random = pool.toString('hex', at, at + RANDOM_OCTETS)
    at += RANDOM_OCTETS
    return lastMs.toString(16).padStart(12, '0') + counter.toString(16).padStart(6, '0') + random
  }
}
