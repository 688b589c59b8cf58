import { z } from 'zod'
import { FAILURE_SCHEMAS, failuresOf } from './openapi-failures.ts'
import { ID_FORMS } from './path-ids.ts'
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
        'DNS API v2 and v2.1, the identity calls its clients make, and the extensions under /waymark/v1. ' +
        'Bodies are read as what the operation takes, whatever Content-Type says, but for uploads. ' +
        'A query value that is empty counts as not sent, and names that an operation does not know are ignored.',
    },
    paths,
    components: {
      schemas: FAILURE_SCHEMAS,
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
    parameters: [
      ...pathParameters(route.path),
      ...queryParameters(route.query),
      ...headerParameters(route.needsHeaders),
    ],
    ...(body === undefined ? {} : { requestBody: body }),
    responses: { ...failuresOf(route), ...successes(route) },
    security: route.permission === 'none' ? [] : [{ token: [] }, { signature: [] }],
  }
}

function successes<Services>({ responses, media = [], headers = [] }: Route<Services>): object {
  const sent = Object.fromEntries(
    ['X-Request-Id', ...headers].map((name) => [name, { schema: { type: 'string' } }]),
  )
  return Object.fromEntries(
    Object.entries(responses).map(([status, schema]) => {
      const content = {
        ...(schema === null ? {} : { 'application/json': { schema: jsonSchema(schema, 'output') } }),
        ...Object.fromEntries(media.map((type) => [type, {}])),
      }
      const hasContent = Object.keys(content).length > 0
      return [status, { description: 'Done.', headers: sent, ...(hasContent ? { content } : {}) }]
    }),
  )
}

const pathParameters = (path: string): object[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', ...formOf(name!) },
  }))

const formOf = (name: string): object =>
  ID_FORMS[name] === undefined ? { minLength: 1 } : { pattern: ID_FORMS[name][0].source }

/** As the values are after reading: on the wire all of them are texts. */
function queryParameters(schema: z.ZodType | undefined): object[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = jsonSchema(schema, 'output') as Partial<ObjectSchema>
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    allowEmptyValue: true,
    schema: property,
  }))
}

const headerParameters = (names: readonly string[] = []): object[] =>
  names.map((name) => ({ name, in: 'header', required: true, schema: { type: 'string' } }))

function requestBody<Services>(route: Route<Services>): object | undefined {
  if (route.input === 'upload')
    return {
      required: true,
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
  if (route.bodySchema !== undefined) {
    const plain = jsonSchema(route.bodySchema, 'input')
    // The identity API takes a null for a wrong type.
    const schema: Partial<ObjectSchema> = route.path.startsWith('/v3') ? plain : withNulls(plain)
    const isRequired = (schema.required ?? []).length > 0
    return { required: isRequired, content: { 'application/json': { schema } } }
  }
  if (route.input === 'raw') return { required: true, content: { 'application/octet-stream': {} } }
  return undefined
}

/** Optional members may be null, which says the same as their absence; where unknown members are refused, so is null. */
function withNulls(schema: unknown): object {
  if (typeof schema !== 'object' || schema === null) return schema as never
  if (Array.isArray(schema)) return schema.map(withNulls)
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withNulls(value)]))
  const { properties, required = [], additionalProperties } = copy as Partial<ObjectSchema>
  if (properties === undefined || additionalProperties === false) return copy
  copy.properties = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [
      name,
      required.includes(name) ? property : { anyOf: [property, { type: 'null' }] },
    ]),
  )
  return copy
}

interface ObjectSchema {
  readonly properties: Readonly<Record<string, object>>
  readonly required: readonly string[]
  readonly additionalProperties: unknown
}

/** OpenAPI 3.1 schemas are JSON Schema 2020-12; parts that it cannot express become "anything". */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    // The range of exact numbers is no rule of the API.
    override({ jsonSchema: each }) {
      if (each.maximum === Number.MAX_SAFE_INTEGER) delete each.maximum
      if (each.minimum === Number.MIN_SAFE_INTEGER) delete each.minimum
    },
  })
  return rest
}
