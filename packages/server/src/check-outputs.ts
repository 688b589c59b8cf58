import { closeSync, openSync } from 'node:fs'
import { StartError } from '@waymark/control/tenants/secrets'
import { freeTcpAddresses } from './claim-port.ts'
import type { Address } from './setting-kinds.ts'
import type { Settings } from './settings.ts'

/**
 * Finds out, before anything starts, whether the edge can write its logs and serve its metrics: under the supervisor it would end
 * and be started again and again. Resolves to the address of the metrics, with the port that the system chose for 0. Throws
 * StartError.
 */
export async function checkOutputs(settings: Settings): Promise<Address | undefined> {
  const { 'query-log': queryLog, dnstap, 'edge-metrics': metrics } = settings
  if (queryLog !== undefined && queryLog !== '-') checkWritable('--query-log', queryLog)
  if (dnstap !== undefined && !dnstap.startsWith('unix:')) checkWritable('--dnstap', dnstap)
  const [free] = await freeTcpAddresses(metrics === undefined ? undefined : [metrics], '--edge-metrics')
  return free
}

function checkWritable(flag: string, path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o640))
  } catch (error) {
    throw new StartError(`${flag}: cannot write ${path}: ${(error as Error).message}`)
  }
}
