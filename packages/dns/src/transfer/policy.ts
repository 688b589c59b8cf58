import type { OctetWriter } from '../feed-codec.ts'
import type { WireName } from '../name.ts'
import { TSIG_ALGORITHMS, type TsigAlgorithm, type TsigKey } from '../tsig/tsig.ts'

/**
 * Who may have zones by transfer and who is told of changes, in the octets that the feed carries:
 *
 *     policy   u16 keys | key… | access
 *     key      u8 length, name (wire, lower case) | u8 algorithm | u8 length, secret
 *     access   u16 rules | rule… | u16 targets | target…
 *     rule     u8 length (0: any, 4, 16), address | u8 prefix length | u8 length (0: none), name of a key
 *     target   u8 length (4, 16), address | u16 port | u8 length (0: none), name of a key
 */
export interface TransferPolicy {
  readonly keys: readonly TsigKey[]
  /** What holds for zones without access of their own. */
  readonly access: TransferAccess
}

export interface TransferAccess {
  /** A request that one of these fits is answered; without any, none is. */
  readonly allow: readonly AllowRule[]
  readonly notify: readonly NotifyTarget[]
}

/** Fits a request that comes from the range and is signed with the key, where given. */
export interface AllowRule {
  /** 4 or 16 octets. */
  readonly network: Uint8Array | undefined
  readonly bits: number
  readonly keyName: WireName | undefined
}

export interface NotifyTarget {
  /** 4 or 16 octets. */
  readonly address: Uint8Array
  readonly port: number
  readonly keyName: WireName | undefined
}

export const NO_ACCESS: TransferAccess = { allow: [], notify: [] }
export const NO_TRANSFERS: TransferPolicy = { keys: [], access: NO_ACCESS }

const NOTHING = new Uint8Array()

export function writePolicy(out: OctetWriter, { keys, access }: TransferPolicy): void {
  out.u16(keys.length)
  for (const { name, algorithm, secret } of keys) {
    writeShort(out, name)
    out.u8(TSIG_ALGORITHMS[algorithm].number)
    writeShort(out, secret)
  }
  writeAccess(out, access)
}

export function writeAccess(out: OctetWriter, { allow, notify }: TransferAccess): void {
  out.u16(allow.length)
  for (const { network, bits, keyName } of allow) {
    writeShort(out, network ?? NOTHING)
    out.u8(bits)
    writeShort(out, keyName ?? NOTHING)
  }
  out.u16(notify.length)
  for (const { address, port, keyName } of notify) {
    writeShort(out, address)
    out.u16(port)
    writeShort(out, keyName ?? NOTHING)
  }
}

function writeShort(out: OctetWriter, octets: Uint8Array): void {
  out.u8(octets.length)
  out.bytes(octets)
}

/** The policy in these octets; null when they are none. */
export function readPolicy(octets: Uint8Array): TransferPolicy | null {
  const reader = new Reader(octets)
  const keys: TsigKey[] = []
  for (let left = reader.u16(); left > 0; left--) {
    const name = reader.short()
    const algorithm = algorithmOf(reader.u8())
    const secret = reader.short()
    if (algorithm === undefined || reader.isOver) return null
    keys.push({ name, algorithm, secret })
  }
  const access = readRest(reader)
  return access && { keys, access }
}

/** The access in these octets; null when they are none. */
export const readAccess = (octets: Uint8Array): TransferAccess | null => readRest(new Reader(octets))

function readRest(reader: Reader): TransferAccess | null {
  const allow: AllowRule[] = []
  for (let left = reader.u16(); left > 0 && !reader.isOver; left--) {
    const network = reader.some()
    allow.push({ network, bits: reader.u8(), keyName: reader.some() })
  }
  const notify: NotifyTarget[] = []
  for (let left = reader.u16(); left > 0 && !reader.isOver; left--) {
    const address = reader.short()
    notify.push({ address, port: reader.u16(), keyName: reader.some() })
  }
  return reader.isAtEnd ? { allow, notify } : null
}

const algorithmOf = (number: number): TsigAlgorithm | undefined =>
  (Object.keys(TSIG_ALGORITHMS) as TsigAlgorithm[]).find((name) => TSIG_ALGORITHMS[name].number === number)

/** Reads past the end give zeros, and say so. */
class Reader {
  at = 0
  readonly #octets: Uint8Array

  constructor(octets: Uint8Array) {
    this.#octets = octets
  }

  get isOver(): boolean {
    return this.at > this.#octets.length
  }

  get isAtEnd(): boolean {
    return this.at === this.#octets.length
  }

  u8(): number {
    return this.#octets[this.at++] ?? 0
  }

  u16(): number {
    return (this.u8() << 8) | this.u8()
  }

  short(): Uint8Array {
    const size = this.u8()
    this.at += size
    return this.#octets.slice(this.at - size, this.at)
  }

  some(): Uint8Array | undefined {
    const octets = this.short()
    return octets.length === 0 ? undefined : octets
  }
}
