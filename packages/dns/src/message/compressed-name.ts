import { MAX_LABEL_SIZE, MAX_NAME_SIZE, type WireName } from '../name.ts'

export interface NameInMessage {
  readonly name: WireName
  /** Offset behind the name, or behind its pointer. */
  readonly next: number
}

/**
 * Reads the name at `at`, following pointers (RFC 1035 4.1.4). Each pointer must go to before where the part of the name
 * that it ends began, so a loop can't be written. Null for anything malformed.
 */
export function decodeName(message: Uint8Array, at: number, end = message.length): NameInMessage | null {
  const name = new Uint8Array(MAX_NAME_SIZE)
  let size = 0
  let next = -1
  let position = at
  let partStart = at
  let limit = end
  while (position < limit) {
    const length = message[position]!
    if (length <= MAX_LABEL_SIZE) {
      const after = position + 1 + length
      if (after > limit || size + 1 + length > MAX_NAME_SIZE) return null
      name.set(message.subarray(position, after), size)
      size += 1 + length
      if (length === 0) return { name: name.slice(0, size), next: next < 0 ? after : next }
      position = after
    } else {
      if (length < 0xc0 || position + 1 >= limit) return null
      const target = ((length & 0x3f) << 8) | message[position + 1]!
      if (target >= partStart) return null
      if (next < 0) next = position + 2
      limit = message.length
      position = partStart = target
    }
  }
  return null
}

const MAX_POINTER = 0x3fff

/** Remembers where the names of a message stand, so that later ones can point at them. Case must match, so none is lost. */
export class NameCompressor {
  readonly #offsets = new Map<string, number>()

  /**
   * Writes `name` to the start of `out`, with a pointer for the longest tail that stands in the message already.
   * `offset` is where the name will stand. Returns the octets written.
   */
  write(name: WireName, out: Uint8Array, offset: number): number {
    let tail = String.fromCharCode(...name)
    let at = 0
    while (name[at] !== 0) {
      const target = this.#offsets.get(tail)
      if (target !== undefined) {
        out[at] = 0xc0 | (target >> 8)
        out[at + 1] = target
        return at + 2
      }
      if (offset + at <= MAX_POINTER) this.#offsets.set(tail, offset + at)
      const size = 1 + name[at]!
      out.set(name.subarray(at, at + size), at)
      at += size
      tail = tail.slice(size)
    }
    out[at] = 0
    return at + 1
  }
}
