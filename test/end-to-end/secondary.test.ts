// needs: dig named nsupdate knotd nsd pdns_server
/** Zones that are kept as a secondary of real name servers, and taken over from them, from their transfer to the answer over UDP. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPowerDns } from '../support/peers.ts'
import {
  type Primary,
  startBindPrimary,
  startKnotPrimary,
  startNsdPrimary,
  update,
} from '../support/primaries.ts'
import { run, sleep } from '../support/process.ts'
import { type Service, startService } from '../support/service.ts'

const folder = mkdtempSync(join(tmpdir(), 'waymark-secondary-'))
let service: Service
const primaries: Pick<Primary, 'stop'>[] = []

beforeAll(async () => {
  service = await startService()
}, 60_000)
afterAll(async () => {
  for (const primary of primaries) await primary.stop()
  await service?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const keep = <P extends Pick<Primary, 'stop'>>(primary: P): P => {
  primaries.push(primary)
  return primary
}

const zoneText = (zone: string, serial: number, ...more: string[]): string =>
  [
    `$ORIGIN ${zone}`,
    '$TTL 300',
    `@ 600 IN SOA ns1.else.example. desk.else.example. ${serial} 3600 600 86400 60`,
    '@ IN NS ns1.else.example.',
    '@ IN NS ns2.else.example.',
    '@ IN MX 10 mail',
    'mail IN A 192.0.2.25',
    'www IN A 192.0.2.80',
    '*.wild IN TXT "any name" "two \\"parts\\""',
    'odd 77 IN TYPE65280 \\# 4 0A000001',
    'naptr IN NAPTR 100 10 "u" "sip+E2U" "!^.*$!sip:info@example.org!" .',
    'sub IN NS ns.sub',
    'ns.sub IN AAAA 2001:db8::53',
    ...more,
    '',
  ].join('\n')

const dig = (port: number, name: string, type: string, ...options: string[]): Promise<string> =>
  run(['dig', '@127.0.0.1', '-p', String(port), '+norec', '+tries=2', '+time=2', ...options, name, type])
const short = async (name: string, type: string): Promise<string[]> =>
  (await dig(service.dnsPort, name, type, '+short')).trim().split('\n').filter(Boolean).sort()

/** The records of all sections and status of an answer, in order. */
async function answerOf(port: number, name: string, type: string): Promise<string[]> {
  const text = await dig(port, name, type, '+nocookie', '+noedns')
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith(';'))
  const status = /status: (\w+)/.exec(text)?.[1] ?? ''
  return [status, ...lines.map((line) => line.replace(/\s+/g, ' ')).sort()]
}

/** Asks until the answer is the expected one; how long that took. */
async function until<T>(expected: T, ask: () => Promise<T>, timeoutMs = 10_000): Promise<number> {
  const startedAt = performance.now()
  let last = await ask()
  while (!Bun.deepEquals(last, expected) && performance.now() < startedAt + timeoutMs) {
    await sleep(20)
    last = await ask()
  }
  expect(last).toEqual(expected)
  return performance.now() - startedAt
}

async function follow(name: string, ...primaries: object[]) {
  const made = await service.call('POST', '/v2/zones', { name })
  expect(made.status).toBe(202)
  const path = `/waymark/v1/zones/${made.json.id}/primaries`
  const { status, json } = await service.call('PUT', path, { primaries })
  expect(status).toBe(202)
  return { id: made.json.id as string, path, state: json }
}

describe('a zone that BIND is the primary of', () => {
  const zone = 'bind.example.'
  let primary: Primary
  let id: string
  let path: string

  test('is transferred whole and answered as BIND answers it', async () => {
    const { dnsPort: notify } = service
    primary = keep(
      await startBindPrimary({
        folder: join(folder, 'bind'),
        zone,
        text: zoneText(zone, 4294967290),
        notify,
      }),
    )
    const followed = await follow(zone, { address: '127.0.0.1', port: primary.port })
    ;({ id, path } = followed)
    expect(followed.state).toMatchObject({
      status: 'ACTIVE',
      serial: 4294967290,
      failures: 0,
      last_error: null,
    })
    expect(followed.state.tries[0]).toMatchObject({ outcome: 'axfr', records: 11, reason: 'created' })
    await until(['4294967290'], async () => (await short(zone, 'SOA')).map((line) => line.split(' ')[2]!))
    const questions = [
      ...[zone, `www.${zone}`, `a.wild.${zone}`, `odd.${zone}`, `naptr.${zone}`].map((name) => [name, 'ANY']),
      ...[
        [zone, 'SOA'],
        [zone, 'NS'],
        [zone, 'MX'],
        [`a.wild.${zone}`, 'TXT'],
        [`odd.${zone}`, 'TYPE65280'],
      ],
      ...[
        [`naptr.${zone}`, 'NAPTR'],
        [`x.sub.${zone}`, 'A'],
        [`no.${zone}`, 'A'],
        [`www.${zone}`, 'TXT'],
      ],
    ] as [string, string][]
    for (const [name, type] of questions.filter(([, type]) => type !== 'ANY'))
      expect(await answerOf(service.dnsPort, name, type)).toEqual(await answerOf(primary.port, name, type))
    const { json } = await service.call('GET', `/v2/zones/${id}`)
    expect(json).toMatchObject({
      ...{ type: 'SECONDARY', masters: [`127.0.0.1:${primary.port}`], serial: 4294967290 },
      ...{ email: 'desk@else.example', ttl: 600, status: 'ACTIVE', record_num: 10 },
    })
  }, 30_000)

  test('follows an update within a second of it, by NOTIFY and IXFR, also where the serial wraps', async () => {
    for (let n = 0; n < 8; n++) {
      await update(primary, zone, `update add n${n}.${zone} 60 A 192.0.2.${n}`)
      const tookMs = await until([`192.0.2.${n}`], () => short(`n${n}.${zone}`, 'A'))
      expect(tookMs).toBeLessThan(1000)
    }
    await update(primary, zone, `update delete n0.${zone} A`, `update add www.${zone} 300 A 192.0.2.81`)
    await until(['192.0.2.80', '192.0.2.81'], () => short(`www.${zone}`, 'A'))
    expect(await short(`n0.${zone}`, 'A')).toEqual([])
    const { json } = await service.call('GET', path)
    expect(json.tries[0]).toMatchObject({ outcome: 'ixfr', reason: 'notify', error: null })
    // BIND leaves the serial 0 out.
    expect(json.serial).toBe(4)
    expect(await answerOf(service.dnsPort, zone, 'SOA')).toEqual(await answerOf(primary.port, zone, 'SOA'))
  }, 30_000)

  test('refuses changes of its record sets here, each with DNS.0030', async () => {
    const www = { name: `www.${zone}`, type: 'A', records: ['192.0.2.1'] }
    const created = await service.call('POST', `/v2/zones/${id}/recordsets`, www)
    expect([created.status, created.json.code]).toEqual([403, 'DNS.0030'])
    const { json } = await service.call('GET', `/v2/zones/${id}/recordsets?type=A`)
    const set = json.recordsets[0].id
    for (const [method, body] of [
      ['PUT', { name: json.recordsets[0].name, type: 'A', records: ['192.0.2.2'] }],
      ['DELETE', undefined],
    ] as const) {
      const refused = await service.call(method, `/v2/zones/${id}/recordsets/${set}`, body)
      expect([method, refused.status, refused.json.code]).toEqual([method, 403, 'DNS.0030'])
    }
    const changed = await service.call('PATCH', `/v2/zones/${id}`, { ttl: 77 })
    expect([changed.status, changed.json.code]).toEqual([403, 'DNS.0030'])
    expect((await service.call('PATCH', `/v2/zones/${id}`, { description: 'kept' })).status).toBe(202)
  })

  test('is transferred on demand, and whole when that is asked for', async () => {
    const { json: current } = await service.call('POST', `/waymark/v1/zones/${id}/transfer`)
    expect(current.tries[0]).toMatchObject({ outcome: 'current', reason: 'demand' })
    const { json: whole } = await service.call('POST', `/waymark/v1/zones/${id}/transfer`, { whole: true })
    expect(whole.tries[0]).toMatchObject({ outcome: 'axfr', reason: 'demand', error: null })
  })

  test('goes on being answered while the primary is away, and says why it cannot be asked', async () => {
    await primary.stop()
    const { json } = await service.call('POST', `/waymark/v1/zones/${id}/transfer`)
    expect(json.last_error).toBe(`No connection to 127.0.0.1 port ${primary.port}: ECONNREFUSED.`)
    expect(json).toMatchObject({ status: 'ACTIVE', failures: 1 })
    expect(await short(`www.${zone}`, 'A')).toEqual(['192.0.2.80', '192.0.2.81'])
  })

  test('is edited here once it follows nobody any more, with what it has', async () => {
    const { json, status } = await service.call('DELETE', path)
    expect([status, json.primaries]).toEqual([202, []])
    const here = { name: `here.${zone}`, type: 'A', records: ['192.0.2.99'] }
    expect((await service.call('POST', `/v2/zones/${id}/recordsets`, here)).status).toBe(202)
    await until(['192.0.2.99'], () => short(`here.${zone}`, 'A'))
    expect(await short(`www.${zone}`, 'A')).toEqual(['192.0.2.80', '192.0.2.81'])
    expect((await short(zone, 'SOA'))[0]).toStartWith('ns1.else.example. desk.else.example. 5 ')
  })
})
