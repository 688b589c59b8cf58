// needs: dig
/**
 * A domain comes home: another account has it here, the DNS outside (a second Waymark) has the proof that it is ours. Retrieval moves it,
 * authorisation gives a sub-domain of it away, detection tells when the delegation has followed.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { signedFetch } from '../../packages/control/src/http/test-platform.ts'
import { run } from '../support/process.ts'
import { type Service, startService } from '../support/service.ts'
import { until } from '../support/until.ts'

const OURS = ['ns1.home.example.', 'ns2.home.example.']

let outside: Service
let home: Service
let outsideZone: { id: string }
/** Account that has the domain at first. */
let holder: { access_key: string; secret_key: string }

beforeAll(async () => {
  outside = await startService({ args: ['--name-servers', 'ns1.elsewhere.example'] })
  outsideZone = (await outside.call('POST', '/v2/zones', { name: 'shop.example' })).json
  home = await startService({
    args: ['--name-servers', OURS.join(), '--resolver', `127.0.0.1:${outside.dnsPort}`],
  })
  holder = (await home.call('POST', '/waymark/v1/accounts', { name: 'holder' })).json.credentials
}, 120_000)
afterAll(() => Promise.all([outside?.stop(), home?.stop()]))

async function asHolder(method: string, path: string, body?: object) {
  const response = await signedFetch(holder, home.url + path, { method, body: body && JSON.stringify(body) })
  return { status: response.status, json: JSON.parse((await response.text()) || 'null') }
}
const publishOutside = (name: string, type: string, ...records: string[]) =>
  outside.call('POST', `/v2/zones/${outsideZone.id}/recordsets`, { name, type, records })
const dig = async ({ dnsPort }: Service, ...words: string[]): Promise<string> =>
  (await run(['dig', '@127.0.0.1', '-p', String(dnsPort), '+tries=2', '+short', ...words])).trim()

const untilAnswered = (service: Service, expected: string, ...words: string[]): Promise<number> =>
  until(expected, () => dig(service, ...words))
const addA = (zone: string, name: string, value: string) => ({
  path: `/v2/zones/${zone}/recordsets`,
  body: { name, type: 'A', records: [value] },
})

test('a domain is retrieved, a sub-domain authorised, and its delegation watched', async () => {
  const squatted = await asHolder('POST', '/v2/zones', { name: 'shop.example' })
  const wrong = addA(squatted.json.id, 'www.shop.example.', '192.0.2.66')
  await asHolder('POST', wrong.path, wrong.body)
  await untilAnswered(home, '192.0.2.66', 'www.shop.example', 'A')
  expect((await home.call('POST', '/v2/zones', { name: 'shop.example' })).json.code).toBe('DNS.0211')

  const retrieval = (await home.call('POST', '/v2/retrieval', { zone_name: 'shop.example' })).json
  const { host, value } = retrieval.record
  await publishOutside(`${host}.shop.example.`, 'TXT', `"${value}"`)
  await untilAnswered(outside, `"${value}"`, `${host}.shop.example`, 'TXT')
  const verified = await home.call('POST', `/v2/retrieval/verification/${retrieval.id}`)
  expect(verified.status).toBe(202)
  const state = await home.call('GET', `/v2/retrieval/verification/${retrieval.id}`)
  expect(state.json.status).toBe('CREATED')
  const zone = (await home.call('GET', '/v2/zones?name=shop.example&search_mode=equal')).json.zones[0]
  await untilAnswered(home, '', 'www.shop.example', 'A')
  await untilAnswered(home, OURS.join('\n'), 'shop.example', 'NS')

  const right = addA(zone.id, 'www.shop.example.', '192.0.2.1')
  await home.call('POST', right.path, right.body)
  await untilAnswered(home, '192.0.2.1', 'www.shop.example', 'A')
  const detect = async () =>
    (await home.call('GET', `/v2.1/zones/${zone.id}/detection?domain_name=www.shop.example`)).json.status
  expect(await detect()).toBe('NOT_HWDNS')
  const sets = (await outside.call('GET', `/v2/zones/${outsideZone.id}/recordsets?type=NS`)).json.recordsets
  const delegation = { name: 'shop.example.', type: 'NS', records: OURS }
  await outside.call('PUT', `/v2/zones/${outsideZone.id}/recordsets/${sets[0].id}`, delegation)
  await untilAnswered(outside, OURS.join('\n'), 'shop.example', 'NS')
  expect(await detect()).toBe('OK')

  const below = { zone_name: 'branch.shop.example' }
  expect((await asHolder('POST', '/v2/zones', { name: below.zone_name })).json.code).toBe('DNS.0211')
  const asked = (await asHolder('POST', '/v2/authorize-txtrecord', below)).json
  await publishOutside(`${asked.record.host}.shop.example.`, 'TXT', `"${asked.record.value}"`)
  await untilAnswered(outside, `"${asked.record.value}"`, `${asked.record.host}.shop.example`, 'TXT')
  const answer = await asHolder('POST', `/v2/authorize-txtrecord/${asked.id}/verify`)
  expect(answer).toEqual({ status: 200, json: { status: 'VERIFIED' } })
  expect((await asHolder('POST', '/v2/zones', { name: below.zone_name })).status).toBe(202)
  await untilAnswered(home, OURS.join('\n'), 'branch.shop.example', 'NS')
}, 120_000)
