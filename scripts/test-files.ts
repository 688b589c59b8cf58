import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Glob } from 'bun'
import { ROOT } from './checks.ts'
import { CLIENT_TOOLS, isClientSuite } from './client-tools.ts'
import { TOOL_PATH } from './test-tools.ts'

/** A test file, and the programs that its line `// needs: dig nsd` asks for. */
export interface TestFile {
  readonly path: string
  readonly needs: readonly string[]
}

export interface TestResult {
  readonly passed: number
  readonly failed: number
}

/** End-to-end tests start servers and processes of their own and watch the clock. */
const TEST_TIMEOUT_MS = 120_000
/** A file that hangs is ended, so that one test cannot hold up the whole run. */
const FILE_TIMEOUT_MS = 600_000
/** A suite of a client starts its program once and lets it call every operation. */
const CLIENT_TIMEOUT_MS = 480_000

/** All test files below the folders, in order; a word of `filters` must be in the path where there are some. */
export async function testFiles(
  folders: readonly string[],
  filters: readonly string[] = [],
): Promise<TestFile[]> {
  const paths: string[] = []
  for (const folder of folders) {
    for await (const path of new Glob(`${folder}/**/*.test.ts`).scan({ cwd: ROOT })) {
      if (!path.includes('node_modules')) paths.push(path)
    }
  }
  return paths
    .filter((path) => filters.length === 0 || filters.some((word) => path.includes(word)))
    .sort()
    .map((path) => {
      const needs = /^\/\/ needs: (.+)$/m.exec(readFileSync(`${ROOT}${path}`, 'utf8'))?.[1]
      return { path, needs: needs?.split(/[ ,]+/) ?? [] }
    })
}

/** Files that run now, each with all that it has started in a process group of its own. */
const running = new Set<number>()

function endGroup(leader: number): void {
  running.delete(leader)
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // Nothing is left of it.
  }
}
process.on('exit', () => running.forEach(endGroup))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1))

/**
 * Runs each file in a process of its own. Those beside the code run as many at a time as there are processors; those of
 * `test/`, which start whole servers, one at a time. The output of a file is printed when it ends, and what it has left running
 * is ended then.
 */
export async function runTestFiles(files: readonly TestFile[]): Promise<TestResult> {
  const alone = files.filter(({ path }) => path.startsWith('test/'))
  const beside = files.filter((file) => !alone.includes(file))
  const first = await runPool(beside, availableParallelism())
  const second = await runPool(alone, 1)
  return { passed: first.passed + second.passed, failed: first.failed + second.failed }
}

async function runPool(files: readonly TestFile[], parallel: number): Promise<TestResult> {
  const queue = [...files]
  let passed = 0
  let failed = 0
  const work = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const result = await runFile(file)
      passed += result.passed
      failed += result.failed
    }
  }
  await Promise.all(Array.from({ length: parallel }, work))
  return { passed, failed }
}

async function runFile({ path }: TestFile): Promise<TestResult> {
  const startedAt = performance.now()
  const timeout = isClientSuite(path) ? CLIENT_TIMEOUT_MS : TEST_TIMEOUT_MS
  const child = Bun.spawn({
    cmd: [process.execPath, 'test', '--timeout', String(timeout), `./${path}`],
    cwd: ROOT,
    env: { ...process.env, PATH: TOOL_PATH, NO_COLOR: '1', CLIENT_TOOLS },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    detached: true,
  })
  running.add(child.pid)
  const timer = setTimeout(() => endGroup(child.pid), FILE_TIMEOUT_MS)
  void child.exited.then(() => {
    clearTimeout(timer)
    endGroup(child.pid)
  })
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  const count = (word: string): number => Number(new RegExp(`^ *(\\d+) ${word}$`, 'm').exec(err)?.[1] ?? 0)
  const passed = count('pass')
  // A file that does not load, crashes or hangs reports no failed test.
  const failed = code === 0 ? 0 : Math.max(1, count('fail'))
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`${failed === 0 ? 'ok  ' : 'FAIL'} ${path}  ${passed} passed, ${failed} failed, ${seconds} s`)
  if (failed > 0) console.log(`${out}${err}`.trimEnd())
  // A line for each operation that a client called.
  else if (isClientSuite(path)) console.log(out.trimEnd())
  return { passed, failed }
}
