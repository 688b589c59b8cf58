import { availableParallelism } from 'node:os'
import { freeTcpAddresses } from './claim-port.ts'
import { type Address, formatAddress } from './setting-kinds.ts'
import { environmentName, type SettingName, type Settings } from './settings.ts'
import { logLevel } from './start.ts'
import { edgeCertificate } from './tls/edge-certificate.ts'

/** What the edge is told that does not come from the settings as they are. */
export interface EdgePlace {
  readonly dns: string
  /** File of line data, which need not be there. */
  readonly lineData: string
  readonly dataFolder: string
  readonly feedUrl: string
  readonly feedSecret: string
  readonly edgeId: string
  readonly encrypted: EncryptedDns
  readonly metrics: Address | undefined
}

/** Where DNS is answered over TLS and HTTPS, and with what certificate. */
export interface EncryptedDns {
  readonly dot: readonly Address[]
  readonly doh: readonly Address[]
  /** Files; undefined where DNS is not encrypted. */
  readonly certificate: { readonly cert: string; readonly key: string } | undefined
  /** Certificates of our own are renewed until then. */
  stop(): void
}

/** Finds free ports and makes the certificate where there is none. Throws StartError for what the operator has to mend. */
export async function prepareEncryptedDns(
  settings: Settings,
  dataDir: string,
  onFault: (error: unknown) => void,
): Promise<EncryptedDns> {
  const dot = await freeTcpAddresses(settings.dot, '--dot')
  const doh = await freeTcpAddresses(settings.doh, '--doh')
  const certificate = edgeCertificate(settings, dataDir, onFault)
  return { dot, doh, certificate, stop: () => certificate?.stop() }
}

/** The addresses as the operator is shown them. */
export const encryptedPlaces = ({ dot, doh }: EncryptedDns): string[] => [
  ...dot.map((address) => `${formatAddress(address)} (TLS)`),
  ...doh.map((address) => `https://${formatAddress(address)}/dns-query`),
]

/** The environment that the edge reads its settings from, as a child of `serve` and alone. */
export function edgeEnvironment(settings: Settings, place: EdgePlace): Record<string, string> {
  const { metrics } = place
  const { dot, doh, certificate } = place.encrypted
  const values: Partial<Record<SettingName, string>> = {
    dns: place.dns,
    data: place.dataFolder,
    'line-data': place.lineData,
    'feed-url': place.feedUrl,
    'feed-secret': place.feedSecret,
    'edge-id': place.edgeId,
    'edge-metrics': metrics === undefined ? '' : formatAddress(metrics),
    'query-log': settings['query-log'] ?? '',
    'query-log-sample': String(settings['query-log-sample']),
    dnstap: settings.dnstap ?? '',
    workers: String(settings.workers || Math.max(1, availableParallelism() - 1)),
    'log-level': logLevel(settings),
    dot: dot.map(formatAddress).join(','),
    doh: doh.map(formatAddress).join(','),
    'tls-cert': certificate?.cert ?? '',
    'tls-key': certificate?.key ?? '',
    nsid: settings.nsid ?? '',
    'chaos-id': settings['chaos-id'] ?? '',
    'chaos-version': settings['chaos-version'] ?? '',
    'cookie-secret': settings['cookie-secret'] ?? '',
    'require-cookie': String(settings['require-cookie']),
    rrl: String(settings.rrl),
    'rrl-slip': String(settings['rrl-slip']),
    'tcp-connections': String(settings['tcp-connections']),
    'tcp-connections-per-address': String(settings['tcp-connections-per-address']),
    upstream: settings.upstream.join(','),
    'catalog-zone': settings['catalog-zone'] ?? '',
    'tcp-idle': String(settings['tcp-idle']),
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [environmentName(name), value]))
}
