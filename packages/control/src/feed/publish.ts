import {
  decodeRdatas,
  encodeRdatas,
  type GroupVariant,
  NO_WEIGHT,
  OctetWriter,
  OP_ZONE_REMOVED,
  writeGroup,
  writeZone,
  ZONE_KIND_PRIVATE,
  ZONE_KIND_PUBLIC,
} from '@waymark/dns/feed-codec'
import { parseName, type WireName } from '@waymark/dns/name'
import { TYPE_MX, typeCode } from '@waymark/dns/rr-types/type-codes'
import type { RecordSet, Zone } from '../store/store.ts'

/** What names a group: all sets of one owner, type and line. */
export type GroupKey = Pick<RecordSet, 'owner' | 'type' | 'line'>

/**
 * Appends the GROUP operation for `key`, made of the sets of it that are answered: status ACTIVE, with rdata. None of them means
 * that the group is gone.
 */
export function groupPayload(out: OctetWriter, key: GroupKey, sets: readonly RecordSet[]): void {
  const type = typeCode(key.type)
  if (type === undefined) return
  const variants: GroupVariant[] = []
  for (const set of sets) {
    if (set.status !== 'ACTIVE' || set.rdatas === null) continue
    variants.push({ weight: set.weight ?? NO_WEIGHT, ttl: set.ttl, rdatas: set.rdatas })
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

/** The ZONE operation for `zone`, to come before its first group and after every change of its status or networks. */
export function zonePayload(zone: Zone, out: OctetWriter = new OctetWriter(512)): OctetWriter {
  writeZone(out, {
    apex: wireName(zone.apex),
    kind: zone.zoneType === 'public' ? ZONE_KIND_PUBLIC : ZONE_KIND_PRIVATE,
    isAnswered: zone.status === 'ACTIVE' || zone.status === 'ERROR',
    networks: zone.routers.map((router) => router.routerId),
  })
  return out
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
