import { RCODE_BADVERS, RCODE_FORMERR, RCODE_NOERROR, RCODE_NOTAUTH } from '@waymark/dns/message/header'
import { nameLength, type WireName } from '@waymark/dns/name'
import { CLASS_IN, TYPE_SOA } from '@waymark/dns/rr-types/type-codes'
import { findTsig } from '@waymark/dns/tsig/tsig'
import { findPublicZone, findZone } from '../answer/find.ts'
import type { Query } from '../answer/query.ts'
import { readRecords } from '../answer/read-query.ts'
import { writeOpt } from '../answer/write-opt.ts'
import { networkOf } from '../network/network-of.ts'
import type { TableView } from '../zone-table/view.ts'

/** What a primary says: the zone has changed. `source` is the address that it came from. */
export interface NotifyHeard {
  readonly apex: WireName
  readonly source: string
}

/** The answer has room in what everybody takes. */
const PLAIN_PAYLOAD = 512
/** Octets of a question behind its name. */
const QUESTION_FIELDS = 4

/** Whether this is a NOTIFY request (RFC 1996 3): opcode 4, no answer. Costs ordinary queries one comparison. */
export const isNotify = (octets: Uint8Array, length: number): boolean =>
  length >= 12 && (octets[2]! & 0xf8) === 0x20

/**
 * Answers a NOTIFY and hands on what it says. Whether its source is a primary of the zone is known to the control plane, which
 * ignores the others; here it only has to be about a zone that we have. They are few, so this path may allocate.
 */
export function receiveNotify(
  q: Query,
  view: TableView,
  input: Uint8Array,
  length: number,
  out: Uint8Array,
  isTcp: boolean,
  heard: (notify: NotifyHeard) => void,
): number {
  q.reset(input, length, out, isTcp)
  const { limiter } = q.profile
  // What it says is heard all the same: a primary that gets no answer sends it again, and is answered then or later.
  q.isLimited = limiter !== null && !isTcp && !limiter.allows(q.from)
  const size = answerNotify(q, view, input, length, out, isTcp, heard)
  return q.isLimited ? 0 : size
}

function answerNotify(
  q: Query,
  view: TableView,
  input: Uint8Array,
  length: number,
  out: Uint8Array,
  isTcp: boolean,
  heard: (notify: NotifyHeard) => void,
): number {
  q.id = (input[0]! << 8) | input[1]!
  const nameSize = input[5] === 1 && input[4] === 0 ? nameLength(input, 12, length) : -1
  const end = 12 + nameSize + QUESTION_FIELDS
  const isRead = nameSize > 0 && end <= length && q.name.read(input, 12, length) > 0
  if (!isRead) return answer(q, input, out, 12, RCODE_FORMERR)
  q.questionEnd = end
  const [answers, authorities, additionals] = [6, 8, 10].map((at) => (input[at]! << 8) | input[at + 1]!)
  const before = answers! + authorities!
  const form = readRecords(q, end, before, before + additionals!)
  if (form !== RCODE_NOERROR) return answer(q, input, out, end, form)
  if (q.ednsVersion !== 0) return answer(q, input, out, end, RCODE_BADVERS)
  const fields = input.subarray(end - QUESTION_FIELDS, end)
  q.type = (fields[0]! << 8) | fields[1]!
  q.rrClass = (fields[2]! << 8) | fields[3]!
  if (q.type !== TYPE_SOA || q.rrClass !== CLASS_IN) return answer(q, input, out, end, RCODE_FORMERR)
  const request = input.subarray(0, length)
  const tsig = findTsig(request)
  if (tsig === null) return answer(q, input, out, end, RCODE_FORMERR)
  const verdict = tsig === undefined ? RCODE_NOERROR : q.signed.verify(request)
  const rcode = verdict === RCODE_NOERROR ? rcodeOf(q, view) : verdict
  // A bad signature says nothing against asking the primary whether something has changed, but nothing for it either.
  if (rcode === RCODE_NOERROR)
    heard({ apex: Uint8Array.from(input.subarray(12, 12 + nameSize)), source: q.source })
  const size = answer(q, input, out, end, rcode)
  if (tsig === undefined) return size
  // Over UDP an answer with two long names in its signature may be longer than everybody takes; TCP has room for it.
  if (isTcp || size + q.tsigRoom <= PLAIN_PAYLOAD) return q.signed.sign(out, size)
  out[2]! |= 2
  return size
}

function rcodeOf(q: Query, view: TableView): number {
  q.name.hash(view.seed)
  if (view.hasNetworks) q.network = networkOf(q, view)
  const isHere = (findZone(q, view) && q.apexLabel === 0) || (findPublicZone(q, view) && q.apexLabel === 0)
  return isHere ? RCODE_NOERROR : RCODE_NOTAUTH
}

/** RFC 1996 3.12, 4.7: the question goes back with AA set, and nothing else but an OPT record for one (RFC 6891 6.1.1). */
function answer(q: Query, input: Uint8Array, out: Uint8Array, end: number, rcode: number): number {
  out.set(input.subarray(0, end), 0)
  out[2] = 0xa4
  out[3] = rcode & 15
  out.fill(0, 4, 12)
  out[5] = end === 12 ? 0 : 1
  q.rcode = rcode
  q.at = end
  q.maximum = PLAIN_PAYLOAD
  if (q.hasEdns) writeOpt(q, rcode)
  out[11] = q.additionals
  return q.at
}
