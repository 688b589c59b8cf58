import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { RCODE_REFUSED, RCODE_SERVFAIL } from '@waymark/dns/message/header'
import { type NameServer, startNameServer } from '../dns-client/testing.ts'
import { ApiError } from '../errors.ts'
import { expectFitsContract } from '../http/contract-check.ts'
import { recordSetRoutes } from '../record-sets/routes.ts'
import { openTestBed, TENANT, type TestBed } from '../tasks/testing.ts'
import { detectionRoutes } from './detection-routes.ts'
import { createZone, setZoneStatus } from './zones.ts'

let bed: TestBed
let outside: NameServer
let zoneId: string
/** What the edges answer of the feed. */
let answeredSeq: number
beforeEach(async () => {
  answeredSeq = Number.POSITIVE_INFINITY
  outside = await startNameServer()
  outside.set('shop.example.', 'NS', 'ns1.lab.example.', 'ns2.lab.example.')
  bed = await openTestBed({
    settings: { nameServers: ['ns1.lab.example.', 'ns2.lab.example.'], resolvers: [outside.address] },
  })
  zoneId = (await createZone(bed.context, TENANT, { name: 'shop.example' })).id
})
afterEach(async () => {
  outside.stop()
  await bed.close()
})

async function get(query: string, zone = zoneId): Promise<{ status: number; json: Record<string, string> }> {
  try {
    const routes = detectionRoutes(async (seq) => seq <= answeredSeq)
    const reply = await bed.call(routes, 'GET', `/v2.1/zones/${zone}/detection${query}`)
    return reply as Awaited<ReturnType<typeof get>>
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { status, code } = error.failure
    return { status, json: { code } }
  }
}
const detect = async (name: string, type?: string, zone?: string) => {
  const answer = await get(`?domain_name=${name}${type === undefined ? '' : `&type=${type}`}`, zone)
  return answer.json.status ?? `${answer.status} ${answer.json.code}`
}
async function add(name: string, type: string, value: string, line?: string): Promise<string> {
  const body = { name, type, records: [value], ...(line === undefined ? {} : { line }) }
  const reply = await bed.call(recordSetRoutes, 'POST', `/v2.1/zones/${zoneId}/recordsets`, { body })
  return (reply as { json: { id: string } }).json.id
}

describe('the detection of a domain', () => {
  test('finds nothing wrong with what is delegated here and answered', async () => {
    await add('www.shop.example.', 'A', '192.0.2.1')
    const answer = await get('?domain_name=WWW.shop.example')
    expectFitsContract('ShowDomainDetection', 200, answer.json)
    expect(answer.json).toEqual({ domain_name: 'www.shop.example.', type: '', status: 'OK' })
    await add('shop.example.', 'MX', '10 mail.shop.example.')
    const ofMail = await get('?domain_name=shop.example.&type=MX')
    expect(ofMail.json).toEqual({ domain_name: 'shop.example.', type: 'MX', status: 'OK' })
  })

  test('tells that nobody answers, or wants to', async () => {
    outside.misbehave((reply) => ({ ...reply, header: { ...reply.header, rcode: RCODE_REFUSED } }))
    expect(await detect('www.shop.example')).toBe('FAILED')
    outside.stop()
    expect(await detect('www.shop.example')).toBe('FAILED')
  })

  test('tells names that are not registered, on hold, or delegated elsewhere', async () => {
    outside.set('shop.example.', 'NS')
    expect(await detect('www.shop.example')).toBe('NOT_REGISTERED')
    outside.misbehave((reply) => ({ ...reply, header: { ...reply.header, rcode: RCODE_SERVFAIL } }))
    expect(await detect('www.shop.example')).toBe('CANNOT_RESOLVE')
    outside.misbehave(undefined)
    outside.set('shop.example.', 'NS', 'ns1.elsewhere.example.')
    expect(await detect('www.shop.example')).toBe('NOT_HWDNS')
    outside.set('shop.example.', 'NS')
    outside.set('shop.example.', 'A', '192.0.2.9')
    expect(await detect('www.shop.example')).toBe('NOT_HWDNS')
  })

  test('takes one name server of ours for enough, however it is spelled', async () => {
    await add('www.shop.example.', 'A', '192.0.2.1')
    outside.set('shop.example.', 'NS', 'ns1.elsewhere.example.', 'NS2.Lab.Example.')
    expect(await detect('www.shop.example')).toBe('OK')
  })

  test('looks for the delegation of a sub-domain at the names above it, too', async () => {
    const below = (await createZone(bed.context, TENANT, { name: 'a.b.shop.example' })).id
    expect(await detect('a.b.shop.example', undefined, below)).toBe('NO_WEBSITE_RECORD')
    expect(outside.asked).toEqual([
      ...['udp a.b.shop.example. NS', 'udp b.shop.example. NS', 'udp shop.example. NS'],
    ])
    outside.set('a.b.shop.example.', 'NS', 'ns1.elsewhere.example.')
    expect(await detect('a.b.shop.example', undefined, below)).toBe('NOT_HWDNS')
  })

  test('tells which record sets are missing', async () => {
    await add('www.shop.example.', 'TXT', '"text"')
    expect(await detect('www.shop.example')).toBe('NO_WEBSITE_RECORD')
    for (const type of ['MX', 'CNAME']) expect(await detect('www.shop.example', type)).toBe('NO_EMAIL_RECORD')
    expect(await detect('www.shop.example', 'TXT')).toBe('OK')
    await add('www.shop.example.', 'AAAA', '2001:db8::1', 'CN')
    expect(await detect('www.shop.example')).toBe('NO_DEFAULT_VIEW')
  })

  test('counts a wildcard where it stands for the name', async () => {
    await add('*.shop.example.', 'A', '192.0.2.1')
    await add('mail.shop.example.', 'MX', '10 www.shop.example.')
    await add('deep.between.shop.example.', 'A', '192.0.2.1')
    expect(await detect('any.shop.example')).toBe('OK')
    expect(await detect('far.below.shop.example')).toBe('OK')
    for (const name of ['mail', 'below.mail', 'between', 'other.between'])
      expect(await detect(`${name}.shop.example`)).toBe('NO_WEBSITE_RECORD')
  })

  test('tells what is there but paused, or not taken up by the edges', async () => {
    const id = await add('www.shop.example.', 'A', '192.0.2.1')
    answeredSeq = (await bed.store.feedBounds()).newest - 1
    expect(await detect('www.shop.example')).toBe('NOT_EFFECT')
    answeredSeq++
    expect(await detect('www.shop.example')).toBe('OK')
    const [set] = await bed.store.recordSetsById(TENANT, [id])
    await bed.store.transaction((tx) => tx.updateRecordSet({ ...set!, status: 'DISABLE' }))
    expect(await detect('www.shop.example')).toBe('NOT_EFFECT')
    await bed.store.transaction((tx) => tx.updateRecordSet(set!))
    await setZoneStatus(bed.context, TENANT, zoneId, 'DISABLE')
    answeredSeq = Number.POSITIVE_INFINITY
    expect(await detect('www.shop.example')).toBe('NOT_EFFECT')
  })

  test('is of names of a public zone and of the types that are documented', async () => {
    const router = { router_id: '7b1f0a52-6a37-4f0e-9a2e-0c8f4c7f1d11' }
    const corp = await createZone(bed.context, TENANT, { name: 'corp.', zone_type: 'private', router })
    expect(await detect('corp.', undefined, corp.id)).toBe('400 DNS.0008')
    expect(await detect('shop.example', undefined, '0'.repeat(32))).toBe('404 DNS.0302')
    expect(await detect('')).toBe('400 DNS.0304')
    expect((await get('')).json).toEqual({ code: 'DNS.0002' })
    for (const name of ['a..b', 'other.example', 'notshop.example'])
      expect(await detect(name)).toBe('400 DNS.0304')
    for (const type of ['A', 'NS', 'mx']) expect(await detect('shop.example', type)).toBe('400 DNS.0307')
    expect(outside.asked).toEqual([])
  })
})
