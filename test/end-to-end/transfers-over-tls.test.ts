// needs: nsd named dig
/** BIND and NSD take zones over TLS with the configurations of docs/transfers.md, as they stand there but for addresses, paths and the secret. */
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
const ports = { bind: freePort(), nsd: freePort() }

/** The nth block of code of what the page says of TLS. */
function snippet(nth: number): string {
  const section = PAGE.split('\n## Over TLS\n')[1]!.split('\n## ')[0]!
  return [...section.matchAll(/^```\w*\n([\s\S]*?)^```/gm)][nth]![1]!
}

const waymark = (...words: string[]): Promise<string> =>
  run(['node', CLI, ...words, '--url', service.url, '--data', service.dataDir])

beforeAll(async () => {
  dot = freePort()
  service = await startService({ args: ['--dot', `127.0.0.1:${dot}`] })
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

const nsdServer = (place: string, port: number): string =>
  `server:\n  ip-address: 127.0.0.1\n  port: ${port}\n  username: ""\n  zonesdir: "${place}"\n  pidfile: "${place}/pid"\n  database: ""\n  xfrdfile: "${place}/xfrd"\n  xfrdir: "${place}"\n  zonelistfile: "${place}/zonelist"\n  logfile: "${place}/log"\n  verbosity: 2\n  xfrd-reload-timeout: 0\nremote-control:\n  control-enable: no\n`

test('BIND over TLS', async () => {
  const place = join(folder, 'bind-tls')
  const text = snippet(0)
    .replace('192.0.2.1 port 853', `127.0.0.1 port ${dot}`)
    .replace('/etc/bind/waymark.pem', join(service.dataDir, 'tls', 'authority.pem'))
    .replace('dns.example.org', 'localhost')
  const key = `key "ns1.waymark" { algorithm hmac-sha256; secret "${secret}"; };\n`
  const options = `options { ${namedOptions(place, ports.bind)} };\ncontrols {};\n`
  await follows('bind-tls', ports.bind, 'named.conf', key + options + text, named(place))
}, 120_000)

test('NSD over TLS', async () => {
  const place = join(folder, 'nsd-tls')
  const text = snippet(1)
    .replace('192.0.2.1@853', `127.0.0.1@${dot}`)
    .replaceAll('192.0.2.1', '127.0.0.1')
    .replace('/etc/nsd/waymark.pem', join(service.dataDir, 'tls', 'authority.pem'))
    .replace('dns.example.org', 'localhost')
  const key = `key:\n  name: ns1.waymark\n  algorithm: hmac-sha256\n  secret: "${secret}"\n`
  const config = nsdServer(place, ports.nsd) + key + text
  await follows('nsd-tls', ports.nsd, 'nsd.conf', config, ['nsd', '-d', '-c', join(place, 'nsd.conf')])
  expect(await running.at(-1)!.log()).not.toMatch(/TLS.*(fail|error)/i)
}, 120_000)
