import { StartError } from '@waymark/control/tenants/secrets'
import { onHangUp } from '@waymark/edge/on-hang-up'
import pino, { type Logger, type LoggerOptions } from 'pino'
import { endWithLauncher } from './exit-with-parent.ts'
import { type Part, readSettings, type Settings } from './settings.ts'

/** A part that runs until it is told to stop. */
export interface Running {
  readonly stop: () => Promise<void>
  /** Has other processes that belong to the part look at files that may have changed. */
  readonly hangUp?: () => void
}

/** Ctrl-C reaches this process from the terminal and once more from the launcher: within this time it is one signal. */
const SAME_SIGNAL_MS = 1000
const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Lines of one form with those of the edge (`edge/src/log.ts`), which go to the same place. */
const LOG_FORM: LoggerOptions = {
  base: { part: 'control' },
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (level) => ({ level }) },
}

/** A terminal has a person before it, who need not see every request pass by. */
export const logLevel = (settings: Settings): string =>
  settings['log-level'] ?? (process.stderr.isTTY === true ? 'warn' : 'info')

/**
 * Reads the settings, starts `part`, and resolves to the exit code after a signal has stopped it: 0 after a clean stop, 1
 * when it could not start, 2 when settings are wrong. Faults that the operator can mend are told in a line, without a stack.
 * A second signal ends the process at once. SIGHUP means that files have changed, as for other servers; on a terminal, that it was
 * closed.
 */
export async function runPart(
  part: Part,
  argv: readonly string[],
  start: (settings: Settings, log: Logger) => Promise<Running>,
): Promise<number> {
  const read = readSettings(part, argv, process.env)
  if (!read.ok) {
    for (const fault of read.faults) console.error(`waymark: ${fault}`)
    console.error(`  see: waymark ${part} --help`)
    return 2
  }
  for (const warning of read.warnings) console.error(`waymark: ${warning}`)

  let running: Running | undefined
  const signalled = new Promise<void>((resolve) => {
    let stoppingSince: number | undefined
    const stop = (): void => {
      stoppingSince ??= performance.now()
      if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1)
      resolve()
    }
    for (const signal of SIGNALS) process.on(signal, stop)
    onHangUp(() => (process.stdin.isTTY === true ? stop() : running?.hangUp?.()))
    endWithLauncher(process.env.WAYMARK_LAUNCHER_PID, stop)
  })
  const log = pino({ level: logLevel(read.settings), ...LOG_FORM }, pino.destination({ dest: 2, sync: true }))
  try {
    running = await start(read.settings, log)
    await signalled
    await running.stop()
    return 0
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    console.error(`waymark: ${error.message}`)
    return 1
  }
}
