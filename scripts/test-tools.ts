import { Glob } from 'bun'
import { ROOT } from './checks.ts'

/** Where Debian keeps daemons, and PostgreSQL its server programs, neither of which is on everyone's PATH. */
const postgresFolders = [
  ...new Glob('/usr/lib/postgresql/*/bin').scanSync({ onlyFiles: false, absolute: true }),
]
  .sort()
  .reverse()
export const TOOL_PATH = [process.env.PATH ?? '', '/usr/sbin', '/sbin', ...postgresFolders].join(':')

/** Those of the programs that this machine does not have. */
export const missingTools = (needed: Iterable<string>): string[] =>
  [...new Set(needed)].filter((name) => Bun.which(name, { PATH: TOOL_PATH }) === null).sort()

/** Installs the test tools where that can be done without asking: as root, with apt. Tells whether it ran. */
export async function installTestTools(withClients: boolean): Promise<boolean> {
  if (process.getuid?.() !== 0 || Bun.which('apt-get') === null) return false
  const child = Bun.spawn({
    cmd: ['bash', `${ROOT}scripts/install-test-tools.sh`, ...(withClients ? ['--clients'] : [])],
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
  })
  if ((await child.exited) !== 0) console.log('the test tools could not be installed')
  return true
}
