import { createHash, createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { auditedStore } from '../audit/audit.ts'
import type { Context, ControlSettings } from '../context.ts'
import { EdgePositions } from '../feed/edge-positions.ts'
import { createIdSource } from '../new-id.ts'
import { openStore } from '../store/open.ts'
import { createTaskEngine } from '../tasks/engine.ts'
import { type Credentials, ensureFirstCredentials } from '../tenants/bootstrap.ts'
import { Identities } from '../tenants/identities.ts'
import { createSecretBox } from '../tenants/secrets.ts'
import { createRequestHandler } from './handle-request.ts'
import { Metrics } from './metrics.ts'
import type { Route } from './route.ts'
import { serveHttp } from './serve.ts'
import { canonicalPaths, canonicalQuery } from './signature.ts'

/** Test support: routes on a real socket and a store in memory, with a caller who can sign. */

export const TEST_SETTINGS: ControlSettings = {
  publicUrl: undefined,
  nameServers: ['ns1.example.org.', 'ns2.example.org.'],
  privateNameServers: [],
  resolvers: [],
  addressPool: [],
  regions: ['region-a', 'region-b'],
  batchItems: 2000,
  operationItems: 10_000,
  transferZones: 1000,
  importRows: 500,
  importBytes: 2 * 1024 * 1024,
  exportRows: 100_000,
  bodyBytes: 12 * 1024 * 1024,
  fileBytes: 64 * 1024 * 1024,
  fileItems: 1_000_000,
  recordSetQuota: 2147483647,
  zoneQuota: 2147483647,
  customLineQuota: 50,
  lineGroupQuota: 50,
  ptrQuota: 2147483647,
  inboundEndpointQuota: 2147483647,
  outboundEndpointQuota: 2147483647,
  resolverRuleQuota: 2147483647,
  lineSegments: 1500,
  dnssecAlgorithm: 13,
  dnssecKeepWhileDs: false,
  dnssecZskDays: 0,
  strictTypes: false,
  apexCnameWithMail: false,
  redirectAddresses: [],
  replaceFinishedTask: false,
  tokenLifetimeMs: 24 * 60 * 60_000,
  clockWindowMs: 15 * 60_000,
  auditDays: 365,
  accountRate: 0,
  addressRate: 0,
  answerWaitMs: 100,
  behindProxy: false,
}

export interface TestPlatform {
  readonly url: string
  readonly context: Context
  readonly identities: Identities
  readonly edges: EdgePositions
  readonly credentials: Credentials
  /** Log lines written so far. */
  readonly log: readonly Record<string, unknown>[]
  /** Milliseconds added to the clock of the server. */
  advance(ms: number): void
  stop(): Promise<void>
}

export async function startTestPlatform(
  routes: (context: Context, identities: Identities, metrics: Metrics) => readonly Route<Context>[],
  settings: Partial<ControlSettings> = {},
): Promise<TestPlatform> {
  const dataDir = mkdtempSync(join(tmpdir(), 'waymark-http-'))
  let offset = 0
  const now = () => Date.now() + offset
  const log: Record<string, unknown>[] = []
  const newId = createIdSource(now)
  const store = await openStore({ file: ':memory:' })
  await store.migrate()
  const secrets = createSecretBox(crypto.getRandomValues(new Uint8Array(32)))
  const base = {
    secrets,
    store: auditedStore(store, { now, newId }),
    settings: { ...TEST_SETTINGS, ...settings },
    log: pino({ level: 'debug' }, { write: (line: string) => log.push(JSON.parse(line)) }),
    now,
    newId,
  }
  const context: Context = { ...base, tasks: createTaskEngine(base) }
  const { regions } = context.settings
  const credentials = await ensureFirstCredentials(store, {
    dataDir,
    regions,
    secrets,
    now,
    newId: context.newId,
  })
  const identities = new Identities(store, secrets, now)
  const metrics = new Metrics()
  const edges = new EdgePositions(now)
  const server = serveHttp({
    hostname: '127.0.0.1',
    port: 0,
    handle: createRequestHandler({
      context,
      identities,
      metrics,
      routes: routes(context, identities, metrics),
      edges,
    }),
  })
  return {
    url: server.url,
    context,
    identities,
    edges,
    credentials: credentials!,
    log,
    advance(ms) {
      offset += ms
    },
    async stop() {
      await server.stop(0)
      await store.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

type Signer = Pick<Credentials, 'access_key' | 'secret_key'>

interface SignedInit {
  readonly method?: string
  readonly body?: string
  readonly headers?: Record<string, string>
  /** Time of signing, default now. */
  readonly at?: number
}

/** The headers of a request signed as the SDKs sign: content type, host and date, and those given. */
export function signedHeaders(signer: Signer, url: string, init: SignedInit = {}): Record<string, string> {
  const target = new URL(url)
  const date = new Date(init.at ?? Date.now()).toISOString().replace(/[-:]|\.\d+/g, '')
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    host: target.host,
    'x-sdk-date': date,
    ...init.headers,
  }
  const names = Object.keys(headers).sort()
  const canonical = [
    init.method ?? 'GET',
    canonicalPaths(target.pathname)[0],
    canonicalQuery(target.search.slice(1)),
    names.map((name) => `${name}:${headers[name]}\n`).join(''),
    names.join(';'),
    sha256(init.body ?? ''),
  ].join('\n')
  const signature = createHmac('sha256', signer.secret_key)
    .update(`SDK-HMAC-SHA256\n${date}\n${sha256(canonical)}`)
    .digest('hex')
  headers.authorization = `SDK-HMAC-SHA256 Access=${signer.access_key}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return headers
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export const signedFetch = (signer: Signer, url: string, init: SignedInit = {}): Promise<Response> =>
  fetch(url, { method: init.method ?? 'GET', headers: signedHeaders(signer, url, init), body: init.body })
