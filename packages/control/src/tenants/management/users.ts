import { apiError } from '../../errors.ts'
import type { Grant, Role } from '../../store/access-calls.ts'
import type { AccessKey, Reads, Store, Tx, User } from '../../store/store.ts'
import { type IdentityMaker, insertNewKey } from '../new-account.ts'
import { hashPassword } from '../passwords.ts'
import { compilePermissions } from '../permissions.ts'
import { PolicyFault } from '../policy.ts'
import { newAccessKey, newPassword, newSecretKey } from '../random-text.ts'
import { refuseTakenName } from './accounts.ts'

export interface UserChange {
  readonly password?: string
  readonly enabled?: boolean
  readonly role?: Role
  readonly zones?: readonly string[]
  readonly policies?: readonly object[]
}

export interface ManagedUser {
  readonly user: User
  readonly grant: Grant | undefined
}

/** Users of the account with what they may do, by name. */
export async function listUsers(store: Reads, accountId: string): Promise<ManagedUser[]> {
  const grants = new Map((await store.listGrants(accountId)).map((grant) => [grant.userId, grant]))
  return (await store.listUsers(accountId)).map((user) => ({ user, grant: grants.get(user.id) }))
}

/** Throws USER_NOT_FOUND, also for the user of another account. */
export async function showUser(store: Reads, accountId: string, userId: string): Promise<ManagedUser> {
  const user = await store.findUser(userId)
  if (user === undefined || user.domainId !== accountId) throw apiError('USER_NOT_FOUND')
  return { user, grant: await store.findGrant(userId) }
}

/** Makes a user, read only unless a role is given; a password that was made up is in the answer. Throws NAME_TAKEN, FIELD_INVALID. */
export async function createUser(
  store: Store,
  maker: IdentityMaker,
  accountId: string,
  wanted: UserChange & { readonly name: string },
): Promise<ManagedUser & { readonly password?: string }> {
  const password = wanted.password ?? newPassword()
  const user: User = {
    id: maker.newId(),
    domainId: accountId,
    name: wanted.name,
    passwordHash: await hashPassword(password),
    enabled: wanted.enabled ?? true,
    createdAt: maker.now(),
  }
  const grant = changedGrant({ userId: user.id, role: 'read_only', zoneIds: [], policies: [] }, wanted)
  await refuseTakenName(
    wanted.name,
    store.transaction(async (tx) => {
      await tx.insertUser(user)
      await tx.putGrant(grant)
    }),
  )
  return { user, grant, ...(wanted.password === undefined ? { password } : {}) }
}

/** Changes password, state and permissions. A new password ends the tokens. Throws USER_NOT_FOUND, FIELD_INVALID, LAST_ADMINISTRATOR. */
export async function updateUser(
  store: Store,
  accountId: string,
  userId: string,
  change: UserChange,
): Promise<ManagedUser> {
  const passwordHash = change.password === undefined ? undefined : await hashPassword(change.password)
  return store.transaction(async (tx) => {
    const before = await showUser(tx, accountId, userId)
    const user = {
      ...before.user,
      passwordHash: passwordHash ?? before.user.passwordHash,
      enabled: change.enabled ?? before.user.enabled,
    }
    const standing = before.grant ?? { userId, role: 'none', zoneIds: [], policies: [] }
    const grant = changedGrant(standing, change)
    if (!user.enabled || grant.role !== 'administrator') await keepAdministrator(tx, before)
    await tx.updateUser(user)
    await tx.putGrant(grant)
    if (passwordHash !== undefined || !user.enabled) await tx.removeTokensOf(userId)
    return { user, grant }
  })
}

/** Removes the user with its keys and tokens. Throws USER_NOT_FOUND, LAST_ADMINISTRATOR. */
export const removeUser = (store: Store, accountId: string, userId: string): Promise<void> =>
  store.transaction(async (tx) => {
    await keepAdministrator(tx, await showUser(tx, accountId, userId))
    await tx.removeUser(userId)
  })

function changedGrant(grant: Grant, change: UserChange): Grant {
  const changed = {
    ...grant,
    role: change.role ?? grant.role,
    zoneIds: change.zones ?? grant.zoneIds,
    policies: change.policies ?? grant.policies,
  }
  try {
    compilePermissions(changed)
  } catch (error) {
    if (error instanceof PolicyFault)
      throw apiError('FIELD_INVALID', { field: 'policies', reason: error.message })
    throw error
  }
  return changed
}

/** Refuses to take from an account the last user who can manage it. */
async function keepAdministrator(tx: Tx, { user, grant }: ManagedUser): Promise<void> {
  if (!user.enabled || grant?.role !== 'administrator') return
  const others = (await listUsers(tx, user.domainId)).filter(({ user: { id } }) => id !== user.id)
  if (!others.some((other) => other.user.enabled && other.grant?.role === 'administrator'))
    throw apiError('LAST_ADMINISTRATOR')
}

/** Makes an access key. The secret in the answer can never be read again. Throws USER_NOT_FOUND. */
export async function createKey(
  store: Store,
  maker: IdentityMaker,
  accountId: string,
  userId: string,
): Promise<{ readonly key: AccessKey; readonly secretKey: string }> {
  const pair = { accessKey: newAccessKey(), secretKey: newSecretKey() }
  const key = await store.transaction(async (tx) => {
    await showUser(tx, accountId, userId)
    await insertNewKey(tx, maker, userId, pair)
    return tx.findAccessKey(pair.accessKey)
  })
  return { key: key!, secretKey: pair.secretKey }
}

/** Enables or disables an access key. Throws ACCESS_KEY_NOT_FOUND, also for a key of another account. */
export const updateKey = (
  store: Store,
  accountId: string,
  accessKey: string,
  enabled: boolean,
): Promise<AccessKey> =>
  store.transaction(async (tx) => {
    const changed = { ...(await findKey(tx, accountId, accessKey)), enabled }
    await tx.updateAccessKey(changed)
    return changed
  })

/** Throws ACCESS_KEY_NOT_FOUND, also for a key of another account. */
export const removeKey = (store: Store, accountId: string, accessKey: string): Promise<void> =>
  store.transaction(async (tx) => {
    await findKey(tx, accountId, accessKey)
    await tx.removeAccessKey(accessKey)
  })

async function findKey(tx: Tx, accountId: string, accessKey: string): Promise<AccessKey> {
  const key = await tx.findAccessKey(accessKey)
  const owner = key === undefined ? undefined : await tx.findUser(key.userId)
  if (key === undefined || owner?.domainId !== accountId) throw apiError('ACCESS_KEY_NOT_FOUND')
  return key
}
