/** One CSV row (RFC 4180) with its line end. A cell is quoted where it must be. */
export const csvRow = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`

const csvCell = (cell: string): string =>
  /[",;\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

/** Byte order mark: without it spreadsheets take UTF-8 for the local encoding. */
export const CSV_START = '\u{feff}'
