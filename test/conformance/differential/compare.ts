import type { Question } from './question.ts'
import { FLAG_AA, FLAG_TC, type Reply } from './reply.ts'

/** What of two replies can differ. */
export type Aspect =
  | 'reply'
  | 'fault'
  | 'rcode'
  | 'header'
  | 'AA'
  | 'TC'
  | 'question'
  | 'answer'
  | 'order'
  | 'authority'
  | 'additional'
  | 'EDNS'

/** One difference between our reply and that of a peer; without a reply the side is undefined. */
export interface Difference {
  readonly question: Question
  readonly peer: string
  readonly aspect: Aspect
  readonly ours: Reply | undefined
  readonly theirs: Reply | undefined
  /** The apex of the zone that a name on the wire, in lower case, lies in, or undefined. */
  readonly apexOf: (name: string) => string | undefined
  /** Whether a zone other than the one that the name lies in has a record at it or below it. */
  readonly isForeign: (name: string) => boolean
  /** Whether some zone has a record at the name itself. */
  readonly isOwner: (name: string) => boolean
}

const OTHER_FLAGS = 0xfff0 & ~FLAG_AA & ~FLAG_TC

/**
 * The aspects in which the replies differ. Sections count as sets; of truncated replies the header alone counts, and of an RCODE
 * that differs all the rest follows.
 */
export function compareReplies(ours: Reply | undefined, theirs: Reply | undefined): Aspect[] {
  if (ours === undefined || theirs === undefined) return ours === theirs ? [] : ['reply']
  const found: Aspect[] = []
  if (ours.fault !== undefined) found.push('fault')
  if (ours.rcode !== theirs.rcode) return [...found, 'rcode']
  const flags = ours.flags ^ theirs.flags
  if ((flags & FLAG_AA) !== 0) found.push('AA')
  if ((flags & FLAG_TC) !== 0) found.push('TC')
  if ((flags & OTHER_FLAGS) !== 0) found.push('header')
  if (ours.question !== theirs.question) found.push('question')
  if (!isSameEdns(ours, theirs)) found.push('EDNS')
  if (((ours.flags | theirs.flags) & FLAG_TC) !== 0) return found
  if (!isSameSet(ours.answers, theirs.answers)) found.push('answer')
  else if (ours.answers.length > 1 && setsInOrder(ours.answers) !== setsInOrder(theirs.answers))
    found.push('order')
  if (!isSameSet(ours.authorities, theirs.authorities)) found.push('authority')
  if (!isSameSet(ours.additionals, theirs.additionals)) found.push('additional')
  return found
}

function isSameEdns({ edns: a }: Reply, { edns: b }: Reply): boolean {
  if (a === undefined || b === undefined) return a === b
  return (
    a.payloadSize === b.payloadSize &&
    a.version === b.version &&
    a.flags === b.flags &&
    `${a.options}` === `${b.options}`
  )
}

export function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  if (a.length === 0 || (a.length === 1 && a[0] === b[0])) return true
  const [first, second] = [a.toSorted(), b.toSorted()]
  return first.every((record, i) => record === second[i])
}

/** What stands before the owner: type, class and TTL. */
const FIXED = 8

/** Type and owner of each record set, in the order sent: the links of a chain one after the other. */
function setsInOrder(records: readonly string[]): string {
  const keys: string[] = []
  for (const record of records) {
    const key = record.slice(0, 2) + ownerOf(record)
    if (keys.at(-1) !== key) keys.push(key)
  }
  return keys.join()
}

export const typeOf = (record: string): number => (record.charCodeAt(0) << 8) | record.charCodeAt(1)
export const ttlOf = (record: string): number =>
  Number.parseInt(Buffer.from(record.slice(4, 8), 'latin1').toString('hex'), 16)

/** The owner as on the wire, in lower case. */
export function ownerOf(record: string): string {
  let at = FIXED
  while (record.charCodeAt(at) !== 0) at += record.charCodeAt(at) + 1
  return record.slice(FIXED, at + 1)
}

/** The rdata, names in it in lower case and without compression. */
export const rdataOf = (record: string): string => record.slice(FIXED + ownerOf(record).length)
