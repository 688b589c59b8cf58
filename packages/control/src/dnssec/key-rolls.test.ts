import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { startNameServer } from '../dns-client/testing.ts'
import { ApiError, ERRORS } from '../errors.ts'
import { startTestPlatform, type TestPlatform } from '../http/test-platform.ts'
import { createZone } from '../zones/zones.ts'
import { confirmDs, rollKey } from './key-rolls.ts'
import { dnssecKeyRoutes } from './key-routes.ts'
import { dnssecRoutes } from './routes.ts'
import { rollOldKeys } from './scheduled-rolls.ts'
import { disableDnssec, enableDnssec, showDnssec } from './zone-signing.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const TENANT = { domainId: 'd'.repeat(32), projectId: 'a'.repeat(32) }

let platform: TestPlatform
let zoneId: string
beforeEach(async () => {
  platform = await startTestPlatform(() => [])
  zoneId = (await createZone(platform.context, TENANT, { name: 'rolled.example' })).id
  await enableDnssec(platform.context, TENANT, zoneId)
})
afterEach(() => platform.stop())

const roll = (role: 'ksk' | 'zsk') => rollKey(platform.context, TENANT, zoneId, role)
const confirm = () => confirmDs(platform.context, TENANT, zoneId)
const keys = async () => (await showDnssec(platform.context, TENANT, zoneId)).keys
const codeOf = async (call: Promise<unknown>) => {
  const error = await call.catch((thrown) => thrown)
  return error instanceof ApiError ? error.failure.code : 'ok'
}
async function body(path: string) {
  const route = [...dnssecRoutes, ...dnssecKeyRoutes].find(
    (each) => each.path.endsWith(path) && each.method === 'GET',
  )
  const reply = await route!.handler(
    { tenant: TENANT, params: { zone_id: zoneId } } as never,
    platform.context,
  )
  // biome-ignore lint/suspicious/noExplicitAny: the body of an answer is looked into
  return (reply as any).json
}

describe('a ZSK', () => {
  test('is published before it signs, and the old one goes when nobody can need it', async () => {
    const start = platform.context.now()
    const [ksk, old] = await keys()
    await roll('zsk')
    const [, retired, made] = await keys()
    expect(made!.flags).toBe(256)
    expect(made!.publicKey).not.toEqual(old!.publicKey)
    expect(made!.activeAt - made!.publishedAt).toBe(2 * HOUR)
    expect(made!.publishedAt).toBeGreaterThanOrEqual(start)
    expect([retired!.id, retired!.retiredAt]).toEqual([old!.id, made!.activeAt])
    expect(retired!.removedAt! - retired!.retiredAt!).toBe(8 * DAY)
    expect((await keys())[0]).toEqual(ksk!)
  })

  test('is not rolled again before it signs; then keys that are gone are dropped', async () => {
    await roll('zsk')
    expect(await codeOf(roll('zsk'))).toBe(ERRORS.KEY_ROLL_RUNNING.code)
    platform.advance(2 * HOUR + 1)
    await roll('zsk')
    expect(await keys()).toHaveLength(4)
    platform.advance(30 * DAY)
    await roll('zsk')
    expect(await keys()).toHaveLength(3)
  })
})

describe('a KSK', () => {
  test('stands beside the old one until its DS is confirmed', async () => {
    const before = await body('/v2/zones/{zone_id}/dnssec')
    await roll('ksk')
    const during = await body('/waymark/v1/zones/{zone_id}/dnssec')
    expect(during.ds_records).toHaveLength(2)
    expect(during.ds_records[0]).toBe(before.ds_record)
    const shown = await body('/v2/zones/{zone_id}/dnssec')
    expect(shown.ds_record).toBe(during.ds_records[1])
    expect(await codeOf(roll('ksk'))).toBe(ERRORS.KEY_ROLL_RUNNING.code)

    await confirm()
    const after = await body('/waymark/v1/zones/{zone_id}/dnssec')
    expect(after.ds_records).toEqual([shown.ds_record])
    const states = after.keys.map(({ role, state }: { role: string; state: string }) => `${role} ${state}`)
    expect(states.toSorted()).toEqual(['ksk ACTIVE', 'ksk ACTIVE', 'zsk ACTIVE'])
    platform.advance(2 * DAY + 1)
    const later = await body('/waymark/v1/zones/{zone_id}/dnssec')
    expect(later.keys.map(({ state }: { state: string }) => state).toSorted()).toEqual([
      'ACTIVE',
      'ACTIVE',
      'REMOVED',
    ])
  })

  test('that is not rolled has nothing to confirm', async () => {
    expect(await codeOf(confirm())).toBe(ERRORS.KEY_ROLL_ABSENT.code)
  })
})

test('ZSKs that have signed for as many days as the setting says are rolled, once each', async () => {
  const { context } = platform
  const settings = { ...context.settings, dnssecZskDays: 30 }
  const round = () => rollOldKeys({ ...context, settings })
  await createZone(context, TENANT, { name: 'unsigned.example' })
  expect(await round()).toEqual([])
  platform.advance(31 * DAY)
  expect(await round()).toEqual([zoneId])
  expect(await round()).toEqual([])
  platform.advance(29 * DAY)
  expect(await round()).toEqual([])
  platform.advance(2 * DAY)
  expect(await round()).toEqual([zoneId])
  expect((await keys()).map(({ flags }) => flags).toSorted()).toEqual([256, 256, 257])
})

test('each step tells the edges', async () => {
  const newest = async () => (await platform.context.store.feedBounds()).newest
  for (const step of [() => roll('zsk'), () => roll('ksk'), confirm]) {
    const before = await newest()
    await step()
    expect(await newest()).toBe(before + 1)
  }
})

test('a zone that is not signed has no keys to roll', async () => {
  await disableDnssec(platform.context, TENANT, zoneId)
  for (const call of [roll('zsk'), roll('ksk'), confirm()])
    expect(await codeOf(call)).toBe(ERRORS.DNSSEC_NOT_ENABLED.code)
  expect(await body('/waymark/v1/zones/{zone_id}/dnssec')).toMatchObject({ status: 'DISABLE', keys: [] })
})

test('new keys have the algorithm of the zone, whatever the setting says by then', async () => {
  const { context } = platform
  const other = { ...context, settings: { ...context.settings, dnssecAlgorithm: 15 } }
  expect((await rollKey(other, TENANT, zoneId, 'ksk')).keys.map(({ algorithm }) => algorithm)).toEqual([
    13, 13, 13,
  ])
  const fresh = await createZone(other, TENANT, { name: 'ed25519.example' })
  const made = await enableDnssec(other, TENANT, fresh.id)
  expect(made.keys.map(({ algorithm, publicKey }) => [algorithm, publicKey.length])).toEqual([
    [15, 32],
    [15, 32],
  ])
})

test('DNSSEC stays while the parent has a DS, where the setting says so', async () => {
  const server = await startNameServer()
  const { context } = platform
  const settings = { ...context.settings, resolvers: [server.address], dnssecKeepWhileDs: true }
  const disable = () => disableDnssec({ ...context, settings }, TENANT, zoneId)
  try {
    server.set('rolled.example.', 'DS', `1 13 2 ${'ab'.repeat(32)}`)
    expect(await codeOf(disable())).toBe(ERRORS.DNSSEC_DS_EXISTS.code)
    expect(await keys()).toHaveLength(2)
    server.set('rolled.example.', 'DS')
    expect(await codeOf(disable())).toBe('ok')
    expect(await keys()).toEqual([])
  } finally {
    server.stop()
  }
})
