import { describe, expect, test } from 'bun:test'
import { hasStrayAsterisk, isInZone, readName, resolveBatchName, resolveFileName } from './names.ts'

const ZONE = { name: 'shop.example.', apex: 'shop.example.' }
const LONG = 'a'.repeat(63)

describe('a full name', () => {
  test('is shown in lower case with final dot', () => {
    expect(readName('WWW.Shop.Example')).toEqual({ name: 'www.shop.example.', owner: 'www.shop.example.' })
    expect(readName('www.shop.example.')?.name).toBe('www.shop.example.')
  })

  test('keeps Unicode labels as sent and is compared as A-labels', () => {
    expect(readName('Bücher.shop.example.')).toEqual({
      name: 'bücher.shop.example.',
      owner: 'xn--bcher-kva.shop.example.',
    })
    expect(readName('XN--BCHER-KVA.shop.example')?.owner).toBe('xn--bcher-kva.shop.example.')
    expect(readName('\u0062u\u0308cher.shop.example.')?.name).toBe('bücher.shop.example.')
    expect(readName('_dmarc.域名.example.')?.owner).toBe('_dmarc.xn--eqrt2g.example.')
    expect(readName('*.域名.example.')?.owner).toBe('*.xn--eqrt2g.example.')
  })

  test.each([
    ['', 'nothing'],
    ['.', 'the root'],
    ['..', 'empty labels'],
    ['a..b.', 'an empty label'],
    ['.a.', 'an empty first label'],
    ['-a.b.', 'a hyphen first'],
    ['a-.b.', 'a hyphen last'],
    ['a.b-', 'a hyphen at the end'],
    ['a b.c.', 'a blank'],
    ['a\\.b.c.', 'a backslash'],
    [`${LONG}a.b.`, 'a label of 64 characters'],
    [`${'a.'.repeat(127)}a`, 'too many characters'],
    ['a。b.example.', 'a character that is a dot in disguise'],
    ['１２.example.', 'digits in disguise'],
    ['-ü.example.', 'a hyphen before Unicode'],
    [`${'ü'.repeat(60)}.example.`, 'an A-label that is too long'],
  ])('%p is refused: %s', (text) => {
    expect(readName(text)).toBeUndefined()
  })

  test('may have 254 characters with the final dot and no more', () => {
    const most = `${LONG}.${LONG}.${LONG}.${'a'.repeat(61)}.`
    expect(most).toHaveLength(254)
    expect(readName(most)?.name).toBe(most)
    expect(readName(most.slice(0, -1))?.name).toBe(most)
    expect(readName(`a${most}`)).toBeUndefined()
    expect(readName(`a${most.slice(0, -1)}`)).toBeUndefined()
  })

  test('lies in a zone at its apex and below, not beside it', () => {
    expect(isInZone('shop.example.', 'shop.example.')).toBe(true)
    expect(isInZone('a.shop.example.', 'shop.example.')).toBe(true)
    expect(isInZone('workshop.example.', 'shop.example.')).toBe(false)
    expect(isInZone('example.', 'shop.example.')).toBe(false)
    expect(isInZone('shop.exampel.', 'shop.example.')).toBe(false)
  })
})

test.each([
  ['www', 'www.shop.example.'],
  ['a.b', 'a.b.shop.example.'],
  ['WWW.shop.example.', 'www.shop.example.'],
  ['www.shop.example', 'www.shop.example.shop.example.'],
  ['', 'shop.example.'],
  ['@', 'shop.example.'],
  ['*', '*.shop.example.'],
  ['www.other.example.', 'www.other.example.'],
  ['bad..name', 'bad..name'],
  ['Bücher', 'bücher.shop.example.'],
])('in a batch %p means %p', (text, name) => {
  expect(resolveBatchName(text, ZONE)).toBe(name)
})

test('a batch prefix that is too long for its zone does not become the full name it looks like', () => {
  const text = `${LONG}.${LONG}.${LONG}.${'a'.repeat(45)}.shop.example`
  expect(readName(text)).toBeDefined()
  expect(readName(resolveBatchName(text, ZONE))).toBeUndefined()
})

test.each([
  ['', 'shop.example.'],
  ['@', 'shop.example.'],
  ['shop.example', 'shop.example.'],
  ['www.Shop.example', 'www.shop.example.'],
  ['www.shop.example.', 'www.shop.example.'],
  ['www', 'www.shop.example.'],
  ['a.b', 'a.b.shop.example.'],
  ['workshop.example', 'workshop.example.shop.example.'],
  ['www.other.example.', 'www.other.example.'],
])('in a file %p means %p', (text, name) => {
  expect(resolveFileName(text, ZONE)).toBe(name)
})

test('a file names a Unicode zone in either form', () => {
  const zone = { name: '域名.example.', apex: 'xn--eqrt2g.example.' }
  expect(resolveFileName('www.域名.example', zone)).toBe('www.域名.example.')
  expect(resolveFileName('www.xn--eqrt2g.example', zone)).toBe('www.xn--eqrt2g.example.')
})

test.each([
  ['*.a.', false],
  ['a.', false],
  ['*a.', true],
  ['a.*.b.', true],
  ['*.*.b.', true],
])('an asterisk in %p that is no wildcard: %p', (owner, expected) => {
  expect(hasStrayAsterisk(owner)).toBe(expected)
})
