import type { ControlSettings } from '../context.ts'
import { defaultProject, type Identities, type Identity } from '../tenants/identities.ts'
import type { Permissions } from '../tenants/permissions.ts'
import { identityTime } from '../tenants/tokens.ts'
import { GatewayError } from './gateway-error.ts'
import type { RequestHead } from './request-head.ts'
import type { Principal } from './route.ts'
import { headFault, parseAuthorization, signatureFault } from './signature.ts'

/** The caller as the head of the request names it; `confirm` throws when the body does not bear that out. */
export interface Claim {
  readonly principal: Principal
  readonly permissions: Permissions
  readonly confirm: (body: Uint8Array) => void
}

const refusal = (reason: string) => new GatewayError('UNAUTHENTICATED', reason)
const refuseSignature = (detail: string) => refusal(`verify aksk signature fail, ${detail}`)

/**
 * Authenticates by signature or token; a request with both is judged by its signature. Everything that can be refused
 * before the body is read is refused here, so that only callers with a known access key can make the server hold a body.
 */
export async function authenticate(
  head: RequestHead,
  identities: Identities,
  settings: ControlSettings,
  now: number,
): Promise<Claim> {
  const authorization = head.headers.get('authorization')
  const token = head.headers.get('x-auth-token')
  const signed = authorization === null ? undefined : parseAuthorization(authorization)

  if (signed !== undefined) {
    const fault = headFault(signed, head.headers, now, settings.clockWindowMs)
    if (fault !== undefined) throw refuseSignature(fault)
    const found = await identities.byAccessKey(signed.accessKey)
    if (found === undefined)
      throw refusal(`Get secretKey failed,ak:${signed.accessKey.slice(0, 128)},err:ak not exist`)
    return {
      principal: signedPrincipal(found.identity, head.headers, settings),
      permissions: found.identity.permissions,
      confirm(body) {
        const request = { ...head, query: head.rawQuery, body }
        const detail = signatureFault(signed, request, found.secretKey, publicHosts(settings))
        if (detail !== undefined) throw refuseSignature(detail)
      },
    }
  }
  if (token === null)
    throw authorization === null
      ? refusal('x-auth-token not found')
      : refuseSignature('authorization format is incorrect')

  const found = await identities.byToken(token)
  if (found === undefined) throw refusal('decrypt token fail')
  if (found.token.expiresAt <= now)
    throw refusal(`token expires, expires_at: ${identityTime(found.token.expiresAt)}`)
  const project =
    found.token.projectId === null
      ? defaultProject(found.identity, settings.regions)
      : found.identity.projects.find(({ id }) => id === found.token.projectId)
  if (project === undefined) throw new GatewayError('PROJECT_UNAVAILABLE')
  const principal = principalOf(found.identity, project.id, 'token')
  return { principal, permissions: found.identity.permissions, confirm: () => undefined }
}

/** The scope headers may be unsigned (Terraform), so they can only choose among what the key's account owns. */
function signedPrincipal(identity: Identity, headers: Headers, settings: ControlSettings): Principal {
  const domainId = headers.get('x-domain-id') ?? ''
  if (domainId !== '' && domainId !== identity.account.id) throw new GatewayError('NOT_AUTHORIZED')
  const projectId = headers.get('x-project-id') ?? ''
  if (projectId === '') {
    const project = defaultProject(identity, settings.regions)
    if (project === undefined) throw new GatewayError('PROJECT_UNAVAILABLE')
    return principalOf(identity, project.id, 'signature')
  }
  if (!identity.projects.some(({ id }) => id === projectId)) throw new GatewayError('NOT_AUTHORIZED')
  return principalOf(identity, projectId, 'signature')
}

const principalOf = (identity: Identity, projectId: string, via: Principal['via']): Principal => ({
  domainId: identity.account.id,
  projectId,
  userId: identity.user.id,
  userName: identity.user.name,
  domainName: identity.account.name,
  via,
})

/** A proxy may replace the Host header that the caller signed; the operator's public URL tells what it was. */
const publicHosts = (settings: ControlSettings): readonly string[] =>
  settings.publicUrl === undefined ? [] : [new URL(settings.publicUrl).host]
