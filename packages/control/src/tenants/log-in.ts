import type { Context } from '../context.ts'
import type { Project, User } from '../store/store.ts'
import type { AttemptLimit } from './attempt-limit.ts'
import type { Identities, Identity } from './identities.ts'
import { IdentityError } from './identity-error.ts'
import { isPassword, PasswordsBusy } from './passwords.ts'
import type { DomainReference, TokenRequest } from './token-request.ts'
import type { IssuedToken } from './token-view.ts'
import { issueToken } from './tokens.ts'

export interface LogInServices {
  readonly context: Context
  readonly identities: Identities
  readonly attempts: AttemptLimit
}

const WRONG = 'The username or password is wrong.'

/** Answers `POST /v3/auth/tokens`: proves who asks, settles the scope and issues a token. Throws IdentityError. */
export async function logIn(
  services: LogInServices,
  request: TokenRequest,
  clientAddress: string,
): Promise<{ readonly text: string; readonly issued: IssuedToken }> {
  const { context } = services
  const now = context.now()
  const { identity, expiresAt } = await prove(services, request.proof, clientAddress)
  const project = scopeProject(identity, request.scope)
  const grant = {
    userId: identity.user.id,
    domainId: identity.account.id,
    projectId: project?.id ?? null,
    methods: request.methods,
  }
  const { text, token } = await issueToken(
    context.store,
    grant,
    now,
    context.settings.tokenLifetimeMs,
    expiresAt,
  )
  return { text, issued: { token, identity } }
}

interface Proven {
  readonly identity: Identity
  /** A token that was issued for another one ends no later than that. */
  readonly expiresAt?: number
}

async function prove(
  { context, identities, attempts }: LogInServices,
  proof: TokenRequest['proof'],
  clientAddress: string,
): Promise<Proven> {
  if (proof.method === 'token') {
    const found = await identities.byToken(proof.token)
    if (found === undefined || found.token.expiresAt <= context.now())
      throw new IdentityError(401, 'The token is invalid or has expired.')
    return { identity: found.identity, expiresAt: found.token.expiresAt }
  }
  const label =
    proof.user.id ?? `${proof.user.domain?.id ?? proof.user.domain?.name ?? ''}/${proof.user.name}`
  const seconds = attempts.waitSeconds(label, clientAddress)
  if (seconds > 0)
    throw new IdentityError(401, `Too many failed attempts to log in. Try again in ${seconds} seconds.`)
  const user = await findUser(context, proof.user)
  let fits: boolean
  try {
    fits = await isPassword(proof.password, user?.passwordHash)
  } catch (error) {
    if (!(error instanceof PasswordsBusy)) throw error
    throw new IdentityError(429, 'Too many attempts to log in at this moment. Try again.')
  }
  const identity = fits && user !== undefined ? await identities.byUser(user.id) : undefined
  if (identity === undefined) {
    attempts.failed(label, clientAddress)
    throw new IdentityError(401, WRONG)
  }
  attempts.succeeded(label, clientAddress)
  return { identity }
}

async function findUser(
  { store }: Context,
  wanted: { readonly id?: string; readonly name?: string; readonly domain?: DomainReference },
): Promise<User | undefined> {
  if (wanted.id !== undefined) return store.findUser(wanted.id)
  const { id, name } = wanted.domain ?? {}
  const account =
    id !== undefined
      ? await store.findAccount(id)
      : name !== undefined
        ? await store.findAccountByName(name)
        : undefined
  return account === undefined ? undefined : store.findUserByName(account.id, wanted.name ?? '')
}

/** The project of the scope, undefined for the account as a whole. A project without a domain is the user's. */
function scopeProject(identity: Identity, scope: TokenRequest['scope']): Project | undefined {
  if (scope.kind === 'user') return undefined
  if (!isAccount(identity, scope.domain)) throw new IdentityError(401, 'The domain is not that of the user.')
  if (scope.kind === 'domain') return undefined
  const project = identity.projects.find(({ id, name }) =>
    scope.id !== undefined ? id === scope.id : name === scope.name,
  )
  if (project === undefined) throw new IdentityError(401, 'The project does not exist or is not the user’s.')
  return project
}

const isAccount = ({ account }: Identity, domain: DomainReference | undefined): boolean =>
  (domain?.id === undefined || domain.id === account.id) &&
  (domain?.name === undefined || domain.name === account.name)
