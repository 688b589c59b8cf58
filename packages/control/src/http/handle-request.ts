import { recorded } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import { ApiError, apiError, failure } from '../errors.ts'
import type { EdgePositions } from '../feed/edge-positions.ts'
import type { ZoneScope } from '../store/access-calls.ts'
import type { Identities } from '../tenants/identities.ts'
import { IdentityError } from '../tenants/identity-error.ts'
import { coversPath, EVERY_ZONE, NO_PERMISSIONS, type Permissions } from '../tenants/permissions.ts'
import { authenticate } from './authenticate.ts'
import { queryMeant } from './designate.ts'
import { GatewayError, ThrottledError } from './gateway-error.ts'
import type { Metrics } from './metrics.ts'
import { checkPathIds } from './path-ids.ts'
import { RateLimit } from './rate-limit.ts'
import { discardBody, parseJsonBody, parseUpload, readBody } from './read-body.ts'
import { ReplyError } from './reply-error.ts'
import { baseUrlOf, forwardedFor, type RequestHead, readHead, readQuery } from './request-head.ts'
import type { Call, Principal, Reply, Route } from './route.ts'
import { Router } from './router.ts'

/** Characters of method and target in the audit log. */
const MAX_SHOWN_REQUEST = 1000

/** Room for the boundaries and part headers around an uploaded file. */
const MULTIPART_MARGIN_BYTES = 64 * 1024

/** Stands in for the caller of a route that asks for no authentication. */
const NOBODY: Principal = {
  domainId: '',
  projectId: '',
  userId: '',
  userName: '',
  domainName: '',
  via: 'token',
}

/** What the handling of requests rests on. */
export interface Platform {
  readonly context: Context
  readonly identities: Identities
  readonly metrics: Metrics
  readonly routes: readonly Route<Context>[]
  readonly edges: EdgePositions
}

export type RequestHandler = (request: Request, clientAddress?: string) => Promise<Response>

/**
 * The whole life of a request. Order of checks, first failure wins: route, authentication, size of the body, form of the
 * ids, permission, body; then the handler.
 */
export function createRequestHandler(platform: Platform): RequestHandler {
  const router = new Router(platform.routes)
  const { log, settings, now } = platform.context
  const limits: Limits = {
    byAddress: new RateLimit(settings.addressRate, now),
    byAccount: new RateLimit(settings.accountRate, now),
  }
  return async (request, peerAddress) => {
    const startedAt = performance.now()
    const requestId = crypto.randomUUID().replaceAll('-', '')
    const head = readHead(request)
    const clientAddress = settings.behindProxy ? (forwardedFor(head.headers) ?? peerAddress) : peerAddress
    let operation = 'none'
    let response: Response
    try {
      const match = router.find(head.method, head.path)
      if (match === undefined) throw new GatewayError('ROUTE_UNKNOWN')
      operation = match.route.operation
      if (!QUIET.has(operation)) throttle(limits.byAddress, clientAddress ?? '')
      const call = await readCall(platform, match, request, head, requestId, clientAddress)
      if (call.principal !== NOBODY) throttle(limits.byAccount, call.principal.domainId)
      response = toResponse(await perform(match.route, call, platform), requestId)
    } catch (error) {
      response = failureResponse(error, requestId)
      await discardBody(request)
      if (response.status === 500)
        log.error({ requestId, operation, path: head.path, err: error }, 'request failed')
    }
    // Clients of the identity API print this header when a look-up gives no project.
    if (head.path.startsWith('/v3')) response.headers.set('X-IAM-Trace-Id', requestId)
    const ms = performance.now() - startedAt
    platform.metrics.record(operation, response.status, ms / 1000)
    const line = {
      method: head.method,
      path: head.path,
      status: response.status,
      ms: Math.round(ms * 100) / 100,
      requestId,
    }
    if (QUIET.has(operation)) log.debug(line, 'request')
    else log.info(line, 'request')
    return response
  }
}

/**
 * Calls the handler; what it writes goes into the audit log under the caller's name. The answer comes when the edges serve
 * what was published, or shortly after at the latest: whoever adds a record for a challenge has it asked for at once.
 */
async function perform(route: Route<Context>, call: Call, { context, edges }: Platform): Promise<Reply> {
  if (route.method === 'GET' || route.method === 'HEAD' || call.principal === NOBODY)
    return route.handler(call, context)
  const { domainId, projectId, userId, userName } = call.principal
  const caller = {
    ...{ domainId, projectId, userId, userName },
    address: call.clientAddress ?? '',
    requestId: call.requestId,
    operation: route.operation,
    request: `${route.method} ${call.target}`.slice(0, MAX_SHOWN_REQUEST),
  }
  const { result, feedSeq } = await recorded(caller, () => route.handler(call, context))
  const { answerWaitMs } = context.settings
  if (feedSeq > 0 && answerWaitMs > 0 && edges.all().length > 0)
    await edges.whenAnswered(feedSeq, answerWaitMs)
  return result
}

interface Limits {
  readonly byAddress: RateLimit
  readonly byAccount: RateLimit
}

function throttle(limit: RateLimit, key: string): void {
  const seconds = limit.take(key)
  if (seconds > 0) throw new ThrottledError(seconds)
}

/** Operations that monitors repeat for ever: logged at debug level. */
const QUIET = new Set(['healthz', 'readyz', 'metrics'])

async function readCall(
  { context, identities }: Platform,
  { route, params }: { readonly route: Route<Context>; readonly params: Readonly<Record<string, string>> },
  request: Request,
  head: RequestHead,
  requestId: string,
  clientAddress: string | undefined,
): Promise<Call> {
  const { settings } = context
  const claim =
    route.permission === 'none' ? undefined : await authenticate(head, identities, settings, context.now())
  const octets = await readBody(request, bodyLimit(route, context), () =>
    route.input === 'upload' ? apiError('FILE_TOO_LARGE') : new GatewayError('BODY_TOO_LARGE'),
  )
  claim?.confirm(octets)
  const principal = claim?.principal ?? NOBODY
  checkPathIds(params)
  if (params.project_id !== undefined && params.project_id !== principal.projectId)
    throw apiError('PROJECT_FOREIGN')
  const zones = permittedZones(route, claim?.permissions ?? NO_PERMISSIONS, params)
  return {
    params,
    query: queryMeant(readQuery(head.rawQuery), head.headers),
    body: await readInput(route, octets, head.headers),
    headers: head.headers,
    principal,
    tenant: zones === EVERY_ZONE ? principal : { ...principal, zones },
    requestId,
    baseUrl: baseUrlOf(head, settings.publicUrl),
    target: head.target,
    clientAddress,
  }
}

/** The zones in which the caller may do what the route does. Throws POLICY_DENIED. */
function permittedZones(
  { path, permission: action }: Route<Context>,
  permissions: Permissions,
  params: Readonly<Record<string, string>>,
): ZoneScope {
  if (action === null || action === 'none') return EVERY_ZONE
  const zones = permissions.scopeOf(action)
  if (zones !== undefined && coversPath(zones, params)) return zones
  if (path.startsWith('/v3/'))
    throw new IdentityError(403, `You are not authorized to perform the requested action: ${action}.`)
  throw apiError('POLICY_DENIED', { action })
}

function bodyLimit(route: Route<Context>, { settings }: Context): number {
  if (typeof route.maxBodyBytes === 'function') return route.maxBodyBytes(settings)
  if (route.maxBodyBytes !== undefined) return route.maxBodyBytes
  return route.input === 'upload' ? settings.importBytes + MULTIPART_MARGIN_BYTES : settings.bodyBytes
}

function readInput(route: Route<Context>, octets: Uint8Array, headers: Headers): unknown {
  switch (route.input) {
    case 'json':
      return parseJsonBody(octets)
    case 'upload':
      return parseUpload(octets, headers.get('content-type'))
    case 'raw':
      return octets
    default:
      return undefined
  }
}

function toResponse(reply: Reply, requestId: string): Response {
  const headers: Record<string, string> = { 'X-Request-Id': requestId }
  if ('json' in reply) {
    headers['Content-Type'] = 'application/json'
    return new Response(JSON.stringify(reply.json), {
      status: reply.status,
      headers: Object.assign(headers, reply.headers),
    })
  }
  return new Response('bytes' in reply ? (reply.bytes as Uint8Array<ArrayBuffer>) : null, {
    status: reply.status,
    headers: Object.assign(headers, reply.headers),
  })
}

/** Longest message of an error (API: ErrorResponse). Only those that repeat all values of a record set come near it. */
const MAX_MESSAGE = 512

const shortened = (message: string): string =>
  message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE - 1).toWellFormed()}…`

function failureResponse(error: unknown, requestId: string): Response {
  if (error instanceof ReplyError)
    return toResponse(
      { status: error.status, json: error.body(requestId), headers: error.headers },
      requestId,
    )
  const { status, code, message } = error instanceof ApiError ? error.failure : failure('INTERNAL')
  return toResponse({ status, json: { code, message: shortened(message) } }, requestId)
}
