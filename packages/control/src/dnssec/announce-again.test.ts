import { afterEach, beforeEach, expect, test } from 'bun:test'
import { startTestPlatform, type TestPlatform } from '../http/test-platform.ts'
import { putDefaultAccess } from '../transfers/transfers.ts'
import { createZone } from '../zones/zones.ts'
import { announceAgain } from './announce-again.ts'
import { confirmDs, rollKey } from './key-rolls.ts'
import { disableDnssec, enableDnssec } from './zone-signing.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const TENANT = { domainId: 'd'.repeat(32), projectId: 'a'.repeat(32) }

let platform: TestPlatform
let zoneId: string
beforeEach(async () => {
  platform = await startTestPlatform(() => [])
  zoneId = (await createZone(platform.context, TENANT, { name: 'signed.example' })).id
  await createZone(platform.context, TENANT, { name: 'unsigned.example' })
})
afterEach(() => platform.stop())

const zone = async () => (await platform.context.store.findZone(TENANT, zoneId))!
const round = () => announceAgain(platform.context)
const openTransfers = () =>
  putDefaultAccess(platform.context, { allow: [{ cidr: '127.0.0.0/8' }], notify: [] })

test('the serial of a signed zone that may be transferred rises every five days, and nothing else of it changes', async () => {
  await openTransfers()
  await enableDnssec(platform.context, TENANT, zoneId)
  const before = await zone()
  const newest = async () => (await platform.context.store.feedBounds()).newest
  const told = await newest()
  platform.advance(5 * DAY - HOUR)
  expect(await round()).toEqual([])
  platform.advance(2 * HOUR)
  expect(await round()).toEqual([zoneId])
  expect(await round()).toEqual([])
  expect(await zone()).toEqual({ ...before, serial: before.serial + 1 })
  expect(await newest()).toBe(told + 1)
  platform.advance(6 * DAY)
  expect(await round()).toEqual([zoneId])
})

test('where nobody may have a zone no serial rises by itself', async () => {
  await enableDnssec(platform.context, TENANT, zoneId)
  platform.advance(30 * DAY)
  expect(await round()).toEqual([])
  await openTransfers()
  expect(await round()).toEqual([zoneId])
})

test('the serial rises when a key begins to sign, ends to, and goes', async () => {
  const { context } = platform
  await openTransfers()
  await enableDnssec(context, TENANT, zoneId)
  await rollKey(context, TENANT, zoneId, 'zsk')
  expect(await round()).toEqual([])
  platform.advance(2 * HOUR)
  expect(await round()).toEqual([])
  platform.advance(HOUR)
  expect(await round()).toEqual([zoneId])
  expect(await round()).toEqual([])
  platform.advance(4 * DAY)
  await rollKey(context, TENANT, zoneId, 'ksk')
  await confirmDs(context, TENANT, zoneId)
  platform.advance(2 * DAY + HOUR)
  expect(await round()).toEqual([zoneId])
  platform.advance(2 * DAY)
  expect(await round()).toEqual([zoneId])
  expect(await round()).toEqual([])
})

test('each change of keys raises the serial at once', async () => {
  const { context } = platform
  for (const step of [
    () => enableDnssec(context, TENANT, zoneId),
    () => rollKey(context, TENANT, zoneId, 'zsk'),
    () => rollKey(context, TENANT, zoneId, 'ksk'),
    () => confirmDs(context, TENANT, zoneId),
    () => disableDnssec(context, TENANT, zoneId),
  ]) {
    const { serial } = await zone()
    await step()
    expect((await zone()).serial).toBe(serial + 1)
  }
})
