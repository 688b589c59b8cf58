import { expect, test } from 'bun:test'
import { isIPv6 } from 'node:net'
import fc from 'fast-check'
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from './address.ts'

test('any four octets are read back from their dotted quad', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (octets) => {
      const read = new Uint8Array(4)
      expect(parseIpv4(formatIpv4(octets), read)).toBe(true)
      expect(read).toEqual(octets)
    }),
  )
})

test('any sixteen octets are read back from their text, and the text is the one that URL hosts use', () => {
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }))
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const octets = Uint8Array.from(groups.flatMap((value) => [value >> 8, value & 255]))
      const text = formatIpv6(octets)
      const read = new Uint8Array(16)
      expect(parseIpv6(text, read)).toBe(true)
      expect(read).toEqual(octets)
      if (!text.includes('.')) expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`)
    }),
  )
})

test('any text is either refused or an address that other programs take too', () => {
  const text = fc.string({ unit: fc.constantFrom('0', '1', 'a', 'F', ':', '::', '.', '255'), maxLength: 20 })
  fc.assert(
    fc.property(text, (candidate) => {
      expect(parseIpv6(candidate, new Uint8Array(16))).toBe(isIPv6(candidate))
    }),
    { numRuns: 2000 },
  )
})

test('an address is written at its offset and nowhere else', () => {
  const out = new Uint8Array(24).fill(9)
  parseIpv6('1::2', out, 4)
  expect([...out.subarray(0, 4), ...out.subarray(20)]).toEqual([9, 9, 9, 9, 9, 9, 9, 9])
  expect(formatIpv6(out, 4)).toBe('1::2')
})
