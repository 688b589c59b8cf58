import { ZONE_IS_ANSWERED, ZONE_IS_RECURSIVE } from './layout.ts'

/** What the writer remembers of a zone. Offsets are of the current arena. */
export interface WrittenZone {
  readonly id: string
  /** Lower-case wire. */
  readonly apex: Uint8Array
  /** Whose zone it is, '' when that does not matter. */
  account: string
  /** What it is signed with (dns/dnssec/zone-keys), empty when it is not. */
  keys: Uint8Array
  readonly isPublic: boolean
  /** Networks that a private zone is answered to. */
  networks: readonly string[]
  /** Numbers of the networks that find it now. */
  linked: readonly number[]
  /** Names the zone's present incarnation: a new one when it is emptied. */
  number: number
  readonly space: number
  offset: number
  isAnswered: boolean
  /** What a private zone does not have may be found elsewhere. */
  isRecursive: boolean
  /** False until the end of the frame that made it: a zone appears with the data that came along. */
  isPublished: boolean
  /** The incarnation that readers see until this one is published, 0 for none. */
  replaces: number
  /** The node made last; NODE_BEFORE leads from it to all others, those that do not exist any more among them. */
  lastNode: number
  /** Who may have it by transfer, where that is not as for all zones (dns/transfer/policy); empty where it is. */
  transferAccess: Uint8Array
  /** Words of its living groups and nodes. */
  words: number
  groups: number
}

/** One variant of a group, pointing into the octets of an operation. */
export interface VariantSlice {
  weight: number
  ttl: number
  at: number
  length: number
}

/** The flags of a living zone in the arena. */
export const flagsOf = ({ isAnswered, isRecursive }: WrittenZone): number =>
  (isAnswered ? ZONE_IS_ANSWERED : 0) | (isRecursive ? ZONE_IS_RECURSIVE : 0)

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
