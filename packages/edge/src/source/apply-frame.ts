import { decodeZoneKeys } from '@waymark/dns/dnssec/zone-keys'
import {
  FRAME_HEADER_SIZE,
  type LineMembers,
  type LineSegments,
  OP_ACCOUNT,
  OP_END,
  OP_GROUP,
  OP_HEARTBEAT,
  OP_KEYS,
  OP_LINES,
  OP_NETWORK,
  OP_TRANSFERS,
  OP_ZONE,
  OP_ZONE_EMPTIED,
  OP_ZONE_REMOVED,
  OP_ZONE_TRANSFERS,
  ZONE_FLAG_ANSWERED,
  ZONE_FLAG_MANY_NETWORKS,
  ZONE_FLAG_RECURSIVE,
  ZONE_KIND_PUBLIC,
} from '@waymark/dns/feed-codec'
import { readAccess, readPolicy } from '@waymark/dns/transfer/policy'
import type { TableWriter } from '../zone-table/writer.ts'
import type { VariantSlice } from '../zone-table/written-zone.ts'

/** A frame breaks the format of `feed-codec`. Nothing after it can be trusted: the reader starts over. */
export class FrameError extends Error {
  override name = 'FrameError'
}

/** What a frame said besides its changes. */
export interface AppliedFrame {
  readonly seq: number
  readonly isEnd: boolean
  readonly isHeartbeat: boolean
}

const MAX_FRAME = 1 << 28

/** Octets of the frame at `at`, its length field included, or 0 when not all of them are there yet. Throws {@link FrameError}. */
export function frameSize(octets: Uint8Array, at: number, end: number): number {
  if (at + 4 > end) return 0
  const size = readU32(octets, at)
  if (size < FRAME_HEADER_SIZE - 4 || size > MAX_FRAME) throw new FrameError(`A frame of ${size} octets.`)
  return at + 4 + size <= end ? 4 + size : 0
}

/** Applies frames to a table. Keeps its scratch space, so one is made a table. */
export class FrameApplier {
  readonly #writer: TableWriter
  readonly #variants: VariantSlice[] = []
  readonly #removals: { head: number; ownerAt: number; type: number; line: string }[] = []

  constructor(writer: TableWriter) {
    this.#writer = writer
  }

  /**
   * Applies the frame at `at`, which {@link frameSize} found whole. Groups that end are removed after all others are in
   * place, so a name that changes its type never goes missing in between. Throws {@link FrameError}.
   */
  apply(octets: Uint8Array, at: number): AppliedFrame {
    const end = at + 4 + readU32(octets, at)
    const seq = readU32(octets, at + 4) * 2 ** 32 + readU32(octets, at + 8)
    const zoneId = toHex(octets, at + 12)
    const serial = readU32(octets, at + 28)
    let isEnd = false
    let isHeartbeat = false
    let isChange = false
    let p = at + FRAME_HEADER_SIZE
    this.#removals.length = 0
    while (p < end) {
      const op = octets[p++]!
      if (op === OP_HEARTBEAT) {
        isHeartbeat = true
        continue
      }
      if (op === OP_END) {
        isEnd = true
        continue
      }
      isChange = true
      if (op === OP_GROUP) p = this.#applyGroup(zoneId, octets, p, end)
      else if (op === OP_ZONE) p = this.#applyZone(zoneId, octets, p, end)
      else if (op === OP_ACCOUNT) p = this.#applyAccount(zoneId, octets, p, end)
      else if (op === OP_KEYS) p = this.#applyKeys(zoneId, octets, p, end)
      else if (op === OP_LINES) p = this.#applyLines(octets, p, end)
      else if (op === OP_NETWORK) p = this.#applyNetwork(octets, p, end)
      else if (op === OP_TRANSFERS) p = this.#applyTransfers(octets, p, end)
      else if (op === OP_ZONE_TRANSFERS) p = this.#applyAccess(zoneId, octets, p, end)
      else if (op === OP_ZONE_REMOVED) this.#applyWhole(() => this.#writer.removeZone(zoneId))
      else if (op === OP_ZONE_EMPTIED) this.#applyWhole(() => this.#writer.emptyZone(zoneId))
      else throw new FrameError(`Operation ${op} is unknown.`)
    }
    if (p !== end) throw new FrameError('A frame ends inside an operation.')
    for (const { head, ownerAt, type, line } of this.#removals) {
      this.#writer.removeGroupOlderThan(head, zoneId, octets, ownerAt, type, line)
    }
    if (isChange) this.#writer.commit(zoneId, serial)
    return { seq, isEnd, isHeartbeat }
  }

  /** A change of the whole zone makes the removals before it pointless. */
  #applyWhole(change: () => void): void {
    this.#removals.length = 0
    change()
  }

  #applyZone(zoneId: string, octets: Uint8Array, start: number, end: number): number {
    const apexSize = octets[start]!
    let p = start + 1 + apexSize
    if (p + 3 > end) throw new FrameError('A ZONE operation is cut short.')
    const apex = octets.slice(start + 1, p)
    const kind = octets[p]!
    const flags = octets[p + 1]!
    const hasMany = (flags & ZONE_FLAG_MANY_NETWORKS) !== 0
    const networks = hasMany ? readU16(octets, p + 2) : octets[p + 2]!
    p += hasMany ? 4 : 3
    const names: string[] = []
    for (let i = 0; i < networks; i++) {
      const size = octets[p] ?? 0
      if (p + 1 + size > end) throw new FrameError('A ZONE operation is cut short.')
      names.push(toText(octets, p + 1, size))
      p += 1 + size
    }
    if (p > end || !isName(apex)) throw new FrameError('A ZONE operation is malformed.')
    const isAnswered = (flags & ZONE_FLAG_ANSWERED) !== 0
    const isRecursive = (flags & ZONE_FLAG_RECURSIVE) !== 0
    this.#writer.putZone(zoneId, apex, kind === ZONE_KIND_PUBLIC, isAnswered, names, isRecursive)
    return p
  }

  #applyAccount(zoneId: string, octets: Uint8Array, start: number, end: number): number {
    const reader = new OperationReader(octets, start, end)
    this.#writer.setAccount(zoneId, reader.string())
    return reader.at
  }

  #applyKeys(zoneId: string, octets: Uint8Array, start: number, end: number): number {
    const reader = new OperationReader(octets, start, end)
    const keys = reader.octets(reader.u16())
    if (keys.length > 0 && decodeZoneKeys(keys) === null)
      throw new FrameError('The keys of a zone are malformed.')
    this.#writer.setKeys(zoneId, keys)
    return reader.at
  }

  #applyNetwork(octets: Uint8Array, start: number, end: number): number {
    const reader = new OperationReader(octets, start, end)
    const id = reader.string()
    const prefixes: { bits: number; address: Uint8Array }[] = []
    for (let left = reader.u16(); left > 0; left--) {
      const bits = reader.u8()
      const address = reader.address()
      if (bits > address.length * 8) throw new FrameError('A prefix of a network is longer than an address.')
      prefixes.push({ bits, address })
    }
    const listeners: Uint8Array[] = []
    for (let left = reader.u16(); left > 0; left--) listeners.push(reader.address())
    this.#writer.putNetwork({ id, prefixes, listeners })
    return reader.at
  }

  #applyTransfers(octets: Uint8Array, start: number, end: number): number {
    const reader = new OperationReader(octets, start, end)
    const policy = reader.octets(reader.u32())
    if (readPolicy(policy) === null) throw new FrameError('The policy of transfers is malformed.')
    this.#writer.transferPolicy = policy
    return reader.at
  }

  #applyAccess(zoneId: string, octets: Uint8Array, start: number, end: number): number {
    const reader = new OperationReader(octets, start, end)
    const access = reader.octets(reader.u32())
    if (access.length > 0 && readAccess(access) === null)
      throw new FrameError('The access to a zone is malformed.')
    this.#writer.setTransferAccess(zoneId, access)
    return reader.at
  }

  #applyLines(octets: Uint8Array, start: number, end: number): number {
    const reader = new OperationReader(octets, start, end)
    const account = reader.string()
    const lines: LineSegments[] = []
    for (let left = reader.u16(); left > 0; left--) {
      const id = reader.string()
      const segments: [number, number][] = []
      for (let more = reader.u16(); more > 0; more--) segments.push([reader.u32(), reader.u32()])
      lines.push({ id, segments })
    }
    const groups: LineMembers[] = []
    for (let left = reader.u16(); left > 0; left--) {
      const id = reader.string()
      const members: string[] = []
      for (let more = reader.u16(); more > 0; more--) members.push(reader.string())
      groups.push({ id, members })
    }
    this.#writer.putLines(account, lines, groups)
    return reader.at
  }

  #applyGroup(zoneId: string, octets: Uint8Array, start: number, end: number): number {
    const ownerAt = start + 1
    let p = ownerAt + octets[start]!
    if (p + 4 > end) throw new FrameError('A GROUP operation is cut short.')
    const type = readU16(octets, p)
    const lineSize = octets[p + 2]!
    const line = lineSize === 0 ? '' : toText(octets, p + 3, lineSize)
    p += 3 + lineSize
    const count = octets[p++]!
    for (let i = 0; i < count; i++) {
      if (p + 8 > end) throw new FrameError('A variant is cut short.')
      this.#variants[i] ??= { weight: 0, ttl: 0, at: 0, length: 0 }
      const variant = this.#variants[i]!
      variant.weight = (readU16(octets, p) << 16) >> 16
      variant.ttl = readU32(octets, p + 2)
      variant.at = p + 6
      p += 8
      for (let left = readU16(octets, variant.at); left > 0; left--) {
        if (p + 2 > end) throw new FrameError('Rdatas are cut short.')
        p += 2 + readU16(octets, p)
      }
      variant.length = p - variant.at
    }
    if (p > end) throw new FrameError('A GROUP operation is cut short.')
    if (count === 0) this.#removals.push({ head: this.#writer.head, ownerAt, type, line })
    else this.#writer.putGroup(zoneId, octets, ownerAt, type, line, this.#variants, count)
    return p
  }
}

/** Reads what is not read per group; throws {@link FrameError} at the end of the frame. */
class OperationReader {
  at: number
  readonly #octets: Uint8Array
  readonly #end: number

  constructor(octets: Uint8Array, at: number, end: number) {
    this.#octets = octets
    this.at = at
    this.#end = end
  }

  u8(): number {
    return this.#octets[this.#take(1)]!
  }

  /** Four or sixteen octets. */
  address(): Uint8Array {
    const size = this.u8()
    if (size !== 4 && size !== 16) throw new FrameError(`An address of ${size} octets.`)
    return this.octets(size)
  }

  u16(): number {
    return readU16(this.#octets, this.#take(2))
  }

  u32(): number {
    return readU32(this.#octets, this.#take(4))
  }

  /** A copy of the next octets. */
  octets(size: number): Uint8Array {
    const at = this.#take(size)
    return this.#octets.slice(at, at + size)
  }

  string(): string {
    const size = this.#octets[this.#take(1)]!
    return toText(this.#octets, this.#take(size), size)
  }

  #take(size: number): number {
    const at = this.at
    this.at += size
    if (this.at > this.#end) throw new FrameError('An operation is cut short.')
    return at
  }
}

function isName(octets: Uint8Array): boolean {
  let at = 0
  while (at < octets.length && octets[at] !== 0 && octets[at]! < 64) at += octets[at]! + 1
  return at === octets.length - 1 && octets[at] === 0 && octets.length <= 255
}

const readU16 = (octets: Uint8Array, at: number): number => (octets[at]! << 8) | octets[at + 1]!

const readU32 = (octets: Uint8Array, at: number): number =>
  ((octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!) >>> 0

const toHex = (octets: Uint8Array, at: number): string =>
  Buffer.from(octets.buffer, octets.byteOffset + at, 16).toString('hex')

const toText = (octets: Uint8Array, at: number, size: number): string =>
  Buffer.from(octets.buffer, octets.byteOffset + at, size).toString('utf8')
