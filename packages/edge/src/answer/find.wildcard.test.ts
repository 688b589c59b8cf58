import { expect, test } from 'bun:test'
import { TestTable } from '../testing/ask.ts'
import { SOA_AND_NS } from '../testing/zone-text.ts'

// The example of RFC 4592 2.2.1, with our own addresses.
const table = new TestTable([
  {
    apex: 'example',
    text: `${SOA_AND_NS}
* 300 TXT "this is a wildcard"
* 300 MX 10 host1.example.
sub.* 300 TXT "this is not a wildcard"
host1 300 A 192.0.2.1
_ssh._tcp.host1 300 SRV 0 0 22 host1.example.
_ssh._tcp.host2 300 SRV 0 0 22 host2.example.
subdel 300 NS ns.example.com.
subdel 300 NS ns.example.net.
`,
  },
  {
    apex: 'example.org',
    text: `${SOA_AND_NS}
*.w 300 CNAME www
*.self 300 CNAME x.self
*.ghost.deep 300 A 192.0.2.9
www 300 A 192.0.2.1
x.*.only-below 300 A 192.0.2.2
`,
  },
])

test('names that do not exist are synthesised from the wildcard', () => {
  const mx = table.ask('host3.example', 'MX')
  expect(mx.answer).toEqual(['host3.example. 300 MX 10 host1.example.'])
  expect(mx.additional).toEqual(['host1.example. 300 A 192.0.2.1'])
  expect(table.ask('foo.bar.example', 'TXT').answer).toEqual([
    'foo.bar.example. 300 TXT "this is a wildcard"',
  ])
})

test('a wildcard without the type is NODATA', () => {
  expect(table.ask('host3.example', 'A').status).toBe('NOERROR AA')
  expect(table.ask('host3.example', 'A').answer).toEqual([])
})

test('a wildcard does not cover names that exist, empty ones included', () => {
  expect(table.ask('host1.example', 'MX').answer).toEqual([])
  expect(table.ask('host1.example', 'MX').status).toBe('NOERROR AA')
  expect(table.ask('_tcp.host1.example', 'TXT').answer).toEqual([])
  expect(table.ask('host2.example', 'TXT').answer).toEqual([])
})

test('a wildcard does not cover names below a closer encloser', () => {
  expect(table.ask('_telnet._tcp.host1.example', 'SRV').status).toBe('NXDOMAIN AA')
  expect(table.ask('x.host2.example', 'TXT').status).toBe('NXDOMAIN AA')
})

test('the wildcard asked by its own name is an ordinary name', () => {
  expect(table.ask('*.example', 'TXT').answer).toEqual(['*.example. 300 TXT "this is a wildcard"'])
  expect(table.ask('sub.*.example', 'TXT').answer).toEqual([
    'sub.*.example. 300 TXT "this is not a wildcard"',
  ])
  expect(table.ask('ghost.*.example', 'MX').status).toBe('NXDOMAIN AA')
})

test('a wildcard does not reach below a zone cut', () => {
  const { status, answer, authority } = table.ask('host.subdel.example', 'A')
  expect(status).toBe('NOERROR')
  expect(answer).toEqual([])
  expect(authority).toEqual([
    'subdel.example. 300 NS ns.example.com.',
    'subdel.example. 300 NS ns.example.net.',
  ])
})

test('a wildcard CNAME is followed from the name that was asked', () => {
  expect(table.ask('a.b.w.example.org', 'A').answer).toEqual([
    'a.b.w.example.org. 300 CNAME www.example.org.',
    'www.example.org. 300 A 192.0.2.1',
  ])
})

test('a wildcard CNAME that leads back to itself ends', () => {
  const { status, answer } = table.ask('q.self.example.org', 'A')
  expect(status).toBe('NOERROR AA')
  expect(answer).toEqual([
    'q.self.example.org. 300 CNAME x.self.example.org.',
    'x.self.example.org. 300 CNAME x.self.example.org.',
  ])
})

test('a wildcard below an empty non-terminal works', () => {
  expect(table.ask('q.ghost.deep.example.org', 'A').answer).toEqual([
    'q.ghost.deep.example.org. 300 A 192.0.2.9',
  ])
  expect(table.ask('ghost.deep.example.org', 'A').status).toBe('NOERROR AA')
  expect(table.ask('other.deep.example.org', 'A').status).toBe('NXDOMAIN AA')
})

test('a wildcard that only has names below it makes NODATA', () => {
  const { status, answer } = table.ask('q.only-below.example.org', 'A')
  expect(status).toBe('NOERROR AA')
  expect(answer).toEqual([])
})

test('a service binding from a wildcard that means its owner brings the addresses of the wildcard along (RFC 9460 4.1)', () => {
  const own = new TestTable([
    {
      apex: 'example.org',
      text: `${SOA_AND_NS}
*.shop 300 HTTPS 1 . alpn="h2"
*.shop 300 A 192.0.2.9
*.bare 300 HTTPS 1 . alpn="h2"
to 300 CNAME any.shop`,
    },
  ])
  expect(own.ask('www.shop.example.org', 'HTTPS').additional).toEqual([
    'www.shop.example.org. 300 A 192.0.2.9',
  ])
  expect(own.ask('to.example.org', 'HTTPS').additional).toEqual(['any.shop.example.org. 300 A 192.0.2.9'])
  expect(own.ask('www.bare.example.org', 'HTTPS').additional).toEqual([])
})
