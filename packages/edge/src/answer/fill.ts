import { RCODE_NXDOMAIN, RCODE_SERVFAIL } from '@waymark/dns/message/header'
import { TYPE_A, TYPE_AAAA, TYPE_HTTPS, TYPE_SVCB } from '@waymark/dns/rr-types/type-codes'
import { denyType } from '../dnssec/deny.ts'
import { writeDs } from '../dnssec/referral.ts'
import {
  GROUP_VARIANTS,
  NODE_GROUPS,
  NODE_HAS_NS,
  NODE_STATE,
  VARIANT_RDATAS,
  VARIANT_SIZE,
  VARIANT_TTL,
  ZONE_CUTS,
  ZONE_SERIAL,
  ZONE_SOA,
} from '../zone-table/layout.ts'
import type { TableView } from '../zone-table/view.ts'
import { chooseGroup, chooseVariant } from './choose.ts'
import { DELEGATION, NODATA, NXDOMAIN } from './find.ts'
import type { Query } from './query.ts'
import { suffixAt, writeRrset, writeSoa } from './write.ts'

/** The SOA of a negative answer, the NS set of a referral; in signed zones what proves them. */
export function fillAuthority(q: Query, view: TableView, state: number): void {
  if (state === DELEGATION) {
    fillReferral(q, view)
  } else if (state === NODATA || state === NXDOMAIN) {
    // RFC 6604 3: behind a CNAME too, the RCODE is that of the last name. RFC 9824 3.1: a signed denial says that the name exists.
    if (state === NXDOMAIN && (!q.isSigning || q.isCompactOk)) q.rcode = RCODE_NXDOMAIN
    fillNegative(q, view)
  }
}

function fillReferral(q: Query, view: TableView): void {
  const { isSigning } = q
  // RFC 4035 2.2: the NS set of a cut is the child's, who signs it.
  q.isSigning = false
  addAuthority(q, writeRrset(q, view, q.cut, chooseVariant(q, view, q.cut), suffixAt(q, q.cutLabel)))
  q.isSigning = isSigning
  if (isSigning && !q.isTruncated) addAuthority(q, writeDs(q, view))
}

function fillNegative(q: Query, view: TableView): void {
  const { words } = view
  const soa = words[q.zone + ZONE_SOA]!
  if (soa === 0) {
    // A denial nobody may keep would be a guess: the zone has not arrived whole.
    q.rcode = RCODE_SERVFAIL
    return
  }
  const ttl = negativeTtl(view, q.zone)
  addAuthority(q, writeSoa(q, view, soa, suffixAt(q, q.apexLabel), words[q.zone + ZONE_SERIAL]!, ttl))
  if (q.isSigning && !q.isTruncated) addAuthority(q, denyType(q, view, q.node, q.nameAt, ttl))
}

function addAuthority(q: Query, records: number): void {
  if (records < 0) q.isTruncated = true
  else q.authorities += records
}

/** RFC 2308 3, RFC 9077 3: the TTL of a denial is the lower of SOA TTL and MINIMUM; 0 without a SOA. */
export function negativeTtl(view: TableView, zone: number): number {
  const { words, octets } = view
  const soa = words[zone + ZONE_SOA]!
  if (soa === 0) return 0
  const variant = soa + GROUP_VARIANTS
  const end = (variant + VARIANT_RDATAS) * 4 + words[variant + VARIANT_SIZE]!
  const minimum =
    ((octets[end - 4]! << 24) | (octets[end - 3]! << 16) | (octets[end - 2]! << 8) | octets[end - 1]!) >>> 0
  return Math.min(words[variant + VARIANT_TTL]! >>> 0, minimum)
}

/** What the NS, MX, SRV, SVCB and HTTPS records written so far lead to, as the zone at hand has it: addresses, and service bindings. */
export function fillAdditional(q: Query, view: TableView, state: number): void {
  if (q.targetCount === 0 || q.isTruncated) return
  if (state === DELEGATION) {
    // RFC 9471 3: a referral with in-domain servers is no use without their glue, so it goes first, or TC is set.
    addAddresses(q, view, true, true)
    if (!q.isTruncated) addAddresses(q, view, true, false)
  } else {
    addAddresses(q, view, false, false)
  }
}

function addAddresses(q: Query, view: TableView, isReferral: boolean, isRequired: boolean): void {
  const target = q.target
  const cutLabels = q.name.labels - q.cutLabel
  const isService = !isReferral && (q.type === TYPE_SVCB || q.type === TYPE_HTTPS)
  const { isSigning } = q
  for (let i = 0; i < q.targetCount; i++) {
    const at = q.targets[i]!
    target.readPacket(q.out, at)
    target.hash(view.seed)
    q.targetHashes[i] = target.hashes[0]!
    if (isRepeated(q, i)) continue
    const apexLabel = view.apexLabelIn(q.zone, target)
    if (apexLabel < 0) continue
    if (isReferral) {
      const label = target.labels - cutLabels
      const isInDomain = label >= 0 && target.hashes[label] === q.name.hashes[q.cutLabel]
      if (isInDomain !== isRequired) continue
      // Glue is not signed, and other addresses of the zone that a referral has are.
      q.isSigning = isSigning && !isDelegated(q, view, apexLabel)
    } else if (isDelegated(q, view, apexLabel)) continue
    // A service binding that means its owner: that may be a name which a wildcard makes.
    const isOwner = !isReferral && at === q.nameAt
    const node = isOwner ? q.node : view.findNode(q.zoneNumber, target, 0, apexLabel)
    if (node === 0) continue
    const first = view.words[node + NODE_GROUPS]!
    addSet(q, view, first, TYPE_A, at, isRequired)
    addSet(q, view, first, TYPE_AAAA, at, isRequired)
    // RFC 9460 4.1: the bindings of the target, which an alias leads on to. Its own are in the answer.
    if (isService && target.hashes[0] !== q.name.hashes[0]) addSet(q, view, first, q.type, at, false)
  }
  q.isSigning = isSigning
}

/** RFC 2181 5.4.1: what lies at or below a cut is another zone's; beside anything but a referral ours is only a rumour. */
function isDelegated(q: Query, view: TableView, apexLabel: number): boolean {
  const { words } = view
  if (words[q.zone + ZONE_CUTS] === 0) return false
  for (let label = apexLabel - 1; label >= 0; label--) {
    const node = view.findNode(q.zoneNumber, q.target, label, apexLabel)
    if (node === 0) return false
    if ((words[node + NODE_STATE]! & NODE_HAS_NS) !== 0) return true
  }
  return false
}

function addSet(
  q: Query,
  view: TableView,
  first: number,
  type: number,
  ownerAt: number,
  isRequired: boolean,
): void {
  const group = chooseGroup(q, view, first, type, false)
  if (group === 0) return
  // What it brings along itself is for the next question.
  const targetMark = q.targetCount
  const { isSigning } = q
  const variant = chooseVariant(q, view, group)
  let records = writeRrset(q, view, group, variant, ownerAt)
  if (records < 0 && isSigning) {
    // RFC 4035 3.1.1: the set may stand without its signature where there is no room for both.
    q.isSigning = false
    records = writeRrset(q, view, group, variant, ownerAt)
    q.isSigning = true
  }
  q.targetCount = targetMark
  if (records >= 0) q.additionals += records
  else if (isRequired) q.isTruncated = true
}

function isRepeated(q: Query, i: number): boolean {
  for (let k = 0; k < i; k++) if (q.targetHashes[k] === q.targetHashes[i]) return true
  return false
}
