import { z } from 'zod'
import type { Context } from '../context.ts'
import { type Route, route } from '../http/route.ts'
import { createAuthorization, showAuthorization, verifyAuthorization } from './authorizations.ts'
import { createRetrieval, findRetrieval, showRetrieval, verifyRetrieval } from './retrievals.ts'
import {
  AuthorizationBody,
  AuthorizationRequestBody,
  authorizationBody,
  authorizationStatus,
  ClaimBody,
  RetrievalBody,
  RetrievalStateBody,
  retrievalBody,
  retrievalStateBody,
} from './schemas.ts'

const AUTHORIZATION = '/v2/authorize-txtrecord'
const RETRIEVAL = '/v2/retrieval'

/** Claims to public names of other accounts: to make a zone below one, and to take one over. */
export const claimRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'createAuthorizeTxtRecord',
    method: 'POST',
    path: AUTHORIZATION,
    summary: 'Ask to make a zone below a name of another account',
    permission: 'dns:zone:createAuthorizeTxtRecord',
    input: 'json',
    bodySchema: AuthorizationRequestBody,
    responses: { 200: AuthorizationBody },
    async handler({ tenant, body }, context) {
      return { status: 200, json: authorizationBody(await createAuthorization(context, tenant, body)) }
    },
  }),
  route<Context>({
    operation: 'showAuthorizeTxtRecord',
    method: 'GET',
    path: AUTHORIZATION,
    summary: 'Show the TXT record that authorises a sub-domain',
    permission: 'dns:zone:getAuthorizeTxtRecord',
    query: z.object({ zone_name: z.string() }),
    responses: { 200: AuthorizationBody },
    refusals: [404],
    async handler({ tenant, query }, context) {
      const claim = await showAuthorization(context, tenant, query.zone_name)
      return { status: 200, json: authorizationBody(claim) }
    },
  }),
  route<Context>({
    operation: 'createAuthorizeTxtRecordVerification',
    method: 'POST',
    path: `${AUTHORIZATION}/{id}/verify`,
    summary: 'Look for the TXT record that authorises a sub-domain',
    permission: 'dns:zone:createAuthorizeTxtRecord',
    responses: { 200: z.strictObject({ status: z.enum(['CREATED', 'VERIFIED']) }) },
    async handler({ tenant, params }, context) {
      const claim = await verifyAuthorization(context, tenant, params.id!)
      return { status: 200, json: { status: authorizationStatus(claim) } }
    },
  }),
  route<Context>({
    operation: 'createRetrieval',
    method: 'POST',
    path: RETRIEVAL,
    summary: 'Ask for a name that another account hosts',
    permission: 'dns:zone:createRetrieval',
    input: 'json',
    bodySchema: ClaimBody,
    responses: { 200: RetrievalBody },
    async handler({ tenant, body }, context) {
      const claim = await createRetrieval(context, tenant, body)
      return { status: 200, json: retrievalBody(claim, context.now()) }
    },
  }),
  route<Context>({
    operation: 'showRetrieval',
    method: 'GET',
    path: RETRIEVAL,
    summary: 'Show how far the taking over of a name is',
    permission: 'dns:zone:getRetrieval',
    query: z.object({ name: z.string() }),
    responses: { 200: RetrievalBody },
    refusals: [404],
    async handler({ tenant, query }, context) {
      const claim = await showRetrieval(context, tenant, query.name)
      return { status: 200, json: retrievalBody(claim, context.now()) }
    },
  }),
  route<Context>({
    operation: 'createRetrievalVerification',
    method: 'POST',
    path: `${RETRIEVAL}/verification/{id}`,
    summary: "Look for the TXT record that proves a name is the caller's, and take the zone over",
    permission: 'dns:zone:createRetrieval',
    responses: { 202: z.strictObject({ message: z.string() }) },
    async handler({ tenant, params }, context) {
      return { status: 202, json: { message: await verifyRetrieval(context, tenant, params.id!) } }
    },
  }),
  route<Context>({
    operation: 'showRetrievalVerification',
    method: 'GET',
    path: `${RETRIEVAL}/verification/{id}`,
    summary: 'Show whether a name has been taken over',
    permission: 'dns:zone:getRetrieval',
    responses: { 200: RetrievalStateBody },
    async handler({ tenant, params }, context) {
      const claim = await findRetrieval(context, tenant, params.id!)
      return { status: 200, json: retrievalStateBody(claim, context.now()) }
    },
  }),
]
