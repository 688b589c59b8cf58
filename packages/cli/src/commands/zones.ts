import { type Command, type Invocation, JSON_FLAG } from '../command.ts'
import { confirm, YES_FLAG } from '../confirm.ts'
import { EXIT, usageFailure } from '../failures.ts'
import { listAll } from '../list-all.ts'
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

/** The fields that were given. */
const fieldsOf = (call: Invocation): Record<string, unknown> => ({
  email: call.text('email'),
  ttl: call.number('ttl'),
  description: call.text('description'),
})

function printZone(call: Invocation, zone: ZoneBody): void {
  if (call.isSet('json')) {
    call.print(JSON.stringify(zone))
    return
  }
  const rows = [
    ['name', zone.name],
    ['id', zone.id],
    ['type', zone.zone_type],
    ['status', zone.status],
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
    printZone(call, await call.client.json<ZoneBody>('GET', `/v2/zones/${id}`))
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
      placeholder: 'VPC',
      sentence: 'Make a private zone, answered in this VPC.',
    },
    JSON_FLAG,
  ],
  examples: [
    ['zones create example.org', 'a public zone'],
    ['zones create example.org --email dns@example.org --ttl 600', 'with its SOA values'],
  ],
  async run(call) {
    const vpc = call.text('private-in')
    const kind =
      vpc === undefined ? { zone_type: 'public' } : { zone_type: 'private', router: { router_id: vpc } }
    const json = { name: call.argument('NAME'), ...kind, ...fieldsOf(call) }
    const zone = await call.client.json<ZoneBody>('POST', '/v2/zones', { json })
    if (call.isSet('json')) call.print(JSON.stringify(zone))
    else call.print(`Zone ${zone.name} created, id ${zone.id}`)
    return EXIT.ok
  },
}

export const zonesUpdate: Command = {
  name: 'zones update',
  summary: 'Change e-mail, TTL or description of a zone',
  arguments: [ZONE],
  flags: [...FIELDS, JSON_FLAG],
  examples: [['zones update example.org --email dns@example.org', 'another mailbox']],
  async run(call) {
    const json = fieldsOf(call)
    if (Object.values(json).every((value) => value === undefined)) {
      throw usageFailure('nothing to change: give --email, --ttl or --description')
    }
    const { id } = await getZone(call.client, call.argument('ZONE'))
    const zone = await call.client.json<ZoneBody>('PATCH', `/v2/zones/${id}`, { json })
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
