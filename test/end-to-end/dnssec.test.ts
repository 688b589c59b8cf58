// needs: delv
/**
 * DNSSEC, from the API to a validator: a zone that is signed by one call is validated by delv, whose trust anchor is the DS that the
 * call has answered with.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeMessage, encodeMessage, makeQuery, type ResourceRecord, rrTypeByName } from '@waymark/dns'
import { parseName } from '@waymark/dns/name'
import { askTcp } from '@waymark/edge/testing/ask-socket'
import { verifySection } from '@waymark/edge/testing/verify'
import { run } from '../support/process.ts'
import { type Service, startService } from '../support/service.ts'
import { until, untilTrue } from '../support/until.ts'

const ZONE = 'shop.example.'
const CHILD = 'secure.shop.example.'
const folder = mkdtempSync(join(tmpdir(), 'waymark-dnssec-'))
const anchors = join(folder, 'anchors')

let service: Service
let zoneId: string
let ds: string

async function post(path: string, body: object = {}) {
  const { status, json } = await service.call('POST', path, body)
  if (status !== 202) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`)
  return json
}
const put = (name: string, type: string, records: string[], more: object = {}) =>
  post(`/v2.1/zones/${zoneId}/recordsets`, { name, type, ttl: 300, records, ...more })

beforeAll(async () => {
  service = await startService()
  zoneId = (await post('/v2/zones', { name: ZONE })).id
  await put(`www.${ZONE}`, 'A', ['192.0.2.1', '192.0.2.2'])
  await put(`*.wild.${ZONE}`, 'TXT', ['"any"'])
  await put(`alias.${ZONE}`, 'CNAME', [`www.${ZONE}`])
  await put(`a.ent.${ZONE}`, 'A', ['192.0.2.3'])
  await put(`lined.${ZONE}`, 'A', ['192.0.2.4'])
  await put(`lined.${ZONE}`, 'A', ['192.0.2.5'], { line: 'US' })
  await put(`old.${ZONE}`, 'DNAME', [`ent.${ZONE}`])
  const child = await post('/v2/zones', { name: CHILD })
  await post(`/v2.1/zones/${child.id}/recordsets`, {
    ...{ name: `www.${CHILD}`, type: 'A', ttl: 300, records: ['192.0.2.6'] },
  })
  const childDs = (await post(`/v2/zones/${child.id}/enable-dnssec`)).ds_record
  await put(CHILD, 'NS', ['ns1.waymark.example.'])
  await put(CHILD, 'DS', [childDs.split(' DS ')[1]])
  const plain = await post('/v2/zones', { name: `plain.${ZONE}` })
  await post(`/v2.1/zones/${plain.id}/recordsets`, {
    ...{ name: `www.plain.${ZONE}`, type: 'A', ttl: 300, records: ['192.0.2.7'] },
  })
  await put(`plain.${ZONE}`, 'NS', ['ns1.waymark.example.'])
  ds = (await post(`/v2/zones/${zoneId}/enable-dnssec`)).ds_record
  trust(ds)
  await untilSigned(true)
}, 120_000)
afterAll(async () => {
  await service?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Makes a DS record the one trust anchor of delv. */
function trust(record: string): void {
  const [tag, algorithm, digestType, digest] = record.split(' ').slice(4)
  const anchor = `"${ZONE}" static-ds ${tag} ${algorithm} ${digestType} "${digest}"`
  writeFileSync(anchors, `trust-anchors { ${anchor}; };\n`)
}

async function untilSigned(isSigned: boolean): Promise<void> {
  await untilTrue(`${ZONE} becomes ${isSigned ? 'signed' : 'unsigned'}`, async () => {
    const { answers } = await ask(ZONE, 'SOA')
    return (answers.length === 2) === isSigned
  })
}

/** What delv says of a name: its verdict in the first line, then the records without signatures. */
async function delv(name: string, type: string): Promise<string[]> {
  const text = await run([
    ...['delv', '@127.0.0.1', '-p', String(service.dnsPort), '-a', anchors, `+root=${ZONE}`, name, type],
  ])
  return text
    .trim()
    .split('\n')
    .filter((row) => !/\sRRSIG\s/.test(row))
    .map((row) => row.replace(/\s+/g, ' '))
}

/** A question with DO, of somebody in `subnet` if it is given: four octets and their prefix length. */
async function ask(name: string, type: string, subnet?: readonly number[]) {
  const owner = parseName(name)
  if (!owner.ok) throw new Error(name)
  const options =
    subnet === undefined ? [] : [{ code: 8, data: Uint8Array.of(0, 1, subnet[3]!, 0, ...subnet.slice(0, 3)) }]
  const edns = { payloadSize: 4096, version: 0, isDnssecOk: true, options }
  const packet = encodeMessage(makeQuery(7, owner.value, rrTypeByName(type)!.code, { edns }))
  if (!packet.ok) throw new Error(name)
  const reply = decodeMessage(await askTcp('127.0.0.1', service.dnsPort, packet.value))
  if (!reply.ok) throw new Error(name)
  return reply.value
}

const keyOf = ({ rdata }: ResourceRecord) => ({
  flags: (rdata[0]! << 8) | rdata[1]!,
  algorithm: rdata[3]!,
  publicKey: rdata.subarray(4),
})

describe('delv, trusting the DS that the API has shown, validates', () => {
  test('the keys, and data of the zone', async () => {
    expect(await delv(ZONE, 'DNSKEY')).toContain('; fully validated')
    expect(await delv(`www.${ZONE}`, 'A')).toEqual([
      '; fully validated',
      `www.${ZONE} 300 IN A 192.0.2.1`,
      `www.${ZONE} 300 IN A 192.0.2.2`,
    ])
    for (const type of ['SOA', 'NS', 'CDS', 'CDNSKEY'])
      expect((await delv(ZONE, type))[0]).toBe('; fully validated')
  })

  test('a wildcard', async () => {
    expect(await delv(`x.y.wild.${ZONE}`, 'TXT')).toEqual([
      '; fully validated',
      `x.y.wild.${ZONE} 300 IN TXT "any"`,
    ])
  })

  test('that a name and that a type do not exist', async () => {
    for (const [name, type] of [
      [`missing.${ZONE}`, 'A'],
      [`www.${ZONE}`, 'MX'],
      [`ent.${ZONE}`, 'A'],
      [`x.wild.${ZONE}`, 'A'],
      [ZONE, 'TXT'],
    ] as const) {
      const said = (await delv(name, type)).join('\n')
      expect([name, said]).toEqual([name, expect.stringContaining('; negative response, fully validated')])
    }
  })

  test('a CNAME and a DNAME with what they lead to', async () => {
    expect(await delv(`alias.${ZONE}`, 'A')).toEqual([
      '; fully validated',
      `alias.${ZONE} 300 IN CNAME www.${ZONE}`,
      `www.${ZONE} 300 IN A 192.0.2.1`,
      `www.${ZONE} 300 IN A 192.0.2.2`,
    ])
    expect(await delv(`a.old.${ZONE}`, 'A')).toContain(`a.ent.${ZONE} 300 IN A 192.0.2.3`)
  })

  test('a signed child by its DS, and that another child has none', async () => {
    expect(await delv(CHILD, 'DS')).toContain('; fully validated')
    expect(await delv(`www.${CHILD}`, 'A')).toEqual(['; fully validated', `www.${CHILD} 300 IN A 192.0.2.6`])
    expect((await delv(`plain.${ZONE}`, 'DS'))[0]).toBe('; negative response, fully validated')
    expect(await delv(`www.plain.${ZONE}`, 'A')).toEqual([
      '; unsigned answer',
      `www.plain.${ZONE} 300 IN A 192.0.2.7`,
    ])
  })
})

test('what each line is given is signed', async () => {
  const keys = (await ask(ZONE, 'DNSKEY')).answers.filter(({ type }) => type === 48).map(keyOf)
  const now = Math.floor(Date.now() / 1000)
  for (const [subnet, last] of [
    [[8, 8, 8, 24], 5],
    [[192, 0, 2, 24], 4],
  ] as const) {
    const { answers } = await ask(`lined.${ZONE}`, 'A', subnet)
    expect(verifySection(answers, keys, now)).toEqual([`lined.${ZONE} A`])
    expect(answers[0]!.rdata.at(-1)).toBe(last)
  }
})

test('a change is signed as soon as it is answered', async () => {
  const set = await put(`new.${ZONE}`, 'A', ['192.0.2.8'])
  const answered = (value: string) =>
    untilTrue(`${value} is answered`, async () =>
      (await delv(`new.${ZONE}`, 'A')).includes(`new.${ZONE} 300 IN A ${value}`),
    )
  await answered('192.0.2.8')
  await service.call('PUT', `/v2.1/zones/${zoneId}/recordsets/${set.id}`, {
    ...{ name: `new.${ZONE}`, type: 'A', ttl: 300, records: ['192.0.2.9'] },
  })
  await answered('192.0.2.9')
})

test('while keys are rolled the zone is valid under the old DS and under the new one', async () => {
  const keysPath = `/waymark/v1/zones/${zoneId}/dnssec`
  await post(`${keysPath}/roll`, { role: 'zsk' })
  const { ds_records: both } = await post(`${keysPath}/roll`, { role: 'ksk' })
  expect(both).toEqual([ds, expect.any(String)])
  await untilKeys(4)
  for (const record of both) {
    trust(record)
    expect((await delv(ZONE, 'DNSKEY'))[0]).toBe('; fully validated')
    expect((await delv(`www.${ZONE}`, 'A'))[0]).toBe('; fully validated')
  }
  expect((await delv(ZONE, 'CDS')).filter((row) => / CDS /.test(row))).toHaveLength(2)
  await post(`${keysPath}/confirm-ds`)
  await until(1, async () => (await ask(ZONE, 'CDS')).answers.filter(({ type }) => type === 59).length)
  expect((await delv(ZONE, 'CDS')).filter((row) => / CDS /.test(row))).toHaveLength(1)
  expect((await delv(`www.${ZONE}`, 'A'))[0]).toBe('; fully validated')
})

async function untilKeys(count: number): Promise<void> {
  await until(count, async () => (await ask(ZONE, 'DNSKEY')).answers.filter(({ type }) => type === 48).length)
}

test('a zone that is signed no longer is answered without signatures', async () => {
  const gone = await service.call('POST', `/v2/zones/${zoneId}/disable-dnssec`, {})
  expect(gone).toMatchObject({ status: 202, json: { status: 'DISABLE' } })
  await untilSigned(false)
  const { answers, header } = await ask(`missing.${ZONE}`, 'A')
  expect([answers.length, header.rcode]).toEqual([0, 3])
  expect((await ask(ZONE, 'DNSKEY')).answers).toEqual([])
})
