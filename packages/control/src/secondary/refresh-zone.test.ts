import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { OP_ZONE_EMPTIED } from '@waymark/dns/feed-codec'
import type { ResourceRecord } from '@waymark/dns/message/message'
import { TYPE_AXFR, TYPE_IXFR, TYPE_SOA } from '@waymark/dns/rr-types/type-codes'
import { zone as sampleZone } from '../store/samples.ts'
import type { TransferTry } from '../store/secondary-calls.ts'
import type { Zone } from '../store/store.ts'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { ASK_LIMITS } from './ask-primary.ts'
import { type Refreshing, refreshZone } from './refresh-zone.ts'
import { framed, recordsOf, startTestPrimary, type TestPrimary } from './testing.ts'
import { untried } from './untried.ts'

let bed: TestBed
let primary: TestPrimary
let zone: Zone
let now: number
let refreshing: Refreshing

beforeEach(async () => {
  bed = await openTestBed()
  primary = await startTestPrimary()
  now = 1_700_000_000_000
  refreshing = {
    context: { store: bed.store, newId: bed.context.newId, now: () => now },
    keyOf: async () => undefined,
    limits: ASK_LIMITS,
    random: () => 0,
  }
  zone = sampleZone({
    ...{ id: bed.context.newId(), apex: 'zone.example.', serial: 0, ...TENANT },
    primaries: [{ host: '127.0.0.1', port: primary.port, key: null }],
  })
  await bed.store.transaction(async (tx) => {
    await tx.insertZone(zone)
    await tx.putTransfer(untried(zone.id, now))
  })
})
afterEach(async () => {
  await primary.stop()
  await bed.close()
})

const soa = (serial: number): ResourceRecord =>
  recordsOf(`zone.example. 600 SOA ns1.zone.example. desk.zone.example. ${serial} 3600 600 86400 60`)[0]!
const a = (owner: string, last: number): ResourceRecord =>
  recordsOf(`${owner}.zone.example. 300 A 192.0.2.${last}`)[0]!
const ns = recordsOf('zone.example. 300 NS ns1.else.example.')[0]!

/** Answers each type of question with these records. */
function serve(answers: { soa?: ResourceRecord[]; ixfr?: ResourceRecord[]; axfr?: ResourceRecord[] }): void {
  primary.answer = (query, socket) => {
    const { type } = query.questions[0]!
    const records = { [TYPE_SOA]: answers.soa, [TYPE_IXFR]: answers.ixfr, [TYPE_AXFR]: answers.axfr }[type]
    if (records !== undefined) socket.write(framed(query, records))
    else socket.write(framed(query, [], { header: { ...query.header, isResponse: true, rcode: 4 } }))
  }
}
const whole = (serial: number, ...records: ResourceRecord[]) => [soa(serial), ns, ...records, soa(serial)]

async function refresh(reason: TransferTry['reason'] = 'timer') {
  const refreshed = await refreshZone(refreshing, TENANT, zone.id, reason)
  return refreshed!
}
const sets = async (): Promise<string[]> =>
  (await bed.recordSets(zone)).map(({ owner, type, records }) => `${owner} ${type} ${records}`)
const lastEntry = async () => {
  const { newest } = await bed.store.feedBounds()
  return { seq: newest, entry: (await bed.store.readFeed(newest - 1, 1))[0] }
}

describe('a secondary zone', () => {
  test('takes over the zone, its serial and the times of its SOA', async () => {
    serve({ axfr: whole(7, a('www', 1), a('www', 2)) })
    const { zone: after, state, made } = await refresh('created')
    expect(after).toMatchObject({ serial: 7, status: 'ACTIVE', email: 'desk@zone.example', ttl: 600 })
    expect(made).toMatchObject({ outcome: 'axfr', records: 4, serial: 7, error: null })
    expect(state).toMatchObject({ nextAt: now + 3_600_000, expiresAt: now + 86_400_000, failures: 0 })
    expect(await sets()).toEqual([
      'www.zone.example. A 192.0.2.1,192.0.2.2',
      'zone.example. NS ns1.else.example.',
      'zone.example. SOA ns1.zone.example. desk.zone.example. (7 3600 600 86400 60)',
    ])
    expect((await lastEntry()).entry!.serial).toBe(7)
  })

  test('is left as it is while the primary has nothing newer', async () => {
    serve({ axfr: whole(7, a('www', 1)), soa: [soa(7)] })
    await refresh()
    const { seq } = await lastEntry()
    now += 3_600_000
    const { state, made } = await refresh()
    expect(made.outcome).toBe('current')
    expect(state).toMatchObject({
      checkedAt: now,
      transferredAt: now - 3_600_000,
      expiresAt: now + 86_400_000,
    })
    expect((await lastEntry()).seq).toBe(seq)
  })

  test('does not go back to an older serial', async () => {
    serve({ axfr: whole(7, a('www', 1)), soa: [soa(6)] })
    await refresh()
    const { made, zone: after } = await refresh()
    expect(made.error).toBe('The primary has serial 6, not newer than 7 here.')
    expect(after.serial).toBe(7)
  })

  test('applies differences of several steps as one change', async () => {
    serve({ axfr: whole(7, a('www', 1), a('old', 1)) })
    await refresh()
    const { seq } = await lastEntry()
    const steps = [
      soa(9),
      soa(7),
      a('old', 1),
      soa(8),
      a('mid', 1),
      soa(8),
      a('mid', 1),
      soa(9),
      a('www', 2),
      soa(9),
    ]
    serve({ soa: [soa(9)], ixfr: steps })
    const { made, zone: after } = await refresh()
    expect(made).toMatchObject({ outcome: 'ixfr', records: 4, error: null })
    expect(after.serial).toBe(9)
    expect(await sets()).toEqual([
      'www.zone.example. A 192.0.2.1,192.0.2.2',
      'zone.example. NS ns1.else.example.',
      'zone.example. SOA ns1.zone.example. desk.zone.example. (9 3600 600 86400 60)',
    ])
    expect((await lastEntry()).seq).toBe(seq + 1)
  })

  test.each<[string, ResourceRecord[] | undefined, string]>([
    ['does not know IXFR', undefined, 'as IXFR failed: The primary answers NOTIMP.'],
    [
      'removes what is not here',
      [soa(9), soa(7), a('no', 1), soa(9), soa(9)],
      'no.zone.example. has no such A record here.',
    ],
    [
      'adds what is here',
      [soa(9), soa(7), soa(9), a('www', 1), soa(9)],
      'www.zone.example. has this A record already.',
    ],
    ['skips a serial', [soa(9), soa(8), soa(9), soa(9)], 'A step begins at serial 8, where 7 is expected.'],
  ])('is transferred whole when its primary %s', async (_, ixfr, why) => {
    serve({ axfr: whole(7, a('www', 1)) })
    await refresh()
    serve({ soa: [soa(9)], ixfr, axfr: whole(9, a('www', 9)) })
    const { made } = await refresh()
    expect(made.outcome).toBe('axfr')
    expect(made.error).toContain(why)
    expect((await sets())[0]).toBe('www.zone.example. A 192.0.2.9')
  })

  test('keeps what it has when a transfer is broken, and says why', async () => {
    serve({ axfr: whole(7, a('www', 1)) })
    await refresh()
    const before = await sets()
    const { seq } = await lastEntry()
    serve({ soa: [soa(9)], axfr: [soa(9), ...recordsOf('www.victim.example. 1 A 192.0.2.66')] })
    const { made, state, zone: after } = await refresh()
    expect(made).toMatchObject({
      outcome: 'failed',
      error: 'The A record of www.victim.example. lies outside of zone.example.',
    })
    expect(state).toMatchObject({ failures: 1, nextAt: now + 600_000 })
    expect(after.serial).toBe(7)
    expect(await sets()).toEqual(before)
    expect((await lastEntry()).seq).toBe(seq)
  })

  test('is answered no longer once it has expired, and again when a primary is back', async () => {
    serve({ axfr: whole(7, a('www', 1)) })
    await refresh()
    await primary.stop()
    now += 86_399_999
    const { state: last } = await refresh()
    expect(last.nextAt).toBe(now + 1)
    now += 1
    const { zone: expired, state } = await refresh()
    expect(expired.status).toBe('ERROR')
    expect(state.expiresAt).toBeNull()
    expect((await lastEntry()).entry!.payload[0]).toBe(OP_ZONE_EMPTIED)
    expect((await bed.recordSets(zone)).map(({ status }) => status)).toEqual(['ERROR', 'ERROR', 'ERROR'])

    primary = await startTestPrimary()
    serve({ axfr: whole(7, a('www', 1)) })
    const primaries = [{ host: '127.0.0.1', port: primary.port, key: null }]
    await bed.store.transaction((tx) => tx.updateZone({ ...expired, primaries }))
    const { zone: back } = await refresh()
    expect(back).toMatchObject({ status: 'ACTIVE', serial: 7 })
    expect((await bed.recordSets(zone)).map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE'])
    expect((await lastEntry()).entry!.payload.length).toBeGreaterThan(100)
  })

  test('asks its primaries in order, and the next where one fails', async () => {
    const closed = await startTestPrimary()
    await closed.stop()
    const primaries = [{ host: '127.0.0.1', port: closed.port, key: null }, ...zone.primaries]
    await bed.store.transaction((tx) => tx.updateZone({ ...zone, primaries }))
    serve({ axfr: whole(7, a('www', 1)) })
    expect((await refresh()).made).toMatchObject({ outcome: 'axfr', primary: `127.0.0.1:${primary.port}` })
    const named = { host: '127.0.0.1', port: primary.port, key: 'absent.example.' }
    await bed.store.transaction((tx) => tx.updateZone({ ...zone, primaries: [named] }))
    expect((await refresh()).made.error).toBe('There is no TSIG key absent.example. here.')
  })

  test('leaves out what the primary signed with, and counts it', async () => {
    const key = recordsOf('zone.example. 300 DNSKEY 257 3 13 AAAA')[0]!
    serve({ axfr: whole(7, a('www', 1), key) })
    expect((await refresh()).state.leftOut).toEqual({ DNSKEY: 1 })
    expect((await sets()).some((set) => set.includes('DNSKEY'))).toBe(false)
    serve({ soa: [soa(8)], ixfr: [soa(8), soa(7), key, soa(8), soa(8)] })
    const { made, state } = await refresh()
    expect(made.outcome).toBe('ixfr')
    expect(state.leftOut).toEqual({})
  })

  test('that has nothing yet is tried again soon, then ever more rarely', async () => {
    await primary.stop()
    const waits: number[] = []
    for (let n = 0; n < 4; n++) waits.push(((await refresh()).state.nextAt - now) / 1000)
    expect(waits).toEqual([5, 10, 20, 40])
    primary = await startTestPrimary()
  })
})

/** Record sets as they are edited here. */
const edited = (owner: string, line: string, weight: number | null, last: number) => ({
  ...{ id: bed.context.newId(), zoneId: zone.id, name: owner, owner, type: 'A', line, ttl: 300, weight },
  ...{
    records: [`192.0.2.${last}`],
    rdatas: Uint8Array.of(0, 1, 0, 4, 192, 0, 2, last),
    status: 'ACTIVE' as const,
  },
  ...{ isDefault: false, description: null, aliasTarget: null, tags: [], createdAt: now, updatedAt: null },
})

test('a zone that was edited here is answered on with what it holds while no primary can be asked', async () => {
  const www = edited('www.zone.example.', 'default_view', 1, 1)
  await bed.store.transaction((tx) => tx.insertRecordSets(zone.id, [www]))
  const { seq } = await lastEntry()
  await primary.stop()
  const { made, zone: after, state } = await refresh('created')
  expect(made.outcome).toBe('failed')
  expect(after.status).toBe('ACTIVE')
  expect(state).toMatchObject({ failures: 1, nextAt: now + 5000, expiresAt: null })
  expect((await lastEntry()).seq).toBe(seq)
  primary = await startTestPrimary()
})

test('a zone that was edited here becomes what the primary has, whatever stood in it', async () => {
  const www = 'www.zone.example.'
  await bed.store.transaction((tx) =>
    tx.insertRecordSets(zone.id, [
      edited(www, 'default_view', 1, 1),
      edited(www, 'default_view', 5, 2),
      edited(www, 'CN', 1, 3),
      edited('gone.zone.example.', 'default_view', 1, 4),
    ]),
  )
  serve({ axfr: whole(7, a('www', 1)) })
  await refresh()
  expect(await sets()).toEqual([
    'www.zone.example. A 192.0.2.1',
    'zone.example. NS ns1.else.example.',
    'zone.example. SOA ns1.zone.example. desk.zone.example. (7 3600 600 86400 60)',
  ])
})
