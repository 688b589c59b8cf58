import { RCODE_FORMERR, RCODE_NOERROR, RCODE_NOTIMP } from '@waymark/dns/message/header'
import { TYPE_OPT, TYPE_TSIG } from '@waymark/dns/rr-types/type-codes'
import type { Query } from './query.ts'
import { readOptions } from './read-options.ts'

/** Not worth a reply: too short for a header, or itself a reply. */
export const DROP = -1

/** Most we ever send over UDP, DNS Flag Day 2020: it fits every path unfragmented. */
export const MAX_UDP_PAYLOAD = 1232
const MIN_PAYLOAD = 512
/** Two names of 255 octets, the fields of the record, the longest MAC and the time of the server. */
const MAX_TSIG = 255 + 10 + 255 + 16 + 64 + 6

/**
 * Reads header, question and EDNS of the packet received. Returns NOERROR, the RCODE to refuse it with, or {@link DROP}.
 * The cheap tests come first; `questionEnd` stays 0 when there is no question to repeat in the reply.
 */
export function readQuery(q: Query): number {
  const octets = q.in
  const end = q.inLength
  if (end < 12) return DROP
  q.id = (octets[0]! << 8) | octets[1]!
  q.flags = (octets[2]! << 8) | octets[3]!
  if ((q.flags & 0x8000) !== 0) return DROP
  if ((q.flags & 0x7800) !== 0) {
    readForOpt(q)
    return RCODE_NOTIMP
  }
  // RFC 9619 3: a QUERY has exactly one question.
  if (octets[4] !== 0 || octets[5] !== 1) return readWithoutQuestion(q)
  const at = q.name.read(octets, 12, end)
  if (at < 0 || at + 4 > end) return RCODE_FORMERR
  q.type = (octets[at]! << 8) | octets[at + 1]!
  q.rrClass = (octets[at + 2]! << 8) | octets[at + 3]!
  q.questionEnd = at + 4
  // Answers, authorities and additionals at once: nearly all queries have none, or an OPT record alone.
  const answers = (octets[6]! << 8) | octets[7]!
  const authorities = answers + ((octets[8]! << 8) | octets[9]!)
  const records = authorities + ((octets[10]! << 8) | octets[11]!)
  if (records === 0) return RCODE_NOERROR
  const rcode = readRecords(q, q.questionEnd, authorities, records)
  return answers === 0 ? rcode : RCODE_FORMERR
}

/** RFC 7873 5.4: who has no question may come for a cookie. */
function readWithoutQuestion(q: Query): number {
  const rcode = readForOpt(q)
  for (let i = 4; i < 10; i++) if (q.in[i] !== 0) return RCODE_FORMERR
  return q.cookieSize === 0 ? RCODE_FORMERR : rcode
}

/**
 * Passes over all sections to the OPT record. RFC 6891 6.1.1, 7: what is refused whatever it says is refused with an OPT record too; an
 * answer without one would say that we know no EDNS.
 */
function readForOpt(q: Query): number {
  const octets = q.in
  const questions = (octets[4]! << 8) | octets[5]!
  let at = 12
  for (let i = 0; i < questions; i++) {
    at = skipName(octets, at, q.inLength)
    if (at < 0 || at + 4 > q.inLength) return RCODE_FORMERR
    at += 4
  }
  const before = ((octets[6]! << 8) | octets[7]!) + ((octets[8]! << 8) | octets[9]!)
  const rcode = readRecords(q, at, before, before + ((octets[10]! << 8) | octets[11]!))
  // A signature over it is not looked at.
  q.tsigRoom = 0
  return rcode
}

/**
 * Walks the records behind the question for the OPT record (RFC 6891 6.1.1: one at most, in the additional section, which the first
 * `authorities` of the `records` are not part of).
 */
export function readRecords(q: Query, start: number, authorities: number, records: number): number {
  const octets = q.in
  const end = q.inLength
  let at = start
  for (let i = 0; i < records; i++) {
    const nameAt = at
    at = skipName(octets, at, end)
    if (at < 0 || at + 10 > end) return RCODE_FORMERR
    const type = (octets[at]! << 8) | octets[at + 1]!
    const size = (octets[at + 8]! << 8) | octets[at + 9]!
    if (at + 10 + size > end) return RCODE_FORMERR
    if (type === TYPE_OPT) {
      if (q.hasEdns || i < authorities || octets[nameAt] !== 0) return RCODE_FORMERR
      q.hasEdns = true
      // RFC 6891 6.2.3: sizes below 512 mean 512.
      q.payloadSize = Math.max(MIN_PAYLOAD, (octets[at + 2]! << 8) | octets[at + 3]!)
      q.ednsVersion = octets[at + 5]!
      q.isDnssecOk = (octets[at + 6]! & 0x80) !== 0
      q.isCompactOk = (octets[at + 6]! & 0xc0) === 0xc0
      // RFC 6891 6.1.3: only the version is known to mean the same in all versions.
      if (size > 0 && q.ednsVersion === 0 && !readOptions(q, at + 10, at + 10 + size)) return RCODE_FORMERR
    }
    // Ours may have a longer MAC, when the request's is cut, and the time of the server.
    if (type === TYPE_TSIG) q.tsigRoom = Math.min(end - nameAt + 64, MAX_TSIG)
    at += 10 + size
  }
  return RCODE_NOERROR
}

function skipName(octets: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end) {
    const size = octets[at]!
    if (size === 0) return at + 1
    if (size >= 192) return at + 2
    if (size > 63) return -1
    at += size + 1
  }
  return -1
}
