import { type Command, type Invocation, JSON_FLAG } from '../command.ts'
import { confirm, YES_FLAG } from '../confirm.ts'
import { EXIT, usageFailure } from '../failures.ts'
import { printFields, printRows } from '../terminal/print.ts'
import { getZone } from '../zone-lookup.ts'

const BASE = '/waymark/v1/transfers'
const ZONE = {
  name: 'ZONE',
  isOptional: true,
  sentence: 'Name or id of one zone; without it, all zones.',
} as const

interface Entry {
  readonly cidr?: string
  readonly address?: string
  readonly key?: string
}
interface AccessBody {
  readonly allow: readonly Entry[]
  readonly notify: readonly Entry[]
}
interface KeyBody {
  readonly name: string
  readonly algorithm: string
  readonly created_at: string
}

async function pathOf(call: Invocation): Promise<string> {
  const zone = call.argument('ZONE')
  return zone === '' ? BASE : `${BASE}/zones/${(await getZone(call.client, zone)).id}`
}

const textOf = ({ cidr, address, key }: Entry): string =>
  [cidr ?? address, key && `key:${key}`].filter(Boolean).join('+')

/** Reads `192.0.2.0/24`, `key:NAME` or both with `+` between, several with commas; `none` is an empty list. */
function readEntries(text: string, member: 'cidr' | 'address'): Entry[] {
  if (text === 'none') return []
  return text.split(',').map((part) => {
    const entry: { cidr?: string; address?: string; key?: string } = {}
    for (const word of part.trim().split('+')) {
      if (word.startsWith('key:')) entry.key = word.slice('key:'.length)
      else entry[member] = word
    }
    if (member === 'address' && entry.address === undefined)
      throw usageFailure(`--notify "${part}" names no address`, 'for example 192.0.2.1:53+key:ns1')
    return entry
  })
}

function printAccess(call: Invocation, access: AccessBody, more: [string, string][] = []): void {
  const list = (entries: readonly Entry[]): string => entries.map(textOf).join(', ') || 'nobody'
  printFields(call, [...more, ['allowed', list(access.allow)], ['notified', list(access.notify)]], access)
}

export const transfersShow: Command = {
  name: 'transfers show',
  summary: 'Show who may have zones by transfer, and who is told of changes',
  arguments: [ZONE],
  flags: [JSON_FLAG],
  examples: [
    ['transfers show', 'what holds for all zones'],
    ['transfers show example.com', 'what holds for one'],
  ],
  async run(call) {
    const access = await call.client.json<AccessBody & { own?: boolean }>('GET', await pathOf(call))
    const source = access.own === undefined ? [] : [['own', access.own ? 'yes' : 'no, as for all zones']]
    printAccess(call, access, source as [string, string][])
    return EXIT.ok
  },
}

export const transfersUpdate: Command = {
  name: 'transfers update',
  summary: 'Say who may have zones by transfer, and who is told of changes',
  arguments: [ZONE],
  flags: [
    {
      name: 'allow',
      takesValue: true,
      placeholder: 'RULE,…',
      sentence: 'PREFIX, key:NAME, or PREFIX+key:NAME; the word none for nobody.',
    },
    {
      name: 'notify',
      takesValue: true,
      placeholder: 'SERVER,…',
      sentence: 'ADDRESS:PORT or ADDRESS:PORT+key:NAME; the word none for nobody.',
    },
    JSON_FLAG,
  ],
  examples: [
    ['transfers update --allow key:ns1 --notify 192.0.2.1:53+key:ns1', 'for all zones'],
    [
      'transfers update example.com --allow 192.0.2.0/24',
      'for one zone, which then has nothing of the others',
    ],
  ],
  details:
    'What is left out stays as it is. A zone with access of its own has nothing of what holds for all zones.',
  async run(call) {
    const path = await pathOf(call)
    const allow = call.text('allow')
    const notify = call.text('notify')
    if (allow === undefined && notify === undefined)
      throw usageFailure('nothing to change', 'give --allow or --notify')
    const present = await call.client.json<AccessBody>('GET', path)
    const json = {
      allow: allow === undefined ? present.allow : readEntries(allow, 'cidr'),
      notify: notify === undefined ? present.notify : readEntries(notify, 'address'),
    }
    printAccess(call, await call.client.json<AccessBody>('PUT', path, { json }))
    return EXIT.ok
  },
}

export const transfersReset: Command = {
  name: 'transfers reset',
  summary: 'Let what holds for all zones hold for a zone again',
  arguments: [{ name: 'ZONE', sentence: 'Name or id of the zone.' }],
  examples: [['transfers reset example.com', 'undoes transfers update example.com']],
  async run(call) {
    await call.client.json('DELETE', await pathOf(call))
    call.print(`Zone ${call.argument('ZONE')} has no access of its own any more`)
    return EXIT.ok
  },
}

export const transfersKeys: Command = {
  name: 'transfers keys',
  summary: 'List the TSIG keys, without their secrets',
  flags: [JSON_FLAG],
  examples: [['transfers keys', 'all keys']],
  async run(call) {
    const { keys } = await call.client.json<{ keys: KeyBody[] }>('GET', `${BASE}/keys`)
    printRows(
      call,
      [{ title: 'KEY', minWidth: 12 }, { title: 'ALGORITHM' }, { title: 'CREATED' }],
      keys.map((key) => [key.name, key.algorithm, key.created_at]),
      keys,
    )
    return EXIT.ok
  },
}

export const transfersCreateKey: Command = {
  name: 'transfers create-key',
  summary: 'Make a TSIG key; its secret is shown once',
  arguments: [{ name: 'NAME', sentence: 'Its name, the same on both servers.' }],
  flags: [
    {
      name: 'algorithm',
      takesValue: true,
      placeholder: 'NAME',
      sentence: 'hmac-sha256, hmac-sha384 or hmac-sha512. Default: hmac-sha256.',
    },
    JSON_FLAG,
  ],
  examples: [['transfers create-key ns1', 'prints name, algorithm and secret']],
  details: 'A secret that there is already comes by the environment variable WAYMARK_TSIG_SECRET, in base64.',
  async run(call) {
    const made = await call.client.json<KeyBody & { secret: string }>('POST', `${BASE}/keys`, {
      json: {
        name: call.argument('NAME'),
        algorithm: call.text('algorithm'),
        secret: call.environment.WAYMARK_TSIG_SECRET,
      },
    })
    printFields(
      call,
      [
        ['key', made.name],
        ['algorithm', made.algorithm],
        ['secret', made.secret],
      ],
      made,
    )
    call.note('The secret cannot be shown again.')
    return EXIT.ok
  },
}

export const transfersDeleteKey: Command = {
  name: 'transfers delete-key',
  summary: 'Delete a TSIG key that nothing names',
  arguments: [{ name: 'NAME', sentence: 'Its name.' }],
  flags: [YES_FLAG],
  examples: [['transfers delete-key ns1 --yes', 'without a question']],
  async run(call) {
    const name = call.argument('NAME')
    confirm(call, `Delete TSIG key ${name}?`)
    await call.client.json('DELETE', `${BASE}/keys/${encodeURIComponent(name)}`)
    call.print(`TSIG key ${name} deleted`)
    return EXIT.ok
  },
}
