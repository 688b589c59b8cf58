import { expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  formatBase32Hex,
  formatBase64,
  formatHex,
  parseBase32Hex,
  parseBase64,
  parseHex,
} from './base-encodings.ts'

test('any octets are read back from each encoding, which is the one of other programs', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (octets) => {
      expect(formatHex(octets)).toBe(Buffer.from(octets).toString('hex').toUpperCase())
      expect(formatBase64(octets)).toBe(Buffer.from(octets).toString('base64'))
      expect(parseHex(formatHex(octets))).toEqual(octets)
      expect(parseBase64(formatBase64(octets))).toEqual(octets)
      expect(parseBase32Hex(formatBase32Hex(octets))).toEqual(octets)
    }),
  )
})

test('base32hex is that of RFC 4648 10, without padding', () => {
  const encoded = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) =>
    formatBase32Hex(Buffer.from(text)),
  )
  expect(encoded).toEqual(['', 'CO', 'CPNG', 'CPNMU', 'CPNMUOG', 'CPNMUOJ1', 'CPNMUOJ1E8'])
})

test.each(['A', 'AA', 'AAA', 'A===', 'AB==', 'AAB=', '====', 'AA=A', 'A A=', 'ÿAAA', 'AAA-'])(
  'base64 %s is refused, as it would be written back differently',
  (text) => {
    expect(parseBase64(text)).toBeNull()
  },
)

test.each(['0', 'C', 'CP', '0W', 'CPN'])('base32hex %s is refused', (text) => {
  expect(parseBase32Hex(text)).toBeNull()
})
