import type { Project, Token } from '../store/store.ts'
import type { Identity } from './identities.ts'
import { identityTime } from './tokens.ts'

export interface IssuedToken {
  readonly token: Token
  readonly identity: Identity
}

/** The body of a token, as Keystone v3 shows it. */
export function tokenBody(
  { token, identity }: IssuedToken,
  baseUrl: string,
  regions: readonly string[],
  withCatalog: boolean,
): object {
  const domain = { id: identity.account.id, name: identity.account.name }
  const project = identity.projects.find(({ id }) => id === token.projectId)
  return {
    token: {
      methods: token.methods,
      issued_at: identityTime(token.issuedAt),
      expires_at: identityTime(token.expiresAt),
      user: { id: identity.user.id, name: identity.user.name, domain, password_expires_at: '' },
      ...(project === undefined ? { domain } : { project: { id: project.id, name: project.name, domain } }),
      roles: [{ id: '0', name: identity.role === 'administrator' ? 'te_admin' : identity.role }],
      ...(withCatalog ? { catalog: catalog(baseUrl, regionsFor(project, regions)) } : {}),
    },
  }
}

/** The region of the token's project comes first: some clients take the first endpoint. */
function regionsFor(project: Project | undefined, regions: readonly string[]): readonly string[] {
  if (project === undefined || !regions.includes(project.name)) return regions
  return [project.name, ...regions.filter((region) => region !== project.name)]
}

/** The services of this server. Clients append `v2` to the URL of `dns`, so it carries no version. */
export const catalog = (baseUrl: string, regions: readonly string[]): object[] => [
  {
    id: 'dns',
    type: 'dns',
    name: 'dns',
    endpoints: regions.map((region) => endpoint(`dns-${region}`, region, baseUrl)),
  },
  {
    id: 'iam',
    type: 'identity',
    name: 'iam',
    // One for all regions, as clients of the cloud expect it; OpenStack's look for one of the region that they are told.
    endpoints: ['*', ...regions].map((region) =>
      endpoint(region === '*' ? 'iam' : `iam-${region}`, region, `${baseUrl}/v3`),
    ),
  },
]

const endpoint = (id: string, region: string, url: string): object => ({
  id,
  interface: 'public',
  region,
  region_id: region,
  url,
})
