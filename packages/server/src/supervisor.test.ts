import { afterAll, afterEach, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Death, type Supervisor, supervise } from './supervisor.ts'

const folder = mkdtempSync(join(tmpdir(), 'waymark-supervisor-'))
const running: Supervisor[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((supervisor) => supervisor.stop()))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function until<T>(read: () => T | undefined | false, what: string): Promise<T> {
  const end = Date.now() + 60_000
  for (;;) {
    const value = read()
    if (value !== undefined && value !== false) return value
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
    await Bun.sleep(5)
  }
}

/** A child that runs `script` under the supervisor. */
function start(script: string, onDeath: (death: Death) => void = () => {}): Supervisor {
  const supervisor = supervise({
    command: [process.execPath, '-e', script],
    environment: process.env,
    onDeath,
    firstDelayMs: 10,
    longestDelayMs: 40,
    graceMs: 300,
  })
  running.push(supervisor)
  return supervisor
}

test('a killed child is started again', async () => {
  const deaths: Death[] = []
  const supervisor = start('setInterval(() => {}, 1000)', (death) => deaths.push(death))
  const first = supervisor.pid()!
  process.kill(first, 'SIGKILL')
  const second = await until(() => supervisor.pid() !== first && supervisor.pid(), 'a new child')
  expect(second).not.toBe(first)
  expect(deaths).toEqual([{ pid: first, exitCode: null, signal: 'SIGKILL', restartInMs: 10 }])
  expect(supervisor.restarts()).toBe(1)
})

test('the delay doubles with every quick death, up to its limit', async () => {
  const deaths: Death[] = []
  start('process.exit(3)', (death) => deaths.push(death))
  await until(() => deaths.length >= 4, 'four deaths')
  expect(deaths.slice(0, 4).map((death) => death.restartInMs)).toEqual([10, 20, 40, 40])
  expect(deaths[0]!.exitCode).toBe(3)
})

test('stop ends the child with SIGTERM and starts no other', async () => {
  const file = join(folder, 'ended')
  const ready = join(folder, 'ready')
  const supervisor = start(`
    const { writeFileSync } = require('node:fs')
    process.on('SIGTERM', () => { writeFileSync(${JSON.stringify(file)}, 'gracefully'); process.exit(0) })
    setInterval(() => {}, 1000)
    writeFileSync(${JSON.stringify(ready)}, 'yes')`)
  await until(() => exists(ready), 'the child to be up')
  await supervisor.stop()
  expect(readFileSync(file, 'utf8')).toBe('gracefully')
  expect(supervisor.pid()).toBeUndefined()
})

test('a child that ignores SIGTERM is killed after the grace time', async () => {
  const ready = join(folder, 'stubborn')
  const supervisor = start(`
    process.on('SIGTERM', () => {})
    setInterval(() => {}, 1000)
    require('node:fs').writeFileSync(${JSON.stringify(ready)}, 'yes')`)
  await until(() => exists(ready), 'the child to be up')
  const startedAt = Date.now()
  await supervisor.stop()
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(290)
  expect(supervisor.pid()).toBeUndefined()
})

test('a child ends when the supervising process is killed outright', async () => {
  const pidFile = join(folder, 'orphan')
  const childFile = join(folder, 'child.ts')
  const parentFile = join(folder, 'parent.ts')
  writeFileSync(
    childFile,
    `import { exitWithParent } from ${JSON.stringify(join(import.meta.dir, 'exit-with-parent.ts'))}
     exitWithParent(); setInterval(() => {}, 1000)
     require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid))`,
  )
  writeFileSync(
    parentFile,
    `import { supervise } from ${JSON.stringify(join(import.meta.dir, 'supervisor.ts'))}
     supervise({ command: [process.execPath, ${JSON.stringify(childFile)}], environment: process.env, onDeath() {} })`,
  )
  const parent = Bun.spawn({ cmd: [process.execPath, parentFile] })
  const pid = Number(await until(() => exists(pidFile) && readFileSync(pidFile, 'utf8'), 'the grandchild'))
  parent.kill('SIGKILL')
  await until(() => !isAlive(pid), 'the grandchild to end')
})

function exists(path: string): boolean {
  return Bun.file(path).size > 0
}
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A zombie that nobody has reaped yet counts as gone.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
