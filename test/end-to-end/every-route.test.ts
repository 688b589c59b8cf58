/**
 * Every route that /openapi.json names, with bodies, queries and ids that make no sense: no answer is a failure of ours, every refusal
 * has one of the documented shapes, and the service is as well afterwards as before.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Answer, type Service, startService } from '../support/service.ts'

interface Schema {
  readonly $ref?: string
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly anyOf?: readonly Schema[]
}

let service: Service
/** Ids that exist, for the parameters that name them. */
let ids: Readonly<Record<string, string>>
// biome-ignore lint/suspicious/noExplicitAny: the description of the API is read as it comes
let description: any

beforeAll(async () => {
  service = await startService()
  const zone = (await service.call('POST', '/v2/zones', { name: 'routes.example' })).json
  const body = { name: zone.name, type: 'A', records: ['192.0.2.1'] }
  const set = (await service.call('POST', `/v2/zones/${zone.id}/recordsets`, body)).json
  ids = { zone_id: zone.id, recordset_id: set.id, project_id: zone.project_id }
  description = (await service.call('GET', '/openapi.json')).json
}, 120_000)

afterAll(() => service?.stop())

const ODD: readonly unknown[] = [
  ...[
    null,
    0,
    -1,
    1.5,
    true,
    '',
    'x',
    [],
    {},
    [null],
    [[]],
    [5],
    [''],
    ['x'],
    [{}],
    '\ud800',
    'a'.repeat(5000),
  ],
  ...[1e308, 'ENABLE', 'public', { a: { b: [] } }, ['0'.repeat(32)], '0'.repeat(32)],
]

/** Bodies that are wrong in one place each, as deep as the schema goes. */
function* oddBodies(schema: Schema | undefined, depth = 0): Generator<unknown> {
  yield* ODD
  if (schema === undefined || depth > 4) return
  if (schema.$ref !== undefined) yield* oddBodies(resolved(schema.$ref), depth)
  for (const each of schema.anyOf ?? []) yield* oddBodies(each, depth + 1)
  if (schema.items !== undefined) for (const body of oddBodies(schema.items, depth + 1)) yield [body]
  for (const [name, each] of Object.entries(schema.properties ?? {}))
    for (const body of oddBodies(each, depth + 1)) yield { [name]: body }
}

const resolved = (reference: string): Schema =>
  reference
    .split('/')
    .slice(1)
    .reduce((node, name) => node[name], description)

const ODD_QUERIES = [
  ...['', '?limit=x', '?offset=-1', '?marker=%ff', '?status=x&type=y', '?name=%00', `?${'a=b&'.repeat(50)}`],
  ...[
    `?limit=1&marker=${'f'.repeat(32)}`,
    '?search_mode=like&name=%25_%5C&tags=a%7Cb,c&sort_key=name',
    '?__proto__=1',
  ],
]

function faultOf({ status, json }: Answer): string | undefined {
  if (status >= 500) return 'a failure of ours'
  if (status < 400 || json === undefined) return undefined
  const members = Object.keys(json).join()
  return ['code,message', 'error_code,error_msg,request_id', 'error'].includes(members)
    ? undefined
    : `members ${members}`
}

test('takes whatever comes', async () => {
  const faults: string[] = []
  let calls = 0
  const tryOne = async (method: string, path: string, body: unknown) => {
    calls++
    const answer = await service.call(method, path, body)
    const fault = faultOf(answer)
    if (fault !== undefined) faults.push(`${method} ${path} ${JSON.stringify(body)?.slice(0, 99)}: ${fault}`)
  }
  for (const [template, methods] of Object.entries<Record<string, object>>(description.paths)) {
    if (template === '/readyz') continue // answers 503 by design while no edge is there
    for (const [method, operation] of Object.entries(methods)) {
      const isRemoval = method === 'delete'
      const at = (unknown: string, isKnown: boolean) =>
        template.replace(/\{(\w+)\}/g, (_, name) => (isKnown && ids[name]) || unknown)
      // What exists must go on to exist, for the routes after this one.
      const targets = [at('f'.repeat(32), !isRemoval), at('x%20y', false), at('%ff', false)]
      if (method === 'get' || method === 'head') {
        const each = targets.flatMap((target) => ODD_QUERIES.map((query) => target + query))
        await Promise.all(each.map((target) => tryOne(method.toUpperCase(), target, undefined)))
        continue
      }
      // A log-out is of the token that all of this is done with.
      if (isRemoval && template.startsWith('/v3/auth')) continue
      const { requestBody } = operation as { requestBody?: { content: Record<string, { schema: Schema }> } }
      const schema = requestBody?.content['application/json']?.schema
      const [first, ...others] = targets
      const bodies = [undefined, ...(schema === undefined ? ODD.slice(0, 4) : oddBodies(schema))]
      for (let from = 0; from < bodies.length; from += 50)
        await Promise.all(
          bodies.slice(from, from + 50).map((body) => tryOne(method.toUpperCase(), first!, body)),
        )
      for (const target of others) await tryOne(method.toUpperCase(), target, {})
    }
  }
  expect(faults).toEqual([])
  expect(calls).toBeGreaterThan(2000)
  expect((await service.call('GET', `/v2/zones/${ids.zone_id}`)).json.status).toBeOneOf(['ACTIVE', 'DISABLE'])
  expect((await service.call('GET', '/readyz')).status).toBe(200)
  const failures = (await service.output()).split('\n').filter((line) => line.includes('"level":"error"'))
  expect(failures).toEqual([])
}, 120_000)
