import { lineOfCountry } from '@waymark/control/lines/line-chain'
import type { LineRow } from './line-layers.ts'
import { operatorOfName } from './operators.ts'
import { lineOfCountryName, lineOfProvince } from './places.ts'
import { RowList } from './row-list.ts'

/**
 * Reads ip2region's xdb files, structure 2 (IPv4) and 3 (IPv4 or IPv6). All numbers are little-endian, but the addresses of IPv6:
 *
 *     header   u16 structure | u16 index policy | u32 time | u32 first index | u32 last index | u16 family | … up to 256 octets
 *     vector   512 KiB that speed up single searches
 *     texts    UTF-8
 *     index    (first address, last address, u16 octets of the text, u32 place of the text)…
 */
const HEADER = 256
const VECTOR = 512 * 1024
const MAX_FAULTS_SHOWN = 60

/** A guess by the header: the texts begin behind the vector, the index behind the texts, and it is whole. */
export function isXdb(octets: Buffer): boolean {
  if (octets.length < HEADER + VECTOR) return false
  const layout = layoutOf(octets)
  return layout !== undefined && layout.first >= HEADER + VECTOR && layout.last >= layout.first
}

function layoutOf(octets: Buffer): { isIpv6: boolean; first: number; last: number } | undefined {
  const structure = octets.readUInt16LE(0)
  if (structure !== 2 && structure !== 3) return undefined
  const family = structure === 2 ? 4 : octets.readUInt16LE(16)
  if (family !== 4 && family !== 6) return undefined
  return { isIpv6: family === 6, first: octets.readUInt32LE(8), last: octets.readUInt32LE(12) }
}

/** The rows of a file. Throws an Error that says what is wrong with it. */
export function readXdb(octets: Buffer): LineRow[] {
  const layout = octets.length < HEADER ? undefined : layoutOf(octets)
  if (layout === undefined) throw new Error('this is no xdb file of structure 2 or 3')
  const { isIpv6, first, last } = layout
  const size = isIpv6 ? 38 : 14
  if (last + size > octets.length)
    throw new Error('it is cut short: the index reaches over the end of the file')
  if ((last - first) % size !== 0) throw new Error('its index does not consist of whole entries')
  const lines = new Map<number, string | undefined>()
  const list = new RowList(isIpv6)
  for (let at = first; at <= last; at += size) {
    const place = octets.readUInt32LE(at + size - 4)
    let line = lines.get(place)
    if (line === undefined && !lines.has(place)) {
      const end = place + octets.readUInt16LE(at + size - 6)
      if (end > octets.length) throw new Error(`the text at ${place} reaches over the end of the file`)
      line = lineOfRegion(octets.toString('utf8', place, end))
      lines.set(place, line)
    }
    if (isIpv6) {
      const [firstHigh, firstLow] = [octets.readUInt32BE(at), octets.readUInt32BE(at + 4)]
      list.add(firstHigh, firstLow, octets.readUInt32BE(at + 16), octets.readUInt32BE(at + 20), line)
    } else {
      list.add(0, octets.readUInt32LE(at), 0, octets.readUInt32LE(at + 4), line)
    }
  }
  list.flush()
  if (list.rows.length === 0) {
    const sample = octets.toString('utf8', HEADER + VECTOR, HEADER + VECTOR + MAX_FAULTS_SHOWN)
    throw new Error(`none of its texts names a place that has a line; they begin ${JSON.stringify(sample)}`)
  }
  return list.rows
}

/**
 * The line of a text: `国家|区域|省份|城市|ISP` of structure 2, `国家|省份|城市|ISP|ISO 3166-1` of structure 3, and others whose fields
 * are in some such order. `0` and nothing stand for what is not known.
 */
export function lineOfRegion(text: string): string | undefined {
  const fields = text.split('|').map((field) => (field === '0' ? '' : field.trim()))
  const code = fields.slice(1).find((field) => /^[A-Z]{2}$/.test(field))
  const country =
    (code === undefined ? undefined : lineOfCountry(code)) ?? lineOfCountryName(fields[0] ?? '') ?? undefined
  if (country === undefined) return undefined
  if (country !== 'CN') return country
  const rest = fields.slice(1)
  for (const field of rest) {
    const area = lineOfCountryName(field.replace(/(?:省|特别行政区)$/, ''))
    if (area === 'HK' || area === 'MO' || area === 'TW') return area
  }
  const place = rest.map(lineOfProvince).find((line) => line !== undefined)
  const operator = rest
    .filter((field) => field !== '')
    .map(operatorOfName)
    .find((line) => line !== undefined)
  if (operator !== undefined) return place === undefined ? operator : `${operator}_${place}`
  return place ?? 'CN'
}
