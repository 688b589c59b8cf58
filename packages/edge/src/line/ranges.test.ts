import { expect, test } from 'bun:test'
import { rangeTable } from '../testing/ranges.ts'
import { encodeRanges, RangeTable } from './ranges.ts'

const CHAINS = [['HK', 'AP', 'Abroad'], ['CN'], ['JP', 'AP', 'Abroad']]
const table = rangeTable({
  chains: CHAINS,
  ipv4: [
    { first: 0x01000000, chain: 1 },
    { first: 0x01000100, chain: -1 },
    { first: 0xc0000200, chain: 0 },
    { first: 0xffffff00, chain: 2 },
  ],
  ipv6: [
    { first: 0x2001020000000000n, chain: 2 },
    { first: 0x2001020080000000n, chain: 1 },
    { first: 0x20010200ffffffffn, chain: -1 },
  ],
})
const linesOf = (chain: number): string[] => {
  const lines: string[] = []
  for (let i = 0; table.lineAt(chain, i) >= 0; i++) lines.push(table.lines[table.lineAt(chain, i)]!)
  return lines
}

test.each([
  [0, []],
  [0x00ffffff, []],
  [0x01000000, ['CN']],
  [0x010000ff, ['CN']],
  [0x01000100, []],
  [0xc00001ff, []],
  [0xc0000200, ['HK', 'AP', 'Abroad']],
  [0xfffffeff, ['HK', 'AP', 'Abroad']],
  [0xffffffff, ['JP', 'AP', 'Abroad']],
])('IPv4 address %p is on %p', (address, lines) => {
  expect(linesOf(table.chainOfIpv4(address))).toEqual(lines)
})

test.each([
  [0x20010200, 0, ['JP', 'AP', 'Abroad']],
  [0x200101ff, 0xffffffff, []],
  [0x20010200, 0x7fffffff, ['JP', 'AP', 'Abroad']],
  [0x20010200, 0x80000000, ['CN']],
  [0x20010200, 0xffffffff, []],
  [0xffffffff, 0, []],
])('IPv6 address %p %p is on %p', (high, low, lines) => {
  expect(linesOf(table.chainOfIpv6(high, low))).toEqual(lines)
})

test('another file, or half of one, is refused', () => {
  const octets = encodeRanges({ chains: CHAINS, ipv4: [{ first: 0, chain: 0 }], ipv6: [] })
  const open = (part: Uint8Array) => {
    const buffer = new SharedArrayBuffer(part.length)
    new Uint8Array(buffer).set(part)
    return new RangeTable(buffer)
  }
  expect(open(octets).lines).toContain('HK')
  expect(() => open(octets.subarray(0, octets.length - 8))).toThrow('cut short')
  expect(() => open(octets.subarray(0, 12))).toThrow('no file of line data')
  expect(() => open(new Uint8Array(100))).toThrow('no file of line data')
})
