import { describe, expect, test } from 'bun:test'
import { readRange } from '@waymark/control/lines/address-range'
import { combineLines, lineChain, lineOfCountry } from '@waymark/control/lines/line-chain'
import { LINES } from '@waymark/control/lines/lines'
import { RangeTable } from '@waymark/edge/line/ranges'
import { compileLineData, type LineRow, readLineRows } from './line-layers.ts'

const rows = (text: string): LineRow[] => readLineRows(text, 'test.csv')

/** The narrowest line of an address, or `-`. */
function lineAt(layers: readonly string[], address: string): string {
  const octets = compileLineData(layers.map(rows))
  const buffer = new SharedArrayBuffer(octets.length)
  new Uint8Array(buffer).set(octets)
  const table = new RangeTable(buffer)
  const { isIpv6, first } = readRange(address, address)!
  const chain = isIpv6
    ? table.chainOfIpv6(Number(first >> 32n), Number(first & 0xffffffffn))
    : table.chainOfIpv4(Number(first))
  return table.lines[table.lineAt(chain, 0)] ?? '-'
}

describe('the chain of a line', () => {
  test.each([
    ['Dianxin_Beijing', 'Dianxin_Beijing Dianxin_Huabei Dianxin Beijing Huabei CN'],
    ['Dianxin_Huabei', 'Dianxin_Huabei Dianxin Huabei CN'],
    ['Pengboshi', 'Pengboshi CN'],
    ['Beijing', 'Beijing Huabei CN'],
    ['CN', 'CN'],
    ['HK', 'HK AP Abroad'],
    ['NAM', 'NAM AF Abroad'],
    ['Abroad', 'Abroad'],
  ])('%s widens to %p', (id, chain) => {
    expect(lineChain(id).join(' ')).toBe(chain)
  })

  test('of every line fits into the file', () => {
    for (const { id } of LINES) expect(lineChain(id).length).toBeLessThanOrEqual(8)
  })
})

test.each([
  ['CN', 'CN'],
  ['NA', 'NAM'],
  ['AF', 'AFG'],
  ['LA', 'LAO'],
  ['HK', 'HK'],
  ['BA', 'EU'],
  ['AQ', 'Abroad'],
  ['ZZ', undefined],
])('country %s is on line %p', (code, line) => {
  expect(lineOfCountry(code)).toBe(line)
})

test.each([
  [undefined, 'Dianxin', 'Dianxin'],
  ['CN', 'Dianxin', 'Dianxin'],
  ['Dianxin', 'Beijing', 'Dianxin_Beijing'],
  ['Beijing', 'Dianxin', 'Dianxin_Beijing'],
  ['Dianxin_Beijing', 'Yidong', 'Yidong_Beijing'],
  ['Dianxin_Beijing', 'Shanghai', 'Dianxin_Shanghai'],
  ['Dianxin', 'Liantong_Shanghai', 'Liantong_Shanghai'],
  ['Dianxin', 'HK', 'HK'],
  ['HK', 'Dianxin', 'Dianxin'],
])('%p and, on top, %s make %s', (below, above, line) => {
  expect(combineLines(below, above)).toBe(line)
})

describe('layers', () => {
  const BASE = '10.0.0.0,10.0.3.255,CN\n10.0.8.0/21,JP\n2001:db8::/32,HK'
  test.each([
    ['9.255.255.255', '-'],
    ['10.0.0.0', 'CN'],
    ['10.0.3.255', 'CN'],
    ['10.0.4.0', '-'],
    ['10.0.15.255', 'JP'],
    ['10.0.16.0', '-'],
    ['2001:db8::1', 'HK'],
    ['2001:db9::', '-'],
  ])('%s is on %s', (address, line) => {
    expect(lineAt([BASE], address)).toBe(line)
  })

  test.each([
    ['10.0.0.255', 'CN'],
    ['10.0.1.0', 'Dianxin'],
    ['10.0.1.255', 'Dianxin'],
    ['10.0.2.0', 'Dianxin_Beijing'],
    ['10.0.3.255', 'Dianxin_Beijing'],
    ['10.0.4.0', 'Beijing'],
    ['10.0.7.255', 'Beijing'],
    ['10.0.8.0', 'Beijing'],
    ['10.0.8.1', 'JP'],
    ['2001:db8:1::', 'Beijing'],
    ['2001:db8:2::', 'HK'],
  ])('a later one knows better: %s is on %s', (address, line) => {
    const operators = '10.0.1.0,10.0.3.255,Dianxin'
    const provinces = '10.0.2.0,10.0.8.0,Beijing\n2001:db8:1::/48,Beijing'
    expect(lineAt([BASE, operators, provinces], address)).toBe(line)
  })

  test('the last address of all can be on a line', () => {
    expect(lineAt(['255.255.255.255/32,JP'], '255.255.255.255')).toBe('JP')
    expect(lineAt(['ffff::/16,JP'], 'ffff:ffff::')).toBe('JP')
  })

  test.each([
    ['10.0.0.0,10.0.0.1', 'expected'],
    ['10.0.0.0/24', 'expected'],
    ['10.0.0.0/33,JP', 'expected'],
    ['10.0.0.2,10.0.0.1,JP', 'expected'],
    ['10.0.0.0,2001:db8::,JP', 'expected'],
    ['10.0.0.0/24,default_view', 'default_view is no built-in line'],
    ['10.0.0.0/24,Atlantis', 'Atlantis is no built-in line'],
  ])('refuse the row %p', (row, message) => {
    expect(() => rows(`# comment\n\n${row}`)).toThrow('test.csv:3: ')
    expect(() => rows(row)).toThrow(message)
  })
})
