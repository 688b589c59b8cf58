import { decodeRdatas, OctetWriter } from '@waymark/dns/feed-codec'
import type { ResourceRecord } from '@waymark/dns/message/message'
import { formatName, nameLength } from '@waymark/dns/name'
import { TYPE_SOA, typeCode, typeName } from '@waymark/dns/rr-types/type-codes'
import type { ReadTransfer } from '@waymark/dns/transfer/read-transfer'
import { groupPayload, zonePayload } from '../feed/publish.ts'
import { DEFAULT_LINE } from '../lines/lines.ts'
import { equalRdatas, publishedTypes } from '../record-sets/published-addresses.ts'
import type { RecordSet, Tx, Zone } from '../store/store.ts'
import { mailboxName } from '../zones/email.ts'
import { TransferError } from './ask-primary.ts'
import {
  countTypes,
  groupRecords,
  inOrder,
  LEFT_OUT,
  ownerText,
  type Rrset,
  rdataKey,
  rowOf,
  setKey,
} from './rrsets.ts'

/** Rows read in one go. */
const PAGE = 5000
const MAX_TTL = 2147483647

export interface Making {
  readonly id: () => string
  readonly now: number
}

/** Record sets before and after; one of the two may be missing. */
interface Change {
  readonly before: RecordSet | undefined
  readonly after: RecordSet | undefined
}

export type Transferred = Exclude<ReadTransfer, { kind: 'current' }>

/**
 * Makes of a locked zone what a transfer says: the rows that differ are written, one feed entry carries the groups that have
 * changed, and the serial becomes the primary's. Throws TransferError where it does not fit what is here; nothing is
 * written then.
 */
export async function applyTransfer(
  tx: Tx,
  zone: Zone,
  transfer: Transferred,
  making: Making,
): Promise<Zone> {
  const changes =
    transfer.kind === 'whole'
      ? await changesToWhole(tx, zone, groupRecords(transfer.records), making)
      : await changesOfSteps(tx, zone, transfer, making)
  const soa = transfer.kind === 'whole' ? transfer.records[0]! : transfer.soa
  await write(tx, changes)
  const after: Zone = {
    ...zone,
    ...contactOf(soa, zone),
    status: zone.status === 'ERROR' ? 'ACTIVE' : zone.status,
    serial: transfer.serial,
    revision: zone.revision + 1,
    updatedAt: making.now,
  }
  await tx.updateZone(after)
  const payload = publish(after, changes)
  await tx.appendFeed({ zoneId: zone.id, serial: after.serial, payload })
  return after
}

/** What of the primary's records is not kept, by type. */
export const leftOutOf = (records: Iterable<ResourceRecord>): Record<string, number> =>
  countTypes([...records].filter(({ type }) => LEFT_OUT.has(type)))

async function changesToWhole(
  tx: Tx,
  zone: Zone,
  wanted: ReadonlyMap<string, Rrset>,
  making: Making,
): Promise<Change[]> {
  const changes: Change[] = []
  const kept = new Map<string, { readonly before: RecordSet; readonly after: RecordSet }>()
  /** Groups that lose a set, and so are written whatever becomes of the others. */
  const touched = new Set<string>()
  for await (const row of allRows(tx, zone)) {
    const key = setKey(row.owner, row.type)
    const set = isPlain(row) && !kept.has(key) ? wanted.get(key) : undefined
    if (set === undefined) {
      changes.push({ before: row, after: undefined })
      touched.add(key)
    } else kept.set(key, { before: row, after: rowOf(zone, set, row, making) })
  }
  for (const [key, change] of kept) {
    if (touched.has(key) || !isSame(change.before, change.after)) changes.push(change)
  }
  for (const [key, set] of wanted) {
    if (!kept.has(key)) changes.push({ before: undefined, after: rowOf(zone, set, undefined, making) })
  }
  return changes
}

async function* allRows(tx: Tx, zone: Zone): AsyncGenerator<RecordSet> {
  let last: RecordSet | undefined
  do {
    const rows = await tx.recordSetsInOrder(zone.id, last, PAGE)
    yield* rows
    last = rows.length < PAGE ? undefined : rows.at(-1)
  } while (last !== undefined)
}

/** Such as a transfer makes; a zone that was edited here before may have others. */
const isPlain = (row: RecordSet): boolean =>
  row.line === DEFAULT_LINE && row.aliasTarget === null && typeCode(row.type) !== undefined

const isSame = (a: RecordSet, b: RecordSet): boolean =>
  a.ttl === b.ttl &&
  a.status === b.status &&
  a.weight === b.weight &&
  a.isDefault === b.isDefault &&
  equalRdatas(a.rdatas, b.rdatas)

/** A set while steps are applied to it. */
interface Working {
  readonly before: RecordSet | undefined
  readonly owner: string
  readonly type: number
  ttl: number
  readonly rdatas: Map<string, Uint8Array>
}

async function changesOfSteps(
  tx: Tx,
  zone: Zone,
  { steps, soa }: Extract<Transferred, { kind: 'steps' }>,
  making: Making,
): Promise<Change[]> {
  const owners = new Set<string>([zone.apex])
  for (const { removed, added } of steps) {
    for (const record of removed) owners.add(ownerText(record))
    for (const record of added) owners.add(ownerText(record))
  }
  const sets = new Map<string, Working>()
  for (const row of await tx.recordSetsAt(zone.id, [...owners]))
    sets.set(setKey(row.owner, row.type), opened(row))
  for (const { removed, added } of steps) {
    for (const record of removed) take(sets, record)
    for (const record of added) put(sets, record)
  }
  const apexSoa = sets.get(setKey(zone.apex, 'SOA'))
  apexSoa?.rdatas.clear()
  put(sets, soa)
  const changes: Change[] = []
  for (const { before, rdatas, ...set } of sets.values()) {
    if (rdatas.size === 0) {
      if (before !== undefined) changes.push({ before, after: undefined })
      continue
    }
    const after = rowOf(zone, { ...set, rdatas: inOrder([...rdatas.values()]) }, before, making)
    if (before === undefined || !isSame(before, after)) changes.push({ before, after })
  }
  return changes
}

function opened(row: RecordSet): Working {
  const type = typeCode(row.type)
  if (type === undefined || row.rdatas === null || row.line !== DEFAULT_LINE)
    throw new TransferError(
      `The differences do not fit: ${row.owner} has a record set that came from elsewhere.`,
    )
  const rdatas = decodeRdatas(row.rdatas).map((rdata) => [rdataKey(type, rdata), rdata.slice()] as const)
  return { before: row, owner: row.owner, type, ttl: row.ttl, rdatas: new Map(rdatas) }
}

function take(sets: ReadonlyMap<string, Working>, record: ResourceRecord): void {
  if (LEFT_OUT.has(record.type)) return
  const owner = ownerText(record)
  const set = sets.get(setKey(owner, typeName(record.type)))
  if (!set?.rdatas.delete(rdataKey(record.type, record.rdata)))
    throw new TransferError(
      `The differences do not fit: ${owner} has no such ${typeName(record.type)} record here.`,
    )
}

function put(sets: Map<string, Working>, record: ResourceRecord): void {
  if (LEFT_OUT.has(record.type)) return
  const owner = ownerText(record)
  const key = setKey(owner, typeName(record.type))
  let set = sets.get(key)
  if (set === undefined) {
    set = { before: undefined, owner, type: record.type, ttl: record.ttl, rdatas: new Map() }
    sets.set(key, set)
  }
  const data = rdataKey(record.type, record.rdata)
  if (set.rdatas.has(data))
    throw new TransferError(
      `The differences do not fit: ${owner} has this ${typeName(record.type)} record already.`,
    )
  set.rdatas.set(data, record.rdata)
  set.ttl = record.ttl
}

async function write(tx: Tx, changes: readonly Change[]): Promise<void> {
  const removed = changes.flatMap(({ before, after }) =>
    after === undefined && before !== undefined ? [before] : [],
  )
  const updated = changes.flatMap(({ before, after }) =>
    before !== undefined && after !== undefined ? [after] : [],
  )
  const inserted = changes.flatMap(({ before, after }) =>
    before === undefined && after !== undefined ? [after] : [],
  )
  await tx.removeRecordSetsInZones(removed)
  await tx.updateRecordSetsInZones(updated)
  await tx.insertRecordSetsInZones(inserted)
}

/** The zone and every group that has changed. A group that one set leaves and another takes is written for the latter. */
function publish(zone: Zone, changes: readonly Change[]): Uint8Array {
  const out = zonePayload(zone, new OctetWriter(1024 + changes.length * 64))
  const written = new Set<string>()
  for (const { after } of changes) {
    if (after === undefined) continue
    written.add(`${setKey(after.owner, after.type)} ${after.line}`)
    groupPayload(out, after, [after])
  }
  for (const { before } of changes) {
    if (before === undefined) continue
    for (const type of publishedTypes(before.type)) {
      const key = `${setKey(before.owner, type)} ${before.line}`
      if (written.has(key)) continue
      written.add(key)
      groupPayload(out, { owner: before.owner, type, line: before.line }, [])
    }
  }
  return out.finish()
}

/** Mailbox and TTL of the zone as its SOA record has them, where the API can show them. */
function contactOf(soa: ResourceRecord, zone: Zone): Pick<Zone, 'email' | 'ttl'> {
  if (soa.type !== TYPE_SOA) throw new Error('A transfer begins with an SOA record.')
  const mailbox = formatName(soa.rdata, nameLength(soa.rdata))
  const [, user = '', host = ''] = /^((?:\\.|[^.\\])+)\.(.+)\.$/.exec(mailbox) ?? []
  const email = `${user.replace(/\\(\D)/g, '$1')}@${host}`
  return {
    email: host !== '' && mailboxName(email) === mailbox ? email : zone.email,
    ttl: soa.ttl >= 1 && soa.ttl <= MAX_TTL ? soa.ttl : zone.ttl,
  }
}
