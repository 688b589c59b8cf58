import { z } from 'zod'
import { formatTime, formatTimeOrNull } from '../http/time.ts'
import type { TransferState, TransferTry } from '../store/secondary-calls.ts'
import type { Zone } from '../store/store.ts'

const PrimaryBody = z.strictObject({
  address: z.string(),
  port: z.int(),
  /** Name of the TSIG key that questions are signed with. */
  key: z.string().nullable(),
})

const TryBody = z.strictObject({
  at: z.string(),
  duration_ms: z.int(),
  reason: z.enum(['created', 'timer', 'notify', 'demand']),
  primary: z.string(),
  outcome: z.enum(['current', 'axfr', 'ixfr', 'failed']),
  serial: z.int().nullable(),
  records: z.int(),
  /** Why it failed, or what is odd about a success. */
  error: z.string().nullable(),
})

/** What a zone is transferred from, and how that goes. */
export const FollowingBody = z.strictObject({
  zone_id: z.string(),
  zone_name: z.string(),
  status: z.string(),
  serial: z.int(),
  /** In the order in which they are asked; none: the zone is edited here. */
  primaries: z.array(PrimaryBody),
  /** When a primary last said what is current, and when data last came. */
  checked_at: z.string().nullable(),
  transferred_at: z.string().nullable(),
  /** When the zone is no longer answered if no primary can be asked before. */
  expires_at: z.string().nullable(),
  next_try_at: z.string().nullable(),
  /** Failed tries since the last success. */
  failures: z.int(),
  last_error: z.string().nullable(),
  /** Records of the primary that are not served, by type: those that its signing made. */
  left_out: z.record(z.string(), z.int()),
  notes: z.array(z.string()),
  /** The newest first. */
  tries: z.array(TryBody),
})

const NewPrimary = z.union([
  z.string(),
  z.object({
    address: z.string(),
    port: z.int().min(1).max(65535).optional(),
    key: z.string().nullable().optional(),
  }),
])

export const PrimariesBody = z.object({ primaries: z.array(NewPrimary).min(1).max(8) })
export const TransferBody = z.object({
  /** Everything is transferred, whatever the serial. */
  whole: z.boolean().optional(),
})
export const TransferImportBody = z.object({ primary: NewPrimary })

const SIGNED =
  'The primary signs this zone. Its signatures and keys are not served here: with its DS record at the parent, validating resolvers ' +
  'refuse answers from here. Sign the zone here and have that DS at the parent, or do not delegate to this server.'

export function followingBody(zone: Zone, state: TransferState | undefined): z.infer<typeof FollowingBody> {
  const [last] = state?.tries ?? []
  return {
    zone_id: zone.id,
    zone_name: zone.name,
    status: zone.status,
    serial: zone.serial,
    primaries: zone.primaries.map(({ host, port, key }) => ({ address: host, port, key })),
    checked_at: formatTimeOrNull(state?.checkedAt ?? null),
    transferred_at: formatTimeOrNull(state?.transferredAt ?? null),
    expires_at: formatTimeOrNull(state?.expiresAt ?? null),
    next_try_at: state === undefined ? null : formatTime(state.nextAt),
    failures: state?.failures ?? 0,
    last_error: last?.outcome === 'failed' ? last.error : null,
    left_out: { ...state?.leftOut },
    notes: 'RRSIG' in (state?.leftOut ?? {}) ? [SIGNED] : [],
    tries: state?.tries.map(tryBody) ?? [],
  }
}

const tryBody = (made: TransferTry): z.infer<typeof TryBody> => ({
  at: formatTime(made.at),
  duration_ms: made.durationMs,
  reason: made.reason,
  primary: made.primary,
  outcome: made.outcome,
  serial: made.serial,
  records: made.records,
  error: made.error,
})
