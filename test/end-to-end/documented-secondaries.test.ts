// needs: knotd nsd named pdns_server pdnsutil sqlite3 dig
/**
 * Knot, NSD, BIND and PowerDNS with what docs/transfers.md tells their operators to write: nothing but addresses, ports, paths and the secret
 * is replaced, and what only a test needs (ports below 1024 are not ours) is added.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, run } from '../support/process.ts'
import { launch, type Secondary } from '../support/secondaries.ts'
import { type Service, startService } from '../support/service.ts'
import { untilTrue } from '../support/until.ts'

const PAGE = readFileSync(new URL('../../docs/transfers.md', import.meta.url), 'utf8')
const CLI = new URL('../../packages/cli/bin/waymark.mjs', import.meta.url).pathname
const ZONE = 'example.com'
const folder = mkdtempSync(join(tmpdir(), 'waymark-documented-'))
const running: Secondary[] = []

let service: Service
let secret: string
let dot: number
const ports = {
  ...{ knot: freePort(), bind: freePort(), nsd: freePort(), powerdns: freePort() },
  ...{ bindTls: freePort(), nsdTls: freePort() },
}

/** The nth block of code under a heading of the page. */
function snippet(heading: string, nth = 0): string {
  const section = PAGE.split('\n## ').find((part) => part.startsWith(`${heading}\n`))
  const block = section?.split('```')[nth * 2 + 1]
  if (block === undefined) throw new Error(`no code under "${heading}"`)
  return block.slice(block.indexOf('\n') + 1).replaceAll('qL0y…=', secret)
}

const waymark = (...words: string[]): Promise<string> =>
  run(['node', CLI, ...words, '--url', service.url, '--data', service.dataDir])

beforeAll(async () => {
  dot = freePort()
  service = await startService({
    args: ['--catalog-zone', 'catalog.waymark', '--dot', `127.0.0.1:${dot}`],
  })
  const key = await waymark('transfers', 'create-key', 'ns1.waymark', '--json')
  secret = JSON.parse(key).secret
  const notify = Object.values(ports).map((port) => `127.0.0.1:${port}+key:ns1.waymark`)
  await waymark('transfers', 'update', '--allow', '127.0.0.1+key:ns1.waymark', '--notify', notify.join(','))
  await waymark('zones', 'create', ZONE)
  await waymark('records', 'create', ZONE, 'www', 'A', '192.0.2.10')
}, 120_000)
afterAll(async () => {
  await Promise.all(running.map((secondary) => secondary.stop()))
  await service?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Starts the server with its file, and waits until it answers the zone and then a change of it. */
async function follows(name: string, port: number, file: string, text: string, command: string[]) {
  const place = join(folder, name)
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, file), text)
  const secondary = launch(name, place, port, command)
  running.push(secondary)
  const asked = (owner: string) =>
    run(['dig', '+short', '+tries=1', '+time=1', '-p', String(port), '@127.0.0.1', `${owner}.${ZONE}`])
  const has = (owner: string, value: string) => asked(owner).then((answer) => answer.trim() === value)
  try {
    await untilTrue(`${name} answers the zone`, () => has('www', '192.0.2.10'))
    await waymark('records', 'create', ZONE, name, 'A', '192.0.2.11')
    await untilTrue(`${name} answers a change`, () => has(name, '192.0.2.11'))
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${text}\n${await secondary.log()}`)
  }
}

test('Knot', async () => {
  const place = join(folder, 'knot')
  const text = snippet('Knot')
    .replace('address: 192.0.2.1@53', `address: 127.0.0.1@${service.dnsPort}`)
    .replaceAll('192.0.2.1', '127.0.0.1')
  const server = `server:\n  rundir: ${place}\n  listen: 127.0.0.1@${ports.knot}\ndatabase:\n  storage: ${place}\n`
  const stored = text.replace(
    '  - id: taken\n',
    `  - id: default\n    storage: ${place}\n  - id: taken\n    storage: ${place}\n`,
  )
  await follows('knot', ports.knot, 'knot.conf', server + stored, ['knotd', '-c', join(place, 'knot.conf')])
}, 120_000)

const namedOptions = (place: string, port: number): string =>
  `directory "${place}"; pid-file "${place}/pid"; session-keyfile "${place}/session.key"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; notify no; dnssec-validation no;`
const named = (place: string): string[] => [
  'named',
  '-g',
  '-n',
  '1',
  '-U',
  '1',
  '-c',
  join(place, 'named.conf'),
]

test('BIND', async () => {
  const place = join(folder, 'bind')
  const text = snippet('BIND')
    .replaceAll('192.0.2.1 key', `127.0.0.1 port ${service.dnsPort} key`)
    .replace('options {', `options {\n  ${namedOptions(place, ports.bind)}`)
  await follows('bind', ports.bind, 'named.conf', `${text}controls {};\n`, named(place))
}, 120_000)

const nsdServer = (place: string, port: number): string =>
  `server:\n  ip-address: 127.0.0.1\n  port: ${port}\n  username: ""\n  zonesdir: "${place}"\n  pidfile: "${place}/pid"\n  database: ""\n  xfrdfile: "${place}/xfrd"\n  xfrdir: "${place}"\n  zonelistfile: "${place}/zonelist"\n  logfile: "${place}/log"\n  verbosity: 2\n  xfrd-reload-timeout: 0\nremote-control:\n  control-enable: no\n`

test('NSD', async () => {
  const place = join(folder, 'nsd')
  const text = snippet('NSD')
    .replace('request-xfr: 192.0.2.1', `request-xfr: 127.0.0.1@${service.dnsPort}`)
    .replaceAll('192.0.2.1', '127.0.0.1')
  const command = ['nsd', '-d', '-c', join(place, 'nsd.conf')]
  await follows('nsd', ports.nsd, 'nsd.conf', nsdServer(place, ports.nsd) + text, command)
}, 120_000)

test('PowerDNS', async () => {
  const place = join(folder, 'powerdns')
  mkdirSync(place)
  const config = `launch=gsqlite3\ngsqlite3-database=${place}/pdns.sqlite3\ngsqlite3-dnssec=yes\nlocal-address=127.0.0.1\nlocal-port=${ports.powerdns}\nallow-notify-from=127.0.0.1\nsocket-dir=${place}\nsecurity-poll-suffix=\nquery-cache-ttl=0\ncache-ttl=0\nnegquery-cache-ttl=0\nsecondary=yes\nxfr-cycle-interval=1\n`
  writeFileSync(join(place, 'pdns.conf'), config)
  const schema = readFileSync('/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql', 'utf8')
  await run(['sqlite3', `${place}/pdns.sqlite3`], schema)
  for (const line of snippet('PowerDNS').trim().split('\n')) {
    const [program = '', ...words] = line.replace('# ', '').replaceAll("'", '').split(' ')
    const at = words.map((word) => (word === '192.0.2.1' ? `127.0.0.1:${service.dnsPort}` : word))
    await run([program, `--config-dir=${place}`, ...at])
  }
  const command = ['pdns_server', `--config-dir=${place}`, '--guardian=no', '--daemon=no']
  await follows('powerdns', ports.powerdns, 'pdns.conf', config, command)
}, 120_000)

test('BIND over TLS', async () => {
  const place = join(folder, 'bind-tls')
  const text = snippet('Over TLS', 0)
    .replace('192.0.2.1 port 853', `127.0.0.1 port ${dot}`)
    .replace('/etc/bind/waymark.pem', join(service.dataDir, 'tls', 'authority.pem'))
    .replace('dns.example.org', 'localhost')
  const key = `key "ns1.waymark" { algorithm hmac-sha256; secret "${secret}"; };\n`
  const options = `options { ${namedOptions(place, ports.bindTls)} };\ncontrols {};\n`
  await follows('bind-tls', ports.bindTls, 'named.conf', key + options + text, named(place))
}, 120_000)

test('NSD over TLS', async () => {
  const place = join(folder, 'nsd-tls')
  const text = snippet('Over TLS', 1)
    .replace('192.0.2.1@853', `127.0.0.1@${dot}`)
    .replaceAll('192.0.2.1', '127.0.0.1')
    .replace('/etc/nsd/waymark.pem', join(service.dataDir, 'tls', 'authority.pem'))
    .replace('dns.example.org', 'localhost')
  const key = `key:\n  name: ns1.waymark\n  algorithm: hmac-sha256\n  secret: "${secret}"\n`
  const config = nsdServer(place, ports.nsdTls) + key + text
  await follows('nsd-tls', ports.nsdTls, 'nsd.conf', config, ['nsd', '-d', '-c', join(place, 'nsd.conf')])
  expect(await running.at(-1)!.log()).not.toMatch(/TLS.*(fail|error)/i)
}, 120_000)
