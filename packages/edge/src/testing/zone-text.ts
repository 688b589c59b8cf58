import { parseIpv4, parseIpv6 } from '@waymark/dns/address'
import {
  encodeRdatas,
  type GroupVariant,
  NO_WEIGHT,
  OctetWriter,
  writeAccount,
  writeFrame,
  writeGroup,
  writeKeys,
  writeNetwork,
  writeZone,
} from '@waymark/dns/feed-codec'
import { lowerName, parseName, type WireName } from '@waymark/dns/name'
import { parseZoneFile } from '@waymark/dns/zone-file/parse'

export interface TestZone {
  readonly apex: string
  /** Zone-file text. A line `; weight N` or `; line ID` holds for the records after it, `; set` begins another variant. */
  readonly text: string
  readonly serial?: number
  readonly kind?: number
  readonly isAnswered?: boolean
  /** For a private zone: the networks that see it. */
  readonly networks?: readonly string[]
  readonly isRecursive?: boolean
  /** What it is signed with, see keys.ts. */
  readonly keys?: Uint8Array
  /** Whose zone it is. */
  readonly account?: string
  /** 32 hexadecimal digits; made from the apex when left out. */
  readonly id?: string
}

/** An SOA record as control publishes it, with NS beside it. */
export const SOA_AND_NS = `
@ 3600 SOA ns1.lab.example. hostmaster.lab.example. 1 7200 900 1209600 300
@ 172800 NS ns1.lab.example.
`

/** The wire of a name. */
export function wire(text: string): WireName {
  const name = parseName(text.endsWith('.') ? text : `${text}.`)
  if (!name.ok) throw new Error(`${text}: ${name.problems[0]?.detail}`)
  return name.value
}

/** A zone id for an apex, the same one every time. */
export function zoneIdOf(apex: string): string {
  return new Bun.CryptoHasher('md5').update(apex).digest('hex')
}

interface Group {
  readonly owner: WireName
  readonly type: number
  readonly line: string
  readonly variants: Map<string, { weight: number; ttl: number; rdatas: Uint8Array[] }>
}

/** One frame, filled by hand. */
export function frame(
  seq: number,
  zoneId: string,
  serial: number,
  fill: (payload: OctetWriter) => void,
): Uint8Array {
  const payload = new OctetWriter()
  fill(payload)
  const out = new OctetWriter()
  writeFrame(out, { seq, zoneId, serial, payload: payload.finish() })
  return out.finish()
}

/** The frame that makes a zone with everything in it. */
export function zoneFrame(zone: TestZone, seq = 1): Uint8Array {
  return frame(seq, zone.id ?? zoneIdOf(zone.apex), zone.serial ?? 1, (payload) => {
    writeZone(payload, {
      apex: wire(zone.apex),
      kind: zone.kind ?? 0,
      isAnswered: zone.isAnswered ?? true,
      isRecursive: zone.isRecursive ?? false,
      networks: zone.networks ?? [],
    })
    if (zone.account !== undefined) writeAccount(payload, zone.account)
    if (zone.keys !== undefined) writeKeys(payload, zone.keys)
    writeGroups(payload, zone.apex, zone.text)
  })
}

/** The frame that says who belongs to a network: source prefixes, addresses asked. */
export function networkFrame(
  id: string,
  prefixes: readonly string[],
  listeners: readonly string[] = [],
  seq = 1,
): Uint8Array {
  return frame(seq, '0'.repeat(32), 0, (payload) =>
    writeNetwork(payload, {
      id,
      prefixes: prefixes.map((prefix) => {
        const [address = '', bits] = prefix.split('/')
        return { bits: Number(bits), address: addressOctets(address) }
      }),
      listeners: listeners.map(addressOctets),
    }),
  )
}

function addressOctets(text: string): Uint8Array {
  const octets = new Uint8Array(text.includes(':') ? 16 : 4)
  if (!(octets.length === 4 ? parseIpv4(text, octets) : parseIpv6(text, octets))) throw new Error(text)
  return octets
}

/** The frame that replaces the groups of the records in `text`. */
export function groupsFrame(
  apex: string,
  text: string,
  seq = 2,
  serial = 2,
  id = zoneIdOf(apex),
): Uint8Array {
  return frame(seq, id, serial, (payload) => writeGroups(payload, apex, text))
}

/** Writes GROUP operations for all records of a text. */
export function writeGroups(payload: OctetWriter, apex: string, text: string): void {
  for (const group of readGroups(apex, text)) {
    const variants: GroupVariant[] = [...group.variants.values()].map(({ weight, ttl, rdatas }) => ({
      weight,
      ttl,
      rdatas: encodeRdatas(rdatas),
    }))
    writeGroup(payload, group.owner, group.type, group.line, variants)
  }
}

function readGroups(apex: string, text: string): Group[] {
  const groups = new Map<string, Group>()
  const { records, problems } = parseZoneFile(text, { origin: wire(apex), defaultTtl: 300 })
  if (problems.length > 0) throw new Error(`${apex}: ${JSON.stringify(problems)}`)
  const marks = readMarks(text)
  for (const record of records) {
    const mark = marks[record.line - 1]!
    const owner = lowerName(record.owner)
    const key = `${Buffer.from(owner).toString('hex')} ${record.type} ${mark.line}`
    let group = groups.get(key)
    if (group === undefined) {
      group = { owner, type: record.type, line: mark.line, variants: new Map() }
      groups.set(key, group)
    }
    const variantKey = `${mark.weight} ${mark.set}`
    const variant = group.variants.get(variantKey) ?? { weight: mark.weight, ttl: record.ttl, rdatas: [] }
    variant.rdatas.push(record.rdata)
    group.variants.set(variantKey, variant)
  }
  return [...groups.values()]
}

function readMarks(text: string): { weight: number; line: string; set: number }[] {
  let weight = NO_WEIGHT
  let line = ''
  let set = 0
  return text.split('\n').map((row) => {
    const [, word, value] = /^; (weight|line|set) ?(\S*)/.exec(row) ?? []
    if (word === 'weight') weight = Number(value)
    if (word === 'line') line = value!
    if (word !== undefined) set++
    return { weight, line, set }
  })
}
