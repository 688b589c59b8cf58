import { expect, test } from 'bun:test'
import { z } from 'zod'
import { openApiDocument } from './openapi.ts'
import { type Route, route } from './route.ts'

const base = { operation: 'x', summary: 'x', responses: {}, handler: () => ({ status: 204 as const }) }
const get = { ...base, method: 'GET', permission: 'dns:x:get' } as const

// biome-ignore lint/suspicious/noExplicitAny: a document is looked into
function described(definition: Route<object>): any {
  const { path, method } = definition
  const document = openApiDocument([route(definition)], '1') as {
    paths: Record<string, Record<string, object>>
  }
  return document.paths[path]![method.toLowerCase()]
}

const statusesOf = (definition: Route<object>): string => Object.keys(described(definition).responses).join()

test('the refusals of a route follow from what it is', () => {
  expect(statusesOf({ ...get, path: '/healthz', permission: 'none' })).toBe('400,431,500')
  expect(statusesOf({ ...get, path: '/v2/x' })).toBe('400,401,403,429,431,500')
  expect(statusesOf({ ...get, path: '/v2/x/{zone_id}' })).toBe('400,401,403,404,429,431,500')
  expect(statusesOf({ ...get, method: 'DELETE', path: '/v2/x/{zone_id}' })).toBe(
    '400,401,403,404,409,413,429,431,500',
  )
  expect(statusesOf({ ...get, path: '/v2/x', refusals: [404] })).toContain('404')
})

test('each refusal has the shapes of those who make it', () => {
  const { responses } = described({ ...get, path: '/v3/x/{id}' })
  const shapes = (status: number) => JSON.stringify(responses[status].content['application/json'].schema)
  expect(shapes(404)).toContain('IdentityFailure')
  expect(shapes(404)).toContain('GatewayFailure')
  expect(responses[429].headers['Retry-After']).toBeDefined()
})

test('ids in the path have their form, and the headers that are needed are named', () => {
  const { parameters } = described({ ...get, path: '/v2/x/{zone_id}/{key}', needsHeaders: ['X-Y'] })
  expect(parameters).toEqual([
    { name: 'zone_id', in: 'path', required: true, schema: { type: 'string', pattern: '^[0-9a-zA-Z]{32}$' } },
    { name: 'key', in: 'path', required: true, schema: { type: 'string', minLength: 1 } },
    { name: 'X-Y', in: 'header', required: true, schema: { type: 'string' } },
  ])
})

test('a query value may be empty, and has the range of the API alone', () => {
  const query = z.object({ limit: z.int().max(500).optional(), offset: z.int().min(0).optional() })
  expect(described({ ...get, path: '/v2/x', query }).parameters).toEqual([
    {
      name: 'limit',
      in: 'query',
      required: false,
      allowEmptyValue: true,
      schema: { type: 'integer', maximum: 500 },
    },
    {
      name: 'offset',
      in: 'query',
      required: false,
      allowEmptyValue: true,
      schema: { type: 'integer', minimum: 0 },
    },
  ])
})

test('an optional member of a body may be null, unless unknown members are refused', () => {
  const of = (bodySchema: z.ZodType, path = '/v2/x') =>
    described({ ...get, method: 'POST', path, input: 'json', bodySchema }).requestBody
  const members = { a: z.string(), b: z.string().optional() }
  const loose = of(z.looseObject(members))
  expect(loose.required).toBe(true)
  expect(loose.content['application/json'].schema.properties).toEqual({
    a: { type: 'string' },
    b: { anyOf: [{ type: 'string' }, { type: 'null' }] },
  })
  const plain = { a: { type: 'string' }, b: { type: 'string' } }
  expect(of(z.strictObject(members)).content['application/json'].schema.properties).toEqual(plain)
  expect(of(z.object(members), '/v3/x').content['application/json'].schema.properties).toEqual(plain)
  expect(of(z.looseObject({ b: z.string().optional() })).required).toBe(false)
})

test('files have their media types', () => {
  const { responses } = described({ ...get, path: '/v2/x', responses: { 200: null }, media: ['text/csv'] })
  expect(responses[200].content).toEqual({ 'text/csv': {} })
})
