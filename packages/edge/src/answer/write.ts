import {
  CLASS_IN,
  TYPE_CNAME,
  TYPE_HTTPS,
  TYPE_MX,
  TYPE_NS,
  TYPE_PTR,
  TYPE_SOA,
  TYPE_SRV,
  TYPE_SVCB,
} from '@waymark/dns/rr-types/type-codes'
import { signRrset } from '../dnssec/sign-rrset.ts'
import {
  GROUP_TYPE,
  GROUP_VARIANTS,
  VARIANT_RDATAS,
  VARIANT_TTL,
  VARIANT_WEIGHT,
} from '../zone-table/layout.ts'
import { hashLabel } from '../zone-table/name-buffer.ts'
import type { TableView } from '../zone-table/view.ts'
import { MAX_SUFFIXES, MAX_TARGETS, type Query } from './query.ts'

const PLAIN = 0
const NAME = 1
const PREFERENCE_NAME = 2
const TWO_NAMES = 3
const SRV_NAME = 4
const SERVICE_NAME = 5

/** Where names stand in rdata: to compress them (the types of RFC 1035 only, RFC 3597 4) and to add their addresses. */
const SHAPES = new Uint8Array(256)
// NS, MD, MF, CNAME, MB, MG, MR, PTR
for (const type of [TYPE_NS, 3, 4, TYPE_CNAME, 7, 8, 9, TYPE_PTR]) SHAPES[type] = NAME
SHAPES[TYPE_MX] = PREFERENCE_NAME
SHAPES[TYPE_SOA] = TWO_NAMES
SHAPES[TYPE_SRV] = SRV_NAME
SHAPES[TYPE_SVCB] = SERVICE_NAME
SHAPES[TYPE_HTTPS] = SERVICE_NAME

/** Highest place a compression pointer reaches. */
const MAX_POINTER = 0x3fff
const NO_OVERRIDE = -1

/**
 * Writes the rrset of one variant of a group, whole or not at all. `ownerAt` is where its owner name stands in the
 * packet. Returns the number of records, or -1 when they did not fit: nothing is written then.
 */
export function writeRrset(
  q: Query,
  view: TableView,
  group: number,
  variant: number,
  ownerAt: number,
): number {
  const type = view.words[group + GROUP_TYPE]! >>> 16
  return writeRecords(q, view, type, variant, ownerAt, NO_OVERRIDE, NO_OVERRIDE)
}

/** Writes a SOA record with the serial of the zone and, in negative answers, a TTL of its own (else -1). */
export function writeSoa(
  q: Query,
  view: TableView,
  group: number,
  ownerAt: number,
  serial: number,
  ttl: number,
): number {
  return writeRecords(q, view, TYPE_SOA, group + GROUP_VARIANTS, ownerAt, ttl, serial >>> 0)
}

function writeRecords(
  q: Query,
  view: TableView,
  type: number,
  variant: number,
  ownerAt: number,
  ttlOverride: number,
  serial: number,
): number {
  const out = q.out
  const octets = view.octets
  const mark = q.at
  const suffixMark = q.suffixCount
  const targetMark = q.targetCount
  const count = view.words[variant + VARIANT_WEIGHT]! & 0xffff
  const ttl = ttlOverride >= 0 ? ttlOverride : view.words[variant + VARIANT_TTL]!
  const shape = type < 256 ? SHAPES[type]! : PLAIN
  let from = (variant + VARIANT_RDATAS) * 4
  for (let i = 0; i < count; i++) {
    const size = (octets[from]! << 8) | octets[from + 1]!
    from += 2
    writeOwner(q, ownerAt)
    let at = q.at
    out[at] = type >> 8
    out[at + 1] = type
    out[at + 2] = 0
    out[at + 3] = CLASS_IN
    out[at + 4] = ttl >>> 24
    out[at + 5] = ttl >>> 16
    out[at + 6] = ttl >>> 8
    out[at + 7] = ttl
    at += 10
    q.at = at
    // Octets beyond the buffer fall away silently; the limit below catches them.
    if (shape === PLAIN) {
      if (at + size <= q.limit) for (let k = 0; k < size; k++) out[at + k] = octets[from + k]!
      q.at = at + size
    } else {
      writeShaped(q, view, shape, type, from, size, ownerAt)
    }
    if (serial >= 0) putSerial(out, q.at - 20, serial)
    const written = q.at - at
    out[at - 2] = written >> 8
    out[at - 1] = written
    if (q.at > q.limit) {
      q.at = mark
      q.suffixCount = suffixMark
      q.targetCount = targetMark
      return -1
    }
    from += size
  }
  if (!q.isSigning || count === 0) return count
  const signatures = signRrset(q, view, type, variant, ownerAt, ttl, serial)
  if (signatures >= 0) return count + signatures
  q.at = mark
  q.suffixCount = suffixMark
  q.targetCount = targetMark
  return -1
}

function putSerial(out: Uint8Array, at: number, serial: number): void {
  out[at] = serial >>> 24
  out[at + 1] = serial >>> 16
  out[at + 2] = serial >>> 8
  out[at + 3] = serial
}

function writeShaped(
  q: Query,
  view: TableView,
  shape: number,
  type: number,
  from: number,
  size: number,
  ownerAt: number,
): void {
  const octets = view.octets
  if (shape === NAME) {
    if (type === TYPE_NS) addTarget(q, q.at)
    writeCompressed(q, view.seed, octets, from)
    return
  }
  if (shape === PREFERENCE_NAME) {
    copy(q, octets, from, 2)
    addTarget(q, q.at)
    writeCompressed(q, view.seed, octets, from + 2)
    return
  }
  if (shape === TWO_NAMES) {
    const second = writeCompressed(q, view.seed, octets, from)
    const rest = writeCompressed(q, view.seed, octets, second)
    copy(q, octets, rest, from + size - rest)
    return
  }
  const prefix = shape === SRV_NAME ? 6 : 2
  // RFC 9460 2.5: the target "." of a service binding is the owner name itself.
  const isOwner = shape === SERVICE_NAME && octets[from + prefix] === 0
  addTarget(q, isOwner ? ownerAt : q.at + prefix)
  copy(q, octets, from, size)
}

function copy(q: Query, octets: Uint8Array, from: number, size: number): void {
  const out = q.out
  const at = q.at
  if (at + size <= q.limit) for (let k = 0; k < size; k++) out[at + k] = octets[from + k]!
  q.at = at + size
}

function addTarget(q: Query, at: number): void {
  if (q.targetCount < MAX_TARGETS) q.targets[q.targetCount++] = at
}

/** Writes the name at `ownerAt` of the packet once more: a pointer where one reaches. */
export function writeOwner(q: Query, ownerAt: number): void {
  const out = q.out
  if (ownerAt <= MAX_POINTER) {
    out[q.at] = 0xc0 | (ownerAt >> 8)
    out[q.at + 1] = ownerAt
    q.at += 2
    return
  }
  let from = ownerAt
  for (;;) {
    const size = out[from]!
    if (size >= 192) {
      out[q.at++] = size
      out[q.at++] = out[from + 1]!
      return
    }
    for (let k = 0; k <= size; k++) out[q.at + k] = out[from + k]!
    q.at += size + 1
    if (size === 0) return
    from += size + 1
  }
}

/** Where suffix `label` of the name being looked up stands in the packet. */
export function suffixAt(q: Query, label: number): number {
  const out = q.out
  let at = q.nameAt
  for (let left = label; ; ) {
    const size = out[at]!
    if (size >= 192) {
      at = ((size & 63) << 8) | out[at + 1]!
      continue
    }
    if (left === 0) return at
    left--
    at += size + 1
  }
}

/**
 * Writes an uncompressed name of `source`, pointing to the longest suffix that is in the packet already. Returns the
 * offset after the name in `source`. Suffixes are compared without case, as everything that points to the question is.
 */
export function writeCompressed(q: Query, seed: number, source: Uint8Array, start: number): number {
  if (q.suffixCount === 0) rememberQuestion(q)
  const out = q.out
  let labels = 0
  let from = start
  while (source[from] !== 0) {
    q.labelStarts[labels++] = from
    from += source[from]! + 1
  }
  const end = from + 1
  let known = labels
  let pointer = -1
  let hash = seed
  for (let i = labels - 1; i >= 0; i--) {
    hash = hashLabel(hash, source, q.labelStarts[i]!)
    q.labelHashes[i] = hash
    const found = findSuffix(q, hash, source, q.labelStarts[i]!)
    if (found < 0) {
      for (let k = i - 1; k >= 0; k--) {
        hash = hashLabel(hash, source, q.labelStarts[k]!)
        q.labelHashes[k] = hash
      }
      break
    }
    known = i
    pointer = found
  }
  for (let i = 0; i < known; i++) {
    const label = q.labelStarts[i]!
    remember(q, q.labelHashes[i]!, q.at)
    const size = source[label]! + 1
    for (let k = 0; k < size; k++) out[q.at + k] = source[label + k]!
    q.at += size
  }
  if (pointer < 0) {
    out[q.at++] = 0
  } else {
    out[q.at] = 0xc0 | (pointer >> 8)
    out[q.at + 1] = pointer
    q.at += 2
  }
  return end
}

/** Remembers the suffixes of the question, which stands at 12 in every packet. To be called before `q.name` moves on. */
export function rememberQuestion(q: Query): void {
  const name = q.name
  for (let i = 0; i < name.labels; i++) remember(q, name.hashes[i]!, 12 + name.starts[i]!)
}

/** Remembers the suffixes of a name of `source` that was written without compression at `at`. */
export function rememberName(q: Query, seed: number, source: Uint8Array, start: number, at: number): void {
  if (q.suffixCount === 0) rememberQuestion(q)
  let labels = 0
  for (let from = start; source[from] !== 0; from += source[from]! + 1) q.labelStarts[labels++] = from
  let hash = seed
  for (let i = labels - 1; i >= 0; i--) {
    hash = hashLabel(hash, source, q.labelStarts[i]!)
    remember(q, hash, at + q.labelStarts[i]! - start)
  }
}

function remember(q: Query, hash: number, at: number): void {
  if (q.suffixCount === MAX_SUFFIXES || at > MAX_POINTER || at >= q.limit) return
  q.suffixHashes[q.suffixCount] = hash
  q.suffixAt[q.suffixCount++] = at
}

function findSuffix(q: Query, hash: number, source: Uint8Array, at: number): number {
  for (let i = 0; i < q.suffixCount; i++) {
    if (q.suffixHashes[i] === hash && isSameName(q.out, q.suffixAt[i]!, source, at)) return q.suffixAt[i]!
  }
  return -1
}

/** Compares a name of our packet, with its pointers, to an uncompressed one. */
function isSameName(packet: Uint8Array, packetAt: number, source: Uint8Array, sourceAt: number): boolean {
  let a = packetAt
  let b = sourceAt
  for (;;) {
    const size = packet[a]!
    if (size >= 192) {
      a = ((size & 63) << 8) | packet[a + 1]!
      continue
    }
    if (size !== source[b]) return false
    if (size === 0) return true
    for (let k = 1; k <= size; k++) {
      let x = packet[a + k]!
      let y = source[b + k]!
      if (x > 64 && x < 91) x |= 32
      if (y > 64 && y < 91) y |= 32
      if (x !== y) return false
    }
    a += size + 1
    b += size + 1
  }
}

/** Writes a CNAME record made for a DNAME: owner at `ownerAt`, the target from `q.target`. False when it did not fit. */
export function writeSynthesizedCname(q: Query, seed: number, ownerAt: number, ttl: number): boolean {
  const mark = q.at
  const suffixMark = q.suffixCount
  const out = q.out
  writeOwner(q, ownerAt)
  const at = q.at
  out[at] = 0
  out[at + 1] = TYPE_CNAME
  out[at + 2] = 0
  out[at + 3] = CLASS_IN
  out[at + 4] = ttl >>> 24
  out[at + 5] = ttl >>> 16
  out[at + 6] = ttl >>> 8
  out[at + 7] = ttl
  q.at = at + 10
  writeCompressed(q, seed, q.target.octets, 0)
  const size = q.at - at - 10
  out[at + 8] = size >> 8
  out[at + 9] = size
  if (q.at <= q.limit) return true
  q.at = mark
  q.suffixCount = suffixMark
  return false
}
