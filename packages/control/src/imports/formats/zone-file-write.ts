import { decodeRdatas } from '@waymark/dns/feed-codec'
import { parseName, type WireName } from '@waymark/dns/name'
import { typeCode } from '@waymark/dns/rr-types/type-codes'
import { formatRecord } from '@waymark/dns/zone-file/format'
import { DEFAULT_LINE } from '../../lines/lines.ts'
import { isUrlType } from '../../record-sets/rules/url-alone.ts'
import type { RecordSet, Zone } from '../../store/store.ts'

/** What a zone file has no words for, and how a comment calls it. */
const LEFT_OUT = {
  line: 'on other lines',
  paused: 'paused',
  url: 'URL forwarding',
  alias: 'aliases',
  apexCname: 'a CNAME at the apex',
  weighted: 'further weighted CNAME or DNAME',
} as const
type Reason = keyof typeof LEFT_OUT

/** Types of which a name can have only one record, so that of a weighted group only one set can be written. */
const SINGLE_TYPES = new Set(['CNAME', 'DNAME'])

/**
 * Writes the view of the default line as a zone file (RFC 1035 5) that NSD, Knot and BIND load: SOA with the serial that is
 * published, the NS of the apex, then the other records. A weighted group becomes the union of its values with the lowest
 * TTL. What cannot be said in a zone file stands as a comment in its place, counted at the end. `rows` are all record sets
 * in order of owner and type.
 */
export async function* writeZoneFile(
  zone: Pick<Zone, 'name' | 'apex' | 'serial'>,
  atApex: readonly RecordSet[],
  rows: AsyncIterable<RecordSet>,
): AsyncGenerator<string, void> {
  const origin = wireName(zone.apex)
  const counts = new Map<Reason, number>()
  yield `; Zone ${zone.name} serial ${zone.serial}, view of the default line\n$ORIGIN ${zone.apex}\n`
  for (const type of ['SOA', 'NS']) {
    const rows = atApex.filter((row) => row.type === type)
    yield groupText(rows, zone, origin, counts)
  }
  let group: RecordSet[] = []
  for await (const row of rows) {
    if (row.owner === zone.apex && (row.type === 'SOA' || row.type === 'NS')) continue
    const [first] = group
    if (first !== undefined && (first.owner !== row.owner || first.type !== row.type)) {
      yield groupText(group, zone, origin, counts)
      group = []
    }
    group.push(row)
  }
  yield groupText(group, zone, origin, counts)
  yield summary(counts)
}

/** The record sets of one owner and type. */
function groupText(
  rows: readonly RecordSet[],
  zone: Pick<Zone, 'apex' | 'serial'>,
  origin: WireName,
  counts: Map<Reason, number>,
): string {
  let text = ''
  const leaveOut = (row: RecordSet, reason: Reason): void => {
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
    text += commentFor(row, reason)
  }
  const written: RecordSet[] = []
  for (const row of rows) {
    const reason = reasonToLeaveOut(row, zone.apex)
    if (reason === undefined) written.push(row)
    else leaveOut(row, reason)
  }
  const [first] = written
  if (first === undefined) return text
  if (SINGLE_TYPES.has(first.type) && written.length > 1) {
    written.sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0))
    for (const row of written.splice(1)) leaveOut(row, 'weighted')
  }
  const owner = wireName(first.owner)
  const ttl = Math.min(...written.map((row) => row.ttl))
  for (const rdata of unionOf(written)) {
    const published = first.type === 'SOA' ? withSerial(rdata, zone.serial) : rdata
    text += `${formatRecord({ owner, type: typeCode(first.type)!, ttl, rdata: published }, origin)}\n`
  }
  return text
}

function reasonToLeaveOut(row: RecordSet, apex: string): Reason | undefined {
  if (row.status !== 'ACTIVE') return 'paused'
  if (row.line !== DEFAULT_LINE) return 'line'
  if (row.aliasTarget !== null) return 'alias'
  if (isUrlType(row.type)) return 'url'
  if (row.type === 'CNAME' && row.owner === apex) return 'apexCname'
  return undefined
}

function unionOf(rows: readonly RecordSet[]): Iterable<Uint8Array> {
  const byOctets = new Map<string, Uint8Array>()
  for (const row of rows) for (const rdata of decodeRdatas(row.rdatas!)) byOctets.set(rdata.join(), rdata)
  return byOctets.values()
}

/** RFC 1035 3.3.13: five numbers of 32 bits end the data, the serial is the first of them. */
function withSerial(soa: Uint8Array, serial: number): Uint8Array {
  const copy = soa.slice()
  new DataView(copy.buffer).setUint32(copy.length - 20, serial)
  return copy
}

function commentFor(row: RecordSet, reason: Reason): string {
  const weight = row.weight === null ? '' : ` weight ${row.weight}`
  const target = row.aliasTarget === null ? '' : ` -> ${row.aliasTarget.resourceDomainName}`
  const what = `${row.name} ${row.ttl} IN ${row.type} line ${row.line}${weight}${target}`
  return comment(`not in this file (${LEFT_OUT[reason]}): ${what}: ${row.records.join(' | ')}`)
}

function summary(counts: ReadonlyMap<Reason, number>): string {
  if (counts.size === 0) return ''
  const total = [...counts.values()].reduce((sum, count) => sum + count)
  const parts = [...counts].map(([reason, count]) => `${count} ${LEFT_OUT[reason]}`)
  return comment(`${total} record sets could not be written as records: ${parts.join(', ')}`)
}

/** A comment of one line, whatever the text holds. */
export const comment = (text: string): string => `; ${text.replace(/[\r\n]+/g, ' ')}\n`

function wireName(text: string): WireName {
  const name = parseName(text)
  if (!name.ok) throw new Error(`The stored name ${text} cannot be read.`)
  return name.value
}
