import { decodeRdatas, OctetWriter, OP_ZONE_EMPTIED } from '@waymark/dns/feed-codec'
import type { ResourceRecord } from '@waymark/dns/message/message'
import { parseName, type WireName } from '@waymark/dns/name'
import { CLASS_IN, TYPE_SOA } from '@waymark/dns/rr-types/type-codes'
import { type ReadTransfer, soaNumbers } from '@waymark/dns/transfer/read-transfer'
import type { TsigKey } from '@waymark/dns/tsig/tsig'
import { compareSerials } from '@waymark/dns/zone/serial'
import type { Context } from '../context.ts'
import { zonePayload } from '../feed/publish.ts'
import type { TransferState, TransferTry, ZonePrimary } from '../store/secondary-calls.ts'
import type { RecordSet, Tenant, Tx, Zone } from '../store/store.ts'
import { applyTransfer, leftOutOf, type Transferred } from './apply-transfer.ts'
import { type AskLimits, askSerial, askZone, type PrimaryServer, TransferError } from './ask-primary.ts'
import { formatPrimary } from './primaries.ts'
import { afterFailure, afterSuccess, type SoaTimes } from './schedule.ts'

/** Tries that are kept. */
const TRIES = 10

export interface Refreshing {
  readonly context: Pick<Context, 'store' | 'now' | 'newId'>
  /** The TSIG key of this name; undefined: there is none. */
  readonly keyOf: (name: string) => Promise<TsigKey | undefined>
  readonly limits: AskLimits
  /** 0 ≤ x < 1. */
  readonly random: () => number
}

/** What a try found, and what the state is then. */
export interface Refreshed {
  readonly zone: Zone
  readonly made: TransferTry
  readonly state: TransferState
}

/**
 * Tries once to bring a zone up to date: asks its primaries in order until one of them says what is current, transfers what is
 * newer (`isWhole`: everything, whatever the serial), and keeps how it went. Undefined when the zone has gone or has no
 * primaries.
 */
export async function refreshZone(
  refreshing: Refreshing,
  tenant: Tenant,
  zoneId: string,
  reason: TransferTry['reason'],
  isWhole = false,
): Promise<Refreshed | undefined> {
  const { context } = refreshing
  const zone = await context.store.findZone(tenant, zoneId)
  const state = await context.store.findTransfer(zoneId)
  if (zone === undefined || state === undefined || zone.primaries.length === 0) return undefined
  const startedAt = context.now()
  const soa = state.expiresAt === null ? undefined : await soaOf(refreshing, zone)
  const failures: string[] = []
  let primary = zone.primaries[0]!
  for (const each of zone.primaries) {
    primary = each
    const commit = (found: Found) => {
      const made = { ...outcomeOf(found), ...frameOf(reason, each, startedAt, context.now()) }
      return commitFound(refreshing, tenant, zone, made, found.transfer)
    }
    try {
      const found = await askOne(refreshing, zone, isWhole ? undefined : soa, each)
      try {
        return await commit(found)
      } catch (error) {
        if (!(error instanceof TransferError) || found.transfer.kind !== 'steps') throw error
        const { transfer } = await askOne(refreshing, zone, undefined, each)
        return await commit({ transfer, remark: `Transferred whole: ${error.message}` })
      }
    } catch (error) {
      if (!(error instanceof TransferError)) throw error
      failures.push(zone.primaries.length === 1 ? error.message : `${formatPrimary(each)}: ${error.message}`)
    }
  }
  const made: TransferTry = {
    ...frameOf(reason, primary, startedAt, context.now()),
    outcome: 'failed',
    serial: null,
    records: 0,
    error: failures.join(' '),
  }
  return commitFailure(refreshing, tenant, zone, made)
}

const frameOf = (reason: TransferTry['reason'], primary: ZonePrimary, startedAt: number, now: number) => ({
  at: startedAt,
  durationMs: now - startedAt,
  reason,
  primary: formatPrimary(primary),
})

interface Found {
  readonly transfer: ReadTransfer
  /** What is odd about it. */
  readonly remark: string | null
}

async function askOne(
  { keyOf, limits }: Refreshing,
  zone: Zone,
  soa: ResourceRecord | undefined,
  { host, port, key: keyName }: ZonePrimary,
): Promise<Found> {
  const key = keyName === null ? undefined : await keyOf(keyName)
  if (keyName !== null && key === undefined) throw new TransferError(`There is no TSIG key ${keyName} here.`)
  const server: PrimaryServer = { host, port, key }
  const apex = apexOf(zone)
  if (soa === undefined) return { transfer: await askZone(server, apex, undefined, limits), remark: null }
  const serial = await askSerial(server, apex, limits)
  const order = compareSerials(serial, zone.serial)
  if (order === 0) return { transfer: { kind: 'current', serial }, remark: null }
  // Another primary may be further; an older one is an accident at the primary that must not undo what is here.
  if (!(order > 0))
    throw new TransferError(`The primary has serial ${serial}, not newer than ${zone.serial} here.`)
  try {
    return { transfer: await askZone(server, apex, soa, limits), remark: null }
  } catch (error) {
    if (!(error instanceof TransferError)) throw error
    // RFC 1995 4: a server may not know the differences, or not know IXFR at all.
    const transfer = await askZone(server, apex, undefined, limits)
    return { transfer, remark: `Transferred whole, as IXFR failed: ${error.message}` }
  }
}

function outcomeOf({
  transfer,
  remark,
}: Found): Pick<TransferTry, 'outcome' | 'serial' | 'records' | 'error'> {
  const { serial } = transfer
  if (transfer.kind === 'current') return { outcome: 'current', serial, records: 0, error: remark }
  if (transfer.kind === 'whole')
    return { outcome: 'axfr', serial, records: transfer.records.length, error: remark }
  const records = transfer.steps.reduce((sum, { removed, added }) => sum + removed.length + added.length, 0)
  return { outcome: 'ixfr', serial, records, error: remark }
}

/** Throws TransferError where the transfer does not fit. Undefined when the zone is no longer what it was. */
async function commitFound(
  { context, random }: Refreshing,
  tenant: Tenant,
  seen: Zone,
  made: TransferTry,
  transfer: ReadTransfer,
): Promise<Refreshed | undefined> {
  return context.store.transaction(async (tx) => {
    const [zone, state] = await lock(tx, tenant, seen)
    if (zone === undefined || state === undefined) return undefined
    const now = context.now()
    let after = zone
    let leftOut = state.leftOut
    if (transfer.kind !== 'current') {
      if (transfer.kind === 'steps' && zone.serial !== seen.serial)
        throw new TransferError('The zone has been changed meanwhile.')
      after = await applyTransfer(tx, zone, transfer, { id: context.newId, now })
      leftOut = transfer.kind === 'whole' ? leftOutOf(transfer.records) : summed(leftOut, transfer)
    }
    const times = await timesOf(tx, after)
    const next: TransferState = {
      ...afterSuccess(state, times, now, random),
      transferredAt: transfer.kind === 'current' ? state.transferredAt : now,
      tries: [made, ...state.tries].slice(0, TRIES),
      leftOut,
    }
    await tx.putTransfer(next)
    return { zone: after, made, state: next }
  })
}

async function commitFailure(
  { context, random }: Refreshing,
  tenant: Tenant,
  seen: Zone,
  made: TransferTry,
): Promise<Refreshed | undefined> {
  return context.store.transaction(async (tx) => {
    const [zone, state] = await lock(tx, tenant, seen)
    if (zone === undefined || state === undefined) return undefined
    const now = context.now()
    const times = await timesOf(tx, zone)
    const next = {
      ...afterFailure(state, times, now, random),
      tries: [made, ...state.tries].slice(0, TRIES),
    }
    const isOver = state.expiresAt !== null && next.expiresAt === null
    if (isOver) await tx.setStatusInZone(zone.id, 'ERROR')
    // A zone that was edited here before holds good data until the first transfer replaces them.
    const hasOwnData = state.checkedAt === null && zone.recordCount > 0
    const hasNothing = next.expiresAt === null && zone.status === 'ACTIVE' && !hasOwnData
    const after: Zone = { ...zone, status: hasNothing ? 'ERROR' : zone.status, revision: zone.revision + 1 }
    if (isOver || hasNothing) {
      await tx.updateZone({ ...after, updatedAt: now })
      await tx.appendFeed({ zoneId: zone.id, serial: after.serial, payload: emptiedPayload(after) })
    }
    await tx.putTransfer(next)
    return { zone: after, made, state: next }
  })
}

/** Without its groups a zone is answered with SERVFAIL, as one must be that has expired (RFC 1035 4.3.5, RFC 1034 4.3.5). */
function emptiedPayload(zone: Zone): Uint8Array {
  const out = new OctetWriter(512)
  out.u8(OP_ZONE_EMPTIED)
  return zonePayload(zone, out).finish()
}

async function lock(
  tx: Tx,
  tenant: Tenant,
  seen: Zone,
): Promise<[zone: Zone | undefined, state: TransferState | undefined]> {
  const zone = await tx.lockZone(tenant, seen.id)
  const isSame = zone !== undefined && JSON.stringify(zone.primaries) === JSON.stringify(seen.primaries)
  return isSame ? [zone, await tx.findTransfer(zone.id)] : [undefined, undefined]
}

/** Counts what the steps of IXFR say of records that are not kept. */
function summed(
  before: Readonly<Record<string, number>>,
  { steps }: Extract<Transferred, { kind: 'steps' }>,
): Record<string, number> {
  const counts: Record<string, number> = { ...before }
  for (const { removed, added } of steps) {
    for (const [type, count] of Object.entries(leftOutOf(added))) counts[type] = (counts[type] ?? 0) + count
    for (const [type, count] of Object.entries(leftOutOf(removed))) counts[type] = (counts[type] ?? 0) - count
  }
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}

function apexOf(zone: Zone): WireName {
  const apex = parseName(zone.apex)
  if (!apex.ok) throw new Error(`The stored name ${zone.apex} cannot be read.`)
  return apex.value
}

async function soaOf({ context }: Refreshing, zone: Zone): Promise<ResourceRecord | undefined> {
  const row = soaRow(await context.store.recordSetsAt(zone.id, [zone.apex]))
  if (row === undefined) return undefined
  const rdata = decodeRdatas(row.rdatas!)[0]!.slice()
  return { owner: apexOf(zone), type: TYPE_SOA, class: CLASS_IN, ttl: row.ttl, rdata }
}

async function timesOf(tx: Tx, zone: Zone): Promise<SoaTimes | undefined> {
  const row = soaRow(await tx.recordSetsAt(zone.id, [zone.apex]))
  return row && soaNumbers(decodeRdatas(row.rdatas!)[0]!)
}

const soaRow = (rows: readonly RecordSet[]): RecordSet | undefined =>
  rows.find(({ type, rdatas }) => type === 'SOA' && rdatas !== null)
