import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { flagsOf, rollKey } from './key-rolls.ts'

const EVERY_MS = 3_600_000
const DAY = 86_400_000
/** Zones of one round: the next one follows an hour later. */
const MAX_ZONES = 1000

/** Rolls the ZSK of every zone that has signed for more than `settings.dnssecZskDays`, if that is above 0. Returns what ends it. */
export function rollOnSchedule(context: Context): () => void {
  if (context.settings.dnssecZskDays === 0) return () => {}
  const round = (): void => {
    rollOldKeys(context).catch((err) => context.log.error({ err }, 'keys of zones not rolled'))
  }
  round()
  const timer = setInterval(round, EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** One round; returns the zones whose ZSK was rolled. */
export async function rollOldKeys(context: Context): Promise<string[]> {
  const { store, settings, log } = context
  const before = context.now() - settings.dnssecZskDays * DAY
  const rolled: string[] = []
  for (const { zoneId, ...tenant } of await store.zonesWithKeysOf(flagsOf('zsk'), before, MAX_ZONES)) {
    try {
      await rollKey(context, tenant, zoneId, 'zsk')
      rolled.push(zoneId)
    } catch (error) {
      // Removed, paused or rolled by somebody else in the meantime.
      if (!(error instanceof ApiError)) throw error
    }
  }
  if (rolled.length > 0) log.info({ zones: rolled.length }, 'keys of zones rolled')
  return rolled
}
