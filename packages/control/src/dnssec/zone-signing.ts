import { FLAGS_KSK, FLAGS_ZSK } from '@waymark/dns/dnssec/dnskey'
import { OP_KEYS_CHANGED } from '@waymark/dns/feed-codec'
import { nextSerial } from '@waymark/dns/zone/serial'
import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import type { Tenant, Tx, Zone } from '../store/store.ts'
import type { ZoneKeyRow } from '../store/zone-key-calls.ts'
import { lockZone, refuseFrozen, showZone } from '../zones/zones.ts'
import { generateKey } from './key-material.ts'
import { hasDsAtParent } from './parent-ds.ts'

/** A zone that is signed, with its keys, the oldest first. */
export interface SignedZone {
  readonly zone: Zone
  /** None: the zone is not signed. */
  readonly keys: readonly ZoneKeyRow[]
}

/**
 * Gives a public zone a KSK and a ZSK of its own, and has the edges sign with them from now on. Codes: DNS.0302, 0008 (private
 * zone), 2006, 0209, 0213 (paused), 2302 (signed already; the keys stay).
 */
export const enableDnssec = (context: Context, tenant: Tenant, zoneId: string): Promise<SignedZone> =>
  context.store.transaction(async (tx) => {
    const { zone, keys } = await lockForSigning(tx, tenant, zoneId)
    if (keys.length > 0) throw apiError('DNSSEC_ENABLED')
    const { dnssecAlgorithm } = context.settings
    const now = context.now()
    const made = [FLAGS_KSK, FLAGS_ZSK].map((flags) =>
      makeKey(context, zone.id, flags, dnssecAlgorithm, now, now),
    )
    for (const key of made) await tx.insertZoneKey(key)
    return { zone: await announceKeys(tx, zone, now), keys: made }
  })

/**
 * Takes a zone's keys away: it is answered unsigned from now on. Codes: DNS.0302, 0008, 2006, 0209, 0213; 2305 (the parent has a DS
 * still, and the setting `dnssecKeepWhileDs` says to look).
 */
export async function disableDnssec(context: Context, tenant: Tenant, zoneId: string): Promise<void> {
  const { settings, store } = context
  if (settings.dnssecKeepWhileDs) {
    const { zone, keys } = await showDnssec(context, tenant, zoneId)
    if (keys.length > 0 && (await hasDsAtParent(settings, zone.apex))) throw apiError('DNSSEC_DS_EXISTS')
  }
  await store.transaction(async (tx) => {
    const { zone, keys } = await lockForSigning(tx, tenant, zoneId)
    if (keys.length === 0) return
    for (const { id } of keys) await tx.removeZoneKey(id)
    await announceKeys(tx, zone, context.now())
  })
}

/** The keys of a public zone. Codes: DNS.0302, 0008 (private zone). */
export async function showDnssec(context: Context, tenant: Tenant, zoneId: string): Promise<SignedZone> {
  const zone = await showZone(context, tenant, zoneId)
  if (zone.zoneType !== 'public') throw apiError('ZONE_TYPE_UNSUPPORTED')
  return { zone, keys: await context.store.zoneKeys(zone.id) }
}

/** The zone, locked for a change of its keys. Codes: DNS.0302, 0008, 2006, 0209, 0213. */
export async function lockForSigning(tx: Tx, tenant: Tenant, zoneId: string): Promise<SignedZone> {
  const zone = await lockZone(tx, tenant, zoneId)
  if (zone.zoneType !== 'public') throw apiError('ZONE_TYPE_UNSUPPORTED')
  refuseFrozen(zone)
  if (zone.status === 'ERROR') throw apiError('ZONE_NOT_STEADY')
  if (zone.status === 'DISABLE') throw apiError('ZONE_DISABLED')
  return { zone, keys: await tx.zoneKeys(zone.id) }
}

/** A new key of a zone, not written yet. The private half exists in the clear in here only. */
export function makeKey(
  context: Pick<Context, 'newId' | 'secrets'>,
  zoneId: string,
  flags: number,
  algorithm: number,
  now: number,
  activeAt: number,
): ZoneKeyRow {
  const id = context.newId()
  const { publicKey, privateKey } = generateKey(algorithm)
  return {
    id,
    zoneId,
    flags,
    algorithm,
    publicKey,
    sealedSecret: context.secrets.seal(Buffer.from(privateKey).toString('base64'), id),
    publishedAt: now,
    activeAt,
    retiredAt: null,
    removedAt: null,
    createdAt: now,
  }
}

/** Ends a change of the keys of a locked zone: the serial rises, since what is answered changes, and the edges are told. */
export const announceKeys = (tx: Tx, zone: Zone, now: number): Promise<Zone> =>
  raiseSerial(tx, { ...zone, revision: zone.revision + 1, updatedAt: now }, now)

/** Tells the edges of the keys of a locked zone, under a new serial; nothing else of it changes. */
export async function raiseSerial(tx: Tx, zone: Zone, now: number): Promise<Zone> {
  // The serial of a secondary is its primary's.
  const serial = zone.primaries.length === 0 ? nextSerial(zone.serial) : zone.serial
  const after: Zone = { ...zone, serial }
  await tx.updateZone(after)
  await tx.markKeysAnnounced(after.id, now)
  await tx.appendFeed({ zoneId: after.id, serial, payload: Uint8Array.of(OP_KEYS_CHANGED) })
  return after
}
