// needs: initdb postgres pg_dump
/** Several control nodes over one PostgreSQL database. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { type RunningControl, startControl } from '../../packages/control/src/control.ts'
import { signedFetch, TEST_SETTINGS } from '../../packages/control/src/http/test-platform.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'

let postgres: PostgresServer
const folders: string[] = []
const running: RunningControl[] = []
beforeAll(async () => {
  postgres = await startPostgres()
}, 120_000)
afterAll(async () => {
  await Promise.all(running.map((node) => node.stop()))
  await postgres?.stop()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-node-'))
  folders.push(folder)
  return folder
}

async function startNode(
  databaseUrl: string,
  masterKey?: string,
  dataDir = newFolder(),
): Promise<RunningControl> {
  const node = await startControl({
    settings: TEST_SETTINGS,
    dataDir,
    databaseUrl,
    masterKey,
    http: { hostname: '127.0.0.1', port: 0 },
    log: pino({ level: 'silent' }),
    version: 'test',
  })
  running.push(node)
  return node
}

test('nodes that start at the same moment on an empty database agree on everything', async () => {
  const database = await postgres.createDatabase()
  const masterKey = 'a1'.repeat(32)
  const nodes = await Promise.all([1, 2, 3].map(() => startNode(database, masterKey)))
  const made = nodes.flatMap(({ firstCredentials }) => firstCredentials ?? [])
  expect(made).toHaveLength(1)
  expect(new Set(nodes.map(({ feedSecret }) => feedSecret)).size).toBe(1)
  const [first, second] = nodes as [RunningControl, RunningControl]
  const zone = await signedFetch(made[0]!, `${first.url}/v2/zones`, {
    method: 'POST',
    body: '{"name":"nodes.example"}',
  })
  expect(zone.status).toBe(202)
  const listed = (await (await signedFetch(made[0]!, `${second.url}/v2/zones`)).json()) as { zones: object[] }
  expect(listed.zones).toMatchObject([{ name: 'nodes.example.' }])
}, 120_000)

test('a token issued by one node is valid at another, and ended there', async () => {
  const database = await postgres.createDatabase()
  const first = await startNode(database, 'a1'.repeat(32))
  const second = await startNode(database, 'a1'.repeat(32))
  const { user, password, domain } = first.firstCredentials!
  const auth = {
    identity: {
      methods: ['password'],
      password: { user: { name: user, password, domain: { name: domain } } },
    },
  }
  const issued = await fetch(`${first.url}/v3/auth/tokens`, {
    method: 'POST',
    body: JSON.stringify({ auth }),
  })
  const headers = { 'x-auth-token': issued.headers.get('x-subject-token')! }
  expect((await fetch(`${second.url}/v2/zones`, { headers })).status).toBe(200)
  const ended = await fetch(`${second.url}/v3/auth/tokens`, {
    method: 'DELETE',
    headers: { ...headers, 'x-subject-token': headers['x-auth-token'] },
  })
  expect(ended.status).toBe(204)
  expect((await fetch(`${second.url}/v2/zones`, { headers })).status).toBe(401)
}, 120_000)

test('a node without the master key of the others does not start, and leaves no key of its own', async () => {
  const database = await postgres.createDatabase()
  const folder = newFolder()
  await startNode(database, undefined, folder)
  const other = newFolder()
  await expect(startNode(database, undefined, other)).rejects.toThrow('Copy master.key')
  expect(existsSync(join(other, 'master.key'))).toBe(false)
  await expect(startNode(database, 'b2'.repeat(32))).rejects.toThrow('is not the one')
  const copied = readFileSync(join(folder, 'master.key'), 'utf8')
  expect((await startNode(database, copied)).firstCredentials).toBeUndefined()
}, 120_000)
