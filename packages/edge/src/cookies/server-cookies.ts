import { IPV6, readSource, type Source } from '../line/source-address.ts'
import { SipHash } from './siphash.ts'

export const CLIENT_COOKIE_SIZE = 8
/** Version, three octets of zero, time and hash. */
export const SERVER_COOKIE_SIZE = 16
const VERSION = 1
/** RFC 9018 4.3: how long a cookie is good, and how far its clock may be ahead of ours, in seconds. */
const MAX_AGE = 3600
const MAX_AHEAD = 300

/**
 * Server cookies of RFC 9018: a client that shows one has received an answer of ours at its address before. Servers with the same
 * secret understand each other's. One object a thread.
 */
export class ServerCookies {
  /** The first makes cookies, all recognise them. */
  readonly #hashes: readonly SipHash[]
  readonly #clock: () => number
  readonly #address = new Uint8Array(16)
  /** Client cookie, version, reserved octets, time, address: what is hashed. */
  readonly #input = new Uint8Array(32)
  #length = 0

  /** Secrets of 16 octets, the current one first; `clock` in milliseconds since 1970. */
  constructor(secrets: readonly Uint8Array[], clock: () => number = Date.now) {
    this.#hashes = secrets.map((secret) => new SipHash(secret))
    this.#clock = clock
  }

  /** Whether the server cookie behind the client cookie at `at` of the packet is one of ours, for this source, and not too old. */
  isValid(packet: Uint8Array, at: number, serverSize: number, source: string | Source): boolean {
    const serverAt = at + CLIENT_COOKIE_SIZE
    if (serverSize !== SERVER_COOKIE_SIZE || packet[serverAt] !== VERSION) return false
    const age = (Math.floor(this.#clock() / 1000) - readTime(packet, serverAt + 4)) | 0
    if (age > MAX_AGE || age < -MAX_AHEAD) return false
    this.#fill(packet, at, source)
    for (let i = 0; i < 8; i++) this.#input[CLIENT_COOKIE_SIZE + i] = packet[serverAt + i]!
    for (let i = 0; i < this.#hashes.length; i++) {
      const hash = this.#hashes[i]!
      hash.hash(this.#input, this.#length)
      let difference = 0
      for (let k = 0; k < 8; k++) difference |= hash.result[k]! ^ packet[serverAt + 8 + k]!
      if (difference === 0) return true
    }
    return false
  }

  /** Writes a fresh server cookie for the client cookie at `at` of the packet. */
  write(packet: Uint8Array, at: number, source: string | Source, out: Uint8Array, outAt: number): void {
    this.#fill(packet, at, source)
    const input = this.#input
    const now = Math.floor(this.#clock() / 1000)
    input[8] = VERSION
    input[9] = 0
    input[10] = 0
    input[11] = 0
    input[12] = now >>> 24
    input[13] = now >>> 16
    input[14] = now >>> 8
    input[15] = now
    const hash = this.#hashes[0]!
    hash.hash(input, this.#length)
    for (let i = 0; i < 8; i++) {
      out[outAt + i] = input[8 + i]!
      out[outAt + 8 + i] = hash.result[i]!
    }
  }

  #fill(packet: Uint8Array, at: number, source: string | Source): void {
    const input = this.#input
    for (let i = 0; i < CLIENT_COOKIE_SIZE; i++) input[i] = packet[at + i]!
    const start = readSource(source, this.#address) === IPV6 ? 0 : 12
    for (let i = start; i < 16; i++) input[16 + i - start] = this.#address[i]!
    this.#length = 32 - start
  }
}

const readTime = (octets: Uint8Array, at: number): number =>
  (octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!
