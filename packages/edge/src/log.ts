export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'
const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent']

/** Logs rare events of the edge; queries are counted, never logged. */
export interface Log {
  info(msg: string, fields?: Record<string, unknown>): void
  warn(msg: string, fields?: Record<string, unknown>): void
  error(msg: string, fields?: Record<string, unknown>): void
}

/** One JSON object a line on standard error, `level` and lower ones left out. An unknown level means `info`. */
export function jsonLog(level: string, write = (line: string): void => void process.stderr.write(line)): Log {
  const known = LEVELS.indexOf(level as LogLevel)
  const lowest = known < 0 ? 1 : known
  const at =
    (name: LogLevel) =>
    (msg: string, fields: Record<string, unknown> = {}): void => {
      if (LEVELS.indexOf(name) < lowest) return
      write(
        `${JSON.stringify({ level: name, time: new Date().toISOString(), part: 'edge', msg, ...fields })}\n`,
      )
    }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

/** What went wrong, for a log line. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
