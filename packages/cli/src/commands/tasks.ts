import { writeFileSync } from 'node:fs'
import { type Command, type Invocation, JSON_FLAG } from '../command.ts'
import { EXIT, usageFailure } from '../failures.ts'
import { formatOfName } from '../file-format.ts'
import { downloadFailed, existingTask, failedTable, readTask, type TaskBody, watchTask } from '../task.ts'
import { printRows } from '../terminal/print.ts'
import { formatNumber, startProgress } from '../terminal/progress.ts'

const TASK = { name: 'TASK', sentence: 'Id of the task.' } as const

function printTask(call: Invocation, task: TaskBody): void {
  if (call.isSet('json')) {
    call.print(JSON.stringify(task))
    return
  }
  const counts = `${formatNumber(task.success_count)} good, ${formatNumber(task.error_count)} failed, of ${formatNumber(task.total_count)}`
  const answered = task.answered ? 'yes, by every edge' : 'not yet by every edge'
  const rows = [
    ['task', task.id],
    ['kind', task.kind],
    ['zone', task.zone_name ?? task.zone_id ?? 'many'],
    ['status', task.status],
    ['items', counts],
    ['answered', answered],
    ['created', task.created_at],
    ['updated', task.updated_at],
  ]
  for (const [title = '', value = ''] of rows) call.print(`${call.output.dim(title.padEnd(10))}${value}`)
  const items = task.error_items ?? []
  if (items.length === 0) return
  call.print('')
  for (const line of failedTable(items, call.output)) call.print(line)
  if (task.error_count > items.length)
    call.print(`… ${formatNumber(task.error_count - items.length)} more; see --errors`)
}

export const tasksList: Command = {
  name: 'tasks list',
  summary: 'List tasks, newest first',
  flags: [
    { name: 'limit', takesValue: true, placeholder: 'NUMBER', sentence: 'At most so many. Default: 20.' },
    JSON_FLAG,
  ],
  examples: [['tasks list', 'the last twenty']],
  async run(call) {
    const query = { limit: call.number('limit') ?? 20 }
    const { tasks } = await call.client.json<{ tasks: TaskBody[] }>('GET', '/waymark/v1/tasks', { query })
    printRows(
      call,
      [
        { title: 'TASK' },
        { title: 'KIND' },
        { title: 'ZONE', minWidth: 16 },
        { title: 'STATUS' },
        { title: 'GOOD', align: 'right' },
        { title: 'FAILED', align: 'right' },
        { title: 'ITEMS', align: 'right' },
        { title: 'CREATED' },
      ],
      tasks.map((task) => [
        task.id,
        task.kind,
        task.zone_name ?? 'many',
        task.status,
        formatNumber(task.success_count),
        formatNumber(task.error_count),
        formatNumber(task.total_count),
        task.created_at,
      ]),
      tasks,
    )
    return EXIT.ok
  },
}

export const tasksShow: Command = {
  name: 'tasks show',
  summary: 'Show a task and its failed items',
  arguments: [TASK],
  flags: [
    {
      name: 'errors',
      takesValue: true,
      placeholder: 'NUMBER',
      sentence: 'At most so many failed items. Default: 20.',
    },
    {
      name: 'skip',
      takesValue: true,
      placeholder: 'NUMBER',
      sentence: 'Leave out the first so many failed items.',
    },
    JSON_FLAG,
  ],
  examples: [['tasks show ID --errors 100', 'with up to a hundred failed items']],
  async run(call) {
    const id = call.argument('TASK')
    const errors = call.number('errors') ?? 20
    printTask(call, await existingTask(id, () => readTask(call.client, id, errors, call.number('skip') ?? 0)))
    return EXIT.ok
  },
}

export const tasksWatch: Command = {
  name: 'tasks watch',
  summary: 'Wait until a task is done and answered',
  arguments: [TASK],
  flags: [
    {
      name: 'answer-timeout',
      takesValue: true,
      placeholder: 'SECONDS',
      sentence: 'How long to wait for the edges once all is done. Default: 30.',
    },
    JSON_FLAG,
  ],
  examples: [['tasks watch ID', 'with a progress bar']],
  async run(call) {
    const id = call.argument('TASK')
    const progress = startProgress((text) => process.stderr.write(text), call.notes, performance.now())
    const timeoutMs = (call.number('answer-timeout') ?? 30) * 1000
    const done = await existingTask(id, () => watchTask(call.client, id, progress, timeoutMs))
    progress.finish()
    printTask(call, await readTask(call.client, id, 20))
    if (done.error_count > 0) return EXIT.someFailed
    return done.answered ? EXIT.ok : EXIT.notAnswered
  },
}

export const tasksFailed: Command = {
  name: 'tasks failed',
  summary: 'Write the failed items of a task to a file, with their reasons',
  arguments: [TASK],
  flags: [
    {
      name: 'to',
      takesValue: true,
      placeholder: 'FILE',
      sentence: 'File to write: .xlsx, .csv, .json or .zone. Required.',
    },
  ],
  examples: [['tasks failed ID --to failed.xlsx', 'mend the file and import it again']],
  async run(call) {
    const to = call.text('to')
    const format = to === undefined ? undefined : formatOfName(to)
    if (to === undefined || format === undefined)
      throw usageFailure('give --to a file that ends in .xlsx, .csv, .json or .zone')
    const id = call.argument('TASK')
    writeFileSync(to, await existingTask(id, () => downloadFailed(call.client, id, format)))
    call.print(`Failed items written to ${to}`)
    return EXIT.ok
  },
}

export const tasksDelete: Command = {
  name: 'tasks delete',
  summary: 'Delete a task; what it created stays',
  arguments: [TASK],
  examples: [['tasks delete ID', 'a running task stops after the items in hand']],
  async run({ client, argument, print }) {
    const id = argument('TASK')
    await existingTask(id, () => client.json('DELETE', `/waymark/v1/tasks/${encodeURIComponent(id)}`))
    print(`Task ${id} deleted`)
    return EXIT.ok
  },
}
