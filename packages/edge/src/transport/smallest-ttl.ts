/**
 * The smallest TTL in a message, in seconds, as far as HTTP may keep it (RFC 8484 5.1): that of the answer and authority sections, as
 * behind a CNAME there may be a denial that holds for less long; 0 without any.
 */
export function smallestTtl(message: Uint8Array): number {
  const answers = (message[6]! << 8) | message[7]!
  const authorities = (message[8]! << 8) | message[9]!
  let at = 12
  if (message[5] === 1) at = skipName(message, at) + 4
  let smallest = -1
  for (let left = answers + authorities; left > 0; left--) {
    at = skipName(message, at)
    const ttl =
      ((message[at + 4]! << 24) | (message[at + 5]! << 16) | (message[at + 6]! << 8) | message[at + 7]!) >>> 0
    if (smallest < 0 || ttl < smallest) smallest = ttl
    at += 10 + ((message[at + 8]! << 8) | message[at + 9]!)
  }
  return Math.max(0, smallest)
}

function skipName(message: Uint8Array, start: number): number {
  let at = start
  for (;;) {
    const size = message[at]!
    if (size === 0) return at + 1
    if (size >= 192) return at + 2
    at += size + 1
  }
}
