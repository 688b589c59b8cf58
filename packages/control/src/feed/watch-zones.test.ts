import { afterEach, beforeEach, expect, test } from 'bun:test'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { watchZones, type ZoneWatch } from './watch-zones.ts'

const id = (n: number): string => n.toString(16).padStart(32, '0')
const ALL = 'everything'

let store: Store
let watch: ZoneWatch
const seen: string[] = []
let faults: unknown[] = []

beforeEach(async () => {
  store = await openStore({ file: ':memory:' })
  await store.migrate()
  seen.length = 0
  faults = []
})
afterEach(async () => {
  await watch.stop()
  await store.close()
})

async function start(everyMs?: number, fail: () => boolean = () => false): Promise<void> {
  watch = watchZones(
    store,
    async (zoneIds) => {
      if (fail()) throw new Error('the database is gone')
      seen.push(zoneIds === undefined ? ALL : zoneIds.map((zoneId) => Number(`0x${zoneId}`)).join(' '))
    },
    (error) => faults.push(error),
    everyMs,
  )
  await watch.started
}
const append = (...zones: number[]) =>
  store.transaction((tx) =>
    tx.appendFeedEntries(zones.map((zone) => ({ zoneId: id(zone), serial: 1, payload: new Uint8Array(1) }))),
  )
async function until(isTrue: () => boolean): Promise<void> {
  const end = Date.now() + 60_000
  while (!isTrue() && Date.now() < end) await Bun.sleep(5)
  expect(isTrue()).toBe(true)
}

test('everything is looked at first, then each zone that changes', async () => {
  await append(1, 2)
  await start()
  expect(seen).toEqual([ALL])
  await append(3)
  await until(() => seen.length === 2)
  await append(4, 4, 4)
  await until(() => seen.length === 3)
  expect(seen).toEqual([ALL, '3', '4'])
})

test('everything is looked at again when entries were dropped before they were read', async () => {
  const gate = Promise.withResolvers<void>()
  watch = watchZones(
    store,
    async (zoneIds) => {
      await gate.promise
      seen.push(zoneIds === undefined ? ALL : 'some')
    },
    (error) => faults.push(error),
  )
  await append(1)
  const last = await append(5, 6)
  await store.transaction((tx) => tx.trimFeed(last))
  await append(7)
  gate.resolve()
  await until(() => seen.length === 2)
  expect(seen).toEqual([ALL, ALL])
})

test('everything is looked at now and then', async () => {
  await start(40)
  await until(() => seen.length >= 3)
  expect(new Set(seen)).toEqual(new Set([ALL]))
})

test('after a failure everything is looked at again', async () => {
  let isGone = false
  await start(undefined, () => isGone)
  isGone = true
  await append(1)
  await until(() => faults.length === 1)
  isGone = false
  await until(() => seen.length === 2)
  expect(seen).toEqual([ALL, ALL])
})
