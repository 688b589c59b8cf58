/**
 * Keeps one child process running. A child that ends by itself is started again after a delay that doubles with each quick
 * death and starts over once a child has lived long enough. The child's standard input is a pipe that stays open as long as
 * this process lives, however it dies: a child that exits at the end of its input (`exit-with-parent.ts`) cannot be orphaned.
 * Standard output belongs to this process and is closed to the child unless `sharesOutput`; what a child has to say goes to standard
 * error.
 */
export interface SupervisorOptions {
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The child writes to standard output too. */
  readonly sharesOutput?: boolean
  /** Told of each death that was not asked for, before the delay. */
  readonly onDeath: (death: Death) => void
  /** Delay before the first restart; doubles up to `longestDelayMs`. */
  readonly firstDelayMs?: number
  readonly longestDelayMs?: number
  /** A child that lived this long was healthy: the delay starts over. */
  readonly healthyAfterMs?: number
  /** Time to end after SIGTERM before SIGKILL. */
  readonly graceMs?: number
}

export interface Death {
  readonly pid: number
  readonly exitCode: number | null
  readonly signal: string | null
  readonly restartInMs: number
}

export interface Supervisor {
  /** Of the running child; undefined between a death and the restart. */
  readonly pid: () => number | undefined
  readonly restarts: () => number
  /** Passes SIGHUP on to the child. */
  readonly hangUp: () => void
  /** Ends the child, resolves when it is gone. No restart follows. */
  readonly stop: () => Promise<void>
}

export function supervise(options: SupervisorOptions): Supervisor {
  const { firstDelayMs = 100, longestDelayMs = 10_000, healthyAfterMs = 20_000, graceMs = 5_000 } = options
  let child: Bun.Subprocess<'pipe', 'ignore' | 'inherit', 'inherit'> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let delayMs = firstDelayMs
  let restarts = 0
  let isStopping = false

  const start = (): void => {
    const startedAt = performance.now()
    child = Bun.spawn({
      cmd: [...options.command],
      env: { ...options.environment },
      stdin: 'pipe',
      stdout: options.sharesOutput === true ? 'inherit' : 'ignore',
      stderr: 'inherit',
      onExit(ended, exitCode) {
        child = undefined
        if (isStopping) return
        if (performance.now() - startedAt >= healthyAfterMs) delayMs = firstDelayMs
        const signal = ended.signalCode === null ? null : String(ended.signalCode)
        options.onDeath({ pid: ended.pid, exitCode, signal, restartInMs: delayMs })
        timer = setTimeout(() => {
          restarts++
          start()
        }, delayMs)
        delayMs = Math.min(delayMs * 2, longestDelayMs)
      },
    })
  }
  start()

  return {
    pid: () => child?.pid,
    restarts: () => restarts,
    hangUp: () => child?.kill('SIGHUP'),
    async stop() {
      isStopping = true
      clearTimeout(timer)
      const ending = child
      if (ending === undefined) return
      ending.kill('SIGTERM')
      const killer = setTimeout(() => ending.kill('SIGKILL'), graceMs)
      await ending.exited
      clearTimeout(killer)
      child = undefined
    },
  }
}
