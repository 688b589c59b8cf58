// needs: knotd nsd named pdns_server pdnsutil sqlite3 dig
/** The configurations of docs/transfers.md, as they stand there but for addresses, ports and the secret, on the real programs. */
import { afterAll, beforeAll, test } from 'bun:test'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, run } from '../support/process.ts'
import { launch, preparePowerDns, type Secondary } from '../support/secondaries.ts'
import { type Service, startService } from '../support/service.ts'
import { until } from '../support/until.ts'

const PAGE = readFileSync(new URL('../../docs/transfers.md', import.meta.url), 'utf8')
/** PowerDNS asks from here for the zones of a catalog, without the key: what the page says to do about it. */
const POWERDNS = '127.0.0.4'
const folder = mkdtempSync(join(tmpdir(), 'waymark-snippets-'))
const ports = { Knot: freePort(), BIND: freePort(), NSD: freePort(), PowerDNS: freePort() }
const running: Secondary[] = []
let service: Service
let secret: string

async function call(method: string, path: string, body?: object) {
  const { status, json } = await service.call(method, path, body)
  if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`)
  return json
}

beforeAll(async () => {
  service = await startService({ args: ['--catalog-zone', 'catalog.waymark'] })
  ;({ secret } = await call('POST', '/waymark/v1/transfers/keys', { name: 'ns1.waymark' }))
  await call('PUT', '/waymark/v1/transfers', {
    allow: [{ cidr: '127.0.0.1/32', key: 'ns1.waymark' }, { cidr: POWERDNS }],
    notify: Object.values(ports).map((port) => ({ address: `127.0.0.1:${port}`, key: 'ns1.waymark' })),
  })
  const { id } = await call('POST', '/v2/zones', { name: 'example.com' })
  await call('POST', `/v2.1/zones/${id}/recordsets`, {
    ...{ name: 'www.example.com.', type: 'A', ttl: 300, records: ['192.0.2.44'] },
  })
}, 60_000)
afterAll(async () => {
  for (const secondary of running) await secondary.stop()
  await service?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The blocks of code under a heading. */
function blocksOf(name: string): string[] {
  const section = PAGE.split(`\n## ${name}\n`)[1]!.split('\n## ')[0]!
  return [...section.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].map(([, block]) =>
    block!.replaceAll('qL0y…=', secret),
  )
}

function place(name: string): string {
  const path = join(folder, name)
  mkdirSync(path)
  return path
}

async function expectTaken(secondary: Secondary): Promise<void> {
  running.push(secondary)
  const ask = (): Promise<string> =>
    run([
      'dig',
      '+short',
      '+norec',
      '+time=1',
      '+tries=1',
      '-p',
      String(secondary.port),
      '@127.0.0.1',
      'www.example.com',
    ])
  await until('192.0.2.44', async () => (await ask()).trim()).catch(async (cause) => {
    throw new Error(`${secondary.name} has no zone: ${await secondary.log()}`, { cause })
  })
}

test('Knot serves what the catalog lists', async () => {
  const path = place('knot')
  const snippet = blocksOf('Knot')[0]!
    .replace('192.0.2.1@53', `127.0.0.1@${service.dnsPort}`)
    .replaceAll('192.0.2.1', '127.0.0.1')
  const own = [
    `server:\n  rundir: ${path}\n  listen: 127.0.0.1@${ports.Knot}`,
    `database:\n  storage: ${path}`,
    'log:\n  - target: stderr\n    any: info',
    `template:\n  - id: default\n    storage: ${path}`,
  ]
  const withStorage = snippet.replace('  - id: taken\n', `  - id: taken\n    storage: ${path}\n`)
  writeFileSync(join(path, 'knot.conf'), `${own.join('\n')}\n${withStorage}`)
  await expectTaken(launch('Knot', path, ports.Knot, ['knotd', '-c', join(path, 'knot.conf')]))
}, 120_000)

test('BIND serves what the catalog lists', async () => {
  const path = place('bind')
  const own = `directory "${path}"; pid-file "${path}/pid"; session-keyfile "${path}/session.key"; listen-on port ${ports.BIND} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; dnssec-validation no;`
  const snippet = blocksOf('BIND')[0]!
    .replaceAll('192.0.2.1', `127.0.0.1 port ${service.dnsPort}`)
    .replace('options {', `options { ${own}`)
  writeFileSync(join(path, 'named.conf'), `${snippet}\ncontrols {};\n`)
  await expectTaken(
    launch('BIND', path, ports.BIND, ['named', '-g', '-n', '1', '-c', join(path, 'named.conf')]),
  )
}, 120_000)

test('NSD serves a zone', async () => {
  const path = place('nsd')
  const snippet = blocksOf('NSD')[0]!
    .replace('request-xfr: 192.0.2.1', `request-xfr: 127.0.0.1@${service.dnsPort}`)
    .replace('192.0.2.1', '127.0.0.1')
  const own = [
    ...[
      'ip-address: 127.0.0.1',
      `port: ${ports.NSD}`,
      'username: ""',
      `zonesdir: "${path}"`,
      `pidfile: "${path}/pid"`,
    ],
    ...['database: ""', `xfrdfile: "${path}/xfrd"`, `xfrdir: "${path}"`, `zonelistfile: "${path}/zones"`],
    ...[`logfile: "${path}/log"`, 'xfrd-reload-timeout: 0'],
  ]
  const text = `server:\n  ${own.join('\n  ')}\nremote-control:\n  control-enable: no\n${snippet}`
  writeFileSync(join(path, 'nsd.conf'), text)
  await expectTaken(launch('NSD', path, ports.NSD, ['nsd', '-d', '-c', join(path, 'nsd.conf')]))
}, 120_000)

test('PowerDNS serves what the catalog lists', async () => {
  const path = place('powerdns')
  await preparePowerDns(path, ports.PowerDNS, POWERDNS)
  const [ofZone, ofCatalog] = blocksOf('PowerDNS')
  const [key] = ofZone!.split('\n')
  for (const line of [key!, ...ofCatalog!.trim().split('\n')]) {
    const words = line.replace(/^# pdnsutil /, '').replace('192.0.2.1', `127.0.0.1:${service.dnsPort}`)
    await run(['pdnsutil', `--config-dir=${path}`, ...words.replaceAll("'", '').split(' ')])
  }
  const command = ['pdns_server', `--config-dir=${path}`, '--guardian=no', '--daemon=no']
  await expectTaken(launch('PowerDNS', path, ports.PowerDNS, command))
}, 120_000)
