import { type Command, type Invocation, JSON_FLAG } from '../command.ts'
import { EXIT } from '../failures.ts'
import {
  type AccountBody,
  credentialsFile,
  getAccount,
  SAVE_FLAG,
  saveCredentials,
  stateOf,
} from '../identities.ts'
import { printFields, printRows } from '../terminal/print.ts'

const ACCOUNT = { name: 'ACCOUNT', sentence: 'Name or id of the account.' } as const
const PATH = '/waymark/v1/accounts'

export const accountsList: Command = {
  name: 'accounts list',
  summary: 'List the accounts; who is not of the operator’s sees its own',
  flags: [JSON_FLAG],
  examples: [['accounts list', 'all accounts of the installation']],
  async run(call) {
    const { accounts } = await call.client.json<{ accounts: AccountBody[] }>('GET', PATH)
    printRows(
      call,
      [{ title: 'NAME', minWidth: 12 }, { title: 'STATE' }, { title: 'ID' }],
      accounts.map((account) => [account.name, stateOf(account), account.id]),
      accounts,
    )
    return EXIT.ok
  },
}

export const accountsCreate: Command = {
  name: 'accounts create',
  summary: 'Make an account with an administrator and an access key',
  arguments: [{ name: 'NAME', sentence: 'Name of the account.' }],
  flags: [
    {
      name: 'user',
      takesValue: true,
      placeholder: 'NAME',
      sentence: 'Name of its administrator. Default: admin.',
    },
    SAVE_FLAG,
    JSON_FLAG,
  ],
  examples: [
    ['accounts create acme', 'prints the secrets, this once'],
    ['accounts create acme --save ./acme', 'then: waymark zones list --data ./acme'],
  ],
  async run(call) {
    const file = credentialsFile(call)
    const json = { name: call.argument('NAME'), user: call.text('user') }
    const made = await call.client.json<AccountBody & { credentials: Record<string, string> }>('POST', PATH, {
      json,
    })
    if (file !== undefined) {
      saveCredentials(file, made.credentials)
      call.print(`Account ${made.name} created, its secrets are in ${file}`)
      return EXIT.ok
    }
    printFields(
      call,
      Object.entries(made.credentials).map(([name, value]) => [name.replaceAll('_', ' '), value]),
      made,
    )
    call.note('These secrets cannot be shown again.')
    return EXIT.ok
  },
}

async function change(call: Invocation, json: object): Promise<number> {
  const { id } = await getAccount(call.client, call.argument('ACCOUNT'))
  const account = await call.client.json<AccountBody>('PATCH', `${PATH}/${id}`, { json })
  if (call.isSet('json')) call.print(JSON.stringify(account))
  else call.print(`Account ${account.name} is ${stateOf(account)}`)
  return EXIT.ok
}

export const accountsDisable: Command = {
  name: 'accounts disable',
  summary: 'Let nobody of an account in; its zones are answered all the same',
  arguments: [ACCOUNT],
  flags: [JSON_FLAG],
  examples: [['accounts disable acme', 'at once at this node, within seconds at others']],
  run: (call) => change(call, { enabled: false }),
}

export const accountsEnable: Command = {
  name: 'accounts enable',
  summary: 'Let the users of an account in again',
  arguments: [ACCOUNT],
  flags: [JSON_FLAG],
  examples: [['accounts enable acme', 'undoes disable']],
  run: (call) => change(call, { enabled: true }),
}

export const accountsRename: Command = {
  name: 'accounts rename',
  summary: 'Give an account another name',
  arguments: [ACCOUNT, { name: 'NAME', sentence: 'The new name.' }],
  flags: [JSON_FLAG],
  examples: [['accounts rename acme acme-east', 'users log in under the new name']],
  run: (call) => change(call, { name: call.argument('NAME') }),
}
