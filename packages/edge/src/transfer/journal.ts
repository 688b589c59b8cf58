import { TYPE_CNAME, TYPE_SOA } from '@waymark/dns/rr-types/type-codes'
import { compareSerials } from '@waymark/dns/zone/serial'
import { LINE_DEFAULT, NODE_NAME, ZONE_SOA } from '../zone-table/layout.ts'
import type { TableWriter } from '../zone-table/writer.ts'
import type { WrittenZone } from '../zone-table/written-zone.ts'
import { PublishedRecords } from './published-records.ts'
import { RecordList } from './record-list.ts'
import { soaOf } from './transfer-stream.ts'

/** One step of a zone from serial to serial. */
interface Step {
  readonly from: number
  readonly to: number
  /** RFC 1995 4: the old SOA and the records that go, the new SOA and those that come (record-list.ts). */
  readonly records: Uint8Array
}

interface ZoneJournal {
  readonly steps: Step[]
  sizeBytes: number
  /**
   * Frames that the table contains already may come once more, with serials below this one: what they replace is then not the state
   * that their serial had, and is not written down.
   */
  ahead: number | undefined
}

interface Change {
  readonly node: number
  readonly type: number
  readonly old: number
  now: number
}

/** Of all zones; the zone that has not changed for longest loses its journal first. */
const MAX_BYTES = 64 << 20
/** Of one zone, if that is more than the zone itself: a small zone may change often. */
const MIN_ZONE_BYTES = 1 << 18

/** The last changes of zones, for IXFR. Lives in memory: after a restart secondaries take a whole zone once. */
export class Journal {
  readonly #isKept: (zone: WrittenZone) => boolean
  readonly #zones = new Map<string, ZoneJournal>()
  readonly #changes = new Map<number, Change>()
  readonly #old = new PublishedRecords()
  readonly #new = new PublishedRecords()
  #sizeBytes = 0
  /** A zone of which the frame under way changes more than record sets. */
  #isBroken = ''

  /** `isKept` tells for which zones anybody may ask. */
  constructor(isKept: (zone: WrittenZone) => boolean) {
    this.#isKept = isKept
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  groupReplaced(zone: WrittenZone, node: number, type: number, line: number, old: number, now: number): void {
    if (line !== LINE_DEFAULT || !this.#isKept(zone)) return
    const key = node * 65536 + type
    const change = this.#changes.get(key)
    if (change === undefined) this.#changes.set(key, { node, type, old, now })
    else change.now = now
  }

  /** The zone was made anew, or removed: what the frame under way has replaced leads nowhere. */
  forget(zoneId: string): void {
    this.#isBroken = zoneId
    this.#forget(zoneId)
  }

  clear(): void {
    this.#zones.clear()
    this.#changes.clear()
    this.#sizeBytes = 0
  }

  /** Ends a frame: what it has changed leads from one serial to the other. */
  commit(writer: TableWriter, zone: WrittenZone, from: number, to: number): void {
    if (this.#isBroken === zone.id) this.#forget(zone.id)
    else if (this.#isKept(zone)) this.#commit(writer, zone, from, to)
    this.#isBroken = ''
    this.#changes.clear()
  }

  /** The records of all steps from `serial` to the present; undefined when they are not all here, or more than the zone itself. */
  since(zone: WrittenZone, serial: number): readonly Uint8Array[] | undefined {
    const steps = this.#zones.get(zone.id)?.steps ?? []
    const first = steps.findIndex(({ from }) => from === serial)
    if (first < 0) return undefined
    const records = steps.slice(first).map((step) => step.records)
    const sizeBytes = records.reduce((sum, each) => sum + each.length, 0)
    return sizeBytes <= Math.max(MIN_ZONE_BYTES, zone.words * 4) ? records : undefined
  }

  #commit(writer: TableWriter, zone: WrittenZone, from: number, to: number): void {
    const journal = this.#zones.get(zone.id) ?? { steps: [], sizeBytes: 0, ahead: undefined }
    if (!(compareSerials(to, from) > 0)) {
      // Nothing changed under the same serial is how most frames come again.
      if (to === from && this.#changes.size === 0) return
      this.#forget(zone.id)
      this.#zones.set(zone.id, { steps: [], sizeBytes: 0, ahead: journal.ahead ?? from })
      return
    }
    if (journal.ahead !== undefined) {
      if (compareSerials(from, journal.ahead) < 0) return
      journal.ahead = undefined
    }
    const records = this.#recordsOf(writer, zone, from, to)
    const isContinued = journal.steps.length === 0 || journal.steps.at(-1)!.to === from
    if (records === undefined || !isContinued) {
      this.#forget(zone.id)
      return
    }
    journal.steps.push({ from, to, records })
    journal.sizeBytes += records.length
    this.#sizeBytes += records.length
    // Behind all others: changed last.
    this.#zones.delete(zone.id)
    this.#zones.set(zone.id, journal)
    this.#limit(journal, Math.max(MIN_ZONE_BYTES, zone.words * 4))
  }

  #forget(zoneId: string): void {
    this.#sizeBytes -= this.#zones.get(zoneId)?.sizeBytes ?? 0
    this.#zones.delete(zoneId)
  }

  #limit(journal: ZoneJournal, zoneBytes: number): void {
    while (journal.sizeBytes > zoneBytes) {
      const { records } = journal.steps.shift()!
      journal.sizeBytes -= records.length
      this.#sizeBytes -= records.length
    }
    for (const [id, oldest] of this.#zones) {
      if (this.#sizeBytes <= MAX_BYTES) return
      this.#zones.delete(id)
      this.#sizeBytes -= oldest.sizeBytes
    }
  }

  /** Undefined when the zone had no SOA before, or has none now. */
  #recordsOf(writer: TableWriter, zone: WrittenZone, from: number, to: number): Uint8Array | undefined {
    const { words, octets } = writer.view
    const soa = words[zone.offset + ZONE_SOA]!
    let oldSoa = soa
    const gone = new RecordList()
    const come = new RecordList()
    for (const { node, type, old, now } of this.#changes.values()) {
      const nameAt = (node + NODE_NAME) * 4
      const size = octets[nameAt]!
      if (size === 0 && type === TYPE_SOA) {
        oldSoa = old
        continue
      }
      if (size === 0 && type === TYPE_CNAME) continue
      this.#compare(words, octets, octets.slice(nameAt + 1, nameAt + 1 + size), type, old, now, gone, come)
    }
    if (soa === 0 || oldSoa === 0) return undefined
    const before = soaOf(words, octets, oldSoa, from)
    const after = soaOf(words, octets, soa, to)
    const head = new RecordList()
    head.add(APEX, TYPE_SOA, before.ttl, before.rdata)
    const middle = new RecordList()
    middle.add(APEX, TYPE_SOA, after.ttl, after.rdata)
    return joined([head.finish(), gone.finish(), middle.finish(), come.finish()])
  }

  #compare(
    words: Int32Array,
    octets: Uint8Array,
    owner: Uint8Array,
    type: number,
    old: number,
    now: number,
    gone: RecordList,
    come: RecordList,
  ): void {
    const before = read(this.#old, words, octets, old)
    const after = read(this.#new, words, octets, now)
    const isSameTtl = this.#old.ttl === this.#new.ttl
    for (const [key, rdata] of before)
      if (!(isSameTtl && after.has(key))) gone.add(owner, type, this.#old.ttl, rdata)
    for (const [key, rdata] of after)
      if (!(isSameTtl && before.has(key))) come.add(owner, type, this.#new.ttl, rdata)
  }
}

const APEX = new Uint8Array()

function read(
  records: PublishedRecords,
  words: Int32Array,
  octets: Uint8Array,
  group: number,
): Map<string, Uint8Array> {
  const byKey = new Map<string, Uint8Array>()
  if (group === 0) return byKey
  records.read(words, octets, group)
  for (let i = 0; i < records.count; i++) {
    const rdata = octets.slice(records.at[i]!, records.at[i]! + records.size[i]!)
    byKey.set(Buffer.from(rdata).toString('latin1'), rdata)
  }
  return byKey
}

/** All octets, one part behind the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
