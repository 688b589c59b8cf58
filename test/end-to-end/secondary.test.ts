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
import { run } from '../support/process.ts'
import { type Service, startService } from '../support/service.ts'
import { median, until } from '../support/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'waymark-secondary-'))
let service: Service
const primaries: Pick<Primary, 'stop'>[] = []

beforeAll(async () => {
  service = await startService()
}, 120_000)
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
  const text = await dig(port, name, type, '+nocookie', '+noedns', '+noadditional')
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith(';'))
  const status = /status: (\w+)/.exec(text)?.[1] ?? ''
  return [status, ...lines.map((line) => line.replace(/\s+/g, ' ')).sort()]
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
      ...([
        [zone, 'SOA'],
        [zone, 'NS'],
        [zone, 'MX'],
        [`a.wild.${zone}`, 'TXT'],
        [`odd.${zone}`, 'TYPE65280'],
      ] as const),
      ...([
        [`naptr.${zone}`, 'NAPTR'],
        [`x.sub.${zone}`, 'A'],
        [`no.${zone}`, 'A'],
        [`www.${zone}`, 'TXT'],
      ] as const),
    ]
    for (const [name, type] of questions)
      expect(await answerOf(service.dnsPort, name, type)).toEqual(await answerOf(primary.port, name, type))
    const { json } = await service.call('GET', `/v2/zones/${id}`)
    expect(json).toMatchObject({
      ...{ type: 'SECONDARY', masters: [`127.0.0.1:${primary.port}`], serial: 4294967290 },
      ...{ email: 'desk@else.example', ttl: 600, status: 'ACTIVE', record_num: 10 },
    })
  }, 120_000)

  test('follows an update within a second of it, by NOTIFY and IXFR, also where the serial wraps', async () => {
    const times: number[] = []
    for (let n = 0; n < 8; n++) {
      await update(primary, zone, `update add n${n}.${zone} 60 A 192.0.2.${n}`)
      times.push(await until([`192.0.2.${n}`], () => short(`n${n}.${zone}`, 'A')))
    }
    expect(median(times)).toBeLessThan(1000)
    await update(primary, zone, `update delete n0.${zone} A`, `update add www.${zone} 300 A 192.0.2.81`)
    await until(['192.0.2.80', '192.0.2.81'], () => short(`www.${zone}`, 'A'))
    expect(await short(`n0.${zone}`, 'A')).toEqual([])
    const { json } = await service.call('GET', path)
    expect(json.tries[0]).toMatchObject({ outcome: 'ixfr', reason: 'notify', error: null })
    // BIND leaves the serial 0 out.
    expect(json.serial).toBe(4)
    expect(await answerOf(service.dnsPort, zone, 'SOA')).toEqual(await answerOf(primary.port, zone, 'SOA'))
  }, 120_000)

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

const KEY = { name: 'secondary-key.', secret: Buffer.alloc(32, 'waymark').toString('base64') }

describe('a zone that Knot is the primary of, signed with a TSIG key', () => {
  const zone = 'knot.example.'

  test('is transferred with the key, refused without it, and follows a reload', async () => {
    await service.call('POST', '/waymark/v1/transfers/keys', { ...KEY, algorithm: 'hmac-sha256' })
    const text = (serial: number, ...more: string[]) => zoneText(zone, serial, ...more)
    const options = { folder: join(folder, 'knot'), zone, text: text(10), notify: service.dnsPort, key: KEY }
    const primary = keep(await startKnotPrimary(options))
    const address = '127.0.0.1'
    const { id, state } = await follow(zone, { address, port: primary.port })
    // What it held before, which is nothing but SOA and NS, is answered until the first transfer.
    expect(state).toMatchObject({ status: 'ACTIVE', failures: 1, transferred_at: null })
    expect(state.last_error).toContain('The primary answers NOTAUTH')
    expect((await answerOf(service.dnsPort, `www.${zone}`, 'A'))[0]).toBe('NXDOMAIN')
    const path = `/waymark/v1/zones/${id}/primaries`
    const unknown = [{ address, port: primary.port, key: 'absent.example.' }]
    expect(await service.call('PUT', path, { primaries: unknown })).toMatchObject({
      status: 404,
      json: { code: 'WAYMARK.0701', message: 'There is no TSIG key absent.example.' },
    })
    const primaries = [{ address, port: primary.port, key: KEY.name }]
    const { json } = await service.call('PUT', path, { primaries })
    expect(json).toMatchObject({ status: 'ACTIVE', serial: 10, failures: 0, last_error: null })
    await until(['192.0.2.80'], () => short(`www.${zone}`, 'A'))
    expect(await service.call('DELETE', `/waymark/v1/transfers/keys/${KEY.name}`)).toMatchObject({
      status: 409,
      json: { code: 'WAYMARK.0702' },
    })
    const times: number[] = []
    for (const serial of [11, 12, 13, 14, 15]) {
      await primary.replace(text(serial, `new IN A 192.0.2.${serial}`))
      times.push(await until([`192.0.2.${serial}`], () => short(`new.${zone}`, 'A')))
    }
    expect(median(times)).toBeLessThan(1000)
    const { json: after } = await service.call('GET', path)
    expect(after.tries[0]).toMatchObject({ outcome: 'ixfr', reason: 'notify', serial: 15 })
    for (const [name, type] of [
      [zone, 'SOA'],
      [`www.${zone}`, 'A'],
      [`no.${zone}`, 'A'],
      [`x.sub.${zone}`, 'A'],
    ] as const)
      expect(await answerOf(service.dnsPort, name, type)).toEqual(await answerOf(primary.port, name, type))
  }, 120_000)
})

test('a zone that NSD is the primary of, signed with a TSIG key, follows a reload', async () => {
  const zone = 'nsd.example.'
  const text = (serial: number, ...more: string[]) => zoneText(zone, serial, ...more)
  const options = { folder: join(folder, 'nsd'), zone, text: text(10), notify: service.dnsPort, key: KEY }
  const primary = keep(await startNsdPrimary(options))
  const { path, state } = await follow(zone, { address: '127.0.0.1', port: primary.port, key: KEY.name })
  expect(state).toMatchObject({ status: 'ACTIVE', serial: 10, last_error: null })
  await until(['192.0.2.80'], () => short(`www.${zone}`, 'A'))
  await primary.replace(text(12, 'new IN A 192.0.2.12'))
  await until(['192.0.2.12'], () => short(`new.${zone}`, 'A'))
  const { json } = await service.call('GET', path)
  expect(json.tries[0]).toMatchObject({ reason: 'notify', serial: 12 })
  expect((await short(zone, 'SOA'))[0]).toContain(' 12 ')
  // Signing here does not touch the serial, which is the primary's.
  expect((await service.call('POST', `/v2/zones/${json.zone_id}/enable-dnssec`)).status).toBe(202)
  await until(true, async () => (await dig(service.dnsPort, zone, 'SOA', '+dnssec')).includes('RRSIG'))
  expect((await short(zone, 'SOA'))[0]).toContain(' 12 ')
}, 120_000)

test('a zone of PowerDNS is created from it in one call of the API that Designate has', async () => {
  const zone = 'pdns.example.'
  const file = join(folder, 'pdns.text')
  await Bun.write(file, zoneText(zone, 2026112201))
  const primary = keep(await startPowerDns(join(folder, 'pdns'), { name: zone, file }, null))
  const masters = [`127.0.0.1:${primary.port}`]
  const { status, json } = await service.call('POST', '/v2/zones', { name: zone, type: 'SECONDARY', masters })
  expect(status).toBe(202)
  expect(json).toMatchObject({ type: 'SECONDARY', masters, status: 'PENDING_CREATE' })
  await until('ACTIVE', async () => (await service.call('GET', `/v2/zones/${json.id}`)).json.status)
  await until(['192.0.2.80'], () => short(`www.${zone}`, 'A'))
  expect((await short(zone, 'SOA'))[0]).toContain(' 2026112201 ')
}, 120_000)

test('records are taken over from another server once, with a verdict for each record set', async () => {
  const zone = 'moved.example.'
  const text = zoneText(zone, 5, 'device IN EUI48 00-00-5e-00-53-2a')
  const options = { folder: join(folder, 'moved'), zone, text, notify: service.dnsPort, key: KEY }
  const primary = keep(await startKnotPrimary(options))
  const { json: made } = await service.call('POST', '/v2/zones', { name: zone })
  const path = `/waymark/v1/zones/${made.id}/imports/transfer`
  const from = { address: '127.0.0.1', port: primary.port }
  const refused = await service.call('POST', path, { primary: from })
  expect([refused.status, refused.json.code]).toEqual([400, 'WAYMARK.0801'])
  const { status, json } = await service.call('POST', path, { primary: { ...from, key: KEY.name } })
  expect(status).toBe(202)
  const task = async () => (await service.call('GET', `/waymark/v1/tasks/${json.task_id}`)).json
  await until('DONE', async () => (await task()).status)
  const done = await task()
  expect(done.success_count + done.error_count).toBe(json.total_count)
  expect(done.error_items.map(({ name, error_code }: Record<string, string>) => [name, error_code])).toEqual([
    [`device.${zone}`, 'DNS.0307'],
    // A TXT value of the API holds no quotes.
    [`*.wild.${zone}`, 'DNS.0308'],
  ])
  await until(['192.0.2.80'], () => short(`www.${zone}`, 'A'))
  // The zone is one that is edited here: SOA and NS are the service's own.
  expect(await short(zone, 'NS')).not.toContain('ns1.else.example.')
}, 120_000)

test('a NOTIFY from anybody else than a primary starts nothing, one about no zone of ours is NOTAUTH', async () => {
  const zone = 'lone.example.'
  await service.call('POST', '/v2/zones', { name: zone })
  const notify = (name: string) => dig(service.dnsPort, name, 'SOA', '+opcode=notify')
  expect(await notify('absent.example.')).toContain('status: NOTAUTH')
  await until(true, async () => (await notify(zone)).includes('status: NOERROR'))
  expect(await notify(`www.${zone}`)).toContain('status: NOTAUTH')
})

test('the command line follows, shows, transfers and takes over zones', async () => {
  const zone = 'cli.example.'
  const options = { folder: join(folder, 'cli'), zone, text: zoneText(zone, 5), notify: service.dnsPort }
  const primary = keep(await startBindPrimary(options))
  const entry = new URL('../../packages/cli/bin/waymark.mjs', import.meta.url).pathname
  const waymark = (...words: string[]) =>
    run(['node', entry, ...words, '--url', service.url, '--data', service.dataDir])
  // Nobody is there: names are not said not to exist.
  const failed = waymark('zones', 'follow', 'absent.cli.test', '--from', '127.0.0.1:1').catch(String)
  expect(await failed).toContain('ended with 4')
  expect((await answerOf(service.dnsPort, 'www.absent.cli.test.', 'A'))[0]).toBe('SERVFAIL')
  const from = ['--from', `127.0.0.1:${primary.port}`]
  const followed = await waymark('zones', 'follow', zone, ...from)
  expect(followed).toMatch(/follows +127\.0\.0\.1:\d+\n/)
  expect(followed).toContain('axfr')
  await until(['192.0.2.80'], () => short(`www.${zone}`, 'A'))
  expect(await waymark('zones', 'transfer', zone)).toContain('current')
  expect(await waymark('zones', 'primaries', zone)).toMatch(/serial +5\n/)
  expect(await waymark('zones', 'unfollow', zone, '--yes')).toContain('is edited here')
  await service.call(
    'DELETE',
    `/v2/zones/${(await service.call('GET', `/v2/zones?name=${zone}`)).json.zones[0].id}`,
  )
  // One item fails, which the exit code says: a TXT value of the API holds no quotes.
  const imported = waymark('import', ...from, '--zone', zone, '--create-zone').catch(String)
  expect(await imported).toContain('ended with 1')
  await until(['192.0.2.80'], () => short(`www.${zone}`, 'A'))
}, 120_000)

test('tries are counted by their outcome, those at a primary that sends nonsense among them', async () => {
  const failedSoFar = async (): Promise<number> => {
    const text = await (await fetch(`${service.url}/metrics`)).text()
    expect(text).toMatch(/waymark_transfers_in_total\{outcome="axfr"\} [1-9]/)
    expect(text).toMatch(/waymark_transfers_in_total\{outcome="ixfr"\} [1-9]/)
    return Number(/waymark_transfers_in_total\{outcome="failed"\} (\d+)/.exec(text)?.[1] ?? 0)
  }
  const before = await failedSoFar()
  const hostile = Bun.listen({
    hostname: '127.0.0.1',
    port: 0,
    socket: { data: (socket) => void socket.write(Uint8Array.of(0, 40, ...new Array(40).fill(0xc0))) },
  })
  try {
    const { state } = await follow('hostile.example.', { address: '127.0.0.1', port: hostile.port })
    expect(state).toMatchObject({ failures: 1, last_error: expect.stringContaining('answer') })
    expect(await failedSoFar()).toBeGreaterThan(before)
  } finally {
    hostile.stop(true)
  }
}, 120_000)
