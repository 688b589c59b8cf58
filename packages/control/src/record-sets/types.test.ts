import { expect, test } from 'bun:test'
import { codeOf, PRIVATE } from './testing.ts'
import { RECORD_SET_TYPES } from './types.ts'

/** A value of each type that every door accepts where the type is allowed. */
const VALUES: Readonly<Record<string, string>> = {
  A: '192.0.2.1',
  AAAA: '2001:db8::1',
  CNAME: 'cdn.example.net.',
  MX: '10 mx.example.net.',
  TXT: '"text"',
  SRV: '0 5 5060 sip.example.net.',
  CAA: '0 issue "ca.example"',
  NS: 'ns1.example.net.',
  PTR: 'host.example.net.',
  SOA: 'ns1.example.net. hostmaster.example.net. 1 7200 900 1209600 300',
  REDIRECT_URL: 'https://www.example.net/',
  FORWARD_URL: 'http://www.example.net/',
  DNAME: 'other.example.net.',
  NAPTR: '100 10 "u" "E2U+sip" "!^.*$!sip:info@example.net!" .',
  SSHFP: `4 2 ${'ab'.repeat(32)}`,
  TLSA: `3 1 1 ${'ab'.repeat(32)}`,
  SVCB: '1 svc.example.net. alpn=h2',
  HTTPS: '1 . alpn=h2',
  LOC: '52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m',
  HINFO: '"cpu" "os"',
  RP: 'admin.example.net. txt.example.net.',
  CERT: 'PKIX 1 5 AQID',
  URI: '10 1 "https://www.example.net/"',
  OPENPGPKEY: 'AQID',
  SMIMEA: `3 1 1 ${'ab'.repeat(32)}`,
  SPF: '"v=spf1 -all"',
}

const PUBLIC_ONLY = ['CAA', 'NS']
const NEVER_SINGLE = ['SOA', 'REDIRECT_URL', 'FORWARD_URL']
/** A DS needs a delegation; the tests of the rules have one. */
const types = RECORD_SET_TYPES.filter((type) => type.name !== 'DS')

test.each(types.map((type) => type.name))('%s is accepted exactly where the API has it', (type) => {
  const fields = { type, records: [VALUES[type]!] }
  const inPublic = NEVER_SINGLE.includes(type) || type === 'PTR' ? 'DNS.0307' : 'ok'
  const inPrivate =
    NEVER_SINGLE.includes(type) || PUBLIC_ONLY.includes(type) || type === 'PTR' ? 'DNS.0307' : 'ok'
  expect(codeOf(fields)).toBe(inPublic)
  expect(codeOf(fields, { zone: PRIVATE })).toBe(inPrivate)
})

test('URL forwarding is created by batch tasks in public zones only', () => {
  const fields = { type: 'REDIRECT_URL', records: [VALUES.REDIRECT_URL!] }
  expect(codeOf(fields, { door: 'batch' })).toBe('ok')
  expect(codeOf(fields, { door: 'batch', zone: PRIVATE })).toBe('DNS.0307')
})

test('PTR stands in private reverse zones only', () => {
  const fields = (apex: string) => ({ type: 'PTR', name: `10.${apex}`, records: [VALUES.PTR!] })
  for (const apex of ['1.168.192.in-addr.arpa.', '8.b.d.0.1.0.0.2.ip6.arpa.']) {
    const zone = { name: apex, apex }
    expect(codeOf(fields(apex), { zone: { ...PRIVATE, ...zone } })).toBe('ok')
    expect(codeOf(fields(apex), { zone })).toBe('DNS.0307')
  }
})

test("extension types are refused under strictTypes, the API's own are not", () => {
  for (const { name, isExtension } of types.filter(
    ({ name }) => !NEVER_SINGLE.includes(name) && name !== 'PTR',
  )) {
    const code = codeOf({ type: name, records: [VALUES[name]!] }, { strictTypes: true })
    expect([name, code]).toEqual([name, isExtension ? 'DNS.0307' : 'ok'])
  }
})

test.each(['TYPE731', 'TYPE65280', 'TYPE65534'])('%s, which nobody has assigned, is accepted', (type) => {
  expect(codeOf({ type, records: ['\\# 2 abcd'] })).toBe('ok')
  expect(codeOf({ type, records: ['abcd'] })).toBe('DNS.0308')
})

test.each([
  ...[
    'a',
    'Aaaa',
    '',
    'A ',
    'ANY',
    'AXFR',
    'OPT',
    'RRSIG',
    'NSEC',
    'NSEC3',
    'DNSKEY',
    'TYPE1',
    'TYPE0',
    'TYPE41',
  ],
  ...[
    'TYPE46',
    'TYPE255',
    'TYPE0731',
    'TYPE731.0',
    'TYPE7e2',
    'TYPE',
    'TYPE65535',
    'TYPE70000',
    'TYPE32769',
    'type731',
  ],
])('%p is no type of a record set', (type) => {
  expect(codeOf({ type, records: ['\\# 2 abcd'] })).toBe('DNS.0307')
})

const NO_WILDCARD = ['NS', 'DNAME', 'REDIRECT_URL', 'FORWARD_URL']

test.each(types.filter(({ name }) => name !== 'SOA' && name !== 'PTR').map(({ name }) => name))(
  'a wildcard owner for %s is accepted where it means something',
  (type) => {
    const fields = { type, name: '*.shop.example.', records: [VALUES[type]!] }
    expect(codeOf(fields, { door: 'batch' })).toBe(NO_WILDCARD.includes(type) ? 'DNS.0304' : 'ok')
  },
)

test('only a TXT name may hold an asterisk that is no wildcard', () => {
  for (const name of ['a*b.shop.example.', 'x.*.shop.example.']) {
    expect(codeOf({ type: 'TXT', name, records: ['"x"'] })).toBe('ok')
    expect(codeOf({ type: 'A', name })).toBe('DNS.0304')
  }
})

test('an underscore stands in any name but that of URL forwarding', () => {
  const name = '_x.shop.example.'
  expect(codeOf({ name })).toBe('ok')
  const url = { type: 'FORWARD_URL', records: [VALUES.FORWARD_URL!] }
  expect(codeOf({ ...url, name }, { door: 'batch' })).toBe('DNS.0304')
})
