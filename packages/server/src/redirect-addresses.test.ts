import { expect, test } from 'bun:test'
import { redirectAddresses } from './redirect-addresses.ts'
import { readSettings } from './settings.ts'

test.each<[string[], string[]]>([
  [[], []],
  [['--redirect', '192.0.2.80:80'], ['192.0.2.80']],
  [['--redirect', '[2001:db8::80]:80'], ['2001:db8::80']],
  [['--redirect', '0.0.0.0:80'], []],
  [['--redirect', ':80'], []],
  [['--redirect', '[::]:80'], []],
  [['--redirect', '[0:0::0]:80'], []],
  [['--redirect', 'localhost:80'], []],
  [
    ['--redirect', '0.0.0.0:80', '--redirect-address', '192.0.2.1, 2001:db8::1'],
    ['192.0.2.1', '2001:db8::1'],
  ],
  [['--redirect-address', '192.0.2.1'], ['192.0.2.1']],
])('%j gives %j', (argv, addresses) => {
  const read = readSettings('serve', argv, {})
  if (!read.ok) throw new Error(read.faults.join())
  expect(redirectAddresses(read.settings)).toEqual(addresses)
})

test('an address that means something to one machine only is refused', () => {
  expect(readSettings('serve', ['--redirect-address', 'fe80::1%eth0'], {}).ok).toBe(false)
})
