import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { decodeRdatas } from '@waymark/dns/feed-codec'
import pino from 'pino'
import { packAddresses, UNRESOLVED } from '../record-sets/published-addresses.ts'
import { putPublished } from '../record-sets/put-published.ts'
import { openStore } from '../store/open.ts'
import { recordSet, zone } from '../store/samples.ts'
import type { RecordSet, Store } from '../store/store.ts'
import type { Finding } from './finding.ts'
import { followAliases } from './follow-aliases.ts'

const id = (n: number): string => n.toString(16).padStart(32, '0')
const home = zone({ id: id(1), apex: 'shop.example.' })
const sites = zone({ id: id(2), apex: 'sites.example.' })
const alias = (no: number, target: string, special: Partial<RecordSet> = {}): RecordSet =>
  recordSet(home, {
    ...{ id: id(no), owner: `a${no}.shop.example.`, records: [], rdatas: UNRESOLVED, ttl: 60 },
    aliasTarget: { resourceType: 'waf', resourceDomainName: target },
    ...special,
  })
const address = (last: number): Finding => ({
  ...{ kind: 'found', rdatas: [Uint8Array.of(192, 0, 2, last)], ttl: 60 },
})

let store: Store
let time = 1_700_000_000_000
let stop: () => Promise<void>
/** What is said outside, by name and type; a name that is not here is missing. */
let outside: Map<string, Finding>
const asked: string[] = []

beforeEach(async () => {
  store = await openStore({ file: ':memory:' })
  await store.migrate()
  outside = new Map()
  asked.length = 0
  await store.transaction(async (tx) => {
    await tx.insertZone(home)
    await tx.insertZone(sites)
  })
})
afterEach(async () => {
  await stop()
  await store.close()
})
async function start(): Promise<void> {
  const context = { store, log: pino({ level: 'silent' }), now: () => time }
  const following = await followAliases(context, async (name, type) => {
    asked.push(`${name} ${type}`)
    return outside.get(`${name} ${type}`) ?? { kind: 'missing' }
  })
  stop = following.stop
}
/** Adds sets as a change does, so that it is noticed. */
const insert = (...sets: RecordSet[]) =>
  store.transaction(async (tx) => {
    await tx.insertRecordSets(sets[0]!.zoneId, sets)
    await tx.appendFeed({ zoneId: sets[0]!.zoneId, serial: 1, payload: new Uint8Array() })
  })
/** What an alias is answered with: last octets of addresses, `none`, or `SERVFAIL`. */
async function answered(no: number): Promise<string> {
  const set = (await store.findRecordSet(home, home.id, id(no)))!
  if (set.rdatas === null) return 'none'
  const last = decodeRdatas(set.rdatas).map((rdata) => rdata.at(-1))
  return last.length === 0 ? 'SERVFAIL' : last.join(' ')
}
async function until(expected: string, ask: () => Promise<string> | string): Promise<void> {
  const end = Date.now() + 60_000
  while ((await ask()) !== expected && Date.now() < end) await Bun.sleep(5)
  expect(await ask()).toBe(expected)
}
/** Makes everything due that is kept for a minute at most, and waits until it has been looked up. */
async function minuteLater(): Promise<void> {
  time += 61_000
  const before = asked.length
  await insert(recordSet(home, { id: id(1000 + time), owner: 'wake.shop.example.', type: 'TXT' }))
  await until('asked', () => (asked.length > before ? 'asked' : 'waiting'))
  await Bun.sleep(20)
}

describe('aliases', () => {
  test('that were there before are looked up, and published once', async () => {
    outside.set('x.example.net. A', address(1))
    await insert(alias(10, 'x.example.net'), alias(11, 'gone.example.net'))
    const { newest } = await store.feedBounds()
    await start()
    await until('1', () => answered(10))
    await until('2', () => String(new Set(asked).size))
    expect(await answered(11)).toBe('SERVFAIL')
    expect((await store.feedBounds()).newest).toBe(newest + 1)
    expect(await store.findRecordSet(home, home.id, id(10))).toMatchObject({ records: [], updatedAt: null })
    expect((await store.findZone(home, home.id))!.serial).toBe(2)
  })

  test('that are new are looked up at once', async () => {
    await start()
    outside.set('x.example.net. AAAA', { kind: 'found', rdatas: [new Uint8Array(16).fill(7)], ttl: 60 })
    await insert(alias(10, 'X.example.net.', { type: 'AAAA' }))
    await until('7', () => answered(10))
  })

  test('of names that are kept here follow each change there', async () => {
    await start()
    await insert(alias(10, 'www.sites.example'), alias(11, 'a10.shop.example'))
    const target = recordSet(sites, { id: id(50), owner: 'www.sites.example.' })
    await insert(target)
    await until('1', () => answered(10))
    await until('1', () => answered(11))
    await putPublished(store, sites, sites.id, [target], () => packAddresses(['192.0.2.5', '192.0.2.4']))
    await until('4 5', () => answered(10))
    await store.transaction(async (tx) => {
      await tx.removeRecordSets(sites.id, [target.id])
      await tx.appendFeed({ zoneId: sites.id, serial: 9, payload: new Uint8Array() })
    })
    await until('SERVFAIL', () => answered(10))
    await until('SERVFAIL', () => answered(11))
    expect(asked).toEqual([])
  })

  test('are looked up again when the TTL is over, and not before', async () => {
    outside.set('x.example.net. A', address(1))
    await insert(alias(10, 'x.example.net'))
    await start()
    await until('1', () => answered(10))
    outside.set('x.example.net. A', address(2))
    await insert(recordSet(home, { id: id(99), owner: 'other.shop.example.' }))
    await Bun.sleep(60)
    expect(asked).toHaveLength(1)
    await minuteLater()
    await until('2', () => answered(10))
  })

  test('keep what they had while nobody can tell, for a while', async () => {
    outside.set('x.example.net. A', address(1))
    await insert(alias(10, 'x.example.net'))
    await start()
    await until('1', () => answered(10))
    outside.set('x.example.net. A', { kind: 'unknown' })
    await minuteLater()
    await minuteLater()
    expect(await answered(10)).toBe('1')
    await minuteLater()
    await until('SERVFAIL', () => answered(10))
    outside.set('x.example.net. A', address(3))
    await minuteLater()
    await until('3', () => answered(10))
  })

  test('of a name that is there without the type are answered with nothing', async () => {
    outside.set('x.example.net. A', { kind: 'found', rdatas: [], ttl: 60 })
    await insert(alias(10, 'x.example.net'))
    await start()
    await until('none', () => answered(10))
  })

  test('that change their type are looked up anew; other types are left alone', async () => {
    outside.set('x.example.net. A', address(1))
    outside.set('x.example.net. AAAA', address(6))
    const before = alias(10, 'x.example.net')
    await insert(before, alias(11, 'x.example.net', { type: 'MX', rdatas: null }))
    await start()
    await until('1', () => answered(10))
    await store.transaction(async (tx) => {
      await tx.updateRecordSet({ ...before, type: 'AAAA', rdatas: UNRESOLVED })
      await tx.appendFeed({ zoneId: home.id, serial: 2, payload: new Uint8Array() })
    })
    await until('6', () => answered(10))
    expect(await answered(11)).toBe('none')
  })

  test('end while somebody is still being asked', async () => {
    await insert(alias(10, 'x.example.net'))
    const context = { store, log: pino({ level: 'silent' }), now: () => time }
    let isAsked = false
    const following = await followAliases(context, () => {
      isAsked = true
      return new Promise(() => {})
    })
    await until('true', () => String(isAsked))
    stop = following.stop
    await stop()
  })
})
