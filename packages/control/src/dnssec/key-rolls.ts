import { FLAGS_KSK, FLAGS_ZSK } from '@waymark/dns/dnssec/dnskey'
import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import type { Tenant } from '../store/store.ts'
import type { ZoneKeyRow } from '../store/zone-key-calls.ts'
import { announceKeys, lockForSigning, makeKey, type SignedZone } from './zone-signing.ts'

export type KeyRole = 'ksk' | 'zsk'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** A new ZSK is published this long before it signs: the TTL of the DNSKEY set, and as much again for edges that are behind. */
const ZSK_PUBLISHED_BEFORE = 2 * HOUR
/** A retired ZSK stays published for as long as a resolver may keep what it has signed: a week is the most that they do. */
const ZSK_PUBLISHED_AFTER = 8 * DAY
/** A KSK goes on for as long as a resolver may keep a DS set of the parent in which it stood alone. */
const KSK_ACTIVE_AFTER = 2 * DAY

export const flagsOf = (role: KeyRole): number => (role === 'ksk' ? FLAGS_KSK : FLAGS_ZSK)

/**
 * Gives a signed zone a new key in place of one it has. A ZSK is published first, takes over two hours later, and the old one is gone
 * eight days after (RFC 6781 4.1.1.1). A KSK signs beside the old one at once, and both stand in CDS, until {@link confirmDs}
 * (RFC 6781 4.1.2). Codes as with `enableDnssec`; WAYMARK.0601 (not signed), 0602 (the last roll is not over).
 */
export const rollKey = (
  context: Context,
  tenant: Tenant,
  zoneId: string,
  role: KeyRole,
): Promise<SignedZone> =>
  context.store.transaction(async (tx) => {
    const { zone, keys } = await lockForSigning(tx, tenant, zoneId)
    const now = context.now()
    const staying = keysToStay(keys, role)
    const old = staying.at(-1)
    if (old === undefined) throw apiError('DNSSEC_NOT_ENABLED')
    if (staying.length > 1 || old.activeAt > now) throw apiError('KEY_ROLL_RUNNING')
    const activeAt = role === 'zsk' ? now + ZSK_PUBLISHED_BEFORE : now
    await tx.insertZoneKey(makeKey(context, zone.id, flagsOf(role), old.algorithm, now, activeAt))
    if (role === 'zsk')
      await tx.updateZoneKey({ ...old, retiredAt: activeAt, removedAt: activeAt + ZSK_PUBLISHED_AFTER })
    for (const { id, removedAt } of keys)
      if (removedAt !== null && removedAt <= now) await tx.removeZoneKey(id)
    return { zone: await announceKeys(tx, zone, now), keys: await tx.zoneKeys(zone.id) }
  })

/**
 * The parent has the DS of the new KSK: the old one leaves CDS now, and two days later the zone. Codes as with {@link rollKey};
 * WAYMARK.0603 (no KSK waits for its DS).
 */
export const confirmDs = (context: Context, tenant: Tenant, zoneId: string): Promise<SignedZone> =>
  context.store.transaction(async (tx) => {
    const { zone, keys } = await lockForSigning(tx, tenant, zoneId)
    const staying = keysToStay(keys, 'ksk')
    if (staying.length === 0) throw apiError('DNSSEC_NOT_ENABLED')
    if (staying.length === 1) throw apiError('KEY_ROLL_ABSENT')
    const now = context.now()
    const end = now + KSK_ACTIVE_AFTER
    for (const key of staying.slice(0, -1)) await tx.updateZoneKey({ ...key, retiredAt: end, removedAt: end })
    return { zone: await announceKeys(tx, zone, now), keys: await tx.zoneKeys(zone.id) }
  })

/** The keys of a role whose end is not planned, the oldest first. */
const keysToStay = (keys: readonly ZoneKeyRow[], role: KeyRole): readonly ZoneKeyRow[] =>
  keys.filter((key) => key.flags === flagsOf(role) && key.retiredAt === null)
