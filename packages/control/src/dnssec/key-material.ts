import { createHash, generateKeyPairSync } from 'node:crypto'
import { digestInput, dnskeyRdata, dsRdata, type PublicKey } from '@waymark/dns/dnssec/dnskey'
import { ALGORITHMS } from '@waymark/dns/rr-types/algorithms'

/** Algorithms that new keys may have, by the words of the setting. */
export const KEY_ALGORITHMS = {
  'ecdsa-p256': ALGORITHMS.ECDSAP256SHA256,
  ed25519: ALGORITHMS.ED25519,
} as const

export interface KeyMaterial {
  /** As in a DNSKEY record. */
  readonly publicKey: Uint8Array
  /** d of ECDSA P-256 or the seed of Ed25519, 32 octets. */
  readonly privateKey: Uint8Array
}

/** A new key pair of this algorithm (RFC 6605 4, RFC 8080 3). */
export function generateKey(algorithm: number): KeyMaterial {
  const { privateKey } =
    algorithm === ALGORITHMS.ED25519
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y, d } = privateKey.export({ format: 'jwk' })
  return {
    publicKey: new Uint8Array(Buffer.concat([octets(x), octets(y)])),
    privateKey: new Uint8Array(octets(d)),
  }
}

const octets = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64url')

/** Rdata of the DS that the parent of `owner` (wire) is to have for a key: a SHA-256 digest (RFC 4509). */
export function dsOf(owner: Uint8Array, key: PublicKey): Uint8Array {
  const rdata = dnskeyRdata(key)
  return dsRdata(rdata, createHash('sha256').update(digestInput(owner, rdata)).digest())
}
