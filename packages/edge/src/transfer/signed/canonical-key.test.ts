import { expect, test } from 'bun:test'
import { compareNames } from '@waymark/dns/name'
import fc from 'fast-check'
import { canonicalKey } from './canonical-key.ts'

const octet = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 2, 0x61, 255))
/** Lower case, as names in the table are. */
const label = fc
  .uint8Array({ minLength: 1, maxLength: 4 })
  .chain((octets) => fc.tuple(...[...octets].map(() => octet)))
  .map((octets) => octets.map((each) => (each > 64 && each < 91 ? each + 32 : each)))
const owner = fc
  .array(label, { maxLength: 4 })
  .map((labels) => Uint8Array.from(labels.flatMap((octets) => [octets.length, ...octets])))
const named = (octets: Uint8Array): Uint8Array => Uint8Array.from([...octets, 0])

test('keys sort as RFC 4034 6.1 orders names, and tell whether a name is below another', () => {
  fc.assert(
    fc.property(owner, owner, (a, b) => {
      const [x, y] = [canonicalKey(a), canonicalKey(b)]
      const order = x < y ? -1 : x > y ? 1 : 0
      expect(order).toBe(Math.sign(compareNames(named(a), named(b))))
      const isBelow =
        a.length >= b.length && Buffer.from(a.subarray(a.length - b.length)).equals(Buffer.from(b))
      // A label that ends as the other name begins is no label of its own.
      const starts = new Set<number>()
      for (let at = 0; at < a.length; at += 1 + a[at]!) starts.add(at)
      expect(x.startsWith(y)).toBe(isBelow && (b.length === 0 || starts.has(a.length - b.length)))
    }),
    { numRuns: 2000 },
  )
})

test('a key is made of a part of something larger', () => {
  expect(canonicalKey(Uint8Array.of(9, 1, 0x61, 1, 0x62, 9), 1, 4)).toBe('b\0a\0')
})
