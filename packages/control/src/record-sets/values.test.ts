import { describe, expect, test } from 'bun:test'
import { decodeRdatas } from '@waymark/dns/feed-codec'
import { rrTypeByName } from '@waymark/dns/rr-types/registry'
import { codeOf, judgeAll, messageOfLast } from './testing.ts'

/** What is published for the values, in the form of zone files. */
function published(type: string, ...records: string[]): readonly string[] {
  const verdict = judgeAll([{ type, records, name: 'x.shop.example.' }], { door: 'batch' })[0]!
  if (!verdict.ok) throw new Error(verdict.failure.message)
  expect(verdict.row.records).toEqual(records.map((record) => record.trim()))
  return decodeRdatas(verdict.row.rdatas!).map((rdata) => rrTypeByName(type)!.format(rdata))
}

const LONG_STRING = 'a'.repeat(255)

describe('accepted values are kept as sent and published in normal form', () => {
  test.each([
    ['A', '192.0.2.1', '192.0.2.1'],
    ['A', ' 192.0.2.1\t', '192.0.2.1'],
    ['AAAA', '2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['AAAA', '::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['CNAME', 'CDN.example.net', 'cdn.example.net.'],
    ['CNAME', 'selector1._domainkey.example.net.', 'selector1._domainkey.example.net.'],
    ['CNAME', 'bücher.example', 'xn--bcher-kva.example.'],
    ['MX', '5   MX1.example.net', '5 mx1.example.net.'],
    ['MX', '005 mx1.example.net.', '5 mx1.example.net.'],
    ['MX', '0 .', '0 .'],
    ['SRV', '0 50 5222 chat_1.example.net', '0 50 5222 chat_1.example.net.'],
    ['SRV', '0 0 0 .', '0 0 0 .'],
    ['NS', 'NS1.example.net', 'ns1.example.net.'],
    ['CAA', '0 ISSUE "ca.example; account=1"', '0 issue "ca.example; account=1"'],
    ['CAA', '128 iodef "mailto:sec@shop.example"', '128 iodef "mailto:sec@shop.example"'],
    ['CAA', '0 issue ""', '0 issue ""'],
    ['CAA', '0 issue ";"', '0 issue ";"'],
    ['TXT', '"v=spf1 mx -all"', '"v=spf1 mx -all"'],
    ['TXT', '"part one " "part two"', '"part one " "part two"'],
    ['TXT', '"" "x"', '"" "x"'],
    ['TXT', '"a;b(c)"', '"a;b(c)"'],
    ['TXT', `"${LONG_STRING}"`, `"${LONG_STRING}"`],
    ['TXT', '"grün"', '"gr\\195\\188n"'],
    ['DNAME', 'OTHER.example.net', 'other.example.net.'],
    ['HTTPS', '1 svc.example.net alpn=h2', '1 svc.example.net. alpn="h2"'],
  ])('%s %p → %p', (type, value, expected) => {
    expect(published(type, value)).toEqual([expected])
  })
})

describe('refused values', () => {
  test.each([
    [
      'A',
      [
        '256.0.2.1',
        '192.0.2',
        '192.0.2.01',
        '192.0.2.1:80',
        '192.0.2.1/32',
        '2001:db8::1',
        '',
        'host',
        '\\# 4 c0000201',
      ],
    ],
    ['AAAA', ['192.0.2.1', 'fe80::1%eth0', '2001:db8::/32', '2001:db8::1::2', '12345::']],
    [
      'CNAME',
      [
        '',
        'a b.example.',
        '192.0.2.1',
        '-x.example.',
        '*.example.net.',
        '.',
        'x.shop.example.',
        'X.shop.example',
      ],
    ],
    [
      'MX',
      [
        'mx.example.net.',
        '5',
        '65536 mx.example.net.',
        '-1 mx.example.net.',
        '5 192.0.2.1',
        '5 mx_1.example.net.',
        '5 a. b.',
      ],
    ],
    ['SRV', ['0 0 5060', '0 0 65536 a.example.', 'a 0 1 b.example.', '0 0 1 a.example. b']],
    ['NS', ['192.0.2.1', 'ns_1.example.net.', '.']],
    [
      'CAA',
      [
        '0 issue ca.example',
        '256 issue "ca.example"',
        '0 is-sue "x"',
        '0 issue "a\\b"',
        '0 issue "ä"',
        `0 issue "${LONG_STRING}a"`,
        `0 ${'a'.repeat(16)} "x"`,
      ],
    ],
    [
      'TXT',
      [
        'text',
        '""',
        '"" ""',
        '"a"  "b"',
        '"a""b"',
        '"a\\"b"',
        '"a',
        `"${LONG_STRING}a"`,
        `"${'ü'.repeat(128)}"`,
      ],
    ],
    [
      'TXT',
      [
        Array(17)
          .fill(`"${'a'.repeat(250)}"`)
          .join(' '),
      ],
    ],
    [
      'REDIRECT_URL',
      [
        'www.example.net',
        'ftp://example.net/',
        'http://192.0.2.1/',
        'http://[2001:db8::1]/',
        'http://域名.example/',
        'http://xn--eqrt2g.example/',
        `http://example.net/${'a'.repeat(482)}`,
        'http://example.net:0/',
        'http:///x',
      ],
    ],
  ])('of %s', (type, values) => {
    for (const value of values) {
      const fields = { type, name: 'x.shop.example.', records: [value] }
      expect([value, codeOf(fields, { door: 'batch' })]).toEqual([value, 'DNS.0308'])
    }
  })

  test('are named in the message', () => {
    expect(messageOfLast([{ records: ['192.0.2.1', '192.0.2.999'] }])).toContain("'192.0.2.999'")
    expect(messageOfLast([{ records: [] }])).toBe(
      "Invalid record set value. Attribute 'records' is invalid, records is null or empty.",
    )
  })

  test('are cut short there, so that the message stays below 512 characters', () => {
    for (const value of [`"${'x'.repeat(4096)}"`, `${'y'.repeat(4096)}`, `"${'😀'.repeat(1024)}"`]) {
      const message = messageOfLast([{ type: 'TXT', records: [value] }])
      expect(message.length).toBeLessThan(512)
      expect(message.isWellFormed()).toBe(true)
    }
  })

  test('that no database gives back as they were are refused, of every type', () => {
    for (const type of ['TXT', 'SPF', 'HINFO'])
      for (const text of ['"a\u0000b" "c"', '"a\ud800b" "c"'])
        expect(codeOf({ type, records: [text] })).toBe('DNS.0308')
  })
})

test.each([
  ['A', ['192.0.2.1', '192.0.2.1']],
  ['AAAA', ['2001:db8::1', '2001:DB8:0::1']],
  ['MX', ['5 mx.example.net.', '5 MX.example.net']],
  ['NS', ['ns1.example.net.', 'NS1.EXAMPLE.NET']],
  ['CAA', ['0 issue "ca.example"', '0 Issue "ca.example"']],
  ['TXT', ['"a"', '"a"']],
])('two values of %s that are equal once normalised are refused', (type, records) => {
  expect(codeOf({ type, records })).toBe('DNS.0308')
})

test('values that differ in text only by case of a TXT string are two', () => {
  expect(codeOf({ type: 'TXT', records: ['"a"', '"A"', '"a" "b"', '"ab"'] })).toBe('ok')
})

const addresses = (count: number) => Array.from({ length: count }, (_, at) => `192.0.2.${at}`)

test('a batch item has up to 100 values, any other set up to 50', () => {
  expect(codeOf({ records: addresses(50) })).toBe('ok')
  expect(codeOf({ records: addresses(51) })).toBe('DNS.0308')
  expect(codeOf({ records: addresses(100) }, { door: 'batch' })).toBe('ok')
  expect(codeOf({ records: addresses(101) }, { door: 'batch' })).toBe('DNS.0308')
})

test('a CNAME has one value', () => {
  expect(codeOf({ type: 'CNAME', records: ['a.example.net.', 'b.example.net.'] })).toBe('DNS.0308')
})

test('values that no message can carry together are refused', () => {
  const string = `"${'a'.repeat(250)}"`
  const value = Array(16).fill(string).join(' ').slice(0, 4096)
  const records = (count: number) =>
    Array.from({ length: count }, (_, at) => value.replace('aaaa', `${1000 + at}`))
  expect(codeOf({ type: 'TXT', records: records(16) })).toBe('ok')
  expect(codeOf({ type: 'TXT', records: records(17) })).toBe('DNS.0308')
})
