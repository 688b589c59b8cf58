import { parseName, type WireName } from '@waymark/dns/name'
import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import type { ClaimKind, ZoneClaim } from '../store/claim-calls.ts'
import { RowExists, type Tenant, type Tx } from '../store/store.ts'

/** A claim that nobody has gone on with for so long is over, also when its TXT record has been seen. */
export const CLAIM_LIFETIME_MS = 7 * 24 * 60 * 60_000

export const isOver = ({ status, updatedAt }: ZoneClaim, now: number): boolean =>
  status !== 'DONE' && updatedAt <= now - CLAIM_LIFETIME_MS

/** Whether there is something left to do for it. */
const isUnderWay = (claim: ZoneClaim, now: number): boolean => claim.status !== 'DONE' && !isOver(claim, now)

/**
 * The account's claim to a name: the one that is under way, else a new one made by `make` in place of any other. `check` may
 * refuse in the same transaction.
 */
export async function findOrMakeClaim(
  context: Context,
  tenant: Tenant,
  wanted: { readonly kind: ClaimKind; readonly name: string; readonly apex: string },
  make: (id: string) => Pick<ZoneClaim, 'host' | 'value'>,
  check: (tx: Tx) => Promise<void> = async () => {},
): Promise<ZoneClaim> {
  const now = context.now()
  const attempt = () =>
    context.store.transaction(async (tx) => {
      await check(tx)
      const [known] = await tx.claimsTo(tenant, wanted.kind, [wanted.apex])
      if (known !== undefined && isUnderWay(known, now)) return known
      if (known !== undefined) await tx.removeClaim(known.id)
      const id = context.newId()
      const { domainId, projectId } = tenant
      const claim: ZoneClaim = {
        ...{ ...wanted, ...make(id), id, domainId, projectId },
        ...{ status: 'OPEN', createdAt: now, updatedAt: now },
      }
      await tx.insertClaim(claim)
      return claim
    })
  try {
    return await attempt()
  } catch (error) {
    // A request at the same time has made the claim: the second look finds it.
    if (error instanceof RowExists) return attempt()
    throw error
  }
}

/** Notes that the TXT record of the claim has been seen. */
export const verifyClaim = (context: Context, claim: ZoneClaim): Promise<ZoneClaim> =>
  context.store.transaction(async (tx) => {
    const known = await tx.findClaim(claim, claim.kind, claim.id)
    // Another verification was faster.
    if (known?.status !== 'OPEN') return known ?? claim
    const seen: ZoneClaim = { ...known, status: 'VERIFIED', updatedAt: context.now() }
    await tx.updateClaim(seen)
    return seen
  })

/** Name of a TXT record, label before `apex`. Code: DNS.0202 when that is too long for a name. */
export function txtName(host: string, apex: string): WireName {
  const name = parseName(`${host}.${apex}`)
  if (!name.ok) throw apiError('ZONE_NAME_INVALID')
  return name.value
}
