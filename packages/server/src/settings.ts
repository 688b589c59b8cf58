import { parseArguments } from './arguments.ts'
import { nearest } from './nearest.ts'
import {
  address,
  addresses,
  choice,
  cookieSecrets,
  files,
  hostNames,
  integer,
  ipAddresses,
  onOff,
  prefixes,
  regionIds,
  resolvers,
  type SettingKind,
  shortText,
  text,
  url,
  zoneName,
} from './setting-kinds.ts'

/**
 * The one table of settings. Parsing of flags and environment, `--help` and docs/settings.md come from it; to add a setting,
 * add a row. A setting is written `--data-folder` as a flag and `WAYMARK_DATA_FOLDER` in the environment; the flag wins.
 */

/** The commands that take settings. */
export type Part = 'serve' | 'control' | 'edge'

export interface Setting<T = unknown> {
  readonly kind: SettingKind<T>
  /** As the user would write it; undefined: not set. */
  readonly default: string | undefined
  readonly parts: readonly Part[]
  readonly group:
    | 'Addresses and data'
    | 'Answering'
    | 'Zones and accounts'
    | 'Limits'
    | 'API behaviour'
    | 'Secrets'
  /** What the number counts. */
  readonly unit?: string
  readonly alias?: string
  /** Secrets come by environment only: a flag shows in the list of processes. */
  readonly environmentOnly?: true
  /** What is said where a part that cannot do without it is not given it. */
  readonly missing?: Partial<Record<Part, string>>
  /** What it does, for the operator. */
  readonly sentence: string
}

const ALL: readonly Part[] = ['serve', 'control', 'edge']
const API: readonly Part[] = ['serve', 'control']
const DNS: readonly Part[] = ['serve', 'edge']
const UNLIMITED = 2_147_483_647
const GIBIBYTE = 1024 ** 3

// A kind with a default always yields a value.
const setting = <T>(row: Omit<Setting<T>, 'default'> & { default: string }): Setting<T> => row
const optional = <T>(row: Omit<Setting<T>, 'default'>): Setting<T | undefined> => ({
  ...row,
  default: undefined,
})

export const SETTINGS = {
  http: setting({
    kind: address,
    default: '127.0.0.1:8080',
    parts: API,
    group: 'Addresses and data',
    sentence: 'Where the API listens.',
  }),
  https: optional({
    kind: address,
    parts: API,
    group: 'Addresses and data',
    sentence:
      'Where the API listens for HTTPS, beside HTTP. Default: nowhere. Without a certificate of yours one is made and renewed by itself; clients have to trust tls/authority.pem in the data folder then.',
  }),
  'tls-cert': optional({
    kind: text('FILE'),
    parts: ALL,
    group: 'Addresses and data',
    sentence:
      'Certificate for HTTPS and for encrypted DNS with its chain, PEM; needs --tls-key. A changed file is taken up within a minute.',
  }),
  'tls-key': optional({
    kind: text('FILE'),
    parts: ALL,
    group: 'Addresses and data',
    sentence: 'Private key of the certificate, PEM.',
  }),
  dns: setting({
    kind: addresses,
    default: '127.0.0.1:5353',
    parts: DNS,
    group: 'Addresses and data',
    sentence: 'Where DNS queries are answered, UDP and TCP; several addresses are separated by commas.',
  }),
  dot: optional({
    kind: addresses,
    parts: DNS,
    group: 'Addresses and data',
    sentence:
      'Where DNS queries are answered over TLS, for example `0.0.0.0:853`; see docs/edge.md. The certificate is that of --tls-cert, or made as for --https. Default: nowhere.',
  }),
  doh: optional({
    kind: addresses,
    parts: DNS,
    group: 'Addresses and data',
    sentence:
      'Where DNS queries are answered over HTTPS, at the path /dns-query, with the same certificate. Default: nowhere.',
  }),
  data: setting({
    kind: text('FOLDER'),
    default: './data',
    parts: ALL,
    group: 'Addresses and data',
    sentence:
      'Folder of the database, the credentials and the snapshot of the edge. One process uses it at a time.',
  }),
  database: optional({
    kind: url('postgres', 'postgresql'),
    parts: API,
    group: 'Addresses and data',
    sentence: 'PostgreSQL database to use in place of the SQLite file in the data folder.',
  }),
  'public-url': optional({
    kind: url('http', 'https'),
    parts: API,
    group: 'Addresses and data',
    sentence:
      'Scheme and host under which callers reach the API, when a proxy stands before it. Used for links and when checking signatures.',
  }),
  'log-level': optional({
    kind: choice('silent', 'error', 'warn', 'info', 'debug'),
    parts: ALL,
    group: 'Addresses and data',
    sentence:
      'Least important log lines to write. Logs are JSON lines on standard error. Default: info, on a terminal warn.',
  }),

  'line-data': optional({
    kind: files,
    parts: DNS,
    group: 'Answering',
    sentence:
      'Files that say where addresses are: MaxMind DB, ip2region, CSV, separated by commas; later ones know better. Changed files are taken up by themselves. See docs/line-data.md. Default: lines.bin in the data folder, without one what comes with Waymark.',
  }),
  'catalog-zone': optional({
    kind: zoneName,
    parts: DNS,
    group: 'Answering',
    sentence:
      'Name of a zone that lists all public zones (RFC 9432), for example catalog.waymark; servers that take it by transfer serve new zones by themselves, see docs/transfers.md. Default: none.',
  }),
  workers: setting({
    kind: integer(0, 256),
    default: '0',
    parts: DNS,
    group: 'Answering',
    unit: 'threads',
    sentence: 'Threads that answer queries. 0: one for every core but one, at least one.',
  }),
  nsid: optional({
    kind: shortText('NAME', 64),
    parts: DNS,
    group: 'Answering',
    sentence:
      'Name of this server for clients that ask which one has answered (NSID, RFC 5001). Default: none.',
  }),
  'chaos-id': optional({
    kind: shortText('NAME', 128),
    parts: DNS,
    group: 'Answering',
    sentence: 'Answer to id.server and hostname.bind in class CH. Default: refused.',
  }),
  'chaos-version': optional({
    kind: shortText('TEXT', 128),
    parts: DNS,
    group: 'Answering',
    sentence: 'Answer to version.server and version.bind in class CH. Default: refused.',
  }),
  'require-cookie': setting({
    kind: onOff,
    default: 'false',
    parts: DNS,
    group: 'Answering',
    sentence:
      'Over UDP, answer clients that know DNS cookies only with a valid one (BADCOOKIE tells them the right one). Clients without cookies are answered as ever.',
  }),
  rrl: setting({
    kind: integer(0, 1_000_000),
    default: '0',
    parts: DNS,
    group: 'Answering',
    unit: 'answers a second',
    sentence:
      'Answers over UDP to one /24 of IPv4 or /56 of IPv6, with bursts of one second. Clients with a valid cookie are not limited. 0: no limit.',
  }),
  'rrl-slip': setting({
    kind: integer(0, 100),
    default: '2',
    parts: DNS,
    group: 'Answering',
    sentence:
      'Of the answers over the limit of --rrl each so-manieth is sent, truncated, so that whoever really asks comes back over TCP. 1: every one. 0: none.',
  }),
  'tcp-connections': setting({
    kind: integer(1, 1_000_000),
    default: '4096',
    parts: DNS,
    group: 'Answering',
    unit: 'connections',
    sentence: 'Open connections for DNS over TCP, TLS and HTTPS together; more are closed as they come.',
  }),
  'tcp-connections-per-address': setting({
    kind: integer(1, 1_000_000),
    default: '128',
    parts: DNS,
    group: 'Answering',
    unit: 'connections',
    sentence: 'The same for one IPv4 address or one /64 of IPv6.',
  }),
  'tcp-idle': setting({
    kind: integer(1, 3600),
    default: '10',
    parts: DNS,
    group: 'Answering',
    unit: 'seconds',
    sentence: 'How long a connection may be without a whole query before it is closed.',
  }),
  upstream: setting({
    kind: resolvers,
    default: 'none',
    parts: DNS,
    group: 'Answering',
    sentence:
      'Recursive DNS servers to ask for names that a private zone of the pattern RECURSIVE does not have, one after the other, for clients of its networks only (docs/networks.md). `none`: such a zone is like one of the pattern AUTHORITY.',
  }),
  'feed-url': optional({
    kind: url('http', 'https'),
    alias: 'from',
    parts: ['edge'],
    group: 'Answering',
    missing: { edge: '--from is missing: the URL of the control plane to follow' },
    sentence: 'URL of the control plane that the edge follows.',
  }),
  'edge-id': optional({
    kind: text('NAME'),
    parts: ['edge'],
    group: 'Answering',
    sentence: 'Name under which the edge reports to the control plane. Default: the host name.',
  }),
  'query-log': optional({
    kind: text('FILE'),
    parts: DNS,
    group: 'Answering',
    sentence:
      'File that queries and what they were answered are written to, a JSON object a line; `-` for standard output. See docs/query-log.md. Default: none.',
  }),
  'query-log-sample': setting({
    kind: integer(1, 1_000_000_000),
    default: '1',
    parts: DNS,
    group: 'Answering',
    sentence: 'One query in so many goes to --query-log and --dnstap.',
  }),
  dnstap: optional({
    kind: text('unix:SOCKET|FILE'),
    parts: DNS,
    group: 'Answering',
    sentence:
      'Where queries and answers go as dnstap: `unix:` and the path of a socket that a reader listens on, or a file. Default: nowhere.',
  }),
  'edge-metrics': optional({
    kind: address,
    parts: DNS,
    group: 'Answering',
    sentence: 'Where the edge serves its own /metrics, /healthz and /readyz. Default: nowhere.',
  }),

  'name-servers': setting({
    kind: hostNames,
    default: 'ns1.waymark.example.,ns2.waymark.example.',
    parts: API,
    group: 'Zones and accounts',
    sentence:
      'Names of the name servers written into SOA and NS of new zones. Set it before the first zone that is delegated to this server.',
  }),
  'private-name-servers': optional({
    kind: ipAddresses,
    parts: API,
    group: 'Zones and accounts',
    sentence: 'Addresses at which private networks ask, as the API is to show them. Default: none are shown.',
  }),
  'address-pool': optional({
    kind: prefixes,
    parts: API,
    group: 'Zones and accounts',
    sentence:
      'Public addresses that the API may give to clients of the EIP service which name none, as prefixes (docs/networks.md). Default: none.',
  }),
  resolver: optional({
    kind: resolvers,
    parts: API,
    group: 'Zones and accounts',
    sentence:
      "Recursive DNS servers that the API asks where names are delegated to and for TXT records that prove a name is somebody's, only when a caller wants to know (docs/domain-checks.md), and for the targets of aliases (docs/url-forwarding.md). `none`: nobody is asked. Default: those that this machine uses.",
  }),
  redirect: optional({
    kind: address,
    parts: API,
    group: 'Addresses and data',
    sentence:
      'Where visitors of names under URL forwarding are sent on, HTTP; see docs/url-forwarding.md. Default: nowhere.',
  }),
  'redirect-address': optional({
    kind: ipAddresses,
    parts: API,
    group: 'Zones and accounts',
    sentence:
      'Addresses that names under URL forwarding are answered with; the same on every node. Default: the address of --redirect unless it stands for all (0.0.0.0, ::); without any such names are not answered.',
  }),
  regions: setting({
    kind: regionIds,
    default:
      'cn-north-4,cn-north-1,cn-north-9,cn-east-2,cn-east-3,cn-south-1,cn-south-2,cn-southwest-2,ap-southeast-1,ap-southeast-2,ap-southeast-3,ap-southeast-4,af-south-1,la-north-2,la-south-2,na-mexico-1,sa-brazil-1,tr-west-1,me-east-1,eu-west-101',
    parts: API,
    group: 'Zones and accounts',
    sentence:
      'Region ids that clients may name. Each is a project in every account; the first is the default one. Private zones belong to a project.',
  }),
  'dnssec-algorithm': setting({
    kind: choice('ecdsa-p256', 'ed25519'),
    default: 'ecdsa-p256',
    parts: API,
    group: 'Zones and accounts',
    sentence:
      'Algorithm of the keys that zones get when DNSSEC is enabled. Zones that are signed keep theirs. See docs/dnssec.md.',
  }),
  'dnssec-zsk-days': setting({
    kind: integer(0, 36_500),
    default: '0',
    parts: API,
    group: 'Zones and accounts',
    unit: 'days',
    sentence:
      'How long a ZSK signs before another one takes its place by itself. 0: until somebody rolls it. See docs/dnssec.md.',
  }),
  'dnssec-keep-while-ds': setting({
    kind: onOff,
    default: 'false',
    parts: API,
    group: 'Zones and accounts',
    sentence:
      'DNSSEC of a zone is not disabled while the resolvers of --resolver see a DS record of it: resolvers would refuse all of its names.',
  }),
  'zone-quota': setting({
    kind: integer(0, UNLIMITED),
    default: String(UNLIMITED),
    parts: API,
    group: 'Zones and accounts',
    unit: 'zones',
    sentence: 'Zones of one account, public and private each. 2147483647: unlimited.',
  }),
  'record-set-quota': setting({
    kind: integer(0, UNLIMITED),
    default: String(UNLIMITED),
    parts: API,
    group: 'Zones and accounts',
    unit: 'record sets',
    sentence: 'Record sets of one account. 2147483647: unlimited.',
  }),
  'custom-line-quota': setting({
    kind: integer(0, UNLIMITED),
    default: String(UNLIMITED),
    parts: API,
    group: 'Zones and accounts',
    unit: 'lines',
    sentence: 'Custom resolution lines of one account. 2147483647: unlimited.',
  }),
  'line-group-quota': setting({
    kind: integer(0, UNLIMITED),
    default: String(UNLIMITED),
    parts: API,
    group: 'Zones and accounts',
    unit: 'groups',
    sentence: 'Line groups of one account. 2147483647: unlimited.',
  }),
  'ptr-quota': setting({
    kind: integer(0, UNLIMITED),
    default: String(UNLIMITED),
    parts: API,
    group: 'Zones and accounts',
    unit: 'records',
    sentence: 'PTR records of one account. 2147483647: unlimited.',
  }),
  'inbound-endpoint-quota': setting({
    kind: integer(0, UNLIMITED),
    default: String(UNLIMITED),
    parts: API,
    group: 'Zones and accounts',
    unit: 'endpoints',
    sentence: 'Inbound resolver endpoints of one account. 2147483647: unlimited.',
  }),
  'outbound-endpoint-quota': setting({
    kind: integer(0, UNLIMITED),
    default: String(UNLIMITED),
    parts: API,
    group: 'Zones and accounts',
    unit: 'endpoints',
    sentence: 'Outbound resolver endpoints of one account. 2147483647: unlimited.',
  }),
  'resolver-rule-quota': setting({
    kind: integer(0, UNLIMITED),
    default: String(UNLIMITED),
    parts: API,
    group: 'Zones and accounts',
    unit: 'rules',
    sentence: 'Resolver rules of one account. 2147483647: unlimited.',
  }),
  'token-lifetime': setting({
    kind: integer(60, 31_536_000),
    default: '86400',
    parts: API,
    group: 'Zones and accounts',
    unit: 'seconds',
    sentence: 'How long a token from POST /v3/auth/tokens is valid.',
  }),
  'clock-window': setting({
    kind: integer(1, 86_400),
    default: '900',
    parts: API,
    group: 'Zones and accounts',
    unit: 'seconds',
    sentence: 'How far the time of a signed request may be from the clock of the server.',
  }),
  'audit-days': setting({
    kind: integer(1, 36_500),
    default: '365',
    parts: API,
    group: 'Zones and accounts',
    unit: 'days',
    sentence: 'How long the audit log keeps who has changed what.',
  }),

  'line-segments': setting({
    kind: integer(1, 65_535),
    default: '1500',
    parts: API,
    group: 'Limits',
    unit: 'segments',
    sentence: 'Address segments of one custom resolution line.',
  }),
  'batch-items': setting({
    kind: integer(1, 1_000_000),
    default: '2000',
    parts: API,
    group: 'Limits',
    unit: 'record sets',
    sentence: 'Items of one batch-create task.',
  }),
  'operation-items': setting({
    kind: integer(1, 1_000_000),
    default: '10000',
    parts: API,
    group: 'Limits',
    unit: 'record sets or zones',
    sentence: 'Size of one task over many zones.',
  }),
  'transfer-zones': setting({
    kind: integer(1, 1_000_000),
    default: '1000',
    parts: API,
    group: 'Limits',
    unit: 'zones',
    sentence: 'Zones of one transfer to another account.',
  }),
  'import-rows': setting({
    kind: integer(1, 1_048_575),
    default: '500',
    parts: API,
    group: 'Limits',
    unit: 'rows',
    sentence: 'Rows of one Excel import through the v2 API.',
  }),
  'import-bytes': setting({
    kind: integer(1024, GIBIBYTE),
    default: '2097152',
    parts: API,
    group: 'Limits',
    unit: 'octets',
    sentence: 'Size of one Excel import through the v2 API.',
  }),
  'export-rows': setting({
    kind: integer(1, 1_048_575),
    default: '100000',
    parts: API,
    group: 'Limits',
    unit: 'rows',
    sentence: 'Rows of one Excel export through the v2 API.',
  }),
  'body-bytes': setting({
    kind: integer(1024, GIBIBYTE),
    default: '12582912',
    parts: API,
    group: 'Limits',
    unit: 'octets',
    sentence: 'Size of the body of any other request.',
  }),
  'file-bytes': setting({
    kind: integer(1024, 4 * GIBIBYTE),
    default: '268435456',
    parts: API,
    group: 'Limits',
    unit: 'octets',
    sentence: 'Size of a file given to `waymark import`.',
  }),
  'file-items': setting({
    kind: integer(1, 100_000_000),
    default: '2000000',
    parts: API,
    group: 'Limits',
    unit: 'record sets',
    sentence: 'Record sets of a file given to `waymark import`.',
  }),

  'account-rate': setting({
    kind: integer(0, 1_000_000),
    default: '0',
    parts: API,
    group: 'Limits',
    unit: 'requests a second',
    sentence:
      'Requests of one account at one node, with bursts of two seconds; more are answered 429. 0: no limit.',
  }),
  'address-rate': setting({
    kind: integer(0, 1_000_000),
    default: '0',
    parts: API,
    group: 'Limits',
    unit: 'requests a second',
    sentence:
      'Requests of one client address at one node, with bursts of two seconds, counted before they are authenticated; more are answered 429. 0: no limit.',
  }),
  'answer-wait': setting({
    kind: integer(0, 60_000),
    default: '100',
    parts: API,
    group: 'API behaviour',
    unit: 'milliseconds',
    sentence:
      'How long the answer to a change waits at most until every edge of this node serves the change. 0: not at all.',
  }),
  'behind-proxy': setting({
    kind: onOff,
    default: 'false',
    parts: API,
    group: 'API behaviour',
    sentence:
      'Take the last address in X-Forwarded-For for that of the client, in limits and in the audit log. Only where a proxy that sets it stands before the server.',
  }),
  'strict-types': setting({
    kind: onOff,
    default: 'false',
    parts: API,
    group: 'API behaviour',
    sentence:
      'Accept only the record types of the original service, not the further ones that Waymark answers.',
  }),
  'apex-cname-with-mail': setting({
    kind: onOff,
    default: 'false',
    parts: API,
    group: 'API behaviour',
    sentence: 'Let a CNAME stand beside MX and TXT at the apex of a public zone.',
  }),
  'replace-finished-task': setting({
    kind: onOff,
    default: 'false',
    parts: API,
    group: 'API behaviour',
    sentence: 'Let a new batch-create task replace a finished one, which otherwise has to be deleted first.',
  }),

  'feed-secret': optional({
    kind: text('SECRET'),
    parts: ALL,
    group: 'Secrets',
    environmentOnly: true,
    missing: {
      edge: 'WAYMARK_FEED_SECRET is missing: set it to the same secret here and where the control plane runs',
    },
    sentence:
      'Secret between control plane and edges. Set the same one on both when they run apart. Default: made at the first start and kept in the database.',
  }),
  'cookie-secret': optional({
    kind: cookieSecrets,
    parts: DNS,
    group: 'Secrets',
    environmentOnly: true,
    sentence:
      'Secret of DNS cookies. Edges behind one address share it. With several, separated by commas, the first makes cookies and all are recognised. Default: made at the first start and kept in cookie.secret in the data folder of the edge.',
  }),
  'master-key': optional({
    kind: text('64 HEX DIGITS'),
    parts: API,
    group: 'Secrets',
    environmentOnly: true,
    sentence:
      'Key under which secret keys are sealed in the database. Nodes that share a database share it. Default: made at the first start and kept in master.key in the data folder.',
  }),
  'bootstrap-access-key': optional({
    kind: text('KEY'),
    parts: API,
    group: 'Secrets',
    environmentOnly: true,
    sentence: 'Access key of the first account, used at the first start only. Default: random.',
  }),
  'bootstrap-secret-key': optional({
    kind: text('SECRET'),
    parts: API,
    group: 'Secrets',
    environmentOnly: true,
    sentence: 'Secret key of the first account, used at the first start only. Default: random.',
  }),
  'bootstrap-password': optional({
    kind: text('PASSWORD'),
    parts: API,
    group: 'Secrets',
    environmentOnly: true,
    sentence: 'Password of the first user, used at the first start only. Default: random.',
  }),
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof SETTINGS
/** All settings with their values; those a part does not take have their defaults. */
export type Settings = {
  readonly [N in SettingName]: (typeof SETTINGS)[N] extends Setting<infer T> ? T : never
}

/** Settings as read, or every fault found, each a sentence. Warnings do not stop anything. */
export type ReadSettings =
  | { readonly ok: true; readonly settings: Settings; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly faults: readonly string[] }

export const environmentName = (name: string): string => `WAYMARK_${name.toUpperCase().replaceAll('-', '_')}`

/** The rows of the table that `part` takes. */
export const settingsOf = (part: Part): [SettingName, Setting][] =>
  (Object.entries(SETTINGS) as [SettingName, Setting][]).filter(([, row]) => row.parts.includes(part))

/** Names in the environment that are ours and no settings: what the CLI and the launcher read. */
const OTHER_ENVIRONMENT = ['WAYMARK_URL', 'WAYMARK_ACCESS_KEY', 'WAYMARK_SECRET_KEY', 'WAYMARK_LAUNCHER_PID']

/** Reads the settings of `part` from a command line without the command word, and from an environment. */
export function readSettings(
  part: Part,
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ReadSettings {
  const rows = settingsOf(part)
  const flags = rows
    .filter(([, row]) => row.environmentOnly !== true)
    .map(([name, row]) => ({ name, alias: row.alias, takesValue: row.kind.isSwitch !== true }))
  const parsed = parseArguments(argv, flags)
  const faults = [
    ...parsed.faults,
    ...parsed.positionals.map((word) => `unexpected "${word}"; ${part} takes flags only`),
  ]
  const values: Record<string, unknown> = {}
  for (const [name, row] of Object.entries(SETTINGS) as [SettingName, Setting][]) {
    const takes = row.parts.includes(part)
    const flag = takes ? parsed.values.get(name) : undefined
    const variable = takes ? environment[environmentName(name)] || undefined : undefined
    const raw = flag ?? variable ?? row.default
    if (raw === undefined) {
      values[name] = undefined
      const missing = row.missing?.[part]
      if (missing !== undefined) faults.push(missing)
      continue
    }
    const source = flag !== undefined ? `--${row.alias ?? name}` : environmentName(name)
    try {
      values[name] = typeof raw === 'boolean' ? raw : row.kind.parse(raw)
    } catch (error) {
      const shown = row.environmentOnly === true || name === 'database' ? '' : ` "${raw}"`
      faults.push(`${source}${shown} ${(error as Error).message}`)
    }
  }
  if (faults.length > 0) return { ok: false, faults }
  return { ok: true, settings: values as Settings, warnings: misspelledVariables(environment) }
}

/**
 * Variables that look like a misspelled setting. A warning and no fault, because orchestrators put names of their own into
 * the environment (Kubernetes makes WAYMARK_PORT and WAYMARK_SERVICE_HOST for a service called "waymark").
 */
function misspelledVariables(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = [...Object.keys(SETTINGS).map(environmentName), ...OTHER_ENVIRONMENT]
  return Object.keys(environment)
    .filter((name) => name.startsWith('WAYMARK_') && !known.includes(name))
    .flatMap((name) => {
      const near = nearest(
        name.slice(8),
        known.map((other) => other.slice(8)),
      )
      return near === undefined ? [] : [`${name} is no setting; did you mean WAYMARK_${near}?`]
    })
}
