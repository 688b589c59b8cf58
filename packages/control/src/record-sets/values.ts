import { encodeRdatas } from '@waymark/dns/feed-codec'
import { ROOT } from '@waymark/dns/name'
import { isStorable } from '../store/storable-text.ts'
import type { RecordSetType } from './types.ts'
import { VALUE_RULES } from './value-rules.ts'

/** The values of a set, as kept and as published. */
export interface Values {
  /** As sent, trimmed at both ends, in the order sent. */
  readonly records: readonly string[]
  /** Their rdata in lower-case normal form, packed; null for URL forwarding. */
  readonly rdatas: Uint8Array | null
}

/** Octets of a message over TCP: an rrset that does not fit can never be answered. */
const MAX_MESSAGE_SIZE = 65535
/** Header, class and type of the question, and an OPT record (RFC 1035 4.1, RFC 6891 6.1). */
const MESSAGE_OVERHEAD = 12 + 4 + 11
/** Compressed owner, type, class, TTL and length of each record. */
export const RECORD_OVERHEAD = 12

/** Octets of a reply that carries `count` records with `rdataSize` octets of rdata at `owner`. */
export const replySize = (owner: string, count: number, rdataSize: number): number =>
  MESSAGE_OVERHEAD + owner.length + 1 + count * RECORD_OVERHEAD + rdataSize

export const fitsMessage = (size: number): boolean => size <= MAX_MESSAGE_SIZE

/**
 * Reads the values of one set. Answers a sentence for error DNS.0308 when one is wrong, when two are equal once
 * normalised, or when a reply could not hold them all. `maxCount` is for the types that can have several.
 */
export function readValues(
  type: RecordSetType,
  owner: string,
  values: readonly string[],
  maxCount: number,
): Values | string {
  if (!Array.isArray(values)) return "Attribute 'records' is invalid, records is null or empty."
  const count = values.length
  if (count === 0) return "Attribute 'records' is invalid, records is null or empty."
  if (type.isSingle && count > 1) return `A ${type.name} record set has exactly one value, not ${count}.`
  if (count > maxCount) return `A record set has at most ${maxCount} values, not ${count}.`
  const rule = VALUE_RULES[type.name]
  const records: string[] = new Array(count)
  const rdatas: Uint8Array[] = []
  let size = 0
  for (let at = 0; at < count; at++) {
    const sent: unknown = values[at]
    if (typeof sent !== 'string') return 'Every value is a string.'
    const value = trimmed(sent)
    if (!isStorable(value)) return invalid(type, value, 'it holds U+0000 or half a surrogate pair.')
    records[at] = value
    const normal = rule === undefined ? { text: value } : rule(value, owner)
    if (typeof normal === 'string') return invalid(type, value, normal)
    if (type.rr === undefined) continue
    // Host names without final dot are full names all the same: whatever stands open is completed with the root.
    const parsed = type.rr.parse(normal.text, ROOT)
    if (!parsed.ok) return invalid(type, value, parsed.problems[0]!.detail)
    const rdata = type.rr.canonical(parsed.value)
    size += rdata.length
    rdatas.push(rdata)
  }
  if (type.rr === undefined) return { records, rdatas: null }
  const twin = count === 1 ? -1 : findTwin(rdatas)
  if (twin >= 0) return `The value '${shown(records[twin]!)}' occurs more than once.`
  if (!fitsMessage(replySize(owner, count, size))) {
    return `The values take ${size} octets together, more than one DNS message can carry.`
  }
  return { records, rdatas: encodeRdatas(rdatas) }
}

const invalid = (type: RecordSetType, value: string, reason: string): string =>
  `The ${type.name} value '${shown(value)}' is invalid: ${shown(reason)}`

/** Longest text that a message quotes: a whole message has at most 512 characters. */
const MAX_SHOWN = 160

const shown = (text: string): string =>
  text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN - 1).toWellFormed()}…`

function trimmed(text: string): string {
  const first = text.charCodeAt(0)
  const last = text.charCodeAt(text.length - 1)
  // Nearly all values need no trimming; anything that is no plain character is left to trim().
  return first > 0x20 && first < 0x7f && last > 0x20 && last < 0x7f ? text : text.trim()
}

/** Index of the first rdata that equals an earlier one, or -1. */
function findTwin(rdatas: readonly Uint8Array[]): number {
  for (let at = 1; at < rdatas.length; at++) {
    for (let before = 0; before < at; before++) if (equalOctets(rdatas[at]!, rdatas[before]!)) return at
  }
  return -1
}

export function equalOctets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}
