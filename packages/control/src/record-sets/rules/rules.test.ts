import { describe, expect, test } from 'bun:test'
import type { RecordSet } from '../../store/store.ts'
import type { Door, RecordSetDraft } from '../draft.ts'
import { codeOf, codeOfLast, type JudgeOptions, judgeAll, messageOfLast, PRIVATE } from '../testing.ts'

type Fields = Partial<RecordSetDraft>

const A: Fields = { type: 'A', records: ['192.0.2.10'] }
const CNAME: Fields = { type: 'CNAME', records: ['cdn.example.net.'] }
const OF_TYPE: Readonly<Record<string, Fields>> = {
  NS: { type: 'NS', records: ['ns1.example.net.'] },
  CNAME,
  A,
  AAAA: { type: 'AAAA', records: ['2001:db8::1'] },
  MX: { type: 'MX', records: ['5 mx.example.net.'] },
  TXT: { type: 'TXT', records: ['"x"'] },
  SRV: { type: 'SRV', records: ['0 0 1 a.example.net.'] },
  CAA: { type: 'CAA', records: ['0 issue "x"'] },
}
const TYPES = Object.keys(OF_TYPE)
const pairs = TYPES.flatMap((first) => TYPES.map((second) => [first, second] as const)).filter(
  ([first, second]) => first !== second,
)

test.each(pairs)('%s, then %s, at one name below the apex', (first, second) => {
  const isConflict = first === 'CNAME' || second === 'CNAME'
  const code = codeOfLast([OF_TYPE[first]!, OF_TYPE[second]!])
  expect(code).toBe(isConflict ? 'DNS.0312' : 'ok')
})

test('the message names the set in the way, in all doors alike', () => {
  for (const door of ['v2', 'v2.1', 'batch'] as const) {
    expect(
      messageOfLast(
        [
          { ...A, line: 'Abroad' },
          { ...CNAME, line: 'Abroad' },
        ],
        { door },
      ),
    ).toBe(
      "This record set name already exists.Conflicts with Record Set 'www.shop.example.' type 'A' in line 'Abroad'.",
    )
  }
})

test('sets of different lines never conflict', () => {
  expect(codeOfLast([{ ...A, line: 'Abroad' }, CNAME])).toBe('ok')
  expect(
    codeOfLast([
      { ...A, line: 'Abroad', weight: null },
      { ...A, weight: null },
    ]),
  ).toBe('ok')
})

test('a paused set is in the way like any other', () => {
  expect(codeOfLast([{ ...A, status: 'DISABLE' }, CNAME])).toBe('DNS.0312')
})

test('names are the same in Unicode and as A-labels, in any case', () => {
  const names = ['Bücher.shop.example.', 'XN--bcher-kva.shop.example.']
  expect(
    codeOfLast([
      { ...A, name: names[0]! },
      { ...CNAME, name: names[1]! },
    ]),
  ).toBe('DNS.0312')
})

describe('at the apex', () => {
  const set = (type: string, records: string[]): RecordSet => {
    const verdict = judgeAll([{ type: 'TXT', name: 'shop.example.', records: ['"x"'] }])[0]!
    if (!verdict.ok) throw new Error('no set')
    return { ...verdict.row, id: type, type, records, isDefault: true }
  }
  const rows = [set('SOA', ['…']), set('NS', ['ns1.lab.example.'])]
  const atApex = (type: string): Fields => ({ ...OF_TYPE[type], name: 'shop.example.' })

  test('a CNAME stands beside SOA and NS of a public zone, not of a private one', () => {
    expect(codeOf(atApex('CNAME'), { rows })).toBe('ok')
    expect(messageOfLast([atApex('CNAME')], { rows, zone: PRIVATE })).toContain("type 'SOA'")
  })

  test('a CNAME stands beside MX and TXT only by the setting', () => {
    for (const type of ['MX', 'TXT']) {
      for (const drafts of [
        [atApex(type), atApex('CNAME')],
        [atApex('CNAME'), atApex(type)],
      ]) {
        expect(codeOfLast(drafts, { rows })).toBe('DNS.0312')
        expect(codeOfLast(drafts, { rows, apexCnameWithMail: true })).toBe('ok')
      }
    }
    expect(codeOfLast([atApex('CNAME'), atApex('A')], { rows, apexCnameWithMail: true })).toBe('DNS.0312')
    const below = [CNAME, OF_TYPE.TXT!]
    expect(codeOfLast(below, { rows, apexCnameWithMail: true })).toBe('DNS.0312')
  })

  test('the default line has the NS set of the zone alone, other lines may have their own', () => {
    expect(codeOf(atApex('NS'), { rows })).toBe('DNS.0312')
    expect(codeOf({ ...atApex('NS'), line: 'Abroad' }, { rows })).toBe('ok')
  })
})

describe('a second set of one name, type and line', () => {
  const other: Fields = { ...A, records: ['192.0.2.11'] }
  const plain = { weight: null }

  test.each<[string, Fields[], JudgeOptions, string]>([
    ['v2: refused whatever its values', [A, other], { door: 'v2' }, 'DNS.0312'],
    ['v2: with the same values', [A, A], { door: 'v2' }, 'DNS.0312'],
    ['v2.1: with the same values', [A, A], {}, 'DNS.0335'],
    [
      'v2.1: with the same values without weight',
      [
        { ...A, ...plain },
        { ...A, ...plain },
      ],
      {},
      'DNS.0335',
    ],
    ['v2.1: both weighted', [A, other], {}, 'ok'],
    ['v2.1: the first not weighted', [{ ...A, ...plain }, other], {}, 'DNS.0328'],
    ['v2.1: the second not weighted', [A, { ...other, ...plain }], {}, 'DNS.0328'],
    [
      'v2.1: neither weighted',
      [
        { ...A, ...plain },
        { ...other, ...plain },
      ],
      {},
      'DNS.0328',
    ],
    ['private: neither weighted', [A, other], { zone: PRIVATE }, 'DNS.0312'],
    ['private: the same values', [A, A], { zone: PRIVATE }, 'DNS.0335'],
    [
      'private: both weighted',
      [
        { ...A, weight: 1 },
        { ...other, weight: 2 },
      ],
      { zone: PRIVATE },
      'ok',
    ],
    ['private: one weighted', [A, { ...other, weight: 2 }], { zone: PRIVATE }, 'DNS.0328'],
    ['batch: the same values', [A, A], { door: 'batch' }, 'DNS.0312'],
    ['batch: other values', [A, other], { door: 'batch' }, 'ok'],
    ['batch: private', [A, other], { door: 'batch', zone: PRIVATE }, 'DNS.0312'],
    [
      'batch: MX, which has no weight',
      [OF_TYPE.MX!, { ...OF_TYPE.MX, records: ['9 b.example.'] }],
      { door: 'batch' },
      'DNS.0328',
    ],
    ['CNAME, weighted', [CNAME, { ...CNAME, records: ['b.example.net.'] }], {}, 'ok'],
  ])('%s', (_name, drafts, options, code) => {
    expect(codeOfLast(drafts, options)).toBe(code)
  })

  test('is the same set of values in any order and spelling', () => {
    const first: Fields = { type: 'MX', records: ['5 a.example.', '10 b.example.'] }
    expect(codeOfLast([first, { type: 'MX', records: ['10 B.example', '5 a.example.'] }])).toBe('DNS.0335')
    expect(codeOfLast([first, { type: 'MX', records: ['10 b.example.'] }])).toBe('ok')
  })

  test('is refused in the words of its door', () => {
    const values: Fields = { ...A, records: ['192.0.2.10', '192.0.2.11'] }
    const text = (door: Door) => messageOfLast([values, values], { door })
    expect(text('v2')).toBe('This record set name already exists.')
    expect(text('v2.1')).toBe(
      'Duplicate recordset exists.(name: www.shop.example., type: A, line: default_view, records: 192.0.2.10, 192.0.2.11).',
    )
    expect(text('batch')).toBe(
      'Duplicate record set exists. (name: www.shop.example., type: A, records: 192.0.2.10, 192.0.2.11).',
    )
  })

  test('is the last at twenty', () => {
    const drafts = Array.from({ length: 21 }, (_, at) => ({ ...A, records: [`192.0.2.${at}`] }))
    expect(codeOfLast(drafts.slice(0, 20))).toBe('ok')
    expect(codeOfLast(drafts)).toBe('DNS.0322')
  })

  test('of MX is refused when all values together fit no message', () => {
    const label = 'a'.repeat(63)
    const set = (no: number): Fields => ({
      type: 'MX',
      records: Array.from({ length: 50 }, (_, at) => `${at} h${no}-${at}.${label}.${label}.${label}.`),
    })
    const codes = judgeAll(Array.from({ length: 8 }, (_, no) => set(no))).map((verdict) => verdict.ok)
    expect(codes).toEqual([...Array(6).fill(true), false, false])
  })
})

describe('URL forwarding', () => {
  const url: Fields = { type: 'REDIRECT_URL', records: ['https://www.example.net/'] }
  const batch: JudgeOptions = { door: 'batch' }

  test.each(TYPES.filter((type) => type !== 'NS'))('and %s', (type) => {
    const code = ['A', 'AAAA', 'CNAME'].includes(type) ? 'DNS.0312' : 'ok'
    expect(codeOfLast([url, OF_TYPE[type]!], batch)).toBe(code)
    expect(codeOfLast([OF_TYPE[type]!, url], batch)).toBe(code)
  })

  test('stands once at a name', () => {
    expect(codeOfLast([url, { ...url, type: 'FORWARD_URL' }], batch)).toBe('DNS.0312')
    expect(codeOfLast([url, { ...url, records: ['http://b.example.net/'] }], batch)).toBe('DNS.0312')
  })
})

describe('delegation', () => {
  const ds: Fields = { type: 'DS', records: [`12345 13 2 ${'ab'.repeat(32)}`] }

  test('a DS set needs the NS set of its name, on its line or the default one', () => {
    expect(codeOf(ds)).toBe('DNS.0308')
    expect(codeOfLast([OF_TYPE.NS!, ds])).toBe('ok')
    expect(codeOfLast([OF_TYPE.NS!, { ...ds, line: 'Abroad' }])).toBe('ok')
    expect(codeOfLast([{ ...OF_TYPE.NS, line: 'Abroad' }, ds])).toBe('DNS.0308')
    expect(codeOf({ ...ds, name: 'shop.example.' })).toBe('DNS.0308')
  })

  const dname: Fields = { type: 'DNAME', records: ['other.example.net.'] }

  test('no set stands below a DNAME, on whatever line', () => {
    const below: Fields = { ...A, name: 'a.b.www.shop.example.' }
    expect(codeOfLast([dname, below])).toBe('DNS.0312')
    expect(codeOfLast([dname, { ...below, line: 'Abroad' }])).toBe('DNS.0312')
    expect(codeOfLast([below, dname])).toBe('DNS.0308')
    expect(codeOfLast([dname, { ...A, name: 'awww.shop.example.' }])).toBe('ok')
    expect(codeOf(dname, { withNamesBelow: ['www.shop.example.'] })).toBe('DNS.0308')
  })

  test('a DNAME stands alone of its kind, beside no CNAME and at no zone cut', () => {
    expect(codeOfLast([dname, A])).toBe('ok')
    expect(codeOfLast([dname, CNAME])).toBe('DNS.0312')
    expect(codeOfLast([dname, OF_TYPE.NS!])).toBe('DNS.0312')
    expect(codeOfLast([OF_TYPE.NS!, { ...dname, line: 'Abroad' }])).toBe('DNS.0312')
    expect(codeOfLast([dname, { ...dname, records: ['b.example.net.'] }])).toBe('DNS.0312')
  })
})
