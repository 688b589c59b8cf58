import { apiError } from '../../errors.ts'
import type { Call } from '../../http/route.ts'
import { type Account, type Reads, RowExists, type Store } from '../../store/store.ts'
import { OPERATOR_SETTING } from '../bootstrap.ts'
import { type IdentityMaker, insertNewAccount } from '../new-account.ts'
import { hashPassword } from '../passwords.ts'
import { newAccessKey, newPassword, newSecretKey } from '../random-text.ts'

/** Id of the account that the first start has made: its administrators manage the other accounts. */
export const operatorId = (store: Reads): Promise<string | undefined> => store.findSetting(OPERATOR_SETTING)

const isOperator = async (store: Reads, call: Call): Promise<boolean> =>
  (await operatorId(store)) === call.tenant.domainId

/** Throws POLICY_DENIED unless the caller is of the operator's account. */
export async function requireOperator(store: Reads, call: Call, action: string): Promise<void> {
  if (!(await isOperator(store, call))) throw apiError('POLICY_DENIED', { action })
}

/**
 * The account whose users and keys a call manages: the caller's own, or for the operator the one that `account_id` names.
 * For everybody else another account does not exist.
 */
export async function managedAccount(store: Reads, call: Call): Promise<string> {
  const own = call.tenant.domainId
  const wanted = call.query.account_id
  if (wanted === undefined || wanted === own) return own
  if (!(await isOperator(store, call)) || (await store.findAccount(wanted)) === undefined)
    throw apiError('ACCOUNT_NOT_FOUND')
  return wanted
}

/** Answers NAME_TAKEN where the store finds a row of the name. */
export async function refuseTakenName<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof RowExists) throw apiError('NAME_TAKEN', { name })
    throw error
  }
}

export interface WantedAccount {
  readonly name: string
  readonly user?: string
  readonly password?: string
}

/** Makes an account with an administrator. Secrets in the answer can never be read again. Throws NAME_TAKEN. */
export async function createAccount(store: Store, maker: IdentityMaker, wanted: WantedAccount) {
  const password = wanted.password ?? newPassword()
  const passwordHash = await hashPassword(password)
  const userName = wanted.user ?? 'admin'
  const keys = { accessKey: newAccessKey(), secretKey: newSecretKey() }
  const { account, project } = await refuseTakenName(
    wanted.name,
    store.transaction((tx) =>
      insertNewAccount(tx, maker, { name: wanted.name, userName, passwordHash, ...keys }),
    ),
  )
  const credentials = {
    access_key: keys.accessKey,
    secret_key: keys.secretKey,
    user: userName,
    ...(wanted.password === undefined ? { password } : {}),
    domain: account.name,
    domain_id: account.id,
    region: project.name,
    project_id: project.id,
  }
  return { account, credentials }
}

/** Renames, disables or enables an account. Throws ACCOUNT_NOT_FOUND, NAME_TAKEN, OPERATOR_ACCOUNT. */
export function updateAccount(
  store: Store,
  id: string,
  change: { readonly name?: string; readonly enabled?: boolean },
): Promise<Account> {
  const work = store.transaction(async (tx) => {
    const account = await tx.findAccount(id)
    if (account === undefined) throw apiError('ACCOUNT_NOT_FOUND')
    if (change.enabled === false && (await operatorId(tx)) === id) throw apiError('OPERATOR_ACCOUNT')
    const changed = { ...account, ...change }
    await tx.updateAccount(changed)
    return changed
  })
  return refuseTakenName(change.name ?? '', work)
}
