import { expect, test } from 'bun:test'
import { TestTable } from '../testing/ask.ts'
import { groupsFrame, SOA_AND_NS } from '../testing/zone-text.ts'

const many = Array.from(
  { length: 13 },
  (_, i) => `big 300 NS ns${i}.big\nns${i}.big 300 A 192.0.2.${i}\nns${i}.big 300 AAAA 2001:db8::${i}`,
)
const table = new TestTable([
  {
    apex: 'example.org',
    text: `${SOA_AND_NS}
@ 172800 NS ns2
ns2 300 A 192.0.2.2
mail 300 MX 1 ns.sub
mail 300 MX 2 hidden.sub
mail 300 MX 3 ns2
sub 300 NS ns.sub
sub 300 NS ns.sibling
sub 300 NS ns.elsewhere.example.
sub 300 DS 1 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
ns.sub 300 A 192.0.2.53
ns.sub 300 AAAA 2001:db8::53
hidden.sub 300 A 192.0.2.99
sibling 300 NS ns.sibling
ns.sibling 300 A 192.0.2.54
plain 300 NS ns.elsewhere.example.
child 300 NS ns.elsewhere.example.
${many.join('\n')}
`,
  },
  { apex: 'child.example.org', text: SOA_AND_NS },
  { apex: 'orphan.example.org', text: SOA_AND_NS },
])

test('at and below a cut there is a referral: NS in authority, glue of the cut and of siblings, no AA', () => {
  for (const name of [
    'sub.example.org',
    'a.b.sub.example.org',
    'hidden.sub.example.org',
    'ns.sub.example.org',
  ]) {
    const { status, answer, authority, additional } = table.ask(name, 'A')
    expect(status).toBe('NOERROR')
    expect(answer).toEqual([])
    expect(authority).toEqual([
      'sub.example.org. 300 NS ns.sub.example.org.',
      'sub.example.org. 300 NS ns.sibling.example.org.',
      'sub.example.org. 300 NS ns.elsewhere.example.',
    ])
    expect(additional).toEqual([
      'ns.sub.example.org. 300 A 192.0.2.53',
      'ns.sub.example.org. 300 AAAA 2001:db8::53',
      'ns.sibling.example.org. 300 A 192.0.2.54',
    ])
  }
})

test('NS and SOA at a cut are referrals too', () => {
  expect(table.ask('sub.example.org', 'NS').status).toBe('NOERROR')
  expect(table.ask('sub.example.org', 'NS').authority.length).toBe(3)
  expect(table.ask('sub.example.org', 'SOA').authority.length).toBe(3)
})

test('DS at a cut is answered by the parent, below it is a referral', () => {
  expect(table.ask('sub.example.org', 'DS').status).toBe('NOERROR AA')
  expect(table.ask('sub.example.org', 'DS').answer.length).toBe(1)
  const none = table.ask('plain.example.org', 'DS')
  expect(none.status).toBe('NOERROR AA')
  expect(none.authority[0]).toStartWith('example.org. 300 SOA')
  expect(table.ask('x.sub.example.org', 'DS').authority.length).toBe(3)
})

test('DS of a zone that is here as well comes from the zone above, if it knows the cut', () => {
  expect(table.ask('child.example.org', 'DS').authority[0]).toStartWith('example.org. 300 SOA')
  expect(table.ask('orphan.example.org', 'DS').authority[0]).toStartWith('orphan.example.org. 300 SOA')
})

test('NS at the apex is an answer, with the addresses the zone has', () => {
  const { status, answer, additional } = table.ask('example.org', 'NS')
  expect(status).toBe('NOERROR AA')
  expect(answer).toEqual([
    'example.org. 172800 NS ns1.lab.example.',
    'example.org. 172800 NS ns2.example.org.',
  ])
  expect(additional).toEqual(['ns2.example.org. 300 A 192.0.2.2'])
})

test('a referral whose own glue does not fit is truncated (RFC 9471)', () => {
  const udp = table.ask('x.big.example.org', 'A')
  expect(udp.status).toBe('NOERROR TC')
  expect(udp.size).toBeLessThanOrEqual(512)
  const tcp = table.ask('x.big.example.org', 'A', { isTcp: true })
  expect(tcp.status).toBe('NOERROR')
  expect(tcp.additional.length).toBe(26)
})

test('each of many servers of a referral has its glue, or TC is set', () => {
  const rows = Array.from({ length: 60 }, (_, i) => i + 1).map((count) =>
    Array.from(
      { length: count },
      (_, i) => `c${count} 300 NS n${i}.c${count}\nn${i}.c${count} 300 A 192.0.2.${i}`,
    ),
  )
  const own = new TestTable([{ apex: 'x', text: `${SOA_AND_NS}\n${rows.flat().join('\n')}` }])
  let whole = 0
  for (let count = 1; count <= 60; count++) {
    expect(own.ask(`c${count}.x`, 'A', { isTcp: true }).additional.length).toBe(count)
    const { status, additional } = own.ask(`c${count}.x`, 'A', { payloadSize: 1232 })
    if (additional.length === count) whole = count
    expect([count, status]).toEqual([count, whole === count ? 'NOERROR' : 'NOERROR TC'])
  }
  expect(whole).toBeGreaterThan(32)
})

test('a cut that is removed lets the names below it be seen', () => {
  const own = new TestTable([
    { apex: 'example.org', text: `${SOA_AND_NS}\nsub 300 NS ns.example.net.\nhost.sub 300 A 192.0.2.1` },
  ])
  expect(own.ask('host.sub.example.org', 'A').status).toBe('NOERROR')
  own.source.apply(groupsFrame('example.org', 'sub 300 NS ns.example.com.'))
  expect(own.ask('host.sub.example.org', 'A').authority).toEqual(['sub.example.org. 300 NS ns.example.com.'])
  own.remove('example.org', 'sub.example.org', 'NS')
  expect(own.ask('host.sub.example.org', 'A').status).toBe('NOERROR AA')
  expect(own.ask('sub.example.org', 'A').status).toBe('NOERROR AA')
})

test('addresses below a cut go along with referrals only', () => {
  expect(table.ask('mail.example.org', 'MX').additional).toEqual(['ns2.example.org. 300 A 192.0.2.2'])
})
