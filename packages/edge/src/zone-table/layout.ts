import type { LinesHandle } from '../line/line-table.ts'
import type { NetworksHandle } from '../network/network-table.ts'

/**
 * The octets of the table. Everything lives in one arena; an offset counts 32-bit words from its start, 0 means "none".
 *
 *     slots       hash | node          open addressing, key (zone number, owner name); never deleted from, only rebuilt
 *     zone slots  hash | zone          the same, key (space, apex)
 *     private     hash | link          the same, key (network, apex)
 *
 *     zone   number | flags | serial | SOA group | apex node | cuts | dnames | space | apex hash | account | keys | u8 labels, u8 length, apex
 *     link   network | zone, negative when it has ended
 *     node   zone number | children << 8 | flags | first group | another node of the zone | u8 length, owner name without its apex (and without root)
 *     group  next group | type << 16 | variants | line | variant…
 *     variant  weight << 16 | rdatas | ttl | octets of rdatas | (u16 length, rdata)… padded to a word
 *
 *     keys   octets, then zone keys as in the feed, padded to a word
 *
 * Groups and keys are immutable once a pointer to them is stored, so a reader follows old or new pointers and finds whole data
 * either way. The mutable words (flags, counters, pointers, serial) have one writer. Readers use plain loads: every load
 * that matters depends on the address loaded before it, and an `Atomics.load` costs four times as much (8 ns to 2 ns).
 *
 * Nodes hang on the number of their zone, not on its place: removing a zone is one flag, its nodes are found by nobody
 * from then on, and a rebuild leaves them behind. A zone that comes back has a new number.
 */

export const ZONE_NUMBER = 0
export const ZONE_FLAGS = 1
export const ZONE_SERIAL = 2
export const ZONE_SOA = 3
export const ZONE_APEX = 4
/** Nodes below the apex with an NS group. */
export const ZONE_CUTS = 5
/** Nodes with a DNAME group. */
export const ZONE_DNAMES = 6
export const ZONE_SPACE = 7
/** Unfinished hash of the apex, to continue with the labels of an owner name. */
export const ZONE_HASH = 8
/** Number of the account whose custom lines count, 0 for none. */
export const ZONE_ACCOUNT = 9
/** Place of the keys that the zone is signed with, 0 for none. */
export const ZONE_KEYS = 10
export const ZONE_NAME = 11

export const ZONE_IS_ANSWERED = 1
export const ZONE_IS_DEAD = 2
/** A private zone that is not the last word on names it does not have. */
export const ZONE_IS_RECURSIVE = 4

export const LINK_NETWORK = 0
export const LINK_ZONE = 1
export const LINK_WORDS = 2

export const NODE_ZONE = 0
export const NODE_STATE = 1
export const NODE_GROUPS = 2
/** The node that was made before it in its zone, 0 for the first: how the writer finds all nodes of a zone. */
export const NODE_BEFORE = 3
export const NODE_NAME = 4

export const NODE_HAS_NS = 1
export const NODE_HAS_DNAME = 2
/** A child named `*` exists or existed. */
export const NODE_HAS_WILDCARD = 4
/** One child in {@link NODE_STATE}; the eight bits below are flags. */
export const NODE_CHILD = 1 << 8

export const GROUP_NEXT = 0
export const GROUP_TYPE = 1
export const GROUP_LINE = 2
export const GROUP_VARIANTS = 3

export const VARIANT_WEIGHT = 0
export const VARIANT_TTL = 1
export const VARIANT_SIZE = 2
export const VARIANT_RDATAS = 3

/** Four words: bit n is set when a public zone with n labels exists or existed. */
export const CONTROL_DEPTHS = 0
/** 1 when the table was filled once, from a snapshot of the feed or of the disk. */
export const CONTROL_IS_FILLED = 4
export const CONTROL_WORDS = 8

/** The space of all public zones. A private zone has a space of its own: its number. */
export const SPACE_PUBLIC = 0
/** The line `default_view`. */
export const LINE_DEFAULT = 0

/** What a worker needs to read a table: sent by message, the buffers are shared. */
export interface TableHandle {
  /** Grows whenever a buffer is replaced. */
  readonly generation: number
  /** Start value of all name hashes, random, so nobody outside can choose names that collide. */
  readonly seed: number
  readonly control: SharedArrayBuffer
  readonly arena: SharedArrayBuffer
  readonly slots: SharedArrayBuffer
  readonly zoneSlots: SharedArrayBuffer
  readonly privateSlots: SharedArrayBuffer
  readonly lines: LinesHandle
  readonly networks: NetworksHandle
}

/** Words of a variant whose rdatas fill `sizeBytes`. */
export const variantWords = (sizeBytes: number): number => VARIANT_RDATAS + ((sizeBytes + 3) >> 2)
