import { CONTROL_COMMITTED, CONTROL_WORDS } from './layout.ts'

const STEP_WORDS = 1 << 16
/** Address space of one arena, reserved and not used until grown into. Byte offsets stay below 2^32. */
const MAX_BYTES = 2 ** 32

/** The writer's side of the arena: words are taken from its end and never given back. */
export class Arena {
  readonly buffer: SharedArrayBuffer
  readonly control: SharedArrayBuffer
  readonly controlWords: Int32Array
  words: Int32Array
  octets: Uint8Array
  /** First free word. Word 0 is never handed out: offset 0 means "none". */
  head = 1

  constructor(expectedWords = 0) {
    const words = roundUp(expectedWords)
    this.buffer = new SharedArrayBuffer(words * 4, { maxByteLength: MAX_BYTES })
    this.control = new SharedArrayBuffer(CONTROL_WORDS * 4)
    this.controlWords = new Int32Array(this.control)
    this.words = new Int32Array(this.buffer, 0, words)
    this.octets = new Uint8Array(this.buffer, 0, words * 4)
    this.controlWords[CONTROL_COMMITTED] = words
  }

  /** Takes `count` zeroed words. Throws a RangeError when the arena's address space is used up. */
  take(count: number): number {
    const at = this.head
    const end = at + count
    if (end > this.words.length) this.#grow(end)
    this.head = end
    return at
  }

  #grow(needed: number): void {
    const words = Math.min(roundUp(Math.max(needed, this.words.length * 1.125)), MAX_BYTES / 4)
    if (needed > words) throw new RangeError('The zone table is full: 4 GiB of records.')
    this.buffer.grow(words * 4)
    this.words = new Int32Array(this.buffer, 0, words)
    this.octets = new Uint8Array(this.buffer, 0, words * 4)
    // Stored before any pointer to a word behind the old end can be.
    Atomics.store(this.controlWords, CONTROL_COMMITTED, words)
  }
}

const roundUp = (words: number): number => Math.max(1, Math.ceil(words / STEP_WORDS)) * STEP_WORDS
