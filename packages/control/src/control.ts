import { mkdirSync } from 'node:fs'
import type { Logger } from 'pino'
import { auditedStore, keepAuditShort } from './audit/audit.ts'
import type { Context, ControlSettings } from './context.ts'
import { announceOnSchedule } from './dnssec/announce-again.ts'
import { rollOnSchedule } from './dnssec/scheduled-rolls.ts'
import { FEED_PATH, type Feed, openFeed } from './feed/feed.ts'
import { type StandIns, startStandIns } from './forwarding/stand-ins.ts'
import { createRequestHandler } from './http/handle-request.ts'
import { Metrics } from './http/metrics.ts'
import { platformRoutes } from './http/platform-routes.ts'
import type { Route } from './http/route.ts'
import { apiRoutes } from './http/route-table.ts'
import { type HttpServer, serveHttp, type TlsMaterial } from './http/serve.ts'
import { createIdSource } from './new-id.ts'
import { findTsigKey } from './secondary/find-key.ts'
import { ZoneKeeper } from './secondary/keep-zones.ts'
import { secondaryRoutes } from './secondary/routes.ts'
import { openStore } from './store/open.ts'
import { createTaskEngine } from './tasks/engine.ts'
import { type Credentials, ensureFirstCredentials } from './tenants/bootstrap.ts'
import { iamRoutes } from './tenants/iam-routes.ts'
import { Identities } from './tenants/identities.ts'
import { managementRoutes } from './tenants/management/routes.ts'
import { createSecretBox, loadMasterKey } from './tenants/secrets.ts'

export interface ControlOptions {
  readonly settings: ControlSettings
  /** Folder of the SQLite file, the master key and the credentials; made when it is missing. */
  readonly dataDir: string
  /** `postgres://…`; without it the store is a SQLite file in `dataDir`. */
  readonly databaseUrl?: string
  readonly http: { readonly hostname: string; readonly port: number }
  /** A second listener beside the first. */
  readonly https?: { readonly hostname: string; readonly port: number; readonly tls: TlsMaterial }
  /** Where visitors of names under URL forwarding arrive; without it nobody is sent on from here. */
  readonly redirect?: { readonly hostname: string; readonly port: number }
  readonly log: Logger
  readonly version: string
  /** 64 hexadecimal digits; without it `master.key` in `dataDir`. */
  readonly masterKey?: string
  /** What edges present; without it the one in the database. */
  readonly feedSecret?: string
  /** Chosen beforehand for the first start; what is missing is made up. */
  readonly bootstrap?: {
    readonly accessKey?: string
    readonly secretKey?: string
    readonly password?: string
  }
}

export interface RunningControl {
  /** Where the API is served, without a final slash. */
  readonly url: string
  /** The HTTPS listener, when there is one. */
  readonly https?: HttpServer
  /** Where visitors of names under URL forwarding are sent on, when that is here. */
  readonly redirectUrl?: string
  readonly context: Context
  /** Everything that is served, for tests that walk the whole API. */
  readonly routes: readonly Route<Context>[]
  /** Set when this start has made them: to be shown once. */
  readonly firstCredentials?: Credentials
  readonly feedSecret: string
  /** Finishes running requests and the chunks in hand, then closes the store. */
  readonly stop: () => Promise<void>
}

/** Opens the store, brings it up to date, makes first credentials and serves. Throws StartError for what the operator can mend. */
export async function startControl(options: ControlOptions): Promise<RunningControl> {
  const { settings, dataDir, log } = options
  const now = Date.now
  const newId = createIdSource(now)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const store = await openStore(
    options.databaseUrl === undefined ? { dataDir } : { databaseUrl: options.databaseUrl },
  )
  let feed: Feed | undefined
  let standIns: StandIns | undefined
  try {
    await store.migrate()
    const secrets = createSecretBox(await loadMasterKey(store, dataDir, options.masterKey))
    const firstCredentials = await ensureFirstCredentials(store, {
      ...options.bootstrap,
      dataDir,
      regions: settings.regions,
      secrets,
      now,
      newId,
    })
    const base = { store: auditedStore(store, { now, newId }), settings, log, now, newId, secrets }
    const context: Context = { ...base, tasks: createTaskEngine(base) }
    const identities = new Identities(store, secrets, now)
    const metrics = new Metrics()
    const keeper = new ZoneKeeper(context, {
      keyOf: (name) => findTsigKey(context, name),
      onTry: ({ outcome }) => metrics.recordTransfer(outcome),
    })
    feed = await openFeed(context, {
      secret: options.feedSecret,
      onNotify: (apex, source) => keeper.notified(apex, source),
    })
    const routes: Route<Context>[] = [
      ...apiRoutes(feed.edges),
      ...secondaryRoutes(keeper),
      ...iamRoutes(context, identities),
      ...managementRoutes(context, identities, secrets),
      ...platformRoutes({
        metrics,
        edges: feed.edges,
        readySeq: (await store.feedBounds()).newest,
        version: options.version,
        table: () => routes,
      }),
    ]
    const handlers = {
      handle: createRequestHandler({ context, identities, metrics, routes, edges: feed.edges }),
      own: { [FEED_PATH]: feed.handle },
    }
    standIns = await startStandIns({ store, settings, log, now }, options.redirect)
    const server = serveHttp({ ...options.http, ...handlers })
    const https = options.https === undefined ? undefined : serveHttp({ ...options.https, ...handlers })
    context.tasks.start()
    keeper.start()
    const stopTrimming = keepAuditShort(store, settings.auditDays, now, (err) =>
      log.error({ err }, 'audit log not trimmed'),
    )
    const stopRolling = rollOnSchedule(context)
    const stopAnnouncing = announceOnSchedule(context)
    return {
      url: server.url,
      https,
      redirectUrl: standIns.redirectUrl,
      context,
      routes,
      firstCredentials,
      feedSecret: feed.secret,
      async stop() {
        feed?.stop()
        stopTrimming()
        stopRolling()
        stopAnnouncing()
        await Promise.all([server.stop(), https?.stop()])
        await Promise.all([context.tasks.stop(), keeper.stop(), standIns?.stop()])
        await store.close()
      },
    }
  } catch (error) {
    feed?.stop()
    await standIns?.stop()
    await store.close()
    throw error
  }
}
