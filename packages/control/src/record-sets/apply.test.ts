import { afterEach, beforeEach, expect, test } from 'bun:test'
import { type OctetWriter, OP_GROUP } from '@waymark/dns/feed-codec'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { createZone } from '../zones/zones.ts'
import { applyDrafts } from './apply.ts'
import type { Door, RecordSetDraft } from './draft.ts'
import { testDraft } from './testing.ts'

let bed: TestBed
let zoneId: string
beforeEach(async () => {
  bed = await openTestBed()
  zoneId = (await createZone(bed.context, TENANT, { name: 'shop.example' })).id
})
afterEach(() => bed.close())

const apply = (drafts: readonly Partial<RecordSetDraft>[], commit = true, door: Door = 'batch') =>
  bed.store.transaction(async (tx) => {
    const zone = (await tx.lockZone(TENANT, zoneId))!
    return applyDrafts(tx, bed.context, zone, drafts.map(testDraft), { door, commit })
  })

const zone = async () => (await bed.store.findZone(TENANT, zoneId))!
const feed = async () => {
  const { newest } = await bed.store.feedBounds()
  return (await bed.store.readFeed(newest - 1, 1))[0]!
}

const MIXED: readonly Partial<RecordSetDraft>[] = [
  {},
  { name: 'mail.shop.example.', type: 'MX', records: ['5 mx.example.net.'] },
  { type: 'CNAME', records: ['cdn.example.net.'] },
  { records: ['not an address'] },
  {},
  { name: 'a.www.shop.example.', type: 'TXT', records: ['"x"'] },
]

test('accepted drafts are stored, refused ones stop nobody', async () => {
  const { verdicts } = await apply(MIXED)
  expect(verdicts.map((verdict) => verdict.ok || verdict.failure.code)).toEqual([
    true,
    true,
    'DNS.0312',
    'DNS.0308',
    'DNS.0312',
    true,
  ])
  const stored = await bed.recordSets(await zone())
  expect(stored.filter((set) => !set.isDefault).map((set) => set.owner)).toEqual([
    'a.www.shop.example.',
    'mail.shop.example.',
    'www.shop.example.',
  ])
  expect((await zone()).recordCount).toBe(5)
})

test('a dry run gives the very verdicts of the commit and writes nothing', async () => {
  const before = await zone()
  const dry = await apply(MIXED, false)
  expect(dry.feedSeq).toBe(0)
  expect(await zone()).toEqual(before)
  const real = await apply(MIXED)
  const codes = (applied: typeof dry) =>
    applied.verdicts.map((verdict) => (verdict.ok ? verdict.row.owner : verdict.failure))
  expect(codes(real)).toEqual(codes(dry))
})

test('serial and revision grow once per call, with one feed entry that names every group', async () => {
  const before = await zone()
  const { zone: after, feedSeq } = await apply(MIXED)
  expect(after.serial).toBe(before.serial + 1)
  expect(after.revision).toBe(before.revision + 1)
  expect(await zone()).toEqual({ ...after, recordCount: 5 })
  const entry = await feed()
  expect(entry).toMatchObject({ seq: feedSeq, zoneId, serial: after.serial })
  expect(entry.payload[0]).toBe(OP_GROUP)
})

test('a call that changes nothing that is answered raises the revision alone', async () => {
  const before = await zone()
  const url = { name: 'old.shop.example.', type: 'REDIRECT_URL', records: ['https://x.example.net/'] }
  const { zone: after, feedSeq } = await apply([url])
  expect(feedSeq).toBe(0)
  expect(after).toMatchObject({ serial: before.serial, revision: before.revision + 1 })
  const refused = await apply([{ type: 'NOPE' }])
  expect(refused.zone).toEqual({ ...after, recordCount: 3 })
})

test('the group of a weighted set is published whole', async () => {
  await apply([{ records: ['192.0.2.1'] }])
  await apply([{ records: ['192.0.2.2'], weight: 3 }])
  const { payload } = await feed()
  const variants = (octets: OctetWriter['octets']) => octets[1 + 1 + 18 + 2 + 1]
  expect(variants(payload)).toBe(2)
})

test('what stands in the zone is seen, also by names above and below', async () => {
  await apply([{ name: 'd.shop.example.', type: 'DNAME', records: ['x.example.net.'] }])
  await apply([{ name: 'b.c.shop.example.' }])
  const { verdicts } = await apply([
    { name: 'x.y.d.shop.example.' },
    { name: 'c.shop.example.', type: 'DNAME', records: ['x.example.net.'] },
    { name: 'shop.example.', type: 'DNAME', records: ['x.example.net.'] },
  ])
  expect(verdicts.map((verdict) => verdict.ok || verdict.failure.code)).toEqual([
    'DNS.0312',
    'DNS.0308',
    'DNS.0308',
  ])
})

test('a frozen zone refuses every draft, a paused one none', async () => {
  for (const [status, code] of [
    ['FREEZE', 'DNS.2006'],
    ['POLICE', 'DNS.2006'],
    ['ERROR', 'DNS.0209'],
    ['DISABLE', true],
  ] as const) {
    const current = await zone()
    await bed.store.transaction((tx) => tx.updateZone({ ...current, status }))
    const { verdicts } = await apply([{}])
    expect(verdicts.map((verdict) => verdict.ok || verdict.failure.code)).toEqual([code])
  }
})

test('the quota of the account counts what its zones hold, but not what came with them', async () => {
  const settings = { ...bed.context.settings, recordSetQuota: 2 }
  const context = { ...bed.context, settings }
  const drafts = ['a', 'b', 'c'].map((label) => testDraft({ name: `${label}.shop.example.` }))
  const { verdicts } = await bed.store.transaction(async (tx) =>
    applyDrafts(tx, context, (await tx.lockZone(TENANT, zoneId))!, drafts, { door: 'v2', commit: true }),
  )
  expect(verdicts.map((verdict) => verdict.ok || verdict.failure.code)).toEqual([true, true, 'DNS.0403'])
})
