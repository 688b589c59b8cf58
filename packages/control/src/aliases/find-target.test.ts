import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { packAddresses, UNRESOLVED } from '../record-sets/published-addresses.ts'
import { openStore } from '../store/open.ts'
import { recordSet, zone } from '../store/samples.ts'
import type { RecordSet, Store } from '../store/store.ts'
import { findTarget, type Wanted } from './find-target.ts'
import type { FindAddresses } from './finding.ts'

const id = (n: number): string => n.toString(16).padStart(32, '0')
const home = zone({ id: id(1), apex: 'shop.example.' })
const inner = zone({ id: id(2), apex: 'inner.shop.example.', domainId: id(9) })
const paused = zone({ id: id(3), apex: 'paused.example.', status: 'DISABLE' })

let last = 100
const at =
  (in_: typeof home) =>
  (label: string, special: Partial<RecordSet> = {}): RecordSet => {
    const owner = label === '@' ? in_.apex : `${label}.${in_.apex}`
    return recordSet(in_, { id: id(++last), owner, ...special })
  }
const a = (...addresses: string[]): Partial<RecordSet> => ({ rdatas: packAddresses(addresses) })
const cname = (target: string): Partial<RecordSet> => ({ type: 'CNAME', records: [target] })
const alias = (target: string): Partial<RecordSet> => ({
  ...{ records: [], rdatas: UNRESOLVED },
  aliasTarget: { resourceType: 'waf', resourceDomainName: target },
})

let store: Store
beforeAll(async () => {
  store = await openStore({ file: ':memory:' })
  await store.migrate()
  const set = at(home)
  await store.transaction(async (tx) => {
    for (const each of [home, inner, paused]) await tx.insertZone(each)
    await tx.insertRecordSets(home.id, [
      set('@', { type: 'MX' }),
      set('www', { ...a('192.0.2.1', '192.0.2.2'), ttl: 120 }),
      set('www', { ...a('192.0.2.3'), line: 'Abroad' }),
      set('www', { ...a('2001:db8::1'), type: 'AAAA' }),
      set('weighted', { ...a('192.0.2.4', '192.0.2.5'), weight: 1 }),
      set('weighted', { ...a('192.0.2.5', '192.0.2.6'), weight: 3, ttl: 60 }),
      set('weighted', { ...a('192.0.2.7'), weight: 0 }),
      set('backup', { ...a('192.0.2.8'), weight: 0 }),
      set('off', { ...a('192.0.2.9'), status: 'DISABLE' }),
      set('cname', { ...cname('WWW.shop.example'), ttl: 30 }),
      set('away', { ...cname('cdn.example.net.'), ttl: 30 }),
      set('loop', cname('loop2.shop.example.')),
      set('loop2', cname('loop.shop.example.')),
      set('alias', alias('www.shop.example')),
      set('self', alias('self.shop.example')),
      set('url', { ...a('192.0.2.80', '2001:db8::80'), type: 'FORWARD_URL' }),
      set('*.wild', a('192.0.2.10')),
      set('x.y.wild', a('192.0.2.11')),
      set('cut', { type: 'NS', records: ['ns.example.net.'] }),
      set('host.cut', a('192.0.2.12')),
      set('moved', { type: 'DNAME', records: ['elsewhere.example.net.'] }),
    ])
    await tx.insertRecordSets(inner.id, [at(inner)('a', a('192.0.2.20'))])
    await tx.insertRecordSets(paused.id, [at(paused)('a', a('192.0.2.30'))])
  })
})
afterAll(() => store.close())

const asked: string[] = []
const askOutside: FindAddresses = async (name, type) => {
  asked.push(`${name} ${type}`)
  return { kind: 'found', rdatas: [Uint8Array.of(198, 51, 100, 7)], ttl: 600 }
}
/** Addresses with their TTL; the kind where there are none. */
async function found(target: string, special: Partial<Wanted> = {}): Promise<string> {
  const { finding } = await findTarget(store, askOutside, {
    ...{ target, type: 'A', line: 'default_view', ...special },
  })
  if (finding.kind !== 'found') return finding.kind
  const texts = finding.rdatas.map((rdata) => (rdata.length === 4 ? rdata.join('.') : rdata.toHex()))
  return [...texts, finding.ttl].join(' ')
}

describe('the target of an alias', () => {
  test('has the addresses of its type and the TTL of the set', async () => {
    expect(await found('www.shop.example.')).toBe('192.0.2.1 192.0.2.2 120')
    expect(await found('www.shop.example.', { type: 'AAAA' })).toBe('20010db8000000000000000000000001 300')
  })

  test('is seen from the line of the alias, where it has sets there', async () => {
    expect(await found('www.shop.example.', { line: 'Abroad' })).toBe('192.0.2.3 300')
    expect(await found('www.shop.example.', { line: 'CN' })).toBe('192.0.2.1 192.0.2.2 120')
  })

  test('gives all values of a weighted group that can be answered, each once', async () => {
    expect(await found('weighted.shop.example.')).toBe('192.0.2.4 192.0.2.5 192.0.2.6 60')
    expect(await found('backup.shop.example.')).toBe('192.0.2.8 300')
  })

  test('may be under URL forwarding', async () => {
    expect(await found('url.shop.example.')).toBe('192.0.2.80 300')
    expect(await found('url.shop.example.', { type: 'AAAA' })).toBe('20010db8000000000000000000000080 300')
  })

  test('may be a CNAME or an alias of another name; the lowest TTL counts', async () => {
    expect(await found('cname.shop.example.')).toBe('192.0.2.1 192.0.2.2 30')
    expect(await found('alias.shop.example.')).toBe('192.0.2.1 192.0.2.2 120')
    expect(await found('away.shop.example.')).toBe('198.51.100.7 30')
    expect(asked.splice(0)).toEqual(['cdn.example.net. A'])
  })

  test('that leads in circles is missing', async () => {
    expect(await found('loop.shop.example.')).toBe('missing')
    expect(await found('self.shop.example.')).toBe('missing')
  })

  test('without the type has no addresses, and without a name is missing', async () => {
    expect(await found('weighted.shop.example.', { type: 'AAAA' })).toEndWith('Infinity')
    expect(await found('wild.shop.example.')).toEndWith('Infinity')
    expect(await found('shop.example.')).toEndWith('Infinity')
    expect(await found('nothing.shop.example.')).toBe('missing')
    expect(await found('off.shop.example.')).toBe('missing')
  })

  test('may be covered by a wildcard, as answers are', async () => {
    expect(await found('any.wild.shop.example.')).toBe('192.0.2.10 300')
    expect(await found('deep.any.wild.shop.example.')).toBe('192.0.2.10 300')
    expect(await found('y.wild.shop.example.')).toEndWith('Infinity')
    expect(await found('z.y.wild.shop.example.')).toBe('missing')
  })

  test('is looked for in the zone with the longest name, whosever it is', async () => {
    expect(await found('a.inner.shop.example.')).toBe('192.0.2.20 300')
    const finding = await findTarget(store, askOutside, {
      ...{ target: 'a.inner.shop.example.', type: 'A', line: 'default_view' },
    })
    expect(finding.zoneIds).toEqual([inner.id])
  })

  test.each([
    'www.example.net.',
    'host.cut.shop.example.',
    'cut.shop.example.',
    'a.moved.shop.example.',
    'a.paused.example.',
  ])('that is not for us to tell is asked outside: %s', async (name) => {
    expect(await found(name)).toBe('198.51.100.7 600')
    expect(asked.splice(0)).toEqual([`${name} A`])
  })
})
