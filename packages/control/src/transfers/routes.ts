import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import type { Call } from '../http/route.ts'
import { type Route, route } from '../http/route.ts'
import { ALL_ZONES } from '../store/transfer-calls.ts'
import { requireOperator } from '../tenants/management/accounts.ts'
import { readBody } from '../tenants/management/schemas.ts'
import {
  AccessBody,
  AccessInputBody,
  accessBody,
  MadeTsigKeyBody,
  NewTsigKeyBody,
  TransfersBody,
  TsigKeyList,
  tsigKeyBody,
  ZoneAccessBody,
  ZoneAccessList,
  zoneAccessBody,
} from './schemas.ts'
import {
  createTsigKey,
  putDefaultAccess,
  putZoneAccess,
  removeTsigKey,
  removeZoneAccess,
  showZoneAccess,
} from './transfers.ts'

const BASE = '/waymark/v1/transfers'
const KEYS = `${BASE}/keys`
const ZONES = `${BASE}/zones`

const VIEW = 'waymark:transfers:get'
/** What is not said is emptied, so that saying nothing at all must be a mistake. */
function readAccess(body: unknown) {
  if (body === undefined) throw apiError('REQUEST_INVALID')
  return readBody(AccessInputBody, body)
}

const MANAGE = 'waymark:transfers:update'

/** Keys open every zone that names them, so all of this is the operator's. */
const asOperator =
  (permission: string, handler: Route<Context>['handler']): Route<Context>['handler'] =>
  async (call: Call, context) => {
    await requireOperator(context.store, call, permission)
    return handler(call, context)
  }

/** Transfers to other servers: keys, who may have which zone, who is told of changes. For the operator's account. */
export const transferRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'showTransfers',
    method: 'GET',
    path: BASE,
    summary: 'Show keys and what holds for zones without access of their own',
    permission: VIEW,
    responses: { 200: TransfersBody },
    handler: asOperator(VIEW, async (_call, { store }) => {
      const keys = (await store.tsigKeys()).map(tsigKeyBody)
      return { status: 200, json: { ...accessBody(await store.findTransferAccess(ALL_ZONES)), keys } }
    }),
  }),
  route<Context>({
    operation: 'updateTransfers',
    method: 'PUT',
    path: BASE,
    summary:
      'Say who may have zones by transfer and who is told of changes, where a zone has nothing of its own',
    permission: MANAGE,
    input: 'json',
    bodySchema: AccessInputBody,
    responses: { 200: AccessBody },
    handler: asOperator(MANAGE, async ({ body }, context) => {
      const access = await putDefaultAccess(context, readAccess(body))
      return { status: 200, json: accessBody(access) }
    }),
  }),
  route<Context>({
    operation: 'listTsigKeys',
    method: 'GET',
    path: KEYS,
    summary: 'List the TSIG keys, without their secrets',
    permission: VIEW,
    responses: { 200: TsigKeyList },
    handler: asOperator(VIEW, async (_call, { store }) => ({
      status: 200,
      json: { keys: (await store.tsigKeys()).map(tsigKeyBody) },
    })),
  }),
  route<Context>({
    operation: 'createTsigKey',
    method: 'POST',
    path: KEYS,
    summary: 'Make a TSIG key; its secret is shown once',
    permission: MANAGE,
    input: 'json',
    bodySchema: NewTsigKeyBody,
    responses: { 201: MadeTsigKeyBody },
    handler: asOperator(MANAGE, async ({ body }, context) => {
      const { key, secret } = await createTsigKey(context, readBody(NewTsigKeyBody, body))
      return {
        status: 201,
        json: { ...tsigKeyBody(key), secret },
        headers: { 'Cache-Control': 'no-store' },
      }
    }),
  }),
  route<Context>({
    operation: 'deleteTsigKey',
    method: 'DELETE',
    path: `${KEYS}/{key_name}`,
    summary: 'Delete a TSIG key that no access names',
    permission: MANAGE,
    responses: { 204: null },
    handler: asOperator(MANAGE, async ({ params }, context) => {
      await removeTsigKey(context, params.key_name!)
      return { status: 204 }
    }),
  }),
  route<Context>({
    operation: 'listZoneTransfers',
    method: 'GET',
    path: ZONES,
    summary: 'List the zones that have access of their own',
    permission: VIEW,
    responses: { 200: ZoneAccessList },
    handler: asOperator(VIEW, async (_call, { store }) => {
      const rows = (await store.transferAccess()).filter(({ zoneId }) => zoneId !== ALL_ZONES)
      return { status: 200, json: { zones: rows.map((row) => zoneAccessBody(row.zoneId, true, row)) } }
    }),
  }),
  route<Context>({
    operation: 'showZoneTransfers',
    method: 'GET',
    path: `${ZONES}/{zone_id}`,
    summary: 'Show who may have a zone, of any account, by transfer',
    permission: VIEW,
    responses: { 200: ZoneAccessBody },
    handler: asOperator(VIEW, async ({ params }, context) => {
      const { own, access } = await showZoneAccess(context, params.zone_id!)
      return { status: 200, json: zoneAccessBody(params.zone_id!, own, access) }
    }),
  }),
  route<Context>({
    operation: 'updateZoneTransfers',
    method: 'PUT',
    path: `${ZONES}/{zone_id}`,
    summary: 'Give a zone access of its own, which then holds alone',
    permission: MANAGE,
    input: 'json',
    bodySchema: AccessInputBody,
    responses: { 200: ZoneAccessBody },
    handler: asOperator(MANAGE, async ({ params, body }, context) => {
      const access = await putZoneAccess(context, params.zone_id!, readAccess(body))
      return { status: 200, json: zoneAccessBody(access.zoneId, true, access) }
    }),
  }),
  route<Context>({
    operation: 'deleteZoneTransfers',
    method: 'DELETE',
    path: `${ZONES}/{zone_id}`,
    summary: 'Let what holds for all zones hold for this one again',
    permission: MANAGE,
    responses: { 204: null },
    handler: asOperator(MANAGE, async ({ params }, context) => {
      await removeZoneAccess(context, params.zone_id!)
      return { status: 204 }
    }),
  }),
]
