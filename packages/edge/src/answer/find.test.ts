import { expect, test } from 'bun:test'
import { queryPacket, readAnswer, TestTable } from '../testing/ask.ts'
import { SOA_AND_NS } from '../testing/zone-text.ts'
import { TableView } from '../zone-table/view.ts'
import { TableWriter } from '../zone-table/writer.ts'
import { processQuery } from './process-query.ts'
import { Query } from './query.ts'

const table = new TestTable([
  {
    apex: 'example.org',
    serial: 42,
    text: `${SOA_AND_NS}
www 300 A 192.0.2.1
www 300 A 192.0.2.2
www 60 TXT "one" "two"
a.b.c 300 A 192.0.2.3
mail 300 MX 10 mx.example.org.
mail 300 MX 20 mx.example.net.
mx 300 A 192.0.2.25
mx 300 AAAA 2001:db8::25
_sip._tcp 300 SRV 1 2 5060 sip.example.org.
sip 300 A 192.0.2.50
svc 300 HTTPS 1 . alpn="h2"
svc 300 A 192.0.2.60
alias 300 HTTPS 0 svc.example.org.
caa 300 CAA 0 issue "ca.example"
`,
  },
  { apex: 'sub.example.org', text: `${SOA_AND_NS}\nwww 300 A 192.0.2.77` },
  { apex: 'off.example.org', text: `${SOA_AND_NS}\nwww 300 A 192.0.2.78`, isAnswered: false },
  { apex: 'private.example.org', text: `${SOA_AND_NS}\nwww 300 A 192.0.2.79`, kind: 1 },
])

const soa = (apex: string, serial: number) =>
  `${apex} 300 SOA ns1.lab.example. hostmaster.lab.example. ${serial} 7200 900 1209600 300`

test('a name and type that exist are answered with the whole rrset', () => {
  const { status, answer, authority, additional } = table.ask('www.example.org', 'A')
  expect(status).toBe('NOERROR AA')
  expect(answer).toEqual(['www.example.org. 300 A 192.0.2.1', 'www.example.org. 300 A 192.0.2.2'])
  expect(authority).toEqual([])
  expect(additional).toEqual([])
})

test('the case of the question comes back, in the owner names too', () => {
  expect(table.ask('wWw.eXample.ORG', 'TXT').answer).toEqual(['wWw.eXample.ORG. 60 TXT "one" "two"'])
})

test('a type that is not there is NODATA with the SOA, its TTL the lower of SOA TTL and MINIMUM', () => {
  const { status, answer, authority } = table.ask('www.example.org', 'AAAA')
  expect(status).toBe('NOERROR AA')
  expect(answer).toEqual([])
  expect(authority).toEqual([soa('example.org.', 42)])
})

test('a name that is not there is NXDOMAIN with the SOA', () => {
  const { status, authority } = table.ask('nope.www.example.org', 'A')
  expect(status).toBe('NXDOMAIN AA')
  expect(authority).toEqual([soa('example.org.', 42)])
})

test('an empty non-terminal is NODATA, not NXDOMAIN', () => {
  expect(table.ask('b.c.example.org', 'A').status).toBe('NOERROR AA')
  expect(table.ask('c.example.org', 'A').authority).toEqual([soa('example.org.', 42)])
  expect(table.ask('x.c.example.org', 'A').status).toBe('NXDOMAIN AA')
})

test('the SOA carries the serial of the zone and its own TTL', () => {
  expect(table.ask('example.org', 'SOA').answer).toEqual([
    soa('example.org.', 42).replace(' 300 SOA', ' 3600 SOA'),
  ])
})

test('MX brings the addresses that the zone has of its exchanges', () => {
  const { answer, additional } = table.ask('mail.example.org', 'MX')
  expect(answer).toEqual([
    'mail.example.org. 300 MX 10 mx.example.org.',
    'mail.example.org. 300 MX 20 mx.example.net.',
  ])
  expect(additional).toEqual(['mx.example.org. 300 A 192.0.2.25', 'mx.example.org. 300 AAAA 2001:db8::25'])
})

test('SRV brings addresses, HTTPS with target "." those of its owner', () => {
  expect(table.ask('_sip._tcp.example.org', 'SRV').additional).toEqual(['sip.example.org. 300 A 192.0.2.50'])
  expect(table.ask('svc.example.org', 'HTTPS').additional).toEqual(['svc.example.org. 300 A 192.0.2.60'])
})

test('an HTTPS alias brings the bindings of its target along (RFC 9460 4.1)', () => {
  expect(table.ask('alias.example.org', 'HTTPS').additional).toEqual([
    'svc.example.org. 300 A 192.0.2.60',
    'svc.example.org. 300 HTTPS 1 . alpn="h2"',
  ])
})

test('the longest matching zone answers, and what it does not have does not exist', () => {
  expect(table.ask('www.sub.example.org', 'A').answer).toEqual(['www.sub.example.org. 300 A 192.0.2.77'])
  const missing = table.ask('x.sub.example.org', 'A')
  expect(missing.status).toBe('NXDOMAIN AA')
  expect(missing.authority).toEqual([soa('sub.example.org.', 1)])
})

test('a zone that is not answered refuses, and hides its names from the zone above', () => {
  expect(table.ask('www.off.example.org', 'A').status).toBe('REFUSED')
})

test('a private zone is not there for anybody yet', () => {
  expect(table.ask('www.private.example.org', 'A').status).toBe('NXDOMAIN AA')
})

test('names outside all zones are refused', () => {
  expect(table.ask('www.example.com', 'A').status).toBe('REFUSED')
  expect(table.ask('org', 'NS').status).toBe('REFUSED')
  expect(table.ask('.', 'NS').status).toBe('REFUSED')
})

test('ANY is answered with one rrset (RFC 8482)', () => {
  const { status, answer } = table.ask('www.example.org', 'ANY')
  expect(status).toBe('NOERROR AA')
  expect(answer).toEqual(['www.example.org. 300 A 192.0.2.1', 'www.example.org. 300 A 192.0.2.2'])
  expect(table.ask('c.example.org', 'ANY').answer).toEqual([])
})

test('types above 255 are found too', () => {
  expect(table.ask('caa.example.org', 'CAA').answer).toEqual([
    'caa.example.org. 300 CAA 0 issue "ca.example"',
  ])
})

test('before the first load the answer is SERVFAIL, not REFUSED: the zone may well be ours', () => {
  const writer = new TableWriter()
  const out = new Uint8Array(1232)
  const packet = queryPacket('www.example.org', 'A')
  const size = processQuery(new Query(), new TableView(writer.handle), packet, packet.length, out, false)
  expect(readAnswer(out.slice(0, size)).status).toBe('SERVFAIL')
})
