import {
  OctetWriter,
  writeAccount,
  writeFrame,
  writeGroup,
  writeKeys,
  writeLines,
  writeNetwork,
  writeTransfers,
  writeZone,
  writeZoneTransfers,
  ZONE_KIND_PRIVATE,
  ZONE_KIND_PUBLIC,
} from '@waymark/dns/feed-codec'
import {
  GROUP_LINE,
  GROUP_NEXT,
  GROUP_TYPE,
  GROUP_VARIANTS,
  NODE_GROUPS,
  NODE_NAME,
  NODE_ZONE,
  VARIANT_RDATAS,
  VARIANT_SIZE,
  VARIANT_TTL,
  VARIANT_WEIGHT,
  variantWords,
  ZONE_SERIAL,
} from './layout.ts'
import type { TableView } from './view.ts'
import type { TableWriter } from './writer.ts'
import type { WrittenZone } from './written-zone.ts'

const FRAME_BYTES = 1 << 17
const NO_ZONE = '0'.repeat(32)

/**
 * The table as frames of the feed, for a snapshot. The caller may let changes happen between two pieces: what comes out
 * is then a state between `seq` and later, and following the feed from `seq` on leads to the right one, since every
 * operation replaces a whole group.
 */
export function* dumpFrames(writer: TableWriter, seq: number): Generator<Uint8Array> {
  const { names } = writer.lines.handle
  const view = writer.snapshotView()
  const zones = [...writer.zones.values()].map((zone) => ({ ...zone }))
  const nodes = nodesByZone(view)
  zones.sort((a, b) => a.number - b.number)
  const payload = new OctetWriter(FRAME_BYTES * 2)
  const frame = new OctetWriter(FRAME_BYTES * 2)
  const finish = (zone: WrittenZone): Uint8Array => {
    frame.reset()
    const serial = view.words[zone.offset + ZONE_SERIAL]! >>> 0
    writeFrame(frame, { seq, zoneId: zone.id, serial, payload: payload.finish() })
    payload.reset()
    return frame.finish()
  }
  for (const { account, lines, groups } of writer.lines.accounts()) {
    writeLines(payload, account, lines, groups)
    frame.reset()
    writeFrame(frame, { seq, zoneId: NO_ZONE, serial: 0, payload: payload.finish() })
    payload.reset()
    yield frame.finish()
  }
  for (const network of [...writer.networks.clients()]) {
    writeNetwork(payload, network)
    frame.reset()
    writeFrame(frame, { seq, zoneId: NO_ZONE, serial: 0, payload: payload.finish() })
    payload.reset()
    yield frame.finish()
  }
  if (writer.transferPolicy.length > 0) {
    writeTransfers(payload, writer.transferPolicy)
    frame.reset()
    writeFrame(frame, { seq, zoneId: NO_ZONE, serial: 0, payload: payload.finish() })
    payload.reset()
    yield frame.finish()
  }
  let next = 0
  for (const zone of zones) {
    const kind = zone.isPublic ? ZONE_KIND_PUBLIC : ZONE_KIND_PRIVATE
    const { apex, isAnswered, isRecursive, networks } = zone
    writeZone(payload, { apex, kind, isAnswered, isRecursive, networks })
    if (zone.account !== '') writeAccount(payload, zone.account)
    if (zone.keys.length > 0) writeKeys(payload, zone.keys)
    if (zone.transferAccess.length > 0) writeZoneTransfers(payload, zone.transferAccess)
    while (next < nodes.length && zoneOf(nodes[next]!) < zone.number) next++
    for (; next < nodes.length && zoneOf(nodes[next]!) === zone.number; next++) {
      writeNode(payload, view, Number(nodes[next]! & 0xffffffffn), zone.apex, names)
      if (payload.length > FRAME_BYTES) yield finish(zone)
    }
    yield finish(zone)
  }
}

const zoneOf = (key: bigint): number => Number(key >> 32n)

/** Every node of the table, those of a zone together: zone number in the upper half, place in the lower. */
function nodesByZone(view: TableView): BigUint64Array {
  const slots = view.slotPairs
  const keys = new BigUint64Array(slots.length / 2)
  const halves = new Uint32Array(keys.buffer)
  let count = 0
  for (let i = 1; i < slots.length; i += 2) {
    const node = slots[i]!
    if (node === 0 || view.words[node + NODE_GROUPS] === 0) continue
    halves[count * 2] = node
    halves[count * 2 + 1] = view.words[node + NODE_ZONE]!
    count++
  }
  return keys.subarray(0, count).sort()
}

function writeNode(
  out: OctetWriter,
  view: TableView,
  node: number,
  apex: Uint8Array,
  lines: readonly string[],
): void {
  const { words, octets } = view
  const nameAt = (node + NODE_NAME) * 4
  const size = octets[nameAt]!
  const owner = new Uint8Array(size + apex.length)
  owner.set(octets.subarray(nameAt + 1, nameAt + 1 + size))
  owner.set(apex, size)
  for (let group = words[node + NODE_GROUPS]!; group !== 0; group = words[group + GROUP_NEXT]!) {
    const variants = []
    let at = group + GROUP_VARIANTS
    for (let i = words[group + GROUP_TYPE]! & 0xffff; i > 0; i--) {
      const length = words[at + VARIANT_SIZE]!
      const rdatas = new Uint8Array(length + 2)
      rdatas[0] = words[at + VARIANT_WEIGHT]! >> 8
      rdatas[1] = words[at + VARIANT_WEIGHT]!
      const from = (at + VARIANT_RDATAS) * 4
      rdatas.set(octets.subarray(from, from + length), 2)
      variants.push({
        weight: words[at + VARIANT_WEIGHT]! >> 16,
        ttl: words[at + VARIANT_TTL]! >>> 0,
        rdatas,
      })
      at += variantWords(length)
    }
    writeGroup(out, owner, words[group + GROUP_TYPE]! >>> 16, lines[words[group + GROUP_LINE]!]!, variants)
  }
}
