import { expect, test } from 'bun:test'
import { OP_ZONE_EMPTIED, OP_ZONE_REMOVED, writeGroup, writeZone } from '@waymark/dns/feed-codec'
import { TestTable } from '../testing/ask.ts'
import {
  frame,
  groupsFrame,
  SOA_AND_NS,
  wire,
  writeGroups,
  zoneFrame,
  zoneIdOf,
} from '../testing/zone-text.ts'

const APEX = 'example.org'
const ID = zoneIdOf(APEX)
const zone = (text = '') => new TestTable([{ apex: APEX, text: `${SOA_AND_NS}\n${text}` }])
const status = (table: TestTable, name: string) => table.ask(name, 'A').status

test('a group replaces the one before, and its serial comes along', () => {
  const table = zone('www 300 A 192.0.2.1')
  table.source.apply(groupsFrame(APEX, 'www 60 A 192.0.2.2', 2, 77))
  expect(table.ask('www.example.org', 'A').answer).toEqual(['www.example.org. 60 A 192.0.2.2'])
  expect(table.ask('example.org', 'SOA').answer[0]).toContain(' 77 ')
})

test('the same frame twice changes nothing and costs nothing', () => {
  const table = zone('www 300 A 192.0.2.1')
  const change = groupsFrame(APEX, 'www 60 A 192.0.2.2\nx.y 60 A 192.0.2.3')
  table.source.apply(change)
  const before = table.source.writer.memory
  table.source.apply(change)
  expect(table.source.writer.memory).toEqual(before)
  expect(table.source.writer.recordSets).toBe(4)
})

test('empty non-terminals come and go with the names below them', () => {
  const table = zone()
  expect(status(table, 'b.c.example.org')).toBe('NXDOMAIN AA')
  table.source.apply(groupsFrame(APEX, 'a.b.c 60 A 192.0.2.3\nd.b.c 60 A 192.0.2.4'))
  expect(status(table, 'b.c.example.org')).toBe('NOERROR AA')
  table.remove(APEX, 'a.b.c.example.org', 'A')
  expect(status(table, 'a.b.c.example.org')).toBe('NXDOMAIN AA')
  expect(status(table, 'c.example.org')).toBe('NOERROR AA')
  table.remove(APEX, 'd.b.c.example.org', 'A')
  expect(status(table, 'b.c.example.org')).toBe('NXDOMAIN AA')
  expect(status(table, 'c.example.org')).toBe('NXDOMAIN AA')
  table.source.apply(groupsFrame(APEX, 'a.b.c 60 A 192.0.2.3'))
  expect(status(table, 'a.b.c.example.org')).toBe('NOERROR AA')
  expect(status(table, 'b.c.example.org')).toBe('NOERROR AA')
})

test('a name that changes its type in one frame is there before and after, in either order of operations', () => {
  for (const removeFirst of [true, false]) {
    const table = zone('www 300 A 192.0.2.1')
    table.source.apply(
      frame(2, ID, 2, (payload) => {
        if (removeFirst) writeGroup(payload, wire('www.example.org'), 1, '', [])
        writeGroups(payload, APEX, 'www 300 CNAME x.example.com.')
        if (!removeFirst) writeGroup(payload, wire('www.example.org'), 1, '', [])
      }),
    )
    expect(table.ask('www.example.org', 'A').answer).toEqual(['www.example.org. 300 CNAME x.example.com.'])
  }
})

test('a group removed and written again in one frame stays; written and removed it goes', () => {
  const table = zone('www 300 A 192.0.2.1')
  table.source.apply(
    frame(2, ID, 2, (payload) => {
      writeGroup(payload, wire('www.example.org'), 1, '', [])
      writeGroups(payload, APEX, 'www 300 A 192.0.2.9')
      writeGroups(payload, APEX, 'gone 300 A 192.0.2.9')
      writeGroup(payload, wire('gone.example.org'), 1, '', [])
    }),
  )
  expect(table.ask('www.example.org', 'A').answer).toEqual(['www.example.org. 300 A 192.0.2.9'])
  expect(status(table, 'gone.example.org')).toBe('NXDOMAIN AA')
})

test('a zone is removed at once and can come back', () => {
  const table = zone('www 300 A 192.0.2.1')
  table.source.apply(frame(2, ID, 2, (payload) => payload.u8(OP_ZONE_REMOVED)))
  expect(status(table, 'www.example.org')).toBe('REFUSED')
  expect(table.source.writer.recordSets).toBe(0)
  table.source.apply(
    zoneFrame({ apex: APEX, id: 'f'.repeat(32), text: `${SOA_AND_NS}\nnew 300 A 192.0.2.2` }),
  )
  expect(status(table, 'www.example.org')).toBe('NXDOMAIN AA')
  expect(status(table, 'new.example.org')).toBe('NOERROR AA')
})

test('an emptied zone is replaced by what comes in the same frame, with nothing in between', () => {
  const table = zone('www 300 A 192.0.2.1\nold 300 A 192.0.2.1')
  table.source.apply(
    frame(2, ID, 5, (payload) => {
      payload.u8(OP_ZONE_EMPTIED)
      writeGroups(payload, APEX, `${SOA_AND_NS}\nwww 300 A 192.0.2.2`)
    }),
  )
  expect(table.ask('www.example.org', 'A').answer).toEqual(['www.example.org. 300 A 192.0.2.2'])
  expect(status(table, 'old.example.org')).toBe('NXDOMAIN AA')
  table.source.apply(
    frame(3, ID, 6, (payload) => {
      payload.u8(OP_ZONE_EMPTIED)
      payload.u8(OP_ZONE_REMOVED)
    }),
  )
  expect(status(table, 'www.example.org')).toBe('REFUSED')
})

test('a zone can be paused and resumed', () => {
  const table = zone('www 300 A 192.0.2.1')
  const put = (isAnswered: boolean) =>
    table.source.apply(
      frame(2, ID, 2, (payload) =>
        writeZone(payload, { apex: wire(APEX), kind: 0, isAnswered, networks: [] }),
      ),
    )
  put(false)
  expect(status(table, 'www.example.org')).toBe('REFUSED')
  put(true)
  expect(status(table, 'www.example.org')).toBe('NOERROR AA')
})

test('a record set below the apex of a zone of its own comes to light when that zone goes', () => {
  const table = zone('www.sub 300 A 192.0.2.1')
  table.source.apply(zoneFrame({ apex: 'sub.example.org', text: SOA_AND_NS }))
  expect(status(table, 'www.sub.example.org')).toBe('NXDOMAIN AA')
  table.source.apply(frame(3, zoneIdOf('sub.example.org'), 1, (payload) => payload.u8(OP_ZONE_REMOVED)))
  expect(table.ask('www.sub.example.org', 'A').answer).toEqual(['www.sub.example.org. 300 A 192.0.2.1'])
})

test('groups outside their zone, or of a zone that is not there, are left alone', () => {
  const table = zone()
  table.source.apply(
    frame(2, ID, 2, (payload) => {
      writeGroups(payload, 'example.com', 'www 300 A 192.0.2.1')
      writeGroups(payload, 'notexample.org', '@ 300 A 192.0.2.1')
    }),
  )
  table.source.apply(groupsFrame('example.net', 'www 300 A 192.0.2.1'))
  expect(table.source.writer.recordSets).toBe(2)
})

test('zones at every depth are told apart, the root included', () => {
  const deep = Array.from({ length: 40 }, (_, i) => `l${i}`).join('.')
  const table = new TestTable([
    { apex: '.', text: `@ 300 SOA ns. h. 1 2 3 4 5\nroot. 300 A 192.0.2.1` },
    { apex: deep, text: `${SOA_AND_NS}\nwww 300 A 192.0.2.2` },
  ])
  expect(table.ask('root', 'A').answer).toEqual(['root. 300 A 192.0.2.1'])
  expect(table.ask('.', 'SOA').answer.length).toBe(1)
  expect(table.ask(`www.${deep}`, 'A').answer.length).toBe(1)
  expect(table.ask(`www.${deep.slice(3)}`, 'A').status).toBe('NXDOMAIN AA')
})

test('a table that grows far past its first buffers still has everything', () => {
  const table = zone()
  const count = 20_000
  for (let i = 0; i < count; i += 1000) {
    const rows = Array.from(
      { length: 1000 },
      (_, k) => `h${i + k}.n${(i + k) % 100} 300 A 192.0.2.${k % 256}`,
    )
    table.source.apply(groupsFrame(APEX, rows.join('\n')))
  }
  expect(table.source.writer.recordSets).toBe(count + 2)
  for (let i = 0; i < count; i += 37) {
    expect(table.ask(`h${i}.n${i % 100}.example.org`, 'A').answer.length).toBe(1)
  }
  expect(status(table, `h1.n2.example.org`)).toBe('NXDOMAIN AA')
})

test('a rebuild keeps everything that lives and drops the rest', () => {
  const table = zone(
    '*.w 300 A 192.0.2.1\na.b 300 A 192.0.2.2\nsub 300 NS ns.sub\nns.sub 300 A 192.0.2.3\nd 300 DNAME b',
  )
  table.source.apply(zoneFrame({ apex: 'gone.example', text: `${SOA_AND_NS}\nwww 300 A 192.0.2.1` }))
  table.source.apply(zoneFrame({ apex: 'off.example', text: SOA_AND_NS, isAnswered: false }))
  table.source.apply(frame(3, zoneIdOf('gone.example'), 1, (payload) => payload.u8(OP_ZONE_REMOVED)))
  for (let i = 0; i < 50; i++) table.source.apply(groupsFrame(APEX, `x.y 300 A 192.0.2.${i}`, 3, 30 + i))
  table.remove(APEX, 'x.y.example.org', 'A')
  const { writer } = table.source
  writer.rebuild()
  table.source.apply(groupsFrame(APEX, 'new 300 A 192.0.2.4', 4, 99))
  expect(writer.memory.garbageBytes).toBe(4)
  expect(table.ask('q.w.example.org', 'A').answer.length).toBe(1)
  expect(table.ask('b.example.org', 'A').status).toBe('NOERROR AA')
  expect(table.ask('x.sub.example.org', 'A').additional.length).toBe(1)
  expect(table.ask('a.d.example.org', 'A').answer.length).toBe(3)
  expect(table.ask('new.example.org', 'A').answer.length).toBe(1)
  expect(table.ask('example.org', 'SOA').answer[0]).toContain(' 99 ')
  expect(status(table, 'y.example.org')).toBe('NXDOMAIN AA')
  expect(status(table, 'www.gone.example')).toBe('REFUSED')
  expect(status(table, 'off.example')).toBe('REFUSED')
  expect(status(table, 'other.example')).toBe('REFUSED')
})

test('garbage is collected by itself, while the zone is answered', () => {
  const table = zone('www 300 A 192.0.2.1')
  const generation = table.source.writer.handle.generation
  const text = 'x'.repeat(200)
  for (let round = 0; round < 40; round++) {
    const rows = Array.from({ length: 500 }, (_, i) => `t${i} 300 TXT "${text}${round}"`)
    table.source.apply(groupsFrame(APEX, rows.join('\n'), round, round))
  }
  const { arenaBytes, garbageBytes } = table.source.writer.memory
  expect(table.source.writer.handle.generation).toBeGreaterThan(generation)
  expect(garbageBytes).toBeLessThan(Math.max(arenaBytes / 2 + 1, 5 << 20))
  expect(arenaBytes).toBeLessThan(8 << 20)
  expect(table.ask('t7.example.org', 'TXT').answer[0]).toContain(`${text}39`)
  expect(status(table, 'www.example.org')).toBe('NOERROR AA')
})
