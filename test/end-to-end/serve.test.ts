// needs: dig
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, sleep } from '../support/process.ts'
import { untilTrue } from '../support/until.ts'

const root = new URL('../..', import.meta.url).pathname
const entry = `${root}packages/cli/bin/waymark.mjs`
const folder = mkdtempSync(join(tmpdir(), 'waymark-serve-'))
const data = join(folder, 'data')
const httpPort = freePort()
const dnsPort = freePort()
const url = `http://127.0.0.1:${httpPort}`
const serveArguments = [
  'serve',
  '--http',
  `127.0.0.1:${httpPort}`,
  '--dns',
  `127.0.0.1:${dnsPort}`,
  '--data',
  data,
]

interface Ended {
  readonly out: string
  readonly err: string
  readonly code: number
}

function start(args: readonly string[]) {
  const { WAYMARK_URL: _url, WAYMARK_DATA: _data, ...env } = process.env
  return Bun.spawn(['node', entry, ...args], {
    cwd: folder,
    env,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
}

async function waymark(...args: string[]): Promise<Ended> {
  const child = start(args)
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { out, err, code }
}
const call = (...args: string[]): Promise<Ended> => waymark(...args, '--url', url, '--data', data)

async function dig(name: string, type: string): Promise<string> {
  const command = ['dig', '+short', '+tries=1', '+time=2', '-p', String(dnsPort), '@127.0.0.1', name, type]
  return (await new Response(Bun.spawn(command, { stderr: 'ignore' }).stdout).text()).trim()
}

const isReady = async (): Promise<boolean> =>
  (await fetch(`${url}/readyz`).catch(() => undefined))?.status === 200

/** Process ids of the direct children of a process. */
function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`
  return existsSync(path) ? readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number) : []
}
const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))

let server: ReturnType<typeof start>
let output = ''

async function startServer(): Promise<void> {
  server = start(serveArguments)
  output = ''
  const collect = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const part of stream) output += new TextDecoder().decode(part)
  }
  void collect(server.stdout)
  void collect(server.stderr)
  await untilTrue('readiness', isReady).catch((cause) => {
    throw new Error(output, { cause })
  })
}

beforeAll(startServer)
afterAll(async () => {
  server.kill('SIGTERM')
  await Promise.race([server.exited, sleep(10_000)])
  server.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

describe('waymark serve', () => {
  test('the first start shows the credentials once and keeps them for the owner only', async () => {
    await untilTrue('the greeting', () => output.includes('is ready'))
    const file = join(data, 'credentials.json')
    const credentials = JSON.parse(readFileSync(file, 'utf8'))
    expect(statSync(file).mode & 0o777).toBe(0o600)
    for (const member of ['access_key', 'secret_key', 'user', 'password', 'domain_id', 'project_id']) {
      expect(credentials[member]).toBeString()
    }
    expect(output.split(credentials.secret_key)).toHaveLength(2)
    expect(output).toContain(url)
    expect(output).toContain(`127.0.0.1:${dnsPort}`)
  })

  test('whoami names the user of the credentials file', async () => {
    const { out, code } = await call('whoami')
    expect(out).toContain('admin')
    expect(code).toBe(0)
  })

  test('an import returns when every record set is answered', async () => {
    const ended = await call(
      'import',
      `${root}test/end-to-end/files/records.csv`,
      '--zone',
      'example.org',
      '--create-zone',
    )
    expect(ended.err).toBe('Zone example.org. created.\n')
    expect(ended.out).toContain('10 of 10 record sets created in example.org. and answered')
    expect(ended.code).toBe(0)
    expect(await dig('www.example.org', 'A')).toBe('192.0.2.10')
    expect(await dig('anything.apps.example.org', 'A')).toBe('192.0.2.80')
    expect(await dig('example.org', 'MX')).toBe('10 mail.example.org.')
  })

  test('failed items come as a table and as a file that can be mended and imported again', async () => {
    const failedTo = join(folder, 'failed.csv')
    const ended = await call(
      'import',
      `${root}test/end-to-end/files/with-faults.csv`,
      '--zone',
      'example.org',
      '--failed-to',
      failedTo,
    )
    expect(ended.out).toContain('3 of 7 record sets created')
    expect(ended.out).toMatch(/ROW +NAME +TYPE +VALUES +CODE +REASON/)
    expect(ended.out).toMatch(/3 +bad-address\.example\.org\. +A +192\.0\.2\.999 +DNS\.0308/)
    expect(ended.code).toBe(1)
    expect(await dig('good-2.example.org', 'AAAA')).toBe('2001:db8::102')
    const failed = readFileSync(failedTo, 'utf8')
    expect(failed).toContain('bad-address.example.org')
    expect(failed).not.toContain('good-1.example.org')
    const again = await call('import', failedTo, '--zone', 'example.org', '--json')
    expect(JSON.parse(again.out)).toMatchObject({
      status: 'DONE',
      total_count: 4,
      success_count: 0,
      error_count: 4,
    })
  })

  test('an export can be imported into another zone file reader: it has what was imported', async () => {
    const { out, code } = await call('export', 'example.org', '--format', 'csv')
    expect(out).toContain('www.example.org')
    expect(code).toBe(0)
    expect((await call('export', 'example.org')).out).toContain('192.0.2.10')
  })

  test('single record sets are created, changed, shown and deleted, and answered each time', async () => {
    expect((await call('records', 'create', 'example.org', 'one', 'A', '192.0.2.1')).code).toBe(0)
    await untilTrue('the answer', async () => (await dig('one.example.org', 'A')) === '192.0.2.1')
    expect((await call('records', 'update', 'example.org', 'one', 'A', '192.0.2.2')).code).toBe(0)
    await untilTrue('the change', async () => (await dig('one.example.org', 'A')) === '192.0.2.2')
    const shown = await call('records', 'show', 'example.org', 'one', 'A', '--json')
    expect(JSON.parse(shown.out)).toMatchObject({ name: 'one.example.org.', records: ['192.0.2.2'] })
    expect((await call('records', 'delete', 'example.org', 'one', 'A', '--yes')).code).toBe(0)
    await untilTrue('the removal', async () => (await dig('one.example.org', 'A')) === '')
  })

  test('zones and tasks are listed', async () => {
    expect(JSON.parse((await call('zones', 'list', '--json')).out)).toMatchObject([{ name: 'example.org.' }])
    expect((await call('tasks', 'list')).out).toContain('example.org.')
  })

  test('a taken port and a data folder in use are told in one line', async () => {
    const sameFolder = await waymark(...serveArguments)
    expect(sameFolder.err).toMatch(/^waymark: another waymark \(process \d+\) uses the data folder .*\n$/)
    expect(sameFolder.code).toBe(1)
    const other = ['--data', join(folder, 'other')]
    const sameDns = await waymark('serve', '--http', '127.0.0.1:0', '--dns', `127.0.0.1:${dnsPort}`, ...other)
    expect(sameDns.err).toContain(`127.0.0.1:${dnsPort} (UDP) is taken by another process`)
    expect(sameDns.err.trim().split('\n')).toHaveLength(1)
    const sameHttp = await waymark(
      'serve',
      '--http',
      `127.0.0.1:${httpPort}`,
      '--dns',
      '127.0.0.1:0',
      ...other,
    )
    expect(sameHttp.err).toContain(`127.0.0.1:${httpPort} (TCP) is taken by another process`)
    expect(sameHttp.err.trim().split('\n')).toHaveLength(1)
    expect(sameHttp.code).toBe(1)
  })

  test('a killed edge comes back by itself and answers as before', async () => {
    const [control = 0] = childrenOf(server.pid)
    const [edge = 0] = childrenOf(control)
    expect(edge).toBeGreaterThan(0)
    process.kill(edge, 'SIGKILL')
    await untilTrue('a new edge', () => childrenOf(control).some((pid) => pid !== edge))
    await untilTrue('answers', async () => (await dig('www.example.org', 'A')) === '192.0.2.10')
    await untilTrue('readiness', isReady)
  })

  test('SIGTERM stops control and edge, and what was accepted is there after the next start', async () => {
    const [control = 0] = childrenOf(server.pid)
    const [edge = 0] = childrenOf(control)
    server.kill('SIGTERM')
    expect(await server.exited).toBe(0)
    expect(isAlive(control)).toBe(false)
    expect(isAlive(edge)).toBe(false)
    await startServer()
    expect(await dig('www.example.org', 'A')).toBe('192.0.2.10')
    expect(output).not.toContain('First credentials')
  })

  test('SIGINT at every process, as a terminal sends it, stops all in order', async () => {
    const [control = 0] = childrenOf(server.pid)
    const [edge = 0] = childrenOf(control)
    for (const pid of [edge, control, server.pid]) process.kill(pid, 'SIGINT')
    expect(await server.exited).toBe(0)
    expect(isAlive(control) || isAlive(edge)).toBe(false)
    expect(output).not.toContain('ended by itself')
    await startServer()
    expect(await dig('www.example.org', 'A')).toBe('192.0.2.10')
  })

  test('a control plane that is killed outright takes its edge with it, and nothing is lost', async () => {
    const [control = 0] = childrenOf(server.pid)
    const [edge = 0] = childrenOf(control)
    process.kill(control, 'SIGKILL')
    await untilTrue('the edge to end', () => !isAlive(edge))
    await server.exited
    await startServer()
    expect(await dig('www.example.org', 'A')).toBe('192.0.2.10')
  })
})
