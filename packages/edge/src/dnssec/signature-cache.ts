/** Octets of a signature: all algorithms that we sign with have 64. */
export const SIGNATURE_SIZE = 64

const WORDS = 9
const SIGNER = 0
const REFRESH_AT = 5
const INCEPTION = 6
const EXPIRATION = 7
const LABELS = 8

/**
 * Signatures by what was signed, in a fixed number of places: four numbers that name an rrset, and the number of the signer. A new
 * one takes the place of another. A place is good until the next call of {@link put}.
 */
export class SignatureCache {
  readonly octets: Uint8Array
  readonly #words: Int32Array
  readonly #mask: number
  #turn = 0

  /** `places` is a power of two; one takes 100 octets. */
  constructor(places: number) {
    this.octets = new Uint8Array(places * SIGNATURE_SIZE)
    this.#words = new Int32Array(places * WORDS)
    this.#mask = places - 1
  }

  /** The place of the signature, or -1 when there is none or it is to be made anew. `now` in seconds. */
  find(signer: number, a: number, b: number, c: number, d: number, now: number): number {
    const first = this.#firstPlace(a, b, c, d)
    if (this.#isAt(first, signer, a, b, c, d, now)) return first
    return this.#isAt(first ^ 1, signer, a, b, c, d, now) ? first ^ 1 : -1
  }

  #isAt(place: number, signer: number, a: number, b: number, c: number, d: number, now: number): boolean {
    const words = this.#words
    const at = place * WORDS
    return (
      words[at + 1] === a &&
      words[at + 2] === b &&
      words[at + 3] === c &&
      words[at + 4] === d &&
      words[at] === signer &&
      words[at + REFRESH_AT]! >>> 0 > now
    )
  }

  /** Keeps a signature and returns its place. Times are seconds; from `refreshAt` on it is not found. */
  put(
    signer: number,
    a: number,
    b: number,
    c: number,
    d: number,
    signature: Uint8Array,
    refreshAt: number,
    inception: number,
    expiration: number,
    labels: number,
  ): number {
    const words = this.#words
    const first = this.#firstPlace(a, b, c, d)
    // An empty place has signer 0.
    this.#turn ^= 1
    const place =
      words[first * WORDS] === 0 ? first : words[(first ^ 1) * WORDS] === 0 ? first ^ 1 : first ^ this.#turn
    const at = place * WORDS
    words[at + SIGNER] = signer
    words[at + 1] = a
    words[at + 2] = b
    words[at + 3] = c
    words[at + 4] = d
    words[at + REFRESH_AT] = refreshAt
    words[at + INCEPTION] = inception
    words[at + EXPIRATION] = expiration
    words[at + LABELS] = labels
    this.octets.set(signature, place * SIGNATURE_SIZE)
    return place
  }

  inceptionOf(place: number): number {
    return this.#words[place * WORDS + INCEPTION]!
  }

  expirationOf(place: number): number {
    return this.#words[place * WORDS + EXPIRATION]!
  }

  labelsOf(place: number): number {
    return this.#words[place * WORDS + LABELS]!
  }

  /** Forgets everything. */
  clear(): void {
    this.#words.fill(0)
  }

  #firstPlace(a: number, b: number, c: number, d: number): number {
    let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ c ^ Math.imul(d, 0xc2b2ae35)
    h = Math.imul(h ^ (h >>> 16), 0x7feb352d)
    return (h ^ (h >>> 15)) & this.#mask
  }
}
