import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { RecordSet, Zone } from '../store/store.ts'
import { openTestBed, type TestBed } from '../tasks/testing.ts'
import { applyDrafts } from './apply.ts'
import type { RecordSetDraft } from './draft.ts'
import { RecordSetChanges } from './record-set-changes.ts'
import { testDraft } from './testing.ts'

let bed: TestBed
let shop: Zone
let news: Zone
beforeEach(async () => {
  bed = await openTestBed()
  shop = await bed.createZone('shop.example.')
  news = await bed.createZone('news.example.')
})
afterEach(() => bed.close())

const draft = (zone: Zone, label: string, fields: Partial<RecordSetDraft> = {}): RecordSetDraft =>
  testDraft({ name: `${label}.${zone.name}`, ...fields })

/** Runs `work` with both zones locked and everything at these labels loaded, then writes. */
const change = (
  labels: readonly string[],
  work: (changes: RecordSetChanges) => void,
  dnameLabels: readonly string[] = [],
): Promise<number> =>
  bed.store.transaction(async (tx) => {
    const zones = await tx.lockPublicZones(shop, [shop.apex, news.apex])
    const changes = await RecordSetChanges.open(
      tx,
      bed.context,
      'v2.1',
      zones.map((zone) => ({
        zone,
        owners: labels.map((label) => `${label}.${zone.apex}`),
        dnameOwners: () => dnameLabels.map((label) => `${label}.${zone.apex}`),
      })),
    )
    work(changes)
    return changes.write()
  })

const named = (changes: RecordSetChanges, zone: Zone, label: string): RecordSet =>
  changes.setsAt(zone, `${label}.${zone.apex}`)[0]!

const lines = async (zone: Zone): Promise<string[]> =>
  (await bed.recordSets(zone)).map(({ name, records }) => `${name} ${records.join()}`)

describe('changes to record sets of several zones', () => {
  test('are written together, one serial and one feed entry a zone', async () => {
    const last = await change(['a', 'b'], (changes) => {
      for (const zone of [shop, news])
        for (const label of ['a', 'b']) expect(changes.create(zone, draft(zone, label)).ok).toBe(true)
    })
    expect(last).toBe(2)
    for (const zone of [shop, news]) {
      const { serial, revision, recordCount } = (await bed.store.findZone(zone, zone.id))!
      expect([serial, revision, recordCount]).toEqual([2, 2, 2])
    }
  })

  test('publish what single changes publish', async () => {
    await change(['a'], (changes) => {
      changes.create(shop, draft(shop, 'a', { weight: 1 }))
      changes.create(shop, draft(shop, 'a', { weight: 2, records: ['192.0.2.11'] }))
    })
    await bed.store.transaction(async (tx) => {
      const zone = (await tx.lockZone(news, news.id))!
      const drafts = [1, 2].map((n) => draft(news, 'a', { weight: n, records: [`192.0.2.${9 + n}`] }))
      await applyDrafts(tx, bed.context, zone, drafts, { door: 'v2.1', commit: true })
    })
    const [many, single] = await bed.store.readFeed(0, 9)
    const text = (payload: Uint8Array) => Buffer.from(payload).toString('latin1').replace('news', 'shop')
    expect(text(many!.payload)).toBe(text(single!.payload))
  })

  test('to the same set add up: only the last state is written, and nothing of a set that came and went', async () => {
    await change(['a', 'b'], (changes) => {
      changes.create(shop, draft(shop, 'a'))
      changes.create(shop, draft(shop, 'b'))
    })
    await change(['a', 'b', 'c', 'd', 'e'], (changes) => {
      const made = changes.create(shop, draft(shop, 'c'))
      if (!made.ok) throw new Error(made.failure.message)
      changes.update(shop, made.row, draft(shop, 'd'))
      changes.update(shop, named(changes, shop, 'a'), draft(shop, 'e'))
      changes.update(shop, named(changes, shop, 'e'), draft(shop, 'e', { records: ['192.0.2.7'] }))
      changes.update(shop, named(changes, shop, 'b'), draft(shop, 'c'))
      expect(changes.remove(shop, named(changes, shop, 'c'))).toBeUndefined()
      changes.create(news, draft(news, 'a'))
      changes.remove(news, named(changes, news, 'a'))
    })
    expect(await lines(shop)).toEqual(['d.shop.example. 192.0.2.10', 'e.shop.example. 192.0.2.7'])
    expect(await lines(news)).toEqual([])
    expect((await bed.store.findZone(shop, shop.id))!.recordCount).toBe(2)
    expect((await bed.store.findZone(news, news.id))!.recordCount).toBe(0)
  })

  test('see each other: a place that one left is free, one that a refused change kept is not', async () => {
    await change(['a', 'b'], (changes) => {
      changes.create(shop, draft(shop, 'a'))
      changes.create(shop, draft(shop, 'b', { type: 'CNAME', records: ['x.example.'] }))
    })
    await change(['a', 'b', 'c'], (changes) => {
      const a = named(changes, shop, 'a')
      expect(changes.update(shop, a, draft(shop, 'b')).ok).toBe(false)
      const cname = (label: string) => draft(shop, label, { type: 'CNAME', records: ['y.example.'] })
      expect(changes.create(shop, cname('a')).ok).toBe(false)
      expect(changes.update(shop, a, draft(shop, 'c')).ok).toBe(true)
      expect(changes.create(shop, cname('a')).ok).toBe(true)
    })
    expect(await lines(shop)).toEqual([
      'a.shop.example. y.example.',
      'b.shop.example. x.example.',
      'c.shop.example. 192.0.2.10',
    ])
  })

  test('know the names below a DNAME', async () => {
    await change(['x.a', 'b'], (changes) => {
      changes.create(shop, draft(shop, 'x.a'))
      changes.create(shop, draft(shop, 'b', { type: 'DNAME', records: ['other.example.'] }))
    })
    const dname = { type: 'DNAME', records: ['other.example.'] }
    await change(
      ['a', 'y.b', 'c'],
      (changes) => {
        expect(changes.create(shop, draft(shop, 'a', dname)).ok).toBe(false)
        expect(changes.create(shop, draft(shop, 'y.b')).ok).toBe(false)
        expect(changes.create(shop, draft(shop, 'c', dname)).ok).toBe(true)
      },
      ['a', 'c'],
    )
  })

  test('that nothing came of leave every zone and the log as they are', async () => {
    const last = await change(['a'], (changes) => {
      expect(changes.create(shop, draft(shop, 'a', { records: ['bad'] })).ok).toBe(false)
    })
    expect(last).toBe(0)
    expect((await bed.store.findZone(shop, shop.id))!.revision).toBe(1)
    expect((await bed.store.feedBounds()).newest).toBe(0)
  })
})
