import { z } from 'zod'
import type { Context } from '../context.ts'
import { type Call, type Reply, type Route, route } from '../http/route.ts'
import type { Project } from '../store/store.ts'
import { AttemptLimit } from './attempt-limit.ts'
import type { Identities } from './identities.ts'
import { IdentityError } from './identity-error.ts'
import { logIn } from './log-in.ts'
import { parseIdentityBody, readTokenRequest, TokenRequestBody } from './token-request.ts'
import { catalog, tokenBody } from './token-view.ts'

const Shape = z.record(z.string(), z.unknown())

/** The subset of the identity API (Keystone v3) that SDKs, Terraform and OpenStack clients call before the DNS API. */
export function iamRoutes(context: Context, identities: Identities): Route<Context>[] {
  const attempts = new AttemptLimit(context.now)
  const { regions } = context.settings

  const issue = async (call: Call): Promise<Reply> => {
    const request = readTokenRequest(call.body as Uint8Array)
    const { text, issued } = await logIn({ context, identities, attempts }, request, call.clientAddress ?? '')
    return {
      status: 201,
      json: tokenBody(issued, call.baseUrl, regions, call.query.nocatalog === undefined),
      headers: { 'X-Subject-Token': text },
    }
  }

  /** The token that the call is about, if it is alive and of the caller's account. */
  const subject = async (call: Call) => {
    const text = call.headers.get('x-subject-token') ?? ''
    const found = text === '' ? undefined : await identities.byToken(text)
    if (
      found === undefined ||
      found.token.expiresAt <= context.now() ||
      found.identity.account.id !== call.tenant.domainId
    )
      throw new IdentityError(404, 'The token does not exist or has expired.')
    return { text, ...found }
  }

  const validate = async (call: Call): Promise<Reply> => {
    const { text, ...issued } = await subject(call)
    return {
      status: 200,
      json: tokenBody(issued, call.baseUrl, regions, call.query.nocatalog === undefined),
      headers: { 'X-Subject-Token': text },
    }
  }

  const revoke = async (call: Call): Promise<Reply> => {
    await identities.revoke((await subject(call)).text)
    return { status: 204 }
  }

  const identityOf = async (call: Call) => {
    const identity = await identities.byUser(call.principal.userId)
    if (identity === undefined) throw new IdentityError(401, 'The user is disabled.')
    return identity
  }

  const listProjects = async (call: Call): Promise<Reply> => {
    const { projects } = await identityOf(call)
    const { name, domain_id, parent_id, enabled, is_domain } = call.query
    const rows = projects.filter(
      (project) =>
        (name === undefined || project.name === name) &&
        (domain_id === undefined || project.domainId === domain_id) &&
        (parent_id === undefined || project.domainId === parent_id) &&
        enabled !== 'false' &&
        is_domain !== 'true',
    )
    return {
      status: 200,
      json: {
        links: listLinks(call),
        projects: pageOf(rows, call.query).map((row) => projectBody(row, call)),
      },
    }
  }

  const showProject = async (call: Call): Promise<Reply> => {
    const project = (await identityOf(call)).projects.find(({ id }) => id === call.params.id)
    if (project === undefined) throw new IdentityError(404, 'The project does not exist.')
    return { status: 200, json: { project: projectBody(project, call) } }
  }

  const createProject = async (call: Call): Promise<Reply> => {
    const { name, domain_id } = parseIdentityBody(CreateProjectBody, call.body as Uint8Array).project
    if (domain_id !== undefined && domain_id !== call.tenant.domainId)
      throw new IdentityError(403, 'You are not authorized to perform the requested action.')
    if (!regions.includes(name)) throw new IdentityError(400, 'A project must bear the name of a region.')
    const project: Project = { id: context.newId(), domainId: call.tenant.domainId, name, enabled: true }
    await context.store.transaction(async (tx) => {
      // One project per region name: clients take two for an error.
      if ((await tx.listProjects(call.tenant.domainId, { name })).length > 0)
        throw new IdentityError(409, 'A project of this name exists already.')
      await tx.insertProject(project)
    })
    return { status: 201, json: { project: projectBody(project, call) } }
  }

  const listDomains = (call: Call): Reply => ({
    status: 200,
    json: {
      domains: [
        {
          id: call.principal.domainId,
          name: call.principal.domainName,
          enabled: true,
          description: '',
          links: { self: `${call.baseUrl}/v3/domains/${call.principal.domainId}` },
        },
      ],
      links: listLinks(call),
    },
  })

  const listRegions = (call: Call): Reply => ({
    status: 200,
    json: {
      regions: regions.map((id) => ({
        id,
        type: 'public',
        description: '',
        parent_region_id: null,
        locales: { 'zh-cn': id, 'en-us': id },
        links: { self: `${call.baseUrl}/v3/regions/${id}` },
      })),
      links: listLinks(call),
    },
  })

  const showCatalog = (call: Call): Reply => ({
    status: 200,
    json: { catalog: catalog(call.baseUrl, regions), links: listLinks(call) },
  })

  const tokens = '/v3/auth/tokens'
  const open = { permission: 'none', responses: { 200: Shape } }
  const closed = { permission: null, responses: { 200: Shape } }
  return [
    route({
      ...open,
      operation: 'showIdentityVersion',
      method: 'GET',
      path: '/v3',
      summary: 'Version of the identity API',
      handler: (call) => ({ status: 200, json: { version: identityVersion(call.baseUrl) } }),
    }),
    route({
      operation: 'createToken',
      method: 'POST',
      path: tokens,
      summary: 'Log in: obtain a token by password or by another token',
      permission: 'none',
      input: 'raw',
      maxBodyBytes: 64 * 1024,
      bodySchema: TokenRequestBody,
      query: TokenQuery,
      responses: { 201: Shape },
      headers: ['X-Subject-Token'],
      refusals: [401, 403],
      handler: issue,
    }),
    route({
      ...closed,
      operation: 'showToken',
      method: 'GET',
      path: tokens,
      summary: 'Validate the token in X-Subject-Token',
      query: TokenQuery,
      needsHeaders: ['X-Subject-Token'],
      headers: ['X-Subject-Token'],
      refusals: [404],
      handler: validate,
    }),
    route({
      ...closed,
      operation: 'checkToken',
      method: 'HEAD',
      path: tokens,
      summary: 'Check the token in X-Subject-Token',
      needsHeaders: ['X-Subject-Token'],
      refusals: [404],
      responses: { 200: null },
      handler: async (call) => {
        await subject(call)
        return { status: 200, bytes: new Uint8Array(0), headers: {} }
      },
    }),
    route({
      ...closed,
      operation: 'deleteToken',
      method: 'DELETE',
      path: tokens,
      summary: 'Log out: end the token in X-Subject-Token',
      needsHeaders: ['X-Subject-Token'],
      refusals: [404],
      responses: { 204: null },
      handler: revoke,
    }),
    route({
      ...closed,
      operation: 'listProjects',
      method: 'GET',
      path: '/v3/projects',
      query: ProjectQuery,
      summary: 'Projects of the account, one for every region',
      handler: listProjects,
    }),
    route({
      ...closed,
      operation: 'createProject',
      method: 'POST',
      path: '/v3/projects',
      summary: 'Create the project of a region',
      permission: 'waymark:project:create',
      input: 'raw',
      bodySchema: CreateProjectBody,
      responses: { 201: Shape },
      handler: createProject,
    }),
    route({
      ...closed,
      operation: 'showProject',
      method: 'GET',
      path: '/v3/projects/{id}',
      summary: 'One project',
      handler: showProject,
    }),
    route({
      ...closed,
      operation: 'listAuthProjects',
      method: 'GET',
      path: '/v3/auth/projects',
      query: ProjectQuery,
      summary: 'Projects the caller can use',
      handler: listProjects,
    }),
    route({
      ...closed,
      operation: 'listAuthDomains',
      method: 'GET',
      path: '/v3/auth/domains',
      summary: 'The account of the caller',
      handler: listDomains,
    }),
    route({
      ...closed,
      operation: 'showCatalog',
      method: 'GET',
      path: '/v3/auth/catalog',
      summary: 'Services and their addresses',
      handler: showCatalog,
    }),
    route({
      ...closed,
      operation: 'listRegions',
      method: 'GET',
      path: '/v3/regions',
      summary: 'Regions',
      handler: listRegions,
    }),
  ]
}

/** `nocatalog`: any value leaves the catalogue out of the answer. */
const TokenQuery = z.object({ nocatalog: z.string().optional() })
const ProjectQuery = z.object({
  name: z.string().optional(),
  domain_id: z.string().optional(),
  parent_id: z.string().optional(),
  enabled: z.string().optional(),
  is_domain: z.string().optional(),
  page: z.string().optional(),
  per_page: z.string().optional(),
})
const CreateProjectBody = z.object({
  project: z.object({ name: z.string(), domain_id: z.string().optional() }),
})

const listLinks = (call: Call) => ({ self: `${call.baseUrl}${call.target}`, previous: null, next: null })

/** `page` counts from 1; without `per_page` everything is one page. */
function pageOf<T>(rows: readonly T[], query: Readonly<Record<string, string>>): readonly T[] {
  const size = Number(query.per_page)
  if (!Number.isInteger(size) || size < 1) return rows
  const page = Math.max(1, Math.trunc(Number(query.page ?? 1)) || 1)
  return rows.slice((page - 1) * size, page * size)
}

const projectBody = (project: Project, call: Call): object => ({
  id: project.id,
  name: project.name,
  description: '',
  domain_id: project.domainId,
  parent_id: project.domainId,
  is_domain: false,
  enabled: project.enabled,
  links: { self: `${call.baseUrl}/v3/projects/${project.id}` },
})

/** The entry of the identity API in version documents. */
export const identityVersion = (baseUrl: string): object => ({
  id: 'v3.14',
  status: 'stable',
  updated: '2020-04-07T00:00:00Z',
  links: [{ rel: 'self', href: `${baseUrl}/v3/` }],
  'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
})
