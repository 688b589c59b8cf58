// needs: dig
/**
 * Addresses and networks, from the command line to the answer: a PTR record of a registered address is answered at its reverse name,
 * also after a restart, whether or not a zone above is hosted here.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../support/process.ts'
import { type Service, startService } from '../support/service.ts'
import { until } from '../support/until.ts'

const ENTRY = new URL('../../packages/cli/bin/waymark.mjs', import.meta.url).pathname
let dataDir: string
let service: Service

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'waymark-ptr-'))
  service = await startService({ dataDir })
}, 120_000)
afterAll(async () => {
  await service?.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const waymark = (...words: string[]): Promise<string> =>
  run(['node', ENTRY, ...words, '--url', service.url, '--data', dataDir])
const dig = (...words: string[]): Promise<string> =>
  run(['dig', '@127.0.0.1', '-p', String(service.dnsPort), '+tries=2', ...words])
const lines = (text: string): string[] => text.trim().split('\n').filter(Boolean).sort()

const untilAnswered = (expected: readonly string[], ...words: string[]): Promise<number> =>
  until<readonly string[]>(expected, async () => lines(await dig('+short', ...words)))

test('names of a registered address are answered, also after a restart', async () => {
  const said = await waymark('addresses', 'create', '203.0.113.25', '--name', 'mail')
  const [, id] = /PTR id (\S+)/.exec(said)!
  const [region, addressId] = id!.split(':')
  const ptrdnames = ['mail.shop.example', 'out.shop.example']
  const body = { publicip: { region, id: addressId }, ptrdnames, ttl: 600 }
  const made = await service.call('POST', '/v2.1/ptrs', body)
  expect(made.status).toBe(202)
  await untilAnswered(['mail.shop.example.', 'out.shop.example.'], '-x', '203.0.113.25')
  expect(await dig('-x', '203.0.113.25')).toMatch(/flags: qr aa[^;]*;[\s\S]*\s600\s+IN\s+PTR/)

  await service.stop()
  rmSync(join(dataDir, 'edge'), { recursive: true, force: true })
  service = await startService({ dataDir })
  await untilAnswered(['mail.shop.example.', 'out.shop.example.'], '-x', '203.0.113.25')

  // The name has no other data, and says so with its SOA.
  expect(await dig('25.113.0.203.in-addr.arpa', 'TXT')).toMatch(/NOERROR[\s\S]*IN\s+SOA/)

  // A zone above neither takes the name over nor loses its own.
  const zone = (await service.call('POST', '/v2/zones', { name: '113.0.203.in-addr.arpa' })).json
  const set = { name: '26.113.0.203.in-addr.arpa.', type: 'TXT', records: ['"neighbour"'] }
  expect(await service.call('POST', `/v2/zones/${zone.id}/recordsets`, set)).toMatchObject({ status: 202 })
  await untilAnswered(['"neighbour"'], '26.113.0.203.in-addr.arpa', 'TXT')
  await untilAnswered(['mail.shop.example.', 'out.shop.example.'], '-x', '203.0.113.25')

  const path = `/v2/reverse/floatingips/${id}`
  expect(await service.call('PATCH', path, { ptrdname: 'new.shop.example' })).toMatchObject({ status: 202 })
  await untilAnswered(['new.shop.example.'], '-x', '203.0.113.25')
  expect(await waymark('addresses', 'delete', '203.0.113.25', '--yes')).toContain('removed')
  await untilAnswered([], '-x', '203.0.113.25')
  expect(await service.call('GET', path)).toMatchObject({ status: 404, json: { code: 'DNS.0502' } })
}, 120_000)

test('an IPv6 address has its name under ip6.arpa', async () => {
  const { json } = await service.call('POST', '/waymark/v1/addresses', { address: '2001:db8::25' })
  const path = `/v2/reverse/floatingips/${json.region}:${json.id}`
  await service.call('PATCH', path, { ptrdname: 'six.shop.example' })
  await untilAnswered(['six.shop.example.'], '-x', '2001:db8::25')
}, 120_000)

test('networks are registered, shown, changed and removed on the command line', async () => {
  const made = await waymark(
    ...['networks', 'create', 'office', '--cidr', '10.0.0.0/8', '--clients', '10.1.0.0/16'],
    ...['--subnets', '10.1.2.0/24'],
  )
  expect(made).toContain('Network office registered')
  expect(await waymark('networks', 'add-subnet', 'office', '10.1.3.0/24')).toContain(
    'Subnet 10.1.3.0/24 added',
  )
  await waymark('networks', 'update', 'office', '--clients', '10.1.0.0/16,2001:db8::/32')
  const shown = JSON.parse(await waymark('networks', 'show', 'office', '--json'))
  expect(shown.client_cidrs).toEqual(['10.1.0.0/16', '2001:db8::/32'])
  expect(shown.subnets).toHaveLength(2)
  expect(await waymark('networks', 'remove-subnet', 'office', '10.1.3.0/24')).toContain('removed')
  expect(await waymark('networks', 'list')).toContain('office')
  expect(await waymark('networks', 'delete', 'office', '--yes')).toContain('Network office removed')
  expect(await waymark('networks', 'list', '--json')).toBe('[]\n')
}, 120_000)
