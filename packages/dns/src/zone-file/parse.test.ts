import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { formatName, parseName, type WireName } from '../name.ts'
import { rrTypeByCode, rrTypeByName } from '../rr-types/registry.ts'
import { TYPE_CASES } from '../rr-types/rr-types.cases.ts'
import { formatZoneFile } from './format.ts'
import { parseZoneFile, type RecordData } from './parse.ts'

const name = (text: string): WireName => {
  const parsed = parseName(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}

const origin = name('example.org.')

/** Records as `owner ttl type rdata`, problems as `line:column id`. */
const read = (text: string, defaultTtl?: number) => {
  const { records, problems } = parseZoneFile(text, { origin, defaultTtl })
  return {
    records: records.map(({ owner, ttl, type, rdata }) => {
      const { name: typeName, format } = rrTypeByCode(type)
      return `${formatName(owner)} ${ttl} ${typeName} ${format(rdata)}`
    }),
    problems: problems.map(({ line, column, id }) => `${line}:${column} ${id}`),
  }
}

describe('records', () => {
  test('take owner, TTL and class in every order', () => {
    const { records, problems } = read(
      [
        'a 300 IN A 192.0.2.1',
        'b IN 300 A 192.0.2.1',
        'c 300 A 192.0.2.1',
        'd in 5m a 192.0.2.1',
        'e CLASS1 300 TYPE1 192.0.2.1',
      ].join('\n'),
    )
    expect(problems).toEqual([])
    expect(records).toEqual(['a', 'b', 'c', 'd', 'e'].map((owner) => `${owner}.example.org. 300 A 192.0.2.1`))
  })

  test('inherit the owner when the line begins with a blank', () => {
    const { records } = read('$TTL 60\na A 192.0.2.1\n  A 192.0.2.2\n\tTXT x\n@ A 192.0.2.3\n A 192.0.2.4')
    expect(records.map((record) => record.split(' ')[0])).toEqual([
      'a.example.org.',
      'a.example.org.',
      'a.example.org.',
      'example.org.',
      'example.org.',
    ])
  })

  test('may span lines in parentheses, with comments between', () => {
    const soa =
      '$TTL 60\n@ SOA ns ( ; servers\n hostmaster 7 ; "serial" )\n 1h 15m\n 1w ) 5m ; done\n(\n x TXT\n "a;b" "c)" )'
    expect(read(soa)).toEqual({
      records: [
        'example.org. 60 SOA ns.example.org. hostmaster.example.org. 7 3600 900 604800 300',
        'example.org. 60 TXT "a;b" "c)"',
      ].toSpliced(1),
      problems: ['7:2 type-unknown'],
    })
  })

  test('are read with any line ends, without a last one, and behind a byte order mark', () => {
    expect(read('\uFEFF$TTL 60\r\na A 192.0.2.1\r\n\r\n; note\r\n\tA 192.0.2.2').records).toHaveLength(2)
  })

  test('keep escapes, quotes and UTF-8', () => {
    const { records, problems } = read('$TTL 1\na\\.b TXT "x\\"y" z\\;z "é"\n\\@ CNAME \\$x\n')
    expect(problems).toEqual([])
    expect(records).toEqual([
      'a\\.b.example.org. 1 TXT "x\\"y" "z;z" "\\195\\169"',
      '\\@.example.org. 1 CNAME \\$x.example.org.',
    ])
  })

  test('follow $ORIGIN from line to line', () => {
    const { records } = read(
      '$TTL 1\na A 192.0.2.1\n$ORIGIN sub\na NS ns\n$ORIGIN other.example.\na CNAME @\n',
    )
    expect(records).toEqual([
      'a.example.org. 1 A 192.0.2.1',
      'a.sub.example.org. 1 NS ns.sub.example.org.',
      'a.other.example. 1 CNAME other.example.',
    ])
  })
})

describe('TTLs', () => {
  test('come from $TTL before any that was stated', () => {
    expect(
      read('$TTL 1h\na 5 A 192.0.2.1\nb A 192.0.2.1\n$TTL 1h30m\nc A 192.0.2.1').records.map(
        (r) => r.split(' ')[1],
      ),
    ).toEqual(['5', '3600', '5400'])
  })

  test('come from the record before when there is no $TTL', () => {
    expect(read('a 5 A 192.0.2.1\nb A 192.0.2.1', 60).records.map((r) => r.split(' ')[1])).toEqual(['5', '5'])
  })

  test('come from the caller, or from the MINIMUM of the SOA, when nothing is stated', () => {
    expect(read('a A 192.0.2.1', 60).records).toEqual(['a.example.org. 60 A 192.0.2.1'])
    expect(read('@ SOA a b 1 2 3 4 77\na A 192.0.2.1').records.map((r) => r.split(' ')[1])).toEqual([
      '77',
      '77',
    ])
  })

  test.each(['2147483648', '1h30', '1x', '99999999999', '4w300000w'])('refuse %s', (ttl) => {
    expect(read(`a ${ttl} A 192.0.2.1`).problems).toEqual(['1:3 ttl-invalid'])
    expect(read(`$TTL ${ttl}`).problems).toEqual(['1:6 ttl-invalid'])
  })
})

describe('faults', () => {
  test('are all told, with their places, and cost only their own records', () => {
    const text = [
      '$TTL 60', //                          1
      'ok1 A 192.0.2.1', //                  2
      'bad A 192.0.2.256', //                3
      '$INCLUDE other.zone', //              4
      '$GENERATE 1-9 h$ A 192.0.2.$', //     5
      '$SIZE 1', //                          6
      '$TTL', //                             7
      'x..y A 192.0.2.1', //                 8
      '    TXT "inherits a bad owner"', //   9
      'open TXT "never closed', //          10
      'u TXT )', //                         11
      'ok2 A 192.0.2.2', //                 12
      'q CH TXT x', //                      13
      'r NOTYPE x', //                      14
      's 60', //                            15
      't ANY x', //                         16
      'p SOA ( ns hostmaster', //           17
      'v MX x mail y', //                   18
      '"w" A 192.0.2.1', //                 19
      'ok3 A 192.0.2.3', //                 20
      'z TXT ( "a" ( "b" ) )', //           21
      '$ORIGIN a b', //                     22
    ].join('\n')
    const { records, problems } = read(text)
    expect(records).toEqual(
      ['ok1', 'ok2', 'ok3'].map((owner, i) => `${owner}.example.org. 60 A 192.0.2.${i + 1}`),
    )
    expect(problems).toEqual([
      '3:7 ipv4-invalid',
      '4:1 include-refused',
      '5:1 generate-refused',
      '6:1 directive-unknown',
      '7:1 directive-invalid',
      '8:1 label-empty',
      '9:5 owner-invalid',
      '10:10 quote-not-closed',
      '11:7 parenthesis-not-open',
      '13:3 class-unsupported',
      '14:3 type-unknown',
      '15:3 type-missing',
      '16:3 type-not-data',
      '17:7 parenthesis-not-closed',
      '18:6 number-invalid',
      '18:13 rdata-extra-text',
      '19:1 name-bad-character',
      '21:7 parenthesis-not-closed',
      '22:11 directive-invalid',
    ])
  })

  test('leave their owner to the records that inherit it, and nothing when there is none', () => {
    const { records, problems } = read(
      '$TTL 1\na A 192.0.2.1\nb TXT "open\n A 192.0.2.2\n"c A 192.0.2.3\n A 192.0.2.4',
    )
    expect(records).toEqual(['a.example.org. 1 A 192.0.2.1', 'b.example.org. 1 A 192.0.2.2'])
    expect(problems).toEqual(['3:7 quote-not-closed', '5:1 quote-not-closed', '6:2 owner-invalid'])
  })

  test('tell a record without owner and one without TTL', () => {
    expect(read('  60 A 192.0.2.1').problems).toEqual(['1:3 owner-missing'])
    expect(read('a A 192.0.2.1').problems).toEqual(['1:3 ttl-missing'])
  })

  test('never hide records behind them when a parenthesis or quote stays open', () => {
    const lines = Array.from({ length: 2000 }, (_, i) =>
      i % 2 === 0 ? 'bad TXT (' : `ok${i} 60 A 192.0.2.1`,
    )
    const { records, problems } = read(lines.join('\n'))
    expect([records.length, problems.length]).toEqual([1000, 1000])
  })

  test('stay values on any text at all', () => {
    const unit = fc.constantFrom(
      'a',
      ' ',
      '\n',
      '"',
      '(',
      ')',
      ';',
      '\\',
      '$TTL',
      '$ORIGIN',
      '@',
      '.',
      '1',
      'IN',
      'TXT',
      'A',
      'SOA',
      '=',
      'é',
      '\t',
    )
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
        const { problems } = parseZoneFile(text, { origin, defaultTtl: 1 })
        const lines = text.split('\n')
        for (const { line, column } of problems) {
          expect(line).toBeWithin(1, lines.length + 1)
          expect(column).toBeWithin(1, lines[line! - 1]!.length + 2)
        }
      }),
      { numRuns: 3000 },
    )
  })
})

describe('formatZoneFile', () => {
  const canonicalRecords: RecordData[] = Object.entries(TYPE_CASES).flatMap(([type, { canonical }]) =>
    canonical.map((text) => {
      const rrType = rrTypeByName(type)!
      const parsed = rrType.parse(text)
      if (!parsed.ok) throw new Error(text)
      return { owner: name('Host.example.org.'), type: rrType.code, ttl: 300, rdata: parsed.value }
    }),
  )
  const owner = fc.constantFrom(
    'example.org.',
    'WWW.example.org.',
    '\\@.example.org.',
    '\\$TTL.example.org.',
    'a\\.b.example.org.',
    '*.example.org.',
    '\\000.example.org.',
    'elsewhere.example.',
    '.',
    'xexample.org.',
  )
  const anyRecord: fc.Arbitrary<RecordData> = fc.record({
    owner: owner.map(name),
    type: fc.constantFrom(16, 65280),
    ttl: fc.integer({ min: 0, max: 0x7fffffff }),
    rdata: fc.uint8Array({ maxLength: 300 }),
  })

  const readBack = (records: readonly RecordData[]) => {
    const { records: found, problems } = parseZoneFile(
      formatZoneFile(records, { origin, comments: ['two\nlines'] }),
      { origin },
    )
    expect(problems).toEqual([])
    return found.map(({ line: _, ...record }) => record)
  }

  test('writes every type so that it is read back to the same octets', () => {
    const soaFirst = canonicalRecords.toSorted((a, b) => Number(b.type === 6) - Number(a.type === 6))
    expect(readBack(canonicalRecords)).toEqual(soaFirst)
  })

  test('writes any owners and octets so that they are read back', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 5 }), (records) => {
        const sound = records.filter(({ type, rdata }) => rrTypeByCode(type).check(rdata).length === 0)
        expect(readBack(sound)).toEqual(sound)
      }),
    )
  })

  test('puts the SOA first and everything on its line', () => {
    const records = [
      { owner: name('www.example.org.'), type: 1, ttl: 60, rdata: Uint8Array.of(192, 0, 2, 1) },
      canonicalRecords.find(({ type }) => type === 6)!,
    ]
    expect(formatZoneFile(records, { origin })).toBe(
      [
        '$ORIGIN example.org.',
        'Host                     300      IN SOA     ns.example. hostmaster.example. 2026010100 3600 900 604800 300',
        'www                      60       IN A       192.0.2.1',
        '',
      ].join('\n'),
    )
  })
})
