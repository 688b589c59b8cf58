import * as layout from './layout.ts'
import { finishHash, hashLabel } from './name-buffer.ts'

/**
 * To be raised when octets of the table, or the books of its writer, change their meaning in a way that the numbers of
 * layout.ts do not show: the form of keys, of access by transfer, another order of groups.
 */
const REVISION = 1

const LABEL = Uint8Array.from([7, ...Buffer.from('example')])

/** Tells layouts of the table apart: a copy of a table makes sense to the layout that it has, and to no other. */
export function layoutFingerprint(): number {
  const numbers = Object.entries(layout).filter(([, value]) => typeof value === 'number')
  const hash = finishHash(hashLabel(4711, LABEL, 0), 42)
  const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0]
  return Bun.hash.crc32(JSON.stringify([REVISION, numbers, layout.variantWords(5), hash, isLittleEndian]))
}
