import { type Command, type CommandFlag, type Invocation, JSON_FLAG } from '../command.ts'
import { confirm, YES_FLAG } from '../confirm.ts'
import { CommandFailure, EXIT, usageFailure } from '../failures.ts'
import { lineId, lineNames } from '../line-lookup.ts'
import { listAll } from '../list-all.ts'
import { formatTable } from '../terminal/table.ts'
import { getZone, ownerName, type ZoneBody } from '../zone-lookup.ts'

interface RecordSetBody {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly line: string
  readonly ttl: number
  readonly weight: number | null
  readonly records: readonly string[]
  readonly status: string
  readonly description: string | null
}

const ZONE = { name: 'ZONE', sentence: 'Name or id of the zone.' } as const
const NAME = {
  name: 'NAME',
  sentence: '@ for the zone itself, www for www.<zone>, or a full name with its final dot.',
} as const
const TYPE = { name: 'TYPE', sentence: 'A, AAAA, CNAME, MX, TXT, SRV, NS, CAA …' } as const
const LINE: CommandFlag = {
  name: 'line',
  takesValue: true,
  placeholder: 'LINE',
  sentence:
    'Line that is answered so, by its id, a custom line or line group also by its name ("waymark lines list"). Default: default_view.',
}
const FIELDS: readonly CommandFlag[] = [
  { name: 'ttl', takesValue: true, placeholder: 'SECONDS', sentence: 'How long resolvers may keep it.' },
  {
    name: 'weight',
    takesValue: true,
    placeholder: 'NUMBER',
    sentence: 'Share of the answers among sets of the same name, type and line, 0 to 1000.',
  },
  { name: 'description', takesValue: true, placeholder: 'TEXT', sentence: 'At most 255 characters.' },
]

const pathOf = (zone: ZoneBody): string => `/v2.1/zones/${zone.id}/recordsets`

async function printRecordSets(call: Invocation, rows: readonly RecordSetBody[]): Promise<void> {
  const lineName = await lineNames(
    call.client,
    rows.map(({ line }) => line),
  )
  const [title = '', ...lines] = formatTable(
    [
      { title: 'NAME', minWidth: 24 },
      { title: 'TYPE' },
      { title: 'LINE' },
      { title: 'TTL', align: 'right' },
      { title: 'WEIGHT', align: 'right' },
      { title: 'STATUS' },
      { title: 'VALUES', minWidth: 16 },
    ],
    rows.map((row) => [
      row.name,
      row.type,
      lineName(row.line),
      String(row.ttl),
      row.weight === null ? '' : String(row.weight),
      row.status,
      row.records.join(', '),
    ]),
    call.output.columns,
  )
  call.print(call.output.bold(title))
  for (const line of lines) call.print(line)
}

/** The one record set of the zone with name, type and line; weighted sets, of which there are several, need `--id`. */
async function getRecordSet(call: Invocation, zone: ZoneBody): Promise<RecordSetBody> {
  const id = call.text('id')
  if (id !== undefined)
    return call.client.json<RecordSetBody>('GET', `${pathOf(zone)}/${encodeURIComponent(id)}`)
  const name = ownerName(call.argument('NAME'), zone)
  const query = {
    name,
    type: call.argument('TYPE').toUpperCase(),
    search_mode: 'equal',
    line_id: await lineId(call.client, call.text('line')),
  }
  const { rows } = await listAll<RecordSetBody>(call.client, pathOf(zone), 'recordsets', query, 500)
  if (rows.length === 1) return rows[0]!
  if (rows.length === 0) {
    throw new CommandFailure(
      EXIT.refused,
      `there is no ${query.type} record set ${name}`,
      `list them with: waymark records list ${zone.name}`,
    )
  }
  throw usageFailure(
    `there are ${rows.length} ${query.type} record sets ${name}`,
    `choose one with --line, or with --id: ${rows.map((row) => `${row.id} (${row.line}, weight ${row.weight})`).join(', ')}`,
  )
}

export const recordsList: Command = {
  name: 'records list',
  summary: 'List the record sets of a zone',
  arguments: [ZONE],
  flags: [
    { name: 'name', takesValue: true, placeholder: 'TEXT', sentence: 'Only names that contain this.' },
    { name: 'type', takesValue: true, placeholder: 'TYPE', sentence: 'Only this type.' },
    { ...LINE, sentence: 'Only this line.' },
    { name: 'limit', takesValue: true, placeholder: 'NUMBER', sentence: 'At most so many. Default: 500.' },
    JSON_FLAG,
  ],
  examples: [
    ['records list example.org', 'all of a small zone'],
    ['records list example.org --type MX --json', 'for a script'],
  ],
  async run(call) {
    const zone = await getZone(call.client, call.argument('ZONE'))
    const query = {
      name: call.text('name'),
      type: call.text('type')?.toUpperCase(),
      line_id: await lineId(call.client, call.text('line')),
    }
    const limit = call.number('limit') ?? 500
    const { rows, total } = await listAll<RecordSetBody>(
      call.client,
      pathOf(zone),
      'recordsets',
      query,
      limit,
    )
    if (call.isSet('json')) call.print(JSON.stringify(rows))
    else await printRecordSets(call, rows)
    if (total > rows.length) call.note(`${total - rows.length} more; raise --limit or narrow with --name`)
    return EXIT.ok
  },
}

export const recordsShow: Command = {
  name: 'records show',
  summary: 'Show one record set',
  arguments: [ZONE, NAME, TYPE],
  flags: [
    LINE,
    { name: 'id', takesValue: true, placeholder: 'ID', sentence: 'Take the set with this id.' },
    JSON_FLAG,
  ],
  examples: [['records show example.org www A', 'www.example.org. A']],
  async run(call) {
    const zone = await getZone(call.client, call.argument('ZONE'))
    const row = await getRecordSet(call, zone)
    if (call.isSet('json')) call.print(JSON.stringify(row))
    else await printRecordSets(call, [row])
    return EXIT.ok
  },
}

export const recordsCreate: Command = {
  name: 'records create',
  summary: 'Create one record set',
  arguments: [ZONE, NAME, TYPE, { name: 'VALUE…', sentence: 'Its values, each as one argument.' }],
  flags: [
    LINE,
    ...FIELDS,
    { name: 'disabled', takesValue: false, sentence: 'Store it, but do not answer it.' },
    JSON_FLAG,
  ],
  examples: [
    ['records create example.org www A 192.0.2.10 192.0.2.11', 'two addresses'],
    [`records create example.org @ MX "10 mail.example.org."`, 'at the apex'],
    [`records create example.org @ TXT '"v=spf1 -all"'`, 'a text keeps its own quotes'],
    ['records create example.org www A 192.0.2.20 --line CN --weight 5', 'for one line, weighted'],
  ],
  async run(call) {
    const zone = await getZone(call.client, call.argument('ZONE'))
    const json = {
      name: ownerName(call.argument('NAME'), zone),
      type: call.argument('TYPE').toUpperCase(),
      records: call.rest('VALUE…'),
      line: await lineId(call.client, call.text('line')),
      ttl: call.number('ttl'),
      weight: call.number('weight'),
      description: call.text('description'),
      status: call.isSet('disabled') ? 'DISABLE' : undefined,
    }
    const row = await call.client.json<RecordSetBody>('POST', pathOf(zone), { json })
    if (call.isSet('json')) call.print(JSON.stringify(row))
    else call.print(`${row.name} ${row.type} created, id ${row.id}`)
    return EXIT.ok
  },
}

export const recordsUpdate: Command = {
  name: 'records update',
  summary: 'Change values, TTL, weight or description of a record set',
  arguments: [
    ZONE,
    NAME,
    TYPE,
    { name: 'VALUE…', isOptional: true, sentence: 'New values, in place of all old ones.' },
  ],
  flags: [
    LINE,
    { name: 'id', takesValue: true, placeholder: 'ID', sentence: 'Take the set with this id.' },
    ...FIELDS,
    JSON_FLAG,
  ],
  examples: [
    ['records update example.org www A 192.0.2.12', 'another address'],
    ['records update example.org www A --ttl 60', 'another TTL, the values stay'],
  ],
  async run(call) {
    const zone = await getZone(call.client, call.argument('ZONE'))
    const values = call.rest('VALUE…')
    const changes = {
      records: values.length > 0 ? values : undefined,
      ttl: call.number('ttl'),
      weight: call.number('weight'),
      description: call.text('description'),
    }
    if (Object.values(changes).every((value) => value === undefined)) {
      throw usageFailure('nothing to change: give values, --ttl, --weight or --description')
    }
    const old = await getRecordSet(call, zone)
    const json = { name: old.name, type: old.type, ...changes }
    const row = await call.client.json<RecordSetBody>('PUT', `${pathOf(zone)}/${old.id}`, { json })
    if (call.isSet('json')) call.print(JSON.stringify(row))
    else call.print(`${row.name} ${row.type} changed`)
    return EXIT.ok
  },
}

export const recordsDelete: Command = {
  name: 'records delete',
  summary: 'Delete one record set',
  arguments: [ZONE, NAME, TYPE],
  flags: [
    LINE,
    { name: 'id', takesValue: true, placeholder: 'ID', sentence: 'Take the set with this id.' },
    YES_FLAG,
  ],
  examples: [['records delete example.org www A --yes', 'without a question']],
  async run(call) {
    const zone = await getZone(call.client, call.argument('ZONE'))
    const row = await getRecordSet(call, zone)
    confirm(call, `Delete ${row.name} ${row.type} (${row.records.join(', ')})?`)
    await call.client.json('DELETE', `${pathOf(zone)}/${row.id}`)
    call.print(`${row.name} ${row.type} deleted`)
    return EXIT.ok
  },
}
