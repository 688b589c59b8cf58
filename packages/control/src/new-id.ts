import { randomFillSync } from 'node:crypto'

const POOL_IDS = 512
const RANDOM_OCTETS = 7
const HEX_OF_OCTET = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'))

/**
 * Makes the ids of one process: 32 lower-case hexadecimal digits that grow with every call. 12 digits of milliseconds,
 * 6 of a counter that starts anew every millisecond, 14 random ones that keep the ids of several nodes apart.
 */
export function createIdSource(now: () => number): () => string {
  const pool = Buffer.alloc(POOL_IDS * RANDOM_OCTETS)
  /** The pool as digits; cutting from a text is cheaper than writing out octets for each id. */
  let digits = ''
  let at = 0
  let lastMs = 0
  let counter = 0
  let time = ''
  return () => {
    const ms = now()
    const started = ms > lastMs ? ms : ++counter === 1 << 24 ? lastMs + 1 : lastMs
    if (started !== lastMs) {
      lastMs = started
      counter = 0
      time = started.toString(16).padStart(12, '0')
    }
    if (at === digits.length) {
      digits = randomFillSync(pool).toString('hex')
      at = 0
    }
    const random = digits.slice(at, at + 2 * RANDOM_OCTETS)
    at += 2 * RANDOM_OCTETS
    return (
      time +
      HEX_OF_OCTET[counter >>> 16]! +
      HEX_OF_OCTET[(counter >>> 8) & 255]! +
      HEX_OF_OCTET[counter & 255]! +
      random
    )
  }
}
