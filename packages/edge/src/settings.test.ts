import { expect, test } from 'bun:test'
import { formatAddress, parseAddresses, settingsFromEnvironment } from './settings.ts'

test('addresses are host:port, with brackets for IPv6, several with commas', () => {
  expect(parseAddresses('127.0.0.1:5353')).toEqual([{ host: '127.0.0.1', port: 5353 }])
  const both = parseAddresses('0.0.0.0:53, [::1]:0')
  expect(both).toEqual([
    { host: '0.0.0.0', port: 53 },
    { host: '::1', port: 0 },
  ])
  expect(both.map(formatAddress)).toEqual(['0.0.0.0:53', '[::1]:0'])
})

test('what is no address is refused with a reason', () => {
  for (const text of ['', '127.0.0.1', '::1:53', 'host:99999', 'a:1,,b:2']) {
    expect(() => parseAddresses(text)).toThrow('is not an address')
  }
})

test('settings have defaults, and values that make no sense are refused', () => {
  expect(settingsFromEnvironment({})).toMatchObject({
    dns: [{ host: '127.0.0.1', port: 5353 }],
  })
  expect(settingsFromEnvironment({ WAYMARK_WORKERS: '3', WAYMARK_EDGE_ID: 'e-1' })).toMatchObject({
    workers: 3,
    edgeId: 'e-1',
  })
  expect(() => settingsFromEnvironment({ WAYMARK_WORKERS: 'many' })).toThrow('WAYMARK_WORKERS')
  expect(() => settingsFromEnvironment({ WAYMARK_EDGE_ID: '../x' })).toThrow('WAYMARK_EDGE_ID')
})
