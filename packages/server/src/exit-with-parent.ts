const GRACE_MS = 5000

/**
 * Ends this process, as SIGTERM would, when its standard input ends: the supervisor that holds the other end of the pipe
 * is gone.
 */
export function exitWithParent(): void {
  const end = (): void => {
    setTimeout(() => process.exit(1), GRACE_MS).unref()
    process.kill(process.pid, 'SIGTERM')
  }
  process.stdin.on('end', end)
  process.stdin.on('error', end)
  process.stdin.resume()
}

/**
 * Calls `end` when the launcher (`packages/cli/bin/bun.mjs`) that started this process is gone without having passed on a
 * signal, as after SIGKILL. Standard input is the user's here, so the parent's id is watched instead.
 */
export function endWithLauncher(launcherPid: string | undefined, end: () => void): void {
  if (launcherPid === undefined || Number(launcherPid) !== process.ppid) return
  const watch = setInterval(() => {
    if (process.ppid === Number(launcherPid)) return
    clearInterval(watch)
    end()
  }, 1000)
  watch.unref()
}
