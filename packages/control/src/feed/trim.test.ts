import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { trimFeed } from './trim.ts'

const OCTETS = 100

let store: Store
beforeEach(async () => {
  store = await openStore({ file: ':memory:' })
  await store.migrate()
})
afterEach(() => store.close())

const append = (count: number) =>
  store.transaction(async (tx) => {
    for (let i = 0; i < count; i++) {
      await tx.appendFeed({ zoneId: 'a'.repeat(32), serial: i, payload: new Uint8Array(OCTETS) })
    }
  })

describe('trimFeed', () => {
  const limits = { keepEntries: 10, keepBytes: 1_000_000, maxBytes: 10_000_000 }

  test('keeps the newest entries', async () => {
    await append(25)
    expect(await trimFeed(store, undefined, limits)).toBe(15)
    expect(await store.feedBounds()).toEqual({ oldest: 16, newest: 25, sizeBytes: 10 * OCTETS })
    expect((await store.readFeed(0, 100)).map((entry) => entry.seq)[0]).toBe(16)
    expect(await trimFeed(store, undefined, limits)).toBe(0)
  })

  test('keeps less when the entries are large', async () => {
    await append(25)
    await trimFeed(store, undefined, { ...limits, keepBytes: 3 * OCTETS })
    expect((await store.feedBounds()).oldest).toBe(23)
  })

  test('keeps what a live edge has not got', async () => {
    await append(25)
    await trimFeed(store, 4, limits)
    expect((await store.feedBounds()).oldest).toBe(5)
  })

  test('does not wait for an edge beyond the largest size', async () => {
    await append(25)
    await trimFeed(store, 4, { ...limits, maxBytes: 12 * OCTETS })
    expect((await store.feedBounds()).oldest).toBe(14)
  })

  test('an empty log stays as it is, and numbers go on after everything was dropped', async () => {
    expect(await trimFeed(store, undefined, limits)).toBe(0)
    await append(3)
    await trimFeed(store, undefined, { ...limits, keepEntries: 0 })
    expect(await store.feedBounds()).toEqual({ oldest: 4, newest: 3, sizeBytes: 0 })
    await append(1)
    expect(await store.feedBounds()).toEqual({ oldest: 4, newest: 4, sizeBytes: OCTETS })
  })
})
