import { writeFileSync } from 'node:fs'
import { type Command, type CommandFlag, type Invocation, JSON_FLAG } from '../command.ts'
import { EXIT } from '../failures.ts'
import { printRows } from '../terminal/print.ts'
import { getZone } from '../zone-lookup.ts'

interface Entry {
  readonly time: string
  readonly user: { readonly name: string }
  readonly address: string
  readonly operation: string
  readonly changes: readonly {
    readonly kind: string
    readonly before: Row | null
    readonly after: Row | null
  }[]
  readonly change_count: number
}
type Row = Readonly<Record<string, unknown>>

const FILTERS: readonly CommandFlag[] = [
  { name: 'user', takesValue: true, placeholder: 'NAME', sentence: 'Only what this user did.' },
  { name: 'zone', takesValue: true, placeholder: 'ZONE', sentence: 'Only what was done in this zone.' },
  { name: 'operation', takesValue: true, placeholder: 'NAME', sentence: 'Only this operation.' },
  { name: 'request', takesValue: true, placeholder: 'ID', sentence: 'Only what this request did.' },
  {
    name: 'from',
    takesValue: true,
    placeholder: 'TIME',
    sentence: 'From this time on: 2026-01-31T12:00:00Z.',
  },
  { name: 'until', takesValue: true, placeholder: 'TIME', sentence: 'Up to this time.' },
]

async function filtersOf(call: Invocation) {
  const zone = call.text('zone')
  return {
    user: call.text('user'),
    zone_id: zone === undefined ? undefined : (await getZone(call.client, zone)).id,
    operation: call.text('operation'),
    request_id: call.text('request'),
    from: call.text('from'),
    until: call.text('until'),
  }
}

/** What a change was about, in few words. */
function summaryOf({ changes, change_count }: Entry): string {
  const [first] = changes
  if (first === undefined) return ''
  const verb = first.before === null ? 'made' : first.after === null ? 'removed' : 'changed'
  const row = first.after ?? first.before
  const more = change_count > 1 ? ` and ${change_count - 1} more` : ''
  return `${verb} ${first.kind} ${row?.name ?? row?.id ?? ''}${more}`
}

export const auditList: Command = {
  name: 'audit list',
  summary: 'Who changed what, when and from where, newest first',
  flags: [
    ...FILTERS,
    {
      name: 'limit',
      takesValue: true,
      placeholder: 'NUMBER',
      sentence: 'At most so many, up to 500. Default: 50.',
    },
    JSON_FLAG,
  ],
  examples: [
    ['audit list --zone example.org', 'the last changes in a zone'],
    ['audit list --user ann --json', 'with the rows before and after'],
  ],
  async run(call) {
    const query = { ...(await filtersOf(call)), limit: call.number('limit') ?? 50 }
    const { entries } = await call.client.json<{ entries: Entry[] }>('GET', '/waymark/v1/audit', { query })
    printRows(
      call,
      [
        { title: 'TIME' },
        { title: 'USER', minWidth: 8 },
        { title: 'FROM' },
        { title: 'OPERATION' },
        { title: 'WHAT', minWidth: 20, wraps: true },
      ],
      entries.map((entry) => [entry.time, entry.user.name, entry.address, entry.operation, summaryOf(entry)]),
      entries,
    )
    return EXIT.ok
  },
}

export const auditExport: Command = {
  name: 'audit export',
  summary: 'The audit log as JSON lines, newest first',
  flags: [
    ...FILTERS,
    {
      name: 'output',
      alias: 'o',
      takesValue: true,
      placeholder: 'FILE',
      sentence: 'File to write. Default: standard output.',
    },
  ],
  examples: [['audit export --from 2026-01-01 --output audit.jsonl', 'for another system']],
  async run(call) {
    const bytes = await call.client.bytes('GET', '/waymark/v1/audit/export', { query: await filtersOf(call) })
    const file = call.text('output')
    if (file === undefined) process.stdout.write(bytes)
    else writeFileSync(file, bytes)
    return EXIT.ok
  },
}
