import { toldTo } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import { RowMissing, type Tenant, type Tx } from '../store/store.ts'
import { makeZone } from './new-zone.ts'
import { readNewZone } from './zone-input.ts'
import { dropZone, refuseBeyondQuota, writeZone } from './zones.ts'

/**
 * Gives the tenant a public zone of a name that has been proved to be its own: an empty one in place of the one that another
 * account has. Nothing happens when it has the zone already. Codes: DNS.0404, 2006 for a zone that must stay as it is.
 */
export async function takeOverZone(tx: Tx, context: Context, tenant: Tenant, name: string): Promise<void> {
  const { router: _, ...fields } = readNewZone({ name })
  const [hosted] = await tx.publicZonesAt([fields.apex])
  if (hosted?.domainId === tenant.domainId) return
  await refuseBeyondQuota(tx, context, tenant, 'public')
  if (hosted !== undefined) {
    const owner: Tenant = { domainId: hosted.domainId, projectId: hosted.projectId }
    await toldTo(tx, owner, async (theirs) => {
      const zone = await theirs.lockZone(owner, hosted.id)
      if (zone === undefined) throw new RowMissing(`No zone ${hosted.id}.`)
      await dropZone(theirs, zone)
    })
  }
  await writeZone(tx, makeZone(context, tenant, fields, []))
}
