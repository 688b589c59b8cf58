import { isIPv4 } from 'node:net'
import { type Command, type Invocation, JSON_FLAG } from '../command.ts'
import { confirm, YES_FLAG } from '../confirm.ts'
import { EXIT, usageFailure } from '../failures.ts'
import {
  CUSTOM,
  GROUPS,
  getOwnLine,
  listOwnLines,
  listSystemLines,
  type OwnLineBody,
} from '../line-lookup.ts'
import { printRows, printTable } from '../terminal/print.ts'

const LINE = { name: 'LINE', sentence: 'Name or id of the custom line.' } as const
const GROUP = { name: 'GROUP', sentence: 'Name or id of the line group.' } as const
const SEGMENTS = {
  name: 'SEGMENT…',
  sentence: 'IPv4 addresses: 192.0.2.0/24, 192.0.2.10-192.0.2.20 or one address.',
} as const
const DESCRIPTION = {
  ...{ name: 'description', takesValue: true, placeholder: 'TEXT' },
  sentence: 'At most 255 characters.',
} as const

/** `first-last`, as the API takes segments, of a prefix or an address; anything else as it is, for the API to judge. */
export function segmentOf(text: string): string {
  const [, address = '', bits] = /^([\d.]+)(?:\/(\d{1,2}))?$/.exec(text) ?? []
  if (!isIPv4(address) || Number(bits ?? 32) > 32) return text
  const value = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
  const size = 2 ** (32 - Number(bits ?? 32))
  const first = value - (value % size)
  const format = (number: number): string =>
    [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
  return `${format(first)}-${format(first + size - 1)}`
}

const segmentsOf = (words: readonly string[]): string[] =>
  words
    .flatMap((word) => word.split(','))
    .filter((word) => word !== '')
    .map(segmentOf)

function printLine(call: Invocation, line: OwnLineBody, words: string): number {
  if (call.isSet('json')) call.print(JSON.stringify(line))
  else call.print(words)
  return EXIT.ok
}

const COLUMNS = [{ title: 'LINE' }, { title: 'NAME' }, { title: 'INSIDE', minWidth: 24 }] as const

export const linesList: Command = {
  name: 'lines list',
  summary: 'List the lines that record sets can be on',
  flags: [
    {
      ...{ name: 'name', takesValue: true, placeholder: 'TEXT' },
      sentence: 'Only those whose id or name contains this, whatever the case.',
    },
    { name: 'own', takesValue: false, sentence: 'Only custom lines.' },
    JSON_FLAG,
  ],
  details:
    'Built-in lines stand for operators, provinces, countries and continents; INSIDE is the larger line that answers where there is no set on this one. Custom lines are your own address ranges, and go before all of them.',
  examples: [
    ['lines list --name beijing', 'what Beijing is called, with and without operator'],
    ['lines list --own', 'the custom lines of the account'],
  ],
  async run(call) {
    const own = await listOwnLines(call.client, CUSTOM)
    const system = call.isSet('own') ? [] : await listSystemLines(call.client)
    const text = call.text('name')?.toLowerCase() ?? ''
    const isMeant = (...words: string[]): boolean => words.some((word) => word.toLowerCase().includes(text))
    const custom = own.filter((line) => isMeant(line.line_id, line.name))
    const builtIn = system.filter((line) => isMeant(line.id, line.name))
    if (call.isSet('json')) {
      call.print(JSON.stringify({ custom, built_in: builtIn }))
      return EXIT.ok
    }
    printTable(call, COLUMNS, [
      ...custom.map((line) => [line.line_id, line.name, (line.ip_segments ?? []).join(', ')]),
      ...builtIn.map((line) => [line.id, line.name, line.father_id]),
    ])
    return EXIT.ok
  },
}

export const linesCreate: Command = {
  name: 'lines create',
  summary: 'Make a custom line: address ranges that get record sets of their own',
  arguments: [{ name: 'NAME', sentence: 'Name of the line, by which commands find it.' }, SEGMENTS],
  flags: [DESCRIPTION, JSON_FLAG],
  examples: [
    ['lines create office 192.0.2.0/24 198.51.100.7', 'then: waymark records create … --line office'],
  ],
  async run(call) {
    const json = {
      name: call.argument('NAME'),
      ip_segments: segmentsOf(call.rest('SEGMENT…')),
      description: call.text('description'),
    }
    const line = await call.client.json<OwnLineBody>('POST', CUSTOM.path, { json })
    return printLine(call, line, `Line ${line.name} made, id ${line.line_id}`)
  },
}

export const linesUpdate: Command = {
  name: 'lines update',
  summary: 'Change name, addresses or description of a custom line',
  arguments: [LINE, { ...SEGMENTS, isOptional: true, sentence: 'New addresses, in place of all old ones.' }],
  flags: [
    { name: 'name', takesValue: true, placeholder: 'NAME', sentence: 'Another name.' },
    DESCRIPTION,
    JSON_FLAG,
  ],
  examples: [['lines update office 192.0.2.0/24', 'these addresses and no others']],
  async run(call) {
    const segments = segmentsOf(call.rest('SEGMENT…'))
    const json = {
      name: call.text('name'),
      ip_segments: segments.length === 0 ? undefined : segments,
      description: call.text('description'),
    }
    if (Object.values(json).every((value) => value === undefined))
      throw usageFailure('nothing to change: give addresses, --name or --description')
    const { line_id } = await getOwnLine(call.client, CUSTOM, call.argument('LINE'))
    const line = await call.client.json<OwnLineBody>('PUT', `${CUSTOM.path}/${line_id}`, { json })
    return printLine(call, line, `Line ${line.name} changed`)
  },
}

export const linesDelete: Command = {
  name: 'lines delete',
  summary: 'Delete a custom line that nothing uses',
  arguments: [LINE],
  flags: [YES_FLAG],
  examples: [['lines delete office --yes', 'without a question']],
  async run(call) {
    const line = await getOwnLine(call.client, CUSTOM, call.argument('LINE'))
    confirm(call, `Delete line ${line.name}?`)
    await call.client.json('DELETE', `${CUSTOM.path}/${line.line_id}`)
    call.print(`Line ${line.name} deleted`)
    return EXIT.ok
  },
}

export const lineGroupsList: Command = {
  name: 'line-groups list',
  summary: 'List the line groups of the account',
  flags: [JSON_FLAG],
  examples: [['line-groups list', 'with their members']],
  async run(call) {
    const groups = await listOwnLines(call.client, GROUPS)
    const rows = groups.map((group) => [group.line_id, group.name, (group.lines ?? []).join(', ')])
    printRows(call, COLUMNS, rows, groups)
    return EXIT.ok
  },
}

export const lineGroupsCreate: Command = {
  name: 'line-groups create',
  summary: 'Make a line group: one record set for several built-in lines',
  arguments: [
    { name: 'NAME', sentence: 'Name of the group, by which commands find it.' },
    { name: 'LINE…', sentence: 'Its members, two or more ids of built-in lines.' },
  ],
  flags: [DESCRIPTION, JSON_FLAG],
  examples: [['line-groups create mobile Yidong Tietong', 'then: waymark records create … --line mobile']],
  async run(call) {
    const json = {
      name: call.argument('NAME'),
      lines: call.rest('LINE…'),
      description: call.text('description'),
    }
    const group = await call.client.json<OwnLineBody>('POST', GROUPS.path, { json })
    return printLine(call, group, `Line group ${group.name} made, id ${group.line_id}`)
  },
}

export const lineGroupsUpdate: Command = {
  name: 'line-groups update',
  summary: 'Change name, members or description of a line group',
  arguments: [GROUP, { name: 'LINE…', isOptional: true, sentence: 'New members, in place of all old ones.' }],
  flags: [
    { name: 'name', takesValue: true, placeholder: 'NAME', sentence: 'Another name.' },
    DESCRIPTION,
    JSON_FLAG,
  ],
  examples: [['line-groups update mobile Yidong Tietong Dianxin', 'these members and no others']],
  async run(call) {
    const members = call.rest('LINE…')
    const [name, description] = [call.text('name'), call.text('description')]
    if (members.length === 0 && name === undefined && description === undefined)
      throw usageFailure('nothing to change: give members, --name or --description')
    const before = await getOwnLine(call.client, GROUPS, call.argument('GROUP'))
    // The API takes name and members of a group whole.
    const json = {
      name: name ?? before.name,
      lines: members.length === 0 ? before.lines : members,
      description,
    }
    const group = await call.client.json<OwnLineBody>('PUT', `${GROUPS.path}/${before.line_id}`, { json })
    return printLine(call, group, `Line group ${group.name} changed`)
  },
}

export const lineGroupsDelete: Command = {
  name: 'line-groups delete',
  summary: 'Delete a line group that no record set uses',
  arguments: [GROUP],
  flags: [YES_FLAG],
  examples: [['line-groups delete mobile --yes', 'without a question']],
  async run(call) {
    const group = await getOwnLine(call.client, GROUPS, call.argument('GROUP'))
    confirm(call, `Delete line group ${group.name}?`)
    await call.client.json('DELETE', `${GROUPS.path}/${group.line_id}`)
    call.print(`Line group ${group.name} deleted`)
    return EXIT.ok
  },
}
