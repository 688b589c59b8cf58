/** Serial numbers of zones: 32 bits that wrap around (RFC 1982). */

const HALF = 0x80000000

/** Below zero when `a` is older than `b`, above when newer, 0 when equal; NaN for the one distance that has no order. */
export function compareSerials(a: number, b: number): number {
  const distance = (a - b) >>> 0
  if (distance === 0) return 0
  if (distance === HALF) return Number.NaN // RFC 1982 3.2: undefined
  return distance < HALF ? 1 : -1
}

/** The serial after this one. */
export function nextSerial(serial: number): number {
  return (serial + 1) >>> 0
}
