import { equalNames, formatName, lowerName, parseName, type WireName } from '@waymark/dns/name'
import type { Problem } from '@waymark/dns/result'
import { rrTypeByCode } from '@waymark/dns/rr-types/registry'
import { TYPE_NS, TYPE_SOA, TYPE_TXT, typeName } from '@waymark/dns/rr-types/type-codes'
import {
  type ParsedZoneFile,
  parseZoneFileInSteps,
  type ZoneFileOptions,
  type ZoneRecord,
} from '@waymark/dns/zone-file/parse'
import { type ErrorKey, type Failure, failure } from '../../errors.ts'
import { DEFAULT_LINE } from '../../lines/lines.ts'
import type { FileItem, FileZone, ReadNote } from './file-item.ts'
import type { Pacer } from './pacer.ts'

/** What signing a zone adds to it (RFC 4034, RFC 5155): RRSIG, NSEC, NSEC3, NSEC3PARAM. A signer makes them anew. */
const SIGNING_TYPES: ReadonlySet<number> = new Set([46, 47, 50, 51])
const DEFAULT_TTL = 300

/**
 * Reads a zone file (RFC 1035 5): records of one owner and type become one item. What the service makes itself (SOA and NS
 * of the apex, signatures) is left out with a note. Each fault of the text fails alone, with its line and column.
 */
export async function readZoneFile(
  text: string,
  zone: FileZone,
  pacer: Pacer,
): Promise<{ items: FileItem[]; notes: ReadNote[] }> {
  const origin = parseName(zone.apex)
  if (!origin.ok) throw new Error(`The stored name ${zone.apex} cannot be read.`)
  const options = { origin: origin.value, defaultTtl: DEFAULT_TTL }
  const { records, problems } = await parsePaced(text, options, pacer)
  const notes: ReadNote[] = []
  const items = faultyItems(text, problems)
  for (const group of await groupRecords(records, origin.value, notes, pacer)) {
    items.push(readGroup(group, notes))
    const pause = pacer.pause()
    if (pause !== undefined) await pause
  }
  items.sort((a, b) => a.row - b.row)
  return { items: items.map((item, index) => ({ ...item, index })), notes }
}

async function parsePaced(text: string, options: ZoneFileOptions, pacer: Pacer): Promise<ParsedZoneFile> {
  const steps = parseZoneFileInSteps(text, options)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    const pause = pacer.pause()
    if (pause !== undefined) await pause
  }
}

interface Group {
  readonly name: string
  readonly type: number
  readonly records: ZoneRecord[]
}

async function groupRecords(
  records: readonly ZoneRecord[],
  origin: WireName,
  notes: ReadNote[],
  pacer: Pacer,
): Promise<Iterable<Group>> {
  const groups = new Map<string, Group>()
  const signing: ZoneRecord[] = []
  let owner: WireName | undefined
  let name = ''
  for (const record of records) {
    const pause = pacer.pause()
    if (pause !== undefined) await pause
    if (SIGNING_TYPES.has(record.type)) {
      signing.push(record)
      continue
    }
    if (isMadeByService(record, origin)) {
      const text = `The ${typeName(record.type)} record of the zone itself was left out: the service has its own.`
      notes.push({ row: record.line, text })
      continue
    }
    // Records of one owner share the object that the parser made of its name.
    if (owner !== record.owner) {
      owner = record.owner
      name = formatName(lowerName(owner))
    }
    const key = `${name} ${record.type}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { name, type: record.type, records: [record] })
    else group.records.push(record)
  }
  if (signing.length > 0) {
    const text = `${signing.length} records made by signing were left out (RRSIG, NSEC, NSEC3).`
    notes.push({ row: signing[0]!.line, text })
  }
  return groups.values()
}

const isMadeByService = ({ type, owner }: ZoneRecord, origin: WireName): boolean =>
  (type === TYPE_SOA || type === TYPE_NS) && equalNames(owner, origin)

function readGroup({ name, type, records }: Group, notes: ReadNote[]): FileItem {
  const row = records[0]!.line
  const ttls = new Set(records.map((record) => record.ttl))
  const ttl = Math.min(...ttls)
  const typeText = typeName(type)
  if (ttls.size > 1) {
    // RFC 2181 5.2: the TTLs of a set must be equal; the lowest promises nothing that some record did not say.
    notes.push({
      row,
      text: `The ${typeText} records of ${name} have different TTLs; the lowest, ${ttl}, is used.`,
    })
  }
  const values = new Set<string>()
  const unstorable: string[] = []
  for (const { rdata } of records) {
    const value = type === TYPE_TXT ? textValue(rdata) : rrTypeByCode(type).format(rdata)
    if (value === undefined) unstorable.push(rrTypeByCode(type).format(rdata))
    else values.add(value)
  }
  if (values.size + unstorable.length < records.length) {
    notes.push({ row, text: `Of the ${typeText} records of ${name} some are equal; each is used once.` })
  }
  const common = {
    name,
    type: typeText,
    line: DEFAULT_LINE,
    ttl,
    records: [...values, ...unstorable],
    status: 'ENABLE',
    description: null,
  }
  if (unstorable.length === 0) return { index: 0, row, draft: { ...common, weight: undefined } }
  const detail =
    `Line ${row}: a TXT value may not hold quotes, backslashes, line ends, U+0000 or octets that are no UTF-8: ` +
    unstorable[0]!
  return { index: 0, row, shown: { ...common, weight: null }, failure: failure('VALUE_INVALID', { detail }) }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** TXT data in the API's own syntax, which knows no escapes: quoted strings with one blank between. undefined: impossible. */
export function textValue(rdata: Uint8Array): string | undefined {
  const strings: string[] = []
  for (let at = 0; at < rdata.length; at += 1 + rdata[at]!) {
    let text: string
    try {
      text = utf8.decode(rdata.subarray(at + 1, at + 1 + rdata[at]!))
    } catch {
      return undefined
    }
    if (/["\\\0\n]/.test(text)) return undefined
    strings.push(`"${text}"`)
  }
  return strings.join(' ')
}

/** Problems of one line make one item that shows the line. */
function faultyItems(text: string, problems: readonly Problem[]): FileItem[] {
  if (problems.length === 0) return []
  const lines = text.split('\n')
  const byLine = new Map<number, Problem[]>()
  for (const problem of problems) {
    const line = problem.line ?? 1
    const before = byLine.get(line)
    if (before === undefined) byLine.set(line, [problem])
    else before.push(problem)
  }
  return [...byLine].map(([row, faults]) => ({
    index: 0,
    row,
    shown: {
      name: '',
      type: '',
      line: DEFAULT_LINE,
      ttl: DEFAULT_TTL,
      weight: null,
      records: [(lines[row - 1] ?? '').trim()],
      status: 'ENABLE',
      description: null,
    },
    failure: failureOf(row, faults),
  }))
}

function failureOf(row: number, faults: readonly Problem[]): Failure {
  const detail = faults.map((fault) => `Line ${row}, column ${fault.column ?? 1}: ${fault.detail}`).join(' ')
  const key = keyOf(faults[0]!.id)
  if (key === 'VALUE_INVALID') return failure(key, { detail })
  const known = failure(key)
  return { ...known, message: `${known.message} ${detail}` }
}

function keyOf(
  id: string,
): Extract<ErrorKey, 'TYPE_INVALID' | 'TTL_INVALID' | 'NAME_INVALID' | 'VALUE_INVALID'> {
  if (id.startsWith('type-')) return 'TYPE_INVALID'
  if (id.startsWith('ttl-')) return 'TTL_INVALID'
  return id.startsWith('owner-') ? 'NAME_INVALID' : 'VALUE_INVALID'
}
