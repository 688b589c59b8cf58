import type { Tenant } from './store.ts'

/** Claims to public names, proved by a TXT record, as the store keeps them. */

/** `authorization`: to make a zone below a name of another account. `retrieval`: to take a zone over from one. */
export type ClaimKind = 'authorization' | 'retrieval'

/** `OPEN`: the TXT record has not been seen. `DONE`: the zone has been taken over. */
export type ClaimStatus = 'OPEN' | 'VERIFIED' | 'DONE'

export interface ZoneClaim {
  readonly id: string
  readonly kind: ClaimKind
  readonly domainId: string
  readonly projectId: string
  /** Of the zone that is wanted: as sent, lower case, final dot. */
  readonly name: string
  /** The same in A-labels. */
  readonly apex: string
  /** First label of the name that has to have the TXT record. */
  readonly host: string
  /** What that record has to say. */
  readonly value: string
  readonly status: ClaimStatus
  readonly createdAt: number
  /** Of the last change of `status`. */
  readonly updatedAt: number
}

/** Claims belong to the account, as public zones do. */
export interface ClaimReads {
  findClaim(tenant: Tenant, kind: ClaimKind, claimId: string): Promise<ZoneClaim | undefined>
  /** The claims of one kind to these apexes (A-labels), in no order; an account has at most one to each. */
  claimsTo(tenant: Tenant, kind: ClaimKind, apexes: readonly string[]): Promise<ZoneClaim[]>
}

export interface ClaimWrites {
  /** Throws RowExists when the account has a claim of this kind to the apex. */
  insertClaim(claim: ZoneClaim): Promise<void>
  /** Writes `status` and `updatedAt`. Throws RowMissing when the claim is gone. */
  updateClaim(claim: ZoneClaim): Promise<void>
  removeClaim(claimId: string): Promise<void>
  /** Drops the account's claims of one kind that have not changed since before `time`. */
  trimClaims(tenant: Tenant, kind: ClaimKind, time: number): Promise<void>
}
