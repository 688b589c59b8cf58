// needs: initdb postgres
/**
 * Requests that schemathesis does not make: every operation gets bodies that are no JSON, too deep, too large or of the
 * wrong media type, paths with broken escapes, and names of any length. Each answer is one that /openapi.json lists, in its
 * shape, on both databases.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { type Service, startService } from '../support/service.ts'
import { describedAnswers, type Operation } from './described-answers.ts'

let service: Service
let operations: readonly Operation[]
let faultOf: ReturnType<typeof describedAnswers>['faultOf']
/** Ids that exist, for the parameters that name them. */
let ids: Readonly<Record<string, string>>
const UNKNOWN = '0123456789abcdef0123456789abcdef'

/** Largest body that the service under test takes; uploads have their own limits. */
const BODY_BYTES = 1_000_000

const octets = (text: string): Uint8Array => new TextEncoder().encode(text)
/** With ids that exist; what would be removed by that is named by an id that nothing has. */
const pathOf = ({ method, path }: Operation, value?: string): string =>
  path.replace(/\{(\w+)\}/g, (_, name) =>
    name === 'project_id'
      ? service.credentials.project_id!
      : (value ?? (method === 'DELETE' ? UNKNOWN : (ids[name] ?? UNKNOWN))),
  )

interface Attempt {
  readonly path?: string
  readonly body?: Uint8Array
  readonly headers?: Record<string, string>
  /** Statuses that it must be answered with; any described one without. */
  readonly wanted?: readonly number[]
}

/** Sends to each operation what `requests` makes of it, and gives the answers that are not described. */
async function faultsOf(requests: (operation: Operation) => readonly Attempt[]): Promise<string[]> {
  const faults: string[] = []
  for (const operation of operations) {
    // It would end the token of this test.
    if (operation.name === 'deleteToken') continue
    for (const { path = pathOf(operation), body, headers, wanted } of requests(operation)) {
      const answer = await service.call(operation.method, path, body, headers)
      const fault = faultOf(operation, answer)
      const shown = `${operation.name} ${path.slice(0, 100)} ${new TextDecoder().decode(body?.slice(0, 40))}`
      if (fault !== undefined) faults.push(`${shown}: ${fault}`)
      else if (wanted !== undefined && !wanted.includes(answer.status))
        faults.push(`${shown}: ${answer.status} ${JSON.stringify(answer.json)?.slice(0, 200)}`)
    }
  }
  return faults
}

const REFUSED = [400, 403, 404, 413]

describe.each(['SQLite', 'PostgreSQL'])('%s', (engine) => {
  let postgres: PostgresServer | undefined

  beforeAll(async () => {
    postgres = engine === 'PostgreSQL' ? await startPostgres() : undefined
    const database = postgres === undefined ? [] : ['--database', await postgres.createDatabase()]
    service = await startService({ args: ['--body-bytes', String(BODY_BYTES), ...database] })
    const described = describedAnswers((await service.call('GET', '/openapi.json')).json)
    operations = described.operations
    faultOf = described.faultOf
    const zone = (await service.call('POST', '/v2/zones', { name: 'malformed.example' })).json
    const body = { name: zone.name, type: 'A', records: ['192.0.2.1'] }
    const set = (await service.call('POST', `/v2/zones/${zone.id}/recordsets`, body)).json
    ids = { zone_id: zone.id, recordset_id: set.id, resource_type: 'DNS-public_zone', resource_id: zone.id }
  }, 120_000)

  afterAll(async () => {
    await service?.stop()
    await postgres?.stop()
  })

  test('bodies that are no JSON', async () => {
    const broken = ['', '{', 'null', '[]', '5', '"x"', '{"a":}', '{} x', '\u0000', '{"a":"\\u0000"}'].map(
      octets,
    )
    broken.push(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))
    const faults = await faultsOf(({ hasJsonBody }) =>
      hasJsonBody ? broken.map((body) => ({ body, wanted: REFUSED })) : [],
    )
    expect(faults).toEqual([])
  })

  test('bodies of any depth and any text', async () => {
    const deep = 20_000
    const bodies = [
      `${'['.repeat(deep)}${']'.repeat(deep)}`,
      `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`,
      `{"name":${'['.repeat(deep)}${']'.repeat(deep)}}`,
      '{"name":"\\ud800","type":"\\udfff","description":"\\ud800","records":["\\"\\ud800\\""]}',
      '{"__proto__":{"name":"x"},"constructor":{"prototype":{}}}',
      `{"name":"${'a'.repeat(200_000)}"}`,
      `{${Array.from({ length: 10_000 }, (_, i) => `"m${i}":0`).join()}}`,
    ].map(octets)
    expect(
      await faultsOf(({ hasJsonBody }) => (hasJsonBody ? bodies.map((body) => ({ body })) : [])),
    ).toEqual([])
  })

  test('bodies that are too large', async () => {
    const body = new Uint8Array(BODY_BYTES + 1).fill(32)
    const faults = await faultsOf(({ hasJsonBody }) => (hasJsonBody ? [{ body, wanted: [413] }] : []))
    expect(faults).toEqual([])
  })

  test('media types that have nothing to do with the body', async () => {
    const faults = await faultsOf(({ hasBody }) =>
      (hasBody
        ? ['text/html', 'application/xml; charset=utf-16', 'multipart/form-data', 'nonsense', ';']
        : []
      ).map((type) => ({ body: octets('{}'), headers: { 'Content-Type': type } })),
    )
    expect(faults).toEqual([])
  })

  test('paths with broken escapes, and names of any length', async () => {
    const odd = [
      '%zz',
      '%',
      '%ff',
      '%00',
      '%ed%a0%80',
      '%2f',
      'a'.repeat(3000),
      '%F0%9F%98%80',
      "'--",
      '%0d%0a',
    ]
    const faults = await faultsOf((operation) =>
      /\{(?!project_id)/.test(operation.path) ? odd.map((value) => ({ path: pathOf(operation, value) })) : [],
    )
    expect(faults).toEqual([])
  })

  test('queries that say nothing the operation knows', async () => {
    const odd = [
      '%00=1',
      'limit=%00',
      'limit=%zz&offset=%ff',
      'marker=%ed%a0%80',
      'x'.repeat(10_000),
      '&&==&',
      '?a=b',
      '__proto__=1',
    ]
    odd.push(
      'limit=9999999999999999999',
      'limit=1e2',
      'limit=0x10',
      'limit=%20',
      'limit=-0',
      'limit=1&limit=2',
      'sort_key=__proto__',
    )
    odd.push(
      'status=%F0%9F%98%80',
      'type=constructor',
      'search_mode=toString',
      'tags=%7C%7C,,',
      'locale=__proto__',
      'format=__proto__',
    )
    const faults = await faultsOf((operation) =>
      odd.map((query) => ({ path: `${pathOf(operation)}?${query}` })),
    )
    expect(faults).toEqual([])
  })

  test('callers who are nobody', async () => {
    const faults = await faultsOf(({ isOpen }): readonly Attempt[] =>
      isOpen
        ? []
        : [
            { headers: { 'X-Auth-Token': '' }, wanted: [401] },
            { headers: { 'X-Auth-Token': 'x'.repeat(10_000) }, wanted: [401] },
            {
              headers: {
                'X-Auth-Token': '',
                Authorization: 'SDK-HMAC-SHA256 Access=, SignedHeaders=, Signature=',
              },
              wanted: [401],
            },
          ],
    )
    expect(faults).toEqual([])
  })

  test('none of it was a failure of the server', async () => {
    const failures = (await service.output()).split('\n').filter((line) => line.includes('"level":"error"'))
    expect(failures).toEqual([])
  })
})
