import { createHash } from 'node:crypto'
import { digestInput, dnskeyRdata, dsRdata } from '@waymark/dns/dnssec/dnskey'
import { signatureHead, signedLabels, signingInput } from '@waymark/dns/dnssec/signing-input'
import {
  isActive,
  isKsk,
  isPublished,
  nextMoment,
  wantsDs,
  type ZoneKey,
} from '@waymark/dns/dnssec/zone-keys'
import { TYPE_CDNSKEY, TYPE_CDS, TYPE_DNSKEY } from '@waymark/dns/rr-types/type-codes'
import { openSigningKey, type SigningKey } from './signing-key.ts'

const DAY = 86_400
/** Clocks of validators may be slow. */
const INCEPTION_BEFORE = 3600
/** How long a signature is given out, in answers as in transfers. */
const GIVEN_OUT = 7 * DAY
/** Resolvers keep nothing longer than this, whatever its TTL. */
const LONGEST_TTL = 365 * DAY

/** Seconds that a signature is good after the last time that it is given out, beyond the TTL of what it signs. */
export interface SignatureLife {
  readonly goodAfter: number
}

/** Of answers. */
export const ANSWERED: SignatureLife = { goodAfter: 7 * DAY }
/** Of transfers: a secondary that hears nothing of us answers until its SOA expires, two weeks mostly (RFC 6781 4.4.2.2). */
export const TRANSFERRED: SignatureLife = { goodAfter: 21 * DAY }

/** Seconds that resolvers may keep the sets that the keys make: DNSKEY, CDS and CDNSKEY. */
export const KEY_SETS_TTL = 3600

/** One signature with what its RRSIG says of its time, in seconds since 1970. */
export interface Signature {
  readonly octets: Uint8Array
  /** Rdata of the RRSIG before it. */
  readonly head: Uint8Array
  readonly key: SigningKey
  readonly inception: number
  readonly expiration: number
  /** From here on another one should be made. */
  readonly refreshAt: number
}

/** A set that the keys make, with the signatures of all keys that sign it. */
export interface KeySet {
  readonly rdatas: readonly Uint8Array[]
  signatures: readonly Signature[]
}

/** What a zone is signed with between two moments at which its keys change what they do. */
export class ZoneSigner {
  /** Names this state in the cache, never 0. */
  readonly id: number
  /** Seconds: from then on the keys do something else. */
  readonly until: number
  /** Lower-case wire. */
  readonly apex: Uint8Array
  /** Signs the data of the zone. */
  readonly dataKey: SigningKey
  /** Sign the sets of the keys. */
  readonly #keyKeys: readonly SigningKey[]
  readonly #counts: { made: number }
  readonly #life: SignatureLife
  readonly #keySets = new Map<number, KeySet>()

  /** `keysAt` is the place of the keys in the table. Throws when no key signs now. */
  constructor(
    keysAt: number,
    apex: Uint8Array,
    keys: readonly ZoneKey[],
    now: number,
    counts: { made: number },
    life = ANSWERED,
  ) {
    this.#life = life
    this.apex = apex
    this.until = nextMoment(keys, now)
    this.#counts = counts
    // What is signed names the zone, so this has to tell the states of one zone apart, also after it was forgotten.
    this.id = Math.imul(keysAt, 0x9e3779b1) ^ Math.imul(this.until, 0x85ebca6b) || 1
    const active = keys.filter((key) => isActive(key.times, now))
    const dataKey = active.findLast((key) => !isKsk(key)) ?? active.at(-1)
    if (dataKey === undefined) throw new Error('No key of the zone signs.')
    this.dataKey = openSigningKey(dataKey)
    const ksks = active.filter(isKsk)
    this.#keyKeys = ksks.length === 0 ? [this.dataKey] : ksks.map(openSigningKey)
    const published = keys.filter((key) => isPublished(key.times, now)).map(dnskeyRdata)
    const atParent = keys.filter((key) => wantsDs(key, now)).map(dnskeyRdata)
    this.#keySets.set(TYPE_DNSKEY, { rdatas: published, signatures: [] })
    this.#keySets.set(TYPE_CDNSKEY, { rdatas: atParent, signatures: [] })
    this.#keySets.set(TYPE_CDS, {
      rdatas: atParent.map((rdata) => dsRdata(rdata, this.#digest(rdata))),
      signatures: [],
    })
  }

  /** The DNSKEY, CDS or CDNSKEY set, signed; undefined when it is empty. */
  keySet(type: number, now: number): KeySet | undefined {
    const set = this.#keySets.get(type)
    if (set === undefined || set.rdatas.length === 0) return undefined
    if (set.signatures.every((signature) => signature.refreshAt <= now))
      set.signatures = this.#keyKeys.map((key) =>
        this.#sign(key, this.apex, type, KEY_SETS_TTL, set.rdatas, now),
      )
    return set
  }

  /** Signs data of the zone. `owner` is lower-case wire, `rdatas` as stored. */
  sign(owner: Uint8Array, type: number, ttl: number, rdatas: readonly Uint8Array[], now: number): Signature {
    return this.#sign(this.dataKey, owner, type, ttl, rdatas, now)
  }

  #sign(
    key: SigningKey,
    owner: Uint8Array,
    typeCovered: number,
    originalTtl: number,
    rdatas: readonly Uint8Array[],
    now: number,
  ): Signature {
    const inception = now - INCEPTION_BEFORE
    const expiration = now + GIVEN_OUT + Math.min(originalTtl, LONGEST_TTL) + this.#life.goodAfter
    const head = signatureHead({
      typeCovered,
      algorithm: key.algorithm,
      labels: signedLabels(owner),
      originalTtl,
      expiration,
      inception,
      keyTag: key.tag,
      signer: this.apex,
    })
    this.#counts.made++
    const octets = key.sign(signingInput(head, owner, typeCovered, originalTtl, rdatas))
    return { octets, head, key, inception, expiration, refreshAt: now + GIVEN_OUT }
  }

  #digest(rdata: Uint8Array): Uint8Array {
    return createHash('sha256').update(digestInput(this.apex, rdata)).digest()
  }
}

/** Rdata of the RRSIG record of a signature (RFC 4034 3.1). */
export function rrsigRdata({ head, octets }: Signature): Uint8Array {
  const rdata = new Uint8Array(head.length + octets.length)
  rdata.set(head)
  rdata.set(octets, head.length)
  return rdata
}

/** When the signature in the rdata of an RRSIG record of ours, at `at` of `octets`, should be made anew. */
export const refreshAtOf = (octets: Uint8Array, at = 0): number =>
  (((octets[at + 12]! << 24) | (octets[at + 13]! << 16) | (octets[at + 14]! << 8) | octets[at + 15]!) >>> 0) +
  INCEPTION_BEFORE +
  GIVEN_OUT
