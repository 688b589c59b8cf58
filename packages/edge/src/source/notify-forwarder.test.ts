import { afterEach, expect, test } from 'bun:test'
import { parseName } from '@waymark/dns/name'
import { NotifyForwarder } from './notify-forwarder.ts'

const name = (text: string) => {
  const parsed = parseName(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

/** A control plane that answers each request when the test lets it. */
function startControl(statuses: number[] = []) {
  const bodies: string[] = []
  let release = (): void => {}
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      bodies.push(`${request.headers.get('authorization')} ${await request.text()}`)
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return new Response(null, { status: statuses.shift() ?? 204 })
    },
  })
  const forwarder = new NotifyForwarder({ url: server.url.href, secret: 's', edgeId: 'e' })
  open.push(
    () => forwarder.stop(),
    () => void server.stop(true),
  )
  const until = async (count: number): Promise<void> => {
    while (bodies.length < count) await Bun.sleep(1)
  }
  return { forwarder, bodies, until, answer: () => release() }
}

const SAID = 'Bearer s {"zone":"lab.example.","source":"192.0.2.53"}'

test('what is said again while a request runs is sent once more, however often it is said', async () => {
  const { forwarder, bodies, until, answer } = startControl()
  const heard = { apex: name('Lab.example.'), source: '192.0.2.53' }
  forwarder.forward(heard)
  await until(1)
  for (let n = 0; n < 100; n++) forwarder.forward(heard)
  answer()
  await until(2)
  answer()
  await Bun.sleep(20)
  expect(bodies).toEqual([SAID, SAID])
})

test('what could not be delivered is sent again', async () => {
  const { forwarder, bodies, until, answer } = startControl([503])
  forwarder.forward({ apex: name('lab.example.'), source: '192.0.2.53' })
  await until(1)
  answer()
  await until(2)
  answer()
  expect(bodies).toEqual([SAID, SAID])
})
