import { crc32, inflateRawSync } from 'node:zlib'
import { Inflate } from 'fflate'

/**
 * Reads a ZIP archive (PKWARE APPNOTE) that somebody else made, without trusting a single number in it: the directory only
 * says where to look, what counts is what really comes out. Inflating is done in small pieces and stops at the limits.
 */

/** The archive is damaged, not an archive, or built to do harm. The message is for the sender of the file. */
export class ZipFault extends Error {}

export interface ZipLimits {
  /** Octets that may come out of all entries together. */
  readonly inflatedBytes: number
  /** How many times larger than its compressed form an entry may grow, once it is larger than `ratioFromBytes`. */
  readonly ratio: number
  readonly ratioFromBytes: number
  readonly entries: number
}

/**
 * 128 MB hold a sheet of about 500,000 record sets. Real sheets shrink 10 to 30 times (a million formatted but empty rows:
 * 25 times), deflate can do 1,000.
 */
export const ZIP_LIMITS: ZipLimits = {
  inflatedBytes: 128 * 1024 * 1024,
  ratio: 100,
  ratioFromBytes: 4 * 1024 * 1024,
  entries: 4096,
}

interface Entry {
  readonly name: string
  readonly method: number
  readonly crc: number
  /** What the directory says comes out; not to be trusted. */
  readonly statedSize: number
  readonly dataStart: number
  readonly dataEnd: number
}

export interface ZipArchive {
  readonly has: (name: string) => boolean
  /** The inflated octets of an entry, in pieces, read only as far as the caller iterates. Throws `ZipFault`. */
  readonly read: (name: string) => Generator<Uint8Array, void>
}

const END_SIGNATURE = 0x06054b50
const END64_LOCATOR_SIGNATURE = 0x07064b50
const END64_SIGNATURE = 0x06064b50
const DIRECTORY_SIGNATURE = 0x02014b50
const LOCAL_SIGNATURE = 0x04034b50
const END_LENGTH = 22
const DIRECTORY_HEADER_LENGTH = 46
const LOCAL_HEADER_LENGTH = 30
const STORED = 0
const DEFLATED = 8
const FLAG_ENCRYPTED = 0x0001
const IN_ZIP64 = 0xffffffff
/** Compressed octets given to the inflater at once; it answers with at most about 1,032 times as many. */
const PIECE = 4096
/** Entries up to this size are inflated by the runtime in one go, three times as fast as in pieces. */
const AT_ONCE = 4 * 1024 * 1024

/** Opens an archive: checks the directory, resolves every local header, refuses entries that overlap or share a name. */
export function openZip(bytes: Uint8Array, limits: ZipLimits = ZIP_LIMITS): ZipArchive {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries = readDirectory(bytes, view, limits)
  let inflated = 0

  function* read(name: string): Generator<Uint8Array, void> {
    const entry = entries.get(partKey(name))
    if (entry === undefined) throw new ZipFault(`The part ${name} is missing.`)
    const source = bytes.subarray(entry.dataStart, entry.dataEnd)
    let ownInflated = 0
    let crc = 0
    const pieces = piecesOf(entry, source)
    for (const piece of pieces) {
      inflated += piece.length
      ownInflated += piece.length
      if (inflated > limits.inflatedBytes) {
        throw new ZipFault(`The content is larger than ${limits.inflatedBytes} bytes when unpacked.`)
      }
      if (ownInflated > limits.ratioFromBytes && ownInflated > source.length * limits.ratio) {
        throw new ZipFault(`The part ${name} is packed more than ${limits.ratio} times.`)
      }
      crc = crc32(piece, crc)
      yield piece
    }
    if (crc !== entry.crc) throw new ZipFault(`The part ${name} is damaged (checksum).`)
  }

  return { has: (name) => entries.has(partKey(name)), read }
}

/** Part names compare without case (ECMA-376 part 2, 6.2.2.3). */
const partKey = (name: string): string => name.toLowerCase().replaceAll('\\', '/')

function readDirectory(bytes: Uint8Array, view: DataView, limits: ZipLimits): Map<string, Entry> {
  const { count, start, end } = findDirectory(view)
  if (count > limits.entries) throw new ZipFault(`The archive has more than ${limits.entries} entries.`)
  const entries = new Map<string, Entry>()
  const decoder = new TextDecoder()
  let at = start
  for (let i = 0; i < count; i++) {
    if (at + DIRECTORY_HEADER_LENGTH > end || view.getUint32(at, true) !== DIRECTORY_SIGNATURE) {
      throw new ZipFault('The directory of the archive is damaged.')
    }
    const flags = view.getUint16(at + 8, true)
    const method = view.getUint16(at + 10, true)
    const nameLength = view.getUint16(at + 28, true)
    const extraLength = view.getUint16(at + 30, true)
    const nameStart = at + DIRECTORY_HEADER_LENGTH
    const next = nameStart + nameLength + extraLength + view.getUint16(at + 32, true)
    if (next > end) throw new ZipFault('The directory of the archive is damaged.')
    const name = decoder.decode(bytes.subarray(nameStart, nameStart + nameLength))
    if ((flags & FLAG_ENCRYPTED) !== 0) throw new ZipFault('The archive is encrypted.')
    const { inflatedSize, size, offset } = sizesAndOffset(view, at, nameStart + nameLength, extraLength)
    const dataStart = localDataStart(view, offset, start)
    if (dataStart + size > start) throw new ZipFault('An entry of the archive reaches beyond its end.')
    if (method === STORED || method === DEFLATED) {
      if (entries.has(partKey(name))) throw new ZipFault(`The archive has two parts named ${name}.`)
      entries.set(partKey(name), {
        name,
        method,
        crc: view.getUint32(at + 16, true),
        statedSize: inflatedSize,
        dataStart,
        dataEnd: dataStart + size,
      })
    }
    at = next
  }
  refuseOverlaps(entries)
  return entries
}

function findDirectory(view: DataView): { count: number; start: number; end: number } {
  // The end record is followed by a comment of at most 65,535 octets.
  const lowest = Math.max(0, view.byteLength - END_LENGTH - 0xffff)
  for (let at = view.byteLength - END_LENGTH; at >= lowest; at--) {
    if (view.getUint32(at, true) !== END_SIGNATURE) continue
    if (at + END_LENGTH + view.getUint16(at + 20, true) !== view.byteLength) continue
    const zip64 = findZip64Directory(view, at)
    const count = zip64?.count ?? view.getUint16(at + 10, true)
    const size = zip64?.size ?? view.getUint32(at + 12, true)
    const start = zip64?.start ?? view.getUint32(at + 16, true)
    if (start + size > at) throw new ZipFault('The directory of the archive is damaged.')
    return { count, start, end: start + size }
  }
  throw new ZipFault('The file is no workbook, or it is cut off.')
}

function findZip64Directory(
  view: DataView,
  endAt: number,
): { count: number; size: number; start: number } | undefined {
  const locatorAt = endAt - 20
  if (locatorAt < 0 || view.getUint32(locatorAt, true) !== END64_LOCATOR_SIGNATURE) return undefined
  const at = uint64(view, locatorAt + 8)
  if (at + 56 > locatorAt || view.getUint32(at, true) !== END64_SIGNATURE) {
    throw new ZipFault('The directory of the archive is damaged.')
  }
  return { count: uint64(view, at + 32), size: uint64(view, at + 40), start: uint64(view, at + 48) }
}

/** Sizes and place of the local header; values that need 64 bits stand in an extra field (APPNOTE 4.5.3). */
function sizesAndOffset(
  view: DataView,
  header: number,
  extraStart: number,
  extraLength: number,
): { inflatedSize: number; size: number; offset: number } {
  const sizes = [
    view.getUint32(header + 24, true),
    view.getUint32(header + 20, true),
    view.getUint32(header + 42, true),
  ]
  if (!sizes.includes(IN_ZIP64)) return { inflatedSize: sizes[0]!, size: sizes[1]!, offset: sizes[2]! }
  const extraEnd = extraStart + extraLength
  for (let at = extraStart; at + 4 <= extraEnd; ) {
    const length = view.getUint16(at + 2, true)
    if (view.getUint16(at, true) === 0x0001) {
      let field = at + 4
      const values = sizes.map((value) => {
        if (value !== IN_ZIP64) return value
        if (field + 8 > Math.min(at + 4 + length, extraEnd)) {
          throw new ZipFault('The directory of the archive is damaged.')
        }
        field += 8
        return uint64(view, field - 8)
      })
      return { inflatedSize: values[0]!, size: values[1]!, offset: values[2]! }
    }
    at += 4 + length
  }
  throw new ZipFault('The directory of the archive is damaged.')
}

/** Values beyond 2^53 lose digits here, but are refused anyway: no file is that long. */
const uint64 = (view: DataView, at: number): number =>
  view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32

function localDataStart(view: DataView, offset: number, directoryStart: number): number {
  if (offset + LOCAL_HEADER_LENGTH > directoryStart || view.getUint32(offset, true) !== LOCAL_SIGNATURE) {
    throw new ZipFault('An entry of the archive is not where the directory says.')
  }
  return offset + LOCAL_HEADER_LENGTH + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true)
}

/** One piece of compressed data named by many entries would multiply what comes out of it. */
function refuseOverlaps(entries: ReadonlyMap<string, Entry>): void {
  let end = 0
  for (const entry of [...entries.values()].sort((a, b) => a.dataStart - b.dataStart)) {
    if (entry.dataStart < end) throw new ZipFault('Entries of the archive overlap.')
    end = Math.max(end, entry.dataEnd)
  }
}

function* slicesOf(octets: Uint8Array): Generator<Uint8Array, void> {
  for (let at = 0; at < octets.length; at += 65536) yield octets.subarray(at, at + 65536)
}

function piecesOf(entry: Entry, source: Uint8Array): Iterable<Uint8Array> {
  if (entry.method === STORED) return slicesOf(source)
  return entry.statedSize <= AT_ONCE
    ? slicesOf(inflatedAtOnce(source, entry.statedSize))
    : inflatedPieces(source)
}

/** Throws as soon as more comes out than the directory stated. */
function inflatedAtOnce(source: Uint8Array, statedSize: number): Uint8Array {
  try {
    return inflateRawSync(source, { maxOutputLength: Math.max(1, statedSize) })
  } catch (cause) {
    throw new ZipFault('A part of the archive is damaged or larger than the archive says.', { cause })
  }
}

function* inflatedPieces(source: Uint8Array): Generator<Uint8Array, void> {
  let out: Uint8Array[] = []
  const inflate = new Inflate((piece) => {
    if (piece.length > 0) out.push(piece)
  })
  for (let at = 0; at === 0 || at < source.length; at += PIECE) {
    try {
      inflate.push(source.subarray(at, at + PIECE), at + PIECE >= source.length)
    } catch (cause) {
      throw new ZipFault('A part of the archive is damaged.', { cause })
    }
    yield* out
    out = []
  }
}
