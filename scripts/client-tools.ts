import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { ROOT } from './checks.ts'
import type { TestFile } from './test-files.ts'

/** Where the `install.sh` of a client suite puts the client; `CLIENT_TOOLS` names another folder. */
export const CLIENT_TOOLS = process.env.CLIENT_TOOLS ?? `${ROOT}.cache/client-tools`

/** Suites of real client programs, which want their clients installed first: not part of the plain `npm test`. */
export const isClientSuite = (path: string): boolean => /^test\/(clients|fuzz)\//.test(path)

/** Runs the `install.sh` beside each client suite; gives the number of those that failed. */
export async function installClientTools(files: readonly TestFile[]): Promise<number> {
  const folders = new Set(files.filter(({ path }) => isClientSuite(path)).map(({ path }) => dirname(path)))
  let failed = 0
  for (const folder of folders) {
    const script = `${ROOT}${folder}/install.sh`
    if (!existsSync(script)) continue
    const child = Bun.spawn({
      cmd: ['bash', script],
      cwd: ROOT,
      env: { ...process.env, CLIENT_TOOLS },
      stdin: 'ignore',
      stdout: 'inherit',
      stderr: 'inherit',
    })
    if ((await child.exited) === 0) continue
    console.log(`FAIL ${folder}/install.sh`)
    failed++
  }
  return failed
}
