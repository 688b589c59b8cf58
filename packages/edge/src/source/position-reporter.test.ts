import { afterEach, expect, test } from 'bun:test'
import { type PositionReport, PositionReporter } from './position-reporter.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** A control plane that answers reports with these statuses, then with 204, and a reporter of position 7. */
function lab(...statuses: number[]) {
  const got: PositionReport[] = []
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      got.push((await request.json()) as PositionReport)
      return new Response(null, { status: statuses.shift() ?? 204, headers: { 'x-waymark-newest': '9' } })
    },
  })
  const newest: number[] = []
  const position = { edge: 'e', store: 's', seq: 7 } as PositionReport
  const reporter = new PositionReporter(
    { url: server.url.href, secret: 'x', edgeId: 'e' },
    () => position,
    async () => {},
    (seq) => newest.push(seq),
  )
  ends.push(
    () => reporter.stop(),
    () => server.stop(true),
  )
  /** Waits until so many answers have come back. */
  const answered = async (count: number): Promise<void> => {
    while (newest.length < count) await Bun.sleep(1)
  }
  return { got, newest, reporter, answered }
}

test('a report that was not taken is sent again with the next heartbeat', async () => {
  const { got, newest, reporter, answered } = lab(503)
  reporter.notify(false)
  await answered(1)
  reporter.notify(false)
  await answered(2)
  expect(got.map(({ seq }) => seq)).toEqual([7, 7])
  expect(newest).toEqual([9, 9])
})

test('a new connection is told the position though it has not moved', async () => {
  const { got, reporter, answered } = lab()
  reporter.notify(false)
  await answered(1)
  reporter.notify(true)
  await answered(2)
  expect(got.length).toBe(2)
})
