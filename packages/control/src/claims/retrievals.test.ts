import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { OP_ZONE, OP_ZONE_REMOVED } from '@waymark/dns/feed-codec'
import { expectFitsContract } from '../http/contract-check.ts'
import { type ClaimLab, openClaimLab } from './testing.ts'

const PATH = '/v2/retrieval'
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/

let lab: ClaimLab
/** Each test has a domain of the holder's of its own. */
let domain: string
let zoneId: string
let count = 0
beforeAll(async () => {
  lab = await openClaimLab()
})
afterAll(() => lab.stop())
beforeEach(async () => {
  domain = `squatted${++count}.example`
  lab.outside.misbehave(undefined)
  lab.outside.set(`${domain}.`, 'NS', 'ns1.elsewhere.example.')
  zoneId = (await lab.makeZone(lab.holder, domain)).json.id
})

const request = async (name = domain) => (await lab.ask(`POST ${PATH}`, { zone_name: name })).json
const show = async (name = domain) => (await lab.ask(`GET ${PATH}?name=${name}`)).json
const verify = (id: string) => lab.ask(`POST ${PATH}/verification/${id}`)
const publish = (host: string, value: string) => lab.outside.set(host, 'TXT', `"${value}"`)
const zonesOf = async (who: typeof lab.holder, name = domain) =>
  (await lab.call(who, 'GET', `/v2/zones?name=${name}&search_mode=equal`)).json.zones
const frozen = async (status: 'POLICE' | 'FREEZE') => {
  const { store } = lab.control.context
  const [zone] = await store.publicZonesAt([`${domain}.`])
  await store.transaction((tx) => tx.updateZone({ ...zone!, status }))
}

describe('the retrieval of a domain', () => {
  test('gives it to the account that publishes the TXT record, as an empty zone', async () => {
    const record = { name: `www.${domain}.`, type: 'A', records: ['192.0.2.1'] }
    await lab.call(lab.holder, 'POST', `/v2/zones/${zoneId}/recordsets`, record)
    const made = await lab.ask(`POST ${PATH}`, { zone_name: domain })
    expect(made.status).toBe(200)
    expectFitsContract('CreateRetrieval', 200, made.json)
    const { id } = made.json
    expect(made.json).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      zone_name: `${domain}.`,
      record: { host: 'huaweiyunRetrieval', value: id },
      status: 'PENDING',
      created_at: expect.stringMatching(TIME),
      updated_at: expect.stringMatching(TIME),
    })

    const early = await verify(id)
    expectFitsContract('CreateRetrievalVerification', early.status, early.json)
    expect(Object.keys(early.json)).toEqual(['message'])
    expect(early.json.message).toContain(`huaweiyunRetrieval.${domain}.`)
    expect(await show()).toEqual(made.json)
    expect(await zonesOf(lab.claimant)).toEqual([])

    publish(`huaweiyunRetrieval.${domain}.`, id)
    const before = (await lab.control.context.store.feedBounds()).newest
    const done = await verify(id)
    expect(done).toMatchObject({ status: 202, json: { message: expect.stringContaining('your account') } })
    const state = (await lab.ask(`GET ${PATH}/verification/${id}`)).json
    expect(state).toEqual({ id, status: 'CREATED', updated_at: expect.stringMatching(TIME) })
    expect((await show()).status).toBe('CREATED')

    expect(await zonesOf(lab.holder)).toEqual([])
    expect((await lab.call(lab.holder, 'GET', `/v2/zones/${zoneId}`)).status).toBe(404)
    const [zone] = await zonesOf(lab.claimant)
    expect(zone).toMatchObject({ status: 'ACTIVE', record_num: 2, project_id: lab.claimant.project_id })
    expect(zone.id).not.toBe(zoneId)
    // Edges stop answering the one and begin to answer the other.
    const entries = await lab.control.context.store.readFeed(before, 10)
    expect(entries.map((entry) => [entry.zoneId, entry.payload[0]])).toEqual([
      ...[
        [zoneId, OP_ZONE_REMOVED],
        [zone.id, OP_ZONE],
      ],
    ])
    expect((await verify(id)).json.message).toContain('your account')
  })

  test('tells each account what happened to its own zone, and nothing of the other', async () => {
    const { id } = await request()
    publish(`huaweiyunRetrieval.${domain}.`, id)
    await verify(id)
    const logOf = async (who: typeof lab.holder) =>
      (await lab.call(who, 'GET', '/waymark/v1/audit?limit=1&operation=createRetrievalVerification')).json
        .entries[0]
    const lost = await logOf(lab.holder)
    expect(lost).toMatchObject({
      ...{ zone_id: zoneId, address: '', user: { id: '', name: '' } },
      changes: [{ kind: 'Zone', id: zoneId, before: { name: `${domain}.` }, after: null }],
    })
    expect(JSON.stringify(lost)).not.toContain(lab.claimant.domain_id)
    const won = await logOf(lab.claimant)
    expect(won.user.name).not.toBe('')
    expect(JSON.stringify(won)).not.toContain(zoneId)
    const kinds = won.changes.map((change: { kind: string }) => change.kind)
    expect(kinds).toContain('Zone')
    expect(kinds).toContain('Claim')
  })

  test('does not believe what the zone here says while the name is delegated here', async () => {
    const { id } = await request()
    lab.outside.set(`${domain}.`, 'NS', 'ns2.elsewhere.example.', 'NS1.lab.example.')
    publish(`huaweiyunRetrieval.${domain}.`, id)
    expect((await verify(id)).json.message).toContain('delegated to this service')
    expect((await show()).status).toBe('PENDING')
    expect(await zonesOf(lab.holder)).toHaveLength(1)
  })

  test('of a sub-domain believes the registrable name above it', async () => {
    const name = `shop.${domain}`
    await lab.makeZone(lab.holder, name)
    const { id } = await request(name)
    lab.outside.set(`${domain}.`, 'NS', 'ns1.lab.example.')
    publish(`huaweiyunRetrieval.${name}.`, id)
    expect((await verify(id)).json.message).toContain(`huaweiyunRetrieval.${domain}.`)
    publish(`huaweiyunRetrieval.${domain}.`, id)
    await verify(id)
    expect((await show(name)).status).toBe('CREATED')
    expect(await zonesOf(lab.claimant, name)).toHaveLength(1)
    expect(await zonesOf(lab.holder)).toHaveLength(1)
  })

  test('waits when the delegation cannot be looked up', async () => {
    const { id } = await request()
    publish(`huaweiyunRetrieval.${domain}.`, id)
    lab.outside.misbehave((reply) => {
      const isNs = reply.questions[0]!.type === 2
      return isNs ? { ...reply, header: { ...reply.header, rcode: 2 }, answers: [] } : reply
    })
    expect(await verify(id)).toMatchObject({
      status: 202,
      json: { message: expect.stringContaining('later') },
    })
    expect((await show()).status).toBe('PENDING')
  })

  test('is one for each account and name, until it is over or done', async () => {
    const first = await request()
    expect(await request(`${domain.toUpperCase()}.`)).toEqual(first)
    await lab.age('retrieval', first.id)
    expect((await show()).status).toBe('EXPIRED')
    publish(`huaweiyunRetrieval.${domain}.`, first.id)
    expect((await verify(first.id)).json.message).toContain('over')
    expect(await zonesOf(lab.holder)).toHaveLength(1)
    const second = await request()
    expect(second.id).not.toBe(first.id)
    publish(`huaweiyunRetrieval.${domain}.`, second.id)
    await verify(second.id)
    expect((await show()).status).toBe('CREATED')
  })

  test('leaves a zone that must stay as it is, and keeps the proof', async () => {
    const { id } = await request()
    publish(`huaweiyunRetrieval.${domain}.`, id)
    await frozen('POLICE')
    expect((await verify(id)).json.message).toContain('frozen')
    expect((await show()).status).toBe('VERIFIED')
    expect(await zonesOf(lab.holder)).toHaveLength(1)
    await frozen('FREEZE')
    lab.outside.set(`huaweiyunRetrieval.${domain}.`, 'TXT')
    await verify(id)
    expect((await show()).status).toBe('CREATED')
  })

  test('makes the zone also when the other account has given it up meanwhile', async () => {
    const { id } = await request()
    publish(`huaweiyunRetrieval.${domain}.`, id)
    await lab.call(lab.holder, 'DELETE', `/v2/zones/${zoneId}`)
    await verify(id)
    expect((await show()).status).toBe('CREATED')
    expect(await zonesOf(lab.claimant)).toHaveLength(1)
  })

  test('is nothing that another account can see or verify', async () => {
    const { id } = await request()
    publish(`huaweiyunRetrieval.${domain}.`, id)
    const stranger = await lab.makeAccount(`stranger-of-${domain}`)
    const calls = [
      `GET ${PATH}?name=${domain}`,
      `GET ${PATH}/verification/${id}`,
      `POST ${PATH}/verification/${id}`,
    ]
    for (const call of calls) {
      const [method, path] = call.split(' ') as [string, string]
      const answer = await lab.call(stranger, method, path)
      expect(answer).toMatchObject({ status: 404, json: { code: 'DNS.0302' } })
    }
    expect(await zonesOf(lab.holder)).toHaveLength(1)
  })

  test('is only of names that another account hosts', async () => {
    await lab.makeZone(lab.claimant, `own.${domain}`.replace('.', '-'))
    for (const zone_name of ['nobodys.example', `own-${domain}`])
      expect(await lab.ask(`POST ${PATH}`, { zone_name })).toMatchObject({
        ...{ status: 400, json: { code: 'DNS.0002' } },
      })
  })

  test.each<[string, object]>([
    ['DNS.0202', {}],
    ['DNS.0202', { zone_name: 'a..example.com' }],
    ['DNS.0202', { zone_name: 'com' }],
    ['DNS.0202', { zone_name: ['example.com'] }],
    ['DNS.0002', []],
  ])('is refused with %s for %j', async (code, body) => {
    expect(await lab.ask(`POST ${PATH}`, body)).toMatchObject({ status: 400, json: { code } })
  })

  test('is not found by what names none', async () => {
    const codes = await Promise.all(
      ['', '?name=a..b', '?name=unasked.example', '/verification/0'].map(async (rest) => {
        const { status, json } = await lab.ask(`GET ${PATH}${rest}`)
        return `${status} ${json.code}`
      }),
    )
    expect(codes).toEqual(['400 DNS.0002', '400 DNS.0202', '404 DNS.0302', '404 DNS.0302'])
    expect(await verify('0'.repeat(32))).toMatchObject({ status: 404, json: { code: 'DNS.0302' } })
  })
})

test('a retrieval beyond the quota keeps its proof and leaves the zone where it is', async () => {
  const small = await openClaimLab({ zoneQuota: 1 })
  try {
    await small.makeZone(small.holder, 'held.example')
    await small.makeZone(small.claimant, 'own.example')
    small.outside.set('held.example.', 'NS', 'ns1.elsewhere.example.')
    const { id } = (await small.ask(`POST ${PATH}`, { zone_name: 'held.example' })).json
    small.outside.set('huaweiyunRetrieval.held.example.', 'TXT', `"${id}"`)
    const answer = await small.ask(`POST ${PATH}/verification/${id}`)
    expect(answer.json.message).toContain('Insufficient zone quota')
    expect((await small.ask(`GET ${PATH}?name=held.example`)).json.status).toBe('VERIFIED')
    const held = await small.call(small.holder, 'GET', '/v2/zones')
    expect(held.json.zones).toHaveLength(1)
  } finally {
    await small.stop()
  }
})
