import type { Context } from '../context.ts'
import { resolversOf } from '../dns-client/server-address.ts'
import { ApiError, apiError } from '../errors.ts'
import type { ZoneClaim } from '../store/claim-calls.ts'
import { RowExists, RowMissing, type Tenant } from '../store/store.ts'
import { lookUpServers } from '../zones/delegation.ts'
import { takeOverZone } from '../zones/take-over-zone.ts'
import { readMembers } from '../zones/zone-input.ts'
import { readZoneName, registrableName } from '../zones/zone-name.ts'
import { findOrMakeClaim, isOver, txtName, verifyClaim } from './claim.ts'
import { isTextSeen } from './look-for-text.ts'

/** Label of the TXT record, as clients of the API know it. */
const HOST = 'huaweiyunRetrieval'

/**
 * Asks for a name that another account hosts here. An account has one request for each name; the same call gives it again until
 * it is over. Codes: DNS.0202; 0002 when nobody hosts the name, or the caller does.
 */
export async function createRetrieval(context: Context, tenant: Tenant, body: unknown): Promise<ZoneClaim> {
  const { name, owner: apex } = readName(readMembers(body).zone_name)
  txtName(HOST, apex)
  return findOrMakeClaim(
    context,
    tenant,
    { kind: 'retrieval', name, apex },
    (id) => ({ host: HOST, value: id }),
    async (tx) => {
      const [hosted] = await tx.publicZonesAt([apex])
      if (hosted === undefined || hosted.domainId === tenant.domainId) throw apiError('REQUEST_INVALID')
    },
  )
}

/** Codes: DNS.0002 without a name, 0202, 0302 when the account has not asked for it. */
export async function showRetrieval(
  { store }: Context,
  tenant: Tenant,
  name: string | undefined,
): Promise<ZoneClaim> {
  if (name === undefined) throw apiError('REQUEST_INVALID')
  const [claim] = await store.claimsTo(tenant, 'retrieval', [readName(name).owner])
  if (claim === undefined) throw apiError('ZONE_NOT_FOUND')
  return claim
}

/** Code: DNS.0302. */
export async function findRetrieval({ store }: Context, tenant: Tenant, id: string): Promise<ZoneClaim> {
  const claim = await store.findClaim(tenant, 'retrieval', id)
  if (claim === undefined) throw apiError('ZONE_NOT_FOUND')
  return claim
}

/**
 * Looks for the TXT record and, once it has been seen, takes the zone over. Returns what came of it, for a person to read; the
 * state of the request tells it to programs. Code: DNS.0302.
 */
export async function verifyRetrieval(context: Context, tenant: Tenant, id: string): Promise<string> {
  const claim = await findRetrieval(context, tenant, id)
  const done = `The zone ${claim.name} belongs to your account.`
  if (claim.status === 'DONE') return done
  if (isOver(claim, context.now())) return 'This request is over; make another one.'
  if (claim.status === 'OPEN') {
    const why = await missingProof(context, claim)
    if (why !== undefined) return why
    await verifyClaim(context, claim)
  }
  try {
    await takeOver(context, tenant, claim)
    return done
  } catch (error) {
    // A quota, an order to keep the zone as it is, or a change by somebody else at this very moment: the proof stays.
    if (error instanceof ApiError) return `The TXT record was found, but: ${error.failure.message}`
    if (error instanceof RowExists || error instanceof RowMissing)
      return 'The TXT record was found, but the zone is being changed; try again.'
    throw error
  }
}

const takeOver = (context: Context, tenant: Tenant, { id, name }: ZoneClaim): Promise<void> =>
  context.store.transaction(async (tx) => {
    const claim = await tx.findClaim(tenant, 'retrieval', id)
    if (claim === undefined) throw new RowMissing(`No claim ${id}.`)
    await takeOverZone(tx, context, tenant, name)
    await tx.updateClaim({ ...claim, status: 'DONE', updatedAt: context.now() })
  })

/**
 * Why the claim is not proved yet; undefined when it is. The proof must come from outside: while the name is delegated to
 * this service, what it says is the word of the account that has the zone. What the registrable name above it says counts in any case,
 * as it is asked for where that name is delegated to.
 */
async function missingProof(context: Context, { apex, host, value }: ZoneClaim): Promise<string | undefined> {
  const { settings } = context
  const top = registrableName(apex)
  const [servers, isAtName, isAtTop] = await Promise.all([
    lookUpServers(resolversOf(settings), apex, top),
    isTextSeen(context, txtName(host, apex), value),
    top === apex ? false : isTextSeen(context, txtName(host, top), value),
  ])
  if (isAtTop) return undefined
  if (servers.is === 'unreachable' || servers.is === 'failing')
    return `The delegation of ${apex} could not be looked up; try again later.`
  const isDelegatedHere =
    servers.is === 'delegated' && servers.nameServers.some((server) => settings.nameServers.includes(server))
  if (isDelegatedHere)
    return top === apex
      ? `${apex} is delegated to this service; delegate it elsewhere and publish the TXT record there.`
      : `${apex} is delegated to this service; publish the TXT record at ${host}.${top}.`
  return isAtName ? undefined : `No TXT record ${host}.${apex} with the value "${value}" was found.`
}

function readName(text: unknown) {
  const name = readZoneName(text, 'public')
  if (name === undefined) throw apiError('ZONE_NAME_INVALID')
  return name
}
