import { join } from 'node:path'
import type { ControlSettings } from '@waymark/control/context'
import { type RunningControl, startControl } from '@waymark/control/control'
import type { Logger } from 'pino'
import manifest from '../package.json' with { type: 'json' }
import { explain } from './claim-port.ts'
import { credentialsText } from './greeting.ts'
import type { Settings } from './settings.ts'

export const VERSION = manifest.version

/** Starts the control plane in this process and shows the credentials that a first start has made. */
export async function startControlPart(
  settings: Settings,
  dataDir: string,
  log: Logger,
): Promise<RunningControl> {
  const { http } = settings
  let control: RunningControl
  try {
    control = await startControl({
      settings: controlSettings(settings),
      dataDir,
      databaseUrl: settings.database,
      http: { hostname: http.host, port: http.port },
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
    // Any other fault with a code comes from the database or the file system and speaks for itself.
    if ((error as { syscall?: string }).syscall === 'listen') throw explain(error, '--http', http, 'TCP')
    throw error
  }
  if (control.firstCredentials !== undefined) {
    console.log(credentialsText(control.firstCredentials, join(dataDir, 'credentials.json')))
  }
  return control
}

const controlSettings = (settings: Settings): ControlSettings => ({
  publicUrl: settings['public-url'],
  nameServers: settings['name-servers'],
  regions: settings.regions,
  batchItems: settings['batch-items'],
  importRows: settings['import-rows'],
  importBytes: settings['import-bytes'],
  exportRows: settings['export-rows'],
  bodyBytes: settings['body-bytes'],
  fileBytes: settings['file-bytes'],
  fileItems: settings['file-items'],
  recordSetQuota: settings['record-set-quota'],
  zoneQuota: settings['zone-quota'],
  strictTypes: settings['strict-types'],
  apexCnameWithMail: settings['apex-cname-with-mail'],
  replaceFinishedTask: settings['replace-finished-task'],
  tokenLifetimeMs: settings['token-lifetime'] * 1000,
  clockWindowMs: settings['clock-window'] * 1000,
})
