import type { TransferState } from '../store/secondary-calls.ts'

/** The state of a secondary zone that has not been tried yet: it is due. */
export const untried = (zoneId: string, now: number): TransferState => ({
  zoneId,
  nextAt: now,
  checkedAt: null,
  transferredAt: null,
  expiresAt: null,
  failures: 0,
  tries: [],
  leftOut: {},
})
