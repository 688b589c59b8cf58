import { randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import type { ZoneClaim } from '../store/claim-calls.ts'
import type { Tenant } from '../store/store.ts'
import { readMembers } from '../zones/zone-input.ts'
import { readZoneName, registrableName } from '../zones/zone-name.ts'
import { CLAIM_LIFETIME_MS, findOrMakeClaim, isOver, txtName, verifyClaim } from './claim.ts'
import { isTextHosted, isTextSeen } from './look-for-text.ts'

/** Characters of a name, so that the name of the TXT record is none that is too long. */
const MAX_ZONE_NAME = 212

/**
 * Asks to make a zone below a name of another account. An account has one request for each name; the same call gives it again
 * until it is over. Codes: DNS.0202; 0002 for a name that lies below no registrable one.
 */
export async function createAuthorization(
  context: Context,
  tenant: Tenant,
  body: unknown,
): Promise<ZoneClaim> {
  const { zone_name: sent } = readMembers(body)
  if (typeof sent !== 'string' || sent.length > MAX_ZONE_NAME) throw apiError('ZONE_NAME_INVALID')
  const { name, apex } = readSubDomain(sent)
  const host = `authorize-${randomBytes(16).toString('hex')}`
  txtName(host, registrableName(apex))
  const oldest = context.now() - CLAIM_LIFETIME_MS
  return findOrMakeClaim(
    context,
    tenant,
    { kind: 'authorization', name, apex },
    (id) => ({ host, value: id }),
    (tx) => tx.trimClaims(tenant, 'authorization', oldest),
  )
}

/** Codes: DNS.0202, 0002 for the name; 0004 when the account has not asked, or too long ago. */
export async function showAuthorization(
  { store, now }: Context,
  tenant: Tenant,
  name: string | undefined,
): Promise<ZoneClaim> {
  if (name === undefined) throw apiError('REQUEST_INVALID')
  const [claim] = await store.claimsTo(tenant, 'authorization', [readSubDomain(name).apex])
  return existing(claim, now())
}

/**
 * Looks for the TXT record, in the zone here that it would lie in and through the resolvers. Returns the request in the state
 * after that. Code: DNS.0004.
 */
export async function verifyAuthorization(context: Context, tenant: Tenant, id: string): Promise<ZoneClaim> {
  const claim = existing(await context.store.findClaim(tenant, 'authorization', id), context.now())
  if (claim.status === 'VERIFIED') return claim
  const name = txtName(claim.host, registrableName(claim.apex))
  const isSeen =
    (await isTextHosted(context, name, claim.value)) || (await isTextSeen(context, name, claim.value))
  return isSeen ? verifyClaim(context, claim) : claim
}

function existing(claim: ZoneClaim | undefined, now: number): ZoneClaim {
  if (claim === undefined || isOver(claim, now)) throw apiError('AUTHORIZATION_NOT_FOUND')
  return claim
}

function readSubDomain(text: string): { name: string; apex: string } {
  const read = readZoneName(text, 'public')
  if (read === undefined) throw apiError('ZONE_NAME_INVALID')
  if (registrableName(read.owner) === read.owner) throw apiError('REQUEST_INVALID')
  return { name: read.name, apex: read.owner }
}
