/** Name servers that zones are transferred from, as Debian ships them, on loopback: each notifies one secondary. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { untilAnswers } from './peers.ts'
import { freePort, run, sleep } from './process.ts'

export interface Primary {
  readonly port: number
  readonly folder: string
  readonly stop: () => Promise<void>
}

export interface PrimaryKey {
  /** With final dot. */
  readonly name: string
  /** Base64, for hmac-sha256. */
  readonly secret: string
}

export interface PrimaryOptions {
  readonly folder: string
  /** With final dot. */
  readonly zone: string
  /** Zone file. */
  readonly text: string
  /** Port on loopback that is told of changes. */
  readonly notify: number
  readonly key?: PrimaryKey
  /** Lines for the zone's part of the configuration. */
  readonly extra?: string
  /** A port to listen on; a free one otherwise. */
  readonly port?: number
}

async function launch(options: PrimaryOptions, port: number, command: string[]): Promise<Primary> {
  const log = Bun.file(`${options.folder}/log`)
  const child = Bun.spawn(command, { stdout: log, stderr: log, cwd: options.folder })
  const stop = async () => {
    child.kill('SIGTERM')
    await Promise.race([child.exited, sleep(5000)])
    child.kill('SIGKILL')
    await child.exited
  }
  try {
    await untilAnswers(port, options.zone)
  } catch (error) {
    await stop()
    throw new Error(`${command[0]} did not start: ${await log.text()}`, { cause: error })
  }
  return { port, folder: options.folder, stop }
}

function prepare({ folder, text, port }: PrimaryOptions): { port: number; file: string } {
  mkdirSync(folder, { recursive: true })
  const file = `${folder}/zone.text`
  writeFileSync(file, text)
  return { port: port ?? freePort(), file }
}

/** BIND; takes dynamic updates from this machine and keeps their differences. */
export function startBindPrimary(options: PrimaryOptions): Promise<Primary> {
  const { folder, zone, notify, key, extra = '' } = options
  const { port, file } = prepare(options)
  const keyText = key && `key "${key.name}" { algorithm hmac-sha256; secret "${key.secret}"; };\n`
  const allow = key === undefined ? '127.0.0.1;' : `key "${key.name}";`
  const told = key === undefined ? '' : ` key "${key.name}"`
  writeFileSync(
    `${folder}/named.conf`,
    `${keyText ?? ''}options {
  directory "${folder}"; pid-file "${folder}/pid"; session-keyfile "${folder}/session.key";
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; dnssec-validation no;
  minimal-responses yes; notify explicit; notify-delay 0; serial-query-rate 100;
};
controls {};
zone "${zone}" {
  type primary; file "${file}"; allow-transfer { ${allow} }; allow-update { 127.0.0.1; };
  also-notify { 127.0.0.1 port ${notify}${told}; }; ${extra}
};
`,
  )
  return launch(options, port, ['named', '-g', '-n', '1', '-U', '1', '-c', `${folder}/named.conf`])
}

/** One dynamic update of the zone of a BIND primary, by nsupdate's own commands. */
export const update = (primary: Primary, zone: string, ...commands: string[]): Promise<string> =>
  run(
    ['nsupdate', '-v'],
    [`server 127.0.0.1 ${primary.port}`, `zone ${zone}`, ...commands, 'send', ''].join('\n'),
  )

/** Knot; reload by {@link Primary.reload} after its zone file was written. */
export async function startKnotPrimary(
  options: PrimaryOptions,
): Promise<Primary & { replace(text: string): Promise<void> }> {
  const { folder, zone, notify, key, extra = '' } = options
  const { port, file } = prepare(options)
  const named = key === undefined ? '' : `    key: ${key.name}\n`
  const keyText = key && `key:\n  - id: ${key.name}\n    algorithm: hmac-sha256\n    secret: ${key.secret}\n`
  writeFileSync(
    `${folder}/knot.conf`,
    `server:
  rundir: ${folder}
  listen: 127.0.0.1@${port}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
database:
  storage: ${folder}
log:
  - target: stderr
    any: info
${keyText ?? ''}remote:
  - id: secondary
    address: 127.0.0.1@${notify}
${named}acl:
  - id: transfers
    address: 127.0.0.1
    action: transfer
${named}zone:
  - domain: ${zone}
    file: ${file}
    notify: secondary
    acl: transfers
    zonefile-sync: -1
    zonefile-load: difference
    journal-content: changes
    ${extra}
`,
  )
  const primary = await launch(options, port, ['knotd', '-c', `${folder}/knot.conf`])
  return {
    ...primary,
    async replace(text) {
      writeFileSync(file, text)
      await run(['knotc', '-c', `${folder}/knot.conf`, 'zone-reload', zone])
    },
  }
}

/** NSD. */
export async function startNsdPrimary(
  options: PrimaryOptions,
): Promise<Primary & { replace(text: string): Promise<void> }> {
  const { folder, zone, notify, key } = options
  const { port, file } = prepare(options)
  const name = key === undefined ? 'NOKEY' : key.name
  const keyText = key && `key:\n  name: "${key.name}"\n  algorithm: hmac-sha256\n  secret: "${key.secret}"\n`
  const socket = `${folder}/control`
  writeFileSync(
    `${folder}/nsd.conf`,
    `server:
  ip-address: 127.0.0.1
  port: ${port}
  server-count: 1
  username: ""
  zonesdir: "${folder}"
  pidfile: "${folder}/pid"
  database: ""
  xfrdfile: "${folder}/xfrd"
  zonelistfile: "${folder}/zonelist"
  xfrdir: "${folder}"
  rrl-ratelimit: 0
remote-control:
  control-enable: yes
  control-interface: ${socket}
${keyText ?? ''}zone:
  name: ${zone}
  zonefile: ${file}
  provide-xfr: 127.0.0.1 ${name}
  notify: 127.0.0.1@${notify} ${name}
  notify-retry: 3
`,
  )
  const primary = await launch(options, port, ['nsd', '-d', '-c', `${folder}/nsd.conf`])
  return {
    ...primary,
    async replace(text) {
      writeFileSync(file, text)
      await run(['nsd-control', '-c', `${folder}/nsd.conf`, 'reload', zone])
    },
  }
}
