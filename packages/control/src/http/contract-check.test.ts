import { expect, test } from 'bun:test'
import { expectFitsContract } from './contract-check.ts'

test('a body that fits passes, one that does not names its faults', () => {
  const version = { status: 'CURRENT', id: 'v2', links: [{ href: 'http://localhost/v2', rel: 'self' }] }
  expectFitsContract('ListApiVersions', 200, { versions: { values: [version] } })
  expect(() =>
    expectFitsContract('ListApiVersions', 200, { versions: { values: [{ ...version, id: 2 }] } }),
  ).toThrow('/versions/values/0/id must be string')
  expect(() => expectFitsContract('ListApiVersions', 201, {})).toThrow('does not answer 201')
  expect(() => expectFitsContract('ListNothing', 200, {})).toThrow('no operation ListNothing')
})

test('an optional member may be null, a required one may not', () => {
  expectFitsContract('ShowPublicZone', 200, { id: '0'.repeat(32), updated_at: null })
  expect(() => expectFitsContract('ShowPublicZone', 404, { code: null, message: 'No.' })).toThrow('/code')
  expect(() => expectFitsContract('ShowPublicZone', 200, { ttl: '300' })).toThrow('/ttl')
})

test('errors have the shape of the service', () => {
  expectFitsContract('ShowPublicZone', 404, { code: 'DNS.0302', message: 'This zone does not exist.' })
  expect(() => expectFitsContract('ShowPublicZone', 404, { error_code: 'DNS.0302' })).toThrow('does not fit')
})
