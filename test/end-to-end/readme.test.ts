/**
 * The walk-through of both READMEs, word for word: `npm start`, then every command after a `$`, in one shell session, in a
 * folder like a fresh clone. What is printed must be what the page shows; only ids, times and rates may differ, and the ports, which
 * somebody else may have on this machine.
 */
// needs: dig curl
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../support/process.ts'
import { untilTrue } from '../support/until.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const http = String(freePort())
const dns = String(freePort())
const url = `http://127.0.0.1:${http}`
const env = {
  ...process.env,
  ...{ WAYMARK_HTTP: `127.0.0.1:${http}`, WAYMARK_DNS: `127.0.0.1:${dns}`, WAYMARK_URL: url },
}
let folder: string
let service: Bun.Subprocess

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'waymark-readme-'))
  for (const part of ['package.json', 'packages', 'node_modules', 'examples'])
    symlinkSync(join(ROOT, part), join(folder, part))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function start(): Promise<void> {
  for (const left of ['data', 'failed.xlsx', 'shop.zone'])
    rmSync(join(folder, left), { recursive: true, force: true })
  service = Bun.spawn(['npm', 'start'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  await untilTrue('npm start gets ready', async () => (await fetch(`${url}/readyz`)).status === 200)
}

async function stop(): Promise<void> {
  service.kill('SIGTERM') // npm passes it on to the server
  await service.exited
  await untilTrue('the server is gone', async () => !(await fetch(`${url}/healthz`).catch(() => undefined)))
}

/** Commands of the walk-through with what the page shows below each. */
function steps(page: string, heading: string): { command: string; shown: string }[] {
  const text = readFileSync(join(ROOT, page), 'utf8').replaceAll('8080', http).replaceAll('5353', dns)
  const from = text.indexOf(heading)
  const section = text.slice(from, text.indexOf('\n## ', from + 4))
  const blocks = [...section.matchAll(/```\n(\$ .*?)```/gs)].map((match) => match[1]!)
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((step) => {
        const end = step.indexOf('\n')
        return { command: step.slice(0, end), shown: step.slice(end + 1).trim() }
      }),
  )
}

/** Without what differs from run to run. */
const steady = (text: string): string =>
  text
    .replace(/^npm warn.*\n?/gm, '')
    .replace(/\b[0-9a-f]{32}\b/g, 'ID')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+/g, 'TIME')
    .replace(/· [\d.,]+ m?s · [\d.,]+\/s/g, '· RATE')
    .trim()

for (const [page, heading] of [
  ['README.md', '## Walk through'],
  ['README.zh-CN.md', '## 上手'],
] as const) {
  test(`the walk-through of ${page} does what it shows`, async () => {
    const all = steps(page, heading)
    expect(all.length).toBeGreaterThan(7)
    await start()
    try {
      // One shell, so that variables last; standard error goes where the reader sees it.
      const script = all.map(({ command }) => `echo '=== step'\n${command}\n`).join('')
      const shell = Bun.spawn(['bash', '-c', `exec 2>&1\n${script}`], {
        cwd: folder,
        env,
        stdout: 'pipe',
        stdin: 'ignore',
      })
      const printed = (await new Response(shell.stdout).text()).split(/=== step\n/).slice(1)
      expect(printed.length).toBe(all.length)
      for (const [i, { command, shown }] of all.entries()) {
        expect({ command, printed: steady(printed[i]!) }).toEqual({ command, printed: steady(shown) })
      }
      expect(existsSync(join(folder, 'failed.xlsx'))).toBe(true)
      expect(readFileSync(join(folder, 'shop.zone'), 'utf8')).toContain('192.0.2.77')
    } finally {
      await stop()
    }
  }, 120_000)
}
