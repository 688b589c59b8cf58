const MAX_LOAD = 0.75

/** The writer's side of an open-addressing index: pairs (hash, offset), linear probing, a power of two of them. */
export class Slots {
  buffer: SharedArrayBuffer
  pairs: Int32Array
  count: number

  constructor(capacity: number, count = 0) {
    this.count = count
    this.buffer = new SharedArrayBuffer(capacity * 8)
    this.pairs = new Int32Array(this.buffer)
  }

  get capacity(): number {
    return this.pairs.length / 2
  }

  /** Adds an offset. Readers of `buffer` find it from now on; true when the buffer had to be replaced by a larger one. */
  add(hash: number, offset: number): boolean {
    const isFull = this.count >= this.capacity * MAX_LOAD
    if (isFull) this.#grow()
    place(this.pairs, hash, offset)
    this.count++
    return isFull
  }

  /** Goes on in a copy: readers of the old buffer see no further changes. */
  detach(): void {
    const old = this.pairs
    this.buffer = new SharedArrayBuffer(old.byteLength)
    this.pairs = new Int32Array(this.buffer)
    this.pairs.set(old)
  }

  /** Lets a slot point to another offset with the same key. */
  replace(slot: number, offset: number): void {
    Atomics.store(this.pairs, slot * 2 + 1, offset)
  }

  #grow(): void {
    const old = this.pairs
    this.buffer = new SharedArrayBuffer(old.length * 8)
    this.pairs = new Int32Array(this.buffer)
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] !== 0) place(this.pairs, old[i]!, old[i + 1]!)
    }
  }
}

function place(pairs: Int32Array, hash: number, offset: number): void {
  const mask = pairs.length / 2 - 1
  let slot = hash & mask
  while (pairs[slot * 2 + 1] !== 0) slot = (slot + 1) & mask
  pairs[slot * 2] = hash
  Atomics.store(pairs, slot * 2 + 1, offset)
}
