import { type Command, type CommandFlag, type Invocation, JSON_FLAG } from '../command.ts'
import { confirm, YES_FLAG } from '../confirm.ts'
import { EXIT, usageFailure } from '../failures.ts'
import { printTable } from '../terminal/print.ts'
import { findZone, getZone, type ZoneBody } from '../zone-lookup.ts'

interface FollowingBody {
  readonly zone_id: string
  readonly zone_name: string
  readonly status: string
  readonly serial: number
  readonly primaries: readonly {
    readonly address: string
    readonly port: number
    readonly key: string | null
  }[]
  readonly checked_at: string | null
  readonly transferred_at: string | null
  readonly expires_at: string | null
  readonly next_try_at: string | null
  readonly last_error: string | null
  readonly left_out: Readonly<Record<string, number>>
  readonly notes: readonly string[]
  readonly tries: readonly {
    readonly at: string
    readonly duration_ms: number
    readonly reason: string
    readonly primary: string
    readonly outcome: string
    readonly serial: number | null
    readonly records: number
    readonly error: string | null
  }[]
}

const ZONE = { name: 'ZONE', sentence: 'Name or id of the zone.' } as const

export const FROM_FLAG: CommandFlag = {
  name: 'from',
  takesValue: true,
  placeholder: 'ADDRESS[:PORT]',
  sentence: 'Server that has the zone; several, in the order in which they are asked, with commas between.',
}
export const KEY_FLAG: CommandFlag = {
  name: 'key',
  takesValue: true,
  placeholder: 'NAME',
  sentence: 'TSIG key that questions to it are signed with ("waymark transfers create-key").',
}

const pathOf = (id: string): string => `/waymark/v1/zones/${id}/primaries`

/** The servers of --from and --key, as the API takes them. */
export function primariesOf(call: Invocation): { address: string; key: string | null }[] {
  const from = call.text('from')
  if (from === undefined) throw usageFailure('--from is missing: which server has the zone?')
  const key = call.text('key') ?? null
  return from.split(',').map((address) => ({ address: address.trim(), key }))
}

/** Prints how the transfers of a zone go. The exit code says whether the last try failed. */
function report(call: Invocation, body: FollowingBody): number {
  if (call.isSet('json')) call.print(JSON.stringify(body))
  else printState(call, body)
  return body.last_error === null ? EXIT.ok : EXIT.refused
}

/** What is answered while no transfer holds good. */
const withoutExpiry = ({ status, checked_at }: FollowingBody): string =>
  checked_at === null && status === 'ACTIVE'
    ? 'what was here before is answered until the first transfer'
    : 'nothing is answered (SERVFAIL)'

function printState(call: Invocation, body: FollowingBody): void {
  if (body.primaries.length === 0) {
    call.print(`Zone ${body.zone_name} is edited here; it follows no other server`)
    return
  }
  const servers = body.primaries.map(({ address, port, key }) => {
    const host = address.includes(':') ? `[${address}]` : address
    return `${host}:${port}${key === null ? '' : ` (key ${key})`}`
  })
  const stripped = Object.entries(body.left_out).map(([type, count]) => `${count} ${type}`)
  const rows = [
    ['zone', body.zone_name],
    ['follows', servers.join(', ')],
    ['status', body.status],
    ['serial', String(body.serial)],
    ['transferred', body.transferred_at ?? 'never'],
    ['checked', body.checked_at ?? 'never'],
    ['next try', body.next_try_at ?? ''],
    ['expires', body.expires_at ?? withoutExpiry(body)],
    ...(stripped.length === 0 ? [] : [['left out', stripped.join(', ')]]),
  ]
  for (const [title = '', value = ''] of rows) call.print(`${call.output.dim(title.padEnd(12))}${value}`)
  for (const note of body.notes) call.note(note)
  if (body.tries.length === 0) return
  call.print('')
  printTable(
    call,
    [
      { title: 'TRY' },
      { title: 'REASON' },
      { title: 'PRIMARY' },
      { title: 'OUTCOME' },
      { title: 'SERIAL', align: 'right' },
      { title: 'RECORDS', align: 'right' },
      { title: 'MS', align: 'right' },
      { title: 'ERROR' },
    ],
    body.tries.map((made) => [
      ...[made.at, made.reason, made.primary, made.outcome, String(made.serial ?? '')],
      ...[String(made.records), String(made.duration_ms), made.error ?? ''],
    ]),
  )
}

export const zonesFollow: Command = {
  name: 'zones follow',
  summary: 'Keep a zone as a secondary of other servers, by AXFR, IXFR and NOTIFY',
  arguments: [{ name: 'ZONE', sentence: 'Name or id of the zone; one that is not there is made, public.' }],
  flags: [FROM_FLAG, KEY_FLAG, YES_FLAG, JSON_FLAG],
  examples: [
    ['zones follow example.org --from 192.0.2.53', 'a copy that is kept up to date'],
    [
      'zones follow example.org --from 192.0.2.53:5300,[2001:db8::53]:53 --key hidden-primary.',
      'two primaries, TSIG',
    ],
  ],
  details:
    'What the zone holds is replaced by what the primary has, and its record sets can no longer be edited here. ' +
    'Have the primary send NOTIFY to the address where this server answers DNS: changes are then answered within a second.',
  async run(call) {
    const primaries = primariesOf(call)
    const name = call.argument('ZONE')
    const found = await findZone(call.client, name)
    if (found !== undefined && found.record_num > 2)
      confirm(call, `Replace the ${found.record_num} record sets of ${found.name} by those of the primary?`)
    // Made as a secondary, so that nobody is told that names do not exist before the first transfer.
    const masters = primaries.map(({ address }) => address)
    const zone =
      found ??
      (await call.client.json<ZoneBody>('POST', '/v2/zones', { json: { name, type: 'SECONDARY', masters } }))
    const body = await call.client.json<FollowingBody>('PUT', pathOf(zone.id), { json: { primaries } })
    return report(call, body)
  },
}

export const zonesUnfollow: Command = {
  name: 'zones unfollow',
  summary: 'Edit a secondary zone here from now on, beginning with what it holds',
  arguments: [ZONE],
  flags: [YES_FLAG, JSON_FLAG],
  examples: [['zones unfollow example.org', 'the last step of a migration']],
  async run(call) {
    const zone = await getZone(call.client, call.argument('ZONE'))
    const before = await call.client.json<FollowingBody>('GET', pathOf(zone.id))
    if (before.primaries.length === 0) return report(call, before)
    confirm(call, `Have ${zone.name} follow nobody any more? Changes at its primary are lost from then on.`)
    return report(call, await call.client.json<FollowingBody>('DELETE', pathOf(zone.id)))
  },
}

export const zonesPrimaries: Command = {
  name: 'zones primaries',
  summary: 'Show the servers that a zone follows, and how its transfers go',
  arguments: [ZONE],
  flags: [JSON_FLAG],
  examples: [['zones primaries example.org', 'serial, times and the last tries with their errors']],
  async run(call) {
    const zone = await getZone(call.client, call.argument('ZONE'))
    return report(call, await call.client.json<FollowingBody>('GET', pathOf(zone.id)))
  },
}

export const zonesTransfer: Command = {
  name: 'zones transfer',
  summary: 'Bring a secondary zone up to date now',
  arguments: [ZONE],
  flags: [
    { name: 'whole', takesValue: false, sentence: 'Transfer everything, whatever the serial.' },
    JSON_FLAG,
  ],
  examples: [['zones transfer example.org --whole', 'after an accident with serials at the primary']],
  async run(call) {
    const zone = await getZone(call.client, call.argument('ZONE'))
    const json = { whole: call.isSet('whole') }
    const path = `/waymark/v1/zones/${zone.id}/transfer`
    return report(call, await call.client.json<FollowingBody>('POST', path, { json }))
  },
}
