import { wrap } from '@waymark/server/settings-text'

/** A column: its heading, and how narrow it may become when the table does not fit. */
export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Columns with a limit are narrowed, widest first, until the table fits; others never are. */
  readonly minWidth?: number
  /** A cell that is too long goes on in the next line instead of being cut. For the last column. */
  readonly wraps?: true
}

const GAP = 2

/** Shortens a text to `width` columns of a terminal, the last of them an ellipsis. */
export function shorten(text: string, width: number): string {
  if (Bun.stringWidth(text) <= width) return text
  let out = ''
  let used = 0
  for (const character of text) {
    const size = Bun.stringWidth(character)
    if (used + size > width - 1) break
    out += character
    used += size
  }
  return `${out}…`
}

/** Lines of a table without borders. `columns` of the terminal bound the width; Infinity leaves every cell whole. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  terminalColumns: number,
): string[] {
  // A line break or control character in a cell would break the table, or drive the terminal.
  const clean = rows.map((row) => row.map((cell) => cell.replace(/\p{Cc}/gu, ' ')))
  const widths = columns.map((column, index) =>
    Math.max(Bun.stringWidth(column.title), ...clean.map((row) => Bun.stringWidth(row[index] ?? ''))),
  )
  let excess = widths.reduce((sum, width) => sum + width + GAP, -GAP) - terminalColumns
  while (excess > 0) {
    let widest = -1
    for (const [index, column] of columns.entries()) {
      if (column.minWidth === undefined || widths[index]! <= column.minWidth) continue
      if (widest < 0 || widths[index]! > widths[widest]!) widest = index
    }
    if (widest < 0) break
    widths[widest]!--
    excess--
  }
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, index) => {
        const cell = shorten(cells[index] ?? '', widths[index]!)
        const padding = ' '.repeat(Math.max(0, widths[index]! - Bun.stringWidth(cell)))
        return column.align === 'right' ? padding + cell : cell + padding
      })
      .join(' '.repeat(GAP))
      .trimEnd()
  const wrapping = columns.findIndex((column) => column.wraps === true)
  const lines = (cells: readonly string[]): string[] => {
    if (wrapping < 0) return [line(cells)]
    return wrap(cells[wrapping] ?? '', widths[wrapping]!).map((part, index) =>
      line(
        columns.map((_, column) => (column === wrapping ? part : index === 0 ? (cells[column] ?? '') : '')),
      ),
    )
  }
  return [line(columns.map(({ title }) => title)), ...clean.flatMap(lines)]
}
