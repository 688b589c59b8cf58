import type { TransferState } from '../store/secondary-calls.ts'

/** The times of an SOA record that are about secondaries (RFC 1035 3.3.13), in seconds. */
export interface SoaTimes {
  readonly refresh: number
  readonly retry: number
  readonly expire: number
}

/** Seconds. What an SOA record says beyond these bounds is an accident that would hurt the primary, or us. */
const MIN_REFRESH = 30
const MAX_REFRESH = 28 * 86_400
const MIN_RETRY = 10
const MAX_RETRY = 86_400
/** Between tries at a zone of which there is nothing yet: doubled with each failure. */
const FIRST_RETRY = 5
const LONGEST_FIRST_RETRY = 3600
/** Of each interval at most this part is taken off, so that zones of one primary do not come all at once. */
const JITTER = 0.1

const between = (low: number, value: number, high: number): number => Math.min(Math.max(low, value), high)

const jittered = (seconds: number, random: () => number): number => seconds * (1 - JITTER * random()) * 1000

/** The state after a primary has said what is current at `now`.*/
export function afterSuccess(
  state: TransferState,
  times: SoaTimes | undefined,
  now: number,
  random: () => number,
): TransferState {
  if (times === undefined) throw new Error(`Zone ${state.zoneId} was transferred without an SOA record.`)
  const refresh = between(MIN_REFRESH, times.refresh, MAX_REFRESH)
  const retry = between(MIN_RETRY, times.retry, MAX_RETRY)
  // RFC 1912 2.2: a zone must outlive some tries to refresh it.
  const expire = Math.max(times.expire, refresh + retry)
  return {
    ...state,
    nextAt: Math.floor(now + jittered(Math.min(refresh, expire), random)),
    checkedAt: now,
    expiresAt: now + expire * 1000,
    failures: 0,
  }
}

/** The state after a failure at `now`: `expiresAt` is null where nothing may be answered any longer. */
export function afterFailure(
  state: TransferState,
  times: SoaTimes | undefined,
  now: number,
  random: () => number,
): TransferState {
  const failures = state.failures + 1
  const expiresAt = state.expiresAt !== null && state.expiresAt > now ? state.expiresAt : null
  if (expiresAt === null || times === undefined) {
    const wait = Math.min(LONGEST_FIRST_RETRY, FIRST_RETRY * 2 ** Math.min(failures - 1, 20))
    return { ...state, failures, expiresAt, nextAt: Math.floor(now + jittered(wait, random)) }
  }
  const retry = between(MIN_RETRY, times.retry, MAX_RETRY)
  // What is over must stop being answered when it is over, not when the next try would have been.
  const nextAt = Math.min(Math.floor(now + jittered(retry, random)), expiresAt)
  return { ...state, failures, expiresAt, nextAt }
}
