import { mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkOutputs } from './check-outputs.ts'
import { freeDnsAddresses } from './claim-port.ts'
import { startControlPart, VERSION } from './control-part.ts'
import { claimDataFolder } from './data-folder.ts'
import { edgeEnvironment, encryptedPlaces, prepareEncryptedDns } from './edge-settings.ts'
import { readyText } from './greeting.ts'
import { openLineData } from './line-data/open-line-data.ts'
import { formatAddress } from './setting-kinds.ts'
import { runPart } from './start.ts'
import { supervise } from './supervisor.ts'

const EDGE_ENTRY = fileURLToPath(new URL('./edge-process.ts', import.meta.url))
/** A large installation may need longer for its snapshot; then it is worth saying what is waited for. */
const READY_NOTE_MS = 20_000
const READY_POLL_MS = 25

/**
 * `waymark serve`: the control plane in this process, the edge in one of its own under a supervisor, so that neither a long
 * import nor a crash of one disturbs the other. Resolves to the exit code.
 */
export const main = (argv: readonly string[]): Promise<number> =>
  runPart('serve', argv, async (settings, log) => {
    const folder = claimDataFolder(settings.data)
    const dns = (await freeDnsAddresses(settings.dns)).map(formatAddress).join(',')
    const metrics = await checkOutputs(settings)
    const encrypted = await prepareEncryptedDns(settings, folder.path, (err) =>
      log.error({ err }, 'certificate for DNS cannot be renewed'),
    )
    const control = await startControlPart(settings, folder.path, log)
    const ownUrl = loopbackUrl(control.url)
    const edgeFolder = join(folder.path, 'edge')
    mkdirSync(edgeFolder, { recursive: true, mode: 0o700 })
    const lineData = await openLineData(settings['line-data'], folder.path, edgeFolder, {
      taken: (files) => log.info({ files }, 'line data compiled'),
      refused: (reason) => log.warn({ reason }, 'line data ignored'),
    })
    const edge = supervise({
      command: [process.execPath, EDGE_ENTRY],
      sharesOutput: settings['query-log'] === '-',
      environment: {
        ...process.env,
        ...edgeEnvironment(settings, {
          dns,
          lineData: lineData.path,
          dataFolder: edgeFolder,
          feedUrl: ownUrl,
          feedSecret: control.feedSecret,
          edgeId: hostname(),
          encrypted,
          metrics,
        }),
      },
      onDeath: (death) => log.error(death, 'the edge ended by itself and is started again'),
    })
    const stopping = new AbortController()
    void untilReady(ownUrl, stopping.signal).then((isReady) => {
      if (!isReady) return
      const { url, https, redirectUrl } = control
      console.log(
        readyText({
          version: VERSION,
          url,
          httpsUrl: https?.url,
          redirectUrl,
          dns,
          encryptedDns: encryptedPlaces(encrypted),
          dataFolder: folder.path,
          database: settings.database,
        }),
      )
    })
    return {
      hangUp: edge.hangUp,
      async stop() {
        stopping.abort()
        encrypted.stop()
        await Promise.all([lineData.stop(), edge.stop(), control.stop()])
        folder.release()
      },
    }
  })

/** A server that listens on every address is reached by the edge beside it over loopback. */
export function loopbackUrl(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')
}

/** Resolves to true when API and edge answer, to false when told to stop before. */
async function untilReady(url: string, signal: AbortSignal): Promise<boolean> {
  const startedAt = performance.now()
  let isNoted = false
  while (!signal.aborted) {
    const response = await fetch(`${url}/readyz`, { signal }).catch(() => undefined)
    if (response?.status === 200) return true
    if (!isNoted && performance.now() - startedAt > READY_NOTE_MS) {
      isNoted = true
      console.error('waymark: still waiting for the DNS server to answer; the log tells more')
    }
    await Bun.sleep(READY_POLL_MS)
  }
  return false
}
