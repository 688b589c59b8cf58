import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Store, Tx } from '../store/store.ts'
import { ensureProjects, type IdentityMaker, insertNewAccount } from './new-account.ts'
import { hashPassword } from './passwords.ts'
import { newAccessKey, newPassword, newSecretKey } from './random-text.ts'
import { StartError } from './secrets.ts'

/** What the first start makes and `credentials.json` holds. */
export interface Credentials {
  readonly access_key: string
  readonly secret_key: string
  readonly user: string
  readonly password: string
  readonly domain_id: string
  readonly project_id: string
  readonly domain: string
  readonly region: string
}

/** A project is made for each of the `regions`; the first is the default one. */
export interface BootstrapOptions extends IdentityMaker {
  readonly dataDir: string
  /** Chosen by the operator beforehand; what is missing is made up. */
  readonly accessKey?: string
  readonly secretKey?: string
  readonly password?: string
}

const ACCOUNT_NAME = 'waymark'
const USER_NAME = 'admin'
const LOCK_SETTING = 'bootstrap'
/** Id of the account whose administrators manage the other accounts. */
export const OPERATOR_SETTING = 'operator-account'

/**
 * Makes account, projects, user and access key unless the database has an account, and sees to it that every account has
 * a project for every region. Returns the credentials when it has made them: the caller shows them once. They are in
 * `credentials.json` before the transaction commits, so a crash cannot leave an account that nobody can use.
 */
export async function ensureFirstCredentials(
  store: Store,
  options: BootstrapOptions,
): Promise<Credentials | undefined> {
  if (options.accessKey !== undefined && !/^[A-Za-z0-9_.-]{1,128}$/.test(options.accessKey))
    throw new StartError('WAYMARK_BOOTSTRAP_ACCESS_KEY may hold letters, digits, "_", "." and "-" only.')
  if (options.regions.length === 0) throw new StartError('At least one region is needed.')
  const password = options.password ?? newPassword()
  // Hashed outside the transaction: it takes tens of milliseconds, and the transaction may run twice.
  const passwordHash = (await store.listAccounts()).length > 0 ? undefined : await hashPassword(password)
  return store.transaction(async (tx) => {
    // Writing one row first makes nodes that start at the same moment take turns.
    await tx.putSetting(LOCK_SETTING, options.newId())
    const accounts = await tx.listAccounts()
    for (const account of accounts) await ensureProjects(tx, account.id, options)
    if (accounts.length > 0 || passwordHash === undefined) {
      // The operator's account is the first that was made: ids grow with time.
      const [first] = accounts.map(({ id }) => id).sort()
      await tx.insertSetting(OPERATOR_SETTING, first!)
      return undefined
    }
    const credentials = await createAccount(tx, options, password, passwordHash)
    await tx.insertSetting(OPERATOR_SETTING, credentials.domain_id)
    writeCredentials(options.dataDir, credentials)
    return credentials
  })
}

async function createAccount(
  tx: Tx,
  options: BootstrapOptions,
  password: string,
  passwordHash: string,
): Promise<Credentials> {
  const accessKey = options.accessKey ?? newAccessKey()
  const secretKey = options.secretKey ?? newSecretKey()
  const wanted = { name: ACCOUNT_NAME, userName: USER_NAME, passwordHash, accessKey, secretKey }
  const { account, project } = await insertNewAccount(tx, options, wanted)
  return {
    access_key: accessKey,
    secret_key: secretKey,
    user: USER_NAME,
    password,
    domain_id: account.id,
    project_id: project.id,
    domain: ACCOUNT_NAME,
    region: project.name,
  }
}

function writeCredentials(dataDir: string, credentials: Credentials): void {
  const file = join(dataDir, 'credentials.json')
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(credentials, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(draft, file)
}
