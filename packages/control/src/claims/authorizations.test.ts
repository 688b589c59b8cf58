import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { expectFitsContract } from '../http/contract-check.ts'
import { type ClaimLab, openClaimLab } from './testing.ts'

const PATH = '/v2/authorize-txtrecord'
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/

let lab: ClaimLab
/** Each test has a domain of the holder's of its own. */
let domain: string
let count = 0
beforeAll(async () => {
  lab = await openClaimLab()
})
afterAll(() => lab.stop())
beforeEach(async () => {
  domain = `held${++count}.example`
  lab.outside.misbehave(undefined)
  await lab.makeZone(lab.holder, domain)
})

const request = (name: string) => lab.ask(`POST ${PATH}`, { zone_name: name })
const verify = (id: string) => lab.ask(`POST ${PATH}/${id}/verify`)
/** Asks for the authorisation and publishes its TXT record outside. */
async function published(name: string) {
  const { json } = await request(name)
  lab.outside.set(`${json.record.host}.${json.second_level_zone_name}`, 'TXT', `"${json.record.value}"`)
  return json
}

describe('an authorisation of a sub-domain', () => {
  test('lets its account, and no other, make the zone once the TXT record is seen', async () => {
    const name = `www.${domain}`
    const refused = await lab.makeZone(lab.claimant, name)
    expect(refused).toMatchObject({ status: 400, json: { code: 'DNS.0211' } })
    expect(refused.json.message).toContain('/v2/authorize-txtrecord')

    const made = await request(name)
    expect(made.status).toBe(200)
    expectFitsContract('CreateAuthorizeTxtRecord', 200, made.json)
    const { id } = made.json
    expect(made.json).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      zone_name: `${name}.`,
      record: { host: expect.stringMatching(/^authorize-[0-9a-f]{32}$/), value: id },
      status: 'CREATED',
      second_level_zone_name: `${domain}.`,
      created_at: expect.stringMatching(TIME),
      updated_at: expect.stringMatching(TIME),
    })
    expect(made.json.record.host).not.toContain(id)

    expect(await verify(id)).toMatchObject({ status: 200, json: { status: 'CREATED' } })
    expect((await lab.makeZone(lab.claimant, name)).json.code).toBe('DNS.0211')
    lab.outside.set(`${made.json.record.host}.${domain}.`, 'TXT', '"other"', `"${id}"`)
    const verified = await verify(id)
    expectFitsContract('CreateAuthorizeTxtRecordVerification', 200, verified.json)
    expect(verified).toMatchObject({ status: 200, json: { status: 'VERIFIED' } })
    const shown = await lab.ask(`GET ${PATH}?zone_name=${name}`)
    expectFitsContract('ShowAuthorizeTxtRecord', 200, shown.json)
    expect(shown.json).toMatchObject({ id, status: 'VERIFIED', record: made.json.record })

    const stranger = await lab.makeAccount(`stranger-of-${domain}`)
    expect((await lab.makeZone(stranger, name)).json.code).toBe('DNS.0211')
    expect((await lab.makeZone(lab.claimant, `mail.${domain}`)).json.code).toBe('DNS.0211')
    expect((await lab.makeZone(lab.claimant, domain)).json).toEqual({
      code: 'DNS.0211',
      message: 'The zone name is used by another tenant.',
    })
    expect((await lab.makeZone(lab.claimant, name)).status).toBe(202)
    // Below a zone of one's own everything is one's own.
    expect((await lab.makeZone(lab.claimant, `deep.${name}`)).status).toBe(202)
    expect((await lab.makeZone(stranger, name)).json.message).toBe('The zone name is used by another tenant.')
  })

  test('counts for zones that are made by a task, too', async () => {
    const { id } = await published(`task.${domain}`)
    await verify(id)
    const zone_names = [`task.${domain}`, `other.${domain}`]
    const started = await lab.ask('POST /v2.1/operation-task/batch-create-zone', { zone_names })
    const path = `GET /v2.1/batch-operation-tasks/${started.json.task_id}`
    let task = await lab.ask(path)
    while (task.json.status !== 'DONE') task = await lab.ask(path)
    expect(task.json).toMatchObject({ success_count: 1, error_count: 1 })
    expect(task.json.error_items[0]).toMatchObject({ item: `other.${domain}.` })
  })

  test('is proved by a record in the zone of the other account here, without anybody being asked', async () => {
    const { json } = await request(`inside.${domain}`)
    const zones = await lab.call(lab.holder, 'GET', `/v2/zones?name=${domain}&search_mode=equal`)
    const record = { type: 'TXT', records: [`"${json.record.value}"`] }
    const path = `/v2/zones/${zones.json.zones[0].id}/recordsets`
    const set = await lab.call(lab.holder, 'POST', path, {
      ...record,
      name: `${json.record.host}.${domain}.`,
    })
    expect(set.status).toBe(202)
    const pause = (status: string) =>
      lab.call(lab.holder, 'PUT', `/v2.1/recordsets/${set.json.id}/statuses/set`, { status })
    await pause('DISABLE')
    expect((await verify(json.id)).json).toEqual({ status: 'CREATED' })
    await pause('ENABLE')
    lab.outside.asked.length = 0
    expect((await verify(json.id)).json).toEqual({ status: 'VERIFIED' })
    expect(lab.outside.asked).toEqual([])
  })

  test('is one for each account and name, until it is over', async () => {
    const first = (await request(`once.${domain}`)).json
    expect((await request(`ONCE.${domain}.`)).json).toEqual(first)
    await lab.age('authorization', first.id)
    expect(await verify(first.id)).toMatchObject({ status: 404, json: { code: 'DNS.0004' } })
    expect((await lab.ask(`GET ${PATH}?zone_name=once.${domain}`)).json.code).toBe('DNS.0004')
    const second = (await request(`once.${domain}`)).json
    expect(second.id).not.toBe(first.id)
    const atOnce = await Promise.all([1, 2, 3, 4].map(() => request(`race.${domain}`)))
    expect(new Set(atOnce.map(({ json }) => json.id)).size).toBe(1)
  })

  test('that was verified is over one day, too', async () => {
    const { id } = await published(`late.${domain}`)
    expect((await verify(id)).json.status).toBe('VERIFIED')
    await lab.age('authorization', id)
    expect((await lab.makeZone(lab.claimant, `late.${domain}`)).json.code).toBe('DNS.0211')
  })

  test('stays as it is while nobody answers', async () => {
    const { id } = await published(`silent.${domain}`)
    lab.outside.misbehave((reply) => ({ ...reply, header: { ...reply.header, rcode: 2 }, answers: [] }))
    expect(await verify(id)).toMatchObject({ status: 200, json: { status: 'CREATED' } })
  })

  test('shows names as they were sent and compares them in A-labels', async () => {
    const made = (await request('例.bücher.example')).json
    expect(made).toMatchObject({ zone_name: '例.bücher.example.', second_level_zone_name: 'bücher.example.' })
    lab.outside.set(`${made.record.host}.xn--bcher-kva.example.`, 'TXT', `"${made.id}"`)
    expect((await verify(made.id)).json.status).toBe('VERIFIED')
    const shown = await lab.ask(`GET ${PATH}?zone_name=xn--fsq.xn--bcher-kva.example`)
    expect(shown.json.id).toBe(made.id)
  })

  test('is nothing that another account can see or verify', async () => {
    const { id, zone_name } = await published(`mine.${domain}`)
    const asHolder = (method: string, path: string) => lab.call(lab.holder, method, path)
    expect(await asHolder('GET', `${PATH}?zone_name=${zone_name}`)).toMatchObject({
      ...{ status: 404, json: { code: 'DNS.0004' } },
    })
    expect(await asHolder('POST', `${PATH}/${id}/verify`)).toMatchObject({
      ...{ status: 404, json: { code: 'DNS.0004' } },
    })
    const { changes } = (await lab.ask(`GET /waymark/v1/audit?limit=1`)).json.entries[0]
    expect(changes).toMatchObject([{ kind: 'Claim', id, before: null, after: { name: `mine.${domain}.` } }])
  })

  test.each<[string, object]>([
    ['DNS.0202', {}],
    ['DNS.0202', { zone_name: '' }],
    ['DNS.0202', { zone_name: 5 }],
    ['DNS.0202', { zone_name: 'a..example.com' }],
    ['DNS.0202', { zone_name: 'com' }],
    ['DNS.0202', { zone_name: `${'a.'.repeat(101)}example.com` }],
    ['DNS.0002', { zone_name: 'example.com' }],
    ['DNS.0002', []],
  ])('is refused with %s for %j', async (code, body) => {
    expect(await lab.ask(`POST ${PATH}`, body)).toMatchObject({ status: 400, json: { code } })
  })

  test('is not found by what names none', async () => {
    expect(await verify('0'.repeat(32))).toMatchObject({ status: 404, json: { code: 'DNS.0004' } })
    const show = (query: string) => lab.ask(`GET ${PATH}${query}`)
    expect(await show('?zone_name=unasked.example.com')).toMatchObject({
      ...{ status: 404, json: { code: 'DNS.0004' } },
    })
    expect(await show('')).toMatchObject({ status: 400, json: { code: 'DNS.0002' } })
    expect(await show('?zone_name=a..b')).toMatchObject({ status: 400, json: { code: 'DNS.0202' } })
  })
})
