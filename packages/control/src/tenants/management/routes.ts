import { z } from 'zod'
import type { Context } from '../../context.ts'
import { apiError } from '../../errors.ts'
import { type Reply, type Route, route } from '../../http/route.ts'
import type { Identities } from '../identities.ts'
import type { IdentityMaker } from '../new-account.ts'
import type { SecretBox } from '../secrets.ts'
import {
  createAccount,
  managedAccount,
  operatorId,
  refuseTakenName,
  requireOperator,
  updateAccount,
} from './accounts.ts'
import {
  AccountBody,
  AccountChangeBody,
  AccountQuery,
  accountBody,
  KeyBody,
  KeyChangeBody,
  KeyQuery,
  keyBody,
  MadeAccountBody,
  MadeKeyBody,
  MadeUserBody,
  NewAccountBody,
  NewKeyBody,
  NewProjectBody,
  NewUserBody,
  ProjectBody,
  ProjectChangeBody,
  projectBody,
  readBody,
  UserBody,
  UserChangeBody,
  userBody,
} from './schemas.ts'
import {
  createKey,
  createUser,
  listUsers,
  removeKey,
  removeUser,
  showUser,
  updateKey,
  updateUser,
} from './users.ts'

const list = <S extends z.ZodType>(member: string, row: S) => ({ 200: z.object({ [member]: z.array(row) }) })
/** Answers that hold a secret are for the caller alone. */
const once = (json: object): Reply => ({ status: 201, json, headers: { 'Cache-Control': 'no-store' } })

/**
 * Accounts, users, access keys and projects. Accounts are managed by the account that the first start has made; every
 * account manages its own users and keys, and the operator those of any account (`account_id`), to help who locked
 * themselves out.
 */
export function managementRoutes(
  { settings, now, newId }: Context,
  identities: Identities,
  secrets: SecretBox,
): Route<Context>[] {
  const maker: IdentityMaker = { regions: settings.regions, secrets, now, newId }
  const base = '/waymark/v1'
  /** Changes hold at once on this node. */
  const changing =
    (handler: Route<Context>['handler']): Route<Context>['handler'] =>
    async (call, context) => {
      const reply = await handler(call, context)
      identities.forgetAll()
      return reply
    }

  return [
    route<Context>({
      operation: 'listAccounts',
      method: 'GET',
      path: `${base}/accounts`,
      summary: 'List the accounts: all of them for the operator, else the own one',
      permission: 'waymark:account:list',
      responses: list('accounts', AccountBody),
      async handler(call, { store }) {
        const operator = await operatorId(store)
        const accounts = await store.listAccounts()
        const own = call.tenant.domainId
        const seen = operator === own ? accounts : accounts.filter(({ id }) => id === own)
        return { status: 200, json: { accounts: seen.map((row) => accountBody(row, operator)) } }
      },
    }),
    route<Context>({
      operation: 'createAccount',
      method: 'POST',
      path: `${base}/accounts`,
      summary: 'Make an account with an administrator; its secrets are shown once',
      permission: 'waymark:account:create',
      input: 'json',
      bodySchema: NewAccountBody,
      responses: { 201: MadeAccountBody },
      handler: changing(async (call, { store }) => {
        await requireOperator(store, call, 'waymark:account:create')
        const made = await createAccount(store, maker, readBody(NewAccountBody, call.body))
        return once({
          ...accountBody(made.account, await operatorId(store)),
          credentials: made.credentials,
        })
      }),
    }),
    route<Context>({
      operation: 'updateAccount',
      method: 'PATCH',
      path: `${base}/accounts/{account_id}`,
      summary: 'Rename, disable or enable an account; its zones are answered all the same',
      permission: 'waymark:account:update',
      input: 'json',
      bodySchema: AccountChangeBody,
      responses: { 200: AccountBody },
      handler: changing(async (call, { store }) => {
        await requireOperator(store, call, 'waymark:account:update')
        const change = readBody(AccountChangeBody, call.body)
        const account = await updateAccount(store, call.params.account_id!, change)
        return { status: 200, json: accountBody(account, await operatorId(store)) }
      }),
    }),

    route<Context>({
      operation: 'listUsers',
      method: 'GET',
      path: `${base}/users`,
      summary: 'List the users of the account and what they may do',
      permission: 'waymark:user:list',
      query: AccountQuery,
      refusals: [404],
      responses: list('users', UserBody),
      async handler(call, { store }) {
        const users = await listUsers(store, await managedAccount(store, call))
        return { status: 200, json: { users: users.map(({ user, grant }) => userBody(user, grant)) } }
      },
    }),
    route<Context>({
      operation: 'createUser',
      method: 'POST',
      path: `${base}/users`,
      summary: 'Make a user; a password that is made up is shown once',
      permission: 'waymark:user:create',
      input: 'json',
      query: AccountQuery,
      bodySchema: NewUserBody,
      responses: { 201: MadeUserBody },
      handler: changing(async (call, { store }) => {
        const account = await managedAccount(store, call)
        const made = await createUser(store, maker, account, readBody(NewUserBody, call.body))
        return once({ ...userBody(made.user, made.grant), password: made.password })
      }),
    }),
    route<Context>({
      operation: 'showUser',
      method: 'GET',
      path: `${base}/users/{user_id}`,
      summary: 'Show a user',
      permission: 'waymark:user:get',
      query: AccountQuery,
      refusals: [404],
      responses: { 200: UserBody },
      async handler(call, { store }) {
        const found = await showUser(store, await managedAccount(store, call), call.params.user_id!)
        return { status: 200, json: userBody(found.user, found.grant) }
      },
    }),
    route<Context>({
      operation: 'updateUser',
      method: 'PATCH',
      path: `${base}/users/{user_id}`,
      summary: 'Change password, state or permissions of a user',
      permission: 'waymark:user:update',
      input: 'json',
      query: AccountQuery,
      bodySchema: UserChangeBody,
      responses: { 200: UserBody },
      handler: changing(async (call, { store }) => {
        const account = await managedAccount(store, call)
        const change = readBody(UserChangeBody, call.body)
        const { user, grant } = await updateUser(store, account, call.params.user_id!, change)
        return { status: 200, json: userBody(user, grant) }
      }),
    }),
    route<Context>({
      operation: 'deleteUser',
      method: 'DELETE',
      path: `${base}/users/{user_id}`,
      summary: 'Delete a user with its access keys',
      permission: 'waymark:user:delete',
      query: AccountQuery,
      responses: { 204: null },
      handler: changing(async (call, { store }) => {
        await removeUser(store, await managedAccount(store, call), call.params.user_id!)
        return { status: 204 }
      }),
    }),

    route<Context>({
      operation: 'listAccessKeys',
      method: 'GET',
      path: `${base}/keys`,
      summary: 'List the access keys of the account, without their secrets',
      permission: 'waymark:key:list',
      query: KeyQuery,
      refusals: [404],
      responses: list('keys', KeyBody),
      async handler(call, { store }) {
        const keys = await store.listAccessKeys(await managedAccount(store, call), call.query.user_id)
        return { status: 200, json: { keys: keys.map(keyBody) } }
      },
    }),
    route<Context>({
      operation: 'createAccessKey',
      method: 'POST',
      path: `${base}/keys`,
      summary: 'Make an access key for a user; its secret is shown once',
      permission: 'waymark:key:create',
      input: 'json',
      query: AccountQuery,
      bodySchema: NewKeyBody,
      responses: { 201: MadeKeyBody },
      handler: changing(async (call, { store }) => {
        const account = await managedAccount(store, call)
        const { user_id } = readBody(NewKeyBody, call.body)
        const { key, secretKey } = await createKey(store, maker, account, user_id)
        return once({ ...keyBody(key), secret_key: secretKey })
      }),
    }),
    route<Context>({
      operation: 'updateAccessKey',
      method: 'PATCH',
      path: `${base}/keys/{access_key}`,
      summary: 'Disable or enable an access key',
      permission: 'waymark:key:update',
      input: 'json',
      query: AccountQuery,
      bodySchema: KeyChangeBody,
      responses: { 200: KeyBody },
      handler: changing(async (call, { store }) => {
        const account = await managedAccount(store, call)
        const { enabled } = readBody(KeyChangeBody, call.body)
        return {
          status: 200,
          json: keyBody(await updateKey(store, account, call.params.access_key!, enabled)),
        }
      }),
    }),
    route<Context>({
      operation: 'deleteAccessKey',
      method: 'DELETE',
      path: `${base}/keys/{access_key}`,
      summary: 'Delete an access key',
      permission: 'waymark:key:delete',
      query: AccountQuery,
      responses: { 204: null },
      handler: changing(async (call, { store }) => {
        await removeKey(store, await managedAccount(store, call), call.params.access_key!)
        return { status: 204 }
      }),
    }),

    route<Context>({
      operation: 'listAccountProjects',
      method: 'GET',
      path: `${base}/projects`,
      summary: 'List the projects of the account: one for every region, and others',
      permission: 'waymark:project:list',
      query: AccountQuery,
      refusals: [404],
      responses: list('projects', ProjectBody),
      async handler(call, { store }) {
        const projects = await store.listProjects(await managedAccount(store, call))
        return { status: 200, json: { projects: projects.map(projectBody) } }
      },
    }),
    route<Context>({
      operation: 'createAccountProject',
      method: 'POST',
      path: `${base}/projects`,
      summary: 'Make a project: private zones belong to one',
      permission: 'waymark:project:create',
      input: 'json',
      query: AccountQuery,
      bodySchema: NewProjectBody,
      responses: { 201: ProjectBody },
      handler: changing(async (call, { store }) => {
        const account = await managedAccount(store, call)
        const { name } = readBody(NewProjectBody, call.body)
        const project = { id: newId(), domainId: account, name, enabled: true }
        await refuseTakenName(
          name,
          store.transaction((tx) => tx.insertProject(project)),
        )
        return { status: 201, json: projectBody(project) }
      }),
    }),
    route<Context>({
      operation: 'updateAccountProject',
      method: 'PATCH',
      path: `${base}/projects/{id}`,
      summary: 'Disable or enable a project',
      permission: 'waymark:project:update',
      input: 'json',
      query: AccountQuery,
      bodySchema: ProjectChangeBody,
      responses: { 200: ProjectBody },
      handler: changing(async (call, { store }) => {
        const account = await managedAccount(store, call)
        const { enabled } = readBody(ProjectChangeBody, call.body)
        const changed = await store.transaction(async (tx) => {
          const project = await tx.findProject(call.params.id!)
          if (project === undefined || project.domainId !== account) throw apiError('PROJECT_NOT_FOUND')
          await tx.updateProject({ ...project, enabled })
          return { ...project, enabled }
        })
        return { status: 200, json: projectBody(changed) }
      }),
    }),
  ]
}
