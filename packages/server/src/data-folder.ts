import { Database } from 'bun:sqlite'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { StartError } from '@waymark/control/tenants/secrets'

export interface DataFolder {
  /** Absolute. */
  readonly path: string
  readonly release: () => void
}

/**
 * Makes the folder if needed and claims it for this process. The claim is an exclusive lock that SQLite holds on a small
 * file: the system drops it when the process dies, whatever killed it, and it works alike on all systems, unlike a file
 * with a process id, which a crash leaves behind. The process id beside it is for people only.
 */
export function claimDataFolder(folder: string): DataFolder {
  const path = resolve(folder)
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StartError(`cannot make the data folder ${path}: ${(error as Error).message}`)
  }
  const pidFile = join(path, 'waymark.pid')
  let lock: Database | undefined
  try {
    lock = new Database(join(path, 'waymark.lock'))
    lock.run('PRAGMA busy_timeout = 0')
    lock.run('BEGIN EXCLUSIVE')
    writeFileSync(pidFile, `${process.pid}\n`)
  } catch (error) {
    lock?.close()
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') {
      throw new StartError(`cannot use the data folder ${path}: ${(error as Error).message}`)
    }
    throw new StartError(
      `another waymark${holder(pidFile)} uses the data folder ${path}. Stop it, or give this one a folder of its own with --data`,
    )
  }
  const held = lock
  return {
    path,
    release() {
      held.close()
    },
  }
}

function holder(pidFile: string): string {
  try {
    return ` (process ${readFileSync(pidFile, 'utf8').trim()})`
  } catch {
    return ''
  }
}
