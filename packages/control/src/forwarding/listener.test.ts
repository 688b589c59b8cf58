import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { connect } from 'node:net'
import pino from 'pino'
import { zonePayload } from '../feed/publish.ts'
import { packAddresses } from '../record-sets/published-addresses.ts'
import { openStore } from '../store/open.ts'
import { recordSet, zone } from '../store/samples.ts'
import type { Store } from '../store/store.ts'
import { type ForwardListener, serveForwards } from './listener.ts'
import { republishForwards } from './republish.ts'

const home = zone({ id: '1'.repeat(32), apex: 'shop.example.' })
const set = (no: number, owner: string, url: string) =>
  recordSet(home, {
    ...{ id: no.toString(16).padStart(32, '0'), owner, records: [url], rdatas: null },
    type: 'REDIRECT_URL',
  })

let store: Store
let listener: ForwardListener
beforeEach(async () => {
  store = await openStore({ file: ':memory:' })
  await store.migrate()
  await store.transaction(async (tx) => {
    await tx.insertZone(home)
    await tx.insertRecordSets(home.id, [set(1, 'old.shop.example.', 'https://www.example.net/')])
  })
  listener = await serveForwards(
    { store, log: pino({ level: 'silent' }) },
    { hostname: '127.0.0.1', port: 0 },
  )
})
afterEach(async () => {
  await listener.stop()
  await store.close()
})

/** What comes back for octets sent as they are, until the other side closes or patience ends. */
function send(text: string, patienceMs = 60_000): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = ''
    const socket = connect(Number(new URL(listener.url).port), '127.0.0.1', () => socket.write(text))
    socket.setEncoding('latin1')
    socket.on('data', (data) => {
      reply += data
    })
    socket.on('error', (error) => (reply === '' ? reject(error) : resolve(reply)))
    const timer = setTimeout(() => socket.destroy(), patienceMs)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(reply)
    })
  })
}
const statusOf = (reply: string) => Number(/^HTTP\/1\.\d (\d+)/.exec(reply)?.[1])
const ask = (host: string, head = '', method = 'GET') =>
  send(`${method} /x HTTP/1.1\r\nHost: ${host}\r\n${head}Connection: close\r\n\r\n`)

describe('the listener', () => {
  test('knows what was there before it', async () => {
    const reply = await ask('old.shop.example')
    expect(reply).toStartWith('HTTP/1.1 302 Found\r\n')
    expect(reply).toContain('\r\nLocation: https://www.example.net/\r\n')
  })

  test('sees each change, however it came about', async () => {
    await store.transaction(async (tx) => {
      await tx.insertRecordSets(home.id, [set(2, 'new.shop.example.', 'https://new.example.net/')])
      await tx.appendFeed({ zoneId: home.id, serial: 2, payload: zonePayload(home).finish() })
    })
    const end = Date.now() + 60_000
    while (statusOf(await ask('new.shop.example')) !== 302 && Date.now() < end) await Bun.sleep(10)
    expect(await ask('new.shop.example')).toContain('Location: https://new.example.net/')
    await store.transaction(async (tx) => {
      await tx.updateZone({ ...home, status: 'DISABLE' })
      await tx.appendFeed({ zoneId: home.id, serial: 3, payload: zonePayload(home).finish() })
    })
    while (statusOf(await ask('new.shop.example')) !== 404 && Date.now() < end) await Bun.sleep(10)
    expect(statusOf(await ask('old.shop.example'))).toBe(404)
  })

  test('answers HEAD without a body', async () => {
    const [head, body] = (await ask('nothing.example', '', 'HEAD')).split('\r\n\r\n')
    expect([statusOf(head!), body]).toEqual([404, ''])
  })

  test('takes the host from the header, not from the request line', async () => {
    const reply = await send(
      'GET http://old.shop.example/ HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n',
    )
    expect(reply).not.toContain('Location')
  })

  test('gives nothing of what was sent back, and survives what is no request', async () => {
    for (const text of [
      'GET / HTTP/1.1\r\nHost: old.shop.example\nX-Evil: 1\r\n\r\n',
      'GET /%0d%0aSet-Cookie:%20evil=1 HTTP/1.1\r\nHost: old.shop.example\r\nConnection: close\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: evil.example%0d%0aX-Evil: 1\r\nConnection: close\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: old.shop.example\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
      '\u0016\u0003\u0001\u0002\u0000\u0001',
      'GET / HTTP/1.0\r\n\r\n',
    ]) {
      expect(await send(text, 500)).not.toMatch(/evil/i)
    }
    expect(statusOf(await ask('old.shop.example'))).toBe(302)
  })

  test('refuses headers and bodies beyond measure', async () => {
    expect(statusOf(await ask('old.shop.example', `X: ${'x'.repeat(100_000)}\r\n`))).not.toBe(302)
    expect(statusOf(await ask('old.shop.example', 'Content-Length: 9999999999\r\n', 'POST'))).toBe(413)
    expect(statusOf(await ask('old.shop.example'))).toBe(302)
  })
})

test('names are published with other addresses once, and without any not at all', async () => {
  const published = async () => (await store.listUrlRecordSets()).map(({ rdatas }) => rdatas)
  const addresses = ['192.0.2.80', '2001:db8::80']
  expect(await republishForwards(store, addresses)).toBe(1)
  expect(await published()).toEqual([packAddresses(addresses)])
  const { newest } = await store.feedBounds()
  expect(await republishForwards(store, addresses)).toBe(0)
  expect(await store.feedBounds()).toMatchObject({ newest })
  expect(await republishForwards(store, [])).toBe(1)
  expect(await published()).toEqual([null])
  expect(await store.feedBounds()).toMatchObject({ newest: newest + 1 })
})
