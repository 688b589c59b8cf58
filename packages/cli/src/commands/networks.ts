import { type Command, type Invocation, JSON_FLAG } from '../command.ts'
import { confirm, YES_FLAG } from '../confirm.ts'
import { CommandFailure, EXIT, usageFailure } from '../failures.ts'
import { listAll } from '../list-all.ts'
import { type NetworkBody, networkId, PATH, type SubnetBody } from '../network-lookup.ts'
import { printRows } from '../terminal/print.ts'

const NETWORK = { name: 'NETWORK', sentence: 'Name or id of the network.' } as const
const FIELDS = [
  {
    name: 'cidr',
    takesValue: true,
    placeholder: 'PREFIX',
    sentence: 'Range that the subnets lie in.',
  },
  {
    name: 'clients',
    takesValue: true,
    placeholder: 'PREFIX,…',
    sentence: 'Source addresses whose queries belong to the network. An empty text: none.',
  },
  {
    name: 'listeners',
    takesValue: true,
    placeholder: 'ADDRESS,…',
    sentence: 'Addresses of edges at which only its clients ask. An empty text: none.',
  },
  { name: 'description', takesValue: true, placeholder: 'TEXT', sentence: 'At most 255 characters.' },
] as const

const listOf = (text: string | undefined): string[] | undefined =>
  text
    ?.split(',')
    .filter((each) => each.trim() !== '')
    .map((each) => each.trim())

const fieldsOf = (call: Invocation): Record<string, unknown> => ({
  cidr: call.text('cidr'),
  client_cidrs: listOf(call.text('clients')),
  listener_addresses: listOf(call.text('listeners')),
  description: call.text('description'),
})

function printNetwork(call: Invocation, network: NetworkBody): void {
  if (call.isSet('json')) {
    call.print(JSON.stringify(network))
    return
  }
  const rows = [
    ['name', network.name],
    ['id', network.id],
    ['region', network.region],
    ['range', network.cidr],
    ['clients', network.client_cidrs.join(', ')],
    ['listeners', network.listener_addresses.join(', ')],
    ['description', network.description],
    ...(network.subnets ?? []).map((subnet) => [
      'subnet',
      `${subnet.cidr}  gateway ${subnet.gateway}  ${call.output.dim(subnet.id)}  ${subnet.name}`,
    ]),
  ]
  for (const [title = '', value = ''] of rows) call.print(`${call.output.dim(title.padEnd(12))}${value}`)
}

export const networksList: Command = {
  name: 'networks list',
  summary: 'List the private networks of the account',
  flags: [
    { name: 'name', takesValue: true, placeholder: 'TEXT', sentence: 'Only those whose name contains this.' },
    { name: 'region', takesValue: true, placeholder: 'REGION', sentence: 'Only those of this region.' },
    JSON_FLAG,
  ],
  examples: [['networks list', 'all networks']],
  async run(call) {
    const query = { name: call.text('name'), region: call.text('region') }
    const { rows: networks } = await listAll<NetworkBody>(call.client, PATH, 'networks', query, 10_000)
    printRows(
      call,
      [
        { title: 'NAME', minWidth: 12 },
        { title: 'REGION' },
        { title: 'RANGE' },
        { title: 'ID' },
        { title: 'CLIENTS', minWidth: 12 },
        { title: 'LISTENERS', minWidth: 12 },
      ],
      networks.map((each) => [
        ...[each.name, each.region, each.cidr, each.id],
        ...[each.client_cidrs.join(', '), each.listener_addresses.join(', ')],
      ]),
      networks,
    )
    return EXIT.ok
  },
}

export const networksShow: Command = {
  name: 'networks show',
  summary: 'Show one private network with its subnets',
  arguments: [NETWORK],
  flags: [JSON_FLAG],
  examples: [['networks show office', 'by name']],
  async run(call) {
    const id = await networkId(call.client, call.argument('NETWORK'))
    printNetwork(call, await call.client.json<NetworkBody>('GET', `${PATH}/${id}`))
    return EXIT.ok
  },
}

export const networksCreate: Command = {
  name: 'networks create',
  summary: 'Register a private network',
  details:
    'Private zones, resolver rules and endpoints refer to networks by id. While none is registered any id passes; from the first one on, unknown ids are refused.',
  arguments: [{ name: 'NAME', sentence: 'Name of the network.' }],
  flags: [
    ...FIELDS,
    {
      name: 'subnets',
      takesValue: true,
      placeholder: 'PREFIX,…',
      sentence: 'Subnets; each has its first address as gateway.',
    },
    {
      name: 'id',
      takesValue: true,
      placeholder: 'UUID',
      sentence: 'Id that it has elsewhere. Default: a new one.',
    },
    { name: 'region', takesValue: true, placeholder: 'REGION', sentence: 'Default: that of the key.' },
    JSON_FLAG,
  ],
  examples: [
    ['networks create office --clients 10.1.0.0/16', 'queries from 10.1.* belong to it'],
    [
      'networks create office --cidr 10.0.0.0/8 --subnets 10.1.2.0/24,10.1.3.0/24',
      'with subnets for endpoints',
    ],
  ],
  async run(call) {
    const subnets = listOf(call.text('subnets'))?.map((cidr) => ({ cidr }))
    const json = {
      name: call.argument('NAME'),
      ...fieldsOf(call),
      subnets,
      id: call.text('id'),
      region: call.text('region'),
    }
    const network = await call.client.json<NetworkBody>('POST', PATH, { json })
    if (call.isSet('json')) call.print(JSON.stringify(network))
    else call.print(`Network ${network.name} registered, id ${network.id}`)
    return EXIT.ok
  },
}

export const networksUpdate: Command = {
  name: 'networks update',
  summary: 'Change a private network',
  arguments: [NETWORK],
  flags: [
    { name: 'name', takesValue: true, placeholder: 'TEXT', sentence: 'Another name.' },
    ...FIELDS,
    JSON_FLAG,
  ],
  examples: [
    ['networks update office --clients 10.1.0.0/16,10.2.0.0/16', 'other clients, in place of all before'],
  ],
  async run(call) {
    const json = { name: call.text('name'), ...fieldsOf(call) }
    if (Object.values(json).every((value) => value === undefined)) {
      throw usageFailure('nothing to change: give --name, --cidr, --clients, --listeners or --description')
    }
    const id = await networkId(call.client, call.argument('NETWORK'))
    const network = await call.client.json<NetworkBody>('PATCH', `${PATH}/${id}`, { json })
    if (call.isSet('json')) call.print(JSON.stringify(network))
    else call.print(`Network ${network.name} changed`)
    return EXIT.ok
  },
}

export const networksAddSubnet: Command = {
  name: 'networks add-subnet',
  summary: 'Add a subnet to a private network',
  arguments: [NETWORK, { name: 'PREFIX', sentence: 'IPv4 prefix of the subnet.' }],
  flags: [
    { name: 'gateway', takesValue: true, placeholder: 'ADDRESS', sentence: 'Default: the first address.' },
    { name: 'name', takesValue: true, placeholder: 'TEXT', sentence: 'Name of the subnet.' },
    {
      name: 'id',
      takesValue: true,
      placeholder: 'UUID',
      sentence: 'Id that it has elsewhere. Default: a new one.',
    },
    JSON_FLAG,
  ],
  examples: [['networks add-subnet office 10.1.4.0/24', 'for the addresses of endpoints']],
  async run(call) {
    const network = await networkId(call.client, call.argument('NETWORK'))
    const json = {
      cidr: call.argument('PREFIX'),
      gateway: call.text('gateway'),
      name: call.text('name'),
      id: call.text('id'),
    }
    const subnet = await call.client.json<SubnetBody>('POST', `${PATH}/${network}/subnets`, { json })
    if (call.isSet('json')) call.print(JSON.stringify(subnet))
    else call.print(`Subnet ${subnet.cidr} added, id ${subnet.id}`)
    return EXIT.ok
  },
}

export const networksRemoveSubnet: Command = {
  name: 'networks remove-subnet',
  summary: 'Remove a subnet that no endpoint uses',
  arguments: [NETWORK, { name: 'SUBNET', sentence: 'Prefix or id of the subnet.' }],
  examples: [['networks remove-subnet office 10.1.4.0/24', 'by its prefix']],
  async run(call) {
    const id = await networkId(call.client, call.argument('NETWORK'))
    const network = await call.client.json<NetworkBody>('GET', `${PATH}/${id}`)
    const wanted = call.argument('SUBNET')
    const subnet = network.subnets?.find((each) => each.cidr === wanted || each.id === wanted)
    if (subnet === undefined) {
      throw new CommandFailure(EXIT.refused, `network ${network.name} has no subnet ${wanted}`)
    }
    await call.client.json('DELETE', `${PATH}/${id}/subnets/${subnet.id}`)
    call.print(`Subnet ${subnet.cidr} removed`)
    return EXIT.ok
  },
}

export const networksDelete: Command = {
  name: 'networks delete',
  summary: 'Remove a private network that nothing refers to',
  arguments: [NETWORK],
  flags: [YES_FLAG],
  examples: [['networks delete office --yes', 'without a question, as in a script']],
  async run(call) {
    const id = await networkId(call.client, call.argument('NETWORK'))
    confirm(call, `Remove network ${call.argument('NETWORK')} with its subnets?`)
    await call.client.json('DELETE', `${PATH}/${id}`)
    call.print(`Network ${call.argument('NETWORK')} removed`)
    return EXIT.ok
  },
}
