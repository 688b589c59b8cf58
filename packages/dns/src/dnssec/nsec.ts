import type { WireName } from '../name.ts'
import { writeTypeBitmap } from './denial.ts'

/** The largest bitmap: 256 windows of 34 octets. */
const MAX_BITMAP_SIZE = 256 * 34

/** Rdata of an NSEC record (RFC 4034 4.1): the next owner name of the chain, and the types of this one, each once, in any order. */
export function nsecRdata(next: WireName, types: readonly number[]): Uint8Array {
  const codes = types.toSorted((a, b) => a - b)
  const room = Math.min(MAX_BITMAP_SIZE, codes.length * 34)
  const rdata = new Uint8Array(next.length + room)
  rdata.set(next)
  return rdata.slice(0, writeTypeBitmap(codes, codes.length, rdata, next.length))
}
