import {
  OPTION_CLIENT_SUBNET,
  OPTION_COOKIE,
  OPTION_EXTENDED_ERROR,
  OPTION_KEEPALIVE,
  OPTION_NSID,
  OPTION_PADDING,
} from '@waymark/dns/message/edns'
import { TYPE_OPT } from '@waymark/dns/rr-types/type-codes'
import { CLIENT_COOKIE_SIZE, SERVER_COOKIE_SIZE } from '../cookies/server-cookies.ts'
import type { Query } from './query.ts'
import { MAX_UDP_PAYLOAD } from './read-query.ts'

/** An OPT record without options. */
const OPT_SIZE = 11
const OPTION_HEAD = 4
const COOKIE_SIZE = CLIENT_COOKIE_SIZE + SERVER_COOKIE_SIZE
/** RFC 8467 4.1: answers are padded to multiples of this. */
const PADDING_BLOCK = 468

/** Octets to keep free for the OPT record with what the query asks of it; 0 without EDNS. */
export function optSize(q: Query): number {
  if (!q.hasEdns) return 0
  let size = OPT_SIZE
  if (q.subnetFamily !== 0) size += OPTION_HEAD + 4 + q.subnetSize
  if (q.cookieSize !== 0 && q.profile.cookies !== null) size += OPTION_HEAD + COOKIE_SIZE
  if (q.wantsNsid && q.profile.nsid.length > 0) size += OPTION_HEAD + q.profile.nsid.length
  if (q.wantsKeepalive) size += OPTION_HEAD + 2
  if (q.wantsPadding) size += OPTION_HEAD
  return size
}

/** Writes the OPT record behind what stands in `q.out`, within `q.maximum` octets. */
export function writeOpt(q: Query, rcode: number): void {
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
  q.at = at + OPT_SIZE
  q.additionals++
  if (q.subnetFamily !== 0) writeSubnet(q)
  if (q.cookieSize !== 0) writeCookie(q)
  if (q.wantsNsid) writeNsid(q)
  if (q.wantsKeepalive) writeKeepalive(q)
  if (q.ede >= 0) writeExtendedError(q)
  if (q.wantsPadding) writePadding(q)
  const size = q.at - at - OPT_SIZE
  out[at + 9] = size >> 8
  out[at + 10] = size
}

function writeHead(q: Query, code: number, size: number): void {
  const { out, at } = q
  out[at] = 0
  out[at + 1] = code
  out[at + 2] = size >> 8
  out[at + 3] = size
  q.at = at + OPTION_HEAD
}

/**
 * RFC 7871 7.2.1: the option goes back as it came. Its scope is that of the question where the answer depends on the visitor, so
 * that a resolver keeps it for these addresses only, and 0 where it holds for everybody.
 */
function writeSubnet(q: Query): void {
  const { out, subnetSize } = q
  writeHead(q, OPTION_CLIENT_SUBNET, 4 + subnetSize)
  const at = q.at
  out[at] = 0
  out[at + 1] = q.subnetFamily
  out[at + 2] = q.subnetPrefix
  out[at + 3] = q.isForSubnet ? q.subnetPrefix : 0
  for (let i = 0; i < subnetSize; i++) out[at + 4 + i] = q.in[q.subnetAt + i]!
  q.at = at + 4 + subnetSize
}

function writeCookie(q: Query): void {
  const { cookies } = q.profile
  if (cookies === null) return
  writeHead(q, OPTION_COOKIE, COOKIE_SIZE)
  for (let i = 0; i < CLIENT_COOKIE_SIZE; i++) q.out[q.at + i] = q.in[q.cookieAt + i]!
  cookies.write(q.in, q.cookieAt, q.from, q.out, q.at + CLIENT_COOKIE_SIZE)
  q.at += COOKIE_SIZE
}

function writeNsid(q: Query): void {
  const { nsid } = q.profile
  if (nsid.length === 0) return
  writeHead(q, OPTION_NSID, nsid.length)
  for (let i = 0; i < nsid.length; i++) q.out[q.at + i] = nsid[i]!
  q.at += nsid.length
}

/** RFC 7828 3.1: how long the connection may be idle, in units of 100 ms. */
function writeKeepalive(q: Query): void {
  writeHead(q, OPTION_KEEPALIVE, 2)
  const units = q.idleSeconds * 10
  q.out[q.at] = units >> 8
  q.out[q.at + 1] = units
  q.at += 2
}

/** Left out where it does not fit: it explains, and nobody depends on it. */
function writeExtendedError(q: Query): void {
  const after = q.wantsPadding ? OPTION_HEAD : 0
  if (q.at + OPTION_HEAD + 2 + after > q.maximum) return
  writeHead(q, OPTION_EXTENDED_ERROR, 2)
  q.out[q.at] = 0
  q.out[q.at + 1] = q.ede
  q.at += 2
}

/** RFC 7830 3: octets of zero, here up to the next whole block. */
function writePadding(q: Query): void {
  const unpadded = q.at + OPTION_HEAD
  const padded = Math.min(Math.ceil(unpadded / PADDING_BLOCK) * PADDING_BLOCK, q.maximum)
  writeHead(q, OPTION_PADDING, padded - unpadded)
  q.out.fill(0, q.at, padded)
  q.at = padded
}
