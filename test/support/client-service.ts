/** A whole Waymark over HTTPS, furnished with what client programs refer to, and the settings that point a program at it. */
import { join } from 'node:path'
import { freePort } from './process.ts'
import { type Service, startService } from './service.ts'

/** Where `install.sh` of a suite has put its client. */
export const CLIENT_TOOLS =
  process.env.CLIENT_TOOLS ?? new URL('../../.cache/client-tools', import.meta.url).pathname

/** A region that no SDK knows by itself, so that a client that gets here was told where it is. */
export const REGION = 'my-region-1'
const NAME_SERVERS = ['ns1.waymark.example.', 'ns2.waymark.example.']
const PRIVATE_NAME_SERVERS = ['192.0.2.53', '192.0.2.54']

export interface ClientService extends Service {
  /** Address of the API over TLS, with a certificate under `authority`. */
  readonly https: string
  /** File of the authority that clients have to trust. */
  readonly authority: string
}

export async function startClientService(): Promise<ClientService> {
  const address = `127.0.0.1:${freePort()}`
  const service = await startService({
    args: [
      ...['--https', address, '--regions', REGION, '--name-servers', NAME_SERVERS.join(',')],
      // Nobody is asked about delegations: the suites know no world around them.
      ...['--private-name-servers', PRIVATE_NAME_SERVERS.join(','), '--resolver', 'none'],
    ],
  })
  const authority = join(service.dataDir, 'tls/authority.pem')
  return { ...service, https: `https://${address}`, authority }
}

/** What a client suite is told about what exists beforehand. */
export interface ClientSetup {
  readonly region: string
  readonly projectId: string
  readonly domainId: string
  readonly networks: readonly string[]
  readonly subnet: string
  readonly addresses: readonly string[]
  /** A second account: one that zones can be transferred to, and that has zones of its own. */
  readonly other: { readonly domainId: string; readonly ak: string; readonly sk: string }
  readonly nameServers: readonly string[]
  readonly privateNameServers: readonly string[]
}

/** Registers what the operator registers before clients come: networks, public addresses, a second account. */
export async function furnish(service: Service): Promise<ClientSetup> {
  const create = async (what: string, body: object) => {
    const { status, json } = await service.call('POST', `/waymark/v1/${what}`, body)
    if (status >= 300) throw new Error(`${what}: ${status} ${JSON.stringify(json)}`)
    return json
  }
  const subnets = [{ cidr: '10.1.2.0/24' }]
  const office = await create('networks', { name: 'office', cidr: '10.0.0.0/8', subnets })
  const plant = await create('networks', { name: 'plant' })
  const addresses = []
  for (const address of ['203.0.113.25', '203.0.113.26'])
    addresses.push((await create('addresses', { address })).id)
  const { credentials } = await create('accounts', { name: 'other' })
  return {
    region: REGION,
    projectId: service.credentials.project_id!,
    domainId: service.credentials.domain_id!,
    networks: [office.id, plant.id],
    subnet: office.subnets[0].id,
    addresses,
    other: { domainId: credentials.domain_id, ak: credentials.access_key, sk: credentials.secret_key },
    nameServers: NAME_SERVERS,
    privateNameServers: PRIVATE_NAME_SERVERS,
  }
}

/** A Java trust store with the authority, made in the data folder; what `JAVA_TOOL_OPTIONS` has to be for it. */
export async function javaTrust(service: ClientService): Promise<string> {
  const store = join(service.dataDir, 'trust.p12')
  const child = Bun.spawn(
    [
      ...['keytool', '-importcert', '-noprompt', '-alias', 'waymark', '-file', service.authority],
      ...['-keystore', store, '-storetype', 'PKCS12', '-storepass', 'changeit'],
    ],
    { stdout: 'ignore', stderr: 'pipe' },
  )
  if ((await child.exited) !== 0) throw new Error(`keytool: ${await child.stderr.text()}`)
  return `-Djavax.net.ssl.trustStore=${store} -Djavax.net.ssl.trustStorePassword=changeit`
}

/** What a program printed on its standard output, and how it ended. Its errors go to ours. */
export async function runClient(
  cmd: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd?: string,
): Promise<{ readonly output: string; readonly code: number }> {
  const child = Bun.spawn([...cmd], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
    env: { PATH: process.env.PATH!, HOME: process.env.HOME!, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  })
  const output = await child.stdout.text()
  return { output, code: await child.exited }
}
