/** Authoritative servers that take zones from us by transfer, each as Debian ships it, on loopback. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { freePort, run, sleep } from './process.ts'

/** Where zones come from, and the TSIG key that both sides have. */
export interface Source {
  readonly port: number
  /** Address that the secondary asks from; default: whatever the system takes. */
  readonly via?: string
  readonly key: { readonly name: string; readonly algorithm: string; readonly secret: string }
}

export interface Secondary {
  readonly name: string
  readonly port: number
  readonly log: () => Promise<string>
  readonly stop: () => Promise<void>
}

/** `zones` are taken from the start; `catalog` is the name of the catalog zone that says of others. */
export type StartSecondary = (
  folder: string,
  port: number,
  source: Source,
  zones: readonly string[],
  catalog?: string,
) => Promise<Secondary>

export function launch(name: string, folder: string, port: number, command: string[]): Secondary {
  const log = Bun.file(`${folder}/log`)
  const child = Bun.spawn(command, { stdout: log, stderr: log, cwd: folder })
  return {
    name,
    port,
    log: () => log.text(),
    async stop() {
      child.kill('SIGTERM')
      await Promise.race([child.exited, sleep(3000)])
      child.kill('SIGKILL')
      await child.exited
    },
  }
}

export const startKnotSecondary: StartSecondary = async (folder, port, source, zones, catalog) => {
  mkdirSync(folder, { recursive: true })
  const { key } = source
  const of = (zone: string, more = '    template: taken\n'): string => `  - domain: ${zone}\n${more}`
  writeFileSync(
    `${folder}/knot.conf`,
    `server:\n  rundir: ${folder}\n  listen: 127.0.0.1@${port}\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1\ndatabase:\n  storage: ${folder}\nlog:\n  - target: stderr\n    any: info\nkey:\n  - id: ${key.name}\n    algorithm: ${key.algorithm}\n    secret: ${key.secret}\nremote:\n  - id: source\n    address: 127.0.0.1@${source.port}\n${source.via === undefined ? '' : `    via: ${source.via}\n`}    key: ${key.name}\nacl:\n  - id: notify\n    address: 127.0.0.1\n    key: ${key.name}\n    action: notify\ntemplate:\n  - id: default\n    storage: ${folder}\n  - id: taken\n    storage: ${folder}\n    master: source\n    acl: notify\nzone:\n${zones.map((zone) => of(zone)).join('')}${
      catalog === undefined
        ? ''
        : of(
            catalog,
            '    master: source\n    acl: notify\n    catalog-role: interpret\n    catalog-template: taken\n',
          )
    }`,
  )
  return launch('Knot', folder, port, ['knotd', '-c', `${folder}/knot.conf`])
}

export const startNsdSecondary: StartSecondary = async (folder, port, source, zones) => {
  mkdirSync(folder, { recursive: true })
  const { key } = source
  writeFileSync(
    `${folder}/nsd.conf`,
    `server:\n  ip-address: 127.0.0.1\n  port: ${port}\n  server-count: 1\n  username: ""\n  zonesdir: "${folder}"\n  pidfile: "${folder}/pid"\n  database: ""\n  xfrdfile: "${folder}/xfrd"\n  xfrdir: "${folder}"\n  zonelistfile: "${folder}/zonelist"\n  logfile: "${folder}/log"\n  verbosity: 2\n  xfrd-reload-timeout: 0\n  rrl-ratelimit: 0\nremote-control:\n  control-enable: no\nkey:\n  name: ${key.name}\n  algorithm: ${key.algorithm}\n  secret: "${key.secret}"\n${zones
      .map(
        (zone) =>
          `zone:\n  name: ${zone}\n  zonefile: ${folder}/${zone}zone\n  request-xfr: 127.0.0.1@${source.port} ${key.name}\n${source.via === undefined ? '' : `  outgoing-interface: ${source.via}\n`}  allow-notify: 127.0.0.1 ${key.name}\n`,
      )
      .join('')}`,
  )
  return launch('NSD', folder, port, ['nsd', '-d', '-c', `${folder}/nsd.conf`])
}

export const startBindSecondary: StartSecondary = async (folder, port, source, zones, catalog) => {
  mkdirSync(folder, { recursive: true })
  const { key } = source
  const primaries = `primaries { 127.0.0.1 port ${source.port} key "${key.name}"; }`
  const all = catalog === undefined ? zones : [...zones, catalog]
  const catalogs =
    catalog === undefined
      ? ''
      : `  catalog-zones { zone "${catalog}" default-${primaries} in-memory yes min-update-interval 1; };\n`
  writeFileSync(
    `${folder}/named.conf`,
    `key "${key.name}" { algorithm ${key.algorithm}; secret "${key.secret}"; };\noptions {\n  directory "${folder}";\n  pid-file "${folder}/pid";\n  session-keyfile "${folder}/session.key";\n  listen-on port ${port} { 127.0.0.1; };\n  listen-on-v6 { none; };\n  recursion no;\n  notify no;\n  dnssec-validation no;\n${catalogs}};\ncontrols {};\n${all
      .map(
        (zone) =>
          `zone "${zone}" { type secondary; ${primaries};${source.via === undefined ? '' : ` transfer-source ${source.via};`} file "${zone}zone"; };\n`,
      )
      .join('')}`,
  )
  const command = ['named', '-g', '-n', '1', '-U', '1', '-c', `${folder}/named.conf`]
  return launch('BIND', folder, port, command)
}

/** What PowerDNS needs before it is told of keys and zones; `via` is the address that it asks from. */
export async function preparePowerDns(folder: string, port: number, via?: string): Promise<void> {
  writeFileSync(
    `${folder}/pdns.conf`,
    `launch=gsqlite3\ngsqlite3-database=${folder}/pdns.sqlite3\ngsqlite3-dnssec=yes\nlocal-address=127.0.0.1\nlocal-port=${port}\nreceiver-threads=1\ndistributor-threads=1\nsecondary=yes\nxfr-cycle-interval=1\nallow-notify-from=127.0.0.1\nsocket-dir=${folder}\nsecurity-poll-suffix=\ndname-processing=yes\nquery-cache-ttl=0\ncache-ttl=0\nnegquery-cache-ttl=0\nloglevel=4\n${via === undefined ? '' : `query-local-address=${via}\n`}`,
  )
  await run(
    ['sqlite3', `${folder}/pdns.sqlite3`],
    await Bun.file('/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql').text(),
  )
}

export const startPowerDnsSecondary: StartSecondary = async (folder, port, source, zones, catalog) => {
  mkdirSync(folder, { recursive: true })
  const { key } = source
  await preparePowerDns(folder, port, source.via)
  const util = ['pdnsutil', `--config-dir=${folder}`]
  await run([...util, 'import-tsig-key', key.name, key.algorithm, key.secret])
  for (const zone of catalog === undefined ? zones : [...zones, catalog]) {
    await run([...util, 'create-secondary-zone', zone, `127.0.0.1:${source.port}`])
    await run([...util, 'activate-tsig-key', zone, key.name, 'secondary'])
  }
  if (catalog !== undefined) await run([...util, 'set-kind', catalog, 'consumer'])
  const command = ['pdns_server', `--config-dir=${folder}`, '--guardian=no', '--daemon=no']
  return launch('PowerDNS', folder, port, command)
}

export { freePort }
