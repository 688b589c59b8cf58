/** A whole Waymark (`waymark serve`: control and edge) on free ports with a data folder of its own, and a caller with a token. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, sleep } from './process.ts'
import { PATIENCE_MS, untilTrue } from './until.ts'

const ENTRY = new URL('../../packages/cli/bin/waymark.mjs', import.meta.url).pathname

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly json: any
}

export interface Service {
  readonly url: string
  readonly dnsPort: number
  readonly dataDir: string
  readonly pid: number
  readonly credentials: Record<string, string>
  /** What `call` authenticates with. */
  readonly token: string
  /** Sends a JSON body (or octets as they are) with the token and gives status, headers and the parsed body. */
  readonly call: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer>
  /** The answer with the task at `path` once it is DONE. */
  readonly settled: (path: string) => Promise<Answer>
  /** What the processes have printed so far. */
  readonly output: () => Promise<string>
  readonly stop: () => Promise<void>
}

export async function startService(
  options: { args?: string[]; env?: Record<string, string>; dataDir?: string } = {},
): Promise<Service> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'waymark-service-'))
  const httpPort = freePort()
  const dnsPort = freePort()
  const url = `http://127.0.0.1:${httpPort}`
  const log = Bun.file(join(dataDir, 'output.log'))
  const child = Bun.spawn(
    [
      ...['node', ENTRY, 'serve', '--http', `127.0.0.1:${httpPort}`, '--dns', `127.0.0.1:${dnsPort}`],
      ...['--data', dataDir, ...(options.args ?? [])],
    ],
    {
      stdin: 'ignore',
      stdout: log,
      stderr: log,
      env: { ...process.env, WAYMARK_RESOLVER: 'none', ...options.env },
    },
  )
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await Promise.race([child.exited, sleep(30_000)])
    child.kill('SIGKILL')
    await child.exited
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
  }
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const ready = await fetch(`${url}/readyz`).catch(() => undefined)
    if (ready?.status === 200) break
    if (child.exitCode !== null || Date.now() > end) {
      const output = await log.text()
      await stop()
      throw new Error(`waymark serve did not get ready: ${output}`)
    }
    await sleep(50)
  }
  const credentials = JSON.parse(readFileSync(join(dataDir, 'credentials.json'), 'utf8'))
  const token = await fetch(`${url}/v3/auth/tokens`, {
    method: 'POST',
    body: JSON.stringify({
      auth: {
        identity: {
          methods: ['password'],
          password: {
            user: {
              name: credentials.user,
              password: credentials.password,
              domain: { id: credentials.domain_id },
            },
          },
        },
        scope: { project: { id: credentials.project_id } },
      },
    }),
  })
  if (token.status !== 201) throw new Error(`no token: ${token.status} ${await token.text()}`)
  const subject = token.headers.get('X-Subject-Token')!
  const call: Service['call'] = async (method, path, body, headers = {}) => {
    const isOctets = body instanceof Uint8Array || body instanceof FormData
    const response = await fetch(url + path, {
      method,
      headers: {
        'X-Auth-Token': subject,
        ...(body === undefined || isOctets ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body:
        body === undefined ? undefined : isOctets ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
    })
    const text = await response.text()
    let json: unknown = text
    try {
      json = text === '' ? undefined : JSON.parse(text)
    } catch {
      // not JSON: a workbook or a zone file
    }
    return { status: response.status, headers: response.headers, json }
  }
  const settled = async (path: string): Promise<Answer> => {
    let answer: Answer | undefined
    await untilTrue(`${path} is DONE`, async () => {
      answer = await call('GET', path)
      return (answer.json.data ?? answer.json).status === 'DONE'
    })
    return answer!
  }
  return {
    url,
    dnsPort,
    dataDir,
    pid: child.pid,
    credentials,
    token: subject,
    call,
    settled,
    output: () => log.text(),
    stop,
  }
}
