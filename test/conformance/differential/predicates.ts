/** The words in which the table of known differences is written. */
import { type Difference, ownerOf, rdataOf, typeOf } from './compare.ts'
import type { Question } from './question.ts'
import { FLAG_AA, type Reply } from './reply.ts'

/** A difference of two replies. Where a side has not replied it is {@link SILENCE}. */
export interface Both extends Difference {
  readonly ours: Reply
  readonly theirs: Reply
}

export const SILENCE: Reply = {
  octets: new Uint8Array(0),
  rcode: -1,
  flags: 0,
  question: '',
  answers: [],
  authorities: [],
  additionals: [],
  edns: undefined,
  fault: undefined,
}

const TYPE_A = 1
const TYPE_AAAA = 28
const TYPE_CNAME = 5

export const isOneOf = <T>(value: T, ...list: readonly T[]): boolean => list.includes(value)
export const hasOnly = (records: readonly string[], ...types: number[]): boolean =>
  records.every((record) => types.includes(typeOf(record)))
export const contains = (all: readonly string[], some: readonly string[]): boolean =>
  some.every((record) => all.includes(record))
export const without = (all: readonly string[], some: readonly string[]): readonly string[] =>
  all.filter((record) => !some.includes(record))
export const isReferral = ({ flags, answers, authorities }: Reply): boolean =>
  (flags & FLAG_AA) === 0 && answers.length === 0 && authorities.length > 0
export const countIn = ({ octets }: Question): number => octets[5]!
export const flagsIn = ({ octets }: Question): number => (octets[2]! << 8) | octets[3]!
export const versionIn = ({ octets, payloadSize }: Question): number =>
  payloadSize === 0 ? 0 : octets.at(-5)!
/** Octets that an answer may have. */
export const limitOf = ({ isTcp, payloadSize }: Question): number =>
  isTcp ? 65535 : Math.min(1232, Math.max(512, payloadSize))

/** Follows the CNAMEs of the answer section, and gives the name that they end at. */
export function endOfChain(answers: readonly string[], start: string): string {
  const targets = new Map(
    answers
      .filter((record) => typeOf(record) === TYPE_CNAME)
      .map((record) => [ownerOf(record), rdataOf(record)]),
  )
  let name = start
  for (let i = 0; i < targets.size; i++) name = targets.get(name) ?? name
  return name
}

/** Octets of the NS set that BIND adds, without its owner name. */
export const NS_SET_SIZE = 60

export const questionName = (reply: Reply): string => reply.question.slice(0, -4).toLowerCase()

/** Our chain leaves the zone that it was in, for another one of the server, and theirs goes along up to there. */
export function stopsAtBorder({ ours, theirs, apexOf }: Both): boolean {
  const passed: string[] = []
  for (const record of ours.answers) {
    passed.push(record)
    if (typeOf(record) !== TYPE_CNAME) continue
    const apex = apexOf(rdataOf(record))
    if (apex !== undefined && apex !== apexOf(ownerOf(record))) return contains(theirs.answers, passed)
  }
  return false
}

export const links = (reply: Reply): number =>
  reply.answers.filter((record) => typeOf(record) === TYPE_CNAME).length

export function isLoop({ answers }: Reply, start: string): boolean {
  const end = endOfChain(answers, start)
  return answers.some((record) => typeOf(record) === TYPE_CNAME && ownerOf(record) === end)
}

/** All names that the two servers have looked up. */
export function namesOf({ ours, theirs }: Both): string[] {
  const chain = [...ours.answers, ...theirs.answers]
  const targets = chain.filter((record) => typeOf(record) === TYPE_CNAME).map(rdataOf)
  return [questionName(ours), ...chain.map(ownerOf), ...targets]
}

/** The name or one above it, within its zone, is one that another zone of the server has made. */
export function meetsForeignName({ apexOf, isForeign }: Both, name: string): boolean {
  const apex = apexOf(name)
  if (apex === undefined) return false
  for (let rest = name; rest.length >= apex.length; rest = rest.slice(rest.charCodeAt(0) + 1)) {
    if (isForeign(rest) || isForeign(`\x01*${rest}`)) return true
  }
  return false
}

/** Records that tell the addresses of servers and other targets. */
export const isAddresses = (records: readonly string[]): boolean => hasOnly(records, TYPE_A, TYPE_AAAA)

/** Octets that a reply would have if no owner name were a pointer, at most. */
export const uncompressedSize = ({ octets, answers, authorities, additionals, question }: Reply): number =>
  octets.length + (answers.length + authorities.length + additionals.length) * question.length
