import { TYPE_CNAME, TYPE_SOA } from '@waymark/dns/rr-types/type-codes'
import {
  GROUP_LINE,
  GROUP_NEXT,
  GROUP_TYPE,
  LINE_DEFAULT,
  NODE_BEFORE,
  NODE_GROUPS,
  NODE_NAME,
  ZONE_SERIAL,
  ZONE_SOA,
} from '../zone-table/layout.ts'
import type { TableView } from '../zone-table/view.ts'
import type { WrittenZone } from '../zone-table/written-zone.ts'

/**
 * One state of a zone, as secondaries get it: places in an arena. What they point to is never changed, so any thread can read the
 * zone at its leisure while the table moves on.
 */
export interface ZoneImage {
  readonly arena: SharedArrayBuffer
  readonly serial: number
  /** The SOA group. */
  readonly soa: number
  /** Pairs of node and group, those of a node together; the SOA is not among them. */
  readonly pairs: Int32Array
}

/**
 * Takes the image of a zone, in the thread that writes the table; undefined without an SOA. Costs some ten nanoseconds a name. It is
 * the view of the default line; a CNAME at the apex, which only we know how to answer, stays out.
 */
export function takeImage(view: TableView, zone: WrittenZone): ZoneImage | undefined {
  const { words, octets } = view
  const soa = words[zone.offset + ZONE_SOA]!
  if (soa === 0) return undefined
  const pairs = new Int32Array(new SharedArrayBuffer(zone.groups * 8))
  let end = 0
  for (let node = zone.lastNode; node !== 0; node = words[node + NODE_BEFORE]!) {
    const isApex = octets[(node + NODE_NAME) * 4] === 0
    for (let group = words[node + NODE_GROUPS]!; group !== 0; group = words[group + GROUP_NEXT]!) {
      if (!isTransferred(words, group, isApex)) continue
      pairs[end++] = node
      pairs[end++] = group
    }
  }
  return {
    arena: view.handle.arena,
    serial: words[zone.offset + ZONE_SERIAL]! >>> 0,
    soa,
    pairs: pairs.subarray(0, end),
  }
}

/** The groups of one name, as {@link takeImage} has them. */
export function groupsOf({ words, octets }: TableView, node: number): number[] {
  const isApex = octets[(node + NODE_NAME) * 4] === 0
  const groups: number[] = []
  for (let group = words[node + NODE_GROUPS]!; group !== 0; group = words[group + GROUP_NEXT]!)
    if (isTransferred(words, group, isApex)) groups.push(group)
  return groups
}

/** At the apex the SOA has its own places in a transfer. */
function isTransferred(words: Int32Array, group: number, isApex: boolean): boolean {
  if (words[group + GROUP_LINE] !== LINE_DEFAULT) return false
  const type = words[group + GROUP_TYPE]! >>> 16
  return !isApex || (type !== TYPE_SOA && type !== TYPE_CNAME)
}
