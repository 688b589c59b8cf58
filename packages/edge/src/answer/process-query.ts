import {
  RCODE_BADVERS,
  RCODE_FORMERR,
  RCODE_NOERROR,
  RCODE_REFUSED,
  RCODE_SERVFAIL,
} from '@waymark/dns/message/header'
import { CLASS_IN, TYPE_AXFR, TYPE_IXFR, TYPE_NXNAME, TYPE_OPT } from '@waymark/dns/rr-types/type-codes'
import type { TableView } from '../zone-table/view.ts'
import {
  EDE_INVALID_TYPE,
  EDE_NOT_AUTHORITATIVE,
  EDE_NOT_READY,
  EDE_NOT_SUPPORTED,
} from './extended-errors.ts'
import { fillAdditional, fillAuthority } from './fill.ts'
import { FOLLOW, find, findZone } from './find.ts'
import type { Query } from './query.ts'
import { DROP, MAX_UDP_PAYLOAD, OPTION_SUBNET, readQuery } from './read-query.ts'

const PLAIN_UDP_PAYLOAD = 512
const MAX_TCP_MESSAGE = 65535
const OPT_SIZE = 11
const OPTION_EDE = 15

/**
 * Answers one packet: reads `length` octets of `input`, writes the reply to `out` and returns its size, 0 for no reply.
 * `out` holds at least 1232 octets for UDP, 65535 for TCP. Never throws, never allocates; README.md has the rules.
 */
export function processQuery(
  q: Query,
  view: TableView,
  input: Uint8Array,
  length: number,
  out: Uint8Array,
  isTcp: boolean,
): number {
  q.reset(input, length, out, isTcp)
  const rcode = readQuery(q)
  if (rcode === DROP) return 0
  copyQuestion(q)
  if (rcode !== RCODE_NOERROR) return finish(q, rcode)
  if (q.ednsVersion !== 0) return finish(q, RCODE_BADVERS)
  if (q.rrClass !== CLASS_IN) return refuse(q, EDE_NOT_AUTHORITATIVE)
  if (q.type === TYPE_AXFR || q.type === TYPE_IXFR) return refuse(q, EDE_NOT_SUPPORTED)
  if (q.type === TYPE_NXNAME) return refuseType(q)
  q.name.hash(view.seed)
  if (!findZone(q, view)) return view.isFilled ? refuse(q, EDE_NOT_AUTHORITATIVE) : excuse(q)
  let state = find(q, view)
  while (state === FOLLOW) state = find(q, view)
  fillAuthority(q, view, state)
  fillAdditional(q, view, state)
  return finish(q, q.rcode)
}

function refuse(q: Query, ede: number): number {
  q.ede = ede
  return finish(q, RCODE_REFUSED)
}

/** RFC 9824 3.5: the type stands in type bitmaps only. */
function refuseType(q: Query): number {
  q.ede = EDE_INVALID_TYPE
  return finish(q, RCODE_FORMERR)
}

/** Nothing was loaded yet: a resolver shall ask again, or elsewhere, and not take us for the wrong server. */
function excuse(q: Query): number {
  q.ede = EDE_NOT_READY
  return finish(q, RCODE_SERVFAIL)
}

/** The question goes back as it came, its case included: resolvers use the case as a check. */
function copyQuestion(q: Query): void {
  const { out, in: input, questionEnd } = q
  for (let i = 12; i < questionEnd; i++) out[i] = input[i]!
  q.at = questionEnd === 0 ? 12 : questionEnd
  let limit = PLAIN_UDP_PAYLOAD
  if (q.isTcp) limit = MAX_TCP_MESSAGE
  else if (q.hasEdns) limit = Math.min(q.payloadSize, MAX_UDP_PAYLOAD)
  q.limit = q.hasEdns ? limit - OPT_SIZE - subnetOptionSize(q) : limit
}

/** Header and OPT record around what was written. */
function finish(q: Query, rcode: number): number {
  const out = q.out
  out[0] = q.id >> 8
  out[1] = q.id
  // QR, the opcode and RD of the query, AA and TC; of the second half CD alone is given back (RFC 4035 3.1.6).
  out[2] = 0x80 | ((q.flags >> 8) & 0x79) | (q.isAuthoritative ? 4 : 0) | (q.isTruncated ? 2 : 0)
  out[3] = (q.flags & 0x10) | (rcode & 15)
  out[4] = 0
  out[5] = q.questionEnd === 0 ? 0 : 1
  out[6] = q.answers >> 8
  out[7] = q.answers
  out[8] = q.authorities >> 8
  out[9] = q.authorities
  if (q.hasEdns) writeOpt(q, rcode)
  out[10] = q.additionals >> 8
  out[11] = q.additionals
  return q.at
}

function writeOpt(q: Query, rcode: number): void {
  const out = q.out
  const at = q.at
  out[at] = 0
  out[at + 1] = 0
  out[at + 2] = TYPE_OPT
  out[at + 3] = MAX_UDP_PAYLOAD >> 8
  out[at + 4] = MAX_UDP_PAYLOAD & 255
  out[at + 5] = rcode >> 4
  out[at + 6] = 0
  // RFC 3225 3, RFC 9824 5.1: the DO and CO bits are given back.
  out[at + 7] = (q.isDnssecOk ? 0x80 : 0) | (q.isCompactOk ? 0x40 : 0)
  out[at + 8] = 0
  out[at + 9] = 0
  q.at = at + OPT_SIZE
  q.additionals++
  if (q.subnetFamily !== 0) writeSubnet(q)
  if (q.ede >= 0) writeExtendedError(q)
  out[at + 10] = q.at - at - OPT_SIZE
}

const subnetOptionSize = (q: Query): number => (q.subnetFamily === 0 ? 0 : 8 + q.subnetSize)

/**
 * RFC 7871 7.2.1: the option goes back as it came. Its scope is that of the question where the answer depends on the visitor, so
 * that a resolver keeps it for these addresses only, and 0 where it holds for everybody.
 */
function writeSubnet(q: Query): void {
  const { out, at } = q
  out[at] = 0
  out[at + 1] = OPTION_SUBNET
  out[at + 2] = 0
  out[at + 3] = 4 + q.subnetSize
  out[at + 4] = 0
  out[at + 5] = q.subnetFamily
  out[at + 6] = q.subnetPrefix
  out[at + 7] = q.isForSubnet ? q.subnetPrefix : 0
  for (let i = 0; i < q.subnetSize; i++) out[at + 8 + i] = q.in[q.subnetAt + i]!
  q.at = at + subnetOptionSize(q)
}

function writeExtendedError(q: Query): void {
  const { out, at } = q
  out[at] = 0
  out[at + 1] = OPTION_EDE
  out[at + 2] = 0
  out[at + 3] = 2
  out[at + 4] = 0
  out[at + 5] = q.ede
  q.at = at + 6
}
