import { z } from 'zod'
import type { Route } from './route.ts'

/** The description of the routes as an OpenAPI 3.1 document, made from the table that serves them. */
export function openApiDocument<Services>(routes: readonly Route<Services>[], version: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    paths[route.path] ??= {}
    paths[route.path]![route.method.toLowerCase()] = operation(route)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Waymark',
      version,
      description:
        'DNS API v2 and v2.1, the identity calls its clients make, and the extensions under /waymark/v1.',
    },
    paths,
    components: {
      securitySchemes: {
        token: { type: 'apiKey', in: 'header', name: 'X-Auth-Token' },
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'SDK-HMAC-SHA256 or V11-HMAC-SHA256, with X-Sdk-Date.',
        },
      },
    },
  }
}

function operation<Services>(route: Route<Services>): object {
  const body = requestBody(route)
  return {
    operationId: route.operation,
    summary: route.summary,
    parameters: [...pathParameters(route.path), ...queryParameters(route.query)],
    ...(body === undefined ? {} : { requestBody: body }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.responses).map(([status, schema]) => [
          status,
          {
            description: 'Done.',
            ...(schema === null
              ? {}
              : { content: { 'application/json': { schema: jsonSchema(schema, 'output') } } }),
          },
        ]),
      ),
      default: {
        description: 'Failed: `code` and `message`.',
        content: { 'application/json': { schema: FAILURE } },
      },
    },
    security: route.permission === 'none' ? [] : [{ token: [] }, { signature: [] }],
  }
}

const FAILURE = {
  type: 'object',
  properties: { code: { type: 'string' }, message: { type: 'string' } },
}

const pathParameters = (path: string): object[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))

function queryParameters(schema: z.ZodType | undefined): object[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, object>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: property,
  }))
}

function requestBody<Services>(route: Route<Services>): object | undefined {
  if (route.input === 'upload')
    return {
      content: {
        'multipart/form-data': {
          schema: {
            type: 'object',
            required: ['uploadfile'],
            properties: { uploadfile: { type: 'string', contentMediaType: 'application/octet-stream' } },
          },
        },
      },
    }
  if (route.bodySchema !== undefined)
    return { content: { 'application/json': { schema: jsonSchema(route.bodySchema, 'input') } } }
  if (route.input === 'raw') return { content: { 'application/octet-stream': {} } }
  return undefined
}

/** OpenAPI 3.1 schemas are JSON Schema 2020-12; parts that it cannot express become "anything". */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
