import type { Invocation } from '../command.ts'
import { type Column, formatTable } from './table.ts'

/** Prints rows under bold headings. */
export function printTable(
  call: Invocation,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): void {
  const [title = '', ...lines] = formatTable(columns, rows, call.output.columns)
  call.print(call.output.bold(title))
  for (const line of lines) call.print(line)
}

/** Prints rows under bold headings, or `data` as JSON for scripts. */
export function printRows(
  call: Invocation,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  data: unknown,
): void {
  if (call.isSet('json')) call.print(JSON.stringify(data))
  else printTable(call, columns, rows)
}

/** Prints one thing as a list of its fields, or `data` as JSON for scripts. */
export function printFields(
  call: Invocation,
  fields: readonly (readonly [title: string, value: string])[],
  data: unknown,
): void {
  if (call.isSet('json')) {
    call.print(JSON.stringify(data))
    return
  }
  const width = Math.max(...fields.map(([title]) => title.length)) + 2
  for (const [title, value] of fields) call.print(`${call.output.dim(title.padEnd(width))}${value}`)
}
