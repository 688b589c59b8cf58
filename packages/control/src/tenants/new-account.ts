import type { Account, Project, Tx, User } from '../store/store.ts'
import type { SecretBox } from './secrets.ts'

/** What makes identities: passed in, so that tests own time and ids. */
export interface IdentityMaker {
  readonly regions: readonly string[]
  readonly secrets: SecretBox
  readonly now: () => number
  readonly newId: () => string
}

export interface NewAccount {
  readonly name: string
  readonly userName: string
  readonly passwordHash: string
  readonly accessKey: string
  readonly secretKey: string
}

/** Makes an account with its projects, and an administrator with an access key. Throws RowExists when the name is taken. */
export async function insertNewAccount(
  tx: Tx,
  maker: IdentityMaker,
  wanted: NewAccount,
): Promise<{ readonly account: Account; readonly user: User; readonly project: Project }> {
  const account: Account = { id: maker.newId(), name: wanted.name, enabled: true }
  await tx.insertAccount(account)
  await ensureProjects(tx, account.id, maker)
  const user: User = {
    id: maker.newId(),
    domainId: account.id,
    name: wanted.userName,
    passwordHash: wanted.passwordHash,
    enabled: true,
    createdAt: maker.now(),
  }
  await tx.insertUser(user)
  await tx.putGrant({ userId: user.id, role: 'administrator', zoneIds: [], policies: [] })
  await insertNewKey(tx, maker, user.id, wanted)
  const [project] = await tx.listProjects(account.id, { name: maker.regions[0]! })
  return { account, user, project: project! }
}

/** Adds an access key; its secret is sealed before it comes near the database. */
export async function insertNewKey(
  tx: Tx,
  { secrets, now }: Pick<IdentityMaker, 'secrets' | 'now'>,
  userId: string,
  { accessKey, secretKey }: Pick<NewAccount, 'accessKey' | 'secretKey'>,
): Promise<void> {
  const sealedSecret = secrets.seal(secretKey, accessKey)
  await tx.insertAccessKey({ accessKey, userId, sealedSecret, enabled: true, createdAt: now() })
}

/** Exactly one project per region: clients look theirs up by the region's name and take none or two for an error. */
export async function ensureProjects(
  tx: Tx,
  domainId: string,
  { newId, regions }: Pick<IdentityMaker, 'newId' | 'regions'>,
): Promise<void> {
  const present = new Set((await tx.listProjects(domainId)).map(({ name }) => name))
  for (const name of new Set(regions))
    if (!present.has(name)) await tx.insertProject({ id: newId(), domainId, name, enabled: true })
}
