import { MAX_NAME_SIZE } from '../name.ts'

/**
 * Compact denial of existence (RFC 9824): who signs when asked says of each name only what was asked, by an NSEC record of that
 * very name whose next name is the first one behind it. A name that does not exist has the types RRSIG, NSEC and NXNAME.
 */

const HIGHEST = 0xff

/**
 * Writes the first name behind the one at `start` of `name` in canonical order (RFC 4034 6.1) to `out` and returns where it ends.
 * `name` is lower-case wire, `size` octets with the root.
 */
export function writeSuccessor(
  name: Uint8Array,
  start: number,
  size: number,
  out: Uint8Array,
  at: number,
): number {
  if (size + 2 <= MAX_NAME_SIZE) {
    out[at] = 1
    out[at + 1] = 0
    for (let i = 0; i < size; i++) out[at + 2 + i] = name[start + i]!
    return at + 2 + size
  }
  // No room for a name below it: the next one is beside it, or beside the nearest name above that has one (RFC 4470 3.1.2).
  let first = start
  let label = 0
  for (; name[first] !== 0; first += 1 + name[first]!) {
    label = name[first]!
    while (label > 0 && name[first + label] === HIGHEST) label--
    if (label > 0) break
  }
  out[at] = label
  for (let i = 1; i <= label; i++) out[at + i] = name[first + i]!
  // Upper case sorts as lower case does, so it is passed over.
  if (label > 0) out[at + label]! += out[at + label] === 0x40 ? 0x1b : 1
  let to = at + 1 + label
  for (let i = first + 1 + name[first]!; i < start + size; i++) out[to++] = name[i]!
  return to
}

/**
 * Writes the bitmap of the first `count` of `codes`, which rise, to `out` (RFC 4034 4.1.2) and returns where it ends. No objects
 * are made: this runs for each denial.
 */
export function writeTypeBitmap(
  codes: ArrayLike<number>,
  count: number,
  out: Uint8Array,
  at: number,
): number {
  let to = at
  let i = 0
  while (i < count) {
    const window = codes[i]! >> 8
    out[to] = window
    let size = 0
    for (; i < count && codes[i]! >> 8 === window; i++) {
      const bit = codes[i]! & 255
      const octet = bit >> 3
      while (size <= octet) out[to + 2 + size++] = 0
      out[to + 2 + octet]! |= 0x80 >> (bit & 7)
    }
    out[to + 1] = size
    to += 2 + size
  }
  return to
}
