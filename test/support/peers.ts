/** Authoritative servers beside us, each as Debian ships it, with one worker, on loopback. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { freePort, run, sleep } from './process.ts'

export interface Peer {
  readonly name: string
  readonly port: number
  /** Process id of the server; its descendants belong to it. */
  readonly pid: number
  readonly stop: () => Promise<void>
}

export interface PeerZone {
  readonly name: string
  readonly file: string
}

/** One zone or many; the server counts as started when it answers the last one. */
type PeerZones = PeerZone | readonly PeerZone[]

export type StartPeer = (folder: string, zones: PeerZones, cpu: number | null) => Promise<Peer>

const asList = (zones: PeerZones): readonly PeerZone[] => ('file' in zones ? [zones] : zones)
const lastName = (zones: PeerZones): string => asList(zones).at(-1)!.name

const pinned = (cpu: number | null, command: string[]): string[] =>
  cpu === null ? command : ['taskset', '-c', String(cpu), ...command]

/** Waits until the server answers the zone's SOA. */
export async function untilAnswers(port: number, zone: string, timeoutMs = 120_000): Promise<void> {
  const end = Date.now() + timeoutMs
  while (Date.now() < end) {
    const child = Bun.spawn(
      ['dig', '+short', '+tries=1', '+time=1', '-p', String(port), '@127.0.0.1', zone, 'SOA'],
      {
        stdout: 'pipe',
        stderr: 'ignore',
      },
    )
    if ((await new Response(child.stdout).text()).match(/\d+ \d+ \d+ \d+ \d+$/m)) return
    await sleep(100)
  }
  throw new Error(`no answer from 127.0.0.1 port ${port}`)
}

async function launch(
  name: string,
  folder: string,
  port: number,
  zone: string,
  command: string[],
): Promise<Peer> {
  const log = Bun.file(`${folder}/log`)
  const child = Bun.spawn(command, { stdout: log, stderr: log, cwd: folder })
  const stop = async () => {
    child.kill('SIGTERM')
    await Promise.race([child.exited, sleep(5000)])
    child.kill('SIGKILL')
    await child.exited
  }
  try {
    await untilAnswers(port, zone)
  } catch (error) {
    await stop()
    throw new Error(`${name} did not start: ${await log.text()}`, { cause: error })
  }
  return { name, port, pid: child.pid, stop }
}

export const startNsd: StartPeer = async (folder, zones, cpu) => {
  const port = freePort()
  const entries = asList(zones).map(({ name, file }) => `zone:\n  name: ${name}\n  zonefile: ${file}\n`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    `${folder}/nsd.conf`,
    `server:\n  ip-address: 127.0.0.1\n  port: ${port}\n  server-count: 1\n  username: ""\n  zonesdir: "${folder}"\n  pidfile: "${folder}/pid"\n  database: ""\n  xfrdfile: "${folder}/xfrd"\n  zonelistfile: "${folder}/zonelist"\n  logfile: "${folder}/nsd.log"\n  rrl-ratelimit: 0\nremote-control:\n  control-enable: no\n${entries.join('')}`,
  )
  return launch('NSD', folder, port, lastName(zones), pinned(cpu, ['nsd', '-d', '-c', `${folder}/nsd.conf`]))
}

export const startKnot: StartPeer = async (folder, zones, cpu) => {
  const port = freePort()
  const entries = asList(zones).map(
    ({ name, file }) =>
      `  - domain: ${name}\n    file: ${file}\n    zonefile-sync: -1\n    journal-content: none\n`,
  )
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    `${folder}/knot.conf`,
    `server:\n  rundir: ${folder}\n  listen: 127.0.0.1@${port}\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1\ndatabase:\n  storage: ${folder}\nlog:\n  - target: stderr\n    any: warning\nzone:\n${entries.join('')}`,
  )
  return launch('Knot', folder, port, lastName(zones), pinned(cpu, ['knotd', '-c', `${folder}/knot.conf`]))
}

export const startBind = async (
  folder: string,
  zones: PeerZones,
  cpu: number | null,
  options = 'minimal-responses yes;',
): Promise<Peer> => {
  const port = freePort()
  const entries = asList(zones).map(({ name, file }) => `zone "${name}" { type primary; file "${file}"; };\n`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    `${folder}/named.conf`,
    `options {\n  directory "${folder}";\n  pid-file "${folder}/pid";\n  session-keyfile "${folder}/session.key";\n  listen-on port ${port} { 127.0.0.1; };\n  listen-on-v6 { none; };\n  recursion no;\n  ${options}\n  notify no;\n};\ncontrols {};\n${entries.join('')}`,
  )
  return launch(
    'BIND',
    folder,
    port,
    lastName(zones),
    pinned(cpu, ['named', '-g', '-n', '1', '-U', '1', '-c', `${folder}/named.conf`]),
  )
}

export interface PowerDns extends Peer {
  readonly apiUrl: string
  readonly apiKey: string
}

/**
 * PowerDNS Authoritative with the SQLite or the LMDB backend. `zone.file` is loaded when given, else the zone is empty
 * but for SOA and NS. `settings` are further lines of its configuration.
 */
export async function startPowerDns(
  folder: string,
  zone: PeerZone | { name: string; file: null },
  cpu: number | null,
  backend: 'gsqlite3' | 'lmdb' = 'lmdb',
  settings: readonly string[] = [],
): Promise<PowerDns> {
  const port = freePort()
  const apiPort = freePort()
  const apiKey = 'bench'
  mkdirSync(folder, { recursive: true })
  const storage =
    backend === 'lmdb'
      ? `launch=lmdb\nlmdb-filename=${folder}/pdns.lmdb\n`
      : `launch=gsqlite3\ngsqlite3-database=${folder}/pdns.sqlite3\ngsqlite3-pragma-synchronous=1\n`
  writeFileSync(
    `${folder}/pdns.conf`,
    `${storage}local-address=127.0.0.1\nlocal-port=${port}\nreceiver-threads=1\ndistributor-threads=1\napi=yes\napi-key=${apiKey}\nwebserver=yes\nwebserver-address=127.0.0.1\nwebserver-port=${apiPort}\nwebserver-max-bodysize=200\nwebserver-loglevel=none\nsocket-dir=${folder}\nsecurity-poll-suffix=\nloglevel=3\n${settings.map((line) => `${line}\n`).join('')}`,
  )
  if (backend === 'gsqlite3') {
    await run(
      ['sqlite3', `${folder}/pdns.sqlite3`],
      await Bun.file('/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql').text(),
    )
    await run(['sqlite3', `${folder}/pdns.sqlite3`, 'PRAGMA journal_mode=WAL'])
  }
  const util = ['pdnsutil', `--config-dir=${folder}`]
  if (zone.file === null)
    await run([...util, 'create-zone', zone.name.replace(/\.$/, ''), `ns1.${zone.name.replace(/\.$/, '')}`])
  else await run([...util, 'load-zone', zone.name.replace(/\.$/, ''), zone.file])
  const peer = await launch(
    backend === 'lmdb' ? 'PowerDNS (LMDB)' : 'PowerDNS (SQLite)',
    folder,
    port,
    zone.name,
    pinned(cpu, ['pdns_server', `--config-dir=${folder}`, '--guardian=no', '--daemon=no']),
  )
  const apiUrl = `http://127.0.0.1:${apiPort}`
  // the web server comes up after the name server
  for (let i = 0; i < 600 && !(await fetch(apiUrl).catch(() => undefined)); i++) await sleep(100)
  return { ...peer, apiUrl, apiKey }
}
