import { type Command, type Invocation, JSON_FLAG } from '../command.ts'
import { confirm, YES_FLAG } from '../confirm.ts'
import { EXIT, usageFailure } from '../failures.ts'
import { listAll } from '../list-all.ts'
import { networkId, networkNames } from '../network-lookup.ts'
import { printTable } from '../terminal/print.ts'
import { getZone, type ZoneBody } from '../zone-lookup.ts'

const ZONE = { name: 'ZONE', sentence: 'Name or id of the zone.' } as const
const FIELDS = [
  {
    name: 'email',
    takesValue: true,
    placeholder: 'ADDRESS',
    sentence: 'Mailbox of the administrator, for the SOA.',
  },
  { name: 'ttl', takesValue: true, placeholder: 'SECONDS', sentence: 'TTL of the SOA.' },
  { name: 'description', takesValue: true, placeholder: 'TEXT', sentence: 'At most 255 characters.' },
] as const

const RECURSIVE = {
  ...{ name: 'recursive', takesValue: false },
  sentence:
    'Of a private zone: names that it does not have are looked for in public zones and at the resolvers of --upstream. --no-recursive: they do not exist.',
} as const

/** What --recursive says of the pattern of a private zone; undefined where it was not given. */
const patternOf = (call: Invocation): string | undefined =>
  ({ true: 'RECURSIVE', false: 'AUTHORITY' })[call.text('recursive') ?? '']

/** The fields that were given. */
const fieldsOf = (call: Invocation): Record<string, unknown> => ({
  email: call.text('email'),
  ttl: call.number('ttl'),
  description: call.text('description'),
})

async function printZone(call: Invocation, zone: ZoneBody): Promise<void> {
  if (call.isSet('json')) {
    call.print(JSON.stringify(zone))
    return
  }
  const networks = await networkNames(call.client, zone.routers ?? [])
  const rows = [
    ['name', zone.name],
    ['id', zone.id],
    ['type', zone.zone_type],
    ['status', zone.status],
    ...(zone.masters?.length ? [['follows', zone.masters.join(', ')]] : []),
    ...(zone.zone_type === 'private' ? [['networks', networks.join(', ')]] : []),
    ...(zone.proxy_pattern ? [['pattern', zone.proxy_pattern]] : []),
    ['record sets', String(zone.record_num)],
    ['serial', String(zone.serial)],
    ['ttl', String(zone.ttl)],
    ['e-mail', zone.email],
    ['description', zone.description],
    ['created', zone.created_at],
  ]
  for (const [title = '', value = ''] of rows) call.print(`${call.output.dim(title.padEnd(12))}${value}`)
}

export const zonesList: Command = {
  name: 'zones list',
  summary: 'List the zones of the account',
  flags: [
    { name: 'name', takesValue: true, placeholder: 'TEXT', sentence: 'Only zones whose name contains this.' },
    {
      name: 'type',
      takesValue: true,
      placeholder: 'public|private',
      sentence: 'Only zones of this type. Default: both.',
    },
    {
      name: 'limit',
      takesValue: true,
      placeholder: 'NUMBER',
      sentence: 'At most so many of each type. Default: 500.',
    },
    JSON_FLAG,
  ],
  examples: [
    ['zones list', 'all zones'],
    ['zones list --name example --json', 'for a script'],
  ],
  async run(call) {
    const wanted = call.text('type')
    if (wanted !== undefined && wanted !== 'public' && wanted !== 'private') {
      throw usageFailure(`--type "${wanted}" must be public or private`)
    }
    const zones: ZoneBody[] = []
    let total = 0
    for (const type of wanted === undefined ? ['public', 'private'] : [wanted]) {
      const query = { type, name: call.text('name') }
      const found = await listAll<ZoneBody>(
        call.client,
        '/v2/zones',
        'zones',
        query,
        call.number('limit') ?? 500,
      )
      zones.push(...found.rows)
      total += found.total
    }
    if (call.isSet('json')) {
      call.print(JSON.stringify(zones))
      return EXIT.ok
    }
    printTable(
      call,
      [
        { title: 'NAME', minWidth: 20 },
        { title: 'TYPE' },
        { title: 'STATUS' },
        { title: 'RECORD SETS', align: 'right' },
        { title: 'ID' },
      ],
      zones.map((zone) => [zone.name, zone.zone_type, zone.status, String(zone.record_num), zone.id]),
    )
    if (total > zones.length) call.note(`${total - zones.length} more; raise --limit or narrow with --name`)
    return EXIT.ok
  },
}

export const zonesShow: Command = {
  name: 'zones show',
  summary: 'Show one zone',
  arguments: [ZONE],
  flags: [JSON_FLAG],
  examples: [['zones show example.org', 'by name']],
  async run(call) {
    const { id } = await getZone(call.client, call.argument('ZONE'))
    await printZone(call, await call.client.json<ZoneBody>('GET', `/v2/zones/${id}`))
    return EXIT.ok
  },
}

export const zonesCreate: Command = {
  name: 'zones create',
  summary: 'Make a zone',
  arguments: [{ name: 'NAME', sentence: 'Domain name of the zone.' }],
  flags: [
    ...FIELDS,
    {
      name: 'private-in',
      takesValue: true,
      placeholder: 'NETWORK',
      sentence: 'Make a private zone, answered in this network (its name or id) and nowhere else.',
    },
    RECURSIVE,
    JSON_FLAG,
  ],
  examples: [
    ['zones create example.org', 'a public zone'],
    ['zones create example.org --email dns@example.org --ttl 600', 'with its SOA values'],
    ['zones create corp.example --private-in office', 'for the clients of the network office'],
  ],
  async run(call) {
    const network = call.text('private-in')
    const pattern = patternOf(call)
    if (network === undefined && pattern !== undefined)
      throw usageFailure('--recursive is for private zones: say which network sees it with --private-in')
    const kind =
      network === undefined
        ? { zone_type: 'public' }
        : {
            ...{ zone_type: 'private', proxy_pattern: pattern },
            router: { router_id: await networkId(call.client, network) },
          }
    const json = { name: call.argument('NAME'), ...kind, ...fieldsOf(call) }
    const zone = await call.client.json<ZoneBody>('POST', '/v2/zones', { json })
    if (call.isSet('json')) call.print(JSON.stringify(zone))
    else call.print(`Zone ${zone.name} created, id ${zone.id}`)
    return EXIT.ok
  },
}

export const zonesUpdate: Command = {
  name: 'zones update',
  summary: 'Change e-mail, TTL or description of a zone, or the pattern of a private one',
  arguments: [ZONE],
  flags: [...FIELDS, RECURSIVE, JSON_FLAG],
  examples: [['zones update example.org --email dns@example.org', 'another mailbox']],
  async run(call) {
    const json = fieldsOf(call)
    const pattern = patternOf(call)
    const hasFields = Object.values(json).some((value) => value !== undefined)
    if (!hasFields && pattern === undefined) {
      throw usageFailure('nothing to change: give --email, --ttl, --description or --recursive')
    }
    const { id } = await getZone(call.client, call.argument('ZONE'))
    const path = `/v2/zones/${id}`
    if (pattern !== undefined) {
      const body = { json: { proxy_pattern: pattern } }
      await call.client.json('POST', `${path}/actions/set-proxy-pattern`, body)
    }
    const zone = hasFields
      ? await call.client.json<ZoneBody>('PATCH', path, { json })
      : await call.client.json<ZoneBody>('GET', path)
    if (call.isSet('json')) call.print(JSON.stringify(zone))
    else call.print(`Zone ${zone.name} changed`)
    return EXIT.ok
  },
}

export const zonesDelete: Command = {
  name: 'zones delete',
  summary: 'Delete a zone with all its record sets',
  arguments: [ZONE],
  flags: [YES_FLAG],
  examples: [['zones delete example.org --yes', 'without a question, as in a script']],
  async run(call) {
    const zone = await getZone(call.client, call.argument('ZONE'))
    confirm(call, `Delete zone ${zone.name} with its ${zone.record_num} record sets?`)
    await call.client.json('DELETE', `/v2/zones/${zone.id}`)
    call.print(`Zone ${zone.name} deleted`)
    return EXIT.ok
  },
}
