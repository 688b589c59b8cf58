import {
  OPTION_CLIENT_SUBNET,
  OPTION_COOKIE,
  OPTION_KEEPALIVE,
  OPTION_NSID,
  OPTION_PADDING,
} from '@waymark/dns/message/edns'
import { CLIENT_COOKIE_SIZE } from '../cookies/server-cookies.ts'
import type { Query } from './query.ts'

/** Reads the options of an OPT record. False where one of them is malformed. */
export function readOptions(q: Query, start: number, end: number): boolean {
  const octets = q.in
  let at = start
  while (at < end) {
    if (at + 4 > end) return false
    const code = (octets[at]! << 8) | octets[at + 1]!
    const size = (octets[at + 2]! << 8) | octets[at + 3]!
    at += 4
    if (at + size > end || !readOption(q, code, at, size)) return false
    at += size
  }
  return true
}

function readOption(q: Query, code: number, at: number, size: number): boolean {
  switch (code) {
    case OPTION_NSID:
      q.wantsNsid = true
      return true
    case OPTION_CLIENT_SUBNET:
      return readSubnet(q, at, size)
    case OPTION_COOKIE:
      return readCookie(q, at, size)
    case OPTION_KEEPALIVE:
      // RFC 7828 3.3.2: over UDP it means nothing; 3.2: a client names no time.
      q.wantsKeepalive = q.isTcp && q.idleSeconds > 0
      return !q.isTcp || size === 0
    case OPTION_PADDING:
      q.wantsPadding = q.isEncrypted
      return true
    default:
      return true
  }
}

/** RFC 7873 5.2.2: eight octets of the client's, then none or eight to 32 of ours. The first of several counts (5.2). */
function readCookie(q: Query, at: number, size: number): boolean {
  if (size !== CLIENT_COOKIE_SIZE && (size < 16 || size > 40)) return false
  if (q.cookieSize !== 0) return true
  q.cookieAt = at
  q.cookieSize = size
  return true
}

/**
 * Reads a client subnet option. RFC 7871 6: exactly as many octets as the prefix needs, no bit set behind it, and scope 0 in a
 * query. A family that we do not know is as good as no option.
 */
function readSubnet(q: Query, start: number, size: number): boolean {
  const octets = q.in
  if (size < 4) return false
  const family = (octets[start]! << 8) | octets[start + 1]!
  const prefix = octets[start + 2]!
  if (octets[start + 3] !== 0) return false
  if (family !== 1 && family !== 2) return true
  if (prefix > (family === 1 ? 32 : 128) || size - 4 !== (prefix + 7) >> 3) return false
  if ((prefix & 7) !== 0 && (octets[start + size - 1]! & (0xff >> (prefix & 7))) !== 0) return false
  q.subnetFamily = family
  q.subnetPrefix = prefix
  q.subnetSize = size - 4
  q.subnetAt = start + 4
  return true
}
