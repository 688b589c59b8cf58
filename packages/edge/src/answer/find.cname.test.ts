import { expect, test } from 'bun:test'
import { TestTable } from '../testing/ask.ts'
import { SOA_AND_NS } from '../testing/zone-text.ts'
import { MAX_CHAIN } from './query.ts'

const long = Array.from({ length: 30 }, (_, i) => `l${i} 300 CNAME l${i + 1}`).join('\n')
const table = new TestTable([
  {
    apex: 'example.org',
    text: `${SOA_AND_NS}
www 300 A 192.0.2.1
one 300 CNAME two
two 300 CNAME www
out 300 CNAME www.example.com.
other 300 CNAME www.example.net.
gone 300 CNAME nope
empty 300 CNAME www
loop1 300 CNAME loop2
loop2 300 CNAME loop1
self 300 CNAME self
cut 300 CNAME host.sub
sub 300 NS ns.sub
ns.sub 300 A 192.0.2.53
off 300 CNAME www.off.example.
${long}
`,
  },
  { apex: 'example.net', text: `${SOA_AND_NS}\nwww 300 A 192.0.2.9` },
  { apex: 'off.example', text: `${SOA_AND_NS}\nwww 300 A 192.0.2.9`, isAnswered: false },
  {
    apex: 'apex.example',
    text: `${SOA_AND_NS}\n@ 300 CNAME www.example.org.\n@ 300 MX 10 mx.example.com.`,
  },
])

test('a chain is followed inside the zone', () => {
  expect(table.ask('one.example.org', 'A').answer).toEqual([
    'one.example.org. 300 CNAME two.example.org.',
    'two.example.org. 300 CNAME www.example.org.',
    'www.example.org. 300 A 192.0.2.1',
  ])
})

test('a chain goes on into another zone of ours', () => {
  expect(table.ask('other.example.org', 'A').answer).toEqual([
    'other.example.org. 300 CNAME www.example.net.',
    'www.example.net. 300 A 192.0.2.9',
  ])
})

test('a chain ends where it leaves our zones, or enters one that is not answered', () => {
  const { status, answer, authority } = table.ask('out.example.org', 'A')
  expect(status).toBe('NOERROR AA')
  expect(answer).toEqual(['out.example.org. 300 CNAME www.example.com.'])
  expect(authority).toEqual([])
  expect(table.ask('off.example.org', 'A').answer).toEqual(['off.example.org. 300 CNAME www.off.example.'])
})

test('the CNAME itself is not followed when it is what was asked', () => {
  expect(table.ask('one.example.org', 'CNAME').answer).toEqual([
    'one.example.org. 300 CNAME two.example.org.',
  ])
  expect(table.ask('one.example.org', 'ANY').answer).toEqual(['one.example.org. 300 CNAME two.example.org.'])
})

test('the end of a chain decides: NXDOMAIN or NODATA, with the SOA', () => {
  const gone = table.ask('gone.example.org', 'A')
  expect(gone.status).toBe('NXDOMAIN AA')
  expect(gone.answer).toEqual(['gone.example.org. 300 CNAME nope.example.org.'])
  expect(gone.authority[0]).toStartWith('example.org. 300 SOA')
  const empty = table.ask('empty.example.org', 'AAAA')
  expect(empty.status).toBe('NOERROR AA')
  expect(empty.authority[0]).toStartWith('example.org. 300 SOA')
})

test('loops end', () => {
  expect(table.ask('loop1.example.org', 'A').answer).toEqual([
    'loop1.example.org. 300 CNAME loop2.example.org.',
    'loop2.example.org. 300 CNAME loop1.example.org.',
  ])
  expect(table.ask('self.example.org', 'A').answer).toEqual(['self.example.org. 300 CNAME self.example.org.'])
})

test('long chains are cut', () => {
  const { status, answer } = table.ask('l0.example.org', 'A', { isTcp: true })
  expect(status).toBe('NOERROR AA')
  expect(answer.length).toBe(MAX_CHAIN)
})

test('a chain that leads below a cut ends with the referral', () => {
  const { status, answer, authority, additional } = table.ask('cut.example.org', 'A')
  expect(status).toBe('NOERROR AA')
  expect(answer).toEqual(['cut.example.org. 300 CNAME host.sub.example.org.'])
  expect(authority).toEqual(['sub.example.org. 300 NS ns.sub.example.org.'])
  expect(additional).toEqual(['ns.sub.example.org. 300 A 192.0.2.53'])
})

test('a CNAME at the apex answers every type but SOA, NS and the sets of MX and TXT beside it', () => {
  expect(table.ask('apex.example', 'A').answer).toEqual([
    'apex.example. 300 CNAME www.example.org.',
    'www.example.org. 300 A 192.0.2.1',
  ])
  expect(table.ask('apex.example', 'TXT').answer).toEqual(['apex.example. 300 CNAME www.example.org.'])
  expect(table.ask('apex.example', 'MX').answer).toEqual(['apex.example. 300 MX 10 mx.example.com.'])
  expect(table.ask('apex.example', 'SOA').answer[0]).toStartWith('apex.example. 3600 SOA')
  expect(table.ask('apex.example', 'NS').answer).toEqual(['apex.example. 172800 NS ns1.lab.example.'])
})
