import { StartError } from '@waymark/control/tenants/secrets'
import { freeDnsAddress } from './claim-port.ts'
import { claimDataFolder } from './data-folder.ts'
import { edgeEnvironment } from './edge-environment.ts'
import { formatAddress } from './setting-kinds.ts'
import { runPart } from './start.ts'

/** `waymark edge`: the DNS server alone, following a control plane elsewhere. Resolves to the exit code. */
export const main = (argv: readonly string[]): Promise<number> =>
  runPart('edge', argv, async (settings) => {
    const { 'feed-url': feedUrl, 'feed-secret': feedSecret } = settings
    if (feedUrl === undefined)
      throw new StartError('--from is missing: the URL of the control plane to follow')
    if (feedSecret === undefined) {
      throw new StartError(
        'WAYMARK_FEED_SECRET is missing: set it to the secret that the control plane keeps in feed-secret in its data folder',
      )
    }
    const folder = claimDataFolder(settings.data)
    const dns = formatAddress(await freeDnsAddress(settings.dns))
    Object.assign(
      process.env,
      edgeEnvironment(settings, { dns, dataFolder: folder.path, feedUrl, feedSecret }),
    )
    // The entry of the edge starts it and stops it at a signal by itself.
    await import('@waymark/edge/main')
    return { stop: async () => {} }
  })
