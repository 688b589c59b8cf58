import { describe, expect, test } from 'bun:test'
import { type LineMembers, type LineSegments, writeLines } from '@waymark/dns/feed-codec'
import { type AskOptions, TestTable } from '../testing/ask.ts'
import { rangeTable } from '../testing/ranges.ts'
import { frame, SOA_AND_NS } from '../testing/zone-text.ts'

const OWNER = 'd'.repeat(32)
const NO_ZONE = '0'.repeat(32)
const BEIJING_TELECOM = [...['Dianxin_Beijing', 'Dianxin_Huabei', 'Dianxin'], ...['Beijing', 'Huabei', 'CN']]
const number = (address: string) =>
  address.split('.').reduce((value, octet) => value * 256 + Number(octet), 0)

/** One address of each kind of visitor. */
const VISITORS = {
  beijingTelecom: '198.18.0.1',
  guangdongTelecom: '198.18.1.1',
  shanghai: '198.18.2.1',
  hongKong: '198.18.3.1',
  newZealand: '198.18.4.1',
  nowhere: '198.18.5.1',
} as const
const RANGES = rangeTable({
  chains: [
    BEIJING_TELECOM,
    ['Dianxin_Guangdong', 'Dianxin_Huanan', 'Dianxin', 'Guangdong', 'Huanan', 'CN'],
    ['Shanghai', 'Huadong', 'CN'],
    ['HK', 'AP', 'Abroad'],
    ['NZ', 'OA', 'Abroad'],
  ],
  ipv4: [0, 1, 2, 3, 4, -1].map((chain, i) => ({ first: number(`198.18.${i}.0`), chain })),
  ipv6: [
    { first: 0x20010db800000000n, chain: 0 },
    { first: 0x20010db800010000n, chain: -1 },
  ],
})

function tableOf(lines: Record<string, readonly string[]>): TestTable {
  const text = Object.entries(lines).flatMap(([owner, its]) =>
    its.map((line) => `; line ${line === 'default_view' ? '' : line}\n${owner} 300 TXT "${line}"`),
  )
  const table = new TestTable([
    { apex: 'example.org', account: OWNER, text: `${SOA_AND_NS}\n${text.join('\n')}` },
  ])
  table.view.lines.ranges = RANGES
  return table
}
const putLines = (
  table: TestTable,
  lines: readonly LineSegments[],
  groups: readonly LineMembers[] = [],
  account = OWNER,
) => table.source.apply(frame(3, NO_ZONE, 0, (payload) => writeLines(payload, account, lines, groups)))

/** The line whose set a visitor gets, `none` for no data. */
function lineOf(table: TestTable, from: string, options: AskOptions = {}): string {
  const { status, answer } = table.ask('www.example.org', 'TXT', { from, ...options })
  expect(status).toBe('NOERROR AA')
  return /"(.*)"/.exec(answer[0] ?? '')?.[1] ?? 'none'
}
const custom = (id: string, first: string, last: string): LineSegments => ({
  id,
  segments: [[number(first), number(last)]],
})

describe('the narrowest line that has a set wins', () => {
  test.each([
    [['default_view', 'Dianxin', 'Dianxin_Huabei'], 'beijingTelecom', 'Dianxin_Huabei'],
    [['default_view', 'Dianxin', 'Dianxin_Huabei'], 'guangdongTelecom', 'Dianxin'],
    [['default_view', 'Dianxin', 'Dianxin_Huabei'], 'hongKong', 'default_view'],
    [['default_view', 'CN', 'HK'], 'shanghai', 'CN'],
    [['default_view', 'CN', 'HK'], 'hongKong', 'HK'],
    [['default_view', 'CN', 'HK'], 'newZealand', 'default_view'],
    [['Beijing', 'Dianxin', 'default_view'], 'beijingTelecom', 'Dianxin'],
    [['CN', 'Huabei', 'Beijing'], 'beijingTelecom', 'Beijing'],
    [['Abroad', 'default_view', 'OA'], 'newZealand', 'OA'],
    [['Abroad', 'default_view'], 'hongKong', 'Abroad'],
    [['Abroad', 'default_view'], 'shanghai', 'default_view'],
    [['CN', 'Abroad'], 'nowhere', 'none'],
    [['HK'], 'newZealand', 'none'],
    [['Dianxin', 'default_view'], 'nowhere', 'default_view'],
  ] as const)('of %p %s gets %s', (lines, visitor, expected) => {
    expect(lineOf(tableOf({ www: lines }), VISITORS[visitor])).toBe(expected)
  })

  test('also for IPv6, and for IPv4 on a socket for both', () => {
    const table = tableOf({ www: ['default_view', 'Huabei'] })
    expect(lineOf(table, '2001:db8::1')).toBe('Huabei')
    expect(lineOf(table, '2001:db8:1::1')).toBe('default_view')
    expect(lineOf(table, `::ffff:${VISITORS.beijingTelecom}`)).toBe('Huabei')
    expect(lineOf(table, 'fe80::1%eth0')).toBe('default_view')
  })

  test('not at all while nothing is known of addresses', () => {
    const table = tableOf({ www: ['default_view', 'Huabei'] })
    table.view.lines.ranges = undefined
    expect(lineOf(table, VISITORS.beijingTelecom)).toBe('default_view')
    expect(lineOf(table, '')).toBe('default_view')
  })

  test('of the exact name, although the wildcard has one that fits better', () => {
    const table = tableOf({ www: ['Abroad'], '*': ['CN', 'default_view'] })
    expect(lineOf(table, VISITORS.shanghai)).toBe('none')
    expect(table.ask('ftp.example.org', 'TXT', { from: VISITORS.shanghai }).answer[0]).toContain('"CN"')
  })
})

describe('a custom line', () => {
  const lines = ['default_view', 'Dianxin_Beijing', 'custom_1', 'custom_2']

  test('goes before all others, within its segments', () => {
    const table = tableOf({ www: lines })
    putLines(table, [
      custom('custom_1', '198.18.0.1', '198.18.0.1'),
      custom('custom_2', '198.18.0.128', '198.18.0.255'),
    ])
    expect(lineOf(table, '198.18.0.1')).toBe('custom_1')
    expect(lineOf(table, '198.18.0.0')).toBe('Dianxin_Beijing')
    expect(lineOf(table, '198.18.0.2')).toBe('Dianxin_Beijing')
    expect(lineOf(table, '198.18.0.127')).toBe('Dianxin_Beijing')
    expect(lineOf(table, '198.18.0.128')).toBe('custom_2')
    expect(lineOf(table, '198.18.0.255')).toBe('custom_2')
    expect(lineOf(table, '198.18.1.0')).toBe('default_view')
  })

  test('counts no longer, and elsewhere, once it is replaced', () => {
    const table = tableOf({ www: lines })
    putLines(table, [custom('custom_1', '10.0.0.0', '10.0.0.9')])
    expect(lineOf(table, '10.0.0.9')).toBe('custom_1')
    putLines(table, [custom('custom_1', '10.0.1.0', '10.0.1.9')])
    expect(lineOf(table, '10.0.0.9')).toBe('default_view')
    expect(lineOf(table, '10.0.1.9')).toBe('custom_1')
    putLines(table, [])
    expect(lineOf(table, '10.0.1.9')).toBe('default_view')
  })

  test('of another account is none of this zone', () => {
    const table = tableOf({ www: lines })
    putLines(table, [custom('custom_1', '10.0.0.0', '10.0.0.9')], [], 'e'.repeat(32))
    expect(lineOf(table, '10.0.0.9')).toBe('default_view')
  })
})

describe('a line group', () => {
  const group = (id: string, ...members: string[]): LineMembers => ({ id, members })

  test('stands where each of its members does', () => {
    const table = tableOf({ www: ['default_view', 'lgroup_1', 'Abroad', 'Dianxin'] })
    putLines(table, [], [group('lgroup_1', 'Beijing', 'HK')])
    expect(lineOf(table, VISITORS.hongKong)).toBe('lgroup_1')
    expect(lineOf(table, VISITORS.newZealand)).toBe('Abroad')
    expect(lineOf(table, VISITORS.beijingTelecom)).toBe('Dianxin')
    expect(lineOf(table, VISITORS.shanghai)).toBe('default_view')
  })

  test("gives way to its members' own sets", () => {
    const table = tableOf({ www: ['lgroup_1', 'HK', 'default_view'] })
    putLines(table, [], [group('lgroup_1', 'HK', 'NZ')])
    expect(lineOf(table, VISITORS.hongKong)).toBe('HK')
    expect(lineOf(table, VISITORS.newZealand)).toBe('lgroup_1')
  })

  test('may hold custom lines, and the default line, behind which it comes', () => {
    const table = tableOf({ www: ['lgroup_1'] })
    const lines = [custom('custom_1', '10.0.0.0', '10.0.0.9')]
    putLines(table, lines, [group('lgroup_1', 'custom_1', 'JP')])
    expect(lineOf(table, '10.0.0.3')).toBe('lgroup_1')
    expect(lineOf(table, VISITORS.nowhere)).toBe('none')
    putLines(table, lines, [group('lgroup_1', 'default_view', 'JP')])
    expect(lineOf(table, VISITORS.nowhere)).toBe('lgroup_1')
    const both = tableOf({ www: ['lgroup_1', 'default_view'] })
    putLines(both, lines, [group('lgroup_1', 'default_view', 'JP')])
    expect(lineOf(both, VISITORS.nowhere)).toBe('default_view')
  })
})

test('a chain into the zone of another account is followed on the lines of that account', () => {
  const other = 'e'.repeat(32)
  const table = new TestTable([
    {
      apex: 'example.org',
      account: OWNER,
      text: `${SOA_AND_NS}\n; line custom_1\nwww 300 CNAME www.example.net.\n; line\nwww 300 CNAME a.example.com.`,
    },
    {
      apex: 'example.net',
      account: other,
      text: `${SOA_AND_NS}\n; line custom_2\nwww 300 A 192.0.2.2\n; line custom_1\nwww 300 A 192.0.2.1`,
    },
  ])
  putLines(table, [custom('custom_1', '10.0.0.0', '10.0.0.9')])
  putLines(table, [custom('custom_2', '10.0.0.0', '10.0.0.9')], [], other)
  expect(table.ask('www.example.org', 'A', { from: '10.0.0.1' }).answer).toEqual([
    'www.example.org. 300 CNAME www.example.net.',
    'www.example.net. 300 A 192.0.2.2',
  ])
})

describe('client subnet', () => {
  const CLIENT_SUBNET = 8
  const subnet = (family: number, prefix: number, scope: number, ...octets: number[]): AskOptions => ({
    payloadSize: 1232,
    options: [{ code: CLIENT_SUBNET, data: Uint8Array.of(0, family, prefix, scope, ...octets) }],
  })
  const echoed = (table: TestTable, name: string, type: string, options: AskOptions): string => {
    const { message, status } = table.ask(name, type, { from: VISITORS.newZealand, ...options })
    const option = message.edns?.options.find(({ code }) => code === CLIENT_SUBNET)
    return `${status} ${option === undefined ? 'none' : [...option.data].join(' ')}`
  }
  const zone = { www: ['default_view', 'CN', 'NZ'], plain: ['default_view'] }

  test('counts instead of the address that asks, whatever its length', () => {
    const table = tableOf(zone)
    expect(lineOf(table, VISITORS.newZealand)).toBe('NZ')
    expect(lineOf(table, VISITORS.newZealand, subnet(1, 24, 0, 198, 18, 2))).toBe('CN')
    expect(lineOf(table, VISITORS.newZealand, subnet(1, 32, 0, 198, 18, 2, 77))).toBe('CN')
    expect(lineOf(table, VISITORS.newZealand, subnet(1, 23, 0, 198, 18, 2))).toBe('CN')
    expect(lineOf(table, VISITORS.newZealand, subnet(2, 32, 0, 0x20, 1, 0x0d, 0xb8))).toBe('CN')
    expect(lineOf(table, VISITORS.newZealand, subnet(1, 24, 0, 10, 0, 0))).toBe('default_view')
  })

  test('comes back with its own length as scope where the name has other lines, with 0 where not', () => {
    const table = tableOf(zone)
    const asked = subnet(1, 24, 0, 198, 18, 2)
    expect(echoed(table, 'www.example.org', 'TXT', asked)).toBe('NOERROR AA 0 1 24 24 198 18 2')
    expect(echoed(table, 'www.example.org', 'A', asked)).toBe('NOERROR AA 0 1 24 24 198 18 2')
    expect(echoed(table, 'plain.example.org', 'TXT', asked)).toBe('NOERROR AA 0 1 24 0 198 18 2')
    expect(echoed(table, 'none.example.org', 'TXT', asked)).toBe('NXDOMAIN AA 0 1 24 0 198 18 2')
  })

  test('of length 0 says nothing: the address that asks counts', () => {
    const table = tableOf(zone)
    expect(lineOf(table, VISITORS.newZealand, subnet(1, 0, 0))).toBe('NZ')
    expect(echoed(table, 'www.example.org', 'TXT', subnet(1, 0, 0))).toBe('NOERROR AA 0 1 0 0')
  })

  test('of an unknown family is as good as none', () => {
    expect(echoed(tableOf(zone), 'www.example.org', 'TXT', subnet(3, 8, 0, 1))).toBe('NOERROR AA none')
  })

  test.each([
    ['too few octets', subnet(1, 24, 0, 198, 18)],
    ['too many octets', subnet(1, 24, 0, 198, 18, 2, 0)],
    ['bits behind the prefix', subnet(1, 23, 0, 198, 18, 3)],
    ['a prefix longer than an address', subnet(1, 33, 0, 198, 18, 2, 1, 0)],
    ['a scope in a query', subnet(1, 24, 24, 198, 18, 2)],
  ])('with %s is malformed', (_, options) => {
    expect(tableOf(zone).ask('www.example.org', 'TXT', options).status).toBe('FORMERR')
  })
})
