// needs: knotd nsd named named-compilezone pdns_server pdnsutil sqlite3 dig kdig
/**
 * Zones go out by transfer: Knot, NSD, BIND and PowerDNS take them from a running server, hear of changes by NOTIFY, fetch them by
 * IXFR and answer them within a second.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, run } from '../support/process.ts'
import {
  type Secondary,
  type Source,
  startBindSecondary,
  startKnotSecondary,
  startNsdSecondary,
  startPowerDnsSecondary,
} from '../support/secondaries.ts'
import { type Service, startService } from '../support/service.ts'
import { median, until, untilTrue } from '../support/until.ts'

const ZONE = 'shop.example.'
const CATALOG = 'catalog.waymark.'
/** PowerDNS 4.7 asks for the members of a catalog without a key, so they have to be allowed by address. */
const POWERDNS = '127.0.0.4'
/** From the answer of the API to that of the secondary; PowerDNS looks for work but once a second. */
const WITHIN_MS: Readonly<Record<string, number>> = { Knot: 1000, NSD: 1000, BIND: 1000, PowerDNS: 2500 }
const folder = mkdtempSync(join(tmpdir(), 'waymark-transfers-'))

let service: Service
let zoneId: string
let tlsPort: number
let metricsPort: number
let source: Source
const secondaries: Secondary[] = []

async function call(method: string, path: string, body?: object) {
  const { status, json } = await service.call(method, path, body)
  if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`)
  return json
}
const put = (name: string, type: string, records: string[], more: object = {}) =>
  call('POST', `/v2.1/zones/${zoneId}/recordsets`, { name, type, ttl: 300, records, ...more })

/** What `dig` prints of one question; a transfer with `AXFR`. */
const dig = (port: number, ...words: string[]): Promise<string> =>
  run([
    'dig',
    '+noall',
    '+answer',
    '+nocookie',
    '+time=2',
    '+tries=1',
    '-p',
    String(port),
    '@127.0.0.1',
    ...words,
  ])

const keyWords = (): string[] => ['-y', `${source.key.algorithm}:${source.key.name}:${source.key.secret}`]

/** Records of an answer in one spelling and order, signatures of the transport left out. */
const recordsOf = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(';') && !/\sTSIG\s/.test(line))
    .map((line) => line.replace(/\s+/g, ' ').trim())

const answers = async (port: number, name: string, type: string, wanted: string): Promise<boolean> =>
  (await dig(port, '+short', '+norec', name, type).catch(() => '')).includes(wanted)

beforeAll(async () => {
  const ports = { knot: freePort(), nsd: freePort(), bind: freePort(), powerdns: freePort() }
  tlsPort = freePort()
  metricsPort = freePort()
  service = await startService({
    args: [
      ...['--catalog-zone', CATALOG, '--dot', `127.0.0.1:${tlsPort}`],
      ...['--edge-metrics', `127.0.0.1:${metricsPort}`],
    ],
  })
  const made = await call('POST', '/waymark/v1/transfers/keys', { name: 'ns1.waymark' })
  source = { port: service.dnsPort, key: made }
  await call('PUT', '/waymark/v1/transfers', {
    allow: [{ cidr: '127.0.0.0/8', key: 'ns1.waymark' }, { cidr: POWERDNS }],
    notify: Object.values(ports).map((port) => ({ address: `127.0.0.1:${port}`, key: 'ns1.waymark' })),
  })
  zoneId = (await call('POST', '/v2/zones', { name: ZONE })).id
  await put(`www.${ZONE}`, 'A', ['192.0.2.1', '192.0.2.2'])
  await put(`a.b.${ZONE}`, 'TXT', ['"one" "two"', '"three"'])
  await put(ZONE, 'MX', [`10 mail.${ZONE}`, '20 mx.other.example.'])
  await put(`alias.${ZONE}`, 'CNAME', [`www.${ZONE}`])
  await put(`_sip._tcp.${ZONE}`, 'SRV', [`1 2 5060 www.${ZONE}`])
  await put(`weighted.${ZONE}`, 'A', ['192.0.2.3'], { weight: 1 })
  await put(`weighted.${ZONE}`, 'A', ['192.0.2.4'], { weight: 9, ttl: 60 })
  await put(`lined.${ZONE}`, 'A', ['192.0.2.5'])
  await put(`lined.${ZONE}`, 'A', ['192.0.2.6'], { line: 'US' })
  await put(`*.wild.${ZONE}`, 'AAAA', ['2001:db8::1'])
  const place = (name: string): string => join(folder, name)
  secondaries.push(
    await startKnotSecondary(place('knot'), ports.knot, source, [ZONE], CATALOG),
    await startNsdSecondary(place('nsd'), ports.nsd, source, [ZONE]),
    await startBindSecondary(place('bind'), ports.bind, source, [ZONE], CATALOG),
    await startPowerDnsSecondary(
      place('powerdns'),
      ports.powerdns,
      { ...source, via: POWERDNS },
      [ZONE],
      CATALOG,
    ),
  )
}, 120_000)
afterAll(async () => {
  for (const secondary of secondaries) await secondary.stop()
  await service?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('without the key, with a wrong one and for an unknown zone nothing is transferred', async () => {
  const plain = await dig(service.dnsPort, '+comments', ZONE, 'AXFR')
  expect(plain).toContain('status: REFUSED')
  const secret = Buffer.alloc(32).toString('base64')
  const wrong = ['-y', `${source.key.algorithm}:${source.key.name}:${secret}`]
  const refused = await run(['dig', '-p', String(service.dnsPort), '@127.0.0.1', ...wrong, ZONE, 'AXFR'])
  expect(refused).toContain('BADSIG')
  expect(refused).not.toContain('192.0.2.1')
  // After all that, an unsigned request is one again.
  expect(await dig(service.dnsPort, '+comments', ZONE, 'AXFR')).toContain('status: REFUSED')
  const unknown = await dig(service.dnsPort, '+comments', ...keyWords(), 'unknown.example.', 'AXFR')
  expect(unknown).toContain('status: NOTAUTH')
})

test('dig and kdig verify the signatures of transfers and of plain queries', async () => {
  const plain = ['dig', '-p', String(service.dnsPort), '@127.0.0.1', ...keyWords()]
  const transfer = await run([...plain, ZONE, 'AXFR'])
  expect(transfer).toMatch(/TSIG.*NOERROR/)
  expect(transfer).not.toMatch(/verify|Transfer failed/)
  const secret = `${source.key.algorithm}:${source.key.name}:${source.key.secret}`
  const ask = ['kdig', '-p', String(service.dnsPort), '@127.0.0.1', '-y', secret, `www.${ZONE}`, 'A']
  expect(await run(ask)).toContain('192.0.2.1')
  expect(await dig(service.dnsPort, ...keyWords(), `www.${ZONE}`, 'A')).toContain('192.0.2.2')
})

test('a transfer holds what the zone file of the export holds', async () => {
  const transfer = recordsOf(await dig(service.dnsPort, ...keyWords(), ZONE, 'AXFR'))
  expect(transfer.at(0)).toBe(transfer.at(-1)!)
  const { json } = await service.call('GET', `/waymark/v1/zones/${zoneId}/export?format=zone`)
  const file = join(folder, 'exported')
  writeFileSync(file, json)
  const compile = [
    'named-compilezone',
    '-q',
    '-k',
    'ignore',
    '-n',
    'ignore',
    '-i',
    'none',
    '-o',
    '-',
    ZONE,
    file,
  ]
  const exported = await run(compile)
  expect(transfer.slice(1).sort()).toEqual(recordsOf(exported).sort())
})

describe('each secondary', () => {
  test('takes the zone', async () => {
    for (const { name, port, log } of secondaries) {
      await until(true, () => answers(port, `www.${ZONE}`, 'A', '192.0.2.1')).catch(async (cause) => {
        throw new Error(`${name} did not take the zone: ${await log()}`, { cause })
      })
      expect(await dig(port, '+short', `weighted.${ZONE}`, 'A')).toContain('192.0.2.4')
      expect((await dig(port, '+short', `lined.${ZONE}`, 'A')).trim()).toBe('192.0.2.5')
    }
  }, 120_000)

  test('answers a change within a second, and takes it by IXFR', async () => {
    const times: Record<string, number[]> = {}
    for (let round = 0; round < 5; round++) {
      const value = `192.0.2.${100 + round}`
      await put(`new${round}.${ZONE}`, 'A', [value])
      await Promise.all(
        secondaries.map(async ({ name, port }) => {
          const tookMs = await until(true, () => answers(port, `new${round}.${ZONE}`, 'A', value))
          times[name] = [...(times[name] ?? []), tookMs]
        }),
      )
    }
    for (const [name, each] of Object.entries(times))
      expect([name, each, median(each) < WITHIN_MS[name]!]).toEqual([name, each, true])
    const [knot, nsd, bind] = await Promise.all(secondaries.map(({ log }) => log()))
    expect(knot).toMatch(/IXFR, incoming.*finished/)
    // SOA, old SOA, new SOA, the record that came, SOA.
    expect(bind).toMatch(/shop\.example.*Transfer completed: 1 messages, 5 records/)
    expect(nsd).toContain('serial 13 is updated to 14')
  }, 120_000)

  test('has the same zone as we have after changes of all kinds', async () => {
    const { recordsets } = await call('GET', `/v2.1/zones/${zoneId}/recordsets?limit=500`)
    const idOf = (name: string): string => recordsets.find((set: { name: string }) => set.name === name)!.id
    await call('DELETE', `/v2.1/zones/${zoneId}/recordsets/${idOf(`alias.${ZONE}`)}`)
    await call('PUT', `/v2.1/zones/${zoneId}/recordsets/${idOf(`www.${ZONE}`)}`, {
      name: `www.${ZONE}`,
      type: 'A',
      ttl: 60,
      records: ['192.0.2.2', '192.0.2.9'],
    })
    await put(`alias.${ZONE}`, 'A', ['192.0.2.10'])
    await put(`last.${ZONE}`, 'A', ['192.0.2.11'])
    const own = recordsOf(await dig(service.dnsPort, ...keyWords(), ZONE, 'AXFR')).sort()
    for (const { name, port } of secondaries) {
      await until(true, () => answers(port, `last.${ZONE}`, 'A', '192.0.2.11'))
      // NSD gives no transfers unless told to.
      if (name === 'NSD') continue
      if (name === 'BIND') expect(recordsOf(await dig(port, ZONE, 'AXFR')).sort()).toEqual(own)
      expect((await dig(port, '+short', `www.${ZONE}`, 'A')).split('\n').sort().join(' ').trim()).toBe(
        '192.0.2.2 192.0.2.9',
      )
      expect((await dig(port, '+short', `alias.${ZONE}`, 'A')).trim()).toBe('192.0.2.10')
    }
  }, 120_000)
})

test('a zone of many messages is verified by dig and kdig, over TCP and over TLS, while it changes', async () => {
  const large = await call('POST', '/v2/zones', { name: 'large.example.' })
  const recordsets = Array.from({ length: 2000 }, (_, i) => ({
    ...{ name: `h${i}.large.example.`, type: 'TXT', ttl: 300, records: [`"${'x'.repeat(200)}"`] },
  }))
  await call('POST', `/v2.1/zones/${large.id}/recordsets/batch-create-task`, { recordsets })
  await untilTrue('the whole zone is answered', () =>
    answers(service.dnsPort, 'h1999.large.example.', 'TXT', 'xxx'),
  )
  const secret = `${source.key.algorithm}:${source.key.name}:${source.key.secret}`
  const changes = (async () => {
    for (let i = 0; i < 5; i++)
      await call('POST', `/v2.1/zones/${large.id}/recordsets`, {
        ...{ name: `more${i}.large.example.`, type: 'A', ttl: 300, records: ['192.0.2.1'] },
      })
  })()
  const asked = ['-y', secret, 'large.example.', 'AXFR']
  const [byDig, byKdig, overTls] = await Promise.all([
    run(['dig', '-p', String(service.dnsPort), '@127.0.0.1', ...asked]),
    run(['kdig', '-p', String(service.dnsPort), '@127.0.0.1', ...asked]),
    run(['kdig', '+tls', '-p', String(tlsPort), '@127.0.0.1', ...asked]),
  ])
  await changes
  for (const text of [byDig, byKdig, overTls]) {
    const serials = [...text.matchAll(/SOA\s+\S+ \S+ (\d+) /g)].map(([, serial]) => serial)
    expect(serials).toHaveLength(2)
    expect(serials[0]).toBe(serials[1]!)
    expect(text.match(/^h\d+\.large/gm)).toHaveLength(2000)
    expect(text).not.toMatch(/verify|fail|WARNING|ERROR: /)
  }
}, 120_000)

test('a new zone appears at Knot, BIND and PowerDNS by the catalog, changes there, and goes with it', async () => {
  const catalogued = secondaries.filter(({ name }) => name !== 'NSD')
  const made = await call('POST', '/v2/zones', { name: 'fresh.example.' })
  for (const { name, port, log } of catalogued) {
    await until(true, () => answers(port, 'fresh.example.', 'SOA', 'hostmaster')).catch(async (cause) => {
      throw new Error(`${name} has no new zone: ${await log()}`, { cause })
    })
  }
  await call('POST', `/v2.1/zones/${made.id}/recordsets`, {
    ...{ name: 'www.fresh.example.', type: 'A', ttl: 300, records: ['192.0.2.77'] },
  })
  for (const { port } of catalogued)
    await until(true, () => answers(port, 'www.fresh.example.', 'A', '192.0.2.77'))
  await call('DELETE', `/v2/zones/${made.id}`)
  for (const { name, port } of catalogued) {
    const isGone = async (): Promise<boolean> => !(await answers(port, 'fresh.example.', 'SOA', 'hostmaster'))
    await untilTrue(`the zone is gone at ${name}`, isGone)
  }
}, 120_000)

test('private zones of one name go to the secondaries in their networks, and changes at once', async () => {
  const places = [
    { name: 'office', via: '127.0.0.11', address: '192.0.2.81', start: startKnotSecondary },
    { name: 'plant', via: '127.0.0.12', address: '192.0.2.82', start: startBindSecondary },
    { name: 'depot', via: '127.0.0.13', address: '192.0.2.83', start: startNsdSecondary },
  ]
  for (const { name, via, address, start } of places) {
    const network = await call('POST', '/waymark/v1/networks', { name, client_cidrs: [`${via}/32`] })
    const zone = await call('POST', '/v2/zones', {
      ...{ name: 'inner.example.', zone_type: 'private', router: { router_id: network.id } },
    })
    const port = freePort()
    await call('PUT', `/waymark/v1/transfers/zones/${zone.id}`, {
      allow: [{ key: 'ns1.waymark' }],
      notify: [{ address: `127.0.0.1:${port}`, key: 'ns1.waymark' }],
    })
    const secondary = await start(join(folder, name), port, { ...source, via }, ['inner.example.'])
    secondaries.push(secondary)
    await until(true, () => answers(port, 'inner.example.', 'SOA', 'hostmaster')).catch(async (cause) => {
      throw new Error(`${secondary.name} did not take the zone: ${await secondary.log()}`, { cause })
    })
    await call('POST', `/v2.1/zones/${zone.id}/recordsets`, {
      ...{ name: 'www.inner.example.', type: 'A', ttl: 300, records: [address] },
    })
    const tookMs = await until(true, () => answers(port, 'www.inner.example.', 'A', address))
    expect([secondary.name, tookMs < 2000]).toEqual([secondary.name, true])
  }
  // Who is in no network has none of them.
  expect(await dig(service.dnsPort, '+comments', ...keyWords(), 'inner.example.', 'AXFR')).toContain(
    'NOTAUTH',
  )
}, 120_000)

test('transfers and NOTIFY messages are counted as what they were', async () => {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  const countOf = (series: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`waymark_edge_${series} `))
        ?.split(' ')[1],
    )
  for (const series of [
    ...['transfers_total{kind="axfr",outcome="done"}', 'transfers_total{kind="ixfr",outcome="done"}'],
    ...['transfers_total{kind="axfr",outcome="refused"}', 'transfers_total{kind="axfr",outcome="no_zone"}'],
    ...['transfers_total{kind="axfr",outcome="bad_signature"}', 'tsig_errors_total{error="BADSIG"}'],
    ...['notify_total{outcome="acknowledged"}', 'transfer_records_total', 'transfer_bytes_total'],
  ])
    expect([series, countOf(series) > 0]).toEqual([series, true])
  expect(countOf('transfer_records_total')).toBeGreaterThan(6000)
  expect(text).toMatch(/answers_total\{transport="dot",rcode="NOERROR"\} [1-9]/)
})
