import { type Command, type Invocation, JSON_FLAG } from '../command.ts'
import { EXIT, usageFailure } from '../failures.ts'
import { lineNames } from '../line-lookup.ts'
import { printTable } from '../terminal/print.ts'

interface ExplanationBody {
  readonly name: string
  readonly type: string
  readonly client: string
  readonly subnet: string | null
  readonly edge: string
  readonly network: { readonly id: string; readonly name: string } | null
  readonly client_lines: readonly string[]
  readonly rule: string
  readonly steps: readonly Step[]
  readonly passed_over: readonly {
    readonly zone: string
    readonly is_private: boolean
    readonly reason: string
  }[]
  readonly is_from_upstream: boolean
  readonly answer: {
    readonly rcode: string
    readonly answer: readonly string[]
    readonly authority: readonly string[]
    readonly extended_error: number | null
  }
}

interface Step {
  readonly name: string
  readonly zone: string
  readonly is_private: boolean
  readonly is_own: boolean
  readonly owner: string
  readonly outcome: string
  readonly lines: readonly string[]
  readonly sets: readonly { readonly type: string; readonly line: string; readonly is_chosen: boolean }[]
  readonly variants: readonly Variant[]
  readonly record_sets: readonly {
    readonly name: string
    readonly type: string
    readonly line: string
    readonly weight: number | null
    readonly records: readonly string[]
    readonly reason: string
  }[]
}

interface Variant {
  readonly weight: number | null
  readonly records: readonly string[]
  readonly probability: number
  readonly is_given: boolean
}

const OUTCOMES: Readonly<Record<string, string>> = {
  exact: 'the name has what is asked',
  wildcard: 'a wildcard stands for the name',
  cname: 'a CNAME leads on',
  dname: 'a DNAME above the name leads on',
  delegation: 'the name lies below a zone cut, whose servers are told',
  'no-data': 'the name exists, without data of this type for the client',
  'no-name': 'the name does not exist',
  signer: 'made by the signer of the zone',
  'no-address': 'what the alias stands for cannot be had',
  'passed-on': 'the zone has nothing about the name and passes the question on',
  loop: 'the chain ends: it has been here before, or is too long',
  refused: 'no zone here answers for the name',
}

export const explain: Command = {
  name: 'explain',
  summary: 'Tell what a client is answered, and why',
  details:
    'An edge answers the question in the way it answers any other, and tells its way: network, zone, line, weights, and each record set with why it is in the answer or not. Words for the reasons: docs/explain.md.',
  arguments: [
    { name: 'NAME', sentence: 'The name asked for; it lies in a zone of the account.' },
    { name: 'TYPE', sentence: 'Record type. Default: A.', isOptional: true },
  ],
  flags: [
    {
      name: 'client',
      takesValue: true,
      placeholder: 'ADDRESS',
      sentence: 'Address that the question comes from.',
    },
    {
      name: 'subnet',
      takesValue: true,
      placeholder: 'PREFIX',
      sentence: 'Client subnet option that comes along, as resolvers send it.',
    },
    {
      name: 'listener',
      takesValue: true,
      placeholder: 'ADDRESS',
      sentence: 'Address of the edge that is asked, where it stands for a network.',
    },
    JSON_FLAG,
  ],
  examples: [
    ['explain www.example.org A --client 202.106.0.9', 'as a visitor from that address'],
    ['explain www.corp.example --client 10.1.2.3 --json', 'as a client of a private network, for scripts'],
  ],
  async run(call) {
    const client = call.text('client')
    if (client === undefined)
      throw usageFailure('--client is missing: the address that the question comes from')
    const query = new URLSearchParams({
      name: call.argument('NAME'),
      type: call.argument('TYPE') || 'A',
      client,
    })
    for (const flag of ['subnet', 'listener']) {
      const value = call.text(flag)
      if (value !== undefined) query.set(flag, value)
    }
    const told = await call.client.json<ExplanationBody>('GET', `/waymark/v1/explain?${query}`)
    if (call.isSet('json')) call.print(JSON.stringify(told))
    else {
      const ids = told.steps.flatMap(({ lines, record_sets }) => [
        ...lines,
        ...record_sets.map(({ line }) => line),
      ])
      printExplanation(call, told, await lineNames(call.client, ids))
    }
    return EXIT.ok
  },
}

type LineName = (id: string) => string

function printExplanation(call: Invocation, told: ExplanationBody, lineName: LineName): void {
  const row = (title: string, value: string): void => {
    if (value !== '') call.print(`${call.output.dim(title.padEnd(12))}${value}`)
  }
  row('question', `${told.name} ${told.type}`)
  row('client', told.subnet === null ? told.client : `${told.client} with subnet ${told.subnet}`)
  row('network', told.network === null ? 'none' : `${told.network.name} ${call.output.dim(told.network.id)}`)
  row('its lines', told.client_lines.join(', '))
  row('edge', told.edge)
  for (const step of told.steps) printStep(call, step, row, lineName)
  if (told.passed_over.length > 0) call.print('')
  for (const zone of told.passed_over) {
    row('passed over', `${zone.is_private ? 'private ' : ''}zone ${zone.zone} (${zone.reason})`)
  }
  call.print('')
  if (told.rule === 'refused') row('rule', OUTCOMES.refused!)
  if (told.is_from_upstream) row('rule', 'the upstream was asked')
  const error = told.answer.extended_error
  row('answer', error === null ? told.answer.rcode : `${told.answer.rcode} (extended error ${error})`)
  for (const record of [...told.answer.answer, ...told.answer.authority])
    call.print(`${' '.repeat(12)}${record}`)
}

function printStep(
  call: Invocation,
  step: Step,
  row: (title: string, value: string) => void,
  lineName: LineName,
): void {
  call.print('')
  row('looked for', step.name)
  row(
    'zone',
    step.is_own ? `${step.zone}${step.is_private ? ' (private)' : ''}` : `${step.zone} (of another account)`,
  )
  row('rule', `${step.outcome}: ${OUTCOMES[step.outcome] ?? ''}`)
  row('owner', step.owner)
  row('lines', step.lines.map(lineName).join(' > '))
  const chosen = step.sets.find(({ is_chosen }) => is_chosen)
  if (chosen !== undefined) row('chosen', `${chosen.type} on line ${lineName(chosen.line)}`)
  if (step.variants.length > 1) for (const variant of step.variants) row('share', shareOf(variant))
  if (step.record_sets.length === 0) return
  printTable(
    call,
    [
      { title: 'RECORD SET' },
      { title: 'TYPE' },
      { title: 'LINE' },
      { title: 'WEIGHT', align: 'right' },
      { title: 'REASON' },
      { title: 'VALUES', minWidth: 12 },
    ],
    step.record_sets.map((set) => [
      ...[set.name, set.type, lineName(set.line), set.weight === null ? '' : String(set.weight)],
      ...[set.reason, set.records.join(', ')],
    ]),
  )
}

const shareOf = ({ weight, records, probability, is_given }: Variant): string =>
  `${is_given ? 'given  ' : '       '}${Math.round(probability * 1000) / 10} %  weight ${weight ?? 'none'}  ${records.join(', ')}`
