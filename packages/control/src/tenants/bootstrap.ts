import { randomBytes } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Store, Tx } from '../store/store.ts'
import { hashPassword } from './passwords.ts'
import { type SecretBox, StartError } from './secrets.ts'

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

export interface BootstrapOptions {
  readonly dataDir: string
  /** A project is made for each; the first is the default one. */
  readonly regions: readonly string[]
  readonly secrets: SecretBox
  readonly now: () => number
  readonly newId: () => string
  /** Chosen by the operator beforehand; what is missing is made up. */
  readonly accessKey?: string
  readonly secretKey?: string
  readonly password?: string
}

const ACCOUNT_NAME = 'waymark'
const USER_NAME = 'admin'
const LOCK_SETTING = 'bootstrap'

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
  const password = options.password ?? randomText(24)
  // Hashed outside the transaction: it takes tens of milliseconds, and the transaction may run twice.
  const passwordHash = (await store.listAccounts()).length > 0 ? undefined : await hashPassword(password)
  return store.transaction(async (tx) => {
    // Writing one row first makes nodes that start at the same moment take turns.
    await tx.putSetting(LOCK_SETTING, options.newId())
    const accounts = await tx.listAccounts()
    for (const account of accounts) await ensureProjects(tx, account.id, options)
    if (accounts.length > 0 || passwordHash === undefined) return undefined
    const credentials = await createAccount(tx, options, password, passwordHash)
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
  const { newId, regions } = options
  const now = options.now()
  const domainId = newId()
  const userId = newId()
  const accessKey = options.accessKey ?? randomText(20).toUpperCase()
  const secretKey = options.secretKey ?? randomText(40)
  await tx.insertAccount({ id: domainId, name: ACCOUNT_NAME, enabled: true })
  await ensureProjects(tx, domainId, options)
  await tx.insertUser({ id: userId, domainId, name: USER_NAME, passwordHash, enabled: true, createdAt: now })
  await tx.putGrant({ userId, role: 'administrator', zoneIds: [], policies: [] })
  await tx.insertAccessKey({
    accessKey,
    userId,
    sealedSecret: options.secrets.seal(secretKey, accessKey),
    enabled: true,
    createdAt: now,
  })
  const region = regions[0]!
  const [project] = await tx.listProjects(domainId, { name: region })
  return {
    access_key: accessKey,
    secret_key: secretKey,
    user: USER_NAME,
    password,
    domain_id: domainId,
    project_id: project!.id,
    domain: ACCOUNT_NAME,
    region,
  }
}

/** Exactly one project per region: clients look theirs up by the region's name and take none or two for an error. */
async function ensureProjects(tx: Tx, domainId: string, { newId, regions }: BootstrapOptions): Promise<void> {
  const present = new Set((await tx.listProjects(domainId)).map(({ name }) => name))
  for (const name of new Set(regions))
    if (!present.has(name)) await tx.insertProject({ id: newId(), domainId, name, enabled: true })
}

const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** Letters and digits that cannot be mistaken for each other. */
function randomText(length: number): string {
  let text = ''
  while (text.length < length)
    // 224 = 4 × 56: taking only octets below it gives every character the same chance.
    for (const octet of randomBytes(length))
      if (octet < 224 && text.length < length) text += ALPHABET[octet % 56]
  return text
}

function writeCredentials(dataDir: string, credentials: Credentials): void {
  const file = join(dataDir, 'credentials.json')
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(credentials, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(draft, file)
}
