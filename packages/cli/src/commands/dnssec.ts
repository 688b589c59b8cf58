import { type Command, type Invocation, JSON_FLAG } from '../command.ts'
import { confirm, YES_FLAG } from '../confirm.ts'
import { EXIT, usageFailure } from '../failures.ts'
import { printTable } from '../terminal/print.ts'
import { getZone } from '../zone-lookup.ts'

interface KeysBody {
  readonly zone_name: string
  readonly status: string
  readonly ds_records: readonly string[]
  readonly keys: readonly {
    readonly role: string
    readonly key_tag: number
    readonly algorithm_name: string
    readonly state: string
    readonly active_at: string
    readonly retired_at: string | null
    readonly removed_at: string | null
  }[]
}

const ZONE = { name: 'ZONE', sentence: 'Name or id of a public zone.' } as const

const keysPath = (id: string): string => `/waymark/v1/zones/${id}/dnssec`

function printKeys(call: Invocation, body: KeysBody): void {
  if (call.isSet('json')) {
    call.print(JSON.stringify(body))
    return
  }
  if (body.keys.length === 0) {
    call.print(`Zone ${body.zone_name} is not signed`)
    return
  }
  printTable(
    call,
    [
      { title: 'ROLE' },
      { title: 'KEY TAG', align: 'right' },
      { title: 'ALGORITHM' },
      { title: 'STATE' },
      { title: 'ACTIVE' },
      { title: 'RETIRED' },
      { title: 'REMOVED' },
    ],
    body.keys.map((key) => [
      ...[key.role.toUpperCase(), String(key.key_tag), key.algorithm_name, key.state],
      ...[key.active_at, key.retired_at ?? '', key.removed_at ?? ''],
    ]),
  )
  call.print('')
  call.print('DS for the parent zone:')
  for (const record of body.ds_records) call.print(record)
}

export const dnssecShow: Command = {
  name: 'dnssec show',
  summary: 'Show the keys of a zone and the DS records for its parent',
  arguments: [ZONE],
  flags: [JSON_FLAG],
  examples: [['dnssec show example.org', 'keys and DS']],
  async run(call) {
    const { id } = await getZone(call.client, call.argument('ZONE'))
    printKeys(call, await call.client.json<KeysBody>('GET', keysPath(id)))
    return EXIT.ok
  },
}

export const dnssecEnable: Command = {
  name: 'dnssec enable',
  summary: 'Sign a zone',
  arguments: [ZONE],
  flags: [JSON_FLAG],
  examples: [['dnssec enable example.org', 'then give the DS to the registrar']],
  async run(call) {
    const { id } = await getZone(call.client, call.argument('ZONE'))
    await call.client.json('POST', `/v2/zones/${id}/enable-dnssec`)
    printKeys(call, await call.client.json<KeysBody>('GET', keysPath(id)))
    return EXIT.ok
  },
}

export const dnssecDisable: Command = {
  name: 'dnssec disable',
  summary: 'Sign a zone no longer',
  arguments: [ZONE],
  flags: [YES_FLAG],
  examples: [['dnssec disable example.org --yes', 'when the DS has been gone for two days']],
  async run(call) {
    const { id, name } = await getZone(call.client, call.argument('ZONE'))
    confirm(
      call,
      `Remove the keys of ${name}? While its parent has a DS, resolvers will refuse all its names.`,
    )
    await call.client.json('POST', `/v2/zones/${id}/disable-dnssec`)
    call.print(`Zone ${name} is signed no longer`)
    return EXIT.ok
  },
}

export const dnssecRoll: Command = {
  name: 'dnssec roll',
  summary: 'Give a signed zone a new key',
  arguments: [ZONE],
  flags: [
    { name: 'role', takesValue: true, placeholder: 'ksk|zsk', sentence: 'Which key. Default: zsk.' },
    JSON_FLAG,
  ],
  examples: [
    ['dnssec roll example.org', 'a new ZSK; nothing more is to be done'],
    ['dnssec roll example.org --role ksk', 'a new KSK; its DS goes to the parent'],
  ],
  async run(call) {
    const role = call.text('role') ?? 'zsk'
    if (role !== 'ksk' && role !== 'zsk') throw usageFailure(`--role "${role}" must be ksk or zsk`)
    const { id } = await getZone(call.client, call.argument('ZONE'))
    printKeys(call, await call.client.json<KeysBody>('POST', `${keysPath(id)}/roll`, { json: { role } }))
    return EXIT.ok
  },
}

export const dnssecConfirmDs: Command = {
  name: 'dnssec confirm-ds',
  summary: 'Say that the parent has the DS of the new KSK',
  arguments: [ZONE],
  flags: [JSON_FLAG],
  examples: [['dnssec confirm-ds example.org', 'the old KSK leaves two days later']],
  async run(call) {
    const { id } = await getZone(call.client, call.argument('ZONE'))
    printKeys(call, await call.client.json<KeysBody>('POST', `${keysPath(id)}/confirm-ds`))
    return EXIT.ok
  },
}
