/** The official Node SDK core, in a Node process of its own, against a control plane: signatures, project look-up, errors. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { type RunningControl, startControl } from '../../../packages/control/src/control.ts'
import { TEST_SETTINGS } from '../../../packages/control/src/http/test-platform.ts'

const CLIENT = new URL('./connections-client.mjs', import.meta.url).pathname

// Every call starts a Node process and loads the SDK.
setDefaultTimeout(60_000)

interface SdkCall {
  readonly method: string
  readonly path: string
  readonly query?: Record<string, unknown>
  readonly pathParams?: Record<string, string>
  readonly body?: unknown
}
interface Outcome {
  readonly ok: boolean
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly body: any
  readonly status?: number
  readonly message?: string
  readonly requestId?: string
}

let dataDir: string
let control: RunningControl
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'waymark-sdk-'))
  control = await startControl({
    settings: TEST_SETTINGS,
    dataDir,
    http: { hostname: '127.0.0.1', port: 0 },
    log: pino({ level: 'silent' }),
    version: 'test',
  })
})
afterAll(async () => {
  await control?.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const credentials = () => JSON.parse(readFileSync(join(dataDir, 'credentials.json'), 'utf8'))

/** Runs the calls in one SDK client with the given settings. */
async function withSdk(settings: Record<string, unknown>, ...calls: SdkCall[]): Promise<Outcome[]> {
  const { access_key: ak, secret_key: sk } = credentials()
  const argument = JSON.stringify({ endpoint: control.url, ak, sk, ...settings, calls })
  const child = Bun.spawn(['node', CLIENT, argument], { stdout: 'pipe', stderr: 'pipe' })
  const [output, errors] = await Promise.all([child.stdout.text(), child.stderr.text()])
  if ((await child.exited) !== 0) throw new Error(errors)
  // The SDK writes its own log to the same place; the outcomes are the last line.
  return JSON.parse(output.trimEnd().split('\n').at(-1)!)
}

test('with a project id it creates, shows, changes, lists and deletes zones and record sets', async () => {
  const settings = { projectId: credentials().project_id }
  const [zone] = await withSdk(settings, {
    method: 'POST',
    path: '/v2/zones',
    body: { name: 'sdk.example', description: '例子 with blanks' },
  })
  expect(zone).toMatchObject({ ok: true, body: { name: 'sdk.example.', status: 'PENDING_CREATE' } })
  const pathParams = { zone_id: zone!.body.id as string }
  const sets = '/v2.1/zones/{zone_id}/recordsets'
  const [shown, listed, set] = await withSdk(
    settings,
    { method: 'GET', path: '/v2/zones/{zone_id}', pathParams },
    { method: 'GET', path: '/v2/zones', query: { name: 'sdk.example', limit: 10, tags: 'a b,c|d*' } },
    {
      method: 'POST',
      path: sets,
      pathParams,
      body: { name: 'www.sdk.example.', type: 'A', records: ['192.0.2.1'] },
    },
  )
  expect(shown).toMatchObject({ ok: true, body: { status: 'ACTIVE', httpStatusCode: 200 } })
  expect(listed).toMatchObject({ ok: true, body: { metadata: { total_count: 0 } } })
  expect(set).toMatchObject({ ok: true, body: { name: 'www.sdk.example.', httpStatusCode: 202 } })

  const one = { ...pathParams, recordset_id: set!.body.id as string }
  const [changed, all, removed, gone, zoneRemoved] = await withSdk(
    settings,
    {
      method: 'PUT',
      path: `${sets}/{recordset_id}`,
      pathParams: one,
      body: { name: 'www.sdk.example.', type: 'A', records: ['192.0.2.2'] },
    },
    { method: 'GET', path: sets, pathParams, query: { type: 'A' } },
    { method: 'DELETE', path: `${sets}/{recordset_id}`, pathParams: one },
    { method: 'GET', path: `${sets}/{recordset_id}`, pathParams: one },
    { method: 'DELETE', path: '/v2/zones/{zone_id}', pathParams },
  )
  expect(changed).toMatchObject({ ok: true, body: { records: ['192.0.2.2'] } })
  expect(all).toMatchObject({ ok: true, body: { recordsets: [{ records: ['192.0.2.2'] }] } })
  expect(removed!.ok).toBe(true)
  expect(gone).toMatchObject({ ok: false, status: 404 })
  expect(gone!.requestId).toMatch(/^[0-9a-f]{32}$/)
  expect(zoneRemoved!.ok).toBe(true)
})

test('without a project id it finds the project of its region', async () => {
  const [created] = await withSdk(
    { region: 'region-b' },
    { method: 'POST', path: '/v2/zones', body: { name: 'region-b.example' } },
  )
  const [project] = await control.context.store.listProjects(credentials().domain_id, { name: 'region-b' })
  expect(created).toMatchObject({ ok: true, body: { project_id: project!.id } })
})

test('a region that is not configured is an error at the client', async () => {
  const [refused] = await withSdk({ region: 'nowhere' }, { method: 'GET', path: '/v2/zones' })
  expect(refused).toMatchObject({ ok: false, message: expect.stringContaining('region') })
})

test('account-wide credentials, given or looked up, and derived signatures are accepted', async () => {
  const list = { method: 'GET', path: '/v2/zones' }
  for (const settings of [
    { domainId: credentials().domain_id },
    { domainId: null, region: 'region-a' },
    { region: 'region-a', isDerived: true },
    { projectId: credentials().project_id, region: 'region-a', isDerived: true },
  ]) {
    const [listed] = await withSdk(settings, list)
    expect(listed).toMatchObject({ ok: true, body: { httpStatusCode: 200 } })
  }
})

test('wrong keys are refused with 401', async () => {
  const { access_key, project_id } = credentials()
  const [refused] = await withSdk(
    { ak: access_key, sk: 'wrong', projectId: project_id },
    { method: 'GET', path: '/v2/zones' },
  )
  expect(refused).toMatchObject({ ok: false, status: 401 })
})
