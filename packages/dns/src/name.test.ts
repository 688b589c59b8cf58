import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  compareNames,
  equalNames,
  formatName,
  isSubdomain,
  isWildcard,
  labelCount,
  lowerName,
  nameLength,
  parentName,
  parseName,
  ROOT,
  type WireName,
} from './name.ts'

const name = (text: string, origin?: WireName): WireName => {
  const parsed = parseName(text, origin)
  if (!parsed.ok) throw new Error(`${text}: ${JSON.stringify(parsed.problems)}`)
  return parsed.value
}

const problem = (text: string, origin?: WireName): string => {
  const parsed = parseName(text, origin)
  return parsed.ok ? formatName(parsed.value) : parsed.problems[0]!.id
}

const wire = (labels: readonly (readonly number[])[]): WireName =>
  Uint8Array.from([...labels.flatMap((label) => [label.length, ...label]), 0])

/** Any name of at most 255 octets, with letters of both cases, digits and arbitrary octets. */
const anyName = fc
  .array(
    fc.array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x41, 0x61, 0x2d, 0x30)), {
      minLength: 1,
      maxLength: 63,
    }),
    { maxLength: 6 },
  )
  .map(wire)
  .filter((octets) => octets.length <= 255)

describe('parseName', () => {
  test('writes labels as length and octets', () => {
    expect(name('www.Example.')).toEqual(
      wire([[...'www'], [...'Example']].map((l) => l.map((c) => c.charCodeAt(0)))),
    )
    expect(name('.')).toEqual(ROOT)
  })

  test('resolves escapes', () => {
    expect(name('a\\.b.')).toEqual(wire([[0x61, 0x2e, 0x62]]))
    expect(name('\\000\\255\\\\.')).toEqual(wire([[0, 255, 0x5c]]))
    expect(name('\\@.')).toEqual(wire([[0x40]]))
  })

  test('completes relative names with the origin', () => {
    const origin = name('example.org.')
    expect(name('www', origin)).toEqual(name('www.example.org.'))
    expect(name('@', origin)).toEqual(origin)
    expect(name('a@', origin)).toEqual(name('a\\@.example.org.'))
    expect(name('www.', origin)).toEqual(name('www.'))
    expect(name('www\\.', origin)).toEqual(
      wire([[...'www.'], [...'example'], [...'org']].map((l) => l.map((c) => c.charCodeAt(0)))),
    )
    expect(name('a', ROOT)).toEqual(name('a.'))
  })

  test('takes names of exactly 255 octets and labels of exactly 63', () => {
    const label = 'a'.repeat(63)
    const longest = `${label}.${label}.${label}.${'b'.repeat(61)}.`
    expect(name(longest).length).toBe(255)
    expect(problem(`${label}.${label}.${label}.${'b'.repeat(62)}.`)).toBe('name-too-long')
    expect(problem(`${'a'.repeat(64)}.`)).toBe('label-too-long')
    expect(name(`${label}.${label}.${label}`, name(`${'b'.repeat(61)}.`)).length).toBe(255)
    expect(problem(`${label}.${label}.${label}`, name(`${'b'.repeat(62)}.`))).toBe('name-too-long')
    expect(problem('a.'.repeat(200))).toBe('name-too-long')
    expect(problem('a'.repeat(1000))).toBe('name-too-long')
  })

  test.each([
    ['', 'name-empty'],
    ['www', 'name-not-absolute'],
    ['@', 'name-not-absolute'],
    ['..', 'label-empty'],
    ['a..b.', 'label-empty'],
    ['.a.', 'label-empty'],
    ['a b.', 'name-bad-character'],
    ['a\tb.', 'name-bad-character'],
    ['a".', 'name-bad-character'],
    ['a;b.', 'name-bad-character'],
    ['(a).', 'name-bad-character'],
    ['a\\', 'name-bad-escape'],
    ['a\\25', 'name-bad-escape'],
    ['a\\256.', 'name-bad-escape'],
    ['a\\1x2.', 'name-bad-escape'],
    ['é.', 'name-not-ascii'],
    ['\u007f.', 'name-bad-character'],
  ])('refuses %j as %s', (text, id) => {
    expect(problem(text)).toBe(id)
  })
})

describe('formatName', () => {
  test('escapes what a zone file would misread', () => {
    const octets = wire([
      [0x2e, 0x22, 0x28, 0x29, 0x3b, 0x5c, 0x40, 0x24, 0x20, 0, 0x7f, 0xff, 0x2a, 0x2b, 0x5f],
    ])
    expect(formatName(octets)).toBe('\\.\\"\\(\\)\\;\\\\\\@\\$\\032\\000\\127\\255*\\+_.')
  })

  test('starts anywhere in a buffer', () => {
    expect(formatName(Uint8Array.of(9, 9, 1, 0x61, 0), 2)).toBe('a.')
  })

  test('is read back to the same octets, whatever they are', () => {
    fc.assert(fc.property(anyName, (octets) => expect(name(formatName(octets))).toEqual(octets)))
  })
})

describe('order and ancestry', () => {
  test('sorts as RFC 4034 6.1 shows', () => {
    const sorted = [
      'example.',
      'a.example.',
      'yljkjljk.a.example.',
      'Z.a.example.',
      'zABC.a.EXAMPLE.',
      'z.example.',
      '\\001.z.example.',
      '*.z.example.',
      '\\200.z.example.',
    ]
    const shuffled = sorted.map((text) => name(text)).toReversed()
    expect(shuffled.sort(compareNames).map((octets) => formatName(octets))).toEqual(sorted)
  })

  test('is an order: equal names only compare as zero, and swapping turns the sign', () => {
    fc.assert(
      fc.property(anyName, anyName, (a, b) => {
        expect(Math.sign(compareNames(a, b))).toBe(0 - Math.sign(compareNames(b, a)))
        expect(compareNames(a, b) === 0).toBe(equalNames(a, b))
        expect(compareNames(a, lowerName(a))).toBe(0)
      }),
    )
  })

  test('folds ASCII letters only', () => {
    expect(equalNames(name('EXAMPLE.'), name('example.'))).toBe(true)
    expect(equalNames(wire([[0xc4]]), wire([[0xe4]]))).toBe(false)
    expect(equalNames(wire([[0x40]]), wire([[0x60]]))).toBe(false)
    const lower = name('example.')
    expect(lowerName(lower)).toBe(lower)
  })

  test('compares whole labels, not tails of text', () => {
    expect(isSubdomain(name('www.Example.org.'), name('example.ORG.'))).toBe(true)
    expect(isSubdomain(name('example.org.'), name('example.org.'))).toBe(true)
    expect(isSubdomain(name('badexample.org.'), name('example.org.'))).toBe(false)
    expect(isSubdomain(name('org.'), name('example.org.'))).toBe(false)
    expect(isSubdomain(name('a.'), ROOT)).toBe(true)
    // A label whose last octets look like the parent on the wire.
    expect(isSubdomain(wire([[0x78, 3, 0x6f, 0x72, 0x67]]), name('org.'))).toBe(false)
  })

  test('climbs to the root', () => {
    expect(labelCount(name('a.b.c.'))).toBe(3)
    expect(labelCount(ROOT)).toBe(0)
    expect(parentName(name('a.b.'))).toEqual(name('b.'))
    expect(parentName(ROOT)).toBeNull()
    expect(isWildcard(name('*.a.'))).toBe(true)
    expect(isWildcard(name('**.a.'))).toBe(false)
    expect(isWildcard(name('a.*.'))).toBe(false)
  })
})

describe('nameLength', () => {
  test('measures the name at an offset', () => {
    expect(nameLength(Uint8Array.of(7, 1, 0x61, 0, 5), 1)).toBe(3)
    expect(nameLength(ROOT)).toBe(1)
  })

  test('finds no name where labels run out, are compressed or too many', () => {
    expect(nameLength(Uint8Array.of(1, 0x61))).toBe(-1)
    expect(nameLength(Uint8Array.of(5, 0x61, 0))).toBe(-1)
    expect(nameLength(Uint8Array.of(0xc0, 0))).toBe(-1)
    expect(nameLength(Uint8Array.of())).toBe(-1)
    expect(
      nameLength(Uint8Array.from({ length: 301 }, (_, i) => (i === 300 ? 0 : 1 - (i % 2) || 0x61))),
    ).toBe(-1)
  })
})
