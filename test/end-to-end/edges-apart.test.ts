// needs: dig initdb postgres
/**
 * The parts run apart, as docs/edge.md tells: a control plane over PostgreSQL, edges that follow it over HTTPS with a secret. What becomes of
 * them when the control plane, and then an edge, is killed.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { freePort, run } from '../support/process.ts'
import { until, untilTrue } from '../support/until.ts'

const CLI = new URL('../../packages/cli/bin/waymark.mjs', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'waymark-apart-'))
const place = (name: string): string => join(folder, name)
const http = freePort()
const https = freePort()
const url = `http://127.0.0.1:${http}`
const edges = ['north', 'south'].map((name) => ({ name, dns: freePort(), metrics: freePort() }))
type Edge = (typeof edges)[number]

let postgres: PostgresServer
let database: string
/** The newest of each name, and all there have been. */
const running = new Map<string, Bun.Subprocess>()
const started: Bun.Subprocess[] = []

function start(name: string, words: string[], environment: Record<string, string>): void {
  const log = Bun.file(place(`${name}.log`))
  const child = Bun.spawn(['node', CLI, ...words, '--data', place(name)], {
    ...{ stdin: 'ignore', stdout: log, stderr: log },
    env: { ...process.env, WAYMARK_FEED_SECRET: 'of this test', ...environment },
  })
  running.set(name, child)
  started.push(child)
}

const startControl = (): void =>
  start(
    'control',
    ['control', '--http', `127.0.0.1:${http}`, '--https', `127.0.0.1:${https}`, '--database', database],
    { WAYMARK_RESOLVER: 'none' },
  )
const startEdge = ({ name, dns, metrics }: Edge): void =>
  start(
    name,
    [
      ...['edge', '--from', `https://127.0.0.1:${https}`, '--edge-id', name, '--dns', `127.0.0.1:${dns}`],
      ...['--edge-metrics', `127.0.0.1:${metrics}`],
    ],
    { NODE_EXTRA_CA_CERTS: join(place('control'), 'tls', 'authority.pem') },
  )

/** Kills the process that does the work, and waits until its launcher has gone too. */
async function kill(name: string): Promise<void> {
  process.kill(Number(readFileSync(join(place(name), 'waymark.pid'), 'utf8')), 'SIGKILL')
  await running.get(name)!.exited
}

const waymark = (...words: string[]): Promise<string> =>
  run(['node', CLI, ...words, '--url', url, '--data', place('control')])
const answerOf = async ({ dns }: Edge, name: string): Promise<string> =>
  (await run(['dig', '+short', '+tries=1', '+time=1', '-p', String(dns), '@127.0.0.1', name])).trim()
const metric = async ({ metrics }: Edge, name: string): Promise<number> => {
  const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text()
  return Number(new RegExp(`^waymark_edge_${name} (.*)$`, 'm').exec(text)![1])
}
const readiness = async ({ metrics }: Edge): Promise<number> =>
  (await fetch(`http://127.0.0.1:${metrics}/readyz`)).status
const [north, south] = edges as [Edge, Edge]

beforeAll(async () => {
  postgres = await startPostgres()
  database = await postgres.createDatabase()
  startControl()
  await untilTrue('the control plane is there', async () => (await fetch(`${url}/healthz`)).ok)
  for (const edge of edges) startEdge(edge)
  await untilTrue('both edges follow', async () => (await waymark('edge', 'status')).includes('south'))
}, 120_000)
afterAll(async () => {
  for (const child of started) child.kill('SIGTERM')
  await Promise.all(started.map((child) => child.exited))
  await postgres?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a change is answered by every edge, and the command says that they are', async () => {
  await waymark('zones', 'create', 'shop.example')
  await waymark('records', 'create', 'shop.example', 'www', 'A', '192.0.2.1')
  for (const edge of edges) await until('192.0.2.1', () => answerOf(edge, 'www.shop.example'))
  await untilTrue('nobody lags', async () => {
    const { edges: told, newest } = JSON.parse(await waymark('edge', 'status', '--json'))
    return told.length === 2 && told.every(({ seq }: { seq: number }) => seq === newest)
  })
}, 120_000)

test('without the control plane the edges answer on and say so, also one that starts then', async () => {
  // What is to be there after a kill has to be on disk, where a stop puts it at once.
  running.get('north')!.kill('SIGTERM')
  await running.get('north')!.exited
  startEdge(north)
  await until('192.0.2.1', () => answerOf(north, 'www.shop.example'))
  await until(1, () => metric(north, 'feed_connected'))
  await kill('control')
  for (const edge of edges) {
    await until(0, () => metric(edge, 'feed_connected'))
    expect(await answerOf(edge, 'www.shop.example')).toBe('192.0.2.1')
    expect(await readiness(edge)).toBe(200)
  }
  await untilTrue(
    'the time without contact grows',
    async () => (await metric(south, 'feed_contact_seconds')) > 1,
  )
  expect(await waymark('edge', 'status').catch(String)).toContain('ended with 3')

  await kill('north')
  startEdge(north)
  await until('192.0.2.1', () => answerOf(north, 'www.shop.example'))
  expect(await readiness(north)).toBe(200)
  expect(await metric(north, 'feed_connected')).toBe(0)
}, 120_000)

test('both follow again when it is back, and have what was changed since', async () => {
  startControl()
  await untilTrue('the control plane is back', async () => (await fetch(`${url}/healthz`)).ok)
  await waymark('records', 'create', 'shop.example', 'new', 'A', '192.0.2.2')
  for (const edge of edges) {
    await until('192.0.2.2', () => answerOf(edge, 'new.shop.example'))
    await until(1, () => metric(edge, 'feed_connected'))
  }
}, 120_000)
