import { keyId, signAnswer, type TsigKeys, type Verdict, verifyTsig } from './tsig-session.ts'

/**
 * Requests with a TSIG record (RFC 8945) of one thread: whoever signs is told in what is signed back. They are few, those of
 * secondaries, so this path may allocate.
 */
export class SignedRequests {
  keys: TsigKeys = new Map()
  /** Told of the extended error of each request whose signature is not accepted; 0: the record is malformed. */
  onFailure: (error: number) => void = () => {}
  readonly #clock: () => number
  #verdict: Verdict | undefined

  /** `clock` in milliseconds since 1970. */
  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** Seconds since 1970. */
  readonly now = (): number => Math.floor(this.#clock() / 1000)

  /** Checks the request; the RCODE to answer it with, NOERROR when it is as it should be. */
  verify(request: Uint8Array): number {
    this.#verdict = verifyTsig(request, this.keys, this.now())
    const { rcode, error } = this.#verdict
    if (rcode !== 0) this.onFailure(error)
    return rcode
  }

  /** Signs the answer of `size` octets to the request verified last; its new size. */
  sign(answer: Uint8Array, size: number): number {
    return signAnswer(answer, size, this.#verdict!, this.now())
  }

  /** What the request verified last was signed with; undefined when its signature is not good. */
  get proof(): { readonly keyName: Uint8Array; readonly mac: Uint8Array } | undefined {
    const { rcode, key, tsig } = this.#verdict ?? {}
    return rcode === 0 && key !== undefined && tsig !== undefined
      ? { keyName: key.name, mac: tsig.mac }
      : undefined
  }

  keyOf(name: Uint8Array) {
    return this.keys.get(keyId(name))
  }
}
