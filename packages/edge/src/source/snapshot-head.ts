import { layoutFingerprint } from '../zone-table/layout-fingerprint.ts'

/**
 * The beginning of a snapshot:
 *
 *     "WMEDGE04" | fingerprint of the layout | words of each of the four parts | octets of the books
 *                | CRC-32 of the checksums and the books | CRC-32 of the head
 *
 * Numbers have 32 bits in the order of this machine, which is part of the fingerprint.
 */
export interface SnapshotHead {
  readonly partWords: readonly number[]
  readonly booksSize: number
  readonly tailSum: number
}

const MAGIC = 'WMEDGE04'
const PARTS = 4
const WORDS = 4 + PARTS
/** Octets of the head. */
export const HEAD_SIZE = 8 + WORDS * 4

/** A snapshot of another version of the edge: whole perhaps, but of no use to this one. */
export class OtherVersionError extends Error {
  override name = 'OtherVersionError'
}

export function encodeHead({ partWords, booksSize, tailSum }: SnapshotHead): Uint8Array {
  const octets = new Uint8Array(HEAD_SIZE)
  const words = new Uint32Array(octets.buffer, 8)
  new TextEncoder().encodeInto(MAGIC, octets)
  words.set([layoutFingerprint(), ...partWords, booksSize, tailSum])
  words[WORDS - 1] = Bun.hash.crc32(octets.subarray(0, HEAD_SIZE - 4))
  return octets
}

/** Throws an Error for a damaged head, {@link OtherVersionError} for that of another version. */
export function decodeHead(octets: Uint8Array): SnapshotHead {
  const magic = Buffer.from(octets.subarray(0, 8)).toString('latin1')
  if (!/^WMEDGE\d\d$/.test(magic)) throw new Error('This is no snapshot of an edge.')
  if (magic !== MAGIC) throw new OtherVersionError(`Its form is ${magic}, and ${MAGIC} is read.`)
  if (octets.length < HEAD_SIZE) throw new Error('The snapshot is too short.')
  const words = new Uint32Array(octets.buffer, octets.byteOffset + 8, WORDS)
  if (words[WORDS - 1] !== Bun.hash.crc32(octets.subarray(0, HEAD_SIZE - 4))) {
    throw new Error('The checksum of its head is wrong.')
  }
  if (words[0] !== layoutFingerprint()) throw new OtherVersionError('Its table has another layout.')
  return {
    partWords: [...words.subarray(1, 1 + PARTS)],
    booksSize: words[1 + PARTS]!,
    tailSum: words[2 + PARTS]!,
  }
}
