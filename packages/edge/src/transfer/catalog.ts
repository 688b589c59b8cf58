import {
  encodeRdatas,
  NO_WEIGHT,
  OctetWriter,
  writeFrame,
  writeGroup,
  writeZone,
  ZONE_KIND_PUBLIC,
} from '@waymark/dns/feed-codec'
import { parseName, type WireName } from '@waymark/dns/name'
import { TYPE_NS, TYPE_PTR, TYPE_SOA, TYPE_TXT } from '@waymark/dns/rr-types/type-codes'
import { compareSerials, nextSerial } from '@waymark/dns/zone/serial'
import { FrameApplier } from '../source/apply-frame.ts'
import { ZONE_SERIAL, ZONE_SOA } from '../zone-table/layout.ts'
import type { TableWriter } from '../zone-table/writer.ts'
import type { WrittenZone } from '../zone-table/written-zone.ts'

/** Of the catalog in the table; no zone of control has it. */
export const CATALOG_ID = 'ca7a109'.padEnd(32, '0')

const FRAME_BYTES = 1 << 20
/** RFC 9432 4.1 and 4.2.1: a catalog has NS and SOA like any zone, and neither leads anywhere. */
const INVALID = wire('invalid.')

/**
 * The catalog zone (RFC 9432): lists all public zones that are answered, so that secondaries serve new ones by themselves. It is a
 * zone of the table like any other, made here out of the other zones. Its serial is the position in the feed where the list changed
 * last, as far as known, so the edges of an installation agree on it.
 */
export class Catalog {
  readonly #apex: WireName | undefined
  readonly #members = new Map<string, Uint8Array>()
  #writer: TableWriter | undefined
  #applier: FrameApplier | undefined

  /** Without a name there is no catalog. */
  constructor(name: string | undefined) {
    this.#apex = name === undefined ? undefined : wire(name)
  }

  /** Makes the catalog of a whole table, at `seq` of the feed; what it is there already for is kept. */
  fill(writer: TableWriter, seq: number): void {
    this.#writer = writer
    this.#applier = new FrameApplier(writer)
    this.#members.clear()
    writer.removeZone(CATALOG_ID)
    if (this.#apex === undefined) return
    this.#change([...writer.zones.values()], seq, true)
  }

  /** Takes up that these zones were made or removed, or are answered or no longer answered. */
  update(zones: Iterable<WrittenZone>, seq: number): void {
    if (this.#apex === undefined || this.#writer === undefined) return
    this.#change(zones, seq, false)
  }

  #change(zones: Iterable<WrittenZone>, seq: number, isNew: boolean): void {
    const apex = this.#apex!
    const payload = new OctetWriter()
    const parts: Uint8Array[] = []
    for (const zone of zones) {
      if (zone.id === CATALOG_ID) continue
      const isMember = this.#isMember(zone)
      const label = Uint8Array.from([zone.id.length, ...Buffer.from(zone.id)])
      const owner = Uint8Array.from([...label, ...ZONES_LABEL, ...apex])
      if (isMember && !this.#members.has(zone.id)) {
        this.#members.set(zone.id, zone.apex)
        group(payload, owner, TYPE_PTR, zone.apex)
      } else if (!isMember && this.#members.delete(zone.id)) writeGroup(payload, owner, TYPE_PTR, '', [])
      if (payload.length < FRAME_BYTES) continue
      parts.push(payload.finish())
      payload.reset()
    }
    if (!isNew && parts.length === 0 && payload.length === 0) return
    parts.push(payload.finish())
    if (isNew) parts.unshift(this.#head())
    this.#apply(parts, seq, isNew)
  }

  /** Whether the zone is (still) there to be transferred. */
  #isMember({ id, isPublic, isAnswered }: WrittenZone): boolean {
    const writer = this.#writer!
    const zone = writer.zones.get(id)
    return isPublic && isAnswered && zone !== undefined && writer.view.words[zone.offset + ZONE_SOA] !== 0
  }

  #head(): Uint8Array {
    const apex = this.#apex!
    const out = new OctetWriter()
    writeZone(out, { apex, kind: ZONE_KIND_PUBLIC, isAnswered: true, networks: [] })
    group(out, apex, TYPE_SOA, Uint8Array.from([...INVALID, ...INVALID, ...SOA_NUMBERS]))
    group(out, apex, TYPE_NS, INVALID)
    group(out, Uint8Array.from([...VERSION_LABEL, ...apex]), TYPE_TXT, Uint8Array.of(1, 0x32))
    return out.finish()
  }

  #apply(parts: readonly Uint8Array[], seq: number, isNew: boolean): void {
    const zone = this.#writer!.zones.get(CATALOG_ID)
    const present = zone && this.#writer!.view.words[zone.offset + ZONE_SERIAL]! >>> 0
    const wanted = Math.max(1, seq) >>> 0
    const isNewer = isNew || present === undefined || compareSerials(wanted, present) > 0
    const serial = isNewer ? wanted : nextSerial(present)
    const frame = new OctetWriter()
    // One frame, so that nobody sees half of the change.
    const payload = new OctetWriter()
    for (const part of parts) payload.bytes(part)
    writeFrame(frame, { seq, zoneId: CATALOG_ID, serial, payload: payload.finish() })
    this.#applier!.apply(frame.finish(), 0)
  }
}

const ZONES_LABEL = Uint8Array.from([5, ...Buffer.from('zones')])
const VERSION_LABEL = Uint8Array.from([7, ...Buffer.from('version')])
/** Serial (the table puts it in), refresh, retry, expire, minimum. RFC 9432 4.1 has an expire of its own: as long as can be. */
const SOA_NUMBERS = new Uint8Array(new Uint32Array([0, 3600, 600, 2147483646, 0].map(swapped)).buffer)

function swapped(value: number): number {
  return ((value & 255) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)
}

function group(out: OctetWriter, owner: Uint8Array, type: number, rdata: Uint8Array): void {
  writeGroup(out, owner, type, '', [{ weight: NO_WEIGHT, ttl: 0, rdatas: encodeRdatas([rdata]) }])
}

function wire(text: string): WireName {
  const name = parseName(text.toLowerCase().replace(/\.?$/, '.'))
  if (!name.ok) throw new Error(`The catalog zone cannot be named ${text}: ${name.problems[0]?.detail}`)
  return name.value
}
