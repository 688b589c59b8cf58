import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { lockForSigning, raiseSerial } from './zone-signing.ts'

const EVERY_MS = 600_000
/**
 * Signatures that secondaries have by transfer are made anew after a week and end three weeks later (edge/src/dnssec/zone-signer.ts);
 * a secondary takes them when the serial rises.
 */
const AFTER_MS = 5 * 86_400_000
/** A moment of a key is let pass for as long as clocks of edges may be slow. */
const SLOW_CLOCKS_MS = 60_000
/** Zones of one round. */
const MAX_ZONES = 1000

/**
 * Raises the serial of signed zones, so that secondaries take new signatures in time, and soon after a key began or ended to be used.
 * Only where zones are transferred to somebody. Returns what ends it.
 */
export function announceOnSchedule(context: Context): () => void {
  const round = (): void => {
    announceAgain(context).catch((err) => context.log.error({ err }, 'serials of signed zones not raised'))
  }
  round()
  const timer = setInterval(round, EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** One round; returns the zones whose serial was raised. */
export async function announceAgain(context: Context): Promise<string[]> {
  const { store } = context
  const now = context.now()
  if (!(await store.transferAccess()).some(({ allow }) => allow.length > 0)) return []
  const raised: string[] = []
  const passed = now - SLOW_CLOCKS_MS
  for (const { zoneId, ...tenant } of await store.zonesToAnnounce(now - AFTER_MS, passed, MAX_ZONES)) {
    try {
      await store.transaction(async (tx) => {
        const { zone, keys } = await lockForSigning(tx, tenant, zoneId)
        if (keys.length > 0) await raiseSerial(tx, zone, now)
      })
      raised.push(zoneId)
    } catch (error) {
      // Removed, paused or frozen in the meantime.
      if (!(error instanceof ApiError)) throw error
    }
  }
  return raised
}
