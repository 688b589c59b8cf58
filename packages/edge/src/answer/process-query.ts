import {
  RCODE_BADCOOKIE,
  RCODE_BADVERS,
  RCODE_FORMERR,
  RCODE_NOERROR,
  RCODE_NOTAUTH,
  RCODE_REFUSED,
  RCODE_SERVFAIL,
} from '@waymark/dns/message/header'
import { CLASS_IN, TYPE_AXFR, TYPE_IXFR, TYPE_NXNAME, TYPE_SOA } from '@waymark/dns/rr-types/type-codes'
import { CLIENT_COOKIE_SIZE } from '../cookies/server-cookies.ts'
import { networkOf } from '../network/network-of.ts'
import { passOn } from '../network/pass-on.ts'
import type { TableView } from '../zone-table/view.ts'
import { answerChaos, CLASS_CHAOS } from './chaos.ts'
import {
  EDE_INVALID_TYPE,
  EDE_NOT_AUTHORITATIVE,
  EDE_NOT_READY,
  EDE_NOT_SUPPORTED,
} from './extended-errors.ts'
import { fillAdditional, fillAuthority } from './fill.ts'
import { FOLLOW, find, findZone } from './find.ts'
import type { Query } from './query.ts'
import { DROP, MAX_UDP_PAYLOAD, readQuery } from './read-query.ts'
import { optSize, writeOpt } from './write-opt.ts'

const PLAIN_UDP_PAYLOAD = 512
const MAX_TCP_MESSAGE = 65535

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
  if (q.cookieSize !== 0) checkCookie(q)
  if (q.profile.limiter !== null && !isTcp && !q.hasValidCookie && !q.profile.limiter.allows(q.from)) {
    return limit(q, rcode)
  }
  if (rcode !== RCODE_NOERROR) return finish(q, rcode)
  if (q.ednsVersion !== 0) return finish(q, RCODE_BADVERS)
  if (q.questionEnd === 0) return answerCookie(q)
  if (q.profile.requiresCookie && q.cookieSize !== 0 && !isTcp && !q.hasValidCookie) {
    return finish(q, RCODE_BADCOOKIE)
  }
  if (q.tsigRoom === 0) return answerQuestion(q, view)
  return q.at <= q.limit ? answerSigned(q, view) : sendToTcp(q)
}

/** Over UDP not even the question has room beside the signature (RFC 8945 5.3): the answer says no more than that TCP has. */
function sendToTcp(q: Query): number {
  q.isTruncated = true
  return finish(q, RCODE_NOERROR)
}

/** RFC 8945 5.3: what is asked with a signature is answered with one. */
function answerSigned(q: Query, view: TableView): number {
  const rcode = q.signed.verify(q.in.subarray(0, q.inLength))
  return q.signed.sign(q.out, rcode === RCODE_NOERROR ? answerQuestion(q, view) : finish(q, rcode))
}

function answerQuestion(q: Query, view: TableView): number {
  if (q.rrClass !== CLASS_IN) return answerOtherClass(q)
  const isIxfr = q.type === TYPE_IXFR
  if (q.type === TYPE_AXFR || isIxfr) {
    q.isTransfer = q.isTcp
    if (q.isTcp || q.type === TYPE_AXFR) return refuse(q, EDE_NOT_SUPPORTED)
    // RFC 1995 2: over UDP the SOA record says whether there is anything to come for over TCP.
    q.type = TYPE_SOA
  }
  if (q.type === TYPE_NXNAME) return refuseType(q)
  q.name.hash(view.seed)
  if (view.hasNetworks) q.network = networkOf(q, view)
  if (!findZone(q, view)) return view.isFilled ? refuse(q, EDE_NOT_AUTHORITATIVE) : excuse(q)
  // RFC 5936 2.2.1: there is no zone of this name.
  if (isIxfr && q.apexLabel !== 0) return finish(q, RCODE_NOTAUTH)
  let state = find(q, view)
  while (state === FOLLOW || (q.isRecursive && passOn(q, view, state))) state = find(q, view)
  if (q.trace !== null) q.trace.end(state)
  fillAuthority(q, view, state)
  fillAdditional(q, view, state)
  return finish(q, q.rcode)
}

function checkCookie(q: Query): void {
  const { cookies } = q.profile
  const serverSize = q.cookieSize - CLIENT_COOKIE_SIZE
  if (cookies !== null && serverSize > 0) {
    q.hasValidCookie = cookies.isValid(q.in, q.cookieAt, serverSize, q.from)
  }
}

/** RFC 7873 5.4: an answer that holds nothing but the cookie. */
function answerCookie(q: Query): number {
  if (q.profile.cookies === null) return finish(q, RCODE_FORMERR)
  const isBad = q.cookieSize > CLIENT_COOKIE_SIZE && !q.hasValidCookie
  return finish(q, isBad ? RCODE_BADCOOKIE : RCODE_NOERROR)
}

/** Over the rate: no answer, or now and then a truncated one, so that a client that is no forgery asks again over TCP. */
function limit(q: Query, rcode: number): number {
  q.isLimited = true
  const { profile } = q
  profile.limited++
  if (profile.slip === 0 || profile.limited % profile.slip !== 0) return 0
  q.isTruncated = true
  return finish(q, rcode)
}

function answerOtherClass(q: Query): number {
  if (q.rrClass === CLASS_CHAOS && answerChaos(q)) return finish(q, RCODE_NOERROR)
  return refuse(q, EDE_NOT_AUTHORITATIVE)
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
  let maximum = PLAIN_UDP_PAYLOAD
  if (q.isTcp) maximum = MAX_TCP_MESSAGE
  else if (q.hasEdns) maximum = Math.min(q.payloadSize, MAX_UDP_PAYLOAD)
  q.maximum = maximum - q.tsigRoom
  q.limit = q.maximum - optSize(q)
}

/** Header and OPT record around what was written. */
function finish(q: Query, rcode: number): number {
  const out = q.out
  q.rcode = rcode
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
