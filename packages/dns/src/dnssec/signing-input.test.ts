import { describe, expect, test } from 'bun:test'
import { createPublicKey, verify } from 'node:crypto'
import { compareNames, parseName } from '../name.ts'
import { NSEC } from '../rr-types/dnssec.ts'
import { rrTypeByName } from '../rr-types/registry.ts'
import { TYPE_CAA, TYPE_MX } from '../rr-types/type-codes.ts'
import { writeSuccessor, writeTypeBitmap } from './denial.ts'
import { keyTag } from './dnskey.ts'
import { canonicalRdatas, signatureHead, signedLabels, signingInput } from './signing-input.ts'

const name = (text: string) => {
  const parsed = parseName(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}
const rdata = (type: string, text: string) => {
  const parsed = rrTypeByName(type)!.parse(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}

describe('what is signed', () => {
  // RFC 8080 6.1: MX of example.com under Ed25519.
  const dnskey = rdata('DNSKEY', '257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=')
  const text =
    'MX 15 2 3600 1440021600 1438207200 3613 example.com. oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg=='
  const head = signatureHead({
    typeCovered: TYPE_MX,
    algorithm: 15,
    labels: signedLabels(name('example.com.')),
    originalTtl: 3600,
    expiration: 1440021600,
    inception: 1438207200,
    keyTag: keyTag(dnskey),
    signer: name('Example.com.'),
  })
  const rrsig = rdata('RRSIG', text)

  test('is what the signature of RFC 8080 6.1 was made over', () => {
    const signature = rrsig.subarray(head.length)
    expect(rrsig.subarray(0, head.length)).toEqual(head)
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(dnskey.subarray(4)).toString('base64url') },
      format: 'jwk',
    })
    const input = signingInput(head, name('EXAMPLE.com.'), TYPE_MX, 3600, [
      rdata('MX', '10 Mail.example.com.'),
    ])
    expect(verify(null, input, key, signature)).toBe(true)
    input[input.length - 1]! ^= 1
    expect(verify(null, input, key, signature)).toBe(false)
  })

  test('holds the rdatas in canonical form and order, each once', () => {
    const given = ['20 a.example.', '10 b.example.', '10 B.Example.', '10 a.b.example.'].map((each) =>
      rdata('MX', each),
    )
    expect(canonicalRdatas(TYPE_MX, given).map((each) => rrTypeByName('MX')!.format(each))).toEqual([
      '10 a.b.example.',
      '10 b.example.',
      '20 a.example.',
    ])
  })

  test('does not count the asterisk of a wildcard, nor the root', () => {
    expect(['.', 'example.', '*.example.', 'a.*.example.'].map((each) => signedLabels(name(each)))).toEqual([
      0, 1, 1, 3,
    ])
  })
})

describe('denial', () => {
  const successor = (of: Uint8Array): Uint8Array => {
    const out = new Uint8Array(300)
    return out.slice(0, writeSuccessor(of, 0, of.length, out, 0))
  }

  test('the name behind a name is the first one below it', () => {
    expect(successor(name('www.example.'))).toEqual(name('\\000.www.example.'))
    expect(successor(name('.'))).toEqual(name('\\000.'))
  })

  test('the name behind one without room below it is the next beside it', () => {
    const long = (first: string, tail = 'x'.repeat(63)) =>
      name(`${first}.${tail}.${'y'.repeat(63)}.${'z'.repeat(61)}.`)
    const cases = [
      [long('a'.repeat(62)), long(`${'a'.repeat(61)}b`)],
      [long(`${'a'.repeat(61)}\\255`), long(`${'a'.repeat(60)}b`)],
      [long(`${'a'.repeat(61)}@`), long(`${'a'.repeat(61)}[`)],
    ] as const
    for (const [from, to] of cases) {
      expect(successor(from)).toEqual(to)
      expect(compareNames(from, to)).toBeLessThan(0)
    }
    const highest = long('\\255'.repeat(62))
    expect(successor(highest)).toEqual(name(`${'x'.repeat(62)}y.${'y'.repeat(63)}.${'z'.repeat(61)}.`))
  })

  test('the bitmap is that of the NSEC type', () => {
    const codes = [1, 15, 46, 47, TYPE_CAA, 1234]
    const next = name('host.example.com.')
    const out = new Uint8Array(400).fill(0xee)
    const end = writeTypeBitmap(codes, codes.length, out, 0)
    const written = NSEC.format(Uint8Array.of(...next, ...out.subarray(0, end)))
    expect(written).toBe('host.example.com. A MX RRSIG NSEC CAA TYPE1234')
    expect(rdata('NSEC', written)).toEqual(Uint8Array.of(...next, ...out.subarray(0, end)))
    expect(writeTypeBitmap(codes, 0, out, 7)).toBe(7)
  })
})
