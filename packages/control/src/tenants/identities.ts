import type { Role } from '../store/access-calls.ts'
import type { Account, Project, Store, Token, User } from '../store/store.ts'
import { BriefCache } from './brief-cache.ts'
import { compilePermissions, NO_PERMISSIONS, type Permissions } from './permissions.ts'
import type { SecretBox } from './secrets.ts'
import { hashToken } from './tokens.ts'

/** A user who may act: enabled, in an enabled account, with the account's enabled projects. */
export interface Identity {
  readonly user: User
  readonly account: Account
  readonly projects: readonly Project[]
  readonly permissions: Permissions
  readonly role: Role
}

const LIFETIME_MS = 3000
const CAPACITY = 10_000

/** Finds who stands behind an access key or a token; several queries at first, none for the next few seconds. */
export class Identities {
  readonly #store: Store
  readonly #secrets: SecretBox
  readonly #keys: BriefCache<{ readonly secretKey: string; readonly identity: Identity }>
  readonly #tokens: BriefCache<{ readonly token: Token; readonly identity: Identity }>

  constructor(store: Store, secrets: SecretBox, now: () => number) {
    this.#store = store
    this.#secrets = secrets
    this.#keys = new BriefCache(LIFETIME_MS, CAPACITY, now)
    this.#tokens = new BriefCache(LIFETIME_MS, CAPACITY, now)
  }

  /** undefined when the key is unknown or disabled. */
  byAccessKey(accessKey: string) {
    return this.#keys.get(accessKey, async () => {
      const key = await this.#store.findAccessKey(accessKey)
      if (key === undefined || !key.enabled) return undefined
      const identity = await this.byUser(key.userId)
      if (identity === undefined) return undefined
      return { secretKey: this.#secrets.open(key.sealedSecret, accessKey), identity }
    })
  }

  /** undefined when the token is unknown; an expired one is found. */
  byToken(text: string) {
    const hash = hashToken(text)
    return this.#tokens.get(hash, async () => {
      const token = await this.#store.findToken(hash)
      const identity = token === undefined ? undefined : await this.byUser(token.userId)
      return token === undefined || identity === undefined ? undefined : { token, identity }
    })
  }

  /** undefined when the user or the account is gone or disabled. Not remembered. */
  async byUser(userId: string): Promise<Identity | undefined> {
    const user = await this.#store.findUser(userId)
    if (user === undefined || !user.enabled) return undefined
    const account = await this.#store.findAccount(user.domainId)
    if (account === undefined || !account.enabled) return undefined
    const projects = await this.#store.listProjects(account.id)
    const grant = await this.#store.findGrant(userId)
    const permissions = grant === undefined ? NO_PERMISSIONS : compilePermissions(grant)
    return {
      user,
      account,
      projects: projects.filter((project) => project.enabled),
      permissions,
      role: grant?.role ?? 'none',
    }
  }

  /** After a change of users, keys or permissions: it holds at once here, within seconds on other nodes. */
  forgetAll(): void {
    this.#keys.clear()
    this.#tokens.clear()
  }

  /** Ends a token: at once here, within seconds on other nodes. */
  async revoke(text: string): Promise<void> {
    const hash = hashToken(text)
    await this.#store.transaction((tx) => tx.removeToken(hash))
    this.#tokens.forget(hash)
  }
}

/** The project in force when the caller names none: that of the first configured region. */
export const defaultProject = (identity: Identity, regions: readonly string[]): Project | undefined =>
  identity.projects.find((project) => project.name === regions[0]) ?? identity.projects[0]
