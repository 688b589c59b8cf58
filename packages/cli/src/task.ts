import type { Client } from './client/client.ts'
import { CommandFailure, EXIT, ServerRefusal } from './failures.ts'
import type { Progress } from './terminal/progress.ts'
import type { Style } from './terminal/style.ts'
import { formatTable } from './terminal/table.ts'

/** A failed item of a task. `row` is its place in the file as the user counts, where the file has such. */
export interface ErrorItem {
  readonly index: number
  readonly row?: number | null
  readonly name: string
  /** Type and values are absent where the item is known by its name alone: in tasks over many zones. */
  readonly type?: string
  readonly records?: readonly string[] | null
  readonly error_code: string
  readonly error_message: string
}

/** A task as /waymark/v1/tasks shows it. `answered`: every edge serves what the task did. */
export interface TaskBody {
  readonly id: string
  readonly kind: string
  readonly status: 'PENDING' | 'DONE'
  /** null: a task over many zones. */
  readonly zone_id: string | null
  readonly zone_name: string | null
  readonly total_count: number
  readonly success_count: number
  readonly error_count: number
  readonly created_at: string
  readonly updated_at: string
  readonly answered: boolean
  readonly error_items?: readonly ErrorItem[]
  readonly notes?: readonly Note[]
}

/** Something in a file that was left out on purpose, for example the SOA of a zone file. */
export interface Note {
  readonly row: number
  readonly text: string
}

const LONGEST_POLL_MS = 250

export const readTask = (
  client: Client,
  id: string,
  errorItems: number,
  errorOffset = 0,
): Promise<TaskBody> =>
  client.json<TaskBody>('GET', `/waymark/v1/tasks/${encodeURIComponent(id)}`, {
    query: { error_item_limit: errorItems, error_item_offset: errorOffset },
    retries: 5,
  })

/**
 * Polls until the task is done and what it did is answered: first after 5 ms, so that a small task is seen to be done at
 * once, then ever more slowly. After DONE it waits at most `answerTimeoutMs` for the edges and then returns as it is.
 */
export async function watchTask(
  client: Client,
  id: string,
  progress: Progress,
  answerTimeoutMs: number,
): Promise<TaskBody> {
  let delayMs = 5
  let doneAt: number | undefined
  for (;;) {
    const task = await readTask(client, id, 0)
    const now = performance.now()
    progress.update(task.success_count + task.error_count, task.total_count, task.error_count, now)
    if (task.status === 'DONE') {
      doneAt ??= now
      if (task.answered || now - doneAt >= answerTimeoutMs) return task
    }
    await Bun.sleep(delayMs)
    delayMs = Math.min(delayMs * 2, LONGEST_POLL_MS)
  }
}

/** Lines of a table of failed items: where, what, and why. */
export function failedTable(items: readonly ErrorItem[], style: Style): string[] {
  const hasRows = items.some((item) => typeof item.row === 'number')
  const [title = '', ...rows] = formatTable(
    [
      { title: hasRows ? 'ROW' : 'ITEM', align: 'right' },
      { title: 'NAME', minWidth: 16 },
      { title: 'TYPE' },
      { title: 'VALUES', minWidth: 12 },
      { title: 'CODE' },
      { title: 'REASON', minWidth: 24, wraps: true },
    ],
    items.map((item) => [
      String(hasRows ? (item.row ?? '') : item.index + 1),
      item.name,
      item.type ?? '',
      (item.records ?? []).join(', ').slice(0, 200),
      item.error_code,
      item.error_message,
    ]),
    style.columns,
  )
  return [style.bold(title), ...rows]
}

/** Failed items in the format of the import, with their reasons, ready to be mended and imported again. */
export const downloadFailed = (client: Client, id: string, format: string): Promise<Uint8Array> =>
  client.bytes('GET', `/waymark/v1/tasks/${encodeURIComponent(id)}/failed`, { query: { format } })

/** A task that is unknown gets advice of its own. */
export async function existingTask<T>(id: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof ServerRefusal) || error.code !== 'DNS.1304') throw error
    throw new CommandFailure(
      EXIT.refused,
      `there is no task ${id}`,
      'list the tasks with: waymark tasks list',
    )
  }
}
