import { describe, expect, test } from 'bun:test'
import {
  contains,
  encloses,
  formatIp,
  formatPrefix,
  lastOf,
  type Prefix,
  readIp,
  readPrefix,
} from './prefix.ts'

const prefix = (text: string): Prefix => {
  const read = readPrefix(text)
  if (typeof read === 'string') throw new Error(read)
  return read
}

describe('a prefix', () => {
  test.each(['0.0.0.0/0', '10.0.0.0/8', '10.1.2.4/30', '10.1.2.3/32', '2001:db8::/33', '::/0', '::1/128'])(
    '%s has one spelling',
    (text) => expect(formatPrefix(prefix(text))).toBe(text),
  )

  test('is written in the one spelling of its address', () => {
    expect(formatPrefix(prefix('2001:0DB8:0:0::/32'))).toBe('2001:db8::/32')
  })

  test.each([
    ['10.0.0.1/8', '"10.0.0.1/8" has bits set behind the prefix; 10.0.0.0/8 would be right'],
    ['2001:db8::1/64', '"2001:db8::1/64" has bits set behind the prefix; 2001:db8::/64 would be right'],
    ['10.0.0.0/33', '"10.0.0.0/33" has more than 32 bits'],
    ['10.0.0.0', '"10.0.0.0" is no prefix such as 10.0.0.0/8 or 2001:db8::/32'],
    ['10.0.0/8', '"10.0.0/8" is no prefix such as 10.0.0.0/8 or 2001:db8::/32'],
    ['10.0.0.0/8/8', '"10.0.0.0/8/8" is no prefix such as 10.0.0.0/8 or 2001:db8::/32'],
    ['10.0.0.0/-1', '"10.0.0.0/-1" is no prefix such as 10.0.0.0/8 or 2001:db8::/32'],
  ])('%s is refused with what would be right', (text, fault) => expect(readPrefix(text)).toBe(fault))

  test('contains the addresses from its first to its last', () => {
    const small = prefix('10.1.2.4/30')
    expect(formatIp(lastOf(small))).toBe('10.1.2.7')
    expect(
      ['10.1.2.3', '10.1.2.4', '10.1.2.7', '10.1.2.8', '::ffff:10.1.2.5'].map((ip) =>
        contains(small, readIp(ip)!),
      ),
    ).toEqual([false, true, true, false, false])
    expect(formatIp(lastOf(prefix('2001:db8::/33')))).toBe('2001:db8:7fff:ffff:ffff:ffff:ffff:ffff')
    expect(formatIp(lastOf(prefix('0.0.0.0/0')))).toBe('255.255.255.255')
  })

  test('encloses itself and what is smaller', () => {
    expect(encloses(prefix('10.0.0.0/8'), prefix('10.9.0.0/16'))).toBe(true)
    expect(encloses(prefix('10.9.0.0/16'), prefix('10.9.0.0/16'))).toBe(true)
    expect(encloses(prefix('10.9.0.0/16'), prefix('10.0.0.0/8'))).toBe(false)
    expect(encloses(prefix('10.0.0.0/16'), prefix('10.0.0.0/8'))).toBe(false)
    expect(encloses(prefix('::/0'), prefix('10.0.0.0/8'))).toBe(false)
  })
})
