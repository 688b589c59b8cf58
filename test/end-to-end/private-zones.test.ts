// needs: dig
/**
 * Private zones, from the API to the answer: clients are told apart by their source address and see the zones of their network, and
 * what a recursive zone does not have comes from an upstream. `waymark explain` and its route tell why.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { run } from '../support/process.ts'
import { type Service, startService } from '../support/service.ts'
import { until } from '../support/until.ts'

const CORP = 'corp.example.'
const ENTRY = new URL('../../packages/cli/bin/waymark.mjs', import.meta.url).pathname
let upstream: Service
let service: Service
let office: string
let lab: string
let zoneId: string

beforeAll(async () => {
  upstream = await startService()
  const zone = (await upstream.call('POST', '/v2/zones', { name: 'far.example.' })).json.id
  await addSet(upstream, zone, 'www.far.example.', ['203.0.113.7'])
  service = await startService({ args: ['--upstream', `127.0.0.1:${upstream.dnsPort}`] })
  office = await makeNetwork('office', ['127.0.0.2/32'])
  lab = await makeNetwork('lab', ['127.0.0.3/32', '127.0.0.4/31'])
  zoneId = await makeZone(CORP, office)
  await addSet(service, zoneId, `www.${CORP}`, ['192.0.2.1'])
}, 120_000)
afterAll(async () => {
  await service?.stop()
  await upstream?.stop()
})

async function makeNetwork(name: string, clients: string[]): Promise<string> {
  const made = await service.call('POST', '/waymark/v1/networks', { name, client_cidrs: clients })
  expect(made.status).toBe(201)
  return made.json.id
}

async function makeZone(name: string, network: string, pattern = 'AUTHORITY'): Promise<string> {
  const body = { name, zone_type: 'private', router: { router_id: network }, proxy_pattern: pattern }
  const made = await service.call('POST', '/v2/zones', body)
  expect(made.status).toBe(202)
  return made.json.id
}

async function addSet(
  where: Service,
  zone: string,
  name: string,
  records: string[],
  more: Record<string, unknown> = {},
): Promise<void> {
  const body = { name, type: 'A', ttl: 60, records, ...more }
  const made = await where.call('POST', `/v2.1/zones/${zone}/recordsets`, body)
  expect([made.status, made.json]).toEqual([202, expect.anything()])
}

/** `status` and answers of dig from an address of loopback. */
async function dig(from: string, name: string, ...options: string[]): Promise<string> {
  const port = String(service.dnsPort)
  const text = await run(['dig', '-b', from, '@127.0.0.1', '-p', port, '+tries=1', ...options, name, 'A'])
  const status = /status: (\w+)/.exec(text)?.[1]
  const flags = /flags: ([\w ]+);/.exec(text)?.[1]
  const data = text.split('\n').filter((row) => /^\S+\s+\d+\s+IN\s+(A|CNAME)\s/.test(row))
  return [status, `(${flags})`, ...data.map((row) => row.split(/\s+/).at(-1))].join(' ')
}

test('a private zone is there for its network alone', async () => {
  const name = `www.${CORP}`
  await until('NOERROR (qr aa rd) 192.0.2.1', () => dig('127.0.0.2', name))
  expect(await dig('127.0.0.2', name, '+tcp')).toBe('NOERROR (qr aa rd) 192.0.2.1')
  for (const from of ['127.0.0.1', '127.0.0.3', '127.0.0.6']) {
    expect([from, await dig(from, name)]).toEqual([from, 'REFUSED (qr rd)'])
    expect([from, await dig(from, name, '+subnet=127.0.0.2/32')]).toEqual([from, 'REFUSED (qr rd)'])
  }
}, 120_000)

test('zones of one name are told apart by network and beside a public one', async () => {
  const other = await makeZone(CORP, lab)
  await addSet(service, other, `www.${CORP}`, ['192.0.2.2'])
  const shop = (await service.call('POST', '/v2/zones', { name: CORP })).json.id
  await addSet(service, shop, `www.${CORP}`, ['192.0.2.3'])
  await until('NOERROR (qr aa rd) 192.0.2.2', () => dig('127.0.0.5', `www.${CORP}`))
  await until('NOERROR (qr aa rd) 192.0.2.3', () => dig('127.0.0.1', `www.${CORP}`))
  expect(await dig('127.0.0.2', `www.${CORP}`)).toBe('NOERROR (qr aa rd) 192.0.2.1')
  // A paused one is as if it were not there.
  await service.call('PUT', `/v2/zones/${other}/statuses`, { status: 'DISABLE' })
  await until('NOERROR (qr aa rd) 192.0.2.3', () => dig('127.0.0.3', `www.${CORP}`))
  await service.call('PUT', `/v2/zones/${other}/statuses`, { status: 'ENABLE' })
  await until('NOERROR (qr aa rd) 192.0.2.2', () => dig('127.0.0.3', `www.${CORP}`))
}, 120_000)

test('clients of a network are added and taken away', async () => {
  await service.call('PATCH', `/waymark/v1/networks/${office}`, {
    client_cidrs: ['127.0.0.2/32', '127.0.0.8/29'],
  })
  await until('NOERROR (qr aa rd) 192.0.2.1', () => dig('127.0.0.9', `www.${CORP}`))
  await service.call('PATCH', `/waymark/v1/networks/${office}`, { client_cidrs: ['127.0.0.2/32'] })
  await until('NOERROR (qr aa rd) 192.0.2.3', () => dig('127.0.0.9', `www.${CORP}`))
}, 120_000)

test('what a recursive zone does not have comes from the upstream, for its network alone', async () => {
  const far = await makeZone('far.example.', office, 'RECURSIVE')
  await addSet(service, far, 'inside.far.example.', ['192.0.2.9'])
  await addSet(service, far, 'alias.far.example.', ['www.far.example.'], { type: 'CNAME' })
  await until('NOERROR (qr aa rd) 192.0.2.9', () => dig('127.0.0.2', 'inside.far.example.'))
  expect(await dig('127.0.0.2', 'www.far.example.')).toBe('NOERROR (qr rd ra) 203.0.113.7')
  expect(await dig('127.0.0.2', 'www.far.example.', '+tcp')).toBe('NOERROR (qr rd ra) 203.0.113.7')
  expect(await dig('127.0.0.2', 'none.far.example.')).toBe('NXDOMAIN (qr rd ra)')
  await until('NOERROR (qr rd ra) www.far.example. 203.0.113.7', () => dig('127.0.0.2', 'alias.far.example.'))
  expect(await dig('127.0.0.2', 'www.far.example.', '+norecurse')).toBe('NXDOMAIN (qr aa)')
  expect(await dig('127.0.0.3', 'www.far.example.')).toBe('REFUSED (qr rd)')
  await service.call('POST', `/v2/zones/${far}/actions/set-proxy-pattern`, { proxy_pattern: 'AUTHORITY' })
  await until('NXDOMAIN (qr aa rd)', () => dig('127.0.0.2', 'www.far.example.'))
}, 120_000)

const explained = (query: string) => service.call('GET', `/waymark/v1/explain?${query}`)

test('an explanation tells the zone, the network, the line and the record sets', async () => {
  const zone = (await service.call('POST', '/v2/zones', { name: 'shop.example.' })).json.id
  const name = 'www.shop.example.'
  await addSet(service, zone, name, ['192.0.2.1'])
  await addSet(service, zone, name, ['192.0.2.2'], { line: 'CN', weight: 3 })
  await addSet(service, zone, name, ['192.0.2.3'], { line: 'CN', weight: 1 })
  await addSet(service, zone, '*.shop.example.', ['192.0.2.4'])
  await addSet(service, zone, 'paused.shop.example.', ['192.0.2.5'])
  const sets = await service.call('GET', `/v2.1/zones/${zone}/recordsets?name=paused`)
  await service.call('PUT', `/v2.1/recordsets/${sets.json.recordsets[0].id}/statuses/set`, {
    status: 'DISABLE',
  })
  await until('192.0.2.4', async () => (await dig('127.0.0.1', 'paused.shop.example.')).split(' ').at(-1)!)

  const { status, json } = await explained(`name=${name}&type=A&client=202.106.0.9`)
  expect(status).toBe(200)
  expect(json).toMatchObject({ network: null, rule: 'exact', client: '202.106.0.9' })
  expect(json.client_lines).toContain('CN')
  expect(json.steps[0]).toMatchObject({ zone: 'shop.example.', owner: name, is_own: true })
  expect(json.steps[0].variants.map((each: { probability: number }) => each.probability).sort()).toEqual([
    0.25, 0.75,
  ])
  const reasons = json.steps[0].record_sets.map(
    (set: { line: string; reason: string }) => `${set.line} ${set.reason}`,
  )
  expect(reasons.sort()).toEqual([
    'CN given',
    'CN not-drawn',
    'default_view later-line',
    'default_view other-name',
  ])

  const wildcard = (await explained('name=paused.shop.example&type=A&client=127.0.0.1')).json
  expect(wildcard.rule).toBe('wildcard')
  expect(wildcard.answer.answer).toEqual(['paused.shop.example. 60 IN A 192.0.2.4'])
  expect(wildcard.steps[0].record_sets.map(({ reason }: { reason: string }) => reason).sort()).toEqual([
    'given',
    'paused',
  ])

  const inside = (await explained(`name=www.${CORP}&type=A&client=127.0.0.2`)).json
  expect([inside.network.name, inside.steps[0].is_private]).toEqual(['office', true])
  expect(inside.answer.answer).toEqual([`www.${CORP} 60 IN A 192.0.2.1`])
  const outside = (await explained(`name=www.${CORP}&type=A&client=127.0.0.1`)).json
  expect([outside.network, outside.answer.answer]).toEqual([null, [`www.${CORP} 60 IN A 192.0.2.3`]])
  expect(outside.passed_over.map(({ reason }: { reason: string }) => reason)).toEqual([
    'other-network',
    'other-network',
  ])

  expect((await explained('name=www.nobody.example&type=A&client=127.0.0.1')).json.code).toBe('DNS.0302')
  expect((await explained(`name=${name}&type=A&client=here`)).json.code).toBe('WAYMARK.0001')
}, 120_000)

test('the command tells it in words', async () => {
  const text = await run([
    ...['node', ENTRY, 'explain', 'www.shop.example', 'A', '--client', '202.106.0.9'],
    ...['--url', service.url, '--data', service.dataDir],
  ])
  for (const part of [
    'shop.example.',
    'CN',
    '75 %',
    '25 %',
    'later-line',
    'www.shop.example. 60 IN A 192.0.2.',
  ]) {
    expect(text).toContain(part)
  }
}, 120_000)
