import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runWaymark } from './testing.ts'

const folder = mkdtempSync(join(tmpdir(), 'waymark-cli-'))
/** An API that refuses everything in the shape of the service, of the gateway, or with a proxy's page. */
let refusing: Bun.Server<undefined>

beforeAll(() => {
  writeFileSync(join(folder, 'credentials.json'), JSON.stringify({ access_key: 'AK', secret_key: 'SK' }))
  writeFileSync(join(folder, 'records.csv'), 'name,type,value\nwww,A,192.0.2.1\n')
  refusing = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request) {
      const { pathname } = new URL(request.url)
      const headers = { 'X-Request-Id': 'r-1' }
      if (pathname === '/waymark/v1/whoami') {
        const body = { error_code: 'APIGW.0301', error_msg: 'Incorrect IAM authentication information: nope' }
        return Response.json(body, { status: 401, headers })
      }
      if (pathname === '/waymark/v1/tasks') return new Response('<h1>Bad Gateway</h1>', { status: 502 })
      return Response.json(
        { code: 'DNS.0302', message: 'This zone does not exist.' },
        { status: 404, headers },
      )
    },
  })
})
afterAll(async () => {
  await refusing.stop(true)
  rmSync(folder, { recursive: true, force: true })
})

const waymark = (line: string, environment: Record<string, string> = {}) =>
  runWaymark(line, { WAYMARK_DATA: folder, ...environment }, folder)

describe('the command line', () => {
  test('--help lists every command and the exit codes', async () => {
    const { out, code } = await waymark('--help')
    for (const word of [
      'serve',
      'import',
      'zones create',
      'records list',
      'tasks watch',
      'whoami',
      'Exit codes',
    ]) {
      expect(out).toContain(word)
    }
    expect(code).toBe(0)
  })
  test('help of a command shows its flags and examples, and the server ones their settings', async () => {
    const { out } = await waymark('import --help')
    expect(out).toContain('--zone NAME|ID')
    expect(out).toContain('waymark import records.csv --zone example.org')
    expect((await waymark('serve --help')).out).toContain('--name-servers')
    expect((await waymark('help zones')).out).toContain('waymark zones delete')
  })
  test('help of a command that begins another shows itself, and names the other', async () => {
    const { out } = await waymark('edge --help')
    expect(out).toContain('--from')
    expect(out).toMatch(/See also\s+waymark edge status/)
    expect((await waymark('edge status --help')).out).toContain('Usage: waymark edge status')
  })
  test('an unknown command suggests the nearest', async () => {
    const { err, code } = await waymark('improt x')
    expect(err).toContain('there is no command "improt"; did you mean "import"?')
    expect(code).toBe(2)
    expect((await waymark('zones lst')).err).toContain('did you mean "zones list"?')
  })
  test('missing arguments and unknown flags are told together', async () => {
    const { err, code } = await waymark('zones create --emial')
    expect(err).toContain('unknown flag --emial; did you mean --email?')
    expect(err).toContain('NAME is missing')
    expect(code).toBe(2)
  })
  test('wrong settings of serve are told all at once', async () => {
    const { err, code } = await waymark('serve --http nowhere --dns 5')
    expect(err).toContain('--http "nowhere" must be HOST:PORT')
    expect(err).toContain('--dns "5" must be HOST:PORT')
    expect(code).toBe(2)
  })
  test('an edge without what it cannot do without is told all of it', async () => {
    const { err, code } = await waymark('edge')
    expect(err).toContain('--from is missing')
    expect(err).toContain('WAYMARK_FEED_SECRET is missing')
    expect(err).toContain('see: waymark edge --help')
    expect(code).toBe(2)
    expect((await waymark('edge --from ftp://x')).err).toContain('--from "ftp://x" must be a URL')
  })
  test('logs and metrics that cannot be had are told before anything starts', async () => {
    const taken = `127.0.0.1:${refusing.port}`
    const places = '--http 127.0.0.1:0 --dns 127.0.0.1:0'
    const refused = async (flags: string) => await waymark(`serve ${places} ${flags}`)
    expect(await refused('--query-log missing/q.log')).toMatchObject({
      err: expect.stringContaining('--query-log: cannot write missing/q.log'),
      code: 1,
    })
    expect((await refused('--dnstap missing/q.tap')).err).toContain('--dnstap: cannot write missing/q.tap')
    expect((await refused(`--edge-metrics ${taken}`)).err).toContain(
      `${taken} (TCP) is taken by another process; choose another address with --edge-metrics`,
    )
  })
})

describe('failures', () => {
  const url = () => ({ WAYMARK_URL: `http://127.0.0.1:${refusing.port}` })

  test('no server: exit code 3 and what to do', async () => {
    const { err, code } = await waymark('whoami', { WAYMARK_URL: 'http://127.0.0.1:9' })
    expect(err).toContain('cannot reach http://127.0.0.1:9: nothing listens there')
    expect(err).toContain('waymark serve')
    expect(code).toBe(3)
  })
  test('no credentials: which file was looked for', async () => {
    const { err, code } = await waymark('whoami', { WAYMARK_DATA: join(folder, 'nowhere') })
    expect(err).toContain(join(folder, 'nowhere', 'credentials.json'))
    expect(code).toBe(2)
  })
  test('half a key is refused', async () => {
    expect((await waymark('whoami', { WAYMARK_ACCESS_KEY: 'x' })).err).toContain(
      'must be set both, or neither',
    )
  })
  test('a refusal of the gateway shows code, text, request id and advice', async () => {
    const { err, code } = await waymark('whoami', url())
    expect(err).toContain('APIGW.0301: Incorrect IAM authentication information: nope')
    expect(err).toContain('request id: r-1')
    expect(err).toContain('check WAYMARK_ACCESS_KEY')
    expect(code).toBe(4)
  })
  test('an answer that is no JSON is shown with its status', async () => {
    const { err, code } = await waymark('tasks list', url())
    expect(err).toContain('HTTP 502: <h1>Bad Gateway</h1>')
    expect(code).toBe(4)
  })
  test('a zone id that does not exist is told as such', async () => {
    const { err, code } = await waymark(`zones show ${'a'.repeat(32)}`, url())
    expect(err).toContain(`there is no zone ${'a'.repeat(32)}`)
    expect(code).toBe(4)
  })
  test('import refuses before anything is sent when zone, file or format is missing', async () => {
    expect((await waymark('import records.csv')).err).toContain('--zone is missing')
    expect((await waymark('import none.csv --zone x.example')).err).toContain('cannot read none.csv')
    expect((await waymark('import records.csv --zone x.example --format yaml')).err).toContain(
      'must be one of xlsx',
    )
  })
})
