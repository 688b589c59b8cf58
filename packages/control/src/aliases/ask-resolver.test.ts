import { afterEach, beforeEach, expect, test } from 'bun:test'
import { RCODE_SERVFAIL } from '@waymark/dns/message/header'
import { readServerAddress } from '../dns-client/server-address.ts'
import { type NameServer, startNameServer } from '../dns-client/testing.ts'
import { askResolver } from './ask-resolver.ts'
import type { FindAddresses } from './finding.ts'

let server: NameServer
let ask: FindAddresses
beforeEach(async () => {
  server = await startNameServer()
  ask = askResolver([readServerAddress(server.address)], 200)
})
afterEach(() => server.stop())

test('the addresses of a name come with the time that they may be kept', async () => {
  server.set('www.example.net.', 'A', '192.0.2.1', '192.0.2.2')
  const rdatas = [Uint8Array.of(192, 0, 2, 1), Uint8Array.of(192, 0, 2, 2)]
  expect(await ask('www.example.net.', 'A')).toEqual({ kind: 'found', rdatas, ttl: 60 })
})

test('CNAME records are followed, other records left', async () => {
  server.set('a.example.net.', 'CNAME', 'b.example.net.')
  server.set('b.example.net.', 'CNAME', 'c.example.net.')
  server.set('c.example.net.', 'AAAA', '2001:db8::1')
  expect(await ask('a.example.net.', 'AAAA')).toMatchObject({ kind: 'found', rdatas: [{ length: 16 }] })
  expect(await ask('a.example.net.', 'A')).toEqual({ kind: 'found', rdatas: [], ttl: 60 })
})

test('a name that is not there is missing', async () => {
  expect(await ask('www.example.net.', 'A')).toEqual({ kind: 'missing' })
})

test('a server that fails, none that answers and none at all tell nothing', async () => {
  server.misbehave((reply) => ({ ...reply, header: { ...reply.header, rcode: RCODE_SERVFAIL } }))
  expect(await ask('www.example.net.', 'A')).toEqual({ kind: 'unknown' })
  server.misbehave(() => undefined)
  expect(await ask('www.example.net.', 'A')).toEqual({ kind: 'unknown' })
  expect(await askResolver([])('www.example.net.', 'A')).toEqual({ kind: 'unknown' })
})
