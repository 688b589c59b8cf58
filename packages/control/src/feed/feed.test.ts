import { afterEach, describe, expect, test } from 'bun:test'
import { decodeZoneKeys, NEVER } from '@waymark/dns/dnssec/zone-keys'
import {
  FRAME_HEADER_SIZE,
  OP_END,
  OP_HEARTBEAT,
  OP_KEYS,
  OP_KEYS_CHANGED,
  OP_ZONE,
} from '@waymark/dns/feed-codec'
import pino from 'pino'
import { openStore } from '../store/open.ts'
import { recordSet, zone } from '../store/samples.ts'
import type { Store } from '../store/store.ts'
import type { ZoneKeyRow } from '../store/zone-key-calls.ts'
import { createSecretBox } from '../tenants/secrets.ts'
import { type Feed, openFeed } from './feed.ts'
import { followFeed } from './follow.ts'

const secrets = createSecretBox(new Uint8Array(32).fill(7))

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function startFeed() {
  const store = await openStore({ file: ':memory:' })
  await store.migrate()
  const feed = await openFeed({ store, log: pino({ level: 'silent' }), now: Date.now, secrets })
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: feed.handle })
  open.push(
    () => store.close(),
    () => server.stop(true),
    () => feed.stop(),
  )
  const get = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, server.url), { headers: { authorization: `Bearer ${feed.secret}` }, ...init })
  const storeId = (await store.findSetting('store_id'))!
  return { store, feed, get, storeId, url: server.url }
}

const append = (store: Store, text: string, zoneId = 'a'.repeat(32)) =>
  store.transaction((tx) => tx.appendFeed({ zoneId, serial: 7, payload: new TextEncoder().encode(text) }))

interface Frame {
  readonly seq: number
  readonly zoneId: string
  readonly serial: number
  readonly payload: Uint8Array
}

/** Frames of a body as they come. Heartbeats are left out unless `withHeartbeats`. */
async function* frames(response: Response, withHeartbeats = false): AsyncGenerator<Frame> {
  let held = new Uint8Array(0)
  for await (const chunk of response.body!) {
    held = Buffer.concat([held, chunk])
    while (held.length >= 4) {
      const view = new DataView(held.buffer, held.byteOffset)
      const size = 4 + view.getUint32(0)
      if (held.length < size) break
      const payload = held.slice(FRAME_HEADER_SIZE, size)
      if (withHeartbeats || payload[0] !== OP_HEARTBEAT) {
        yield {
          seq: Number(view.getBigUint64(4)),
          zoneId: held.subarray(12, 28).toHex(),
          serial: view.getUint32(28),
          payload,
        }
      }
      held = held.slice(size)
    }
  }
}

const next = async (stream: AsyncGenerator<Frame>): Promise<Frame> => (await stream.next()).value
const text = (frame: Frame) => new TextDecoder().decode(frame.payload)
const status = async (response: Promise<Response>): Promise<number> => {
  const { status, body } = await response
  await body?.cancel()
  return status
}

describe('who may read the feed', () => {
  test('the secret is made once and kept by the store', async () => {
    const { store, feed } = await startFeed()
    const again = await openFeed({ store, log: pino({ level: 'silent' }), now: Date.now, secrets })
    again.stop()
    expect(feed.secret).toMatch(/^[0-9a-f]{64}$/)
    expect(again.secret).toBe(feed.secret)
  })

  test('a request without the secret, or with another one, is refused everywhere', async () => {
    const { get, url } = await startFeed()
    const wrong = { headers: { authorization: `Bearer ${'0'.repeat(64)}` } }
    for (const path of ['/waymark/v1/feed?after=0', '/waymark/v1/feed/snapshot']) {
      expect(await status(get(path, wrong))).toBe(401)
      expect(await status(fetch(new URL(path, url)))).toBe(401)
    }
    expect(await status(get('/waymark/v1/feed/position', { ...wrong, method: 'POST', body: '{}' }))).toBe(401)
  })
})

describe('following the log', () => {
  test('what is there comes first, then each commit within milliseconds', async () => {
    const { store, get, storeId } = await startFeed()
    await append(store, 'one')
    await append(store, 'two')
    const response = await get(`/waymark/v1/feed?after=0&store=${storeId}&edge=e`)
    expect(response.headers.get('x-waymark-store')).toBe(storeId)
    const stream = frames(response)
    expect(await next(stream)).toEqual({
      seq: 1,
      zoneId: 'a'.repeat(32),
      serial: 7,
      payload: new TextEncoder().encode('one'),
    })
    expect(text(await next(stream))).toBe('two')

    const delays: number[] = []
    for (const word of ['three', 'four', 'five', 'six', 'seven']) {
      const started = performance.now()
      await append(store, word)
      expect(text(await next(stream))).toBe(word)
      delays.push(performance.now() - started)
    }
    // Without a word of the commit it would be the second between two heartbeats.
    expect(Math.min(...delays)).toBeLessThan(500)
    await stream.return(undefined)
  })

  test('a position in the middle is followed from there', async () => {
    const { store, get, storeId } = await startFeed()
    for (const word of ['one', 'two', 'three']) await append(store, word)
    const stream = frames(await get(`/waymark/v1/feed?after=2&store=${storeId}&edge=e`))
    expect(text(await next(stream))).toBe('three')
    await stream.return(undefined)
  })

  test('a heartbeat comes from a store too that wakes its followers again and again for nothing', async () => {
    const { store } = await startFeed()
    const calling: Store = {
      ...store,
      onFeed(listener) {
        const timer = setInterval(listener, 100)
        return () => clearInterval(timer)
      },
    }
    const ending = new AbortController()
    const stream = frames(new Response(followFeed(calling, secrets, 0, ending.signal, () => {})), true)
    expect((await next(stream)).payload).toEqual(Uint8Array.of(OP_HEARTBEAT))
    ending.abort()
  })
  test('a heartbeat with the newest position comes when nothing happens', async () => {
    const { store, get, storeId } = await startFeed()
    await append(store, 'one')
    const stream = frames(await get(`/waymark/v1/feed?after=1&store=${storeId}&edge=e`), true)
    const heartbeat = await next(stream)
    expect(heartbeat).toEqual({
      seq: 1,
      zoneId: '0'.repeat(32),
      serial: 0,
      payload: Uint8Array.of(OP_HEARTBEAT),
    })
    await stream.return(undefined)
  })

  test('a log of many large entries arrives whole and in order', async () => {
    const { store, get, storeId } = await startFeed()
    const payload = new Uint8Array(400_000).fill(9)
    await store.transaction(async (tx) => {
      for (let i = 0; i < 40; i++) await tx.appendFeed({ zoneId: 'b'.repeat(32), serial: i, payload })
    })
    const stream = frames(await get(`/waymark/v1/feed?after=0&store=${storeId}&edge=e`))
    for (let seq = 1; seq <= 40; seq++) {
      const frame = await next(stream)
      expect(frame.seq).toBe(seq)
      expect(frame.payload.length).toBe(payload.length)
    }
    await stream.return(undefined)
  })

  test('a position of another store, ahead of the log or trimmed away is gone', async () => {
    const { store, get, storeId } = await startFeed()
    for (const word of ['one', 'two', 'three']) await append(store, word)
    await store.transaction((tx) => tx.trimFeed(2))
    expect(await status(get(`/waymark/v1/feed?after=3&store=${'0'.repeat(32)}&edge=e`))).toBe(410)
    expect(await status(get('/waymark/v1/feed?after=3&edge=e'))).toBe(410)
    expect(await status(get(`/waymark/v1/feed?after=4&store=${storeId}&edge=e`))).toBe(410)
    expect(await status(get(`/waymark/v1/feed?after=1&store=${storeId}&edge=e`))).toBe(410)
    expect(await status(get(`/waymark/v1/feed?after=2&store=${storeId}&edge=e`))).toBe(200)
    expect(await status(get(`/waymark/v1/feed?after=x&store=${storeId}&edge=e`))).toBe(400)
  })

  test('the stream breaks off, rather than leave a gap, when the log is trimmed past a slow client', async () => {
    const { store, get, storeId } = await startFeed()
    const payload = new Uint8Array(2 << 20)
    for (let i = 0; i < 20; i++) {
      await store.transaction((tx) => tx.appendFeed({ zoneId: 'b'.repeat(32), serial: i, payload }))
    }
    const stream = frames(await get(`/waymark/v1/feed?after=0&store=${storeId}&edge=e`))
    const seqs = [(await next(stream)).seq]
    await store.transaction((tx) => tx.trimFeed(19))
    for await (const frame of stream) seqs.push(frame.seq)
    expect(seqs).toEqual(seqs.map((_, index) => index + 1))
    expect(seqs.length).toBeLessThan(20)
  })

  test('a client that has gone is not written to any more', async () => {
    const { store, get, storeId } = await startFeed()
    const subscribers = new Set<() => void>()
    const { onFeed } = store
    store.onFeed = (listener) => {
      subscribers.add(listener)
      const unsubscribe = onFeed(listener)
      return () => {
        subscribers.delete(listener)
        unsubscribe()
      }
    }
    await append(store, 'one')
    const stream = frames(await get(`/waymark/v1/feed?after=0&store=${storeId}&edge=e`))
    await next(stream)
    expect(subscribers.size).toBe(1)
    await stream.return(undefined)
    await until(() => subscribers.size === 0)
  })

  test('stopping the feed ends its streams', async () => {
    const { store, feed, get, storeId } = await startFeed()
    await append(store, 'one')
    const stream = frames(await get(`/waymark/v1/feed?after=0&store=${storeId}&edge=e`))
    await next(stream)
    feed.stop()
    expect((await stream.next()).done).toBe(true)
  })
})

describe('the snapshot', () => {
  test('holds every zone with its groups and ends with the position it was taken at', async () => {
    const { store, get, storeId } = await startFeed()
    const home = zone({ id: '1'.repeat(32), apex: 'example.org.', serial: 5 })
    const paused = zone({ id: '2'.repeat(32), apex: 'example.net.', status: 'DISABLE' })
    await store.transaction(async (tx) => {
      await tx.insertZone(home)
      await tx.insertZone(paused)
      await tx.insertRecordSets(home.id, [
        recordSet(home, { id: 'a'.repeat(32), owner: 'www.example.org.', weight: 1 }),
        recordSet(home, { id: 'b'.repeat(32), owner: 'www.example.org.', weight: 3 }),
        recordSet(home, { id: 'c'.repeat(32), owner: 'off.example.org.', status: 'DISABLE' }),
      ])
    })
    await append(store, 'one')
    const response = await get('/waymark/v1/feed/snapshot')
    expect(response.headers.get('x-waymark-store')).toBe(storeId)
    const all = await Array.fromAsync(frames(response))
    expect(all.map((frame) => [frame.zoneId, frame.serial, frame.seq, frame.payload[0]])).toEqual([
      [home.id, 5, 1, OP_ZONE],
      [paused.id, 1, 1, OP_ZONE],
      ['0'.repeat(32), 0, 1, OP_END],
    ])
    const words = Buffer.from(all[0]!.payload).toString('latin1')
    expect(words.split('\x03www').length - 1).toBe(1) // two weighted sets, one group
    expect(words).not.toContain('\x03off')
  })

  test('of a large zone comes in several frames, no group twice', async () => {
    const { store, get } = await startFeed()
    const home = zone({ id: '1'.repeat(32), apex: 'example.org.' })
    const count = 20_000
    await store.transaction(async (tx) => {
      await tx.insertZone(home)
      const sets = Array.from({ length: count }, (_, i) =>
        recordSet(home, { id: i.toString(16).padStart(32, '0'), owner: `h${i}.example.org.` }),
      )
      await tx.insertRecordSets(home.id, sets)
    })
    const all = await Array.fromAsync(frames(await get('/waymark/v1/feed/snapshot')))
    expect(all.length).toBeGreaterThan(3)
    const words = Buffer.concat(all.map((frame) => frame.payload)).toString('latin1')
    expect(words.match(/h\d+/g)!.length).toBe(count)
  })
})

describe('keys of zones', () => {
  const home = zone({ id: '1'.repeat(32), apex: 'example.org.' })
  const secret = new Uint8Array(32).fill(0x5a)
  const key: ZoneKeyRow = {
    id: 'f'.repeat(32),
    zoneId: home.id,
    flags: 257,
    algorithm: 15,
    publicKey: new Uint8Array(32).fill(0xa5),
    sealedSecret: secrets.seal(Buffer.from(secret).toString('base64'), 'f'.repeat(32)),
    publishedAt: 1_700_000_000_999,
    activeAt: 1_700_000_001_000,
    retiredAt: null,
    removedAt: null,
    createdAt: 0,
  }
  const opened = {
    flags: 257,
    algorithm: 15,
    publicKey: key.publicKey,
    privateKey: secret,
    times: { published: 1_700_000_000, active: 1_700_000_001, retired: NEVER, removed: NEVER },
  }
  const keysIn = (payload: Uint8Array) => {
    expect(payload[0]).toBe(OP_KEYS)
    return payload.length === 3 ? [] : decodeZoneKeys(payload.subarray(3))
  }

  test('are put into the stream in place of the word of the log, which holds none', async () => {
    const { store, get, storeId } = await startFeed()
    const announce = { zoneId: home.id, serial: 2, payload: Uint8Array.of(OP_KEYS_CHANGED) }
    await store.transaction(async (tx) => {
      await tx.insertZone(home)
      await tx.insertZoneKey(key)
      await tx.appendFeed(announce)
    })
    const stream = frames(await get(`/waymark/v1/feed?after=0&store=${storeId}`))
    const made = await next(stream)
    expect([made.zoneId, made.serial, made.seq]).toEqual([home.id, 2, 1])
    expect(keysIn(made.payload)).toEqual([opened])
    await store.transaction(async (tx) => {
      await tx.removeZoneKey(key.id)
      await tx.appendFeed({ ...announce, serial: 3 })
    })
    expect(keysIn((await next(stream)).payload)).toEqual([])
    await stream.return(undefined)
    expect(Buffer.concat((await store.readFeed(0, 9)).map(({ payload }) => payload))).toEqual(
      Buffer.of(OP_KEYS_CHANGED, OP_KEYS_CHANGED),
    )
  })

  test('stand in the snapshot behind their zone', async () => {
    const { store, get } = await startFeed()
    const plain = zone({ id: '2'.repeat(32), apex: 'example.net.' })
    await store.transaction(async (tx) => {
      await tx.insertZone(home)
      await tx.insertZone(plain)
      await tx.insertZoneKey(key)
    })
    const [first, second] = await Array.fromAsync(frames(await get('/waymark/v1/feed/snapshot')))
    const words = Buffer.from(first!.payload)
    expect(keysIn(words.subarray(words.indexOf(Buffer.from(secret)) - 41))).toEqual([opened])
    expect(words[0]).toBe(OP_ZONE)
    expect(second!.zoneId).toBe(plain.id)
    expect(Buffer.from(second!.payload).includes(secret)).toBe(false)
  })
})

test('keys that do not open leave their zone unsigned and the feed going', async () => {
  const { store, get } = await startFeed()
  const home = zone({ id: '1'.repeat(32), apex: 'example.org.' })
  await store.transaction(async (tx) => {
    await tx.insertZone(home)
    await tx.insertZoneKey({
      ...{ id: 'f'.repeat(32), zoneId: home.id, flags: 257, algorithm: 15, publicKey: new Uint8Array(32) },
      sealedSecret: secrets.seal('for another row', 'e'.repeat(32)),
      ...{ publishedAt: 0, activeAt: 0, retiredAt: null, removedAt: null, createdAt: 0 },
    })
  })
  const [first, last] = await Array.fromAsync(frames(await get('/waymark/v1/feed/snapshot')))
  expect([...first!.payload.slice(-3)]).toEqual([OP_KEYS, 0, 0])
  expect(last!.payload[0]).toBe(OP_END)
})

describe('positions of edges', () => {
  const report = (
    get: (path: string, init: RequestInit) => Promise<Response>,
    secret: string,
    body: object,
  ) =>
    status(
      get('/waymark/v1/feed/position', {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    )

  test('a report is kept and shown, one of another store is refused', async () => {
    const { feed, get, storeId } = await startFeed()
    const position = {
      edge: 'e1',
      seq: 3,
      store: storeId,
      dns: ['127.0.0.1:53'],
      zones: 1,
      recordSets: 9,
      startedAt: 5,
    }
    expect(await report(get, feed.secret, position)).toBe(204)
    expect(await report(get, feed.secret, { ...position, edge: 'e2', store: 'other' })).toBe(410)
    expect(await report(get, feed.secret, { edge: 'e3' })).toBe(400)
    const [only, ...others] = (feed as Feed).edges.all()
    expect(others).toEqual([])
    expect(only).toMatchObject({ id: 'e1', seq: 3, dns: ['127.0.0.1:53'], zones: 1, recordSets: 9 })
  })
})

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('It did not come true.')
    await Bun.sleep(5)
  }
}
