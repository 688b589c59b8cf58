import type { Client } from '../client/client.ts'
import { type Command, JSON_FLAG } from '../command.ts'
import { confirm, YES_FLAG } from '../confirm.ts'
import { CommandFailure, EXIT } from '../failures.ts'
import { listAll } from '../list-all.ts'
import { printRows } from '../terminal/print.ts'

interface AddressBody {
  readonly id: string
  readonly address: string
  readonly name: string
  readonly region: string
}

const PATH = '/waymark/v1/addresses'
const ADDRESS = { name: 'ADDRESS', sentence: 'The address itself, or its id.' } as const
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

async function getAddress(client: Client, addressOrId: string): Promise<AddressBody> {
  if (UUID.test(addressOrId)) return client.json<AddressBody>('GET', `${PATH}/${addressOrId}`)
  const query = { address: addressOrId }
  const { addresses } = await client.json<{ addresses: AddressBody[] }>('GET', PATH, { query })
  if (addresses[0] !== undefined) return addresses[0]
  throw new CommandFailure(
    EXIT.refused,
    `address ${addressOrId} is not registered`,
    'list the addresses with: waymark addresses list',
  )
}

export const addressesList: Command = {
  name: 'addresses list',
  summary: 'List the public addresses of the account',
  flags: [
    { name: 'region', takesValue: true, placeholder: 'REGION', sentence: 'Only those of this region.' },
    JSON_FLAG,
  ],
  examples: [['addresses list', 'all addresses']],
  async run(call) {
    const query = { region: call.text('region') }
    const { rows: addresses } = await listAll<AddressBody>(call.client, PATH, 'addresses', query, 100_000)
    printRows(
      call,
      [{ title: 'ADDRESS' }, { title: 'REGION' }, { title: 'ID' }, { title: 'NAME', minWidth: 12 }],
      addresses.map((each) => [each.address, each.region, each.id, each.name]),
      addresses,
    )
    return EXIT.ok
  },
}

export const addressesCreate: Command = {
  name: 'addresses create',
  summary: 'Register a public address, so that it can have a PTR record',
  arguments: [{ name: 'ADDRESS', sentence: 'IPv4 or IPv6 address.' }],
  flags: [
    { name: 'name', takesValue: true, placeholder: 'TEXT', sentence: 'At most 64 characters.' },
    {
      name: 'id',
      takesValue: true,
      placeholder: 'UUID',
      sentence: 'Id that it has elsewhere. Default: a new one.',
    },
    { name: 'region', takesValue: true, placeholder: 'REGION', sentence: 'Default: that of the key.' },
    JSON_FLAG,
  ],
  examples: [['addresses create 203.0.113.25 --name mail', 'in the region of the key']],
  async run(call) {
    const json = {
      address: call.argument('ADDRESS'),
      name: call.text('name'),
      id: call.text('id'),
      region: call.text('region'),
    }
    const address = await call.client.json<AddressBody>('POST', PATH, { json })
    if (call.isSet('json')) call.print(JSON.stringify(address))
    else call.print(`Address ${address.address} registered, PTR id ${address.region}:${address.id}`)
    return EXIT.ok
  },
}

export const addressesDelete: Command = {
  name: 'addresses delete',
  summary: 'Remove a public address with its PTR record',
  arguments: [ADDRESS],
  flags: [YES_FLAG],
  examples: [['addresses delete 203.0.113.25 --yes', 'without a question, as in a script']],
  async run(call) {
    const address = await getAddress(call.client, call.argument('ADDRESS'))
    confirm(call, `Remove address ${address.address} with its PTR record?`)
    await call.client.json('DELETE', `${PATH}/${address.id}`)
    call.print(`Address ${address.address} removed`)
    return EXIT.ok
  },
}
