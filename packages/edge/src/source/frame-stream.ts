import { frameSize } from './apply-frame.ts'

const EMPTY = new Uint8Array(0)

/** Cuts a stream of octets into frames, wherever its chunks end. */
export class FrameStream {
  #rest = EMPTY
  #length = 0

  /** Calls `onFrame(octets, at)` for every frame that is whole now. Throws FrameError for a size that cannot be. */
  push(chunk: Uint8Array, onFrame: (octets: Uint8Array, at: number) => void): void {
    let octets = chunk
    if (this.#length > 0) {
      this.#keep(chunk, 0)
      octets = this.#rest.subarray(0, this.#length)
    }
    let at = 0
    for (;;) {
      const size = frameSize(octets, at, octets.length)
      if (size === 0) break
      onFrame(octets, at)
      at += size
    }
    if (this.#length === 0) {
      if (at < octets.length) this.#keep(chunk, at)
      return
    }
    this.#rest.copyWithin(0, at, this.#length)
    this.#length -= at
    if (this.#length === 0) this.#rest = EMPTY
  }

  /** Whether the stream stands between two frames. */
  get isWhole(): boolean {
    return this.#length === 0
  }

  #keep(chunk: Uint8Array, from: number): void {
    const length = this.#length + chunk.length - from
    if (length > this.#rest.length) {
      const larger = new Uint8Array(Math.max(length, this.#rest.length * 2, 1024))
      larger.set(this.#rest.subarray(0, this.#length))
      this.#rest = larger
    }
    this.#rest.set(chunk.subarray(from), this.#length)
    this.#length = length
  }
}
