import { createPrivateKey, sign } from 'node:crypto'
import { dnskeyRdata, keyTag } from '@waymark/dns/dnssec/dnskey'
import type { ZoneKey } from '@waymark/dns/dnssec/zone-keys'
import { ALGORITHMS } from '@waymark/dns/rr-types/algorithms'
import { SIGNATURE_SIZE } from './signature-cache.ts'

/** A key that is ready to sign. */
export interface SigningKey {
  readonly tag: number
  readonly algorithm: number
  readonly publicKey: Uint8Array
  /** The signature as RRSIG carries it: r and s of ECDSA P-256 (RFC 6605 4), or that of Ed25519 (RFC 8080 4). */
  readonly sign: (input: Uint8Array) => Uint8Array
}

/** Throws when the octets are no key of the algorithm, or the algorithm is not one of ours. */
export function openSigningKey(key: ZoneKey): SigningKey {
  const { algorithm, publicKey, privateKey } = key
  const tag = keyTag(dnskeyRdata(key))
  const d = base64url(privateKey)
  if (algorithm === ALGORITHMS.ED25519) {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: base64url(publicKey), d }
    const ed25519 = createPrivateKey({ key: jwk, format: 'jwk' })
    return { tag, algorithm, publicKey, sign: (input) => checked(sign(null, input, ed25519)) }
  }
  if (algorithm !== ALGORITHMS.ECDSAP256SHA256) throw new Error(`Algorithm ${algorithm} is not signed with.`)
  const [x, y] = [base64url(publicKey.subarray(0, 32)), base64url(publicKey.subarray(32))]
  const p256 = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x, y, d }, format: 'jwk' })
  const options = { key: p256, dsaEncoding: 'ieee-p1363' } as const
  return { tag, algorithm, publicKey, sign: (input) => checked(sign('sha256', input, options)) }
}

function checked(signature: Uint8Array): Uint8Array {
  if (signature.length !== SIGNATURE_SIZE) throw new Error(`A signature of ${signature.length} octets.`)
  return signature
}

const base64url = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url')
