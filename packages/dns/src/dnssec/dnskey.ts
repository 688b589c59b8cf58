import { lowerName, type WireName } from '../name.ts'

/** Flags of a key that signs zone data (RFC 4034 2.1.1). */
export const FLAGS_ZSK = 0x0100
/** The same with the SEP bit: a key that a DS of the parent names, and that signs the keys. */
export const FLAGS_KSK = 0x0101

/** RFC 4509: the digest that every validator knows. */
export const DIGEST_SHA256 = 2

/** The protocol field of every key (RFC 4034 2.1.2). */
const PROTOCOL = 3
const DS_HEAD_SIZE = 4

export interface PublicKey {
  readonly flags: number
  readonly algorithm: number
  /** As the algorithm's RFC lays it out: x and y for ECDSA P-256 (RFC 6605 4), 32 octets for Ed25519 (RFC 8080 3). */
  readonly publicKey: Uint8Array
}

/** Rdata of DNSKEY and CDNSKEY (RFC 4034 2.1, RFC 7344 3.2). */
export function dnskeyRdata({ flags, algorithm, publicKey }: PublicKey): Uint8Array {
  const rdata = new Uint8Array(4 + publicKey.length)
  rdata[0] = flags >> 8
  rdata[1] = flags
  rdata[2] = PROTOCOL
  rdata[3] = algorithm
  rdata.set(publicKey, 4)
  return rdata
}

/** RFC 4034 appendix B: a sum that tells keys apart, mostly. Not for algorithm 1. */
export function keyTag(rdata: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < rdata.length; at++) sum += (at & 1) === 0 ? rdata[at]! << 8 : rdata[at]!
  return (sum + (sum >>> 16)) & 0xffff
}

/** What the digest of a DS is made over: owner name and DNSKEY rdata (RFC 4034 5.1.4). */
export function digestInput(owner: WireName, rdata: Uint8Array): Uint8Array {
  const input = new Uint8Array(owner.length + rdata.length)
  input.set(lowerName(owner))
  input.set(rdata, owner.length)
  return input
}

/** Rdata of DS and CDS for the key with this rdata; `digest` is the SHA-256 of {@link digestInput}. */
export function dsRdata(dnskey: Uint8Array, digest: Uint8Array): Uint8Array {
  const tag = keyTag(dnskey)
  const rdata = new Uint8Array(DS_HEAD_SIZE + digest.length)
  rdata[0] = tag >> 8
  rdata[1] = tag
  rdata[2] = dnskey[3]!
  rdata[3] = DIGEST_SHA256
  rdata.set(digest, DS_HEAD_SIZE)
  return rdata
}
