/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) with a result of 64 bits. Its words of 64 bits are pairs of 32 here, low half first:
 * BigInt would make an object for every step.
 */
export class SipHash {
  /** Octets of the result, in the order that the paper gives. */
  readonly result = new Uint8Array(8)
  readonly #key = new Int32Array(4)
  readonly #v = new Int32Array(8)

  /** `secret` has 16 octets. */
  constructor(secret: Uint8Array) {
    for (let i = 0; i < 4; i++) this.#key[i] = word(secret, i * 4)
  }

  /** Hashes the first `length` octets of `input` into {@link result}. */
  hash(input: Uint8Array, length: number): void {
    const v = this.#v
    const key = this.#key
    // The words of "somepseudorandomlygeneratedbytes".
    v[0] = key[0]! ^ 0x70736575
    v[1] = key[1]! ^ 0x736f6d65
    v[2] = key[2]! ^ 0x6e646f6d
    v[3] = key[3]! ^ 0x646f7261
    v[4] = key[0]! ^ 0x6e657261
    v[5] = key[1]! ^ 0x6c796765
    v[6] = key[2]! ^ 0x79746573
    v[7] = key[3]! ^ 0x74656462
    const whole = length & ~7
    for (let at = 0; at < whole; at += 8) this.#compress(word(input, at), word(input, at + 4))
    let low = 0
    let high = length << 24
    for (let i = whole; i < length; i++) {
      const shift = (i & 3) * 8
      if (i - whole < 4) low |= input[i]! << shift
      else high |= input[i]! << shift
    }
    this.#compress(low, high)
    v[4]! ^= 0xff
    for (let i = 0; i < 4; i++) this.#round()
    putWord(this.result, 0, v[0]! ^ v[2]! ^ v[4]! ^ v[6]!)
    putWord(this.result, 4, v[1]! ^ v[3]! ^ v[5]! ^ v[7]!)
  }

  #compress(low: number, high: number): void {
    const v = this.#v
    v[6]! ^= low
    v[7]! ^= high
    this.#round()
    this.#round()
    v[0]! ^= low
    v[1]! ^= high
  }

  #round(): void {
    this.#add(0, 2)
    this.#rotateXor(2, 13, 0)
    this.#swap(0)
    this.#add(4, 6)
    this.#rotateXor(6, 16, 4)
    this.#add(0, 6)
    this.#rotateXor(6, 21, 0)
    this.#add(4, 2)
    this.#rotateXor(2, 17, 4)
    this.#swap(4)
  }

  #add(to: number, other: number): void {
    const v = this.#v
    const low = (v[to]! >>> 0) + (v[other]! >>> 0)
    v[to] = low
    v[to + 1] = v[to + 1]! + v[other + 1]! + (low > 0xffffffff ? 1 : 0)
  }

  /** Rotates left by less than 32 bits, then combines with `other`. */
  #rotateXor(at: number, bits: number, other: number): void {
    const v = this.#v
    const low = v[at]!
    const high = v[at + 1]!
    v[at] = ((low << bits) | (high >>> (32 - bits))) ^ v[other]!
    v[at + 1] = ((high << bits) | (low >>> (32 - bits))) ^ v[other + 1]!
  }

  /** Rotates by 32 bits. */
  #swap(at: number): void {
    const v = this.#v
    const low = v[at]!
    v[at] = v[at + 1]!
    v[at + 1] = low
  }
}

const word = (octets: Uint8Array, at: number): number =>
  octets[at]! | (octets[at + 1]! << 8) | (octets[at + 2]! << 16) | (octets[at + 3]! << 24)

function putWord(octets: Uint8Array, at: number, value: number): void {
  octets[at] = value
  octets[at + 1] = value >>> 8
  octets[at + 2] = value >>> 16
  octets[at + 3] = value >>> 24
}
