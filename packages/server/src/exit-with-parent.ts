/** Ends this process when its standard input ends: the supervisor that holds the other end of the pipe is gone. */
export function exitWithParent(): void {
  process.stdin.on('end', () => process.exit(0))
  process.stdin.on('error', () => process.exit(0))
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
