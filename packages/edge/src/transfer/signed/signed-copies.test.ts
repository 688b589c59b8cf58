import { beforeEach, expect, test } from 'bun:test'
import { OP_ZONE_REMOVED } from '@waymark/dns/feed-codec'
import { LiveTable } from '../../source/live-table.ts'
import { testKeys } from '../../testing/keys.ts'
import { frame, groupsFrame, SOA_AND_NS, zoneFrame, zoneIdOf } from '../../testing/zone-text.ts'
import type { TableObserver } from '../../zone-table/observer.ts'
import { SignedCopies } from './signed-copies.ts'

const NAMES = 300
const rows = Array.from({ length: NAMES }, (_, i) => `h${i} 300 A 192.0.2.${i & 255}`)
const TEXT = `${SOA_AND_NS}\n${rows.join('\n')}\n`
const KEYS = testKeys()
const ZONES = ['a.example', 'b.example', 'c.example']

let table: LiveTable
let copies: SignedCopies
beforeEach(() => {
  table = new LiveTable(() => {})
  open()
  for (const apex of ZONES) table.apply(zoneFrame({ apex, text: TEXT, keys: KEYS }), 0)
})

function open(maxBytes?: number): void {
  const silent = { info() {}, warn() {}, error() {} }
  copies = new SignedCopies(table, silent, Date.now, maxBytes)
  const observer: TableObserver = {
    groupReplaced: (zone, node, type) => copies.groupReplaced(zone, node, type),
    zoneChanged: (zone) => copies.zoneChanged(zone),
    committing() {},
  }
  table.writer.observer = observer
}

const take = (apex: string) => copies.current(zoneIdOf(apex))
/** Signatures made by a call. */
async function made(call: () => Promise<unknown>): Promise<number> {
  const before = copies.signatures
  await call()
  return copies.signatures - before
}

test('a copy is made once, however many ask for it at the same time', async () => {
  // A and NSEC of each name; NS, SOA, NSEC and the three sets of the keys at the apex.
  const whole = await made(() => Promise.all([take(ZONES[0]!), take(ZONES[0]!), take(ZONES[0]!)]))
  expect(whole).toBe(NAMES * 2 + 6)
  expect(await made(() => take(ZONES[0]!))).toBe(0)
})

test('who asks while the zone changes gets at least what it was then', async () => {
  const early = take(ZONES[0]!)
  await Bun.sleep(3)
  table.apply(groupsFrame(ZONES[0]!, 'new 300 A 192.0.2.1', 2, 2), 0)
  const late = take(ZONES[0]!)
  expect((await late)!.copy.serial).toBe(2)
  expect([1, 2]).toContain((await early)!.copy.serial)
})

test('a zone that changes in more names than are remembered keeps the signatures of the others', async () => {
  await take(ZONES[0]!)
  const many = Array.from({ length: 10_001 }, (_, i) => `m${i} 300 A 192.0.2.1`).join('\n')
  table.apply(groupsFrame(ZONES[0]!, many, 2, 2), 0)
  // A and NSEC of each, those of the name before them, and the SOA record.
  expect(await made(() => take(ZONES[0]!))).toBe(10_001 * 2 + 2)
}, 60_000)

test('another table with the same zones makes no signatures', async () => {
  await take(ZONES[0]!)
  const draft = table.draft()
  draft.applier.apply(zoneFrame({ apex: ZONES[0]!, text: TEXT, keys: KEYS }), 0)
  copies.tableReplaced()
  table.adopt(draft, 'other', 9)
  expect(await made(() => take(ZONES[0]!))).toBe(0)
  expect(await take(ZONES[1]!)).toBeUndefined()
})

test('the copy that was not wanted for longest is forgotten when they take too much memory', async () => {
  const { copy } = (await take(ZONES[0]!))!
  open(copy.sizeBytes * 2.5)
  for (const apex of ZONES.slice(0, 2)) await take(apex)
  expect(await made(() => take(ZONES[0]!))).toBe(0)
  await take(ZONES[2]!)
  expect(copies.sizeBytes).toBeLessThan(copy.sizeBytes * 2.5)
  expect(await made(() => take(ZONES[0]!))).toBe(0)
  expect(await made(() => take(ZONES[1]!))).toBeGreaterThan(NAMES)
  open(1)
  // The one that is wanted stays, whatever its size.
  await take(ZONES[0]!)
  expect(await made(() => take(ZONES[0]!))).toBe(0)
})

test('a zone that is gone leaves nothing behind', async () => {
  await take(ZONES[0]!)
  table.apply(
    frame(2, zoneIdOf(ZONES[0]!), 1, (payload) => payload.u8(OP_ZONE_REMOVED)),
    0,
  )
  expect(copies.sizeBytes).toBe(0)
  expect(await take(ZONES[0]!)).toBeUndefined()
})
