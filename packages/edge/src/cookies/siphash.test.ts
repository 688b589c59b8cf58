import { expect, test } from 'bun:test'
import { SipHash } from './siphash.ts'

// The paper's own vectors: key 00 01 … 0f, inputs 00 01 … of every length.
test('hashes as the vectors of the paper do', () => {
  const hash = new SipHash(Uint8Array.from({ length: 16 }, (_, i) => i))
  const input = Uint8Array.from({ length: 64 }, (_, i) => i)
  for (const [length, expected] of [
    [0, '310e0edd47db6f72'],
    [1, 'fd67dc93c539f874'],
    [7, '37d1018bf50002ab'],
    [8, '6224939a79f5f593'],
    [15, 'e545be4961ca29a1'],
    [63, '724506eb4c328a95'],
  ] as const) {
    hash.hash(input, length)
    expect(Buffer.from(hash.result).toString('hex')).toBe(expected)
  }
})
