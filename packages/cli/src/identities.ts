import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Client } from './client/client.ts'
import type { CommandFlag, Invocation } from './command.ts'
import { CommandFailure, EXIT, usageFailure } from './failures.ts'

export interface AccountBody {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly is_operator: boolean
}
export interface UserBody {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly role: string
  readonly zones: readonly string[]
  readonly policies: readonly object[]
  readonly created_at: string
}
export interface KeyBody {
  readonly access_key: string
  readonly user_id: string
  readonly enabled: boolean
  readonly created_at: string
}
export interface ProjectBody {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
}

export const ACCOUNT_FLAG: CommandFlag = {
  name: 'account',
  takesValue: true,
  placeholder: 'ACCOUNT',
  sentence: 'Name or id of another account, for the operator. Default: that of the key.',
}
export const SAVE_FLAG: CommandFlag = {
  name: 'save',
  takesValue: true,
  placeholder: 'FOLDER',
  sentence:
    'Write the secrets to credentials.json in this folder, which --data takes, and do not print them.',
}

export async function getAccount(client: Client, nameOrId: string): Promise<AccountBody> {
  const { accounts } = await client.json<{ accounts: AccountBody[] }>('GET', '/waymark/v1/accounts')
  return named(accounts, nameOrId, 'account', 'accounts list')
}

/** Query of the calls that manage an account: empty for that of the key. */
export async function accountQuery(call: Invocation): Promise<{ account_id?: string }> {
  const account = call.text('account')
  return account === undefined ? {} : { account_id: (await getAccount(call.client, account)).id }
}

export async function getUser(
  client: Client,
  nameOrId: string,
  query: { account_id?: string },
): Promise<UserBody> {
  const { users } = await client.json<{ users: UserBody[] }>('GET', '/waymark/v1/users', { query })
  return named(users, nameOrId, 'user', 'users list')
}

function named<T extends { readonly id: string; readonly name: string }>(
  rows: readonly T[],
  nameOrId: string,
  what: string,
  listing: string,
): T {
  const found = rows.find(({ id, name }) => name === nameOrId || id === nameOrId)
  if (found !== undefined) return found
  throw new CommandFailure(
    EXIT.refused,
    `there is no ${what} ${nameOrId}`,
    `list them with "waymark ${listing}"`,
  )
}

/** The file that `--save` names. Throws when there is one already, before secrets are made that would then be lost. */
export function credentialsFile(call: Invocation): string | undefined {
  const folder = call.text('save')
  if (folder === undefined) return undefined
  const file = join(resolve(folder), 'credentials.json')
  if (existsSync(file)) throw usageFailure(`${file} is there already; save to another folder`)
  return file
}

/** Keeps secrets in the form that `--data` reads; only the owner of the file can read it. */
export function saveCredentials(file: string, credentials: object): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, `${JSON.stringify(credentials, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' })
}

export const stateOf = ({ enabled }: { readonly enabled: boolean }): string =>
  enabled ? 'enabled' : 'disabled'
