import { expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OP_ZONE_EMPTIED, OP_ZONE_REMOVED, writeZone } from '@waymark/dns/feed-codec'
import { encodeClientSubnet } from '@waymark/dns/message/edns'
import { processQuery } from '../answer/process-query.ts'
import { Query } from '../answer/query.ts'
import { loadSnapshot, saveSnapshot } from '../source/disk-snapshot.ts'
import { LiveTable } from '../source/live-table.ts'
import { queryPacket, readAnswer, TestTable } from '../testing/ask.ts'
import {
  frame,
  networkFrame,
  SOA_AND_NS,
  type TestZone,
  wire,
  zoneFrame,
  zoneIdOf,
} from '../testing/zone-text.ts'
import { TableView } from '../zone-table/view.ts'

const OFFICE = 'a:office'
const LAB = 'b:lab'
const PRIVATE = 1

const zone = (apex: string, networks: readonly string[], rows: string, more: Partial<TestZone> = {}) => ({
  apex,
  networks,
  kind: PRIVATE,
  id: zoneIdOf(`${apex} ${networks} ${rows}`),
  text: `${SOA_AND_NS}\n${rows}`,
  ...more,
})
const publicZone = (apex: string, rows: string) => ({ apex, text: `${SOA_AND_NS}\n${rows}` })

/** The office is 10.1.0.0/16 without 10.1.9.0/24, and whoever asks at 192.0.2.53; the lab is 10.1.9.0/24 and 2001:db8:9::/48. */
function tableOf(...zones: TestZone[]): TestTable {
  const table = new TestTable(zones)
  table.source.apply(networkFrame(OFFICE, ['10.1.0.0/16'], ['192.0.2.53']))
  table.source.apply(networkFrame(LAB, ['10.1.9.0/24', '2001:db8:9::/48']))
  return table
}
const answerOf = (table: TestTable, name: string, from: string, type = 'A', at = ''): string => {
  const { status, answer } = table.ask(name, type, { from, at })
  return [status, ...answer.map((record) => record.split(' ').at(-1))].join(' ')
}

test('a private zone is there for clients of its networks, and for nobody else', () => {
  const table = tableOf(zone('corp.example', [OFFICE], 'www 300 A 192.0.2.1'))
  for (const [from, expected] of [
    ['10.1.2.3', 'NOERROR AA 192.0.2.1'],
    ['::ffff:10.1.2.3', 'NOERROR AA 192.0.2.1'],
    ['10.1.9.3', 'REFUSED'],
    ['10.2.0.1', 'REFUSED'],
    ['2001:db8:9::1', 'REFUSED'],
    ['', 'REFUSED'],
  ] as const) {
    expect([from, answerOf(table, 'www.corp.example', from)]).toEqual([from, expected])
  }
})

test('zones of one name are told apart by network, also of several accounts', () => {
  const table = tableOf(
    zone('corp.example', [OFFICE], '@ 300 A 192.0.2.1'),
    zone('corp.example', [LAB], '@ 300 A 192.0.2.2'),
    publicZone('corp.example', '@ 300 A 192.0.2.3'),
  )
  expect(answerOf(table, 'corp.example', '10.1.0.1')).toBe('NOERROR AA 192.0.2.1')
  expect(answerOf(table, 'corp.example', '10.1.9.1')).toBe('NOERROR AA 192.0.2.2')
  expect(answerOf(table, 'corp.example', '2001:db8:9:1::1')).toBe('NOERROR AA 192.0.2.2')
  expect(answerOf(table, 'corp.example', '203.0.113.9')).toBe('NOERROR AA 192.0.2.3')
})

test('the address asked counts before the address asking', () => {
  const table = tableOf(
    zone('corp.example', [OFFICE], '@ 300 A 192.0.2.1'),
    zone('corp.example', [LAB], '@ 300 A 192.0.2.2'),
  )
  expect(answerOf(table, 'corp.example', '10.1.9.1', 'A', '192.0.2.53')).toBe('NOERROR AA 192.0.2.1')
  expect(answerOf(table, 'corp.example', '203.0.113.9', 'A', '192.0.2.53')).toBe('NOERROR AA 192.0.2.1')
  expect(answerOf(table, 'corp.example', '10.1.9.1', 'A', '192.0.2.54')).toBe('NOERROR AA 192.0.2.2')
})

test('the client subnet option opens no private zone', () => {
  const table = tableOf(zone('corp.example', [OFFICE], '@ 300 A 192.0.2.1'))
  const subnet = { family: 1, sourcePrefix: 24, scopePrefix: 0, address: Uint8Array.of(10, 1, 2, 0) }
  const options = [encodeClientSubnet(subnet)]
  const answer = table.ask('corp.example', 'A', { from: '203.0.113.9', payloadSize: 1232, options })
  expect(answer.status).toBe('REFUSED')
})

test('a private zone comes before a public one, however deep that is, and the deepest private one first', () => {
  const table = tableOf(
    zone('example.org', [OFFICE], 'www 300 A 192.0.2.1'),
    zone('dev.example.org', [OFFICE], 'www 300 A 192.0.2.2'),
    publicZone('example.org', 'www 300 A 192.0.2.3\nmail 300 A 192.0.2.3\ndev 300 A 192.0.2.3'),
    publicZone('a.example.org', '@ 300 A 192.0.2.4'),
  )
  expect(answerOf(table, 'www.example.org', '10.1.0.1')).toBe('NOERROR AA 192.0.2.1')
  expect(answerOf(table, 'www.dev.example.org', '10.1.0.1')).toBe('NOERROR AA 192.0.2.2')
  expect(answerOf(table, 'mail.example.org', '10.1.0.1')).toBe('NXDOMAIN AA')
  expect(answerOf(table, 'a.example.org', '10.1.0.1')).toBe('NXDOMAIN AA')
  expect(answerOf(table, 'mail.example.org', '10.2.0.1')).toBe('NOERROR AA 192.0.2.3')
})

test('a paused private zone is as if it were not there', () => {
  const table = tableOf(
    zone('example.org', [OFFICE], 'www 300 A 192.0.2.1', { isAnswered: false }),
    zone('org', [OFFICE], 'x.example 300 A 192.0.2.9'),
    publicZone('example.org', 'www 300 A 192.0.2.3'),
  )
  expect(answerOf(table, 'x.example.org', '10.1.0.1')).toBe('NOERROR AA 192.0.2.9')
  const alone = tableOf(
    zone('example.org', [OFFICE], 'www 300 A 192.0.2.1', { isAnswered: false }),
    publicZone('example.org', 'www 300 A 192.0.2.3'),
  )
  expect(answerOf(alone, 'www.example.org', '10.1.0.1')).toBe('NOERROR AA 192.0.2.3')
})

test('a CNAME leads from private to public zones and back', () => {
  const table = tableOf(
    zone('corp.example', [OFFICE], 'www 300 CNAME www.example.org.\ndb 300 A 192.0.2.1'),
    publicZone('example.org', 'www 300 A 192.0.2.3\ndb 300 CNAME db.corp.example.'),
  )
  expect(answerOf(table, 'www.corp.example', '10.1.0.1')).toBe('NOERROR AA www.example.org. 192.0.2.3')
  expect(answerOf(table, 'db.example.org', '10.1.0.1')).toBe('NOERROR AA db.corp.example. 192.0.2.1')
  expect(answerOf(table, 'db.example.org', '10.2.0.1')).toBe('NOERROR AA db.corp.example.')
})

test('a name that a recursive zone has nothing about is looked for in public zones, then with others', () => {
  const isRecursive = true
  const table = tableOf(
    zone(
      'example.org',
      [OFFICE],
      'www 300 A 192.0.2.1\na.b 300 A 192.0.2.1\nout 300 CNAME far.example.\nin 300 CNAME cdn.example.org.',
      { isRecursive },
    ),
    publicZone('cdn.example.org', '@ 300 A 192.0.2.3\nsub 300 NS ns.far.example.'),
  )
  const asksOthers = (name: string, type = 'A', from = '10.1.0.1'): string => {
    const answer = answerOf(table, name, from, type)
    return `${answer}${table.query.isForUpstream ? ' and asks others' : ''}`
  }
  expect(asksOthers('www.example.org')).toBe('NOERROR AA 192.0.2.1')
  expect(asksOthers('www.example.org', 'TXT')).toBe('NOERROR AA')
  expect(asksOthers('cdn.example.org')).toBe('NOERROR AA 192.0.2.3')
  expect(asksOthers('x.cdn.example.org')).toBe('NXDOMAIN AA')
  expect(asksOthers('x.sub.cdn.example.org')).toBe('NOERROR and asks others')
  expect(asksOthers('mail.example.org')).toBe('NXDOMAIN AA and asks others')
  expect(asksOthers('b.example.org')).toBe('NOERROR AA and asks others')
  expect(asksOthers('out.example.org')).toBe('NOERROR AA far.example. and asks others')
  expect(asksOthers('in.example.org')).toBe('NOERROR AA cdn.example.org. 192.0.2.3')
  expect(asksOthers('mail.example.org', 'A', '10.2.0.1')).toBe('REFUSED')
})

/** The zone operation of a zone that is there. */
const rename = (made: TestZone, networks: readonly string[]) =>
  frame(5, made.id!, 5, (payload) =>
    writeZone(payload, { apex: wire(made.apex), kind: PRIVATE, isAnswered: true, networks }),
  )

test('networks are added to a zone and taken off it, and the zone goes to another', () => {
  const first = zone('corp.example', [OFFICE], '@ 300 A 192.0.2.1')
  const second = zone('corp.example', [LAB], '@ 300 A 192.0.2.2')
  const table = tableOf(first, second)
  const seen = (): string[] =>
    ['10.1.0.1', '10.1.9.1'].map((from) => answerOf(table, 'corp.example', from).replace('NOERROR AA ', ''))
  table.source.apply(rename(second, []))
  expect(seen()).toEqual(['192.0.2.1', 'REFUSED'])
  table.source.apply(rename(first, [OFFICE, LAB]))
  expect(seen()).toEqual(['192.0.2.1', '192.0.2.1'])
  table.source.apply(rename(first, [LAB]))
  table.source.apply(rename(second, [OFFICE]))
  expect(seen()).toEqual(['192.0.2.2', '192.0.2.1'])
  table.source.writer.rebuild()
  table.source.apply(rename(second, [OFFICE]))
  expect(seen()).toEqual(['192.0.2.2', '192.0.2.1'])
  table.source.apply(frame(6, second.id, 6, (payload) => payload.u8(OP_ZONE_REMOVED)))
  expect(seen()).toEqual(['REFUSED', '192.0.2.1'])
  table.source.apply(rename(first, [LAB, OFFICE]))
  table.source.apply(frame(7, first.id, 7, (payload) => payload.u8(OP_ZONE_EMPTIED)))
  expect(seen()).toEqual(['SERVFAIL AA', 'SERVFAIL AA'])
  table.source.apply(networkFrame(LAB, []))
  expect(seen()).toEqual(['SERVFAIL AA', 'SERVFAIL AA'])
  table.source.apply(networkFrame(OFFICE, []))
  expect(seen()).toEqual(['REFUSED', 'REFUSED'])
})

test('many networks and many zones of one name are kept apart', () => {
  const table = new TestTable()
  for (let i = 0; i < 400; i++) {
    table.source.apply(networkFrame(`n${i}`, [`10.${i >> 8}.${i & 255}.0/24`]))
    table.source.apply(zoneFrame(zone('internal', [`n${i}`, `m${i}`], `@ 300 TXT "${i}"`)))
  }
  for (const i of [0, 1, 63, 255, 256, 399]) {
    expect(answerOf(table, 'internal', `10.${i >> 8}.${i & 255}.7`, 'TXT')).toBe(`NOERROR AA "${i}"`)
  }
})

test('a snapshot on disk has networks, recursive zones and who sees them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'waymark-edge-'))
  try {
    const table = new LiveTable(() => {})
    const draft = table.draft()
    const many = Array.from({ length: 300 }, (_, i) => `n${i}`)
    for (const octets of [
      networkFrame(OFFICE, ['10.1.0.0/16'], ['192.0.2.53']),
      networkFrame('n299', ['10.9.0.0/16', '2001:db8:9::/48']),
      zoneFrame(zone('corp.example', [OFFICE], '@ 300 A 192.0.2.1', { isRecursive: true })),
      zoneFrame(zone('corp.example', many, '@ 300 A 192.0.2.2')),
    ]) {
      draft.applier.apply(octets, 0)
    }
    table.adopt(draft, 'store-1', 4)
    await saveSnapshot(join(folder, 'all'), table)
    const loaded = new LiveTable(() => {})
    loadSnapshot(join(folder, 'all'), loaded)
    const query = new Query(1)
    const ask = (name: string, from: string, at = '') => {
      const packet = queryPacket(name, 'A')
      const out = new Uint8Array(65535)
      query.source = from
      query.listener = at
      const view = new TableView(loaded.handle)
      const { status, answer } = readAnswer(
        out.slice(0, processQuery(query, view, packet, packet.length, out, true)),
      )
      return [status, ...answer, query.isForUpstream].join(' ')
    }
    expect(ask('corp.example', '10.1.0.1')).toBe('NOERROR AA corp.example. 300 A 192.0.2.1 false')
    expect(ask('x.corp.example', '203.0.113.1', '192.0.2.53')).toBe('NXDOMAIN AA true')
    expect(ask('corp.example', '2001:db8:9::1')).toBe('NOERROR AA corp.example. 300 A 192.0.2.2 false')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
