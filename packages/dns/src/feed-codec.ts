/**
 * The octets that control appends to its feed and an edge reads, as a log and as a snapshot.
 *
 * A **frame** is one committed change of one zone:
 *
 *     u32 length of what follows | u64 seq | 16 octets zone id | u32 zone serial | payload
 *
 * A **payload** is a sequence of operations. The unit is the *rrset group*: everything published for one owner name,
 * type and line, replaced as a whole. So an operation can be applied twice or out of a snapshot without harm.
 *
 *     GROUP        u8 1 | name owner (lower case) | u16 type | string line ('' = default_view) | u8 variants | variant…
 *     variant      i16 weight (-1 = not weighted) | u32 ttl | rdatas
 *     rdatas       u16 count | (u16 length | octets)…          uncompressed rdata, as stored with the record set
 *     ZONE         u8 2 | name apex (lower case) | u8 kind (0 public, 1 private) | u8 flags (1 = answered, 2 = recursive, 4 = u16 count) | u8 count | string network…
 *     ZONE_REMOVED u8 3                                         the zone and all its groups are gone
 *     ZONE_EMPTIED u8 4                                         all groups of the zone are gone (a snapshot of it follows)
 *     END          u8 5                                         end of a snapshot: what came before is the state at `seq`
 *     HEARTBEAT    u8 6                                         nothing changed; the writer is alive and `seq` is its newest
 *     LINES        u8 7 | string account | u16 lines | line… | u16 groups | group…      replaces all of the account's own
 *     line         string id | u16 segments | (u32 first | u32 last)…                   IPv4 addresses, ascending, disjoint
 *     group        string id | u16 members | string line…
 *     ACCOUNT      u8 8 | string account                        whose zone it is: whose LINES count for it. Follows ZONE
 *     KEYS         u8 9 | u16 length | zone keys                what the zone is signed with (dnssec/zone-keys), nothing: it is not. Follows ZONE
 *     KEYS_CHANGED u8 10                                        the log's word for KEYS: it holds no keys, who sends it puts the present ones in
 *     TRANSFERS    u8 11 | u32 length | policy                  who may have zones by transfer (transfer/policy), with keys; in frames about no zone
 *     TRANSFERS_CHANGED u8 12                                   the log's word for TRANSFERS, which holds no keys
 *     ZONE_TRANSFERS u8 13 | u32 length | access                the zone's own access (transfer/policy), nothing: that of TRANSFERS. Follows ZONE
 *     NETWORK      u8 14 | string id | u16 prefixes | prefix… | u16 listeners | address…  who belongs to a private network; nobody: it is gone
 *     prefix       u8 bits | address                            source addresses of its clients
 *     address      u8 length (4 or 16) | octets                 a listener: the address of ours that its clients ask
 *
 * name = u8 length + wire octets (with the final zero octet); string = u8 length + UTF-8. All numbers are big-endian.
 * A group with 0 variants removes it. A variant with 0 rdatas says that the data exists and could not be had: it is answered
 * with SERVFAIL. LINES and NETWORK stand
 * in frames about no zone. A private zone is answered to the networks that ZONE names, by their ids; a recursive one is not the last word
 * on names that it does not have. The SOA group carries the values of the API; the edge puts the frame's serial in.
 */

export const OP_GROUP = 1
export const OP_ZONE = 2
export const OP_ZONE_REMOVED = 3
export const OP_ZONE_EMPTIED = 4
export const OP_END = 5
export const OP_HEARTBEAT = 6
export const OP_LINES = 7
export const OP_ACCOUNT = 8
export const OP_KEYS = 9
export const OP_KEYS_CHANGED = 10
export const OP_TRANSFERS = 11
export const OP_TRANSFERS_CHANGED = 12
export const OP_ZONE_TRANSFERS = 13
export const OP_NETWORK = 14

export const ZONE_KIND_PUBLIC = 0
export const ZONE_KIND_PRIVATE = 1
export const ZONE_FLAG_ANSWERED = 1
export const ZONE_FLAG_RECURSIVE = 2
export const ZONE_FLAG_MANY_NETWORKS = 4
export const NO_WEIGHT = -1
export const FRAME_HEADER_SIZE = 32

/** What is published for one weighted choice of a group. `rdatas` is the stored form, see {@link encodeRdatas}. */
export interface GroupVariant {
  readonly weight: number
  readonly ttl: number
  readonly rdatas: Uint8Array
}

/** An account's own line, as LINES carries it. */
export interface LineSegments {
  readonly id: string
  /** First and last address, as numbers, both inclusive. */
  readonly segments: readonly (readonly [first: number, last: number])[]
}

/** An account's line group, as LINES carries it. */
export interface LineMembers {
  readonly id: string
  readonly members: readonly string[]
}

/** Who belongs to a private network, as NETWORK carries it. Addresses have 4 or 16 octets. */
export interface NetworkClients {
  readonly id: string
  readonly prefixes: readonly { readonly bits: number; readonly address: Uint8Array }[]
  readonly listeners: readonly Uint8Array[]
}

/** Growing octet buffer for payloads and frames. */
export class OctetWriter {
  octets: Uint8Array
  length = 0
  #view: DataView

  constructor(sizeBytes = 4096) {
    this.octets = new Uint8Array(sizeBytes)
    this.#view = new DataView(this.octets.buffer)
  }

  #reserve(count: number): void {
    if (this.length + count <= this.octets.length) return
    const larger = new Uint8Array(Math.max(this.octets.length * 2, this.length + count))
    larger.set(this.octets.subarray(0, this.length))
    this.octets = larger
    this.#view = new DataView(larger.buffer)
  }

  u8(value: number): void {
    this.#reserve(1)
    this.octets[this.length++] = value
  }

  u16(value: number): void {
    this.#reserve(2)
    this.#view.setUint16(this.length, value)
    this.length += 2
  }

  u32(value: number): void {
    this.#reserve(4)
    this.#view.setUint32(this.length, value)
    this.length += 4
  }

  u64(value: number): void {
    this.#reserve(8)
    this.#view.setBigUint64(this.length, BigInt(value))
    this.length += 8
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length)
    this.octets.set(value, this.length)
    this.length += value.length
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.octets.slice(0, this.length)
  }

  reset(): void {
    this.length = 0
  }
}

/** Packs uncompressed rdatas into the stored form: u16 count, then u16 length and octets of each. */
export function encodeRdatas(rdatas: readonly Uint8Array[]): Uint8Array {
  let size = 2
  for (const rdata of rdatas) size += 2 + rdata.length
  const out = new Uint8Array(size)
  out[0] = rdatas.length >> 8
  out[1] = rdatas.length
  let at = 2
  for (const rdata of rdatas) {
    out[at] = rdata.length >> 8
    out[at + 1] = rdata.length
    out.set(rdata, at + 2)
    at += 2 + rdata.length
  }
  return out
}

/** The rdatas of a stored form, as views into it. */
export function decodeRdatas(packed: Uint8Array, start = 0): Uint8Array[] {
  const count = (packed[start]! << 8) | packed[start + 1]!
  const rdatas: Uint8Array[] = []
  let at = start + 2
  for (let i = 0; i < count; i++) {
    const length = (packed[at]! << 8) | packed[at + 1]!
    rdatas.push(packed.subarray(at + 2, at + 2 + length))
    at += 2 + length
  }
  return rdatas
}

/** UTF-8 without the runtime's TextEncoder: the core has no platform types. Lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const out: number[] = []
  for (const character of text) {
    let code = character.codePointAt(0)!
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd
    if (code < 0x80) out.push(code)
    else if (code < 0x800) out.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000) out.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else
      out.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
  }
  return Uint8Array.from(out)
}

/** Appends a GROUP operation. `owner` is lower-case wire; an empty `variants` removes the group. */
export function writeGroup(
  out: OctetWriter,
  owner: Uint8Array,
  type: number,
  line: string,
  variants: readonly GroupVariant[],
): void {
  out.u8(OP_GROUP)
  out.u8(owner.length)
  out.bytes(owner)
  out.u16(type)
  if (line === 'default_view') out.u8(0)
  else writeString(out, line)
  out.u8(variants.length)
  for (const variant of variants) {
    out.u16(variant.weight & 0xffff)
    out.u32(variant.ttl)
    out.bytes(variant.rdatas)
  }
}

export function writeZone(
  out: OctetWriter,
  zone: {
    apex: Uint8Array
    kind: number
    isAnswered: boolean
    isRecursive?: boolean
    networks: readonly string[]
  },
): void {
  out.u8(OP_ZONE)
  out.u8(zone.apex.length)
  out.bytes(zone.apex)
  out.u8(zone.kind)
  const hasMany = zone.networks.length > 255
  out.u8(
    (zone.isAnswered ? ZONE_FLAG_ANSWERED : 0) |
      (zone.isRecursive ? ZONE_FLAG_RECURSIVE : 0) |
      (hasMany ? ZONE_FLAG_MANY_NETWORKS : 0),
  )
  if (hasMany) out.u16(zone.networks.length)
  else out.u8(zone.networks.length)
  for (const network of zone.networks) writeString(out, network)
}

/** Appends an ACCOUNT operation. */
export function writeAccount(out: OctetWriter, account: string): void {
  out.u8(OP_ACCOUNT)
  writeString(out, account)
}

/** Appends a KEYS operation. `keys` is the form of `encodeZoneKeys`; without octets the zone is not signed. */
export function writeKeys(out: OctetWriter, keys: Uint8Array): void {
  out.u8(OP_KEYS)
  out.u16(keys.length)
  out.bytes(keys)
}

/** Appends a TRANSFERS operation. `policy` is the form of `writePolicy`. */
export function writeTransfers(out: OctetWriter, policy: Uint8Array): void {
  out.u8(OP_TRANSFERS)
  out.u32(policy.length)
  out.bytes(policy)
}

/** Appends a ZONE_TRANSFERS operation. `access` is the form of `writeAccess`; without octets the zone has none of its own. */
export function writeZoneTransfers(out: OctetWriter, access: Uint8Array): void {
  out.u8(OP_ZONE_TRANSFERS)
  out.u32(access.length)
  out.bytes(access)
}

/** Appends a LINES operation. Without lines and groups it clears those of the account. */
export function writeLines(
  out: OctetWriter,
  account: string,
  lines: readonly LineSegments[],
  groups: readonly LineMembers[],
): void {
  out.u8(OP_LINES)
  writeString(out, account)
  out.u16(lines.length)
  for (const { id, segments } of lines) {
    writeString(out, id)
    out.u16(segments.length)
    for (const [first, last] of segments) {
      out.u32(first)
      out.u32(last)
    }
  }
  out.u16(groups.length)
  for (const { id, members } of groups) {
    writeString(out, id)
    out.u16(members.length)
    for (const member of members) writeString(out, member)
  }
}

/** Appends a NETWORK operation. Without prefixes and listeners the network has no clients. */
export function writeNetwork(out: OctetWriter, { id, prefixes, listeners }: NetworkClients): void {
  out.u8(OP_NETWORK)
  writeString(out, id)
  out.u16(prefixes.length)
  for (const { bits, address } of prefixes) {
    out.u8(bits)
    out.u8(address.length)
    out.bytes(address)
  }
  out.u16(listeners.length)
  for (const address of listeners) {
    out.u8(address.length)
    out.bytes(address)
  }
}

function writeString(out: OctetWriter, text: string): void {
  const octets = encodeUtf8(text)
  out.u8(octets.length)
  out.bytes(octets)
}

/** Appends a whole frame. `zoneId` is 32 hexadecimal digits ('0' × 32 where the frame is about no zone). */
export function writeFrame(
  out: OctetWriter,
  frame: { seq: number; zoneId: string; serial: number; payload: Uint8Array },
): void {
  out.u32(28 + frame.payload.length)
  out.u64(frame.seq)
  for (let i = 0; i < 32; i += 2) out.u8(Number.parseInt(frame.zoneId.slice(i, i + 2), 16))
  out.u32(frame.serial)
  out.bytes(frame.payload)
}
