import { isWildcard, labelCount, lowerName, type WireName } from '../name.ts'
import { rrTypeByCode } from '../rr-types/registry.ts'
import { CLASS_IN } from '../rr-types/type-codes.ts'

/** What an RRSIG says besides its signature (RFC 4034 3.1). Times are seconds since 1970. */
export interface SignatureFields {
  readonly typeCovered: number
  readonly algorithm: number
  /** See {@link signedLabels}. */
  readonly labels: number
  readonly originalTtl: number
  readonly expiration: number
  readonly inception: number
  readonly keyTag: number
  /** Apex of the zone whose key signs. */
  readonly signer: WireName
}

/** Octets of the rdata before the signer's name. */
export const SIGNATURE_HEAD_SIZE = 18

/** RFC 4034 3.1.3: labels of the owner, neither the root nor an asterisk in front counted. */
export const signedLabels = (owner: WireName): number => labelCount(owner) - (isWildcard(owner) ? 1 : 0)

/** The rdata of an RRSIG up to its signature. */
export function signatureHead(fields: SignatureFields): Uint8Array {
  const { signer } = fields
  const head = new Uint8Array(SIGNATURE_HEAD_SIZE + signer.length)
  const view = new DataView(head.buffer)
  view.setUint16(0, fields.typeCovered)
  view.setUint8(2, fields.algorithm)
  view.setUint8(3, fields.labels)
  view.setUint32(4, fields.originalTtl)
  view.setUint32(8, fields.expiration)
  view.setUint32(12, fields.inception)
  view.setUint16(16, fields.keyTag)
  head.set(lowerName(signer), SIGNATURE_HEAD_SIZE)
  return head
}

/** RFC 4034 6.2, 6.3: rdatas in canonical form and order, each once. */
export function canonicalRdatas(type: number, rdatas: readonly Uint8Array[]): Uint8Array[] {
  const { canonical } = rrTypeByCode(type)
  const sorted = rdatas.map(canonical).sort(compareOctets)
  return sorted.filter((rdata, i) => i === 0 || compareOctets(sorted[i - 1]!, rdata) !== 0)
}

/** What is signed (RFC 4034 3.1.8.1): the head of the RRSIG, then the records in canonical form. */
export function signingInput(
  head: Uint8Array,
  owner: WireName,
  type: number,
  originalTtl: number,
  rdatas: readonly Uint8Array[],
): Uint8Array {
  const name = lowerName(owner)
  const canonical = canonicalRdatas(type, rdatas)
  const size = canonical.reduce((sum, rdata) => sum + name.length + 10 + rdata.length, head.length)
  const input = new Uint8Array(size)
  const view = new DataView(input.buffer)
  input.set(head)
  let at = head.length
  for (const rdata of canonical) {
    input.set(name, at)
    at += name.length
    view.setUint16(at, type)
    view.setUint16(at + 2, CLASS_IN)
    view.setUint32(at + 4, originalTtl)
    view.setUint16(at + 8, rdata.length)
    input.set(rdata, at + 10)
    at += 10 + rdata.length
  }
  return input
}

function compareOctets(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}
