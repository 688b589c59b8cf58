import { createHmac, timingSafeEqual } from 'node:crypto'
import { equalNames, formatName } from '@waymark/dns/name'
import {
  findTsig,
  macPrefix,
  TSIG_ALGORITHMS,
  TSIG_BADKEY,
  TSIG_BADSIG,
  TSIG_BADTIME,
  TSIG_FUDGE,
  type TsigKey,
  tsigRecord,
  tsigVariables,
  unsignedMessage,
} from '@waymark/dns/tsig/tsig'

const NOTHING = new Uint8Array()

/** RFC 8945 5.3.1: more unsigned messages in a row must not be taken. */
const MAX_UNSIGNED = 99

const WHY: Readonly<Record<number, string>> = {
  [TSIG_BADSIG]: 'the primary finds the signature wrong (BADSIG): the secrets differ',
  [TSIG_BADKEY]: 'the primary does not know the key or its algorithm (BADKEY)',
  [TSIG_BADTIME]: 'the clocks of the primary and of this server differ too much (BADTIME)',
}

/** One signed request and the check of all messages of its answer (RFC 8945 5.3.1). `now` in seconds since 1970. */
export class SignedExchange {
  readonly #key: TsigKey
  readonly #now: () => number
  #mac: Uint8Array = NOTHING
  /** Messages since the last signed one. */
  #unsigned: Uint8Array[] = []
  #isFirst = true

  constructor(key: TsigKey, now: () => number) {
    this.#key = key
    this.#now = now
  }

  /** The request with its TSIG record. */
  sign(message: Uint8Array): Uint8Array {
    const values = {
      keyName: this.#key.name,
      algorithm: TSIG_ALGORITHMS[this.#key.algorithm].name,
      timeSigned: this.#now(),
      fudge: TSIG_FUDGE,
      error: 0,
      otherData: NOTHING,
    }
    this.#mac = this.#digest([message, tsigVariables(values, false)])
    const signed = Uint8Array.from([
      ...message,
      ...tsigRecord(values, this.#mac, (message[0]! << 8) | message[1]!),
    ])
    signed[11] = signed[11]! + 1
    return signed
  }

  /** What is wrong with the signature of the next message of the answer; undefined: it is right, or a later one may be. */
  check(message: Uint8Array): string | undefined {
    const tsig = findTsig(message)
    if (tsig === null) return 'the TSIG record of the answer is malformed'
    if (tsig === undefined) {
      if (this.#isFirst) return 'the answer is not signed'
      this.#unsigned.push(message)
      return this.#unsigned.length > MAX_UNSIGNED ? 'too many messages in a row are not signed' : undefined
    }
    if (tsig.error !== 0)
      return WHY[tsig.error] ?? `the primary refuses the signature (TSIG error ${tsig.error})`
    const { macSize, name } = TSIG_ALGORITHMS[this.#key.algorithm]
    if (!equalNames(tsig.keyName, this.#key.name) || !equalNames(tsig.algorithm, name))
      return `the answer is signed with another key, ${formatName(tsig.keyName)}`
    if (tsig.mac.length > macSize || tsig.mac.length < Math.max(10, macSize / 2))
      return 'the signature of the answer is cut short'
    const expected = this.#digest([
      macPrefix(this.#mac),
      ...this.#unsigned,
      unsignedMessage(message, tsig),
      tsigVariables(tsig, !this.#isFirst),
    ])
    if (!timingSafeEqual(expected.subarray(0, tsig.mac.length), tsig.mac))
      return 'the signature of the answer is wrong: the secrets differ, or somebody changed the answer'
    if (Math.abs(this.#now() - tsig.timeSigned) > tsig.fudge)
      return 'the answer was signed too long ago, or the clocks differ'
    this.#mac = tsig.mac
    this.#unsigned = []
    this.#isFirst = false
    return undefined
  }

  /** RFC 8945 5.3.1: the last message of an answer must be signed. */
  get isComplete(): boolean {
    return !this.#isFirst && this.#unsigned.length === 0
  }

  #digest(parts: readonly Uint8Array[]): Buffer {
    const digest = createHmac(this.#key.algorithm.slice('hmac-'.length), this.#key.secret)
    for (const part of parts) digest.update(part)
    return digest.digest()
  }
}
