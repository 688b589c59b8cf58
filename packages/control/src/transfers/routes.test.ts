import { afterAll, beforeAll, expect, test } from 'bun:test'
import { OP_TRANSFERS, OP_TRANSFERS_CHANGED, OP_ZONE_TRANSFERS } from '@waymark/dns/feed-codec'
import { readAccess, readPolicy } from '@waymark/dns/transfer/policy'
import { type Lab, openLab } from '../tenants/testing.ts'

const BASE = '/waymark/v1/transfers'
let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.stop())

const call = (method: string, path: string, body?: object) =>
  lab.call(lab.operator, method, BASE + path, body)

/** Payloads of the frames of the feed behind `after`, as an edge gets them, until there are `count`. */
async function frames(after: number, count: number): Promise<Uint8Array[]> {
  const stop = new AbortController()
  const store = await fetch(`${lab.control.url}/waymark/v1/feed/snapshot`, {
    headers: { Authorization: `Bearer ${lab.control.feedSecret}` },
  })
  const id = store.headers.get('X-Waymark-Store')
  await store.body?.cancel()
  const response = await fetch(`${lab.control.url}/waymark/v1/feed?after=${after}&store=${id}&edge=test`, {
    headers: { Authorization: `Bearer ${lab.control.feedSecret}` },
    signal: stop.signal,
  })
  let octets = Buffer.alloc(0)
  const found: Uint8Array[] = []
  for await (const chunk of response.body!) {
    octets = Buffer.concat([octets, chunk])
    while (octets.length >= 4 && octets.length >= 4 + octets.readUInt32BE(0)) {
      const end = 4 + octets.readUInt32BE(0)
      found.push(new Uint8Array(octets.subarray(32, end)))
      octets = octets.subarray(end)
    }
    if (found.length >= count) break
  }
  stop.abort()
  return found.slice(0, count)
}

const newest = async (): Promise<number> => (await lab.control.context.store.feedBounds()).newest

test('a secret is shown once, kept sealed, and absent in the log of the feed', async () => {
  const before = await newest()
  const made = await call('POST', '/keys', { name: 'NS1.Example', algorithm: 'hmac-sha512' })
  expect([made.status, made.headers.get('Cache-Control')]).toEqual([201, 'no-store'])
  expect(made.json).toMatchObject({ name: 'ns1.example.', algorithm: 'hmac-sha512' })
  const secret = Buffer.from(made.json.secret, 'base64')
  expect(secret).toHaveLength(64)
  const { store } = lab.control.context
  expect(JSON.stringify([await store.tsigKeys(), (await call('GET', '')).text])).not.toContain(
    made.json.secret,
  )
  const [entry] = await store.readFeed(before, 1)
  expect(entry!.payload).toEqual(Uint8Array.of(OP_TRANSFERS_CHANGED))
  // Edges get it.
  const [payload] = await frames(before, 1)
  expect(payload![0]).toBe(OP_TRANSFERS)
  const policy = readPolicy(payload!.subarray(5))!
  expect(policy.keys.map((key) => Buffer.from(key.secret))).toEqual([secret])
  expect((await call('POST', '/keys', { name: 'ns1.example.' })).json.code).toBe('WAYMARK.0105')
})

test('a secret of another server is taken over', async () => {
  const secret = Buffer.alloc(20, 9).toString('base64')
  expect((await call('POST', '/keys', { name: 'theirs', secret })).json.secret).toBe(secret)
  for (const bad of ['not base64!', Buffer.alloc(8).toString('base64')])
    expect((await call('POST', '/keys', { name: 'weak', secret: bad })).json.code).toBe('WAYMARK.0001')
})

test('access is checked, told in one spelling, and sent to edges', async () => {
  const before = await newest()
  const put = await call('PUT', '', {
    allow: [{ cidr: '192.0.2.1', key: 'theirs' }, { cidr: '2001:DB8::/32' }],
    notify: [{ address: '192.0.2.53' }, { address: '[2001:db8::1]:5353', key: 'Theirs.' }],
  })
  expect(put.json).toEqual({
    allow: [{ cidr: '192.0.2.1/32', key: 'theirs.' }, { cidr: '2001:db8::/32' }],
    notify: [{ address: '192.0.2.53:53' }, { address: '[2001:db8::1]:5353', key: 'theirs.' }],
  })
  const [payload] = await frames(before, 1)
  const { access } = readPolicy(payload!.subarray(5))!
  expect(access.allow.map(({ bits }) => bits)).toEqual([32, 32])
  expect(access.notify.map(({ port }) => port)).toEqual([53, 5353])
  const refusals = [
    { allow: [{}] },
    { allow: [{ cidr: '192.0.2.1/24' }] },
    { allow: [{ key: 'unknown' }] },
    { notify: [{ address: 'ns.example' }] },
    { notify: [{ address: '192.0.2.1:0' }] },
    { other: [] },
  ]
  for (const body of refusals) expect((await call('PUT', '', body)).json.code).toBe('WAYMARK.0001')
})

test('a zone has access of its own until it is taken away', async () => {
  const zone = (await lab.call(lab.operator, 'POST', '/v2/zones', { name: 'own.example' })).json
  expect((await call('GET', `/zones/${zone.id}`)).json).toMatchObject({ own: false, allow: [{}, {}] })
  const before = await newest()
  await call('PUT', `/zones/${zone.id}`, { allow: [{ cidr: '198.51.100.0/24' }] })
  expect((await call('GET', `/zones/${zone.id}`)).json).toEqual({
    ...{ zone_id: zone.id, own: true, allow: [{ cidr: '198.51.100.0/24' }], notify: [] },
  })
  expect((await call('GET', '/zones')).json.zones).toHaveLength(1)
  expect((await call('DELETE', `/zones/${zone.id}`)).status).toBe(204)
  expect((await call('GET', `/zones/${zone.id}`)).json.own).toBe(false)
  const payloads = await frames(before, 2)
  expect(payloads.map((payload) => payload[0])).toEqual([OP_ZONE_TRANSFERS, OP_ZONE_TRANSFERS])
  expect(readAccess(payloads[0]!.subarray(5))!.allow).toHaveLength(1)
  expect(payloads[1]).toEqual(Uint8Array.of(OP_ZONE_TRANSFERS, 0, 0, 0, 0))
  expect((await call('PUT', `/zones/${'f'.repeat(32)}`, {})).json.code).toBe('DNS.0302')
})

test('a private zone has no access but its own', async () => {
  const body = { name: 'inner.example', zone_type: 'private', router: { router_id: crypto.randomUUID() } }
  const zone = (await lab.call(lab.operator, 'POST', '/v2/zones', body)).json
  const nothing = { zone_id: zone.id, own: false, allow: [], notify: [] }
  expect((await call('GET', `/zones/${zone.id}`)).json).toEqual(nothing)
  const allow = [{ cidr: '198.51.100.0/24' }]
  expect((await call('PUT', `/zones/${zone.id}`, { allow })).json).toMatchObject({ own: true, allow })
  expect((await call('DELETE', `/zones/${zone.id}`)).status).toBe(204)
})

test('a key goes when nothing names it any more', async () => {
  expect((await call('DELETE', '/keys/theirs.')).json.code).toBe('WAYMARK.0702')
  await call('PUT', '', {})
  expect((await call('DELETE', '/keys/theirs')).status).toBe(204)
  expect((await call('DELETE', '/keys/theirs')).json.code).toBe('WAYMARK.0701')
})
