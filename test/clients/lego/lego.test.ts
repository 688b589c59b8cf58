// needs: go python3
/**
 * Certificates by DNS-01: an ACME server (pebble) gives one only when its own question to our edge is answered with the challenge. The
 * challenge is set by lego's providers; certbot is the program around them, because lego's module cannot be had everywhere.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CLIENT_TOOLS,
  type ClientService,
  REGION,
  runClient,
  startClientService,
} from '../../support/client-service.ts'
import { freePort } from '../../support/process.ts'
import { until } from '../../support/until.ts'

const TOOLS = join(CLIENT_TOOLS, 'lego')

let service: ClientService
let pebble: Bun.Subprocess
const acme = `127.0.0.1:${freePort()}`

beforeAll(async () => {
  service = await startClientService()
  const tls = join(service.dataDir, 'tls')
  const config = join(service.dataDir, 'pebble.json')
  const settings = {
    listenAddress: acme,
    managementListenAddress: `127.0.0.1:${freePort()}`,
    certificate: join(tls, 'server.pem'),
    privateKey: join(tls, 'server.key'),
    retryAfter: { authz: 1, order: 1 },
  }
  writeFileSync(config, JSON.stringify({ pebble: settings }))
  const log = Bun.file(join(service.dataDir, 'pebble.log'))
  pebble = Bun.spawn(
    [join(TOOLS, 'pebble'), '-config', config, '-dnsserver', `127.0.0.1:${service.dnsPort}`],
    {
      stdin: 'ignore',
      stdout: log,
      stderr: log,
      env: { PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' },
    },
  )
  const ca = readFileSync(service.authority, 'utf8')
  const status = async () => (await fetch(`https://${acme}/dir`, { tls: { ca } })).status
  await until(200, status).catch(async (cause) => {
    throw new Error(`pebble does not answer: ${await log.text()}`, { cause })
  })
}, 120_000)
afterAll(async () => {
  pebble?.kill()
  await pebble?.exited
  await service?.stop()
})

/** The settings of each provider, as its page names them. */
function providers(): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const { access_key, secret_key, user, password, domain } = service.credentials
  return {
    huaweicloud: {
      HUAWEICLOUD_ACCESS_KEY_ID: access_key!,
      HUAWEICLOUD_SECRET_ACCESS_KEY: secret_key!,
      HUAWEICLOUD_REGION: REGION,
      HUAWEICLOUD_SDK_REGION_DNS_MY_REGION_1: service.https,
      HUAWEICLOUD_SDK_IAM_ENDPOINT: service.https,
    },
    designate: {
      OS_AUTH_URL: `${service.https}/v3`,
      OS_USERNAME: user!,
      OS_PASSWORD: password!,
      OS_DOMAIN_NAME: domain!,
      OS_PROJECT_NAME: REGION,
      OS_REGION_NAME: REGION,
    },
    otc: {
      OTC_IDENTITY_ENDPOINT: `${service.https}/v3/auth/tokens`,
      OTC_USER_NAME: user!,
      OTC_PASSWORD: password!,
      OTC_DOMAIN_NAME: domain!,
      OTC_PROJECT_NAME: REGION,
    },
  }
}

for (const provider of ['huaweicloud', 'otc', 'designate']) {
  test(`a certificate for a name and a wildcard is issued with the provider ${provider}`, async () => {
    const zone = `${provider}.acme.test`
    // The zone and its wildcard are proved at one name, by two values of one record set. The provider otc sets one value only;
    // lego itself would wait between the two.
    const names = [provider === 'otc' ? `www.${zone}` : zone, `*.${zone}`]
    const { status, json } = await service.call('POST', '/v2/zones', { name: zone })
    expect(status).toBe(202)
    const folder = join(service.dataDir, provider)
    const settings = join(service.dataDir, `${provider}.ini`)
    writeFileSync(settings, `dns_multi_provider = ${provider}\n`, { mode: 0o600 })
    const { output, code } = await runClient(
      [
        ...[join(TOOLS, 'venv/bin/certbot'), 'certonly', '--non-interactive', '--agree-tos', '--verbose'],
        ...['--register-unsafely-without-email', '--server', `https://${acme}/dir`],
        ...['--config-dir', folder, '--work-dir', folder, '--logs-dir', folder, '--cert-name', provider],
        ...['--authenticator', 'dns-multi', '--dns-multi-credentials', settings],
        ...['--dns-multi-nameservers', `127.0.0.1:${service.dnsPort}`],
        // A change is acknowledged when it is answered, so there is nothing to wait for.
        ...['--dns-multi-propagation-seconds', '0', ...names.flatMap((name) => ['-d', name])],
      ],
      {
        ...providers()[provider],
        SSL_CERT_FILE: service.authority,
        REQUESTS_CA_BUNDLE: service.authority,
      },
    )
    const certificate =
      code === 0 && new X509Certificate(readFileSync(join(folder, 'live', provider, 'cert.pem')))
    const isIssued =
      certificate !== false && names.every((name) => certificate.subjectAltName?.includes(name))
    const left = await service.call('GET', `/v2/zones/${json.id}/recordsets?type=TXT`)
    const isClean = left.json.recordsets.length === 0
    console.log(
      isIssued && isClean
        ? `ok   lego ${provider}`
        : `FAIL lego ${provider}: ${code}, challenges left: ${left.json.recordsets.length}\n${output}`,
    )
    expect([isIssued, isClean]).toEqual([true, true])
  }, 120_000)
}
