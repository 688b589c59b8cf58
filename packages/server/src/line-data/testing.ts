import { parseIpv4, parseIpv6 } from '@waymark/dns/address'

/** For tests only: writes small files of the kinds that line data is read from. */

export type MmdbRecord = { readonly [key: string]: Field }
type Field = string | number | MmdbRecord | readonly Field[]

interface MmdbOptions {
  readonly bits: 24 | 28 | 32
  readonly version: 4 | 6
  /** Prefixes whose subtree is that of IPv4. */
  readonly aliases?: readonly string[]
}

type Branch = [Node, Node]
type Node = Branch | { readonly record: number } | undefined

/** A MaxMind DB file of prefixes and their records; a longer prefix lies over a shorter one before it. */
export function writeMmdb(
  rows: readonly (readonly [prefix: string, record: MmdbRecord])[],
  options: MmdbOptions,
): Buffer {
  const records: Buffer[] = []
  const root: Branch = [undefined, undefined]
  for (const [prefix, record] of rows) {
    records.push(fieldOf(record))
    put(root, bitsOf(prefix, options.version), { record: records.length - 1 })
  }
  for (const alias of options.aliases ?? []) {
    let ipv4: Node = root
    for (let i = 0; i < 96; i++) ipv4 = (ipv4 as Branch)[0]
    put(root, bitsOf(alias, 6), ipv4)
  }
  const nodes: Branch[] = []
  const numbers = new Map<Node, number>()
  const visit = (node: Node): void => {
    if (!Array.isArray(node) || numbers.has(node)) return
    numbers.set(node, nodes.length)
    nodes.push(node)
    for (const child of node) visit(child)
  }
  visit(root)
  const places = records.map((_, i) => records.slice(0, i).reduce((sum, { length }) => sum + length, 0))
  const numberOf = (node: Node): number => {
    if (node === undefined) return nodes.length
    return Array.isArray(node) ? numbers.get(node)! : nodes.length + 16 + places[node.record]!
  }
  const tree = Buffer.concat(
    nodes.map(([left, right]) => nodeOf(numberOf(left), numberOf(right), options.bits)),
  )
  const metadata = fieldOf({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    ip_version: options.version,
    node_count: nodes.length,
    record_size: options.bits,
  })
  return Buffer.concat([
    tree,
    Buffer.alloc(16),
    ...records,
    Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
    metadata,
  ])
}

function put(root: Branch, bits: readonly number[], leaf: Node): void {
  let at = root
  for (const bit of bits.slice(0, -1)) {
    const next = at[bit as 0 | 1]
    const branch: Branch = Array.isArray(next) ? next : [next, next]
    at[bit as 0 | 1] = branch
    at = branch
  }
  at[bits.at(-1) as 0 | 1] = leaf
}

function bitsOf(prefix: string, version: 4 | 6): number[] {
  const [address = '', size = ''] = prefix.split('/')
  const octets = new Uint8Array(16)
  const isIpv4 = parseIpv4(address, octets, 12)
  if (!isIpv4) parseIpv6(address, octets)
  const bits = [...octets].flatMap((octet) => [...octet.toString(2).padStart(8, '0')].map(Number))
  const length = Number(size) + (isIpv4 ? 96 : 0)
  return version === 4 ? bits.slice(96, length) : bits.slice(0, length)
}

function nodeOf(left: number, right: number, bits: 24 | 28 | 32): Buffer {
  const node = Buffer.alloc(bits / 4)
  if (bits === 28) {
    node.writeUIntBE(left & 0xffffff, 0, 3)
    node[3] = ((left >>> 24) << 4) | (right >>> 24)
    node.writeUIntBE(right & 0xffffff, 4, 3)
  } else {
    node.writeUIntBE(left, 0, bits / 8)
    node.writeUIntBE(right, bits / 8, bits / 8)
  }
  return node
}

/** Text, uint32, map or array with its control octets. */
function fieldOf(value: Field): Buffer {
  if (typeof value === 'string') return Buffer.concat([head(2, Buffer.byteLength(value)), Buffer.from(value)])
  if (typeof value === 'number') {
    const octets = Buffer.alloc(4)
    octets.writeUInt32BE(value)
    const used = octets.subarray(octets.findIndex((octet) => octet !== 0))
    return Buffer.concat([head(6, used.length), used])
  }
  if (Array.isArray(value)) return Buffer.concat([head(11, value.length), ...value.map(fieldOf)])
  const entries = Object.entries(value as MmdbRecord)
  return Buffer.concat([
    head(7, entries.length),
    ...entries.flatMap(([key, field]) => [fieldOf(key), fieldOf(field)]),
  ])
}

/** Types above 7 have a second octet; texts of these tests are shorter than 285 octets. */
function head(type: number, size: number): Buffer {
  const bits = size < 29 ? size : 29
  const rest = size < 29 ? [] : [size - 29]
  return Buffer.from(type > 7 ? [bits, type - 7, ...rest] : [(type << 5) | bits, ...rest])
}

/** An xdb file of ranges and their texts. */
export function writeXdb(
  rows: readonly (readonly [first: string, last: string, text: string])[],
  structure: 2 | 3,
): Buffer {
  const isIpv6 = rows[0]![0].includes(':')
  const texts = rows.map(([, , text]) => Buffer.from(text))
  let place = 256 + 512 * 1024
  const index: Buffer[] = []
  for (const [i, [first, last]] of rows.entries()) {
    const tail = Buffer.alloc(6)
    tail.writeUInt16LE(texts[i]!.length)
    tail.writeUInt32LE(place, 2)
    place += texts[i]!.length
    index.push(Buffer.concat([addressOf(first, isIpv6), addressOf(last, isIpv6), tail]))
  }
  const header = Buffer.alloc(256 + 512 * 1024)
  header.writeUInt16LE(structure)
  header.writeUInt16LE(1, 2)
  header.writeUInt32LE(place, 8)
  header.writeUInt32LE(place + (index.length - 1) * index[0]!.length, 12)
  if (structure === 3) header.writeUInt16LE(isIpv6 ? 6 : 4, 16)
  return Buffer.concat([header, ...texts, ...index])
}

function addressOf(text: string, isIpv6: boolean): Buffer {
  const octets = Buffer.alloc(isIpv6 ? 16 : 4)
  if (isIpv6) parseIpv6(text, octets)
  else parseIpv4(text, octets)
  return isIpv6 ? octets : octets.reverse()
}
