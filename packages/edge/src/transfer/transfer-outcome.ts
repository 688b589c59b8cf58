/** What was asked for and what became of it, as transfers are counted and logged. */

/**
 * `ixfr_full`: differences were asked for, and the whole zone was sent, since they were not at hand. `ixfr_current`: the client has the
 * newest serial, and was told so. A request that is turned down is of the kind that was asked for, `axfr` or `ixfr`.
 */
export const TRANSFER_KINDS = ['axfr', 'ixfr', 'ixfr_full', 'ixfr_current'] as const
export type TransferKind = (typeof TRANSFER_KINDS)[number]

/**
 * `refused`: the client may not have the zone. `no_zone`: it may, but the zone is not here. `bad_signature`: see the TSIG errors. `broken`:
 * the connection ended before the transfer.
 */
export const TRANSFER_OUTCOMES = ['done', 'refused', 'no_zone', 'bad_signature', 'broken'] as const
export type TransferOutcome = (typeof TRANSFER_OUTCOMES)[number]
