import { afterEach, expect, test } from 'bun:test'
import { CERTIFICATE } from '../testing/certificate.ts'
import { FeedFollower } from './feed.ts'
import { LiveTable } from './live-table.ts'

const servers: Bun.Server<undefined>[] = []
const followers: FeedFollower[] = []
afterEach(async () => {
  await Promise.all(followers.splice(0).map((follower) => follower.stop()))
  await Promise.all(servers.splice(0).map((server) => server.stop(true)))
})

function serve(answer: () => Response, tls?: Bun.TLSOptions): Bun.Server<undefined> {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', tls, fetch: answer })
  servers.push(server)
  return server
}

/** Follows the feed at `url`; resolves with the first `count` warnings. */
function warningsOf(url: string, count = 1): Promise<{ msg: string; reason: unknown }[]> {
  const { promise, resolve } = Promise.withResolvers<{ msg: string; reason: unknown }[]>()
  const warnings: { msg: string; reason: unknown }[] = []
  const log = {
    ...{ info() {}, error() {} },
    warn(msg: string, fields: Record<string, unknown> = {}) {
      warnings.push({ msg, reason: fields.reason })
      if (warnings.length === count) resolve(warnings)
    },
  }
  const table = new LiveTable(() => {})
  const follower = new FeedFollower({ url, secret: 'wrong', edgeId: 'a' }, table, log, () => {})
  followers.push(follower)
  follower.start()
  return promise
}

test('a wrong secret, a wrong place and an unknown authority are told with what to do', async () => {
  const { port } = serve(() => new Response('no', { status: 401 }))
  expect(await warningsOf(`http://127.0.0.1:${port}`)).toEqual([
    {
      msg: 'no feed, and nothing is here to answer from',
      reason:
        'The control plane refuses the feed secret: WAYMARK_FEED_SECRET has to be the same here and there.',
    },
  ])
  const other = serve(() => new Response('no', { status: 404 }))
  const [absent] = await warningsOf(`http://127.0.0.1:${other.port}`)
  expect(absent!.reason).toContain('is it that of a Waymark control plane?')
  const secure = serve(() => new Response('no', { status: 401 }), CERTIFICATE)
  const [untrusted] = await warningsOf(`https://127.0.0.1:${secure.port}`)
  expect(untrusted!.reason).toContain('name the file of its authority in NODE_EXTRA_CA_CERTS')
})

test('another reason of the same outage is told too, the same one only once', async () => {
  const answers = [503, 503, 401, 503, 404]
  const { port } = serve(
    () => new Response('no', { status: answers.length > 1 ? answers.shift() : answers[0] }),
  )
  const warnings = await warningsOf(`http://127.0.0.1:${port}`, 3)
  expect(warnings.map(({ reason }) => reason)).toEqual([
    'The control plane answered 503.',
    expect.stringContaining('feed secret'),
    expect.stringContaining('404'),
  ])
})
