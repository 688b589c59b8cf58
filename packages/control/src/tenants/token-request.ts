import { z } from 'zod'
import { parseJson } from '../http/read-body.ts'
import { IdentityError } from './identity-error.ts'

const Domain = z.object({ id: z.string().optional(), name: z.string().optional() })

/** Body of `POST /v3/auth/tokens`: the parts of Keystone v3 that clients of the DNS API send. */
export const TokenRequestBody = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.array(z.string()).min(1),
      password: z
        .object({
          user: z.object({
            id: z.string().optional(),
            name: z.string().optional(),
            password: z.string().max(1024),
            domain: Domain.optional(),
          }),
        })
        .optional(),
      token: z.object({ id: z.string() }).optional(),
    }),
    scope: z
      .union([
        z.object({
          project: z.object({
            id: z.string().optional(),
            name: z.string().optional(),
            domain: Domain.optional(),
          }),
        }),
        z.object({ domain: Domain }),
        z.literal('unscoped'),
        z.strictObject({}),
      ])
      .nullish(),
  }),
})

/** An account as a request names it; undefined where it does not. */
export interface DomainReference {
  readonly id?: string
  readonly name?: string
}

export interface TokenRequest {
  readonly methods: readonly string[]
  readonly proof:
    | {
        readonly method: 'password'
        readonly user: { readonly id?: string; readonly name?: string; readonly domain?: DomainReference }
        readonly password: string
      }
    | { readonly method: 'token'; readonly token: string }
  readonly scope:
    | {
        readonly kind: 'project'
        readonly id?: string
        readonly name?: string
        readonly domain?: DomainReference
      }
    | { readonly kind: 'domain'; readonly domain: DomainReference }
    | { readonly kind: 'user' }
}

/** Reads the octets of a body. Throws IdentityError 400 when it is malformed, 401 when the method is none of ours. */
export function readTokenRequest(body: Uint8Array): TokenRequest {
  const { identity, scope } = parseIdentityBody(TokenRequestBody, body).auth
  return { methods: identity.methods, proof: readProof(identity), scope: readScope(scope) }
}

/** The JSON of a body after a schema; the identity API has its own shape for what does not fit. */
export function parseIdentityBody<S extends z.ZodType>(schema: S, body: Uint8Array): z.infer<S> {
  let value: unknown
  try {
    value = parseJson(body)
  } catch {
    throw new IdentityError(400, 'Request body is not JSON.')
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new IdentityError(400, 'Request body is invalid.')
  return parsed.data
}

type Parsed = z.infer<typeof TokenRequestBody>['auth']

function readProof(identity: Parsed['identity']): TokenRequest['proof'] {
  if (identity.methods.includes('password')) {
    const user = identity.password?.user
    if (user === undefined || (user.id === undefined && user.name === undefined))
      throw new IdentityError(400, 'Request body is invalid.')
    return { method: 'password', user, password: user.password }
  }
  if (identity.methods.includes('token')) {
    const token = identity.token?.id
    if (token === undefined) throw new IdentityError(400, 'Request body is invalid.')
    return { method: 'token', token }
  }
  throw new IdentityError(401, `Authentication method ${identity.methods.join(', ')} is not supported.`)
}

function readScope(scope: Parsed['scope']): TokenRequest['scope'] {
  if (scope !== null && typeof scope === 'object') {
    if ('project' in scope) return { kind: 'project', ...scope.project }
    if ('domain' in scope) return { kind: 'domain', domain: scope.domain }
  }
  return { kind: 'user' }
}
