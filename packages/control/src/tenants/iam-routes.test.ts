import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { route } from '../http/route.ts'
import { signedFetch, startTestPlatform, type TestPlatform } from '../http/test-platform.ts'
import { versionRoutes } from '../http/version-routes.ts'
import { iamRoutes } from './iam-routes.ts'

const DAY_MS = 24 * 60 * 60_000
let platform: TestPlatform

beforeAll(async () => {
  platform = await startTestPlatform((context, identities) => [
    ...iamRoutes(context, identities),
    ...versionRoutes,
    route({
      operation: 'who',
      method: 'GET',
      path: '/who',
      summary: 'test',
      permission: null,
      responses: { 200: z.unknown() },
      handler: ({ principal }) => ({ status: 200, json: principal }),
    }),
  ])
})
afterAll(() => platform.stop())

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
const json = async (response: Response): Promise<any> => response.json()
const logIn = (auth: unknown, query = '') =>
  fetch(`${platform.url}/v3/auth/tokens${query}`, { method: 'POST', body: JSON.stringify({ auth }) })
const password = (user: object, scope?: object) => ({
  identity: { methods: ['password'], password: { user } },
  scope,
})
const admin = () => ({
  name: 'admin',
  password: platform.credentials.password,
  domain: { name: platform.credentials.domain },
})
const tokenOf = async (auth: unknown) => (await logIn(auth)).headers.get('x-subject-token')!
const withToken = (path: string, token: string, init: RequestInit = {}) =>
  fetch(platform.url + path, {
    ...init,
    headers: { 'x-auth-token': token, ...(init.headers as Record<string, string>) },
  })
const signed = (path: string, init?: Parameters<typeof signedFetch>[2]) =>
  signedFetch(platform.credentials, platform.url + path, init)

describe('logging in', () => {
  test('gives a token of the project with user, roles, times and catalog', async () => {
    const response = await logIn(password(admin(), { project: { name: 'region-b' } }))
    expect(response.status).toBe(201)
    expect(response.headers.get('x-subject-token')).toMatch(/^[A-Za-z0-9_-]{40,4000}$/)
    expect(response.headers.get('x-iam-trace-id')).toBe(response.headers.get('x-request-id'))
    const { token } = await json(response)
    const { credentials } = platform
    expect(token).toMatchObject({
      methods: ['password'],
      user: {
        name: 'admin',
        domain: { id: credentials.domain_id, name: credentials.domain },
        password_expires_at: '',
      },
      project: { name: 'region-b', domain: { id: credentials.domain_id } },
      roles: [{ id: '0', name: 'te_admin' }],
    })
    expect(token.domain).toBeUndefined()
    expect(token.issued_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    expect(Date.parse(token.expires_at) - Date.parse(token.issued_at)).toBe(DAY_MS)
    const [dns, iam] = token.catalog
    expect(dns).toMatchObject({
      type: 'dns',
      endpoints: [{ region: 'region-b', url: platform.url }, { region: 'region-a' }],
    })
    const url = `${platform.url}/v3`
    expect(iam).toMatchObject({
      type: 'identity',
      endpoints: [{ region: '*', url }, { region: 'region-b', url }, { region: 'region-a' }],
    })
  })

  test.each([
    ['by user id', () => ({ id: undefined as string | undefined, password: '' }), undefined, 'domain'],
    [
      'by domain id',
      () => ({ ...admin(), domain: { id: platform.credentials.domain_id } }),
      undefined,
      'domain',
    ],
    [
      'with a domain scope by name',
      admin,
      () => ({ domain: { name: platform.credentials.domain } }),
      'domain',
    ],
    [
      'with a domain scope by id',
      admin,
      () => ({ domain: { id: platform.credentials.domain_id } }),
      'domain',
    ],
    ['with a project id', admin, () => ({ project: { id: platform.credentials.project_id } }), 'project'],
    [
      'with a project name and domain',
      admin,
      () => ({ project: { name: 'region-a', domain: { name: platform.credentials.domain } } }),
      'project',
    ],
  ] as const)('works %s', async (title, user, scope, kind) => {
    let who: object = user()
    if (title === 'by user id') {
      const [first] = await platform.context.store.listUsers(platform.credentials.domain_id)
      who = { id: first!.id, password: platform.credentials.password }
    }
    const response = await logIn(password(who, scope?.()))
    expect(response.status).toBe(201)
    expect((await json(response)).token[kind].id).toBe(
      kind === 'domain' ? platform.credentials.domain_id : platform.credentials.project_id,
    )
  })

  test('works with a token, which the new one does not outlive', async () => {
    const first = await logIn(password(admin()))
    const { token } = await json(first)
    platform.advance(60_000)
    const second = await logIn({
      identity: { methods: ['token'], token: { id: first.headers.get('x-subject-token') } },
      scope: { project: { name: 'region-a' } },
    })
    const body = await json(second)
    expect(body.token.project.name).toBe('region-a')
    expect(body.token.expires_at).toBe(token.expires_at)
  })

  test('leaves the catalog out when asked to', async () => {
    expect((await json(await logIn(password(admin()), '?nocatalog=true'))).token.catalog).toBeUndefined()
  })

  test('fails with 401 for a wrong password, user, domain, project, token or method', async () => {
    for (const auth of [
      password({ ...admin(), password: 'wrong' }),
      password({ ...admin(), name: 'nobody' }),
      password({ ...admin(), domain: { name: 'nowhere' } }),
      password({ name: 'admin', password: platform.credentials.password }),
      password(admin(), { project: { name: 'nowhere' } }),
      password(admin(), { project: { name: 'region-a', domain: { name: 'other' } } }),
      password(admin(), { domain: { id: 'f'.repeat(32) } }),
      { identity: { methods: ['token'], token: { id: 'nonsense' } } },
      { identity: { methods: ['assume_role'], assume_role: {} } },
    ]) {
      const response = await logIn(auth)
      expect(response.status).toBe(401)
      expect((await json(response)).error).toMatchObject({ code: 401, title: 'Unauthorized' })
    }
  })

  test('fails with 400 in the shape of the identity API for a malformed body', async () => {
    for (const body of [
      '{',
      '[]',
      '{}',
      '{"auth":{"identity":{"methods":["password"]}}}',
      '{"auth":{"identity":{"methods":["token"]}}}',
    ]) {
      const response = await fetch(`${platform.url}/v3/auth/tokens`, { method: 'POST', body })
      expect([response.status, (await json(response)).error.title]).toEqual([400, 'Bad Request'])
    }
  })

  test('is refused for minutes after five wrong passwords, for this name only', async () => {
    const guess = () => logIn(password({ name: 'victim', password: 'guess', domain: { name: 'waymark' } }))
    for (let i = 0; i < 5; i++) expect((await json(await guess())).error.message).toContain('is wrong')
    expect((await json(await guess())).error.message).toContain('Too many failed attempts')
    expect((await logIn(password(admin()))).status).toBe(201)
    platform.advance(5 * 60_000)
    expect((await json(await guess())).error.message).toContain('is wrong')
  })
})

describe('a token', () => {
  test('authenticates with its project; a project header changes nothing', async () => {
    const token = await tokenOf(password(admin(), { project: { name: 'region-b' } }))
    const [, second] = await platform.context.store.listProjects(platform.credentials.domain_id)
    const principal = await json(
      await withToken('/who', token, { headers: { 'x-project-id': platform.credentials.project_id } }),
    )
    expect(principal).toMatchObject({ projectId: second!.id, via: 'token', userName: 'admin' })
  })

  test('of the account works in the default project', async () => {
    const token = await tokenOf(password(admin()))
    expect((await json(await withToken('/who', token))).projectId).toBe(platform.credentials.project_id)
  })

  test('can be shown, checked and ended', async () => {
    const own = await tokenOf(password(admin()))
    const other = await tokenOf(password(admin(), { project: { name: 'region-a' } }))
    const about = { headers: { 'x-subject-token': other } }
    const shown = await withToken('/v3/auth/tokens', own, about)
    expect([shown.status, (await json(shown)).token.project.name]).toEqual([200, 'region-a'])
    const checked = await withToken('/v3/auth/tokens', own, { ...about, method: 'HEAD' })
    expect(checked.status).toBe(200)
    expect((await withToken('/v3/auth/tokens', own, { ...about, method: 'DELETE' })).status).toBe(204)
    for (const method of ['GET', 'HEAD', 'DELETE'])
      expect((await withToken('/v3/auth/tokens', own, { ...about, method })).status).toBe(404)
    const refused = await withToken('/who', other)
    expect(refused.status).toBe(401)
    expect((await json(refused)).error_msg).toEndWith(': decrypt token fail')
  })

  test('that has expired is refused with the time, and is no subject any more', async () => {
    const token = await tokenOf(password(admin()))
    platform.advance(DAY_MS)
    const refused = await withToken('/who', token)
    expect(refused.status).toBe(401)
    expect((await json(refused)).error_msg).toMatch(/: token expires, expires_at: \d{4}-.*\.\d{6}Z$/)
    platform.advance(-DAY_MS)
  })

  test('is nowhere in the database', async () => {
    const token = await tokenOf(password(admin()))
    expect(await platform.context.store.findToken(token)).toBeUndefined()
  })
})

describe('look-ups before the first call', () => {
  test('a region has exactly one project, an unknown name none', async () => {
    const one = await json(await signed('/v3/projects?name=region-a'))
    expect(one.projects).toHaveLength(1)
    expect(one.projects[0]).toMatchObject({
      id: platform.credentials.project_id,
      name: 'region-a',
      domain_id: platform.credentials.domain_id,
      is_domain: false,
      enabled: true,
    })
    expect(one.links).toEqual({
      self: `${platform.url}/v3/projects?name=region-a`,
      previous: null,
      next: null,
    })
    expect((await json(await signed('/v3/projects?name=region-x'))).projects).toEqual([])
    expect((await json(await signed('/v3/auth/projects'))).projects).toHaveLength(2)
    expect((await json(await signed(`/v3/projects?domain_id=${'f'.repeat(32)}`))).projects).toEqual([])
    expect((await json(await signed('/v3/projects?per_page=1&page=2'))).projects[0].name).toBe('region-b')
    expect((await json(await signed(`/v3/projects/${platform.credentials.project_id}`))).project.name).toBe(
      'region-a',
    )
    expect((await signed(`/v3/projects/${'f'.repeat(32)}`)).status).toBe(404)
  })

  test('a second project of a region, or one of no region, is refused', async () => {
    const create = (project: object) =>
      signed('/v3/projects', { method: 'POST', body: JSON.stringify({ project }) })
    expect((await create({ name: 'region-a' })).status).toBe(409)
    expect((await create({ name: 'elsewhere' })).status).toBe(400)
    expect((await create({ name: 'region-a', domain_id: 'f'.repeat(32) })).status).toBe(403)
  })

  test('domains, regions and catalog', async () => {
    const { domains } = await json(await signed('/v3/auth/domains'))
    expect(domains[0]).toMatchObject({ id: platform.credentials.domain_id, name: 'waymark', enabled: true })
    const { regions } = await json(await signed('/v3/regions'))
    expect(regions.map(({ id, type }: { id: string; type: string }) => [id, type])).toEqual([
      ['region-a', 'public'],
      ['region-b', 'public'],
    ])
    expect((await json(await signed('/v3/auth/catalog'))).catalog[0].type).toBe('dns')
  })

  test('version documents need no credentials and merge both APIs', async () => {
    const { versions } = await json(await fetch(platform.url))
    expect(versions.values.map(({ id, status }: { id: string; status: string }) => [id, status])).toEqual([
      ['v2', 'CURRENT'],
      ['v3.14', 'stable'],
    ])
    for (const path of ['/v2', '/v2/'])
      expect((await json(await fetch(platform.url + path))).version.links[0].href).toBe(`${platform.url}/v2/`)
    for (const path of ['/v3', '/v3/'])
      expect((await json(await fetch(platform.url + path))).version.id).toBe('v3.14')
  })
})
