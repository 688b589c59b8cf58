import type { Route } from './route.ts'

const text = { type: 'string' }
const members = (properties: Readonly<Record<string, object>>): object => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
  additionalProperties: false,
})

/** The three shapes of a refusal, for `components.schemas`. */
export const FAILURE_SCHEMAS = {
  Failure: members({ code: text, message: text }),
  GatewayFailure: {
    ...members({ error_code: text, error_msg: text, request_id: text }),
    description: 'Refused before the service proper: routing, authentication, sizes, rates.',
  },
  IdentityFailure: {
    ...members({ error: members({ code: { type: 'integer' }, message: text, title: text }) }),
    description: 'Of the identity API, below /v3.',
  },
} as const

type Shape = keyof typeof FAILURE_SCHEMAS

/**
 * The refusals that a route can answer, by status. What the platform does before the handler follows from the shape of the
 * route; a handler adds 404 and 409 where there is something to name or to change, and what the route lists in `refusals`.
 */
export function failuresOf<Services>(route: Route<Services>): Record<string, object> {
  const { method, path, permission, refusals = [] } = route
  const isRead = method === 'GET' || method === 'HEAD'
  const service: readonly Shape[] = path.startsWith('/v3') ? ['Failure', 'IdentityFailure'] : ['Failure']
  const either: readonly Shape[] = [...service, 'GatewayFailure']
  const shapes: Record<number, readonly Shape[]> = { 400: either, 500: service }
  if (permission !== 'none') Object.assign(shapes, { 401: either, 403: either, 429: either })
  else if (!path.startsWith('/healthz')) shapes[429] = either
  const namesSomething = /\{(?!project_id\})/.test(path) || (!isRead && route.input !== undefined)
  // An escape in the path that is no UTF-8 leads nowhere.
  if (namesSomething || path.includes('{')) shapes[404] = either
  if (!isRead) Object.assign(shapes, { 409: service, 413: either })
  for (const status of refusals) shapes[status] = either
  // Of the server that reads the requests, not of the service.
  shapes[431] = []
  return Object.fromEntries(
    Object.entries(shapes).map(([status, each]) => [
      status,
      {
        description: DESCRIPTIONS[Number(status)],
        ...(Number(status) === 429 ? { headers: { 'Retry-After': { schema: { type: 'string' } } } } : {}),
        ...(method === 'HEAD' || each.length === 0
          ? {}
          : { content: { 'application/json': { schema: anyOf(each) } } }),
      },
    ]),
  )
}

const anyOf = (shapes: readonly Shape[]): object => {
  const references = shapes.map((shape) => ({ $ref: `#/components/schemas/${shape}` }))
  return references.length === 1 ? references[0]! : { anyOf: references }
}

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'The request is invalid.',
  401: 'The caller is not authenticated.',
  403: 'The caller may not do this, or a quota is used up.',
  404: 'What the request names does not exist.',
  409: 'The request conflicts with what there is, or with what is going on.',
  413: 'The body is too large.',
  429: 'Too many requests; Retry-After tells the seconds to wait.',
  431: 'Path, query and headers are too long together.',
  500: 'A failure of the server.',
}
