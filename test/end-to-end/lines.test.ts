// needs: dig
/**
 * Lines, from the API to the answer: record sets on built-in lines, on custom lines and on line groups are answered to those whose
 * address, their own or one in the client subnet option, is on the line.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { compileLineData, readLineRows } from '@waymark/server/line-data/line-layers'
import { run } from '../support/process.ts'
import { type Service, startService } from '../support/service.ts'
import { until } from '../support/until.ts'

const ZONE = 'shop.example.'
let service: Service
let zoneId: string

beforeAll(async () => {
  service = await startService()
  zoneId = (await service.call('POST', '/v2/zones', { name: ZONE })).json.id
}, 120_000)
afterAll(() => service?.stop())

let last = 0
const address = (): string => `192.0.2.${++last}`
/** Puts a set on each of the lines, and gives the address that each answers. */
async function putSets(name: string, lines: readonly string[]): Promise<Map<string, string>> {
  const answers = new Map<string, string>()
  for (const line of lines) {
    const records = [address()]
    const body = { name: `${name}.${ZONE}`, type: 'A', ttl: 60, records, line }
    expect(await service.call('POST', `/v2.1/zones/${zoneId}/recordsets`, body)).toMatchObject({
      status: 202,
    })
    answers.set(records[0]!, line)
  }
  return answers
}
const dig = (name: string, ...options: string[]): Promise<string> =>
  run(['dig', '@127.0.0.1', '-p', String(service.dnsPort), ...options, `${name}.${ZONE}`, 'A'])

/** The line whose set is answered; `none` for no data. */
async function lineOf(answers: Map<string, string>, name: string, ...options: string[]): Promise<string> {
  const text = (await dig(name, '+short', ...options)).trim()
  return text === '' ? 'none' : (answers.get(text) ?? text)
}

test('built-in lines are told apart by client subnet, and by nothing where that says nothing', async () => {
  const answers = await putSets('world', ['default_view', 'US', 'Abroad', 'Dianxin', 'CN'])
  await until('CN', () => lineOf(answers, 'world', '+subnet=202.106.0.0/24'))
  for (const [subnet, line] of [
    ['8.8.8.0/24', 'US'],
    ['133.11.0.0/16', 'Abroad'],
    ['202.96.128.86/32', 'Dianxin'],
    ['240e::/32', 'Dianxin'],
    ['2001:200::/32', 'Abroad'],
    ['127.0.0.0/8', 'default_view'],
    ['0/0', 'default_view'],
  ] as const) {
    expect([subnet, await lineOf(answers, 'world', `+subnet=${subnet}`)]).toEqual([subnet, line])
    expect([subnet, await lineOf(answers, 'world', '+tcp', `+subnet=${subnet}`)]).toEqual([subnet, line])
  }
  expect(await lineOf(answers, 'world')).toBe('default_view')
})

test('an answer says for which addresses it holds', async () => {
  const answers = await putSets('scope', ['default_view', 'JP'])
  const plain = await putSets('plain', ['default_view'])
  await until('JP', () => lineOf(answers, 'scope', '+subnet=133.11.0.0/16'))
  await until('default_view', () => lineOf(plain, 'plain'))
  expect(await dig('scope', '+subnet=133.11.0.0/16')).toContain('CLIENT-SUBNET: 133.11.0.0/16/16')
  expect(await dig('scope', '+subnet=2001:db8:1200::/40')).toContain('CLIENT-SUBNET: 2001:db8:1200::/40/40')
  expect(await dig('plain', '+subnet=133.11.0.0/16')).toContain('CLIENT-SUBNET: 133.11.0.0/16/0')
  expect(await dig('plain')).not.toContain('CLIENT-SUBNET')
})

test('a custom line goes before all others, moves with its segments, and ends', async () => {
  const made = await service.call('POST', '/v2.1/customlines', {
    name: 'office',
    ip_segments: ['127.0.0.0-127.255.255.255', '202.96.128.0-202.96.128.127'],
  })
  expect(made.status).toBe(202)
  const id = made.json.line_id
  const answers = await putSets('office', ['default_view', 'Dianxin', id])
  await until(id, () => lineOf(answers, 'office'))
  expect(await lineOf(answers, 'office', '+subnet=202.96.128.127/32')).toBe(id)
  expect(await lineOf(answers, 'office', '+subnet=202.96.128.128/32')).toBe('Dianxin')

  const path = `/v2.1/customlines/${id}`
  await service.call('PUT', path, { ip_segments: ['202.96.128.128-202.96.128.255'] })
  await until('default_view', () => lineOf(answers, 'office'))
  expect(await lineOf(answers, 'office', '+subnet=202.96.128.127/32')).toBe('Dianxin')
  expect(await lineOf(answers, 'office', '+subnet=202.96.128.128/32')).toBe(id)
  expect(await service.call('DELETE', path)).toMatchObject({ status: 400, json: { code: 'DNS.0608' } })
})

test("a line group answers for its members, behind the members' own sets", async () => {
  const made = await service.call('POST', '/v2.1/linegroups', { name: 'asia', lines: ['JP', 'KR'] })
  expect(made.status).toBe(202)
  const id = made.json.line_id
  const answers = await putSets('asia', ['default_view', id, 'KR'])
  await until('KR', () => lineOf(answers, 'asia', '+subnet=168.126.63.1/32'))
  expect(await lineOf(answers, 'asia', '+subnet=133.11.0.0/16')).toBe(id)
  expect(await lineOf(answers, 'asia', '+subnet=8.8.8.0/24')).toBe('default_view')

  await service.call('PUT', `/v2.1/linegroups/${id}`, { name: 'asia', lines: ['US', 'KR'] })
  await until(id, () => lineOf(answers, 'asia', '+subnet=8.8.8.0/24'))
  expect(await lineOf(answers, 'asia', '+subnet=133.11.0.0/16')).toBe('default_view')
})

test('a name whose lines are all for others has no data', async () => {
  const answers = await putSets('only', ['MN'])
  await until('MN', () => lineOf(answers, 'only', '+subnet=202.131.0.1/32'))
  const text = await dig('only')
  expect(text).toContain('status: NOERROR')
  expect(text).toContain('ANSWER: 0, AUTHORITY: 1')
})

test("the operator's own line data is used as soon as it is there", async () => {
  const answers = await putSets('province', ['default_view', 'Dianxin_Beijing', 'Beijing'])
  await until('default_view', () => lineOf(answers, 'province', '+subnet=198.18.0.0/24'))
  const rows = readLineRows('198.18.0.0/24,Dianxin_Beijing\n198.18.1.0/24,Yidong_Beijing', 'own.csv')
  const part = join(service.dataDir, 'lines.bin.part')
  await Bun.write(part, compileLineData([rows]))
  renameSync(part, join(service.dataDir, 'lines.bin'))
  await until('Dianxin_Beijing', () => lineOf(answers, 'province', '+subnet=198.18.0.0/24'))
  expect(await lineOf(answers, 'province', '+subnet=198.18.1.0/24')).toBe('Beijing')
}, 120_000)
