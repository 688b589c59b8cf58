import { join } from 'node:path'
import type { ControlSettings } from '@waymark/control/context'
import { type RunningControl, startControl } from '@waymark/control/control'
import { KEY_ALGORITHMS } from '@waymark/control/dnssec/key-material'
import { StartError } from '@waymark/control/tenants/secrets'
import type { Logger } from 'pino'
import manifest from '../package.json' with { type: 'json' }
import { checkHttpAddress } from './claim-port.ts'
import { credentialsText, withoutPassword } from './greeting.ts'
import { redirectAddresses } from './redirect-addresses.ts'
import type { Settings } from './settings.ts'
import { tlsSource, watchCertificate } from './tls/tls-source.ts'

export const VERSION = manifest.version

/** Starts the control plane in this process and shows the credentials that a first start has made. */
export async function startControlPart(
  settings: Settings,
  dataDir: string,
  log: Logger,
): Promise<RunningControl> {
  const { http, https, redirect } = settings
  await checkHttpAddress(http, '--http')
  if (https !== undefined) await checkHttpAddress(https, '--https')
  if (redirect !== undefined) await checkHttpAddress(redirect, '--redirect')
  const material = tlsSource(settings, dataDir)
  let control: RunningControl
  try {
    control = await startControl({
      settings: controlSettings(settings),
      dataDir,
      databaseUrl: settings.database,
      http: { hostname: http.host, port: http.port },
      ...(https === undefined || material === undefined
        ? {}
        : { https: { hostname: https.host, port: https.port, tls: material() } }),
      redirect: redirect && { hostname: redirect.host, port: redirect.port },
      log,
      version: VERSION,
      masterKey: settings['master-key'],
      feedSecret: settings['feed-secret'],
      bootstrap: {
        accessKey: settings['bootstrap-access-key'],
        secretKey: settings['bootstrap-secret-key'],
        password: settings['bootstrap-password'],
      },
    })
  } catch (error) {
    throw databaseFault(error, settings.database)
  }
  if (control.firstCredentials !== undefined) {
    console.log(credentialsText(control.firstCredentials, join(dataDir, 'credentials.json')))
  }
  if (control.https === undefined || material === undefined) return control
  const stopWatching = watchCertificate(control.https, material, log)
  return {
    ...control,
    async stop() {
      stopWatching()
      await control.stop()
    },
  }
}

/** A database that cannot be reached or refuses us is for the operator to mend; any other fault stays what it is. */
function databaseFault(error: unknown, database: string | undefined): unknown {
  const { code, message } = error as { code?: string; message: string }
  // Codes of the connection (ECONNREFUSED, ENOTFOUND) and SQLSTATE classes 08, 28 and 3D: connection, login, no such database.
  if (database === undefined || !/^(E[A-Z]+|(08|28|3D)\w{3})$/.test(code ?? '')) return error
  return new StartError(`cannot use the database ${withoutPassword(database)}: ${message}`)
}

const controlSettings = (settings: Settings): ControlSettings => ({
  publicUrl: settings['public-url'],
  nameServers: settings['name-servers'],
  privateNameServers: settings['private-name-servers'] ?? [],
  resolvers: settings.resolver,
  redirectAddresses: redirectAddresses(settings),
  addressPool: settings['address-pool'] ?? [],
  regions: settings.regions,
  batchItems: settings['batch-items'],
  operationItems: settings['operation-items'],
  transferZones: settings['transfer-zones'],
  importRows: settings['import-rows'],
  importBytes: settings['import-bytes'],
  exportRows: settings['export-rows'],
  bodyBytes: settings['body-bytes'],
  fileBytes: settings['file-bytes'],
  fileItems: settings['file-items'],
  recordSetQuota: settings['record-set-quota'],
  zoneQuota: settings['zone-quota'],
  customLineQuota: settings['custom-line-quota'],
  lineGroupQuota: settings['line-group-quota'],
  ptrQuota: settings['ptr-quota'],
  inboundEndpointQuota: settings['inbound-endpoint-quota'],
  outboundEndpointQuota: settings['outbound-endpoint-quota'],
  resolverRuleQuota: settings['resolver-rule-quota'],
  lineSegments: settings['line-segments'],
  dnssecAlgorithm: KEY_ALGORITHMS[settings['dnssec-algorithm']],
  dnssecZskDays: settings['dnssec-zsk-days'],
  dnssecKeepWhileDs: settings['dnssec-keep-while-ds'],
  strictTypes: settings['strict-types'],
  apexCnameWithMail: settings['apex-cname-with-mail'],
  replaceFinishedTask: settings['replace-finished-task'],
  tokenLifetimeMs: settings['token-lifetime'] * 1000,
  clockWindowMs: settings['clock-window'] * 1000,
  auditDays: settings['audit-days'],
  accountRate: settings['account-rate'],
  answerWaitMs: settings['answer-wait'],
  addressRate: settings['address-rate'],
  behindProxy: settings['behind-proxy'],
})
