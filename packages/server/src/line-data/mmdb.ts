import { lineOfCountry } from '@waymark/control/lines/line-chain'
import type { LineRow } from './line-layers.ts'
import { isOperator, operatorOfName, operatorOfSystem } from './operators.ts'
import { lineOfProvince, lineOfProvinceCode } from './places.ts'
import { RowList } from './row-list.ts'

/**
 * Reads MaxMind DB files (format 2.0, maxmind.github.io/MaxMind-DB): a binary tree over the bits of addresses whose leaves point to
 * records of maps, texts and numbers. Country, city, ASN and ISP data of several publishers come like this.
 */
const MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1')
/** Zeros between tree and records. */
const SEPARATOR = 16
/** Maps and arrays within one another: far more than any data have, and few enough for the stack. */
const MAX_DEPTH = 64

export const isMmdb = (octets: Buffer): boolean => octets.lastIndexOf(MARKER) >= 0

/** The rows of a file. Throws an Error that says what is wrong with it. */
export function readMmdb(octets: Buffer): LineRow[] {
  return new Database(octets).rows()
}

type Value =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | readonly Value[]
  | { readonly [key: string]: Value }

class Database {
  readonly #octets: Buffer
  readonly #nodes: number
  readonly #bits: number
  readonly #isIpv6: boolean
  readonly #records: RecordReader
  #visits = 0
  /** Lines by the places of records: a file has far fewer records than leaves. */
  readonly #lines = new Map<number, string | undefined>()

  constructor(octets: Buffer) {
    const marker = octets.lastIndexOf(MARKER)
    if (marker < 0) throw new Error('this is no MaxMind DB file: its metadata are missing')
    const metadata = new RecordReader(octets.subarray(marker + MARKER.length)).at(0)
    const number = (name: string): number => {
      const value = isMap(metadata) ? metadata[name] : undefined
      if (typeof value !== 'number') throw new Error(`its metadata have no ${name}`)
      return value
    }
    if (number('binary_format_major_version') !== 2) {
      throw new Error(`it has version ${number('binary_format_major_version')} of the format; known is 2`)
    }
    this.#octets = octets
    this.#nodes = number('node_count')
    this.#bits = number('record_size')
    this.#isIpv6 = number('ip_version') === 6
    if (![24, 28, 32].includes(this.#bits))
      throw new Error(`its record_size is ${this.#bits}, not 24, 28 or 32`)
    const treeBytes = (this.#nodes * this.#bits) / 4
    if (treeBytes + SEPARATOR > marker) throw new Error('it is cut short: the tree is larger than the file')
    this.#records = new RecordReader(octets.subarray(treeBytes + SEPARATOR, marker))
  }

  rows(): LineRow[] {
    const ipv4 = new RowList(false)
    const ipv6 = new RowList(true)
    const root = this.#isIpv6 ? this.#ipv4Root() : 0
    if (root !== undefined) this.#walk(root, 0, 0, 0, 32, ipv4, -1)
    if (this.#isIpv6) this.#walk(0, 0, 0, 0, 64, ipv6, root !== undefined && root < this.#nodes ? root : -1)
    ipv4.flush()
    ipv6.flush()
    // A record with an operator alone does not say where its network is.
    return [...ipv4.rows, ...ipv6.rows].map((row) =>
      isOperator(row.line) ? { ...row, isOperatorOnly: true } : row,
    )
  }

  /** IPv4 lies below 96 zeros; undefined when the file has nothing there. */
  #ipv4Root(): number | undefined {
    let node = 0
    for (let depth = 0; depth < 96; depth++) {
      if (node >= this.#nodes) return undefined
      node = this.#child(node, 0)
    }
    return node
  }

  /**
   * Visits the leaves below `node`, `depth` bits below the root of `bits`, whose addresses begin with these halves. What is told apart
   * behind the first 64 bits is a matter of one network: there the first leaf speaks for all. Aliases of IPv4 lead to `ipv4Root`.
   */
  #walk(
    node: number,
    depth: number,
    high: number,
    low: number,
    bits: number,
    list: RowList,
    ipv4Root: number,
  ): void {
    if (node === ipv4Root || node === this.#nodes) return
    if (++this.#visits > this.#nodes * 4 + 64) throw new Error('its tree leads in circles')
    if (node > this.#nodes) {
      this.#leaf(node, depth, high, low, bits, list)
      return
    }
    if (depth === bits) {
      if (bits === 32) throw new Error('its tree is deeper than an address')
      this.#walk(this.#child(node, 0), depth, high, low, bits, list, ipv4Root)
      return
    }
    this.#walk(this.#child(node, 0), depth + 1, high, low, bits, list, ipv4Root)
    const bit = 2 ** (31 - (depth & 31))
    const isHigh = bits === 64 && depth < 32
    this.#walk(
      this.#child(node, 1),
      depth + 1,
      isHigh ? high + bit : high,
      isHigh ? low : low + bit,
      bits,
      list,
      ipv4Root,
    )
  }

  #leaf(node: number, depth: number, high: number, low: number, bits: number, list: RowList): void {
    const at = node - this.#nodes - SEPARATOR
    let line = this.#lines.get(at)
    if (line === undefined && !this.#lines.has(at)) {
      line = lineOfRecord(this.#records.at(at))
      this.#lines.set(at, line)
    }
    const free = bits - depth
    const lowFree = Math.min(32, free)
    const highFree = Math.max(0, free - 32)
    list.add(high, low, high + 2 ** highFree - 1, low + 2 ** lowFree - 1, line)
  }

  #child(node: number, side: 0 | 1): number {
    const octets = this.#octets
    if (this.#bits === 24) return octets.readUIntBE(node * 6 + side * 3, 3)
    if (this.#bits === 32) return octets.readUInt32BE(node * 8 + side * 4)
    const middle = octets[node * 7 + 3]!
    const at = node * 7 + side * 4
    return octets.readUIntBE(at, 3) + (side === 0 ? middle >> 4 : middle & 15) * 2 ** 24
  }
}

/** Reads records of the data section. */
class RecordReader {
  readonly #octets: Buffer
  /** Behind the value that was read last. */
  #end = 0

  constructor(octets: Buffer) {
    this.#octets = octets
  }

  at(place: number): Value {
    this.#end = place
    return this.#value(0)
  }

  #value(depth: number): Value {
    if (depth > MAX_DEPTH) throw new Error('its records lie too deep in one another')
    const control = this.#number(1)
    let type = control >> 5
    if (type === 1) return this.#pointed(control, depth)
    if (type === 0) type = this.#number(1) + 7
    const size = this.#size(control & 31)
    if (type === 7) {
      const map: Record<string, Value> = {}
      for (let left = size; left > 0; left--) map[String(this.#value(depth + 1))] = this.#value(depth + 1)
      return map
    }
    if (type === 11) return Array.from({ length: size }, () => this.#value(depth + 1))
    if (type === 14) return size !== 0
    const start = this.#take(size)
    if (type === 2) return this.#octets.toString('utf8', start, start + size)
    if (type === 3) return this.#octets.readDoubleBE(start)
    if (type === 15) return this.#octets.readFloatBE(start)
    if (type === 4) return this.#octets.subarray(start, start + size)
    let value = 0n
    for (let i = 0; i < size; i++) value = (value << 8n) | BigInt(this.#octets[start + i]!)
    if (type === 8) return Number(BigInt.asIntN(32, value))
    if (type === 5 || type === 6) return Number(value)
    if (type === 9 || type === 10) return value
    throw new Error(`a record has a value of type ${type}, which is unknown`)
  }

  /** A pointer to a value elsewhere; reading goes on behind the pointer. */
  #pointed(control: number, depth: number): Value {
    const sizeClass = (control >> 3) & 3
    const octets = this.#number(sizeClass + 1)
    const high = sizeClass === 3 ? 0 : (control & 7) * 2 ** (8 * (sizeClass + 1))
    const place = high + octets + ([0, 2048, 526_336, 0][sizeClass] as number)
    const end = this.#end
    this.#end = place
    const value = this.#value(depth + 1)
    this.#end = end
    return value
  }

  #size(bits: number): number {
    if (bits < 29) return bits
    if (bits === 29) return 29 + this.#number(1)
    return bits === 30 ? 285 + this.#number(2) : 65_821 + this.#number(3)
  }

  #number(size: number): number {
    return this.#octets.readUIntBE(this.#take(size), size)
  }

  #take(size: number): number {
    const start = this.#end
    if (start < 0 || start + size > this.#octets.length)
      throw new Error('a record reaches over the end of the file')
    this.#end = start + size
    return start
  }
}

const isMap = (value: Value | undefined): value is { readonly [key: string]: Value } =>
  typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array)

const textOf = (value: Value | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined

/**
 * The line of a record. Understood are the members of MaxMind's Country, City, ASN, ISP and Enterprise data, and those with plain
 * `country_code`, `state1` or `region`, `asn` and `as_name` of other publishers.
 */
export function lineOfRecord(record: Value): string | undefined {
  if (!isMap(record)) return undefined
  const operator = operatorOf(record) ?? (isMap(record.traits) ? operatorOf(record.traits) : undefined)
  const country = countryOf(record)
  // Abroad the country says more than an operator of the mainland, who has networks there too.
  if (country !== undefined && country !== 'CN') return lineOfCountry(country)
  const place = country === 'CN' ? provinceOf(record) : undefined
  if (place === 'HK' || place === 'MO' || place === 'TW') return place
  if (operator !== undefined) return place === undefined ? operator : `${operator}_${place}`
  return place ?? (country === 'CN' ? 'CN' : undefined)
}

function countryOf(record: { readonly [key: string]: Value }): string | undefined {
  for (const member of [record.country, record.registered_country]) {
    const code = isMap(member) ? textOf(member.iso_code) : textOf(member)
    if (code !== undefined && /^[A-Z]{2}$/.test(code)) return code
  }
  const code = textOf(record.country_code)
  return code === undefined || code === '' ? undefined : code.toUpperCase()
}

function provinceOf(record: { readonly [key: string]: Value }): string | undefined {
  const first = Array.isArray(record.subdivisions) ? (record.subdivisions as readonly Value[])[0] : undefined
  if (isMap(first)) {
    const code = textOf(first.iso_code)
    const name = isMap(first.names) ? textOf(first.names.en) : undefined
    return (code && lineOfProvinceCode(code)) ?? (name && lineOfProvince(name))
  }
  for (const member of [record.state1, record.region, record.region_name, record.stateprov]) {
    const line =
      typeof member === 'string' ? (lineOfProvince(member) ?? lineOfProvinceCode(member)) : undefined
    if (line !== undefined) return line
  }
  return undefined
}

function operatorOf(record: { readonly [key: string]: Value }): string | undefined {
  for (const member of [record.autonomous_system_number, record.asn]) {
    const number = typeof member === 'number' ? member : Number(/^(?:AS)?(\d+)$/.exec(String(member))?.[1])
    const line = operatorOfSystem(number)
    if (line !== undefined) return line
  }
  for (const member of [
    record.isp,
    record.autonomous_system_organization,
    record.as_name,
    record.organization,
  ]) {
    const line = typeof member === 'string' ? operatorOfName(member) : undefined
    if (line !== undefined) return line
  }
  return undefined
}
