import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Client } from '../client/client.ts'
import { type Command, type Invocation, JSON_FLAG } from '../command.ts'
import { CommandFailure, EXIT, ServerRefusal, usageFailure } from '../failures.ts'
import { detectFormat, FORMATS, type Format, formatOfName } from '../file-format.ts'
import { downloadFailed, failedTable, type Note, readTask, type TaskBody, watchTask } from '../task.ts'
import { formatDuration, formatNumber, startProgress } from '../terminal/progress.ts'
import { findZone, type ZoneBody } from '../zone-lookup.ts'
import { FROM_FLAG, KEY_FLAG, primariesOf } from './follow.ts'

const SHOWN_FAILURES = 20
const SHOWN_NOTES = 5
const ANSWER_TIMEOUT_S = 30

export const importCommand: Command = {
  name: 'import',
  summary: 'Create the record sets of a file, or of another server, in a zone',
  arguments: [
    {
      name: 'FILE',
      isOptional: true,
      sentence: 'xlsx, csv, json or zone file; - reads standard input. Left out with --from.',
    },
  ],
  flags: [
    {
      name: 'zone',
      alias: 'z',
      takesValue: true,
      placeholder: 'NAME|ID',
      sentence: 'Zone that receives the record sets. Required.',
    },
    {
      name: 'create-zone',
      takesValue: false,
      sentence: 'Make the zone, public, when there is none of that name.',
    },
    {
      ...FROM_FLAG,
      sentence: 'Take the records from this server by AXFR in place of a file; one address.',
    },
    KEY_FLAG,
    {
      name: 'format',
      takesValue: true,
      placeholder: FORMATS.join('|'),
      sentence: 'Format of the file. Default: by its extension, else by its content.',
    },
    {
      name: 'failed-to',
      takesValue: true,
      placeholder: 'FILE',
      sentence:
        'Write the failed items with their reasons to this file, in the format of its extension, to be mended and imported again.',
    },
    {
      name: 'no-wait',
      takesValue: false,
      sentence: 'Return as soon as the task is stored; watch it with "waymark tasks watch".',
    },
    {
      name: 'answer-timeout',
      takesValue: true,
      placeholder: 'SECONDS',
      sentence: `How long to wait, once all is done, until every edge answers it. Default: ${ANSWER_TIMEOUT_S}.`,
    },
    JSON_FLAG,
  ],
  examples: [
    ['import records.xlsx --zone example.org --create-zone', 'a workbook into a zone that may not exist yet'],
    ['import example.org.zone --zone example.org', 'a zone file (RFC 1035 master file)'],
    [
      'import records.csv --zone example.org --failed-to failed.csv',
      'keep what failed, mend it, import failed.csv',
    ],
    ['import --from 192.0.2.53 --zone example.org --create-zone', 'what another server has, once'],
    ['import - --format json --zone example.org --json < records.json', 'in a script'],
  ],
  details:
    'Every item gets its own verdict: good items are created, bad ones are shown with code and reason and hinder nobody. ' +
    'The command returns when the task is done and the DNS servers answer what it created. ' +
    'The limits that the API documents for one call (500 rows, 2,000 record sets) do not apply here.',
  run: importFile,
}

async function importFile(call: Invocation): Promise<number> {
  const { client } = call
  const file = sourceOf(call)
  const zoneName = call.text('zone')
  if (zoneName === undefined) throw usageFailure('--zone is missing: which zone receives the record sets?')
  const bytes = file === undefined ? undefined : await readInput(file)
  const format = bytes === undefined ? 'zone' : inputFormat(call.text('format'), file!, bytes)
  const failedTo = call.text('failed-to')
  const failedFormat = failedTo === undefined ? format : (formatOfName(failedTo) ?? format)
  const answerTimeoutMs = (call.number('answer-timeout') ?? ANSWER_TIMEOUT_S) * 1000

  const { zone, isNew } = await zoneFor(call, zoneName)
  const startedAt = performance.now()
  const {
    task_id: id,
    total_count: total,
    notes,
  } = await (bytes === undefined
    ? submitTransfer(call, zone)
    : submit(client, zone, format, file!, bytes)
  ).catch((error) => (isNew ? undone(call, zone, error) : Promise.reject(error)))
  for (const note of notes.slice(0, SHOWN_NOTES)) call.note(`Row ${note.row}: ${note.text}`)
  if (call.isSet('no-wait')) {
    if (call.isSet('json')) call.print(JSON.stringify({ task_id: id, total_count: total }))
    else
      call.print(
        `Task ${id} with ${formatNumber(total)} record sets is stored. Watch it: waymark tasks watch ${id}`,
      )
    return EXIT.ok
  }

  const progress = startProgress((text) => process.stderr.write(text), call.notes, startedAt)
  const task = await watchTask(client, id, progress, answerTimeoutMs)
  progress.finish()
  const elapsedMs = performance.now() - startedAt
  if (failedTo !== undefined && task.error_count > 0)
    writeFileSync(failedTo, await downloadFailed(client, id, failedFormat))
  await report(call, task, elapsedMs, failedTo)
  if (task.error_count > 0) return EXIT.someFailed
  return task.answered ? EXIT.ok : EXIT.notAnswered
}

/** The file, or undefined where another server is asked. */
function sourceOf(call: Invocation): string | undefined {
  const file = call.argument('FILE')
  const isFromServer = call.text('from') !== undefined
  if (isFromServer && file !== '') throw usageFailure('give either FILE or --from')
  if (isFromServer) return undefined
  if (file === '') throw usageFailure('FILE is missing', 'see: waymark import --help')
  return file
}

async function readInput(file: string): Promise<Uint8Array> {
  try {
    return file === '-' ? await Bun.stdin.bytes() : readFileSync(file)
  } catch (error) {
    throw usageFailure(`cannot read ${file}: ${(error as Error).message}`)
  }
}

function inputFormat(given: string | undefined, file: string, bytes: Uint8Array): Format {
  if (given === undefined) {
    const found = detectFormat(file, bytes)
    if (found === undefined) throw usageFailure(`what is ${file}? Say it with --format ${FORMATS.join('|')}`)
    return found
  }
  const format = FORMATS.find((name) => name === given)
  if (format === undefined) throw usageFailure(`--format "${given}" must be one of ${FORMATS.join(', ')}`)
  return format
}

async function zoneFor(call: Invocation, name: string): Promise<{ zone: ZoneBody; isNew: boolean }> {
  const zone = await findZone(call.client, name)
  if (zone !== undefined) return { zone, isNew: false }
  if (!call.isSet('create-zone')) {
    throw new CommandFailure(EXIT.refused, `there is no zone ${name}`, 'give --create-zone to make it')
  }
  const created = await call.client.json<ZoneBody>('POST', '/v2/zones', {
    json: { name, zone_type: 'public' },
  })
  call.note(`Zone ${created.name} created.`)
  return { zone: created, isNew: true }
}

/** Takes away the zone that was made for what the server then refused: empty, it would say of all names that they do not exist. */
async function undone(call: Invocation, zone: ZoneBody, error: unknown): Promise<never> {
  if (error instanceof ServerRefusal) {
    await call.client.json('DELETE', `/v2/zones/${zone.id}`)
    call.note(`Zone ${zone.name} deleted again: nothing came into it.`)
  }
  throw error
}

interface Accepted {
  readonly task_id: string
  readonly total_count: number
  readonly notes: readonly Note[]
}

/** Stores the task. The key makes a repetition after a lost answer give the same task instead of a second one. */
function submit(client: Client, zone: ZoneBody, format: Format, file: string, bytes: Uint8Array) {
  return client.json<Accepted>('POST', `/waymark/v1/zones/${zone.id}/imports`, {
    query: { format, name: file === '-' ? 'standard input' : basename(file) },
    bytes,
    headers: { 'Idempotency-Key': crypto.randomUUID() },
    retries: 3,
  })
}

/** Has the server fetch the zone from elsewhere. */
function submitTransfer(call: Invocation, zone: ZoneBody): Promise<Accepted> {
  const [primary] = primariesOf(call)
  return call.client.json<Accepted>('POST', `/waymark/v1/zones/${zone.id}/imports/transfer`, {
    json: { primary },
    headers: { 'Idempotency-Key': crypto.randomUUID() },
  })
}

async function report(call: Invocation, task: TaskBody, elapsedMs: number, failedTo: string | undefined) {
  const { output } = call
  if (call.isSet('json')) {
    const withItems = await readTask(call.client, task.id, 2000)
    call.print(JSON.stringify({ ...withItems, elapsed_ms: Math.round(elapsedMs) }))
    return
  }
  const rate = formatNumber(task.total_count / (elapsedMs / 1000))
  const created = `${formatNumber(task.success_count)} of ${formatNumber(task.total_count)} record sets created`
  const how = task.answered ? 'and answered' : 'but not answered by every edge yet'
  call.print(
    `${task.error_count === 0 ? output.green('✓') : output.yellow('!')} ${created} in ${task.zone_name ?? task.zone_id} ${how} · ${formatDuration(elapsedMs)} · ${rate}/s`,
  )
  if (!task.answered) call.note(`Is an edge running? Look again with: waymark tasks show ${task.id}`)
  if (task.error_count === 0) return
  const { error_items: items = [] } = await readTask(call.client, task.id, SHOWN_FAILURES)
  call.print('')
  call.print(output.red(`${formatNumber(task.error_count)} failed:`))
  for (const line of failedTable(items, output)) call.print(line)
  if (task.error_count > items.length)
    call.print(`… and ${formatNumber(task.error_count - items.length)} more`)
  call.print('')
  call.print(
    failedTo === undefined
      ? `Keep them in a file, mend it and import it again: waymark tasks failed ${task.id} --to failed.csv`
      : `Failed items with their reasons are in ${failedTo}; mend it and import it again.`,
  )
}
