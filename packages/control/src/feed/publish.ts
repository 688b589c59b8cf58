import {
  decodeRdatas,
  encodeRdatas,
  type GroupVariant,
  NO_WEIGHT,
  OctetWriter,
  OP_ZONE_REMOVED,
  writeAccount,
  writeGroup,
  writeLines,
  writeNetwork,
  writeZone,
  ZONE_KIND_PRIVATE,
  ZONE_KIND_PUBLIC,
} from '@waymark/dns/feed-codec'
import { parseName, type WireName } from '@waymark/dns/name'
import { TYPE_MX, typeCode } from '@waymark/dns/rr-types/type-codes'
import { readSegment } from '../lines/segments.ts'
import { readIp, readPrefix } from '../networks/prefix.ts'
import { rdatasFor } from '../record-sets/published-addresses.ts'
import type { Network } from '../store/network-calls.ts'
import type { CustomLine, LineGroup, RecordSet, Zone } from '../store/store.ts'

/** What names a group: one owner, DNS type and line. */
export type GroupKey = Pick<RecordSet, 'owner' | 'type' | 'line'>

/**
 * Appends the GROUP operation for `key`, made of those of `sets` that are answered: status ACTIVE, with rdata of its type. None of
 * them means that the group is gone.
 */
export function groupPayload(out: OctetWriter, key: GroupKey, sets: readonly RecordSet[]): void {
  const type = typeCode(key.type)
  if (type === undefined) return
  const variants: GroupVariant[] = []
  for (const set of sets) {
    const rdatas = set.status === 'ACTIVE' ? rdatasFor(set, key.type) : null
    if (rdatas !== null) variants.push({ weight: set.weight ?? NO_WEIGHT, ttl: set.ttl, rdatas })
  }
  const isUnion = type === TYPE_MX && variants.length > 0
  writeGroup(out, wireName(key.owner), type, key.line, isUnion ? [union(variants)] : variants)
}

/** Weights mean nothing for MX: what is answered is the union of the values, each once, with the lowest TTL. */
function union(variants: readonly GroupVariant[]): GroupVariant {
  if (variants.length === 1) return { ...variants[0]!, weight: NO_WEIGHT }
  const values = new Map<string, Uint8Array>()
  let ttl = Number.POSITIVE_INFINITY
  for (const variant of variants) {
    ttl = Math.min(ttl, variant.ttl)
    for (const rdata of decodeRdatas(variant.rdatas)) values.set(rdata.join(), rdata)
  }
  return { weight: NO_WEIGHT, ttl, rdatas: encodeRdatas([...values.values()]) }
}

/** The ZONE operation for `zone` and, as only public zones have lines, the ACCOUNT operation for these; to come before its first group and after every change of its status or networks. */
export function zonePayload(zone: Zone, out: OctetWriter = new OctetWriter(512)): OctetWriter {
  writeZone(out, {
    apex: wireName(zone.apex),
    kind: zone.zoneType === 'public' ? ZONE_KIND_PUBLIC : ZONE_KIND_PRIVATE,
    isAnswered: zone.status === 'ACTIVE' || zone.status === 'ERROR',
    isRecursive: zone.proxyPattern === 'RECURSIVE',
    networks: zone.routers
      .filter(({ status }) => status === 'ACTIVE')
      .map(({ routerId }) => networkKey(zone.domainId, routerId)),
  })
  if (zone.zoneType === 'public') writeAccount(out, zone.domainId)
  return out
}

/** The LINES operation for all lines and groups of an account: those that are not frozen. */
export function linesPayload(
  account: string,
  lines: readonly CustomLine[],
  groups: readonly LineGroup[],
  out: OctetWriter = new OctetWriter(512),
): OctetWriter {
  writeLines(
    out,
    account,
    lines.filter(isPublished).map((line) => ({ id: line.lineId, segments: line.ipSegments.map(toNumbers) })),
    groups.filter(isPublished).map((group) => ({ id: group.lineId, members: group.members })),
  )
  return out
}

const isPublished = ({ status }: CustomLine | LineGroup): boolean => status === 'ACTIVE'

function toNumbers(text: string): readonly [first: number, last: number] {
  const segment = readSegment(text)
  if (segment === undefined) throw new Error(`stored segment cannot be published: ${text}`)
  return [segment.first, segment.last]
}

/**
 * Names a network to edges. The account is part of it: an id that a zone referred to before anybody registered it may be registered by
 * another account, whose clients must not see the zone.
 */
const networkKey = (account: string, networkId: string): string => `${account}:${networkId.toLowerCase()}`

/** The NETWORK operation for a network; `isGone`: for one that has been removed. */
export function networkPayload(network: Network, isGone = false): Uint8Array {
  const out = new OctetWriter(256)
  writeNetwork(out, {
    id: networkKey(network.domainId, network.id),
    prefixes: isGone ? [] : network.clientCidrs.map(toPrefix),
    listeners: isGone ? [] : network.listenerAddresses.map(toAddress),
  })
  return out.finish()
}

function toPrefix(text: string): { bits: number; address: Uint8Array } {
  const prefix = readPrefix(text)
  if (typeof prefix === 'string') throw new Error(`stored prefix cannot be published: ${prefix}`)
  return { bits: prefix.bits, address: prefix.network }
}

function toAddress(text: string): Uint8Array {
  const address = readIp(text)
  if (address === undefined) throw new Error(`stored address cannot be published: ${text}`)
  return address
}

/** The operation that ends a zone with all its groups. */
export function zoneRemovedPayload(): Uint8Array {
  return Uint8Array.of(OP_ZONE_REMOVED)
}

function wireName(name: string): WireName {
  const parsed = parseName(name)
  if (!parsed.ok) throw new Error(`stored name cannot be published: ${parsed.problems[0]!.detail}`)
  return parsed.value
}
