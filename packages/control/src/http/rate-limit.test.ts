import { afterEach, describe, expect, test } from 'bun:test'
import { connect } from 'node:net'
import { type Lab, openLab } from '../tenants/testing.ts'
import { RateLimit } from './rate-limit.ts'

describe('a rate limit', () => {
  test('lets two seconds of requests pass at once and then so many a second, for each key', () => {
    let now = 0
    const limit = new RateLimit(3, () => now)
    const passed = (key: string) => Array.from({ length: 10 }, () => limit.take(key)).filter((s) => s === 0)
    expect(passed('a')).toHaveLength(6)
    expect(limit.take('a')).toBe(1)
    expect(passed('b')).toHaveLength(6)
    now = 1000
    expect(passed('a')).toHaveLength(3)
    now = 60_000
    expect(passed('a')).toHaveLength(6)
  })

  test('of 0 is none', () => {
    const limit = new RateLimit(0, () => 0)
    for (let i = 0; i < 1000; i++) expect(limit.take('a')).toBe(0)
  })

  test('holds no more than so many keys', () => {
    const limit = new RateLimit(1, () => 0)
    expect(limit.take('first')).toBe(0)
    for (let i = 0; i < 60_000; i++) limit.take(`key ${i}`)
    for (let i = 59_990; i < 60_000; i++) {
      limit.take(`key ${i}`)
      expect(limit.take(`key ${i}`)).toBe(1)
    }
  })
})

describe('requests beyond a limit', () => {
  let lab: Lab
  afterEach(() => lab.stop())
  const flood = (count: number, send: () => Promise<Response | { status: number }>) =>
    Promise.all(Array.from({ length: count }, send))

  test('of an account are answered 429 in the form of the gateway, and other accounts go on', async () => {
    lab = await openLab({ accountRate: 5 })
    const other = await lab.makeAccount('other')
    // Sixty take less than the ten seconds in which they would all be let through.
    const answers = await flood(60, () => lab.call(lab.operator, 'GET', '/v2/zones'))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    const again = (await flood(60, () => lab.call(lab.operator, 'GET', '/v2/zones'))).find(
      ({ status }) => status === 429,
    ) as Awaited<ReturnType<Lab['call']>>
    expect(again.json).toEqual({
      error_code: 'APIGW.0308',
      error_msg: 'The throttling threshold has been reached.',
      request_id: again.headers.get('x-request-id'),
    })
    expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await lab.call(other, 'GET', '/v2/zones')).status).toBe(200)
  })

  test('of an address are answered 429 before anything is looked up, monitoring apart', async () => {
    lab = await openLab({ addressRate: 3, behindProxy: true })
    const from = (address: string, path = '/v2/zones') =>
      fetch(lab.control.url + path, { headers: { 'x-forwarded-for': `203.0.113.9, ${address}` } })
    const startedAt = performance.now()
    const statuses = (await flood(60, () => from('192.0.2.1'))).map(({ status }) => status)
    const seconds = (performance.now() - startedAt) / 1000
    const passed = statuses.filter((status) => status === 401).length
    expect(passed).toBeWithin(6, 6 + Math.ceil(seconds * 3) + 1)
    expect(statuses.filter((status) => status === 429)).toHaveLength(60 - passed)
    expect((await from('192.0.2.2')).status).toBe(401)
    expect((await from('192.0.2.1', '/healthz')).status).toBe(200)
  })

  test('are none of others: senders that stall or break off do not hold anybody up', async () => {
    lab = await openLab()
    const { hostname, port } = new URL(lab.control.url)
    const head = 'POST /v3/auth/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n{"auth":'
    const sockets = Array.from({ length: 200 }, (_, i) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(i % 2 === 0 ? head : head.slice(0, 30))
        if (i % 5 === 0) socket.resetAndDestroy()
      })
      return socket.on('error', () => undefined)
    })
    await Bun.sleep(50)
    const answers = await flood(20, () => lab.call(lab.operator, 'GET', '/v2/zones'))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    expect(sockets.some(({ readyState }) => readyState === 'open')).toBe(true)
    for (const socket of sockets) socket.destroy()
  })
})
