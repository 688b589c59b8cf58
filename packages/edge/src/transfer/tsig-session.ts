import { createHmac, timingSafeEqual } from 'node:crypto'
import { RCODE_FORMERR, RCODE_NOERROR, RCODE_NOTAUTH } from '@waymark/dns/message/header'
import { equalNames } from '@waymark/dns/name'
import {
  findTsig,
  macPrefix,
  TSIG_ALGORITHMS,
  TSIG_BADKEY,
  TSIG_BADSIG,
  TSIG_BADTIME,
  TSIG_BADTRUNC,
  TSIG_FUDGE,
  type Tsig,
  type TsigKey,
  tsigRecord,
  tsigVariables,
  u48,
  unsignedMessage,
} from '@waymark/dns/tsig/tsig'

/** Keys by their name, as `keyId` gives it. */
export type TsigKeys = ReadonlyMap<string, TsigKey>

export const keyId = (name: Uint8Array): string => Buffer.from(name).toString('hex')

export const keysById = (keys: readonly TsigKey[]): TsigKeys =>
  new Map(keys.map((key) => [keyId(key.name), key]))

const NOTHING: Uint8Array = new Uint8Array()

/** What came of a message's signature. `rcode` is that of the answer, NOERROR when the signature is good. */
export interface Verdict {
  readonly rcode: number
  /** Extended error of the TSIG record in the answer. */
  readonly error: number
  readonly tsig: Tsig | undefined
  /** Known, and the MAC is right: the answer is signed with it. */
  readonly key: TsigKey | undefined
}

/**
 * Checks a message that has a TSIG record, in the order of RFC 8945 5.2: form, key, MAC, time. `now` in seconds since 1970;
 * `requestMac` where the message is the answer to a signed request.
 */
export function verifyTsig(
  received: Uint8Array,
  keys: TsigKeys,
  now: number,
  requestMac: Uint8Array = NOTHING,
): Verdict {
  const verdict = (rcode: number, error = 0, tsig?: Tsig, key?: TsigKey): Verdict => ({
    ...{ rcode, error, tsig, key },
  })
  // Slices of a Buffer are no copies, and the message is changed before it is hashed.
  const message = new Uint8Array(received)
  const tsig = findTsig(message)
  if (tsig === null || tsig === undefined) return verdict(RCODE_FORMERR)
  const key = keys.get(keyId(tsig.keyName))
  if (key === undefined || !equalNames(TSIG_ALGORITHMS[key.algorithm].name, tsig.algorithm))
    return verdict(RCODE_NOTAUTH, TSIG_BADKEY, tsig)
  const { macSize } = TSIG_ALGORITHMS[key.algorithm]
  // RFC 8945 5.2.2.1: a MAC is at most the hash, and at least half of it, of 10 octets at least.
  if (tsig.mac.length > macSize || tsig.mac.length < Math.max(10, macSize / 2)) return verdict(RCODE_FORMERR)
  const expected = hmac(key, [
    requestMac.length === 0 ? NOTHING : macPrefix(requestMac),
    unsignedMessage(message, tsig),
    tsigVariables(tsig, false),
  ])
  if (!timingSafeEqual(expected.subarray(0, tsig.mac.length), tsig.mac))
    return verdict(RCODE_NOTAUTH, TSIG_BADSIG, tsig)
  if (Math.abs(now - tsig.timeSigned) > tsig.fudge) return verdict(RCODE_NOTAUTH, TSIG_BADTIME, tsig, key)
  if (tsig.mac.length < macSize) return verdict(RCODE_NOTAUTH, TSIG_BADTRUNC, tsig, key)
  return verdict(RCODE_NOERROR, 0, tsig, key)
}

const hmac = (key: TsigKey, parts: readonly Uint8Array[]): Buffer => {
  const digest = createHmac(key.algorithm.slice('hmac-'.length), key.secret)
  for (const part of parts) digest.update(part)
  return digest.digest()
}

/** Signs the messages of one answer: each is bound to the request and to the message before it (RFC 8945 5.3, 5.3.1). */
export class ResponseSigner {
  readonly #key: TsigKey
  readonly #now: () => number
  #mac: Uint8Array
  #isFirst = true

  /** `requestMac` is that of the request; without octets, it is a request that is signed. `now` in seconds. */
  constructor(key: TsigKey, requestMac: Uint8Array, now: () => number) {
    this.#key = key
    this.#mac = requestMac
    this.#now = now
  }

  /** MAC of the message signed last. */
  get mac(): Uint8Array {
    return this.#mac
  }

  /** Appends the TSIG record to the message of `size` octets in `out`; its new size. */
  sign(out: Uint8Array, size: number, error = 0, timeSigned = this.#now()): number {
    const values = {
      keyName: this.#key.name,
      algorithm: TSIG_ALGORITHMS[this.#key.algorithm].name,
      timeSigned,
      fudge: TSIG_FUDGE,
      error,
      // RFC 8945 5.2.3: the server's time, where the clocks disagree.
      otherData: error === TSIG_BADTIME ? Uint8Array.from(u48(this.#now())) : NOTHING,
    }
    const mac = hmac(this.#key, [
      this.#mac.length === 0 ? NOTHING : macPrefix(this.#mac),
      out.subarray(0, size),
      tsigVariables(values, !this.#isFirst),
    ])
    this.#isFirst = false
    this.#mac = mac
    return append(out, size, tsigRecord(values, mac, (out[0]! << 8) | out[1]!))
  }
}

/** Ends an answer of one message to a request whose signature was checked; its new size. `now` in seconds. */
export function signAnswer(out: Uint8Array, size: number, verdict: Verdict, now: number): number {
  const { tsig, key, error } = verdict
  if (tsig === undefined) return size
  if (key !== undefined) {
    // RFC 8945 5.2.3: the time of the request, so that a client with another clock takes the answer.
    const timeSigned = error === TSIG_BADTIME ? tsig.timeSigned : now
    return new ResponseSigner(key, tsig.mac, () => now).sign(out, size, error, timeSigned)
  }
  // RFC 8945 5.3.2: an answer that tells of a bad key or MAC is not signed.
  const { keyName, algorithm } = tsig
  const values = {
    ...{ keyName, algorithm, error },
    ...{ timeSigned: now, fudge: TSIG_FUDGE, otherData: NOTHING },
  }
  return append(out, size, tsigRecord(values, NOTHING, tsig.originalId))
}

function append(out: Uint8Array, size: number, record: Uint8Array): number {
  out.set(record, size)
  const additionals = ((out[10]! << 8) | out[11]!) + 1
  out[10] = additionals >> 8
  out[11] = additionals
  return size + record.length
}
