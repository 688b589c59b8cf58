import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import { type Call, type Route, route } from '../http/route.ts'
import { FileAccepted } from '../imports/schemas.ts'
import type { ZonePrimary } from '../store/secondary-calls.ts'
import { requireOperator } from '../tenants/management/accounts.ts'
import { readMembers } from '../zones/zone-input.ts'
import { findTsigKey } from './find-key.ts'
import { followPrimaries, showFollowing, stopFollowing } from './follow-primaries.ts'
import { importTransfer } from './import-zone.ts'
import type { ZoneKeeper } from './keep-zones.ts'
import { readPrimaries, readPrimary } from './primaries.ts'
import { FollowingBody, followingBody, PrimariesBody, TransferBody, TransferImportBody } from './schemas.ts'

const ONE = '/waymark/v1/zones/{zone_id}'
const PRIMARIES = `${ONE}/primaries`

/** How long a call waits for the try that it starts; a longer one goes on by itself. */
const WAIT_MS = 10_000

/** TSIG keys are the operator's and open what other servers keep from the rest of the world. */
async function refuseForeignKeys(
  call: Call,
  context: Context,
  primaries: readonly ZonePrimary[],
): Promise<void> {
  if (primaries.some(({ key }) => key !== null))
    await requireOperator(context.store, call, 'waymark:transfers:get')
}

/** A zone that follows by a key that is not here would never be transferred. Code: WAYMARK.0701. */
async function refuseUnknownKeys(context: Context, primaries: readonly ZonePrimary[]): Promise<void> {
  for (const { key } of primaries) {
    if (key !== null && (await findTsigKey(context, key)) === undefined)
      throw apiError('TSIG_KEY_NOT_FOUND', { name: key.replace(/\.$/, '') })
  }
}

async function withinWait(work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, WAIT_MS)
  })
  await Promise.race([work, over]).finally(() => clearTimeout(timer))
}

/** Zones that are kept as a secondary of other servers, or taken over from one. */
export const secondaryRoutes = (keeper: ZoneKeeper): readonly Route<Context>[] => {
  const show = async (call: Call, context: Context) => {
    const { zone, state } = await showFollowing(context, call.tenant, call.params.zone_id!)
    return followingBody(zone, state)
  }
  return [
    route<Context>({
      operation: 'showPrimaries',
      method: 'GET',
      path: PRIMARIES,
      summary: 'The servers that a zone is transferred from, and how that goes',
      permission: 'dns:zone:get',
      responses: { 200: FollowingBody },
      handler: async (call, context) => ({ status: 200, json: await show(call, context) }),
    }),
    route<Context>({
      operation: 'putPrimaries',
      method: 'PUT',
      path: PRIMARIES,
      summary: 'Keep a zone as a secondary of other servers',
      permission: 'dns:zone:update',
      input: 'json',
      bodySchema: PrimariesBody,
      responses: { 202: FollowingBody },
      async handler(call, context) {
        await showFollowing(context, call.tenant, call.params.zone_id!)
        const primaries = readPrimaries(readMembers(call.body).primaries)
        await refuseForeignKeys(call, context, primaries)
        await refuseUnknownKeys(context, primaries)
        const zone = await followPrimaries(context, call.tenant, call.params.zone_id!, primaries)
        await withinWait(keeper.refresh(call.tenant, zone.id, 'created'))
        return { status: 202, json: await show(call, context) }
      },
    }),
    route<Context>({
      operation: 'deletePrimaries',
      method: 'DELETE',
      path: PRIMARIES,
      summary: 'Edit a secondary zone here from now on, beginning with what it holds',
      permission: 'dns:zone:update',
      responses: { 202: FollowingBody },
      async handler(call, context) {
        await stopFollowing(context, call.tenant, call.params.zone_id!)
        return { status: 202, json: await show(call, context) }
      },
    }),
    route<Context>({
      operation: 'transferZone',
      method: 'POST',
      path: `${ONE}/transfer`,
      summary: 'Bring a secondary zone up to date now',
      permission: 'dns:zone:update',
      input: 'json',
      bodySchema: TransferBody,
      responses: { 202: FollowingBody },
      async handler(call, context) {
        const { zone } = await showFollowing(context, call.tenant, call.params.zone_id!)
        const { whole } = call.body === undefined ? {} : (readMembers(call.body) as { whole?: unknown })
        if (whole !== undefined && typeof whole !== 'boolean') throw apiError('REQUEST_INVALID')
        if (zone.primaries.length === 0) throw apiError('ZONE_TYPE_UNSUPPORTED')
        await withinWait(keeper.refresh(call.tenant, zone.id, 'demand', whole))
        return { status: 202, json: await show(call, context) }
      },
    }),
    route<Context>({
      operation: 'importTransfer',
      method: 'POST',
      path: `${ONE}/imports/transfer`,
      summary: 'Create the record sets that another server has of the zone (AXFR), once, in one task',
      permission: 'dns:recordset:batchCreateTask',
      input: 'json',
      bodySchema: TransferImportBody,
      responses: { 202: FileAccepted },
      async handler(call, context) {
        await showFollowing(context, call.tenant, call.params.zone_id!)
        await refuseForeignKeys(call, context, [readPrimary(readMembers(call.body).primary)])
        return importTransfer(call, context)
      },
    }),
  ]
}
