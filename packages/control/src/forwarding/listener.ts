import type { Logger } from 'pino'
import { watchZones } from '../feed/watch-zones.ts'
import type { Store } from '../store/store.ts'
import { ForwardIndex } from './forward-index.ts'
import { answerVisit } from './forward-request.ts'

/** Seconds without an octet in either direction after which a connection is closed. */
const IDLE_SECONDS = 10
/** Nothing that is sent along is read. */
const MAX_BODY_SIZE = 1024

export interface ForwardListener {
  /** For example `http://127.0.0.1:8081`. */
  readonly url: string
  readonly stop: () => Promise<void>
}

/** Serves the visitors of all names under URL forwarding. It follows the store, and answers from memory. */
export async function serveForwards(
  { store, log }: { readonly store: Store; readonly log: Logger },
  address: { readonly hostname: string; readonly port: number },
): Promise<ForwardListener> {
  const forwards = new ForwardIndex()
  const server = Bun.serve({
    ...address,
    idleTimeout: IDLE_SECONDS,
    maxRequestBodySize: MAX_BODY_SIZE,
    development: false,
    fetch: (request) => answerVisit({ method: request.method, host: request.headers.get('Host') }, forwards),
  })
  const watch = watchZones(
    store,
    async (zoneIds) => forwards.replace(zoneIds, await store.listUrlRecordSets(zoneIds)),
    (err) => log.warn({ err }, 'the names under URL forwarding could not be read'),
  )
  await watch.started
  const host = address.hostname.includes(':') ? `[${address.hostname}]` : address.hostname
  return {
    url: `http://${host}:${server.port}`,
    async stop() {
      await Promise.all([watch.stop(), server.stop(true)])
    },
  }
}
