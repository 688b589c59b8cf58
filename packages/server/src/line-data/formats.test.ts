import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { readRange } from '@waymark/control/lines/address-range'
import { RangeTable } from '@waymark/edge/line/ranges'
import { compileFiles, readSource } from './read-source.ts'
import { type MmdbRecord, writeMmdb, writeXdb } from './testing.ts'
import { lineOfRegion } from './xdb.ts'

const folder = mkdtempSync(join(tmpdir(), 'waymark-formats-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
function file(octets: Uint8Array | string): string {
  const path = join(folder, `file-${++files}`)
  writeFileSync(path, octets)
  return path
}

/** Gives the narrowest line of an address in compiled files, or `-`. */
function linesOf(paths: readonly string[]): (address: string) => string {
  const { octets } = compileFiles(paths, 0)
  const buffer = new SharedArrayBuffer(octets.length)
  new Uint8Array(buffer).set(octets)
  const table = new RangeTable(buffer)
  return (address) => {
    const { isIpv6, first } = readRange(address, address)!
    const chain = isIpv6
      ? table.chainOfIpv6(Number(first >> 32n), Number(first & 0xffffffffn))
      : table.chainOfIpv4(Number(first))
    return table.lines[table.lineAt(chain, 0)] ?? '-'
  }
}
const lineAt = (paths: readonly string[], address: string): string => linesOf(paths)(address)

const country = (code: string, subdivision?: string): MmdbRecord => ({
  country: { iso_code: code, names: { en: code } },
  ...(subdivision === undefined ? {} : { subdivisions: [{ iso_code: subdivision }] }),
})

describe('a MaxMind DB file', () => {
  const CITY: readonly (readonly [string, MmdbRecord])[] = [
    ['192.0.2.0/25', country('CN', 'BJ')],
    ['192.0.2.128/25', country('CN', '44')],
    ['198.51.100.0/24', country('NA')],
    ['198.51.101.0/24', { registered_country: { iso_code: 'JP' } }],
    ['198.51.102.0/24', country('CN', 'HK')],
    ['203.0.113.0/24', { country_code: 'CN', state1: 'Inner Mongolia' }],
    ['203.0.113.7/32', { country_code: 'US', state1: 'California' }],
    ['2001:db8::/33', country('CN', 'GX')],
    ['2001:db8:8000::/33', country('DE')],
    ['2001:db8:8000:1:8000::/65', country('FR')],
  ]
  for (const bits of [24, 28, 32] as const) {
    test.each([
      ['192.0.2.0', 'Beijing'],
      ['192.0.2.127', 'Beijing'],
      ['192.0.2.128', 'Guangdong'],
      ['192.0.3.0', '-'],
      ['198.51.100.9', 'NAM'],
      ['198.51.101.9', 'JP'],
      ['198.51.102.9', 'HK'],
      ['203.0.113.6', 'Neimenggu'],
      ['203.0.113.7', 'US'],
      ['203.0.113.8', 'Neimenggu'],
      ['2001:db8::1', 'Guangxi'],
      ['2001:db8:7fff:ffff::', 'Guangxi'],
      ['2001:db8:8000::', 'DE'],
      ['2001:db8:8000:1::', 'DE'],
      ['2001:db9::', '-'],
    ])(`with nodes of ${bits} bits: %s is on %s`, (address, line) => {
      expect(lineAt(['none', file(writeMmdb(CITY, { bits, version: 6 }))], address)).toBe(line)
    })
  }

  test('of IPv4 alone is read, packed with gzip too', () => {
    const ipv4 = CITY.filter(([prefix]) => !prefix.includes(':'))
    const path = file(gzipSync(writeMmdb(ipv4, { bits: 24, version: 4 })))
    expect(lineAt(['none', path], '203.0.113.7')).toBe('US')
  })

  test('IPv4 below IPv6 is not met again as IPv6, also through an alias', () => {
    const rows = readSource(file(writeMmdb(CITY, { bits: 28, version: 6, aliases: ['2002::/16'] })))
    expect(rows.filter(({ isIpv6 }) => isIpv6).map(({ line }) => line)).toEqual(['Guangxi', 'DE'])
  })

  test('of AS numbers or providers adds operators, on the mainland only', () => {
    const places = file(writeMmdb(CITY, { bits: 24, version: 6 }))
    const systems = file(
      writeMmdb(
        [
          ['192.0.2.0/24', { autonomous_system_number: 4134, autonomous_system_organization: 'Chinanet' }],
          ['198.51.100.0/24', { autonomous_system_number: 4134 }],
          ['203.0.113.0/24', { autonomous_system_number: 65000, isp: 'China Unicom' }],
          ['198.18.0.0/24', { asn: 'AS9808' }],
        ],
        { bits: 24, version: 4 },
      ),
    )
    expect(
      ['192.0.2.1', '192.0.2.200', '198.51.100.1', '203.0.113.1', '203.0.113.7', '198.18.0.1'].map(
        (address) => lineAt(['none', places, systems], address),
      ),
    ).toEqual(['Dianxin_Beijing', 'Dianxin_Guangdong', 'NAM', 'Liantong_Neimenggu', 'US', 'Yidong'])
  })
})

describe('an ip2region file', () => {
  const ROWS: readonly (readonly [string, string, string])[] = [
    ['0.0.0.0', '1.0.0.255', '0|0|0|内网IP|内网IP'],
    ['1.0.1.0', '1.0.3.255', '中国|0|福建省|福州市|电信'],
    ['1.0.4.0', '1.0.4.255', '澳大利亚|0|维多利亚|墨尔本|0'],
    ['1.0.5.0', '1.0.5.255', '中国|0|香港|0|0'],
    ['1.0.6.0', '1.0.6.255', '中国|0|新疆维吾尔自治区|0|联通'],
    ['1.0.7.0', '1.0.7.255', '中国|0|0|0|移动'],
  ]
  test.each([
    ['1.0.0.1', '-'],
    ['1.0.1.0', 'Dianxin_Fujian'],
    ['1.0.3.255', 'Dianxin_Fujian'],
    ['1.0.4.1', 'AU'],
    ['1.0.5.1', 'HK'],
    ['1.0.6.1', 'Liantong_Xinjiang'],
    ['1.0.7.1', 'Yidong'],
    ['1.0.8.0', '-'],
  ])('of structure 2: %s is on %s', (address, line) => {
    expect(lineAt(['none', file(writeXdb(ROWS, 2))], address)).toBe(line)
  })

  test('of structure 3 for IPv6 is told apart by the first 64 bits', () => {
    const path = file(
      writeXdb(
        [
          ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '中国|广东省|深圳市|电信|CN'],
          ['2001:db9::', '2001:db9:ffff:ffff:ffff:ffff:ffff:ffff', 'United States|California|0|Example|US'],
        ],
        3,
      ),
    )
    expect(lineAt(['none', path], '2001:db8:1::')).toBe('Dianxin_Guangdong')
    expect(lineAt(['none', path], '2001:db9::')).toBe('US')
  })

  test.each([
    ['中国|0|陕西省|西安市|铁通', 'Tietong_Shaanxi'],
    ['中国|0|山西省|太原市|教育网', 'Jiaoyuwang_Shanxi'],
    ['中国|台湾省|台北市|中华电信|TW', 'TW'],
    ['中国|0|台湾省|0|0', 'TW'],
    ['中国|内蒙古|0|鹏博士|CN', 'Pengboshi_Neimenggu'],
    ['中国|0|0|0|阿里云', 'CN'],
    ['美国|0|0|0|Level3', 'US'],
    ['Reserved|Reserved|Reserved|0|0', undefined],
  ])('%s is on %p', (text, line) => {
    expect(lineOfRegion(text)).toBe(line)
  })
})

test('what comes with Waymark lies below, unless the list begins with none', () => {
  const own = file('8.8.8.0/24,HK\n198.51.100.0/24,CN-GD\n1.1.1.0/24,AS4134\n9.9.9.0/24,AS64500\n')
  const over = linesOf([own])
  const alone = linesOf(['none', own])
  expect([over('8.8.8.8'), over('8.8.4.4'), alone('8.8.4.4')]).toEqual(['HK', 'US', '-'])
  expect(over('198.51.100.1')).toBe('Guangdong')
  // An operator alone says nothing where the country is another.
  expect([over('1.1.1.1'), alone('1.1.1.1'), alone('9.9.9.9')]).toEqual(['AU', 'Dianxin', '-'])
}, 120_000)

test('a compiled file read again is the same', () => {
  const { octets } = compileFiles(
    ['none', file('192.0.2.0/24,HK\n192.0.3.0/24,Dianxin_Beijing\n2001:db8::/32,JP')],
    0,
  )
  expect(compileFiles(['none', file(octets)], 0).octets).toEqual(octets)
})

describe('a broken file is refused by name and reason:', () => {
  const mmdb = writeMmdb([['192.0.2.0/24', country('JP')]], { bits: 24, version: 4 })
  const xdb = writeXdb([['1.0.1.0', '1.0.3.255', '中国|0|福建省|福州市|电信']], 2)
  const circle = Buffer.from(mmdb)
  // The first node leads to itself on both sides.
  circle.fill(0, 0, 6)
  test.each([
    ['half of a tree', mmdb.subarray(mmdb.length - 120), /cut short|reaches over the end/],
    ['a tree in circles', circle, /circles|deeper than an address/],
    [
      'a version of the future',
      Buffer.from(
        mmdb.toString('latin1').replace('major_version\xc1\x02', 'major_version\xc1\x03'),
        'latin1',
      ),
      /version 3/,
    ],
    [
      'no place at all',
      writeMmdb([['192.0.2.0/24', { x: 1 }]], { bits: 24, version: 4 }),
      /none of its records/,
    ],
    ['half of an index', xdb.subarray(0, xdb.length - 5), /cut short/],
    ['texts without places', writeXdb([['1.0.1.0', '1.0.3.255', 'a|b|c']], 2), /none of its texts.*a\|b\|c/],
    ['octets of no kind', Uint8Array.of(1, 2, 0, 4), /neither MaxMind DB/],
    ['a wrong row', '192.0.2.0/24,Atlantis', /:1: Atlantis is no built-in line/],
  ])('%s', (_, octets, reason) => {
    const path = file(octets)
    expect(() => readSource(path)).toThrow(reason)
    expect(() => readSource(path)).toThrow(path)
  })

  test('no file', () => {
    expect(() => readSource(join(folder, 'missing.mmdb'))).toThrow(/missing\.mmdb: ENOENT/)
  })
})
