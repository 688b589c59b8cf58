import { randomBytes, timingSafeEqual } from 'node:crypto'
import { parseName, type WireName } from '@waymark/dns/name'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { Store } from '../store/store.ts'
import { EdgePositions } from './edge-positions.ts'
import { EdgeAnswer } from './edge-questions.ts'
import { followFeed } from './follow.ts'
import { PositionReport } from './position-report.ts'
import { streamSnapshot } from './snapshot.ts'
import { trimFeed } from './trim.ts'

/** What an edge has heard from a primary. */
const NotifyReport = z.object({ zone: z.string(), source: z.string() })

/** Path prefix of everything that edges ask for. */
export const FEED_PATH = '/waymark/v1/feed'

const STORE_HEADER = 'X-Waymark-Store'
/** With the answer to a position: the newest entry, so that an edge knows how far behind it is. */
const NEWEST_HEADER = 'X-Waymark-Newest'
const TRIM_EVERY_MS = 10_000

/** The server side of the feed of one control node. */
export interface Feed {
  /** Answers requests under {@link FEED_PATH}; edges authenticate with `Authorization: Bearer <secret>`. */
  readonly handle: (request: Request) => Promise<Response>
  readonly edges: EdgePositions
  /** What edges must present. */
  readonly secret: string
  /** Ends the streams and the trimming of the log. */
  readonly stop: () => void
}

/** Opens the feed over a migrated store. `secret` overrides the one in the database, which the first start makes. */
export async function openFeed(
  context: Pick<Context, 'store' | 'log' | 'now' | 'secrets'>,
  options: {
    readonly secret?: string
    /** Told when a primary has announced a change of a zone to an edge; how many zones that concerns. */
    readonly onNotify?: (apex: WireName, source: string) => Promise<number>
  } = {},
): Promise<Feed> {
  const { store, log, now, secrets } = context
  const secret = options.secret ?? (await ensureSetting(store, 'feed_secret', 32))
  const storeId = await ensureSetting(store, 'store_id', 16)
  const edges = new EdgePositions(now)
  const onFailure = (error: unknown) => log.error({ err: error }, 'the feed broke off')
  const stopping = new AbortController()
  const trimming = setInterval(() => {
    trimFeed(store, edges.slowest()).catch((error) =>
      log.warn({ err: error }, 'the feed could not be trimmed'),
    )
  }, TRIM_EVERY_MS)
  trimming.unref()

  async function follow(query: URLSearchParams): Promise<Response> {
    const after = Number(query.get('after') ?? Number.NaN)
    if (!Number.isSafeInteger(after) || after < 0) return reply(400, 'after must be a position in the log')
    const { oldest, newest } = await store.feedBounds()
    if (query.get('store') !== storeId) return reply(410, 'another store: take a snapshot')
    if (after > newest || after < oldest - 1) return reply(410, 'not in the log: take a snapshot')
    return stream(followFeed(store, secrets, after, stopping.signal, onFailure))
  }

  async function takePosition(request: Request): Promise<Response> {
    const body = PositionReport.safeParse(await request.json().catch(() => undefined))
    if (!body.success) return reply(400, 'not a position')
    const { edge, store: edgeStore, ...position } = body.data
    if (edgeStore !== storeId) return reply(410, 'another store: take a snapshot')
    edges.report({ id: edge, ...position })
    const { newest } = await store.feedBounds()
    const taken = reply(204)
    taken.headers.set(NEWEST_HEADER, String(newest))
    return taken
  }

  async function takeNotify(request: Request): Promise<Response> {
    const body = NotifyReport.safeParse(await request.json().catch(() => undefined))
    const apex = body.success ? parseName(body.data.zone) : undefined
    if (!body.success || !apex?.ok) return reply(400, 'not a notification')
    await options.onNotify?.(apex.value, body.data.source)
    return reply(204)
  }

  async function handOutQuestion(request: Request): Promise<Response> {
    const question = await edges.questions.next(AbortSignal.any([request.signal, stopping.signal]))
    return question === undefined ? reply(204) : Response.json(question)
  }

  async function takeAnswer(request: Request): Promise<Response> {
    const body = EdgeAnswer.safeParse(await request.json().catch(() => undefined))
    if (!body.success) return reply(400, 'not an answer')
    edges.questions.answer(body.data.id, body.data.explanation)
    return reply(204)
  }

  const stream = (body: ReadableStream<Uint8Array>): Response =>
    new Response(body, {
      headers: { 'Content-Type': 'application/octet-stream', [STORE_HEADER]: storeId },
    })
  const reply = (status: number, text?: string): Response =>
    new Response(text === undefined ? null : `${text}\n`, { status, headers: { [STORE_HEADER]: storeId } })

  return {
    edges,
    secret,

    async handle(request) {
      if (!isBearer(request.headers.get('Authorization'), secret)) {
        return new Response('the feed secret is missing or wrong\n', { status: 401 })
      }
      const { pathname, searchParams } = new URL(request.url)
      switch (`${request.method} ${pathname}`) {
        case `GET ${FEED_PATH}`:
          return follow(searchParams)
        case `GET ${FEED_PATH}/snapshot`:
          return stream(streamSnapshot(store, secrets, onFailure))
        case `POST ${FEED_PATH}/position`:
          return takePosition(request)
        case `POST ${FEED_PATH}/notify`:
          return takeNotify(request)
        case `GET ${FEED_PATH}/question`:
          return handOutQuestion(request)
        case `POST ${FEED_PATH}/answer`:
          return takeAnswer(request)
        default:
          return reply(404, 'no such part of the feed')
      }
    },

    stop() {
      clearInterval(trimming)
      stopping.abort()
    },
  }
}

/** The setting, made of random octets the first time, the same for all nodes that start at once. */
async function ensureSetting(store: Store, name: string, octets: number): Promise<string> {
  return store.transaction(async (tx) => {
    const present = await tx.findSetting(name)
    if (present !== undefined) return present
    await tx.insertSetting(name, randomBytes(octets).toString('hex'))
    return (await tx.findSetting(name))!
  })
}

/** Compares in constant time. */
function isBearer(header: string | null, secret: string): boolean {
  const expected = Buffer.from(`Bearer ${secret}`)
  const given = Buffer.from(header ?? '')
  return given.length === expected.length && timingSafeEqual(given, expected)
}
