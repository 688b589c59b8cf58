import { hostname as ownName } from 'node:os'
import { startEdge } from '@waymark/edge/edge'
import { jsonLog, reasonOf } from '@waymark/edge/log'
import { settingsFromEnvironment } from '@waymark/edge/settings'
import { checkOutputs } from './check-outputs.ts'
import { freeDnsAddresses } from './claim-port.ts'
import { claimDataFolder } from './data-folder.ts'
import { edgeEnvironment, encryptedPlaces, prepareEncryptedDns } from './edge-settings.ts'
import { openLineData } from './line-data/open-line-data.ts'
import { formatAddress } from './setting-kinds.ts'
import { logLevel, runPart } from './start.ts'

/** `waymark edge`: the DNS server alone, following a control plane elsewhere. Resolves to the exit code. */
export const main = (argv: readonly string[]): Promise<number> =>
  runPart('edge', argv, async (settings) => {
    const log = jsonLog(logLevel(settings))
    const { 'feed-url': feedUrl, 'feed-secret': feedSecret } = settings
    if (feedUrl === undefined || feedSecret === undefined)
      throw new Error('unreachable: the settings need both')
    const folder = claimDataFolder(settings.data)
    const dns = (await freeDnsAddresses(settings.dns)).map(formatAddress).join(',')
    const metrics = await checkOutputs(settings)
    const encrypted = await prepareEncryptedDns(settings, folder.path, (error) =>
      log.error('certificate for DNS cannot be renewed', { reason: reasonOf(error) }),
    )
    const edgeId = settings['edge-id'] ?? ownName()
    const lineData = await openLineData(settings['line-data'], folder.path, folder.path, {
      taken: (files) => log.info('line data compiled', { files }),
      refused: (reason) => log.warn('line data ignored', { reason }),
    })
    const environment = edgeEnvironment(settings, {
      dns,
      lineData: lineData.path,
      dataFolder: folder.path,
      feedUrl,
      feedSecret,
      edgeId,
      encrypted,
      metrics,
    })
    if (isReadable(feedUrl)) log.warn('keys of zones come over plain HTTP: use https', { feedUrl })
    const edge = await startEdge(settingsFromEnvironment(environment), log, (reason) => {
      log.error('edge cannot answer any more', { reason })
      process.exit(1)
    })
    const places = [dns, ...encryptedPlaces(encrypted)].join(', ')
    // Standard output may be that of the query log alone.
    const say = settings['query-log'] === '-' ? console.error : console.log
    say(`Waymark edge ${edgeId} answers on ${places} and follows ${feedUrl}. Stop it with Ctrl-C.`)
    return {
      async stop() {
        encrypted.stop()
        await lineData.stop()
        await edge.stop()
        folder.release()
      },
    }
  })

/** Whether others on the network can read what the feed carries. */
function isReadable(feedUrl: string): boolean {
  const { protocol, hostname } = new URL(feedUrl)
  return protocol === 'http:' && !/^(localhost|127\..*|\[::1\])$/.test(hostname)
}
