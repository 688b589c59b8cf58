/** A control plane alone (`waymark control`), in a process that can be killed without a word. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, sleep } from './process.ts'
import { PATIENCE_MS } from './until.ts'

const ENTRY = new URL('../../packages/cli/src/main.ts', import.meta.url).pathname

export interface ControlProcess {
  readonly url: string
  /** Ends it with SIGKILL: nothing is flushed, released or said. */
  readonly kill: () => Promise<void>
}

/** Starts it over `dataDir` and waits until it serves. */
export async function startControlProcess(dataDir: string, args: readonly string[]): Promise<ControlProcess> {
  const port = freePort()
  const log = Bun.file(join(dataDir, 'output.log'))
  // Without the launcher, so that the signal hits the very process that works.
  const child = Bun.spawn(
    [process.execPath, ENTRY, 'control', '--http', `127.0.0.1:${port}`, '--data', dataDir, ...args],
    { stdin: 'ignore', stdout: log, stderr: log },
  )
  const url = `http://127.0.0.1:${port}`
  const end = Date.now() + PATIENCE_MS
  while ((await fetch(`${url}/healthz`).catch(() => undefined))?.status !== 200) {
    if (child.exitCode !== null || Date.now() > end) {
      child.kill('SIGKILL')
      throw new Error(`waymark control did not start: ${await log.text()}`)
    }
    await sleep(10)
  }
  return {
    url,
    async kill() {
      child.kill('SIGKILL')
      await child.exited
    },
  }
}

/** A token for the first credentials of the data folder; it outlives restarts. */
export async function fetchToken(url: string, dataDir: string): Promise<string> {
  const made = JSON.parse(readFileSync(join(dataDir, 'credentials.json'), 'utf8'))
  const user = { name: made.user, password: made.password, domain: { id: made.domain_id } }
  const identity = { methods: ['password'], password: { user } }
  const answer = await fetch(`${url}/v3/auth/tokens`, {
    method: 'POST',
    body: JSON.stringify({ auth: { identity, scope: { project: { id: made.project_id } } } }),
  })
  if (answer.status !== 201) throw new Error(`no token: ${answer.status} ${await answer.text()}`)
  return answer.headers.get('X-Subject-Token')!
}
