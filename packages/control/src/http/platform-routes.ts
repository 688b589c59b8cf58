import { z } from 'zod'
import type { Context } from '../context.ts'
import { apiError } from '../errors.ts'
import type { EdgePositions } from '../feed/edge-positions.ts'
import { identityTime, issueToken } from '../tenants/tokens.ts'
import type { Metrics } from './metrics.ts'
import { openApiDocument } from './openapi.ts'
import { type Route, route } from './route.ts'

const Readiness = z.object({ ready: z.boolean(), store: z.boolean(), edges: z.int() })
const WhoAmI = z.object({
  user: z.object({ id: z.string(), name: z.string() }),
  account: z.object({ id: z.string(), name: z.string() }),
  project: z.object({ id: z.string(), name: z.string() }),
  via: z.enum(['signature', 'token']),
  version: z.string(),
})
const IssuedToken = z.object({ token: z.string(), expires_at: z.string() })
const Edges = z.object({
  newest: z.int(),
  edges: z.array(z.looseObject({ id: z.string(), seq: z.int() })),
})

export interface PlatformRouteOptions {
  readonly metrics: Metrics
  readonly edges: EdgePositions
  /** Newest entry of the feed when this node started: ready means that an edge answers it. */
  readonly readySeq: number
  readonly version: string
  /** The whole table, this part included: it is described when first asked for. */
  readonly table: () => readonly Route<Context>[]
}

/** What operators and our own tools ask of the server itself. */
export function platformRoutes({
  metrics,
  edges,
  readySeq,
  version,
  table,
}: PlatformRouteOptions): Route<Context>[] {
  let document: Uint8Array | undefined
  return [
    route({
      operation: 'healthz',
      method: 'GET',
      path: '/healthz',
      summary: 'Whether the process lives',
      permission: 'none',
      responses: { 200: z.object({ status: z.string() }) },
      handler: () => ({ status: 200, json: { status: 'ok' } }),
    }),
    route({
      operation: 'readyz',
      method: 'GET',
      path: '/readyz',
      summary: 'Whether changes are taken and an edge answers: 200, else 503',
      permission: 'none',
      responses: { 200: Readiness, 503: Readiness },
      handler: async (_call, { store, log }) => {
        const isStoreUp = await store.ping().then(
          () => true,
          (error) => {
            log.warn({ err: error }, 'store cannot be reached')
            return false
          },
        )
        const ready = isStoreUp && edges.isPresumedAnswered(readySeq)
        return {
          status: ready ? 200 : 503,
          json: { ready, store: isStoreUp, edges: edges.presumed().length },
        }
      },
    }),
    route({
      operation: 'metrics',
      method: 'GET',
      path: '/metrics',
      summary: 'Metrics in Prometheus text',
      permission: 'none',
      responses: { 200: null },
      media: ['text/plain'],
      handler: async (_call, { store }) => {
        const { text, contentType } = await metrics.render(store, edges)
        return {
          status: 200,
          bytes: new TextEncoder().encode(text),
          headers: { 'Content-Type': contentType },
        }
      },
    }),
    route({
      operation: 'openapi',
      method: 'GET',
      path: '/openapi.json',
      summary: 'This description',
      permission: 'none',
      responses: { 200: z.record(z.string(), z.unknown()) },
      handler: () => {
        document ??= new TextEncoder().encode(JSON.stringify(openApiDocument(table(), version)))
        return { status: 200, bytes: document, headers: { 'Content-Type': 'application/json' } }
      },
    }),
    route({
      operation: 'whoAmI',
      method: 'GET',
      path: '/waymark/v1/whoami',
      summary: 'Who the server takes the caller for',
      permission: null,
      responses: { 200: WhoAmI },
      handler: async ({ principal }, { store }) => ({
        status: 200,
        json: {
          user: { id: principal.userId, name: principal.userName },
          account: { id: principal.domainId, name: principal.domainName },
          project: {
            id: principal.projectId,
            name: (await store.findProject(principal.projectId))?.name ?? '',
          },
          via: principal.via,
          version,
        },
      }),
    }),
    route({
      operation: 'issueToken',
      method: 'POST',
      path: '/waymark/v1/tokens',
      summary: 'A token for the caller and its project, for programs that cannot sign requests',
      permission: null,
      responses: { 201: IssuedToken },
      handler: async ({ principal }, { store, settings, now }) => {
        // A token that makes tokens would never expire.
        if (principal.via === 'token') throw apiError('POLICY_DENIED', { action: 'waymark:token:issue' })
        const { userId, domainId, projectId } = principal
        const grant = { userId, domainId, projectId, methods: ['signature'] }
        const { text, token } = await issueToken(store, grant, now(), settings.tokenLifetimeMs)
        return { status: 201, json: { token: text, expires_at: identityTime(token.expiresAt) } }
      },
    }),
    route({
      operation: 'listEdges',
      method: 'GET',
      path: '/waymark/v1/edges',
      summary: 'The edges that follow the feed, and how far each of them is',
      permission: null,
      responses: { 200: Edges },
      handler: async (_call, { store }) => ({
        status: 200,
        json: { newest: (await store.feedBounds()).newest, edges: edges.all() },
      }),
    }),
  ]
}
