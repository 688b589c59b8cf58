import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { ClientRanges, writeClientRanges } from './client-ranges.ts'

interface Prefix {
  readonly address: Uint8Array
  readonly bits: number
}

const prefixOf = (size: 4 | 16) =>
  fc
    .tuple(fc.uint8Array({ minLength: size, maxLength: size }), fc.nat(size * 8))
    .map(([octets, bits]): Prefix => ({ address: masked(octets, bits), bits }))

const masked = (octets: Uint8Array, bits: number): Uint8Array =>
  octets.map((octet, i) => octet & ~(0xff >> Math.min(8, Math.max(0, bits - i * 8))))

const mapped = (address: Uint8Array): Uint8Array =>
  address.length === 16 ? address : Uint8Array.of(...new Array(10).fill(0), 255, 255, ...address)

/** The longest prefix around an address of the same family. */
function naively(prefixes: readonly Prefix[], address: Uint8Array): number {
  let best = -1
  for (const [i, { address: network, bits }] of prefixes.entries()) {
    if (network.length !== address.length) continue
    if (Buffer.compare(masked(address, bits), network) !== 0) continue
    if (best < 0 || bits > prefixes[best]!.bits) best = i
  }
  return best + 1
}

const isMapped = (address: Uint8Array): boolean =>
  address.length === 16 && Buffer.compare(mapped(address.slice(12)), address) === 0

test('the longest prefix around an address decides, as a search through all of them does', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.oneof(prefixOf(4), prefixOf(16)), {
        maxLength: 20,
        selector: ({ address, bits }) => `${address} ${bits}`,
      }),
      fc.array(fc.oneof(prefixOf(4), prefixOf(16)), { maxLength: 5 }),
      (prefixes, others) => {
        const kept = prefixes.filter(({ address }) => !isMapped(address))
        const networks = kept.map((prefix, i) => ({ number: i + 1, prefixes: [prefix] }))
        const ranges = new ClientRanges(writeClientRanges(networks))
        for (const { address } of [...kept, ...others]) {
          if (isMapped(address)) continue
          for (const asked of [address, address.map((octet) => octet ^ 1), address.slice().fill(255, -1)]) {
            expect(ranges.networkOf(mapped(asked))).toBe(naively(kept, asked))
          }
        }
      },
    ),
  )
})

test('the whole of IPv6 has no IPv4 client in it', () => {
  const all = { address: new Uint8Array(16), bits: 0 }
  const ranges = new ClientRanges(writeClientRanges([{ number: 7, prefixes: [all] }]))
  expect(ranges.networkOf(mapped(Uint8Array.of(192, 0, 2, 1)))).toBe(0)
  expect(ranges.networkOf(new Uint8Array(16).fill(255))).toBe(7)
  expect(ranges.networkOf(new Uint8Array(16))).toBe(7)
})
