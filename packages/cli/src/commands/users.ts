import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Command, type CommandFlag, type Invocation, JSON_FLAG } from '../command.ts'
import { confirm, YES_FLAG } from '../confirm.ts'
import { EXIT, usageFailure } from '../failures.ts'
import { ACCOUNT_FLAG, accountQuery, getUser, stateOf, type UserBody } from '../identities.ts'
import { printFields, printRows } from '../terminal/print.ts'
import { getZone } from '../zone-lookup.ts'

const USER = { name: 'USER', sentence: 'Name or id of the user.' } as const
const PATH = '/waymark/v1/users'
const ROLES = ['administrator', 'full-access', 'read-only', 'zone-administrator', 'none']

const PERMISSION_FLAGS: readonly CommandFlag[] = [
  {
    name: 'role',
    takesValue: true,
    placeholder: ROLES.join('|'),
    sentence:
      'What the user may do. An administrator also manages users and keys; a zone administrator is limited to --zones; none leaves it to --policy.',
  },
  {
    name: 'zones',
    takesValue: true,
    placeholder: 'A,B,…',
    sentence: 'Names or ids of the zones of a zone administrator.',
  },
  {
    name: 'policy',
    takesValue: true,
    placeholder: 'FILE',
    sentence:
      'A policy, or a list of policies, in JSON (Version, Statement). It adds to the role; Deny wins.',
  },
]

/** The permissions that were given, in the API's form. */
async function permissionsOf(call: Invocation): Promise<object> {
  const role = call.text('role')
  if (role !== undefined && !ROLES.includes(role))
    throw usageFailure(`--role "${role}" must be one of ${ROLES.join(', ')}`)
  const names = call
    .text('zones')
    ?.split(',')
    .filter((name) => name !== '')
  const zones = names && (await Promise.all(names.map(async (name) => (await getZone(call.client, name)).id)))
  return { role: role?.replaceAll('-', '_'), zones, policies: readPolicies(call.text('policy')) }
}

function readPolicies(file: string | undefined): object[] | undefined {
  if (file === undefined) return undefined
  try {
    const value = JSON.parse(readFileSync(file, 'utf8'))
    return Array.isArray(value) ? value : [value]
  } catch (error) {
    throw usageFailure(`--policy ${file}: ${(error as Error).message}`)
  }
}

export const usersList: Command = {
  name: 'users list',
  summary: 'List the users of the account and what they may do',
  flags: [ACCOUNT_FLAG, JSON_FLAG],
  examples: [['users list', 'of the account of the key']],
  async run(call) {
    const query = await accountQuery(call)
    const { users } = await call.client.json<{ users: UserBody[] }>('GET', PATH, { query })
    printRows(
      call,
      [
        { title: 'NAME', minWidth: 12 },
        { title: 'STATE' },
        { title: 'ROLE' },
        { title: 'ZONES', align: 'right' },
        { title: 'POLICIES', align: 'right' },
        { title: 'ID' },
      ],
      users.map((user) => [
        user.name,
        stateOf(user),
        user.role.replaceAll('_', '-'),
        user.role === 'zone_administrator' ? String(user.zones.length) : 'all',
        String(user.policies.length),
        user.id,
      ]),
      users,
    )
    return EXIT.ok
  },
}

export const usersShow: Command = {
  name: 'users show',
  summary: 'Show a user with zones and policies',
  arguments: [USER],
  flags: [ACCOUNT_FLAG, JSON_FLAG],
  examples: [['users show ann', 'by name']],
  async run(call) {
    const user = await getUser(call.client, call.argument('USER'), await accountQuery(call))
    printFields(
      call,
      [
        ['name', user.name],
        ['id', user.id],
        ['state', stateOf(user)],
        ['role', user.role.replaceAll('_', '-')],
        ['zones', user.zones.join(', ')],
        ['created', user.created_at],
        ...user.policies.map((policy) => ['policy', JSON.stringify(policy)] as const),
      ],
      user,
    )
    return EXIT.ok
  },
}

export const usersCreate: Command = {
  name: 'users create',
  summary: 'Make a user; its password is made up and shown once',
  arguments: [{ name: 'NAME', sentence: 'Name of the user.' }],
  flags: [...PERMISSION_FLAGS, ACCOUNT_FLAG, JSON_FLAG],
  examples: [
    ['users create ann', 'who may read only'],
    ['users create bob --role zone-administrator --zones example.org,example.net', 'for two zones'],
    ['users create ci --role none --policy policy.json', 'by a policy of yours'],
  ],
  async run(call) {
    const json = { name: call.argument('NAME'), ...(await permissionsOf(call)) }
    const query = await accountQuery(call)
    const made = await call.client.json<UserBody & { password: string }>('POST', PATH, { query, json })
    printFields(
      call,
      [
        ['user', made.name],
        ['id', made.id],
        ['password', made.password],
        ['role', made.role.replaceAll('_', '-')],
      ],
      made,
    )
    call.note(`The password cannot be shown again. An access key: waymark keys create ${made.name}`)
    return EXIT.ok
  },
}

async function change(call: Invocation, json: object): Promise<UserBody> {
  const query = await accountQuery(call)
  const { id } = await getUser(call.client, call.argument('USER'), query)
  return call.client.json<UserBody>('PATCH', `${PATH}/${id}`, { query, json })
}

export const usersUpdate: Command = {
  name: 'users update',
  summary: 'Change what a user may do',
  arguments: [USER],
  flags: [
    ...PERMISSION_FLAGS,
    { name: 'enable', takesValue: false, sentence: 'Let the user in again.' },
    { name: 'disable', takesValue: false, sentence: 'Let the user in no more.' },
    ACCOUNT_FLAG,
    JSON_FLAG,
  ],
  examples: [
    ['users update ann --role full-access', 'holds at once'],
    ['users update ann --disable', 'ends its tokens; keys stay for when it is enabled again'],
  ],
  async run(call) {
    const enabled = call.isSet('enable') ? true : call.isSet('disable') ? false : undefined
    const user = await change(call, { ...(await permissionsOf(call)), enabled })
    if (call.isSet('json')) call.print(JSON.stringify(user))
    else call.print(`User ${user.name} is ${stateOf(user)}, role ${user.role.replaceAll('_', '-')}`)
    return EXIT.ok
  },
}

const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

export const usersPassword: Command = {
  name: 'users password',
  summary: 'Give a user a new password, made up and shown once; its tokens end',
  arguments: [USER],
  flags: [ACCOUNT_FLAG, JSON_FLAG],
  examples: [['users password ann', 'prints the password']],
  async run(call) {
    const password = Array.from({ length: 24 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
    const { name } = await change(call, { password })
    printFields(
      call,
      [
        ['user', name],
        ['password', password],
      ],
      { user: name, password },
    )
    return EXIT.ok
  },
}

export const usersDelete: Command = {
  name: 'users delete',
  summary: 'Delete a user with its access keys',
  arguments: [USER],
  flags: [YES_FLAG, ACCOUNT_FLAG],
  examples: [['users delete ann --yes', 'without a question']],
  async run(call) {
    const query = await accountQuery(call)
    const { id, name } = await getUser(call.client, call.argument('USER'), query)
    confirm(call, `Delete user ${name} with all its access keys?`)
    await call.client.json('DELETE', `${PATH}/${id}`, { query })
    call.print(`User ${name} deleted`)
    return EXIT.ok
  },
}
