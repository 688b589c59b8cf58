import { type Command, type Invocation, JSON_FLAG } from '../command.ts'
import { confirm, YES_FLAG } from '../confirm.ts'
import { EXIT } from '../failures.ts'
import {
  ACCOUNT_FLAG,
  accountQuery,
  credentialsFile,
  getUser,
  type KeyBody,
  SAVE_FLAG,
  saveCredentials,
  stateOf,
  type UserBody,
} from '../identities.ts'
import { printFields, printRows } from '../terminal/print.ts'

const KEY = { name: 'KEY', sentence: 'The access key.' } as const
const PATH = '/waymark/v1/keys'

export const keysList: Command = {
  name: 'keys list',
  summary: 'List access keys, without their secrets',
  flags: [
    { name: 'user', takesValue: true, placeholder: 'USER', sentence: 'Only those of this user.' },
    ACCOUNT_FLAG,
    JSON_FLAG,
  ],
  examples: [['keys list --user ann', 'of one user']],
  async run(call) {
    const query = await accountQuery(call)
    const { users } = await call.client.json<{ users: UserBody[] }>('GET', '/waymark/v1/users', { query })
    const user = call.text('user')
    const user_id = user === undefined ? undefined : (await getUser(call.client, user, query)).id
    const { keys } = await call.client.json<{ keys: KeyBody[] }>('GET', PATH, {
      query: { ...query, user_id },
    })
    const nameOf = (id: string): string => users.find((one) => one.id === id)?.name ?? id
    printRows(
      call,
      [{ title: 'ACCESS KEY' }, { title: 'USER', minWidth: 12 }, { title: 'STATE' }, { title: 'CREATED' }],
      keys.map((key) => [key.access_key, nameOf(key.user_id), stateOf(key), key.created_at]),
      keys,
    )
    return EXIT.ok
  },
}

export const keysCreate: Command = {
  name: 'keys create',
  summary: 'Make an access key for a user; its secret is shown once',
  arguments: [{ name: 'USER', sentence: 'Name or id of the user.' }],
  flags: [SAVE_FLAG, ACCOUNT_FLAG, JSON_FLAG],
  examples: [
    ['keys create ann', 'prints key and secret'],
    ['keys create ci --save ./ci', 'then: waymark zones list --data ./ci'],
  ],
  async run(call) {
    const file = credentialsFile(call)
    const query = await accountQuery(call)
    const { id, name } = await getUser(call.client, call.argument('USER'), query)
    const made = await call.client.json<KeyBody & { secret_key: string }>('POST', PATH, {
      query,
      json: { user_id: id },
    })
    const { access_key, secret_key } = made
    if (file !== undefined) {
      saveCredentials(file, { access_key, secret_key, user: name })
      call.print(`Access key ${access_key} is in ${file}`)
      return EXIT.ok
    }
    printFields(
      call,
      [
        ['access key', access_key],
        ['secret key', secret_key],
      ],
      made,
    )
    call.note('The secret key cannot be shown again.')
    return EXIT.ok
  },
}

async function setState(call: Invocation, enabled: boolean): Promise<number> {
  const key = await call.client.json<KeyBody>('PATCH', `${PATH}/${call.argument('KEY')}`, {
    query: await accountQuery(call),
    json: { enabled },
  })
  call.print(`Access key ${key.access_key} is ${stateOf(key)}`)
  return EXIT.ok
}

export const keysDisable: Command = {
  name: 'keys disable',
  summary: 'Let an access key open nothing until it is enabled again',
  arguments: [KEY],
  flags: [ACCOUNT_FLAG],
  examples: [['keys disable EXAMPLEKEY', 'before deleting it, to see who misses it']],
  run: (call) => setState(call, false),
}

export const keysEnable: Command = {
  name: 'keys enable',
  summary: 'Let an access key open again what its user may do',
  arguments: [KEY],
  flags: [ACCOUNT_FLAG],
  examples: [['keys enable EXAMPLEKEY', 'undoes disable']],
  run: (call) => setState(call, true),
}

export const keysDelete: Command = {
  name: 'keys delete',
  summary: 'Delete an access key',
  arguments: [KEY],
  flags: [YES_FLAG, ACCOUNT_FLAG],
  examples: [['keys delete EXAMPLEKEY --yes', 'without a question']],
  async run(call) {
    const key = call.argument('KEY')
    confirm(call, `Delete access key ${key}?`)
    await call.client.json('DELETE', `${PATH}/${key}`, { query: await accountQuery(call) })
    call.print(`Access key ${key} deleted`)
    return EXIT.ok
  },
}
