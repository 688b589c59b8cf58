import { RCODE_SERVFAIL, RCODE_YXDOMAIN } from '@waymark/dns/message/header'
import {
  TYPE_ANY,
  TYPE_CDNSKEY,
  TYPE_CNAME,
  TYPE_DNAME,
  TYPE_DS,
  TYPE_MX,
  TYPE_NS,
  TYPE_NSEC,
  TYPE_RRSIG,
  TYPE_SOA,
  TYPE_TXT,
} from '@waymark/dns/rr-types/type-codes'
import { answerFromSigner, NOT_MINE } from '../dnssec/answer-from-signer.ts'
import {
  GROUP_TYPE,
  NODE_GROUPS,
  NODE_HAS_DNAME,
  NODE_HAS_NS,
  NODE_HAS_WILDCARD,
  NODE_STATE,
  SPACE_PUBLIC,
  VARIANT_RDATAS,
  VARIANT_TTL,
  ZONE_APEX,
  ZONE_CUTS,
  ZONE_DNAMES,
  ZONE_FLAGS,
  ZONE_IS_ANSWERED,
  ZONE_IS_RECURSIVE,
  ZONE_KEYS,
  ZONE_NUMBER,
  ZONE_SERIAL,
} from '../zone-table/layout.ts'
import { MAX_NAME } from '../zone-table/name-buffer.ts'
import type { TableView } from '../zone-table/view.ts'
import { chooseAny, chooseGroup, chooseVariant, hasOtherLines } from './choose.ts'
import { EDE_NO_REACHABLE_AUTHORITY } from './extended-errors.ts'
import { MAX_CHAIN, type Query } from './query.ts'
import {
  rememberName,
  rememberQuestion,
  suffixAt,
  writeRrset,
  writeSoa,
  writeSynthesizedCname,
} from './write.ts'

/** The answer section holds what was asked, or all of it that fits. */
export const HIT = 0
/** The name exists, without the type. */
export const NODATA = 1
export const NXDOMAIN = 2
/** The name lies at or below a zone cut: the NS set there is to be given. */
export const DELEGATION = 3
/** A CNAME was written, and `q.name` is its target now. */
export const FOLLOW = 4
/** Nothing more can be said: a chain that leaves our zones, loops or is too long, a synthesised name too long, data not to be had. */
export const END = 5

/** No cut and no DNAME above the name. */
const NONE = -1
/** Owner (a pointer: the longest chain ends far below the last place one can reach), type, class, TTL, length. */
const RDATA_AT = 12

/**
 * Sets `q.zone` to the zone that answers for `q.name`: the private one that the network of whoever asks sees, else the public one. False
 * when there is none, or it is not answered now.
 */
export function findZone(q: Query, view: TableView): boolean {
  return (q.network !== 0 && findPrivateZone(q, view)) || findPublicZone(q, view)
}

function findPrivateZone(q: Query, view: TableView): boolean {
  const name = q.name
  let zone = view.findPrivateZone(name, 0, q.network)
  if (zone === 0) return false
  if (q.type === TYPE_DS && name.labels > 0 && view.labelsOf(zone) === name.labels) {
    const parent = view.findPrivateZone(name, 1, q.network)
    if (parent !== 0 && isCutOf(q, view, parent)) zone = parent
  }
  setZone(q, view, zone)
  q.isPrivate = true
  if ((view.words[q.zone + ZONE_FLAGS]! & ZONE_IS_RECURSIVE) !== 0) q.isRecursive = true
  return true
}

/** {@link findZone} among public zones. `q.zone` is as before when it is false. */
export function findPublicZone(q: Query, view: TableView): boolean {
  const name = q.name
  let zone = view.findZone(name, 0, SPACE_PUBLIC)
  if (zone === 0) return false
  // RFC 4035 3.1.4.1: DS at an apex is a question to the parent zone, if we have it and it knows the cut.
  if (q.type === TYPE_DS && name.labels > 0 && view.labelsOf(zone) === name.labels) {
    const parent = view.findZone(name, 1, SPACE_PUBLIC)
    if (parent !== 0 && isCutOf(q, view, parent)) zone = parent
  }
  if ((view.words[zone + ZONE_FLAGS]! & ZONE_IS_ANSWERED) === 0) return false
  setZone(q, view, zone)
  q.isPrivate = false
  return true
}

function setZone(q: Query, view: TableView, zone: number): void {
  q.zone = zone
  q.zoneNumber = view.words[zone + ZONE_NUMBER]!
  q.apexLabel = q.name.labels - view.labelsOf(zone)
  q.isSigning = q.isDnssecOk && q.signer.canSign(view, zone)
  if (q.trace !== null) q.trace.zone(q)
}

function isCutOf(q: Query, view: TableView, zone: number): boolean {
  const words = view.words
  if ((words[zone + ZONE_FLAGS]! & ZONE_IS_ANSWERED) === 0) return false
  const node = view.findNode(words[zone + ZONE_NUMBER]!, q.name, 0, q.name.labels - view.labelsOf(zone))
  return node !== 0 && (words[node + NODE_STATE]! & NODE_HAS_NS) !== 0
}

/** Looks `q.name` up in `q.zone` (RFC 1034 4.3.2, RFC 4592, RFC 6672) and writes what the answer section gets of it. */
export function find(q: Query, view: TableView): number {
  const words = view.words
  if (words[q.zone + ZONE_CUTS] !== 0 || words[q.zone + ZONE_DNAMES] !== 0) {
    const state = findAbove(q, view)
    if (state !== NONE) return state
  }
  const apexLabel = q.apexLabel
  let node = view.findNode(q.zoneNumber, q.name, 0, apexLabel)
  const isWildcard = node === 0 || !view.exists(node)
  if (isWildcard) {
    node = findWildcard(q, view)
    if (node === 0) {
      q.isAuthoritative = true
      q.node = 0
      // RFC 9824 3.1: the name is said to exist, with an NSEC record, so that is what a question for it gets.
      if (q.type === TYPE_NSEC && q.isSigning && !q.isCompactOk) return count(q, answerFromSigner(q, view, 0))
      return NXDOMAIN
    }
  }
  q.node = node
  if (q.trace !== null) q.trace.found(node, isWildcard)
  return answerFrom(q, view, node)
}

/** From the apex down: a zone cut at or above the name, or a DNAME above it. */
function findAbove(q: Query, view: TableView): number {
  const words = view.words
  for (let label = q.apexLabel; label >= 0; label--) {
    const node = view.findNode(q.zoneNumber, q.name, label, q.apexLabel)
    if (node === 0) return NONE
    const state = words[node + NODE_STATE]!
    if ((state & NODE_HAS_NS) !== 0 && label !== q.apexLabel && !(label === 0 && q.type === TYPE_DS)) {
      const cut = chooseGroup(q, view, words[node + NODE_GROUPS]!, TYPE_NS, false)
      if (cut !== 0) {
        if (q.trace !== null) q.trace.foundAbove(node, cut)
        q.cut = cut
        q.cutLabel = label
        return DELEGATION
      }
    }
    if ((state & NODE_HAS_DNAME) !== 0 && label !== 0) {
      const dname = chooseGroup(q, view, words[node + NODE_GROUPS]!, TYPE_DNAME, false)
      if (dname !== 0) {
        if (q.trace !== null) q.trace.foundAbove(node, dname)
        return followDname(q, view, dname, label)
      }
    }
  }
  return NONE
}

/** RFC 4592 3.3.1: the wildcard below the closest encloser, and only there. */
function findWildcard(q: Query, view: TableView): number {
  for (let label = 1; label <= q.apexLabel; label++) {
    const encloser = view.findNode(q.zoneNumber, q.name, label, q.apexLabel)
    if (encloser === 0 || !view.exists(encloser)) continue
    if ((view.words[encloser + NODE_STATE]! & NODE_HAS_WILDCARD) === 0) return 0
    const wildcard = view.findWildcard(q.zoneNumber, q.name, label, q.apexLabel)
    return wildcard !== 0 && view.exists(wildcard) ? wildcard : 0
  }
  return 0
}

function answerFrom(q: Query, view: TableView, node: number): number {
  const words = view.words
  const first = words[node + NODE_GROUPS]!
  q.isAuthoritative = true
  if (q.subnetPrefix > 0 && !q.isForSubnet) q.isForSubnet = hasOtherLines(view, first)
  if (q.type >= TYPE_RRSIG && q.type <= TYPE_CDNSKEY && words[q.zone + ZONE_KEYS] !== 0) {
    const records = answerFromSigner(q, view, node)
    if (records !== NOT_MINE) {
      if (q.trace !== null) q.trace.madeBySigner()
      return count(q, records)
    }
  }
  let group = 0
  if (q.type === TYPE_ANY) {
    // RFC 8482 4.1: one rrset of the name is answer enough.
    group = chooseAny(q, view, first)
  } else {
    if (node === words[q.zone + ZONE_APEX] && standsBesideCname(q.type)) {
      group = chooseGroup(q, view, first, q.type, false)
    }
    if (group === 0) group = chooseGroup(q, view, first, q.type, true)
  }
  if (q.trace !== null) q.trace.chose(group)
  if (group === 0) return NODATA
  const type = words[group + GROUP_TYPE]! >>> 16
  if (type === TYPE_CNAME && q.type !== TYPE_CNAME && q.type !== TYPE_ANY) return followCname(q, view, group)
  // RFC 2181 5: a DNAME that the chain came through stands in the answer already.
  if (type === TYPE_DNAME && lastPassage(q, group) >= 0) return HIT
  if (type === TYPE_SOA) {
    const serial = words[q.zone + ZONE_SERIAL]!
    return count(q, writeSoa(q, view, group, q.nameAt, serial, -1))
  }
  return count(q, writeRrset(q, view, group, chooseVariant(q, view, group), q.nameAt))
}

/** API: at an apex with a CNAME, the sets of these types that stand beside it answer themselves. */
function standsBesideCname(type: number): boolean {
  return type === TYPE_SOA || type === TYPE_NS || type === TYPE_MX || type === TYPE_TXT
}

function count(q: Query, records: number): number {
  if (records === 0) return fail(q)
  if (records < 0) q.isTruncated = true
  else q.answers += records
  return HIT
}

/** A group without data: what stands there has to be looked up elsewhere (an alias), and could not be. */
function fail(q: Query): number {
  q.rcode = RCODE_SERVFAIL
  q.ede = EDE_NO_REACHABLE_AUTHORITY
  q.isAuthoritative = false
  return END
}

/** The link of the chain that went through this group last, or -1. */
function lastPassage(q: Query, group: number): number {
  let link = q.chainLength - 1
  while (link >= 0 && q.chain[link] !== group) link--
  return link
}

/** Notes that the chain goes through this group with the name at hand. False when it is at its longest. */
function enterChain(q: Query, group: number): boolean {
  if (q.chainLength === MAX_CHAIN) return false
  q.chain[q.chainLength] = group
  q.chainHashes[q.chainLength] = q.name.hashes[0]!
  q.chainSizes[q.chainLength] = q.name.length
  q.chainLength++
  return true
}

function followCname(q: Query, view: TableView, group: number): number {
  // A wildcard is met again under another name where its target is below it too; the same name is a loop.
  const passage = lastPassage(q, group)
  if (passage >= 0 && q.chainHashes[passage] === q.name.hashes[0]) return END
  if (!enterChain(q, group)) return END
  const ownerAt = q.at
  const records = writeRrset(q, view, group, chooseVariant(q, view, group), q.nameAt)
  if (records < 0) {
    q.isTruncated = true
    return END
  }
  q.answers += records
  return moveTo(q, view, ownerAt + RDATA_AT)
}

/** `q.name` becomes the name at `rdataAt` of the packet. FOLLOW when a zone of ours answers for it. */
function moveTo(q: Query, view: TableView, rdataAt: number): number {
  if (q.trace !== null) q.trace.followed()
  if (q.suffixCount === 0) rememberQuestion(q)
  q.name.readPacket(q.out, rdataAt)
  q.name.hash(view.seed)
  q.nameAt = rdataAt
  if (findZone(q, view)) return FOLLOW
  q.isForUpstream = q.isRecursive
  return END
}

/** RFC 6672 3: the DNAME itself, and a CNAME made from it that leads on. */
function followDname(q: Query, view: TableView, group: number, label: number): number {
  q.isAuthoritative = true
  // It rewrites a name once more as long as that gets shorter; one that grows, or comes back, would do so without end.
  const passage = lastPassage(q, group)
  if (passage >= 0 && q.name.length >= q.chainSizes[passage]!) return END
  if (!enterChain(q, group)) return END
  const variant = chooseVariant(q, view, group)
  const mark = q.at
  const suffixMark = q.suffixCount
  const records = passage >= 0 ? 0 : writeRrset(q, view, group, variant, suffixAt(q, label))
  if (records < 0) {
    q.isTruncated = true
    return END
  }
  q.answers += records
  const from = (variant + VARIANT_RDATAS) * 4 + 2
  const target = q.target
  const prefix = q.name.starts[label]!
  const size = view.octets[from - 1]! | (view.octets[from - 2]! << 8)
  if (prefix + size > MAX_NAME) {
    q.rcode = RCODE_YXDOMAIN
    return END
  }
  // The end of the made name stands in the packet already, in the DNAME, unless signatures are behind it.
  if (records === 1) rememberName(q, view.seed, view.octets, from, q.at - size)
  for (let i = 0; i < prefix; i++) target.octets[i] = q.name.octets[i]!
  for (let i = 0; i < size; i++) target.octets[prefix + i] = view.octets[from + i]!
  target.length = prefix + size
  const cnameAt = q.at
  if (!writeSynthesizedCname(q, view.seed, q.nameAt, view.words[variant + VARIANT_TTL]!)) {
    q.at = mark
    q.suffixCount = suffixMark
    q.answers -= records
    q.isTruncated = true
    return END
  }
  q.answers++
  if (q.type === TYPE_CNAME || q.type === TYPE_ANY) return HIT
  return moveTo(q, view, cnameAt + RDATA_AT)
}
