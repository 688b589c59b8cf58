/** Longest name in octets, RFC 1035 2.3.4. */
export const MAX_NAME = 255

/** Continues a hash with the label that starts at `at` (its length octet included), folding ASCII case. */
export function hashLabel(hash: number, octets: Uint8Array, at: number): number {
  let h = hash
  const end = at + octets[at]! + 1
  h = Math.imul(h ^ octets[at]!, 0x01000193)
  for (let i = at + 1; i < end; i++) {
    let o = octets[i]!
    if (o > 64 && o < 91) o |= 32
    h = Math.imul(h ^ o, 0x01000193)
  }
  return h
}

/** Spreads a name hash over all bits, together with the zone number or space that is the other half of the key. */
export function finishHash(hash: number, key: number): number {
  let h = hash ^ Math.imul(key, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d)
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b)
  return h ^ (h >>> 16)
}

/**
 * A name taken apart: lower-case octets, where each label starts, and the hash of every suffix. One is reused for
 * query after query. Suffix `i` starts at label `i`; suffix `labels` is the root.
 */
export class NameBuffer {
  readonly octets = new Uint8Array(MAX_NAME + 1)
  readonly starts = new Uint8Array(129)
  readonly hashes = new Int32Array(129)
  /** Octets, the final zero included. */
  length = 0
  labels = 0

  /**
   * Reads an uncompressed name at `at`, below `end`. Returns the offset after it, or -1 when it is longer than 255
   * octets, runs over the end or holds a label type other than 0 (RFC 1035 4.1.4: a pointer makes no sense there).
   */
  read(source: Uint8Array, at: number, end: number): number {
    const octets = this.octets
    let from = at
    let to = 0
    let labels = 0
    for (;;) {
      if (from >= end) return -1
      const size = source[from]!
      if (size > 63 || to + size + 1 > MAX_NAME) return -1
      if (size === 0) break
      if (from + size >= end) return -1
      this.starts[labels++] = to
      octets[to++] = size
      from++
      for (const stop = from + size; from < stop; from++) {
        const o = source[from]!
        octets[to++] = o > 64 && o < 91 ? o | 32 : o
      }
    }
    octets[to] = 0
    this.starts[labels] = to
    this.length = to + 1
    this.labels = labels
    return from + 1
  }

  /** Reads the name at `at` of a packet of ours, following its compression pointers. */
  readPacket(packet: Uint8Array, at: number): void {
    const octets = this.octets
    let from = at
    let to = 0
    let labels = 0
    for (;;) {
      const size = packet[from]!
      if (size === 0) break
      if (size >= 192) {
        from = ((size & 63) << 8) | packet[from + 1]!
        continue
      }
      this.starts[labels++] = to
      octets[to++] = size
      from++
      for (const stop = from + size; from < stop; from++) {
        const o = packet[from]!
        octets[to++] = o > 64 && o < 91 ? o | 32 : o
      }
    }
    octets[to] = 0
    this.starts[labels] = to
    this.length = to + 1
    this.labels = labels
  }

  /** Fills `hashes` from the root upwards. */
  hash(seed: number): void {
    this.hashBelow(this.labels, seed)
  }

  /** The same from suffix `label` on, whose hash is known; those of shorter suffixes are not touched. */
  hashBelow(label: number, hash: number): void {
    let h = hash
    this.hashes[label] = h
    for (let i = label - 1; i >= 0; i--) {
      h = hashLabel(h, this.octets, this.starts[i]!)
      this.hashes[i] = h
    }
  }
}
