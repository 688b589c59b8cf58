import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Something besides the tests that has to hold. */
export interface Check {
  readonly name: string
  readonly command: readonly string[]
}

const bun = process.execPath
const script = (file: string): string => `${ROOT}scripts/${file}`
const tool = (name: string): string => `${ROOT}node_modules/.bin/${name}`

const projects = [...readdirSync(`${ROOT}packages`).map((name) => `packages/${name}`), '.'].filter((folder) =>
  existsSync(`${ROOT}${folder}/tsconfig.json`),
)

/** Types of every package by itself, so that each is held to its own `lib` and `types`. */
export const TYPE_CHECKS: readonly Check[] = projects.map((folder) => ({
  name: `types ${folder === '.' ? 'scripts, test, bench' : folder}`,
  command: [tool('tsc'), '-p', folder],
}))

export const CHECKS: readonly Check[] = [
  ...TYPE_CHECKS,
  { name: 'lint', command: [tool('biome'), 'check', '.'] },
  { name: 'generated pages', command: [bun, script('generate-docs.ts'), '--check'] },
  { name: 'examples', command: [bun, script('make-examples.ts'), '--check'] },
]

/** Runs the checks one after the other, prints a line for each and the output of those that fail; gives their number. */
export async function runChecks(checks: readonly Check[]): Promise<number> {
  let failed = 0
  for (const { name, command } of checks) {
    const child = Bun.spawn({ cmd: [...command], cwd: ROOT, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' })
    const [out, err, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ])
    console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}`)
    if (code === 0) continue
    failed++
    console.log(`${out}${err}`.trimEnd())
  }
  return failed
}
