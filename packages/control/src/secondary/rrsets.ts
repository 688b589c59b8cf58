import { encodeRdatas } from '@waymark/dns/feed-codec'
import type { ResourceRecord } from '@waymark/dns/message/message'
import { formatName, lowerName, nameLength } from '@waymark/dns/name'
import { rrTypeByCode } from '@waymark/dns/rr-types/registry'
import {
  TYPE_CDNSKEY,
  TYPE_CDS,
  TYPE_DNSKEY,
  TYPE_NS,
  TYPE_NSEC,
  TYPE_NSEC3,
  TYPE_NSEC3PARAM,
  TYPE_RRSIG,
  TYPE_SOA,
  TYPE_TXT,
  typeName,
} from '@waymark/dns/rr-types/type-codes'
import { soaNumbers } from '@waymark/dns/transfer/read-transfer'
import { textValue } from '../imports/formats/zone-file-read.ts'
import { DEFAULT_LINE } from '../lines/lines.ts'
import type { RecordSet, Zone } from '../store/store.ts'
import { TransferError } from './ask-primary.ts'

const TYPE_ZONEMD = 63

/**
 * What a primary's signing adds to a zone, and what is true of it only with all of that in place (RFC 8976). Our answers carry
 * signatures of our own, or none.
 */
export const LEFT_OUT: ReadonlySet<number> = new Set([
  TYPE_RRSIG,
  TYPE_NSEC,
  TYPE_NSEC3,
  TYPE_NSEC3PARAM,
  TYPE_DNSKEY,
  TYPE_CDS,
  TYPE_CDNSKEY,
  TYPE_ZONEMD,
])

/** No answer can hold more: a message has 65,535 octets, some of which are not data. */
const MAX_SET_OCTETS = 65_000

/** All records of one owner and type. */
export interface Rrset {
  /** Presentation form, lower case, final dot. */
  readonly owner: string
  readonly type: number
  readonly ttl: number
  /** Each once, in the order of their octets. */
  readonly rdatas: readonly Uint8Array[]
}

export const setKey = (owner: string, type: string): string => `${owner} ${type}`

/** Octets by which equal rdata is known, as a string. */
export const rdataKey = (type: number, rdata: Uint8Array): string =>
  Buffer.from(rrTypeByCode(type).comparable(rdata)).toString('latin1')

export const ownerText = (record: ResourceRecord): string => formatName(lowerName(record.owner))

/** In one order however they came, so that what has not changed is seen to be the same. */
export function inOrder(rdatas: readonly Uint8Array[]): readonly Uint8Array[] {
  return rdatas.length < 2 ? rdatas : rdatas.toSorted(Buffer.compare)
}

/** Throws TransferError for what no answer could carry. */
export function refuseOversize({ owner, type, rdatas }: Rrset): void {
  let octets = 0
  for (const rdata of rdatas) octets += rdata.length + 12
  if (octets > MAX_SET_OCTETS)
    throw new TransferError(`The ${typeName(type)} records of ${owner} do not fit into one answer.`)
}

/** Counts records by type, for what is left out. */
export function countTypes(records: Iterable<ResourceRecord>): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { type } of records) counts[typeName(type)] = (counts[typeName(type)] ?? 0) + 1
  return counts
}

/** Puts the records of a whole zone together, without those that are left out. The lowest TTL counts (RFC 2181 5.2). */
export function groupRecords(records: Iterable<ResourceRecord>): Map<string, Rrset> {
  const sets = new Map<
    string,
    { owner: string; type: number; ttl: number; rdatas: Map<string, Uint8Array> }
  >()
  let last: Uint8Array | undefined
  let owner = ''
  for (const record of records) {
    if (LEFT_OUT.has(record.type)) continue
    if (last === undefined || Buffer.compare(last, record.owner) !== 0) {
      last = record.owner
      owner = ownerText(record)
    }
    const key = setKey(owner, typeName(record.type))
    let set = sets.get(key)
    if (set === undefined) {
      set = { owner, type: record.type, ttl: record.ttl, rdatas: new Map() }
      sets.set(key, set)
    }
    set.ttl = Math.min(set.ttl, record.ttl)
    set.rdatas.set(rdataKey(record.type, record.rdata), record.rdata)
  }
  const whole = new Map<string, Rrset>()
  for (const [key, set] of sets) whole.set(key, { ...set, rdatas: inOrder([...set.rdatas.values()]) })
  return whole
}

/** The record set of an RRset in a zone that is kept from elsewhere; `before` keeps its id. */
export function rowOf(
  zone: Zone,
  set: Rrset,
  before: RecordSet | undefined,
  made: { readonly id: () => string; readonly now: number },
): RecordSet {
  refuseOversize(set)
  return {
    id: before?.id ?? made.id(),
    zoneId: zone.id,
    name: set.owner,
    owner: set.owner,
    type: typeName(set.type),
    line: DEFAULT_LINE,
    ttl: set.ttl,
    weight: zone.zoneType === 'public' ? 1 : null,
    records: set.rdatas.map((rdata) => textOf(set.type, rdata)),
    rdatas: encodeRdatas(set.rdatas),
    status: 'ACTIVE',
    isDefault: set.owner === zone.apex && (set.type === TYPE_SOA || set.type === TYPE_NS),
    description: before?.description ?? null,
    aliasTarget: null,
    tags: before?.tags ?? [],
    createdAt: before?.createdAt ?? made.now,
    updatedAt: before === undefined ? null : made.now,
  }
}

function textOf(type: number, rdata: Uint8Array): string {
  if (type === TYPE_SOA) return soaText(rdata)
  const text = type === TYPE_TXT ? textValue(rdata) : undefined
  return text ?? rrTypeByCode(type).format(rdata)
}

/** In the form in which the API shows the SOA of any zone. */
function soaText(rdata: Uint8Array): string {
  const { serial, refresh, retry, expire, minimum } = soaNumbers(rdata)
  const mailboxAt = nameLength(rdata)
  return `${formatName(rdata)} ${formatName(rdata, mailboxAt)} (${serial} ${refresh} ${retry} ${expire} ${minimum})`
}
