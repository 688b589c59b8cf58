import { expect, test } from 'bun:test'
import { readIp } from '../networks/prefix.ts'
import { addressOfReverseName, reverseName } from './reverse-name.ts'

test.each([
  ['203.0.113.25', '25.113.0.203.in-addr.arpa.'],
  ['2001:db8::567:89ab', 'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.'],
])('%s has the name %s and comes back from it', (address, name) => {
  expect(reverseName(readIp(address)!)).toBe(name)
  expect(addressOfReverseName(name)).toBe(address)
})

test.each([
  '113.0.203.in-addr.arpa.',
  '0/25.113.0.203.in-addr.arpa.',
  '025.113.0.203.in-addr.arpa.',
  'x.25.113.0.203.in-addr.arpa.',
  'in-addr.arpa.',
  '8.b.d.0.1.0.0.2.ip6.arpa.',
  'ba.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.',
  'example.org.',
])('%s is the name of no address', (name) => expect(addressOfReverseName(name)).toBeUndefined())
