import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A PostgreSQL server of its own for one test file. */
export interface PostgresServer {
  /** Makes an empty database and returns its URL. */
  createDatabase(): Promise<string>
  /** Schema of a database as `pg_dump` writes it. */
  dumpSchema(databaseUrl: string): Promise<string>
  stop(): Promise<void>
}

const PACKAGE_ROOT = '/usr/lib/postgresql'
const START_TIMEOUT_MS = 60_000

/**
 * Starts the server of the Debian package in a fresh folder, reachable by a Unix socket in it and by nothing else. Throws
 * when the package is missing: a test that cannot run has failed.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = findPrograms()
  const folder = mkdtempSync(join(tmpdir(), 'waymark-postgres-'))
  // The server refuses to run as root; the package has made a user for it.
  const isRoot = process.getuid?.() === 0
  if (isRoot) {
    const [uid, gid] = await Promise.all([numberOf('-u'), numberOf('-g')])
    chownSync(folder, uid, gid)
  }
  chmodSync(folder, 0o700)
  const asUser = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : []
  const data = join(folder, 'data')
  const program = (name: string) => [...asUser, join(programs, name)]

  await run(
    [...program('initdb'), '-D', data, '-U', 'waymark', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    folder,
  )
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'full_page_writes=off',
    'max_connections=60',
    'shared_buffers=64MB',
  ]
  const server = Bun.spawn(
    [...program('postgres'), '-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    { cwd: folder, stdout: 'ignore', stderr: Bun.file(join(folder, 'log')) },
  )
  const url = (database: string) =>
    `postgres://waymark@localhost/${database}?host=${encodeURIComponent(folder)}`
  await untilReady([...program('pg_isready'), '-q', '-h', folder], folder)

  let databases = 0
  return {
    async createDatabase() {
      const name = `test_${++databases}`
      await run([...program('createdb'), '-h', folder, '-U', 'waymark', name], folder)
      return url(name)
    },

    dumpSchema: (databaseUrl) =>
      run([...program('pg_dump'), '--schema-only', '--no-owner', '--no-privileges', databaseUrl], folder),

    async stop() {
      server.kill('SIGINT') // fast shutdown: connections are closed
      await server.exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Folder of the programs of the newest installed version. */
function findPrograms(): string {
  const versions = existsSync(PACKAGE_ROOT) ? readdirSync(PACKAGE_ROOT) : []
  const newest = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(PACKAGE_ROOT, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')))
  if (newest === undefined) {
    throw new Error('Debian package postgresql is missing (run scripts/install-test-tools.sh)')
  }
  return newest
}

const numberOf = async (flag: '-u' | '-g'): Promise<number> =>
  Number(await run(['id', flag, 'postgres'], '/'))

async function untilReady(probe: string[], folder: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS
  while ((await Bun.spawn(probe, { cwd: folder }).exited) !== 0) {
    if (Date.now() > deadline) {
      throw new Error(`PostgreSQL did not start:\n${await Bun.file(join(folder, 'log')).text()}`)
    }
    await Bun.sleep(20)
  }
}

async function run(command: string[], cwd: string): Promise<string> {
  const child = Bun.spawn(command, { cwd, stdout: 'pipe', stderr: 'pipe' })
  const [output, complaint, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  if (code !== 0) throw new Error(`${command.join(' ')} failed with ${code}: ${complaint}`)
  return output
}
